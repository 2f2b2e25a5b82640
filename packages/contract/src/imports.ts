import { z } from 'zod';
import { ip, nameOrId, ref, words } from './common.ts';

export const IMPORT_AT_MOST = 50_000;
export const line = z
  .number()
  .int()
  .min(1)
  .max(2_000_000_000)
  .optional()
  .meta({ description: 'Where the row stands in the file; complaints about it carry it.' });

/** Holders outside vCenter, one per row. Taken together or not at all; a row that holds already changes nothing. */
export const importAddressesInput = z
  .strictObject({
    space: nameOrId.optional().meta({ description: 'The address space; without it `default`.' }),
    rows: z
      .array(
        z.strictObject({
          line,
          // Empty too: an empty cell is named with its line, together with all else that is wrong in the file.
          ip: z.string().max(64),
          name: words(255).optional(),
          owner: words(255).optional(),
          mac: words(64).optional(),
          note: words(4096).optional(),
        }),
      )
      .min(1)
      .max(IMPORT_AT_MOST),
  })
  .meta({ id: 'ImportAddresses' });
export type ImportAddressesInput = z.infer<typeof importAddressesInput>;
export const importedAddresses = z
  .object({
    dryRun: z.boolean(),
    created: z.number().int(),
    updated: z.number().int(),
    unchanged: z.number().int(),
    items: z
      .array(
        z.object({
          line,
          ip,
          network: ref,
          name: z.string(),
          change: z.enum(['created', 'updated', 'unchanged']),
        }),
      )
      .meta({ description: 'The first 500 that change something.' }),
  })
  .meta({ id: 'ImportedAddresses' });
export type ImportedAddresses = z.infer<typeof importedAddresses>;

/** Addresses of NICs, one per row; a row without MAC goes by device order, one without address clears. All or nothing. */
export const importFixesInput = z
  .strictObject({
    rows: z
      .array(
        z.strictObject({
          line,
          server: z.string().max(255),
          mac: words(64).optional(),
          ip: words(64).optional(),
        }),
      )
      .min(1)
      .max(IMPORT_AT_MOST),
  })
  .meta({ id: 'ImportFixes' });
export type ImportFixesInput = z.infer<typeof importFixesInput>;
