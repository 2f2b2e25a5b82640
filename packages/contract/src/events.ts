import { z } from 'zod';
import { listOf, listQuery, time } from './common.ts';

export const event = z
  .object({
    id: z.uuid(),
    createdAt: time,
    updatedAt: time,
    at: time,
    actor: z.string(),
    action: z.string(),
    object: z.object({ kind: z.string(), id: z.uuid().nullable(), name: z.string().nullable() }),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'Event' });
export type Event = z.infer<typeof event>;
export const eventList = listOf(event);
export const eventQuery = listQuery({
  actor: z.string().max(255).optional(),
  action: z.string().max(64).optional(),
  objectKind: z.string().max(64).optional(),
  object: z.uuid().optional(),
  from: time.optional().meta({ description: 'Not before this time (RFC 3339, UTC).' }),
  to: time.optional().meta({ description: 'Before this time (RFC 3339, UTC).' }),
});
