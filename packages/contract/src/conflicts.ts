import { z } from 'zod';
import { holder } from './allocation.ts';
import { ip, listOf, listQuery, nameOrId, ref, stamps, time } from './common.ts';

const side = z.object({
  server: ref.nullable(),
  nic: z.object({ id: z.uuid(), mac: z.string().nullable() }).nullable(),
  wire: ref.nullable(),
  holder: holder.nullable().meta({ description: 'Who it is where it is no server.' }),
  source: z.string(),
  powerState: z.string().nullable(),
  connected: z.boolean().nullable(),
  firstSeenAt: time.nullable().meta({ description: 'When the address was first seen there.' }),
  lastSeenAt: time.nullable(),
  reporting: z.boolean().meta({ description: 'It says now that it has the address.' }),
});
export const resolutions = ['keep', 'give', 'share'] as const;
export const conflict = z
  .object({
    ...stamps,
    kind: z.enum(['duplicate', 'moving']).meta({
      description:
        '`duplicate`: two say at once that they have it. `moving`: it goes to and fro between them.',
    }),
    ip,
    space: ref,
    network: ref.nullable(),
    holders: z.array(side),
    claimants: z.array(side),
    since: time,
    endedAt: time.nullable().meta({
      description: 'When it was over: decided, or the two no longer contradict each other.',
    }),
    text: z.string(),
    proposal: z.enum(resolutions).nullable(),
    resolution: z.enum(resolutions).nullable(),
    resolvedAt: time.nullable(),
    resolvedBy: z.string().nullable(),
  })
  .meta({ id: 'Conflict' });
export type Conflict = z.infer<typeof conflict>;
export const conflictList = listOf(conflict);
export const conflictQuery = listQuery({
  ip: z.string().max(64).optional(),
  kind: z.enum(['duplicate', 'moving']).optional(),
  network: nameOrId.optional(),
  server: nameOrId.optional(),
  resolved: z.enum(['true', 'false', 'any']).default('false').meta({
    description:
      'Without it those that wait for a decision; `true`: those that were decided; `any`: all, also those that ended by themselves.',
  }),
});
export const conflictParams = z.object({ id: z.uuid() });
export const resolveInput = z
  .strictObject({
    resolution: z.enum(resolutions).meta({
      description:
        '`keep`: the holder keeps it. `give`: the claimant gets it, the holder’s record ends. `share`: several have it on purpose.',
    }),
  })
  .meta({ id: 'ResolveConflict' });
export type ResolveInput = z.infer<typeof resolveInput>;
