import type { Conflict, conflictQuery, List, ResolveInput } from '@wirebook/contract';
import type { z } from 'zod';
import type { Database, Queries } from '../store/database.ts';
import type { Actor } from './actor.ts';

/** A conflict as stored; the sentence is put to it in the reader's language. */
export type StoredConflict = Omit<Conflict, 'text'>;

export function listConflicts(
  _db: Queries,
  _query: z.output<typeof conflictQuery>,
): Promise<List<StoredConflict>> {
  throw new Error('not built yet');
}
export function showConflict(_db: Queries, _id: string): Promise<StoredConflict> {
  throw new Error('not built yet');
}
export function resolveConflict(
  _db: Database,
  _id: string,
  _input: ResolveInput,
  _options: { actor: Actor },
): Promise<StoredConflict> {
  throw new Error('not built yet');
}
