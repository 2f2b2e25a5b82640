import { z } from 'zod';
import { fromVcenter, listOf, listQuery, nameOrId, stamps } from './common.ts';

export const physicalNic = z.object({
  device: z.string(),
  mac: z.string().nullable(),
  speedMbps: z.number().int().nullable(),
  neighbour: z
    .object({
      protocol: z.enum(['cdp', 'lldp']),
      switch: z.string(),
      port: z.string(),
      address: z.string().nullable(),
      vlan: z.number().int().nullable(),
    })
    .nullable(),
});
export const vmkernelNic = z.object({
  device: z.string(),
  ip: z.string().nullable(),
  portGroup: z.string().nullable(),
});
export const host = z
  .object({
    ...stamps,
    ...fromVcenter,
    name: z.string(),
    managementIp: z.string().nullable(),
    hardwareUuid: z.string().nullable(),
    version: z.string().nullable(),
    state: z.string(),
    maintenance: z.boolean(),
    datacenter: z.string().nullable(),
    cluster: z.string().nullable(),
    physicalNics: z.array(physicalNic),
    vmkernelNics: z.array(vmkernelNic),
  })
  .meta({ id: 'Host' });
export type Host = z.infer<typeof host>;
export const hostList = listOf(host);
export const hostQuery = listQuery({
  account: nameOrId.optional(),
  name: z.string().max(255).optional(),
  managementIp: z.string().max(64).optional(),
  cluster: z.string().max(255).optional(),
});
