import { formatAddress } from '../../domain/addresses.ts';
import { findReservationsOf, type ReservationSeen } from '../../store/declarations/reservations.ts';
import { type AuditLine, recordEvents } from '../../store/events.ts';
import { endExpired } from '../../store/expiry.ts';
import {
  type ReservationColumns,
  updateReservation as updateReservationRow,
} from '../../store/reservations.ts';
import { readDeclaredExpiry } from './input.ts';
import type { NetworkSeen, NetworksSeen } from './networks.ts';
import type { DeclarationImport } from './work.ts';
import { placeReservation, readReservationRange } from '../reservations.ts';

/** One of the document that can be read, with its network. */
interface Asked {
  readonly place: string;
  readonly network: NetworkSeen;
  readonly columns: ReservationColumns;
}

/** Keeps back what the document says. One with the same ends is the same reservation. */
export async function settleReservationDeclarations(
  work: DeclarationImport,
  networks: NetworksSeen,
): Promise<void> {
  const { tx, report, document } = work;
  const asked = (document.reservations ?? []).flatMap((_, index) => {
    const one = readReservation(work, networks, index);
    return one === null ? [] : [one];
  });
  const networkIds = [...new Set(asked.map(({ network }) => network.id))];
  await endExpired(tx, networkIds, work.now);
  const stored = new Map(
    (await findReservationsOf(tx, networkIds)).map((one) => [keyOf(one.networkId, one), one]),
  );
  const firstOf = new Map<string, string>();
  const events: AuditLine[] = [];
  for (const one of asked) {
    const { place, network, columns } = one;
    const range = { start: formatAddress(columns.range.start), end: formatAddress(columns.range.end) };
    const key = keyOf(network.id, range);
    const other = firstOf.get(key);
    if (other !== undefined) {
      const params = { other };
      report.complain({ field: `${place}.start`, value: range.start, code: 'twice', params });
      continue;
    }
    firstOf.set(key, place);
    const old = stored.get(key);
    const done = old === undefined ? await make(work, one) : await bringInLine(work, one, old);
    if (done === null) continue;
    const name = range.start === range.end ? range.start : `${range.start}-${range.end}`;
    report.tell('reservations', done.change, { field: place, name });
    if (done.change === 'unchanged') continue;
    const { kind, note, expiresAt } = columns;
    const told = { network: { id: network.id, name: network.name }, kind, ...range, note, expiresAt };
    events.push({
      actor: work.actor.name,
      action: done.change === 'created' ? 'create' : 'update',
      kind: 'reservation',
      id: done.id,
      name,
      ...(old !== undefined && { before: old }),
      after: told,
    });
  }
  await recordEvents(tx, events);
}

function keyOf(networkId: string, range: { start: string; end: string }): string {
  return `${networkId} ${range.start} ${range.end}`;
}

/** Null where it is left out or refused, the complaint made. */
function readReservation(work: DeclarationImport, networks: NetworksSeen, index: number): Asked | null {
  const { report } = work;
  const declared = work.document.reservations?.[index];
  if (declared === undefined) return null;
  const place = `reservations[${index}]`;
  const { start, end = start, kind = 'reserved', note = '' } = declared;
  const expiry = readDeclaredExpiry(work, `${place}.expiresAt`, declared.expiresAt);
  const network = networks.named({ space: declared.space, network: declared.network, place });
  const range = report.attempt(place, () => readReservationRange({ start, end }));
  if (expiry === undefined || network === null || range === null) {
    report.tell('reservations', 'skipped');
    return null;
  }
  return { place, network, columns: { kind, range, note, expiresAt: expiry } };
}

type Done = { id: string; change: 'created' | 'updated' | 'unchanged' };

async function make(work: DeclarationImport, { place, network, columns }: Asked): Promise<Done | null> {
  const id = await work.report.attemptLater(place, () => placeReservation(work.tx, { network, columns }));
  return id === null ? null : { id, change: 'created' };
}

async function bringInLine(
  work: DeclarationImport,
  { place, columns }: Asked,
  old: ReservationSeen,
): Promise<Done> {
  const differing = (['kind', 'note', 'expiresAt'] as const).filter((field) => columns[field] !== old[field]);
  const overwritten = differing.map((field) =>
    work.report.differs({ field: `${place}.${field}`, value: columns[field] }, old[field] ?? '-'),
  );
  if (overwritten.length === 0 || overwritten.includes(false)) return { id: old.id, change: 'unchanged' };
  await updateReservationRow(work.tx, old.id, columns);
  return { id: old.id, change: 'updated' };
}
