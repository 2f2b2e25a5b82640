import type { ImportedNetwork, ImportedNetworks, ImportNetworksInput } from '@wirebook/contract';
import { formatAddress } from '../../domain/addresses.ts';
import type { RowPlan } from '../../domain/network-import.ts';
import type { Database, Tx } from '../../store/database.ts';
import { recordEvent } from '../../store/events.ts';
import { holdNetworks } from '../../store/holders.ts';
import { lockSpaces } from '../../store/locks.ts';
import {
  fillNetworks,
  findImportEffects,
  findSpacesOfWires,
  type ImportEffect,
  type ImportScope,
} from '../../store/network-import.ts';
import type { NetworkColumns } from '../../store/networks.ts';
import { readSpan } from '../../store/spans.ts';
import type { WireFacts } from '../../store/wires.ts';
import type { Actor } from '../actor.ts';
import { refuseRows } from '../holders.ts';
import { resolveName } from '../names.ts';
import { settleNetworks } from '../network-effect.ts';
import { planRows } from './facts.ts';
import { type ReadRow, readNetworkRows } from './input.ts';
import { type RowOutcome, outcomeOf, type StoredImportedNetwork } from './outcome.ts';
import { placeNetwork, usableWire } from '../network-making.ts';
import type { FieldError } from '../problem.ts';
import { inTransaction } from '../transaction.ts';

/** As the contract has it, with what is to be said of each row still to be put into words. */
export type StoredImport = Omit<ImportedNetworks, 'items'> & { items: StoredImportedNetwork[] };

/**
 * Takes over subnets that were tied to port groups by VLAN id: each becomes a network on the wire that its VLAN id meant, given out from
 * as a whole; of several wires that fit, the one whose NICs use the range most. All rows or none. A row that stands already changes
 * nothing but what nobody had set. Problems: `import_refused` with every complaint by line, `not_found`, `ambiguous`. A dry run answers
 * what would come of each row instead of refusing.
 */
