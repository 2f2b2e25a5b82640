import type { ImportAddressesInput, ImportedAddresses } from '@wirebook/contract';
import type { Database } from '../store/database.ts';
import type { Actor } from './actor.ts';

export function importAddresses(
  _db: Database,
  _input: ImportAddressesInput,
  _options: { actor: Actor; dryRun: boolean },
): Promise<ImportedAddresses> {
  throw new Error('not built yet');
}
