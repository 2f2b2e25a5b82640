import { z } from 'zod';
import { ip, listOf, listQuery, ref, stamps, time } from './common.ts';

const side = z.object({
  server: ref.nullable(),
  nic: z.object({ id: z.uuid(), mac: z.string().nullable() }).nullable(),
  wire: ref.nullable(),
  source: z.string(),
  firstSeenAt: time.nullable(),
});
export const conflict = z
  .object({
    ...stamps,
    kind: z.enum(['duplicate']),
    ip,
    space: ref,
    network: ref.nullable(),
    holders: z.array(side),
    claimants: z.array(side),
    since: time,
  })
  .meta({ id: 'Conflict' });
export type Conflict = z.infer<typeof conflict>;
export const conflictList = listOf(conflict);
export const conflictQuery = listQuery({ ip: z.string().max(64).optional() });
