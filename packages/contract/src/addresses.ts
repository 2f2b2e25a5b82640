import { z } from 'zod';
import { ip, nameOrId, ref, time } from './common.ts';

export const addressInterval = z.object({
  server: z.object({ id: z.uuid().nullable(), name: z.string() }).nullable(),
  nic: z.object({ id: z.uuid(), mac: z.string().nullable() }).nullable(),
  network: z.object({ id: z.uuid().nullable(), name: z.string() }).nullable(),
  source: z.enum(['tools', 'manual', 'allocated']),
  from: time,
  to: time.nullable(),
  ended: z.string().nullable(),
});
export const address = z
  .object({
    ip,
    space: ref,
    network: ref.nullable(),
    state: z.enum(['used', 'held', 'gateway', 'seen', 'conflict', 'free', 'outside']),
    server: ref.nullable(),
    nic: z.object({ id: z.uuid(), mac: z.string().nullable() }).nullable(),
    source: z.enum(['tools', 'manual', 'allocated']).nullable(),
    since: time.nullable(),
    seenOn: z.array(z.object({ server: ref, wire: ref.nullable(), interface: z.string() })),
    history: z.array(addressInterval),
  })
  .meta({ id: 'Address' });
export type Address = z.infer<typeof address>;
export const addressParams = z.object({ ip: z.string().min(1).max(64) });
export const addressQuery = z.strictObject({ space: nameOrId.optional() });
