import type { PrivilegeList, ServerChangePlan, ServerPlan, Translate } from '@wirebook/contract';
import type { NeededPrivilege, StoredChangePlan, StoredServerPlan } from '../app/server-desk.ts';
import type { StatusDetail } from '../store/tables.ts';
import { renderProblem } from './problems.ts';

/** Puts words to what a request for a server would come to. */
export function renderServerPlan(plan: StoredServerPlan, t: Translate): ServerPlan {
  return {
    dryRun: true,
    possible: plan.possible,
    servers: plan.servers.map((server) => ({ ...server, nics: [...server.nics] })),
    hosts: plan.hosts.map((verdict) => ({
      ...verdict,
      wires: [...verdict.wires],
      reasons: verdict.reasons.map(({ code, params }) => ({
        code,
        text: t(`operations.hosts.${code}`, params),
      })),
    })),
    setup: plan.setup,
    problems: plan.problems.map((problem) => {
      const { code, detail, remedy } = renderProblem(problem, t).body;
      return { code, text: detail, remedy };
    }),
    warnings: renderWarnings(plan.warnings, t),
  };
}

export function renderChangePlan(plan: StoredChangePlan, t: Translate): ServerChangePlan {
  return {
    dryRun: true,
    server: plan.server,
    nic: plan.nic,
    releases: plan.releases.map((one) => ({ ...one })),
    restarts: plan.restarts,
    warnings: renderWarnings(plan.warnings, t),
  };
}

function renderWarnings(warnings: readonly StatusDetail[], t: Translate): ServerPlan['warnings'] {
  return warnings.map(({ code, params }) => ({ code, text: t(`operations.lines.${code}`, params) }));
}

export function renderPrivileges(privileges: readonly NeededPrivilege[], t: Translate): PrivilegeList {
  return {
    items: privileges.map(({ privilege, object, purposes }) => ({
      privilege,
      object: t(`operations.privileges.objects.${object}`),
      purposes: [...purposes],
      text: purposes
        .map((purpose) => t(`operations.privileges.purposes.${purpose}`))
        .join(t('operations.privileges.and')),
    })),
  };
}
