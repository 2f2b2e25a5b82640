import type { FixNicsInput, FixResult, ImportFixesInput } from '@wirebook/contract';
import { planFixes } from '../domain/fixing.ts';
import type { FixChange, FixPlan, FixRequest } from '../domain/fixing-facts.ts';
import { endClaims } from '../store/claims.ts';
import type { Database, Tx } from '../store/database.ts';
import {
  adoptClaims,
  findReporters,
  findServersByNames,
  findSpacesOfServers,
  holdNetworksAround,
  insertRecords,
  recordFixes,
} from '../store/fixes.ts';
import { lockSpaces } from '../store/locks.ts';
import type { Actor } from './actor.ts';
import { loadFixFacts } from './fix-facts.ts';
import { type FixInput, readFixInput, readFixRows } from './fix-input.ts';
import { matchServers } from './matching.ts';
import { resolveName } from './names.ts';
import { type FieldError, Problem, refuseInput } from './problem.ts';
import { inTransaction } from './transaction.ts';

const ITEMS_SHOWN = 500;
const ERRORS_SHOWN = 1000;

/**
 * Writes down which addresses a server has, all of them or none; they are occupied from then on. A dry run answers the same and leaves no
 * trace. Problems: `not_found`, `ambiguous`, `invalid_input`, `fixes_refused` with everything that stands in the way.
 */
