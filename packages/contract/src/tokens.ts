import { z } from 'zod';
import { booleanQuery, listOf, listQuery, objectName, ref, stamps, time } from './common.ts';
import { role } from './sessions.ts';

export const token = z
  .object({
    ...stamps,
    name: z.string(),
    role,
    owner: ref.nullable().meta({ description: 'Null where it belongs to no user.' }),
    kind: z.enum(['api', 'data_folder']).meta({
      description:
        '`data_folder`: made by a controller for the command line on its own machine, in cli.json. `api`: made by somebody.',
    }),
    current: z.boolean().meta({ description: 'The request was made with this token.' }),
    expiresAt: time.nullable(),
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof token>;
export const tokenList = listOf(token);
export const tokenQuery = listQuery({
  all: booleanQuery
    .optional()
    .meta({ description: 'Those of everybody, and those of nobody; for administrators.' }),
  role: role.optional(),
});

export const tokenInput = z
  .strictObject({
    name: objectName,
    role: role.optional().meta({ description: "Not above the caller's own, which it is if left out." }),
    expiresAt: z.iso.datetime({ offset: true }).nullish(),
  })
  .meta({ id: 'NewToken' });
export type TokenInput = z.infer<typeof tokenInput>;
export const newToken = token
  .extend({ token: z.string().meta({ description: 'Shown this once: only its hash is stored.' }) })
  .meta({ id: 'MadeToken' });
export type NewToken = z.infer<typeof newToken>;
