import type { MergeInput } from '@wirebook/contract';
import type { Database, Tx } from '../../store/database.ts';
import { recordEvent } from '../../store/events.ts';
import { endExpired } from '../../store/expiry.ts';
import { findServersAround } from '../../store/matching.ts';
import {
  findKeysInBoth,
  findNetworksWithin,
  findWireContradiction,
  holdClaims,
  joinWires,
  passClaims,
  passReservations,
} from '../../store/network-changes.ts';
import {
  deleteNetwork,
  type NetworkColumns,
  type NetworkFacts,
  setCompanion,
  type StoredNetwork,
  updateNetwork,
} from '../../store/networks.ts';
import { readSpan } from '../../store/spans.ts';
import type { Actor } from '../actor.ts';
import { rangeOf } from '../matching.ts';
import { resolveName } from '../names.ts';
import { lockedNetworks, noChange, readNetworks, type StoredNetworkChange } from './change.ts';
import { declaredFields, settleNetworks } from '../network-effect.ts';
import { findNotKept, namesOf, objectOf, type Pair, planMerge } from './merge-plan.ts';
import { explainConstraints } from '../network-making.ts';
import { Problem, quoted, refuseInput } from '../problem.ts';
import { inTransaction } from '../transaction.ts';

/**
 * Makes one network of two: `into` gets the other's addresses, claims, reservations, wires and parts to give from. Where both say something,
 * `into` is right, and the answer says what was not kept. Problems: `merge_unfit`, `network_between`, `prefix_needed`,
 * `range_outside_prefix`, `gateway_outside_prefix`, `keys_in_both`, `wire_excluded`.
 */
export async function mergeNetworks(
  db: Database,
  nameOrId: string,
  input: MergeInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredNetworkChange> {
  const goes = await resolveName(db, 'network', nameOrId);
  const stays = await resolveName(db, 'network', input.into);
  if (goes.id === stays.id) throw refuseInput([{ field: 'into', value: input.into, code: 'same_network' }]);
  return inTransaction(db, options, async (tx) => {
    const facts = await lockedNetworks(tx, [goes.id, stays.id]);
    const [gone, kept] = await readNetworks(tx, [goes.id, stays.id]);
    if (gone === undefined || kept === undefined) throw new Error('a network that is held is not there');
    const pair = { gone, kept };
    refuseUnfit(pair);
    await endExpired(tx, [gone.id, kept.id], new Date());
    const columns = planMerge(pair, input.prefixLength);
    await refuseObstacles(tx, pair, columns);
    const around = await findServersAround(tx, {
      spaceId: kept.space.id,
      ranges: facts.map(({ cidr }) => rangeOf(cidr)),
      networkIds: [gone.id, kept.id],
    });
    const passed = await passAll(tx, pair, columns);
    const companionKept = await passCompanion(tx, facts);
    const effect = await settleNetworks(tx, {
      spaceId: kept.space.id,
      cidrs: [columns.cidr],
      networkIds: [kept.id],
      serverIds: around,
    });
    const networks = await readNetworks(tx, [kept.id]);
    await recordMerge(tx, { actor: options.actor, pair, networks });
    return {
      ...noChange,
      ...effect,
      ...passed,
      networks,
      gone: [{ id: gone.id, name: gone.name }],
      notKept: findNotKept(pair, columns, { companionKept }),
    };
  });
}

async function passAll(
  tx: Tx,
  { gone, kept }: Pair,
  columns: NetworkColumns,
): Promise<Pick<StoredNetworkChange, 'claims' | 'keys' | 'reservations'>> {
  const passage = { from: gone.id, to: kept.id, since: null };
  await holdClaims(tx, passage);
  const { claims, keys } = await passClaims(tx, passage);
  const reservations = await passReservations(tx, passage);
  await joinWires(tx, { from: gone.id, into: kept.id });
  // The two may not overlap for a moment: what was the other's range is nobody's before it is taken in.
  await deleteNetwork(tx, gone.id);
  await explainConstraints(
    tx,
    { columns, spaceId: kept.space.id, spaceName: kept.space.name, exceptId: kept.id },
    () => updateNetwork(tx, kept.id, columns),
  );
  return { claims, keys, reservations };
}

/** The companion goes along to a network that has none, on the same wire. Answers whether there is none that was left behind. */
async function passCompanion(tx: Tx, facts: readonly NetworkFacts[]): Promise<boolean> {
  const [gone, kept] = facts;
  if (gone === undefined || kept === undefined || gone.companionId === null) return true;
  if (kept.companionId !== null || gone.wireId !== kept.wireId) return false;
  await setCompanion(tx, kept.id, gone.companionId);
  return true;
}

function refuseUnfit({ gone, kept }: Pair): void {
  if (gone.family === kept.family && gone.space.id === kept.space.id) return;
  throw new Problem(
    'merge_unfit',
    {
      ...namesOf({ gone, kept }),
      family: gone.family,
      space: gone.space.name,
      intoFamily: kept.family,
      intoSpace: kept.space.name,
    },
    { objects: [objectOf(kept)] },
  );
}

async function refuseObstacles(tx: Tx, pair: Pair, columns: NetworkColumns): Promise<void> {
  const { gone, kept } = pair;
  const both = { one: gone.id, other: kept.id };
  const between = await findNetworksWithin(tx, {
    spaceId: kept.space.id,
    range: readSpan(columns.span),
    exceptIds: [gone.id, kept.id],
  });
  const [first] = between;
  if (first !== undefined)
    throw new Problem(
      'network_between',
      {
        ...namesOf(pair),
        others: between.map(({ name }) => name).join(', '),
        otherQuoted: quoted(first.name),
      },
      { objects: between.map(objectOf) },
    );
  const keys = await findKeysInBoth(tx, both);
  if (keys.length > 0)
    throw new Problem(
      'keys_in_both',
      { ...namesOf(pair), keys: keys.join(', '), keyQuoted: quoted(keys[0] ?? '') },
      { objects: keys.map((key) => ({ kind: 'claim', id: null, name: key })) },
    );
  const contradiction = await findWireContradiction(tx, both);
  if (contradiction === null) return;
  const { wire, excludedFor } = contradiction;
  const [excluding, using] = excludedFor === gone.id ? [gone, kept] : [kept, gone];
  throw new Problem(
    'wire_excluded',
    {
      wire: wire.name,
      wireQuoted: quoted(wire.name),
      using: using.name,
      excluding: excluding.name,
      excludingQuoted: quoted(excluding.name),
    },
    { objects: [{ kind: 'wire', ...wire }, objectOf(excluding)] },
  );
}

async function recordMerge(
  tx: Tx,
  merge: { actor: Actor; pair: Pair; networks: readonly StoredNetwork[] },
): Promise<void> {
  const { gone, kept } = merge.pair;
  const actor = merge.actor.name;
  const [after] = merge.networks;
  await recordEvent(tx, {
    actor,
    action: 'delete',
    kind: 'network',
    id: gone.id,
    name: gone.name,
    before: declaredFields(gone),
  });
  await recordEvent(tx, {
    actor,
    action: 'merge',
    kind: 'network',
    id: kept.id,
    name: kept.name,
    before: declaredFields(kept),
    ...(after !== undefined && { after: { ...declaredFields(after), merged: gone.name } }),
  });
}