export async function importNetworks(
  db: Database,
  input: ImportNetworksInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredImport> {
  const unreadable: FieldError[] = [];
  const rows = readNetworkRows(input.rows, unreadable);
  const accountId =
    input.account === undefined ? null : (await resolveName(db, 'cloud_account', input.account)).id;
  const space = input.space === undefined ? null : await resolveName(db, 'address_space', input.space);
  const skipUnfit = input.skipUnfit ?? false;
  return inTransaction(db, options, async (tx) => {
    const spaceIds = space === null ? await findSpacesOfWires(tx, accountId) : [space.id];
    await lockSpaces(tx, spaceIds);
    const outcomes = await judgeRows(tx, { spaceIds, accountId }, rows, unreadable);
    const refusals = outcomes.flatMap((one) => (one.outcome === 'unfit' && skipUnfit ? [] : one.complaints));
    if (refusals.length > 0 && !options.dryRun) {
      const unfit = outcomes.some((one) => one.outcome === 'unfit');
      throw refuseRows(refusals, { context: unfit && !skipUnfit ? 'unfit' : '' });
    }
    const done = await writeRows(tx, outcomes, options.actor);
    return report(outcomes, done, { dryRun: options.dryRun, refused: refusals.length > 0 });
  });
}

async function judgeRows(
  tx: Tx,
  scope: ImportScope,
  rows: readonly ReadRow[],
  unreadable: readonly FieldError[],
): Promise<RowOutcome[]> {
  const { plans, usesOf } = await planRows(
    tx,
    scope,
    rows.flatMap((row) => row.book ?? []),
  );
  const complaintsOf = Map.groupBy(unreadable, (error) => Number(/\d+/.exec(error.field)?.[0]));
  return rows.map((row) =>
    outcomeOf(row, {
      plan: plans.get(row.index),
      unreadable: complaintsOf.get(row.index) ?? [],
      uses: usesOf(row.index),
    }),
  );
}

interface Done {
  /** The network of each row that has one, by the row's place. */
  readonly networks: ReadonlyMap<number, { id: string; name: string }>;
  /** What came of the networks that were made, by id. */
  readonly effects: ReadonlyMap<string, ImportEffect>;
  readonly settled: Pick<ImportedNetworks, 'settles' | 'ends' | 'conflicts'>;
}

/** Networks that stand are held first, then those that come are placed, and all together are settled, space by space. */
async function writeRows(tx: Tx, outcomes: readonly RowOutcome[], actor: Actor): Promise<Done> {
  const networks = new Map<number, { id: string; name: string }>();
  const regated = await fillStanding(tx, outcomes, actor, networks);
  const created = outcomes.flatMap(({ row, plan }) =>
    plan?.kind === 'create' && row.columns !== null ? [{ row, plan, columns: row.columns }] : [],
  );
  const wires = new Map<string, WireFacts>();
  for (const { row, plan, columns } of created) {
    const wire = wires.get(plan.wire.id) ?? (await usableWire(tx, plan.wire.id));
    wires.set(wire.id, wire);
    const id = await placeNetwork(tx, { columns, wire, companionId: null });
    networks.set(row.index, { id, name: columns.name });
    await recordEvent(tx, {
      actor: actor.name,
      action: 'create',
      kind: 'network',
      id,
      name: columns.name,
      after: declared(columns, wire),
    });
  }
  const settled = { settles: 0, ends: 0, conflicts: 0 };
  const touched = [
    ...created.map(({ row, plan, columns }) => ({
      spaceId: plan.wire.spaceId,
      cidrs: [columns.cidr],
      id: networks.get(row.index)?.id ?? '',
    })),
    // Another gateway may speak for or against a wire.
    ...regated.map((one) => ({ ...one, cidrs: [] })),
  ];
  for (const [spaceId, own] of Map.groupBy(touched, (one) => one.spaceId)) {
    const { settles, ends, conflicts } = await settleNetworks(tx, {
      spaceId,
      cidrs: own.flatMap((one) => one.cidrs),
      networkIds: own.map((one) => one.id),
      serverIds: [],
    });
    settled.settles += settles;
    settled.ends += ends;
    settled.conflicts += conflicts;
  }
  const ids = created.flatMap(({ row }) => networks.get(row.index)?.id ?? []);
  const effects = new Map((await findImportEffects(tx, ids)).map((effect) => [effect.id, effect]));
  await recordImport(tx, outcomes, actor);
  return { networks, effects, settled };
}

/** Answers the networks that have got a gateway. */
async function fillStanding(
  tx: Tx,
  outcomes: readonly RowOutcome[],
  actor: Actor,
  networks: Map<number, { id: string; name: string }>,
): Promise<{ id: string; spaceId: string }[]> {
  const standing = outcomes.flatMap(({ row, plan }) =>
    plan?.kind === 'standing' ? [{ row, plan, changed: filledFields(plan) }] : [],
  );
  for (const { row, plan } of standing)
    networks.set(row.index, { id: plan.network.id, name: plan.network.name });
  const changing = standing.filter(({ plan }) => isFilled(plan));
  if (changing.length === 0) return [];
  await holdNetworks(
    tx,
    changing.map(({ plan }) => plan.network.id),
  );
  await fillNetworks(
    tx,
    changing.map(({ plan }) => ({ id: plan.network.id, ...plan.fills })),
  );
  for (const { plan, changed } of changing) {
    const { id, name, gateway, dns } = plan.network;
    await recordEvent(tx, {
      actor: actor.name,
      action: 'update',
      kind: 'network',
      id,
      name,
      before: { gateway, dns },
      after: { gateway, dns, ...changed },
    });
  }
  return changing.flatMap(({ plan }) =>
    plan.fills.gateway === null ? [] : [{ id: plan.network.id, spaceId: plan.network.spaceId }],
  );
}

function filledFields({ fills }: RowPlan & { kind: 'standing' }): { gateway?: string; dns?: string[] } {
  return {
    ...(fills.gateway !== null && { gateway: fills.gateway }),
    ...(fills.dns.length > 0 && { dns: [...fills.dns] }),
  };
}

/** What a person said of the network, for the audit trail. */
function declared(columns: NetworkColumns, wire: WireFacts): Record<string, unknown> {
  const range = readSpan(columns.span);
  const { name, cidr, gateway, dns } = columns;
  const [start, end] = [range.start, range.end].map(formatAddress);
  return { name, wire: { id: wire.id, name: wire.name }, cidr, start, end, gateway, dns };
}

async function recordImport(tx: Tx, outcomes: readonly RowOutcome[], actor: Actor): Promise<void> {
  const { created, updated } = countOutcomes(outcomes);
  const filled = outcomes.some(({ plan }) => plan?.kind === 'standing' && isFilled(plan));
  if (created === 0 && !filled) return;
  await recordEvent(tx, {
    actor: actor.name,
    action: 'import',
    kind: 'networks',
    id: null,
    name: null,
    after: { created, updated },
  });
}

function isFilled(plan: RowPlan & { kind: 'standing' }): boolean {
  return Object.keys(filledFields(plan)).length > 0;
}

function countOutcomes(outcomes: readonly RowOutcome[]): ImportedNetworks['counts'] {
  const of = (outcome: ImportedNetwork['outcome']): number =>
    outcomes.filter((one) => one.outcome === outcome).length;
  return {
    created: of('created'),
    updated: of('updated'),
    unchanged: of('unchanged'),
    differs: of('differs'),
    unfit: of('unfit'),
    refused: of('refused'),
  };
}

function report(
  outcomes: readonly RowOutcome[],
  done: Done,
  about: { dryRun: boolean; refused: boolean },
): StoredImport {
  return {
    ...about,
    counts: countOutcomes(outcomes),
    ...done.settled,
    items: outcomes.map(({ row, item, outcome }) => {
      const network = done.networks.get(row.index) ?? null;
      const effect = done.effects.get(network?.id ?? '');
      return {
        ...item,
        outcome,
        network,
        additionalWires: effect?.additionalWires ?? [],
        suggestedWires: effect?.suggestedWires ?? [],
        settles: effect?.records ?? 0,
      };
    }),
  };
}
