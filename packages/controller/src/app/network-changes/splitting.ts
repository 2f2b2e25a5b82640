import type { SplitInput } from '@wirebook/contract';
import {
  type AddressRange,
  formatAddress,
  formatPrefix,
  type IpAddress,
  isLinkLocal,
  parseAddress,
  type Prefix,
  prefixHolds,
} from '../../domain/addresses.ts';
import { cutRange, cutRanges, type Halves } from '../../domain/network-changes.ts';
import { joinRanges } from '../../domain/joined-ranges.ts';
import type { Database, Tx } from '../../store/database.ts';
import { recordEvent } from '../../store/events.ts';
import { endExpired } from '../../store/expiry.ts';
import {
  cutReservation,
  findNamesFrom,
  holdClaims,
  passClaims,
  passReservations,
  shareWires,
} from '../../store/network-changes.ts';
import { type NetworkColumns, type StoredNetwork, updateNetwork } from '../../store/networks.ts';
import { readSpan, readSpans, writeSpan, writeSpans } from '../../store/spans.ts';
import { findWireFacts } from '../../store/wires.ts';
import type { Actor } from '../actor.ts';
import { resolveName } from '../names.ts';
import {
  checkLength,
  noChange,
  notKept,
  type NotKept,
  prefixAround,
  readNetworks,
  type StoredNetworkChange,
} from './change.ts';
import { declaredFields, readNetwork, settleNetworks } from '../network-effect.ts';
import { readAddress, readGateway, storedPrefix } from '../network-input.ts';
import { placeNetwork } from '../network-making.ts';
import { lockedNetwork } from '../network-wires.ts';
import { columnsOf } from '../networks.ts';
import { type FieldError, Problem, quoted, refuseInput } from '../problem.ts';
import { inTransaction } from '../transaction.ts';

/** The longest name that a network may have, UTF-16 units. */
const LONGEST_NAME = 128;

/**
 * Makes two networks of one: it keeps what lies before `at`, a new one gets the rest, with the same settings and wires. Every live claim and
 * every reservation goes with its address. Problems: `cut_outside_range`, `range_outside_prefix`, `gateway_outside_prefix`,
 * `name_taken`.
 */
