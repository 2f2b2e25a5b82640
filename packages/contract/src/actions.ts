import { z } from 'zod';

/** One way to mend something, for a person to paste and for a program to send. */
export const action = z
  .object({
    label: z.string(),
    command: z.string().meta({
      description: 'What to paste into a shell, once the words among `placeholders` are replaced.',
    }),
    placeholders: z
      .array(z.string())
      .meta({ description: 'Words in the command that only a person can fill in, such as IP.' }),
    request: z
      .object({
        method: z.enum(['GET', 'POST', 'PUT', 'PATCH']),
        path: z.string(),
        body: z.record(z.string(), z.unknown()).nullable(),
      })
      .nullable()
      .meta({
        description:
          'The request that does the same, to be sent as it is. Null where something has to be filled in first.',
      }),
  })
  .meta({ id: 'Action' });
export type Action = z.infer<typeof action>;
