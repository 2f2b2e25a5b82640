import { z } from 'zod';
import { booleanQuery, fromVcenter, ip, listOf, listQuery, nameOrId, ref, stamps } from './common.ts';
import { nic } from './nics.ts';

export const server = z
  .object({
    ...stamps,
    ...fromVcenter,
    name: z.string(),
    instanceUuid: z.string().nullable(),
    biosUuid: z.string().nullable(),
    host: ref.nullable(),
    datacenter: z.string().nullable(),
    cluster: z.string().nullable(),
    folder: z.string().nullable(),
    powerState: z.string(),
    connectionState: z.string(),
    readable: z.boolean(),
    toolsStatus: z.enum(['running', 'not_running', 'not_installed', 'unknown']),
    guestHostName: z.string().nullable(),
    template: z.boolean(),
    managedBy: z.string().nullable(),
    tags: z.record(z.string(), z.string()),
    guestInternal: z
      .array(z.object({ ip, interface: z.string() }))
      .meta({ description: 'Addresses on interfaces that belong to no virtual NIC.' }),
    nics: z.array(nic.omit({ server: true, account: true })),
  })
  .meta({ id: 'Server' });
export type Server = z.infer<typeof server>;
export const serverList = listOf(server);
export const serverQuery = listQuery({
  account: nameOrId.optional(),
  name: z.string().max(255).optional(),
  host: nameOrId.optional(),
  wire: nameOrId.optional(),
  network: nameOrId.optional(),
  powerState: z.string().max(64).optional(),
  template: booleanQuery.optional(),
  instanceUuid: z.string().max(64).optional(),
  biosUuid: z.string().max(64).optional(),
  tag: z.string().max(128).optional(),
  missing: booleanQuery.optional(),
});
