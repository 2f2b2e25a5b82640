import type { FixNicsInput, FixResult, ImportFixesInput } from '@wirebook/contract';
import type { Database } from '../store/database.ts';
import type { Actor } from './actor.ts';

export function fixNics(
  _db: Database,
  _server: string,
  _input: FixNicsInput,
  _options: { actor: Actor; dryRun: boolean },
): Promise<FixResult> {
  throw new Error('not built yet');
}
export function importFixes(
  _db: Database,
  _input: ImportFixesInput,
  _options: { actor: Actor; dryRun: boolean },
): Promise<FixResult> {
  throw new Error('not built yet');
}
