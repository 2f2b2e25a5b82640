import { z } from 'zod';
import { nameOrId, ref, words } from './common.ts';
import { line } from './imports.ts';

/** A book has a line for each subnet, not for each address. */
export const IMPORT_NETWORKS_AT_MOST = 5_000;

/** A cell of a table: spreadsheets and JSON write numbers too. */
const cell = z.union([words(255), z.number().int()]);

/** Subnets as books had them up to 3.10 of the product before: tied to a port group by VLAN id. All or nothing. */
export const importNetworksInput = z
  .strictObject({
    space: nameOrId.optional().meta({ description: 'Only wires of this address space.' }),
    account: nameOrId.optional().meta({ description: 'Only wires of this account.' }),
    skipUnfit: z
      .boolean()
      .optional()
      .meta({ description: 'Leave out the rows that fit no wire and import the others.' }),
    rows: z
      .array(
        z.strictObject({
          line,
          name: cell,
          start: cell,
          end: cell,
          prefix: cell.meta({ description: 'A prefix length such as 24, or a mask such as 255.255.255.0.' }),
          gateway: cell.optional(),
          dns: cell.optional().meta({ description: 'Several are separated by spaces or semicolons.' }),
          vlan: cell
            .optional()
            .meta({ description: 'The VLAN id of its port group; 0 or nothing where frames carry no tag.' }),
          switch: cell.optional().meta({ description: 'Name or id of the virtual switch.' }),
        }),
      )
      .min(1)
      .max(IMPORT_NETWORKS_AT_MOST),
  })
  .meta({ id: 'ImportNetworks' });
export type ImportNetworksInput = z.infer<typeof importNetworksInput>;

export const importedNetwork = z
  .object({
    line,
    name: z.string(),
    start: z.string(),
    end: z.string(),
    outcome: z
      .enum(['created', 'updated', 'unchanged', 'differs', 'unfit', 'refused'])
      .meta({ description: '`updated`: it stood, and what nobody had set was filled in.' }),
    network: ref.nullable(),
    wire: ref.nullable(),
    fits: z.array(z.object({ wire: ref, nics: z.number().int() })).meta({
      description: 'The first 20 wires that fit, with how many of their NICs are seen in the range.',
    }),
    tie: z.boolean().meta({ description: 'Another wire fits as well; this one was taken by its name.' }),
    additionalWires: z.array(ref),
    suggestedWires: z.array(ref),
    settles: z.number().int().meta({ description: 'NIC records that come into being in it.' }),
    differences: z.array(
      z.object({
        field: z.enum(['name', 'prefix', 'gateway', 'dns', 'vlan']),
        listed: z.string(),
        stands: z.string(),
      }),
    ),
    text: z.string().nullable().meta({ description: 'What is to be said of it, and what to do.' }),
  })
  .meta({ id: 'ImportedNetwork' });
export type ImportedNetwork = z.infer<typeof importedNetwork>;

const count = z.number().int();
export const importedNetworks = z
  .object({
    dryRun: z.boolean(),
    refused: z
      .boolean()
      .meta({ description: 'Of a dry run: the import would be refused, as the items say.' }),
    counts: z.object({
      created: count,
      updated: count,
      unchanged: count,
      differs: count,
      unfit: count,
      refused: count,
    }),
    settles: count,
    ends: count,
    conflicts: count,
    items: z.array(importedNetwork).meta({ description: 'One for each row, in the order of the rows.' }),
  })
  .meta({ id: 'ImportedNetworks' });
export type ImportedNetworks = z.infer<typeof importedNetworks>;
