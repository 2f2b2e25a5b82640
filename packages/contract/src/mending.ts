import { z } from 'zod';
import { ip, nameOrId, ref } from './common.ts';
import { addressRange } from './networks.ts';
import { reasonCodes } from './nics.ts';

/** Which NICs without a record to look at; without any filter all of them. */
export const mendInput = z
  .strictObject({
    reason: z
      .array(z.enum(reasonCodes))
      .min(1)
      .max(12)
      .optional()
      .meta({ description: 'Only these reasons.' }),
    wires: z.array(nameOrId).min(1).max(500).optional().meta({ description: 'Only NICs on these wires.' }),
    networks: z
      .array(nameOrId)
      .min(1)
      .max(500)
      .optional()
      .meta({ description: 'Only addresses of these networks.' }),
    account: nameOrId.optional(),
    nics: z.array(z.uuid()).min(1).max(5000).optional(),
    suggested: z.boolean().optional().meta({
      description:
        'Also declare the wires that something speaks against, of the networks or wires named: the word of a person who knows better.',
    }),
  })
  .meta({ id: 'MendNics' });
export type MendInput = z.infer<typeof mendInput>;

const nicsSettled = z.number().int().meta({ description: 'How many NICs have a record by it.' });
export const mending = z
  .object({
    dryRun: z.boolean(),
    settled: z.number().int().meta({ description: 'How many of the NICs have a record by all of it.' }),
    conflicts: z.number().int(),
    wires: z
      .array(
        z.object({ network: ref, wire: ref, origin: z.enum(['detected', 'declared']), nics: nicsSettled }),
      )
      .meta({ description: 'Wires that networks have by it.' }),
    ranges: z
      .array(z.object({ network: ref, before: addressRange, after: addressRange, nics: nicsSettled }))
      .meta({
        description: 'Networks whose range is wider by it. What is given out of them stays as it was.',
      }),
    refused: z
      .array(
        z.object({
          network: ref,
          wire: ref.nullable(),
          nics: z.number().int(),
          ips: z.array(ip).meta({ description: 'The first 20.' }),
          text: z.string(),
          remedy: z.string(),
        }),
      )
      .meta({ description: 'What takes the word of a person, and why.' }),
    awaitingNetwork: z
      .number()
      .int()
      .meta({ description: 'How many NICs have an address that no network holds: see the proposals.' }),
    remaining: z
      .array(z.object({ code: z.enum(reasonCodes), nics: z.number().int(), text: z.string() }))
      .meta({ description: 'What keeps NICs from having a record after it, by reason.' }),
    changes: z
      .array(z.object({ server: ref, mac: z.string().nullable(), ip, change: z.enum(['settled', 'ended']) }))
      .meta({ description: 'The first 500 records that came into being or ended.' }),
  })
  .meta({ id: 'Mending' });
export type Mending = z.infer<typeof mending>;
