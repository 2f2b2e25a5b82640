import { z } from 'zod';
import { fromVcenter, listOf, listQuery, nameOrId, ref, stamps } from './common.ts';

export const vlan = z
  .object({
    kind: z.enum(['none', 'id', 'trunk', 'private']),
    id: z.number().int().nullable(),
    ranges: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
    primaryId: z.number().int().nullable(),
  })
  .meta({ id: 'Vlan' });
export type Vlan = z.infer<typeof vlan>;
export const wire = z
  .object({
    ...stamps,
    ...fromVcenter,
    name: z.string(),
    portGroupId: z.string(),
    kind: z.enum(['standard', 'distributed', 'nsx']),
    purpose: z.enum(['vm', 'vmkernel', 'uplink']),
    space: ref,
    datacenter: z.string().nullable(),
    vlan,
    virtualSwitch: ref.nullable(),
    hostVlans: z.array(z.object({ host: ref, vlan, switch: ref.nullable() })),
    vlanDisagreement: z.boolean(),
    security: z
      .object({
        promiscuous: z.boolean().nullable(),
        macChanges: z.boolean().nullable(),
        forgedTransmits: z.boolean().nullable(),
      })
      .nullable(),
    teaming: z
      .object({ policy: z.string().nullable(), active: z.array(z.string()), standby: z.array(z.string()) })
      .nullable(),
    counts: z.object({ servers: z.number().int(), nics: z.number().int(), networks: z.number().int() }),
  })
  .meta({ id: 'Wire' });
export type Wire = z.infer<typeof wire>;
export const wireList = listOf(wire);
export const wireQuery = listQuery({
  account: nameOrId.optional(),
  name: z.string().max(255).optional(),
  kind: z.enum(['standard', 'distributed', 'nsx']).optional(),
  purpose: z.enum(['vm', 'vmkernel', 'uplink', 'any']).default('vm'),
  space: nameOrId.optional(),
  virtualSwitch: nameOrId.optional(),
  host: nameOrId.optional(),
  vlan: z.coerce.number().int().min(0).max(4095).optional(),
  portGroupId: z.string().max(255).optional(),
});
export const wirePatch = z.strictObject({ space: nameOrId });