export async function fixNics(
  db: Database,
  server: string,
  input: FixNicsInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<FixResult> {
  const read = readFixInput(input);
  const { id } = await resolveName(db, 'server', server);
  const requests =
    read.asked.length === 0 ? [] : [{ serverId: id, asked: read.asked.map(({ asked }) => asked) }];
  return fix(db, requests, {
    ...options,
    read,
    complaints: read.complaints,
    refuse: (errors) =>
      read.complaints.length === errors.length
        ? refuseInput(errors)
        : new Problem('fixes_refused', { count: errors.length }, { errors: errors.slice(0, ERRORS_SHOWN) }),
  });
}

/** The same for many servers, a row for each address. Problems: `import_refused` with every row that can't be taken. */
export async function importFixes(
  db: Database,
  input: ImportFixesInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<FixResult> {
  const read = readFixRows(input);
  const fitting = await findServersByNames(
    db,
    input.rows.map((row) => row.server),
  );
  const complaints = [...read.complaints];
  const byServer = new Map<string, FixRequest['asked'][number][]>();
  for (const [at, row] of input.rows.entries()) {
    // An empty cell names nobody, not even a server that has no name.
    const servers = row.server === '' ? [] : (fitting.get(row.server) ?? []);
    if (servers.length === 1) continue;
    complaints.push({
      at,
      error: {
        ...read.place({ at, part: 'server' }),
        ...(servers.length === 0
          ? { code: 'fix_no_such_server' }
          : { code: 'fix_ambiguous_server', params: { count: servers.length } }),
      },
    });
  }
  for (const { server, asked } of read.asked) {
    const servers = fitting.get(server ?? '') ?? [];
    const [only] = servers;
    if (only === undefined || servers.length > 1) continue;
    const list = byServer.get(only.id);
    if (list === undefined) byServer.set(only.id, [asked]);
    else list.push(asked);
  }
  return fix(
    db,
    [...byServer].map(([serverId, asked]) => ({ serverId, asked })),
    {
      ...options,
      read,
      complaints,
      refuse: (errors) =>
        new Problem('import_refused', { count: errors.length }, { errors: errors.slice(0, ERRORS_SHOWN) }),
    },
  );
}

/** Everything is held first and looked at then, so that what the plan was made of still stands when it is written. */
async function fix(
  db: Database,
  requests: readonly FixRequest[],
  options: {
    actor: Actor;
    dryRun: boolean;
    read: FixInput;
    /** What of the request could not be read: it is refused, together with what else can't be done. */
    complaints: FixInput['complaints'];
    refuse: (errors: readonly FieldError[]) => Problem;
  },
): Promise<FixResult> {
  const { actor, dryRun, complaints, refuse } = options;
  const serverIds = requests.map((request) => request.serverId);
  const ips = [
    ...new Set(requests.flatMap(({ asked }) => asked.flatMap(({ ip }) => (ip === null ? [] : [ip.text])))),
  ];
  return inTransaction(db, { dryRun }, async (tx) => {
    const spaceIds = await findSpacesOfServers(tx, serverIds);
    await lockSpaces(tx, spaceIds);
    await holdNetworksAround(tx, { serverIds, spaceIds, ips });
    const now = new Date();
    const facts = await loadFixFacts(tx, { serverIds, spaceIds, ips, now });
    const plan = planFixes(facts, requests);
    const errors = [
      ...complaints,
      ...plan.refusals.map(({ at, part, code, params }) => ({
        at,
        error: { ...options.read.place({ at, part }), code, params },
      })),
    ];
    if (errors.length > 0) throw refuse(errors.toSorted((a, b) => a.at - b.at).map(({ error }) => error));
    await applyFixes(tx, { plan, actor, now });
    return answer(plan.changes, dryRun);
  });
}

async function applyFixes(tx: Tx, work: { plan: FixPlan; actor: Actor; now: Date }): Promise<void> {
  const { plan, now } = work;
  const changes = plan.changes.filter(({ effect }) => effect.kind !== 'kept');
  if (changes.length === 0) return;
  const ended: { spaceId: string; ip: string }[] = [];
  for (const reason of ['corrected', 'cleared'] as const) {
    const claims = changes.flatMap(({ effect }) =>
      effect.kind === 'end' && effect.reason === reason ? [effect.claim] : [],
    );
    await endClaims(tx, { ids: claims.map((claim) => claim.id), reason, now });
    ended.push(...claims.map((claim) => ({ spaceId: claim.spaceId, ip: claim.text })));
  }
  await endClaims(tx, { ids: plan.expired.map((claim) => claim.id), reason: 'expired', now });
  const adoptions = changes.flatMap(({ effect, nic, server }) =>
    effect.kind === 'adopt'
      ? [
          {
            id: effect.claim.id,
            nicId: nic.id,
            serverId: server.id,
            accountId: server.accountId,
            mac: nic.mac,
            serverName: server.name,
          },
        ]
      : [],
  );
  const records = changes.flatMap(({ effect, nic, server, ip, network }) =>
    effect.kind === 'create'
      ? [
          {
            spaceId: nic.spaceId,
            ip,
            network,
            accountId: server.accountId,
            serverId: server.id,
            serverName: server.name,
            nicId: nic.id,
            mac: nic.mac,
            shared: effect.shared,
            follows: effect.moved?.id ?? null,
          },
        ]
      : [],
  );
  const made = (await adoptClaims(tx, { adoptions, now })) + (await insertRecords(tx, { records, now }));
  // Nobody who keeps to the locks can have come between.
  if (made !== adoptions.length + records.length) throw new Problem('request_in_progress');

  const byServer = Map.groupBy(changes, ({ server }) => server);
  await recordFixes(tx, {
    actor: work.actor.name,
    servers: [...byServer].map(([server, own]) => ({
      id: server.id,
      name: server.name,
      changes: own.map((one) => ({
        mac: one.nic.mac,
        ip: one.ip,
        network: one.network.name,
        change: changeOf(one),
      })),
    })),
  });
  const rivals = await findReporters(tx, ended);
  await matchServers(tx, {
    serverIds: [...new Set([...[...byServer.keys()].map((server) => server.id), ...rivals])],
    run: null,
    now,
  });
}

function changeOf({ effect }: FixChange): FixResult['items'][number]['change'] {
  switch (effect.kind) {
    case 'kept':
      return 'kept';
    case 'end':
      return 'cleared';
    case 'create':
    case 'adopt':
      return 'fixed';
  }
}

function answer(changes: readonly FixChange[], dryRun: boolean): FixResult {
  const count = (change: FixResult['items'][number]['change']): number =>
    changes.filter((one) => changeOf(one) === change).length;
  return {
    dryRun,
    fixed: count('fixed'),
    kept: count('kept'),
    cleared: count('cleared'),
    items: changes.slice(0, ITEMS_SHOWN).map((one) => ({
      server: { id: one.server.id, name: one.server.name },
      nic: { id: one.nic.id, mac: one.nic.mac, label: one.nic.label },
      wire: one.nic.wire,
      ip: one.ip,
      network: one.network,
      change: changeOf(one),
    })),
  };
}
