import type {
  List,
  Reservation,
  ReservationInput,
  ReservationPatch,
  reservationQuery,
} from '@wirebook/contract';
import type { z } from 'zod';
import { type AddressRange, formatAddress, parseAddress, rangeHolds } from '../domain/addresses.ts';
import { newId } from '../domain/ids.ts';
import type { Database, Queries, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { endExpired } from '../store/expiry.ts';
import {
  deleteReservation as deleteReservationRow,
  findNetworkOfReservation,
  findReservationOverlap,
  type HeldNetwork,
  holdNetworkForReservations,
  insertReservation,
  listReservations as listReservationRows,
  type ReservationColumns,
  type ReservationInTheWay,
  updateReservation as updateReservationRow,
} from '../store/reservations.ts';
import type { Actor } from './actor.ts';
import { readExpiry } from './expiry.ts';
import { resolveName, resolveOptional } from './names.ts';
import { readAddress } from './network-input.ts';
import { type FieldError, Problem, type ProblemObject, refuseInput } from './problem.ts';
import { inTransaction } from './transaction.ts';

export async function listReservations(
  db: Queries,
  query: z.output<typeof reservationQuery>,
): Promise<List<Reservation>> {
  const { network, ip, q, ...rest } = query;
  const address = ip === undefined ? undefined : parseAddress(ip.trim());
  if (address === null) throw refuseInput([{ field: 'ip', value: ip, code: 'not_an_address' }]);
  const searched = parseAddress(q?.trim() ?? '');
  return listReservationRows(db, {
    ...rest,
    networkId: await resolveOptional(db, 'network', network),
    ip: address === undefined ? undefined : formatAddress(address),
    q: q === undefined ? undefined : { text: q, ip: searched === null ? null : formatAddress(searched) },
    now: new Date(),
  });
}

/** Problem: `not_found`, also for one whose time is over. */
export async function showReservation(db: Queries, id: string): Promise<Reservation> {
  const { items } = await listReservationRows(db, { ids: [id], limit: 1, now: new Date() });
  const [reservation] = items;
  if (reservation === undefined) throw notFound(id);
  return reservation;
}

/**
 * Keeps a range of a network back. Addresses that somebody has in it stay theirs: reserving blocks giving, not recording. Problems:
 * `reservation_outside_range`, `reservation_overlap`, `expires_in_the_past`.
 */
export async function createReservation(
  db: Database,
  input: ReservationInput,
  options: { actor: Actor },
): Promise<Reservation> {
  const range = readReservationRange({ start: input.start, end: input.end ?? input.start });
  const columns: ReservationColumns = {
    kind: input.kind ?? 'reserved',
    range,
    note: input.note ?? '',
    expiresAt: readExpiry(input.expiresAt ?? null),
  };
  const { id: networkId } = await resolveName(db, 'network', input.network);
  return inTransaction(db, { dryRun: false }, async (tx) => {
    const network = await heldNetwork(tx, networkId);
    const id = await placeReservation(tx, { network, columns });
    const made = await showReservation(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'create',
      kind: 'reservation',
      id,
      name: nameOf(made),
      after: toldFields(made),
    });
    return made;
  });
}

/**
 * Writes a reservation and nothing of what follows. The transaction holds the network. Answers its id. Problems:
 * `reservation_outside_range`, `reservation_overlap`.
 */
export async function placeReservation(
  tx: Tx,
  place: { network: HeldNetwork; columns: ReservationColumns },
): Promise<string> {
  const { network, columns } = place;
  await refusePlace(tx, { network, range: columns.range, exceptId: null });
  const id = newId();
  await insertReservation(tx, { ...columns, id, network });
  return id;
}

/** Changes a reservation. What is not named stays. The problems are those of `createReservation`. */
export async function updateReservation(
  db: Database,
  id: string,
  patch: ReservationPatch,
  options: { actor: Actor },
): Promise<Reservation> {
  if (Object.values(patch).every((value) => value === undefined))
    throw refuseInput([{ field: '', value: {}, code: 'nothing_to_change' }]);
  const expiresAt =
    patch.expiresAt === undefined || patch.expiresAt === null ? patch.expiresAt : readExpiry(patch.expiresAt);
  return inTransaction(db, { dryRun: false }, async (tx) => {
    const { network, before } = await heldReservation(tx, id);
    const range = readReservationRange({ start: patch.start ?? before.start, end: patch.end ?? before.end });
    await refusePlace(tx, { network, range, exceptId: id });
    const columns: ReservationColumns = {
      kind: patch.kind ?? before.kind,
      range,
      note: patch.note ?? before.note,
      expiresAt: expiresAt === undefined ? before.expiresAt : expiresAt,
    };
    if (isAsBefore(columns, before)) return before;
    await updateReservationRow(tx, id, columns);
    const after = await showReservation(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'update',
      kind: 'reservation',
      id,
      name: nameOf(after),
      before: toldFields(before),
      after: toldFields(after),
    });
    return after;
  });
}

