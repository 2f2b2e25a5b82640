import { z } from 'zod';
import { ip, mac, nameOrId, ref, time } from './common.ts';
import { physicalNic } from './hosts.ts';
import { vlan, wire } from './wires.ts';

/** What disagrees, or keeps traffic from leaving, on one host of a wire. */
export const pictureProblemCodes = [
  'host_disconnected',
  'wire_missing',
  'vlan_deviates',
  'no_uplink',
  'uplink_down',
  'single_uplink',
  'untagged_vlan_differs',
  'vlan_is_untagged',
] as const;
export type PictureProblemCode = (typeof pictureProblemCodes)[number];

export const pictureUplink = z
  .object({
    name: z
      .string()
      .meta({ description: 'As port groups name it: vmnic0, on a distributed switch `Uplink 1`.' }),
    role: z
      .enum(['active', 'standby', 'unused'])
      .nullable()
      .meta({ description: 'What the port group uses it for; null where that is not known.' }),
    device: z.string().nullable().meta({ description: 'The physical NIC behind it; null for none.' }),
    mac: mac.nullable(),
    speedMbps: z.number().int().nullable(),
    up: z
      .boolean()
      .nullable()
      .meta({ description: 'Whether its link is up; null where the host does not say.' }),
    neighbour: physicalNic.shape.neighbour,
  })
  .meta({ id: 'PictureUplink' });

export const pictureHost = z
  .object({
    host: z.object({ ...ref.shape, managementIp: ip.nullable() }),
    state: z.string(),
    maintenance: z.boolean(),
    cluster: z.string().nullable(),
    switch: ref.nullable(),
    vlan: vlan.nullable().meta({ description: 'Null where the wire is not on this host.' }),
    deviates: z.boolean().meta({ description: 'Its VLAN is another than that of most hosts.' }),
    servers: z.number().int().meta({ description: 'Servers on this host that are on the wire.' }),
    uplinks: z.array(pictureUplink),
    problems: z.array(z.object({ code: z.enum(pictureProblemCodes), text: z.string() })),
  })
  .meta({ id: 'PictureHost' });
export type PictureHost = z.infer<typeof pictureHost>;

export const picturePath = z
  .object({
    nic: z.object({ id: z.uuid(), mac: mac.nullable(), label: z.string() }),
    ips: z
      .array(z.object({ ip, network: ref.nullable() }))
      .meta({ description: 'Its records, then what it reports beside them.' }),
    host: ref.nullable(),
    uplinks: z.array(z.string()).meta({
      description:
        'Names of the uplinks that its traffic can leave by: the active ones, or the standby ones while no active one is up.',
    }),
    neighbours: z.array(physicalNic.shape.neighbour.unwrap()),
  })
  .meta({ id: 'PicturePath' });

/** One wire from IP subnet to physical switch port. */
export const wirePicture = z
  .object({
    wire: z.object({
      ...ref.shape,
      ...wire.pick({ kind: true, vlan: true, teaming: true, virtualSwitch: true }).shape,
      missingSince: time.nullable(),
    }),
    networks: z.array(
      z.object({
        ...ref.shape,
        cidr: z.string(),
        gateway: ip.nullable(),
        origin: z.enum(['primary', 'detected', 'declared']),
        servers: z.number().int().meta({ description: 'Servers on this wire with a record in it.' }),
      }),
    ),
    hosts: z.array(pictureHost),
    summary: z.object({
      hosts: z.number().int(),
      servers: z.number().int(),
      physicalSwitches: z
        .array(z.object({ switch: z.string(), ports: z.number().int() }))
        .meta({ description: 'What the uplinks of this wire are plugged into, by CDP and LLDP.' }),
    }),
    path: z
      .array(picturePath)
      .optional()
      .meta({ description: "With `server`: that server's NICs on the wire, each to its switch ports." }),
  })
  .meta({ id: 'WirePicture' });
export type WirePicture = z.infer<typeof wirePicture>;
export const wirePictureQuery = z.strictObject({ server: nameOrId.optional() });
