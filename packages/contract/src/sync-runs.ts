import { z } from 'zod';
import { listOf, listQuery, nameOrId, ref, stamps, time } from './common.ts';

const changed = z.object({
  created: z.number().int(),
  updated: z.number().int(),
  missing: z.number().int(),
  returned: z.number().int(),
});
export const syncChanges = z.object({
  hosts: changed.optional(),
  virtualSwitches: changed.optional(),
  wires: changed.optional(),
  servers: changed.optional(),
  nics: changed.optional(),
  sightings: z.object({ started: z.number().int(), ended: z.number().int() }).optional(),
  records: z.object({ created: z.number().int(), ended: z.number().int() }).optional(),
  additionalWires: z
    .object({ detected: z.number().int(), ended: z.number().int() })
    .optional()
    .meta({ description: 'Wires that networks gained by what was observed, and that they lost.' }),
  objects: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string(),
        change: z.enum(['created', 'updated', 'missing', 'returned']),
        fields: z.array(z.string()),
      }),
    )
    .optional()
    .meta({ description: 'The changed objects by name, at most 1,000; the counts are whole.' }),
});
export type SyncChanges = z.infer<typeof syncChanges>;
export const syncState = z.enum(['running', 'succeeded', 'failed', 'held', 'cancelled']);
export const syncRun = z
  .object({
    ...stamps,
    account: ref,
    kind: z.enum(['full']),
    trigger: z.enum(['request', 'schedule', 'resume']),
    dryRun: z.boolean(),
    state: syncState,
    phase: z.string(),
    progress: z.object({ done: z.number().int(), total: z.number().int().nullable() }),
    counts: z.record(z.string(), z.number()),
    changes: syncChanges,
    errors: z.array(z.object({ object: z.string(), kind: z.string(), text: z.string() })),
    durations: z.record(z.string(), z.number()).meta({ description: 'Milliseconds by phase.' }),
    failure: z
      .object({ code: z.string(), text: z.string(), remedy: z.string() })
      .nullable()
      .meta({ description: 'Why the run failed and what to do.' }),
    startedAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'SyncRun' });
export type SyncRun = z.infer<typeof syncRun>;
export const syncRunList = listOf(syncRun);
export const syncRunQuery = listQuery({ account: nameOrId.optional(), state: syncState.optional() });