export async function deleteReservation(db: Database, id: string, options: { actor: Actor }): Promise<void> {
  await inTransaction(db, { dryRun: false }, async (tx) => {
    const { before } = await heldReservation(tx, id);
    await deleteReservationRow(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'delete',
      kind: 'reservation',
      id,
      name: nameOf(before),
      before: toldFields(before),
    });
  });
}

/** The network's row, held, and nothing of it left whose time is over: an expired reservation keeps no range. */
async function heldNetwork(tx: Tx, id: string): Promise<HeldNetwork> {
  const network = await holdNetworkForReservations(tx, id);
  if (network === null) throw new Problem('not_found', { kind: 'network', name: id, command: 'network' });
  await endExpired(tx, [id], new Date());
  return network;
}

/** A reservation as it stands, with its network held. */
async function heldReservation(tx: Tx, id: string): Promise<{ network: HeldNetwork; before: Reservation }> {
  const networkId = await findNetworkOfReservation(tx, id);
  if (networkId === null) throw notFound(id);
  const network = await heldNetwork(tx, networkId);
  const before = await showReservation(tx, id);
  // It went to another network while we waited for this one, and the wrong one is held.
  if (before.network.id !== network.id) throw new Problem('request_in_progress');
  return { network, before };
}

async function refusePlace(
  tx: Tx,
  place: { network: HeldNetwork; range: AddressRange; exceptId: string | null },
): Promise<void> {
  const { network, range, exceptId } = place;
  const [start, end] = [formatAddress(range.start), formatAddress(range.end)];
  if (!rangeHolds(network.range, range.start) || !rangeHolds(network.range, range.end)) {
    throw new Problem(
      'reservation_outside_range',
      {
        start,
        end,
        name: network.name,
        rangeStart: formatAddress(network.range.start),
        rangeEnd: formatAddress(network.range.end),
      },
      { objects: [{ kind: 'network', id: network.id, name: network.name }] },
    );
  }
  // Ranges of networks don't overlap, so whoever could be in the way waits for this network too.
  const other = await findReservationOverlap(tx, { spaceId: network.spaceId, range, exceptId });
  if (other !== null) {
    throw new Problem(
      'reservation_overlap',
      {
        start,
        end,
        otherStart: other.start,
        otherEnd: other.end,
        note: other.note,
        context: other.note === '' ? 'unnamed' : '',
      },
      { objects: [objectOf(other)] },
    );
  }
}

/** Reads both ends. Problem: `invalid_input` with each end that was refused. */
export function readReservationRange(input: { start: string; end: string }): AddressRange {
  const errors: FieldError[] = [];
  const start = readAddress('start', input.start, errors);
  const end = input.end === input.start ? start : readAddress('end', input.end, errors);
  if (start !== null && end !== null) {
    if (start.family !== end.family)
      errors.push({ field: 'end', value: input.end, code: 'family_mixed', params: { other: 'start' } });
    else if (start.value > end.value)
      errors.push({ field: 'start', value: input.start, code: 'range_reversed' });
    else return { start, end };
  }
  throw refuseInput(errors);
}

function notFound(id: string): Problem {
  return new Problem('not_found', { kind: 'reservation', name: id, command: 'reservation' });
}

function nameOf(range: { start: string; end: string }): string {
  return range.start === range.end ? range.start : `${range.start}-${range.end}`;
}

function isAsBefore(columns: ReservationColumns, before: Reservation): boolean {
  return (
    columns.kind === before.kind &&
    formatAddress(columns.range.start) === before.start &&
    formatAddress(columns.range.end) === before.end &&
    columns.note === before.note &&
    columns.expiresAt === before.expiresAt
  );
}

/** A reservation as the object that is in the way. */
export function objectOf(reservation: ReservationInTheWay): ProblemObject {
  return { kind: 'reservation', id: reservation.id, name: nameOf(reservation) };
}

function toldFields(reservation: Reservation): Partial<Reservation> {
  const { id: _, createdAt: __, updatedAt: ___, ...told } = reservation;
  return told;
}