export async function splitNetwork(
  db: Database,
  nameOrId: string,
  input: SplitInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredNetworkChange> {
  const errors: FieldError[] = [];
  const at = readAddress('at', input.at, errors);
  if (at === null) throw refuseInput(errors);
  const { id } = await resolveName(db, 'network', nameOrId);
  return inTransaction(db, options, async (tx) => {
    const facts = await lockedNetwork(tx, id);
    const before = await readNetwork(tx, id);
    const name = input.name ?? (await nextName(tx, { spaceId: facts.spaceId, name: facts.name }));
    const plan = planSplit(before, at, { ...input, name });
    await endExpired(tx, [id], new Date());
    await holdClaims(tx, { from: id, since: at });
    await updateNetwork(tx, id, plan.lower);
    const [wire] = await findWireFacts(tx, [facts.wireId]);
    if (wire === undefined) throw new Error('a network lies on a wire that is not there');
    const made = await placeNetwork(tx, { columns: plan.upper, wire, companionId: null });
    const passed = await passToUpper(tx, { lower: id, upper: made, at });
    const effect = await settleNetworks(tx, {
      spaceId: facts.spaceId,
      cidrs: [facts.cidr, plan.lower.cidr, plan.upper.cidr],
      networkIds: [id, made],
      serverIds: [],
    });
    const networks = await readNetworks(tx, [id, made]);
    await recordSplit(tx, { actor: options.actor, before, networks });
    return { ...noChange, ...effect, ...passed, networks, notKept: plan.notKept };
  });
}

async function passToUpper(
  tx: Tx,
  halves: { lower: string; upper: string; at: IpAddress },
): Promise<Pick<StoredNetworkChange, 'claims' | 'keys' | 'reservations' | 'cutReservations'>> {
  const { lower, upper, at } = halves;
  const passage = { from: lower, to: upper, since: at };
  await shareWires(tx, { lower, upper, at });
  const { claims, keys } = await passClaims(tx, passage);
  const before = { family: at.family, value: at.value - 1n };
  const cut = await cutReservation(tx, { networkId: lower, before, at });
  const reservations = await passReservations(tx, passage);
  return {
    claims,
    keys,
    // What came of the cut is told as such.
    reservations: cut === null ? reservations : reservations - 1,
    cutReservations: cut === null ? [] : [{ start: formatAddress(cut.start), end: formatAddress(cut.end) }],
  };
}

/** The columns of both halves. */
function planSplit(
  network: StoredNetwork,
  at: IpAddress,
  wanted: SplitInput & { name: string },
): Halves<NetworkColumns> & { notKept: NotKept[] } {
  const columns = columnsOf(network);
  const range = readSpan(columns.span);
  const errors: FieldError[] = [];
  if (at.family !== range.start.family)
    errors.push({ field: 'at', value: wanted.at, code: 'family_mixed', params: { other: network.start } });
  checkLength(range.start.family, wanted.prefixLength, errors);
  if (errors.length > 0) throw refuseInput(errors);
  const ranges = cutRange(range, at);
  if (ranges === null)
    throw new Problem(
      'cut_outside_range',
      {
        at: formatAddress(at),
        name: network.name,
        quoted: quoted(network.name),
        start: network.start,
        end: network.end,
      },
      { objects: [{ kind: 'network', id: network.id, name: network.name }] },
    );
  const giving = cutRanges(joinRanges(readSpans(columns.giving)), at);
  const prefixOfHalf = (half: AddressRange): Prefix =>
    wanted.prefixLength === undefined ? storedPrefix(columns.cidr) : prefixAround(half, wanted.prefixLength);
  const prefixes = { lower: prefixOfHalf(ranges.lower), upper: prefixOfHalf(ranges.upper) };
  const halfOf = (half: keyof typeof ranges): NetworkColumns => ({
    ...columns,
    span: writeSpan(ranges[half]),
    cidr: formatPrefix(prefixes[half]),
    giving: writeSpans(giving[half]),
    gateway: gatewayWithin(columns.gateway, prefixes[half]),
  });
  const lower = halfOf('lower');
  const upper = { ...halfOf('upper'), name: wanted.name };
  if (wanted.gateway !== undefined) {
    upper.gateway = readGateway(
      wanted.gateway,
      { range: ranges.upper, prefix: prefixes.upper },
      null,
      errors,
    );
    if (errors.length > 0) throw refuseInput(errors);
  }
  const { gateway } = columns;
  const lost = gateway !== null && lower.gateway !== gateway && upper.gateway !== gateway;
  return { lower, upper, notKept: lost ? [notKept(network, 'gateway', gateway)] : [] };
}

/** The gateway that both halves had, where it is one for this half. */
function gatewayWithin(text: string | null, prefix: Prefix): string | null {
  const gateway = parseAddress(text ?? '');
  if (gateway === null) return null;
  return isLinkLocal(gateway) || prefixHolds(prefix, gateway) ? text : null;
}

/** `web` is followed by `web-2`, or by the first number that is free. */
async function nextName(tx: Tx, network: { spaceId: string; name: string }): Promise<string> {
  // Room for the number; half of a surrogate pair would be no text.
  const stem = network.name.slice(0, LONGEST_NAME - 8).replace(/[\ud800-\udbff]$/, '');
  const taken = await findNamesFrom(tx, { spaceId: network.spaceId, beginning: `${stem}-` });
  for (let nr = 2; ; nr += 1) if (!taken.has(`${stem}-${nr}`)) return `${stem}-${nr}`;
}

async function recordSplit(
  tx: Tx,
  split: { actor: Actor; before: StoredNetwork; networks: readonly StoredNetwork[] },
): Promise<void> {
  const actor = split.actor.name;
  for (const network of split.networks) {
    const { id, name } = network;
    const after = declaredFields(network);
    await recordEvent(
      tx,
      id === split.before.id
        ? { actor, action: 'split', kind: 'network', id, name, before: declaredFields(split.before), after }
        : { actor, action: 'create', kind: 'network', id, name, after },
    );
  }
}
