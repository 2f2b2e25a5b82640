import type { AcceptInput, NetworkInput } from '@wirebook/contract';
import type { Database, Tx } from '../../store/database.ts';
import { recordEvent } from '../../store/events.ts';
import { analyzeNetworks } from '../../store/inventory.ts';
import { lockAccount, lockSpaces } from '../../store/locks.ts';
import { findServersAround } from '../../store/matching.ts';
import {
  declareWires,
  findNetworkFacts,
  listNetworks as listNetworkRows,
  type StoredNetwork,
} from '../../store/networks.ts';
import { countNics, type NicCounts } from '../../store/nics.ts';
import {
  type AcceptedNetwork,
  findAccepted,
  findCompanionFor,
  rememberProposal,
} from '../../store/proposals.ts';
import { findTouchedNetworks } from '../../store/wire-detection.ts';
import { findWireFacts } from '../../store/wires.ts';
import type { Actor } from '../actor.ts';
import { resolveName } from '../names.ts';
import { declaredFields } from '../network-effect.ts';
import { readNetworkInput } from '../network-input.ts';
import { joinCompanions, placeNetwork, usableWire } from '../network-making.ts';
import { Problem, refuseInput } from '../problem.ts';
import { makeProposals, type OpenProposal, pickProposal } from './list.ts';
import { moveApart } from './spaces.ts';
import { settle } from '../settlement.ts';
import { inTransaction } from '../transaction.ts';

/** What accepting did, or would do. */
export interface StoredAcceptance {
  dryRun: boolean;
  networks: { proposal: string; outcome: 'created' | 'unchanged'; network: StoredNetwork }[];
  created: number;
  unchanged: number;
  spaces: { name: string; wires: { id: string; name: string }[] }[];
  settles: number;
  ends: number;
  conflicts: number;
  nics: NicCounts;
}

const NETWORKS_SHOWN = 500;
/** From this many new records on, what the planner believes of the tables is worth nothing. */
const MANY_RECORDS = 1000;

type Changes = NonNullable<AcceptInput['changes']>[number];

/** What a person wants of a proposal, its wires found. */
interface Wish {
  readonly asked: string;
  readonly settings: Omit<Changes, 'id' | 'wire' | 'additionalWires'>;
  readonly wireId: string | null;
  readonly additionalWireIds: readonly string[] | null;
}

/**
 * Makes the networks that are proposed, the address spaces that some of them need, and settles everybody in one go: all of it or nothing.
 * Proposals are made anew inside, so that what is accepted is what is true. One that was accepted before makes nothing. New networks give no
 * addresses until a person says from where. Problems: those of making networks, `not_found` for what isn't proposed.
 */
