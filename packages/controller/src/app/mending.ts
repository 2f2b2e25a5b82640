import type { MendInput, Mending } from '@wirebook/contract';
import type { Database, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { holdNetworks } from '../store/holders.ts';
import { lockSpaces } from '../store/locks.ts';
import {
  countReasons,
  findLinks,
  findMendable,
  findMendableSpaces,
  findSettled,
  findUnknownNic,
  type MendableReason,
  type NetworkLink,
  type ReasonSelection,
} from '../store/mending.ts';
import { listNetworks as listNetworkRows, type StoredNetwork } from '../store/networks.ts';
import type { StatusDetail } from '../store/tables.ts';
import type { Actor } from './actor.ts';
import { joinWires, type RefusedRange, widenRanges } from './mending-steps.ts';
import { resolveName, resolveOptional } from './names.ts';
import { settleNetworks, type StoredNetworkEffect } from './network-effect.ts';
import { Problem, refuseInput } from './problem.ts';
import { inTransaction } from './transaction.ts';

/** What takes the word of a person: a wire that something or somebody speaks against, or a range with another in its way. */
export type StoredRefusal = Pick<Mending['refused'][number], 'network' | 'wire' | 'nics' | 'ips'> &
  (
    | { why: 'suggested'; contradictions: StatusDetail[] }
    | { why: 'excluded' }
    | { why: 'overlap'; inTheWay: RefusedRange['inTheWay'] }
  );
export type StoredMending = Omit<Mending, 'refused' | 'remaining'> & {
  refused: StoredRefusal[];
  remaining: Omit<Mending['remaining'][number], 'text'>[];
};

const IPS_SHOWN = 20;
const CHANGES_SHOWN = 500;

/**
 * Does for many NICs at once what Wirebook itself can do and what takes no further word of a person: networks get the wires that use their
 * addresses and nothing speaks against, and ranges that hold the addresses of their prefix. All of it in one transaction; what can't be done
 * is told with the reason. A dry run answers the same and leaves no trace. Problems: `not_found`, `ambiguous`, `invalid_input`.
 */
export async function mendNics(
  db: Database,
  input: MendInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredMending> {
  const selection = await readSelection(db, input);
  const spaceIds = await findMendableSpaces(db, selection);
  return inTransaction(db, options, async (tx) => {
    if (spaceIds.length > 0) await lockSpaces(tx, spaceIds);
    const work = await findMendable(tx, selection, spaceIds);
    const networkIds = distinct(work.map((one) => one.networkId));
    await holdNetworks(tx, networkIds);
    const before = await readNetworks(tx, networkIds);
    const serverIds = await joinWires(tx, work, { suggested: input.suggested ?? false });
    const refusedRanges = await widenRanges(tx, work, before);
    const effect = await settleAll(tx, before, serverIds);
    const after = await readNetworks(tx, networkIds);
    await recordChanges(tx, { before, after, actor: options.actor });
    return {
      dryRun: options.dryRun,
      ...(await tellWork(tx, { work, before, after, refusedRanges })),
      conflicts: effect.conflicts,
      changes: effect.nics,
      awaitingNetwork: await countAwaiting(tx, selection),
      remaining: await countReasons(tx, selection),
    };
  });
}

async function readSelection(db: Database, input: MendInput): Promise<ReasonSelection> {
  if (input.suggested === true && input.wires === undefined && input.networks === undefined)
    throw refuseInput([{ field: 'suggested', value: true, code: 'suggested_of_which' }]);
  const idsOf = async (
    kind: 'wire' | 'network',
    names: readonly string[] | undefined,
  ): Promise<string[] | undefined> => {
    if (names === undefined) return undefined;
    const ids: string[] = [];
    for (const name of names) ids.push((await resolveName(db, kind, name)).id);
    return ids;
  };
  const unknown = await findUnknownNic(db, input.nics ?? []);
  if (unknown !== null) throw new Problem('not_found', { kind: 'nic', name: unknown, command: 'nic' });
  return {
    codes: input.reason,
    nicIds: input.nics,
    accountId: await resolveOptional(db, 'cloud_account', input.account),
    wireIds: await idsOf('wire', input.wires),
    networkIds: await idsOf('network', input.networks),
  };
}

async function readNetworks(tx: Tx, ids: string[]): Promise<Map<string, StoredNetwork>> {
  if (ids.length === 0) return new Map();
  const { items } = await listNetworkRows(tx, { ids, limit: ids.length });
  return new Map(items.map((network) => [network.id, network]));
}

/** Space by space, as everything that is settled. */
async function settleAll(
  tx: Tx,
  networks: ReadonlyMap<string, StoredNetwork>,
  serverIds: string[],
): Promise<Pick<StoredNetworkEffect, 'conflicts' | 'nics'>> {
  const total: Pick<StoredNetworkEffect, 'conflicts' | 'nics'> = { conflicts: 0, nics: [] };
  for (const [spaceId, own] of Map.groupBy(networks.values(), ({ space }) => space.id)) {
    const effect = await settleNetworks(tx, {
      spaceId,
      cidrs: own.map((network) => network.cidr),
      networkIds: own.map((network) => network.id),
      serverIds,
    });
    total.conflicts += effect.conflicts;
    total.nics.push(...effect.nics);
  }
  return { ...total, nics: total.nics.slice(0, CHANGES_SHOWN) };
}

/** NICs with an address that no network holds, whatever reasons were asked for: proposals are for them. */
async function countAwaiting(tx: Tx, selection: ReasonSelection): Promise<number> {
  const [found] = await countReasons(tx, { ...selection, codes: ['no_network'] });
  return found?.nics ?? 0;
}

async function tellWork(
  tx: Tx,
  done: {
    work: readonly MendableReason[];
    before: ReadonlyMap<string, StoredNetwork>;
    after: ReadonlyMap<string, StoredNetwork>;
    refusedRanges: readonly RefusedRange[];
  },
): Promise<Pick<StoredMending, 'settled' | 'wires' | 'ranges' | 'refused'>> {
  const { work, before, after } = done;
  const has = await findSettled(tx, work);
  const settled = work.filter(({ nicId, ip }) => has.has(`${nicId} ${ip}`));
  const onWires = work.filter((one) => one.code === 'other_wire');
  const links = await findLinks(tx, onWires);
  return {
    settled: countNics(settled),
    wires: links.flatMap(({ origin, ...link }) =>
      origin === 'detected' || origin === 'declared'
        ? [{ ...refsOf(link), origin, nics: countNics(settled.filter(isOf(link))) }]
        : [],
    ),
    ranges: [...after.values()].flatMap((network) => {
      const old = before.get(network.id);
      if (old === undefined || (old.start === network.start && old.end === network.end)) return [];
      const taken = settled.filter((one) => one.code === 'outside_range' && one.networkId === network.id);
      return [
        {
          network: { id: network.id, name: network.name },
          before: { start: old.start, end: old.end },
          after: { start: network.start, end: network.end },
          nics: countNics(taken),
        },
      ];
    }),
    refused: [
      ...links.flatMap((link) => refusalOf(link, onWires.filter(isOf(link)))),
      ...refusedRangesOf(done.refusedRanges, after),
    ],
  };
}

function refusalOf(link: NetworkLink, open: readonly MendableReason[]): StoredRefusal[] {
  const about = { ...refsOf(link), nics: countNics(open), ips: shownIps(open) };
  switch (link.origin) {
    case 'suggested':
      return [{ ...about, why: 'suggested', contradictions: link.contradictions }];
    case 'excluded':
      return [{ ...about, why: 'excluded' }];
    default:
      return [];
  }
}

function refusedRangesOf(
  refused: readonly RefusedRange[],
  networks: ReadonlyMap<string, StoredNetwork>,
): StoredRefusal[] {
  const groups = Map.groupBy(refused, ({ reason, inTheWay }) => `${reason.networkId} ${inTheWay.id}`);
  return [...groups.values()].flatMap((group): StoredRefusal[] => {
    const [first] = group;
    const network = networks.get(first?.reason.networkId ?? '');
    if (first === undefined || network === undefined) return [];
    const open = group.map(({ reason }) => reason);
    return [
      {
        why: 'overlap',
        network: { id: network.id, name: network.name },
        wire: null,
        nics: countNics(open),
        ips: shownIps(open),
        inTheWay: first.inTheWay,
      },
    ];
  });
}

async function recordChanges(
  tx: Tx,
  change: {
    before: ReadonlyMap<string, StoredNetwork>;
    after: ReadonlyMap<string, StoredNetwork>;
    actor: Actor;
  },
): Promise<void> {
  const told = ({ start, end, additionalWires }: StoredNetwork): Record<string, unknown> => ({
    start,
    end,
    additionalWires: additionalWires.map((one) => one.wire.name),
  });
  for (const network of change.after.values()) {
    const old = change.before.get(network.id);
    if (old === undefined) continue;
    const [before, after] = [told(old), told(network)];
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    await recordEvent(tx, {
      actor: change.actor.name,
      action: 'mend',
      kind: 'network',
      id: network.id,
      name: network.name,
      before,
      after,
    });
  }
}

const refsOf = (link: Omit<NetworkLink, 'origin'>) => ({
  network: { id: link.networkId, name: link.networkName },
  wire: { id: link.wireId, name: link.wireName },
});
const isOf =
  (link: { networkId: string; wireId: string }) =>
  (one: MendableReason): boolean =>
    one.code === 'other_wire' && one.networkId === link.networkId && one.wireId === link.wireId;

function countNics(reasons: readonly MendableReason[]): number {
  return new Set(reasons.map((one) => one.nicId)).size;
}

function shownIps(reasons: readonly MendableReason[]): string[] {
  return distinct(reasons.map((one) => one.ip)).slice(0, IPS_SHOWN);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
