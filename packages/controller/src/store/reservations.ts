import type { Reservation } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import { type AddressRange, sizeOf } from '../domain/addresses.ts';
import type { Queries, Tx } from './database.ts';
import { listRows, type ListPosition, type Page } from './listing.ts';
import { readSpan, writeSpan } from './spans.ts';
import { containing, refOf, stampsOf, type Viewed } from './views.ts';

const item = sql<
  Viewed<Omit<Reservation, 'count'>>
>`json_build_object(${stampsOf('r')}, 'network', ${refOf('n')}, 'kind', r.kind,
  'start', host(lower(r.span)), 'end', host(upper(r.span)), 'note', r.note, 'expiresAt', rfc3339(r.expires_at)) AS item`;

export interface ReservationFilter extends ListPosition {
  ids?: string[] | undefined;
  networkId?: string | undefined;
  kind?: 'reserved' | 'dhcp' | undefined;
  ip?: string | undefined;
  q?: { text: string; ip: string | null } | undefined;
  /** Those whose time is over by then are none any more, though they may stand there still. */
  now: Date;
}

export async function listReservations(db: Queries, filter: ReservationFilter): Promise<Page<Reservation>> {
  const where: RawBuilder<unknown>[] = [
    sql`(r.expires_at IS NULL OR r.expires_at > ${filter.now.toISOString()})`,
  ];
  if (filter.ids !== undefined) where.push(sql`r.id = ANY(${filter.ids}::uuid[])`);
  if (filter.networkId !== undefined) where.push(sql`r.network_id = ${filter.networkId}`);
  if (filter.kind !== undefined) where.push(sql`r.kind = ${filter.kind}`);
  if (filter.ip !== undefined) where.push(sql`r.span @> ${filter.ip}::inet`);
  if (filter.q !== undefined) {
    const { text, ip } = filter.q;
    const meanings = [sql`r.note ILIKE ${containing(text)}`, sql`n.name ILIKE ${containing(text)}`];
    if (ip !== null) meanings.push(sql`r.span @> ${ip}::inet`);
    where.push(sql`(${sql.join(meanings, sql` OR `)})`);
  }
  const page = await listRows<Viewed<Omit<Reservation, 'count'>>>(db, {
    select: item,
    from: sql`reservations r JOIN networks n ON n.id = r.network_id`,
    id: sql`r.id`,
    where,
    sorts: {
      start: { by: sql`lower(r.span)`, type: 'inet' },
      network: { by: sql`n.name`, type: 'text' },
      expiresAt: { by: sql`coalesce(r.expires_at, 'infinity'::timestamptz)`, type: 'timestamptz' },
      createdAt: { by: sql`r.created_at`, type: 'timestamptz' },
    },
    defaultSort: 'start',
    ...filter,
  });
  return {
    ...page,
    items: page.items.map(({ item: stored }) => ({
      ...stored,
      count: Number(sizeOf(readSpan(`[${stored.start},${stored.end}]`))),
    })),
  };
}

/** A network that reservations are written for, its row held until the transaction ends. */
export interface HeldNetwork {
  readonly id: string;
  readonly name: string;
  readonly spaceId: string;
  readonly range: AddressRange;
}

/** Holds a network against whoever gives its addresses out or changes its range. */
export async function holdNetworkForReservations(tx: Tx, id: string): Promise<HeldNetwork | null> {
  const { rows } = await sql<{ id: string; name: string; spaceId: string; span: string }>`
    SELECT id, name, space_id AS "spaceId", span::text AS span FROM networks WHERE id = ${id} FOR NO KEY UPDATE`.execute(
    tx,
  );
  const [row] = rows;
  return row === undefined
    ? null
    : { id: row.id, name: row.name, spaceId: row.spaceId, range: readSpan(row.span) };
}

/** The network that a reservation is of. */
export async function findNetworkOfReservation(db: Queries, id: string): Promise<string | null> {
  const { rows } = await sql<{ networkId: string }>`
    SELECT network_id AS "networkId" FROM reservations WHERE id = ${id}`.execute(db);
  return rows[0]?.networkId ?? null;
}

export interface ReservationInTheWay {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly note: string;
}

/** A reservation of the space that overlaps the range, other than `exceptId`. */
export async function findReservationOverlap(
  tx: Tx,
  place: { spaceId: string; range: AddressRange; exceptId: string | null },
): Promise<ReservationInTheWay | null> {
  const { rows } = await sql<ReservationInTheWay>`
    SELECT id, host(lower(span)) AS start, host(upper(span)) AS end, note FROM reservations
    WHERE space_id = ${place.spaceId} AND span && ${writeSpan(place.range)}::inetrange
      AND id IS DISTINCT FROM ${place.exceptId} ORDER BY lower(span) LIMIT 1`.execute(tx);
  return rows[0] ?? null;
}

/** Reservations of a network that the span would leave out, wholly or in part, the first few. */
export async function findReservationsOutside(
  tx: Tx,
  network: { id: string; span: string },
): Promise<ReservationInTheWay[]> {
  const { rows } = await sql<ReservationInTheWay>`
    SELECT id, host(lower(span)) AS start, host(upper(span)) AS end, note FROM reservations
    WHERE network_id = ${network.id} AND NOT ${network.span}::inetrange @> span ORDER BY lower(span) LIMIT 20`.execute(
    tx,
  );
  return rows;
}

/** What of a reservation a person sets. */
export interface ReservationColumns {
  readonly kind: 'reserved' | 'dhcp';
  readonly range: AddressRange;
  readonly note: string;
  /** RFC 3339. */
  readonly expiresAt: string | null;
}

export async function insertReservation(
  tx: Tx,
  reservation: ReservationColumns & { id: string; network: HeldNetwork },
): Promise<void> {
  await sql`
    INSERT INTO reservations (id, space_id, network_id, kind, span, note, expires_at)
    VALUES (${reservation.id}, ${reservation.network.spaceId}, ${reservation.network.id}, ${reservation.kind},
      ${writeSpan(reservation.range)}::inetrange, ${reservation.note}, ${reservation.expiresAt})`.execute(tx);
}

export async function updateReservation(tx: Tx, id: string, reservation: ReservationColumns): Promise<void> {
  await sql`
    UPDATE reservations SET kind = ${reservation.kind}, span = ${writeSpan(reservation.range)}::inetrange,
      note = ${reservation.note}, expires_at = ${reservation.expiresAt}, updated_at = now()
    WHERE id = ${id}`.execute(tx);
}

export async function deleteReservation(tx: Tx, id: string): Promise<void> {
  await sql`DELETE FROM reservations WHERE id = ${id}`.execute(tx);
}

/** What is kept back in a network, in the order of addresses. */
export async function findReservationsOf(
  db: Queries,
  networkId: string,
): Promise<{ kind: 'reserved' | 'dhcp'; start: string; end: string; note: string }[]> {
  const { rows } = await sql<{ kind: 'reserved' | 'dhcp'; start: string; end: string; note: string }>`
    SELECT kind, host(lower(span)) AS start, host(upper(span)) AS end, note FROM reservations
    WHERE network_id = ${networkId} ORDER BY span`.execute(db);
  return rows;
}