export async function acceptProposals(
  db: Database,
  input: AcceptInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredAcceptance> {
  const wishes = await readWishes(db, input.changes ?? []);
  const before = choose(await makeProposals(db), input, wishes, await findAccepted(db, namedIn(input)));
  return inTransaction(db, options, async (tx) => {
    await lockConcerned(tx, before.chosen, wishes);
    // Lock, then look: only what is proposed still is accepted.
    const earlier = await findAccepted(tx, namedIn(input));
    const { chosen, unchanged, wished } = choose(await makeProposals(tx), input, wishes, earlier);
    refuseOthers(before.chosen, chosen);
    const spaces = await moveApart(tx, chosen, options.actor);
    const made = await placeAll(tx, chosen, wished);
    const effect = await settleAll(tx, made, spaces.movedServerIds);
    if (effect.settles >= MANY_RECORDS) await analyzeNetworks(tx);
    const outcomes = new Map<string, { proposal: string; outcome: 'created' | 'unchanged' }>([
      ...made.map((one) => [one.networkId, { proposal: one.open.shown.id, outcome: 'created' }] as const),
      ...unchanged.map((one) => [one.id, { proposal: one.proposalId, outcome: 'unchanged' }] as const),
    ]);
    const networks = await readNetworks(tx, [...outcomes.keys()]);
    await recordAccepted(
      tx,
      networks.filter((network) => outcomes.get(network.id)?.outcome === 'created'),
      options.actor,
    );
    return {
      dryRun: options.dryRun,
      networks: networks.slice(0, NETWORKS_SHOWN).flatMap((network) => {
        const about = outcomes.get(network.id);
        return about === undefined ? [] : [{ ...about, network }];
      }),
      created: made.length,
      unchanged: unchanged.length,
      spaces: spaces.told,
      ...effect,
      nics: await countNics(tx, {}),
    };
  });
}

async function readWishes(db: Database, changes: readonly Changes[]): Promise<Wish[]> {
  const wishes: Wish[] = [];
  for (const { id, wire, additionalWires, ...settings } of changes) {
    const others: string[] = [];
    for (const other of additionalWires ?? []) others.push((await resolveName(db, 'wire', other)).id);
    wishes.push({
      asked: id,
      settings,
      wireId: wire === undefined ? null : (await resolveName(db, 'wire', wire)).id,
      additionalWireIds: additionalWires === undefined ? null : others,
    });
  }
  return wishes;
}

interface Choice {
  readonly chosen: OpenProposal[];
  /** Networks that were made from what is asked for, before. */
  readonly unchanged: AcceptedNetwork[];
  readonly wished: ReadonlyMap<OpenProposal, Wish>;
}

function choose(
  open: readonly OpenProposal[],
  input: AcceptInput,
  wishes: readonly Wish[],
  earlier: readonly AcceptedNetwork[],
): Choice {
  const unchanged: Choice['unchanged'] = [];
  const chosen = new Set<OpenProposal>();
  if (input.all === true) {
    const except = new Set((input.except ?? []).map((asked) => pickUnlessMade(open, asked, earlier)));
    for (const one of open) if (!except.has(one)) chosen.add(one);
  }
  for (const asked of input.ids ?? []) {
    const one = pickUnlessMade(open, asked, earlier);
    if (one !== null) chosen.add(one);
    else unchanged.push(...earlier.filter((made) => isAsked(made, asked)).slice(0, 1));
  }
  const wished = new Map<OpenProposal, Wish>();
  for (const wish of wishes) {
    const one = pickUnlessMade(open, wish.asked, earlier);
    if (one === null) continue;
    const code = !chosen.has(one) ? 'change_not_accepted' : wished.has(one) ? 'change_twice' : null;
    if (code !== null) throw refuseInput([{ field: 'changes', value: wish.asked, code }]);
    wished.set(one, wish);
  }
  return { chosen: [...chosen], unchanged, wished };
}

/** What is asked for; null where a network was made from it before. Problems: `not_found`, `ambiguous`. */
function pickUnlessMade(
  open: readonly OpenProposal[],
  asked: string,
  earlier: readonly AcceptedNetwork[],
): OpenProposal | null {
  try {
    return pickProposal(open, asked);
  } catch (error) {
    const isMade = earlier.some((made) => isAsked(made, asked));
    if (isMade && error instanceof Problem && error.code === 'not_found') return null;
    throw error;
  }
}

/** Every proposal that a request names. */
function namedIn(input: AcceptInput): string[] {
  return [...(input.ids ?? []), ...(input.except ?? []), ...(input.changes ?? []).map(({ id }) => id)];
}

function isAsked(made: AcceptedNetwork, asked: string): boolean {
  return made.proposalId === asked.toLowerCase() || made.name === asked || made.cidr === asked;
}

/** Accounts by id, then spaces by id: those of all wires that are used or taken elsewhere, and those that they go to. */
async function lockConcerned(
  tx: Tx,
  chosen: readonly OpenProposal[],
  wishes: readonly Wish[],
): Promise<void> {
  const wished = wishes.flatMap((wish) => [wish.wireId ?? [], wish.additionalWireIds ?? []].flat());
  const wires = await findWireFacts(tx, [...new Set([...chosen.flatMap(wiresOf), ...wished])]);
  const moved = new Set(chosen.flatMap((one) => one.proposal.moves));
  const accounts = wires.filter((wire) => moved.has(wire.id)).map((wire) => wire.accountId);
  for (const id of [...new Set(accounts)].toSorted()) await lockAccount(tx, id);
  const targets = chosen.flatMap((one) => one.shown.space.id ?? []);
  await lockSpaces(tx, [...wires.map((wire) => wire.spaceId), ...targets]);
}

function wiresOf({ proposal }: OpenProposal): string[] {
  return [proposal.primaryWireId, ...proposal.moves, ...proposal.links.map((link) => link.wireId)];
}

/** What came about between the two looks may lie in spaces that aren't held. */
function refuseOthers(before: readonly OpenProposal[], now: readonly OpenProposal[]): void {
  const known = new Set(before.flatMap((one) => [one.shown.id, ...wiresOf(one), one.shown.space.name]));
  for (const one of now)
    for (const what of [one.shown.id, ...wiresOf(one), one.shown.space.name])
      if (!known.has(what)) throw new Problem('request_in_progress');
}

interface Made {
  readonly open: OpenProposal;
  readonly networkId: string;
  /** Its range is not the proposed one. */
  readonly changed: { spaceId: string; start: string; end: string } | null;
}

async function placeAll(
  tx: Tx,
  chosen: readonly OpenProposal[],
  wished: ReadonlyMap<OpenProposal, Wish>,
): Promise<Made[]> {
  const made: Made[] = [];
  for (const open of chosen) {
    const { shown } = open;
    const wish = wished.get(open);
    const wire = await usableWire(tx, wish?.wireId ?? shown.wire.id);
    const asked = withWishes(shown, wire.id, wish?.settings ?? {});
    const columns = readNetworkInput(asked);
    const networkId = await placeNetwork(tx, { columns, wire, companionId: null });
    await rememberProposal(tx, networkId, shown.id);
    await declareWished(tx, networkId, wish?.additionalWireIds ?? null);
    const isChanged = asked.start !== shown.start || asked.end !== shown.end;
    const changed = isChanged
      ? { spaceId: wire.spaceId, start: asked.start ?? '', end: asked.end ?? '' }
      : null;
    made.push({ open, networkId, changed });
  }
  for (const { networkId } of made) {
    const companion = await findCompanionFor(tx, networkId);
    if (companion !== null) await joinCompanions(tx, networkId, companion);
  }
  return made;
}

function withWishes(shown: OpenProposal['shown'], wire: string, wish: Wish['settings']): NetworkInput {
  const { description } = wish;
  return {
    name: wish.name ?? shown.name,
    wire,
    start: wish.start ?? shown.start,
    end: wish.end ?? shown.end,
    prefixLength: wish.prefixLength ?? shown.prefixLength,
    gateway: wish.gateway === undefined ? shown.gateway : wish.gateway,
    dns: wish.dns ?? shown.dns,
    domain: wish.domain === undefined ? shown.domain : wish.domain,
    giving: wish.giving ?? 'none',
    ...(description !== undefined && { description }),
  };
}

async function declareWished(tx: Tx, networkId: string, wireIds: readonly string[] | null): Promise<void> {
  if (wireIds === null) return;
  const facts = await findNetworkFacts(tx, networkId);
  if (facts === null) throw new Error('a network that was just made is gone');
  for (const id of wireIds) {
    const wire = await usableWire(tx, id);
    if (wire.spaceId === facts.spaceId) continue;
    throw new Problem('other_space', {
      wire: wire.name,
      quoted: wire.id,
      wireSpace: wire.spaceName,
      network: facts.name,
      networkSpace: facts.spaceName,
    });
  }
  await declareWires(
    tx,
    facts,
    wireIds.filter((id) => id !== facts.wireId),
  );
}

async function settleAll(
  tx: Tx,
  made: readonly Made[],
  movedServerIds: readonly string[],
): Promise<Pick<StoredAcceptance, 'settles' | 'ends' | 'conflicts'>> {
  const now = new Date();
  const serverIds = new Set(movedServerIds);
  const touched = await findTouchedNetworks(tx, { serverIds: movedServerIds, accountId: null, now });
  for (const { open, changed } of made) {
    for (const use of open.proposal.uses) serverIds.add(use.serverId);
    if (changed === null) continue;
    const { spaceId, ...range } = changed;
    for (const id of await findServersAround(tx, { spaceId, ranges: [range], networkIds: [] }))
      serverIds.add(id);
  }
  const { created, ended, conflicts } = await settle(tx, {
    // Wires that were taken elsewhere may use networks that are there.
    networkIds: [...new Set([...made.map((one) => one.networkId), ...touched])],
    serverIds: [...serverIds],
    run: null,
    now,
  });
  return { settles: created, ends: ended, conflicts };
}

async function recordAccepted(tx: Tx, networks: readonly StoredNetwork[], actor: Actor): Promise<void> {
  for (const network of networks) {
    await recordEvent(tx, {
      actor: actor.name,
      action: 'accept_proposal',
      kind: 'network',
      id: network.id,
      name: network.name,
      after: declaredFields(network),
    });
  }
}

async function readNetworks(tx: Tx, ids: string[]): Promise<StoredNetwork[]> {
  return (await listNetworkRows(tx, { ids, limit: ids.length + 1 })).items;
}
