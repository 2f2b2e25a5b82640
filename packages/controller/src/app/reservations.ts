import type {
  List,
  Reservation,
  ReservationInput,
  ReservationPatch,
  reservationQuery,
} from '@wirebook/contract';
import type { z } from 'zod';
import type { Database, Queries } from '../store/database.ts';
import type { Actor } from './actor.ts';

export function listReservations(
  _db: Queries,
  _query: z.output<typeof reservationQuery>,
): Promise<List<Reservation>> {
  throw new Error('not built yet');
}
export function showReservation(_db: Queries, _id: string): Promise<Reservation> {
  throw new Error('not built yet');
}
export function createReservation(
  _db: Database,
  _input: ReservationInput,
  _options: { actor: Actor },
): Promise<Reservation> {
  throw new Error('not built yet');
}
export function updateReservation(
  _db: Database,
  _id: string,
  _patch: ReservationPatch,
  _options: { actor: Actor },
): Promise<Reservation> {
  throw new Error('not built yet');
}
export function deleteReservation(_db: Database, _id: string, _options: { actor: Actor }): Promise<void> {
  throw new Error('not built yet');
}
