import { z } from 'zod';
import { ref } from './common.ts';

export const health = z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' });
export const readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    reasons: z.array(z.object({ part: z.enum(['database', 'workers', 'stopping']), text: z.string() })),
  })
  .meta({ id: 'Readiness' });
export const status = z
  .object({
    version: z.string(),
    startedAt: z.string(),
    counts: z.object({
      accounts: z.number().int(),
      hosts: z.number().int(),
      wires: z.number().int(),
      networks: z.number().int(),
      servers: z.number().int(),
      nics: z.number().int(),
      records: z.number().int(),
      unresolved: z.number().int(),
      conflicts: z.number().int(),
      operations: z.number().int().meta({ description: 'Those that are waiting or under way.' }),
    }),
    attention: z
      .array(
        z.object({
          kind: z.string(),
          text: z.string(),
          remedy: z.string(),
          count: z
            .number()
            .int()
            .nullable()
            .meta({ description: 'How many it is about; null where it is about one.' }),
          about: ref.nullable().meta({
            description:
              'The account or the operation that it is about; an operation has the name of its server.',
          }),
        }),
      )
      .meta({ description: 'What a person should look at, the most pressing first.' }),
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof status>;
