import { z } from 'zod';
import { fromVcenter, listOf, listQuery, nameOrId, ref, stamps } from './common.ts';

export const virtualSwitch = z
  .object({
    ...stamps,
    ...fromVcenter,
    name: z.string(),
    kind: z.enum(['standard', 'distributed']),
    uuid: z.string().nullable(),
    mtu: z.number().int().nullable(),
    hosts: z.array(ref),
  })
  .meta({ id: 'VirtualSwitch' });
export type VirtualSwitch = z.infer<typeof virtualSwitch>;
export const virtualSwitchList = listOf(virtualSwitch);
export const virtualSwitchQuery = listQuery({
  account: nameOrId.optional(),
  name: z.string().max(255).optional(),
  kind: z.enum(['standard', 'distributed']).optional(),
  host: nameOrId.optional(),
});
