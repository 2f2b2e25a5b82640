import { Link, useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, Refused, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useAct } from '../../ui/act.ts';
import { useFilters } from '../../ui/filters.ts';
import { useNeeds } from '../../ui/needs.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { isOperation } from './change-plan.tsx';
import { makeKey } from './making/idempotency.ts';
import { PlanPanel } from './making/plan-panel.tsx';
import { type FieldRefusal, hindrancesOf, refusalsOf } from './making/refusals.ts';
import {
  bodyOf,
  emptyDraft,
  missingOf,
  notANumber,
  type NumberField,
  type ServerDraft,
} from './making/server-draft.ts';
import { ServerFields } from './making/server-fields.tsx';
import { useSourceError } from './making/source-pick.tsx';
import { usePlan } from './making/use-plan.ts';
import './making/making.css';
import '../networks/networks.css';

/** What a server is looked ahead at by while it has no name yet; neither its address nor its host depends on it. */
const NAMELESS = 'wirebook-looks-ahead';

/**
 * New servers: what they would get stands beside the form before anything is made. What is known already stands in the address: `?network=&from=`;
 * what is typed does not, there are secrets in it.
 */
export function ServerCreatePage(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [filters] = useFilters();
  const notMine = useNeeds('operator');
  const [draft, setDraft] = useState(() =>
    emptyDraft({ network: filters['network'], from: filters['from'] }),
  );
  const change = (changed: Partial<ServerDraft>): void => setDraft((before) => ({ ...before, ...changed }));
  const name = draft.name.trim();
  const wrongNumber = notANumber(draft);
  const missing = missingOf(draft);
  const sourceError = useSourceError(draft.from);
  const ready = missing === null && wrongNumber === null && !(sourceError instanceof Refused);
  const planned = usePlan(ready ? bodyOf(draft, name === '' ? NAMELESS : name) : null);
  const { plan, current } = planned;

  // The same request sent twice makes one server; another request is another filling of the form.
  const key = useRef<{ readonly of: string; readonly key: string } | null>(null);
  const act = useAct(
    () => {
      const body = bodyOf(draft, name);
      const of = JSON.stringify(body);
      if (key.current?.of !== of) key.current = { of, key: makeKey() };
      return ask(api.POST('/api/v1/servers', { body, headers: { 'Idempotency-Key': key.current.key } }));
    },
    {
      done: (answer) => {
        if (isOperation(answer)) void navigate(linkTo('operation', answer.id));
        return t('newServer.begun', { name });
      },
    },
  );
  const refusals = [
    ...numberRefusals(wrongNumber, t),
    ...(sourceError instanceof Refused
      ? [{ field: 'from', text: sourceError.problem.detail, remedy: sourceError.problem.remedy }]
      : []),
    ...(ready && current ? [...refusalsOf(planned.error), ...hindrancesOf(plan)] : []),
  ];
  const lacks = missing === null ? null : t(`newServer.missing.${missing}`);
  const why =
    notMine ??
    lacks ??
    (name === '' ? t('newServer.missing.name') : null) ??
    refusals[0]?.text ??
    (current ? null : t('common.noPreviewYet')) ??
    (plan?.possible === true ? null : t('newServer.impossible'));
  return (
    <Page
      title={t('servers.new')}
      above={<Link {...linkTo('servers')}>{t('shell.pages.servers')}</Link>}
      aside={<span>{t('newServer.about')}</span>}
    >
      <form
        className="wb-make"
        aria-label={t('servers.new')}
        onSubmit={(event) => {
          event.preventDefault();
          if (why === null && !act.isPending) act.mutate();
        }}
      >
        <div className="wb-make-columns">
          <div className="wb-make-form">
            <ServerFields draft={draft} change={change} refusals={refusals} plan={plan} />
          </div>
          <PlanPanel
            planned={planned}
            missing={lacks ?? (ready ? null : (refusals[0]?.text ?? null))}
            named={name !== ''}
            drsMayChoose={draft.cluster.trim() !== '' && draft.host === undefined}
          />
        </div>
        <div className="wb-make-submit">
          {act.isError && <ProblemNotice error={act.error} />}
          <div className="wb-line">
            <ReasonedButton type="primary" htmlType="submit" why={why} loading={act.isPending}>
              {submitLabel({ name, plan: current ? plan : null }, t)}
            </ReasonedButton>
            <Link {...linkTo('servers')}>{t('common.cancel')}</Link>
            {why !== null && <span className="wb-make-hint">{why}</span>}
          </div>
        </div>
      </form>
    </Page>
  );
}

const numberLabels: Record<NumberField, 'count' | 'cpus' | 'memory' | 'disk' | 'wait'> = {
  count: 'count',
  cpus: 'cpus',
  memoryGib: 'memory',
  diskGib: 'disk',
  waitMinutes: 'wait',
};

function numberRefusals(field: NumberField | null, t: TFunction): FieldRefusal[] {
  if (field === null) return [];
  const label = t(`newServer.${numberLabels[field]}`);
  return [{ field, text: t('newServer.missing.number', { label }), remedy: '' }];
}

/** What pressing it does, as far as that is known. */
function submitLabel(
  { name, plan }: { readonly name: string; readonly plan: Schemas['ServerPlan'] | null },
  t: TFunction,
): string {
  if (name === '') return t('common.create');
  const servers = plan?.possible === true ? plan.servers : [];
  if (servers.length > 1) return t('newServer.createMany', { count: servers.length });
  const ip = servers[0]?.nics.find((nic) => nic.ip !== null)?.ip;
  return ip == null ? t('newServer.create', { name }) : t('newServer.createAt', { name, ip });
}
