import { z } from 'zod';
import { address } from './addresses.ts';
import { ref, time } from './common.ts';
import { nic } from './nics.ts';

/** One thing that keeps an address from being given out. */
export const obstacleCodes = [
  'used',
  'held',
  'reserved',
  'dhcp',
  'gateway',
  'network_address',
  'broadcast',
  'dns',
  'vmkernel',
  'guest_gateway',
  'guest_dns',
  'resting',
  'seen',
  'shared',
  'not_given',
  'no_network',
] as const;
export type ObstacleCode = (typeof obstacleCodes)[number];
export const obstacle = z
  .object({ code: z.enum(obstacleCodes), text: z.string(), remedy: z.string() })
  .meta({ id: 'Obstacle' });

export const wireFacts = z.object({
  ...ref.shape,
  vlan: z.string().meta({ description: 'In words: an id, ranges of a trunk, none.' }),
  virtualSwitch: ref.nullable(),
});
export const nicWhy = z
  .object({
    nic: nic.omit({ createdAt: true, updatedAt: true }),
    host: ref.nullable(),
    powerState: z.string(),
    wire: wireFacts.nullable(),
    port: z.string().nullable().meta({ description: 'The switch port (distributed switches number them).' }),
    neighbours: z
      .array(z.object({ device: z.string(), neighbour: z.string() }))
      .meta({ description: 'What CDP or LLDP says the uplinks of that host are plugged into.' }),
  })
  .meta({ id: 'NicWhy' });
export type NicWhy = z.infer<typeof nicWhy>;

/** One question answered whole, for an address, a MAC or a server. */
export const why = z
  .object({
    subject: z.object({
      kind: z.enum(['address', 'mac', 'server']),
      id: z.uuid().nullable(),
      name: z.string(),
    }),
    answer: z.string().meta({ description: 'The whole in a few sentences.' }),
    remedy: z.string().nullable(),
    addresses: z
      .array(
        z.object({
          ...address.shape,
          free: z.boolean(),
          obstacles: z.array(obstacle),
          wires: z.array(wireFacts).meta({ description: 'The wires of its network, primary first.' }),
          conflicts: z.array(z.object({ id: z.uuid(), kind: z.string(), text: z.string(), since: time })),
        }),
      )
      .meta({ description: 'The address asked for; for a MAC or a server, those that it has or reports.' }),
    nics: z.array(nicWhy),
  })
  .meta({ id: 'Why' });
export type Why = z.infer<typeof why>;
export const whyQuery = z.strictObject({
  of: z.string().min(1).max(255).meta({ description: 'An address, a MAC, or the name or id of a server.' }),
  space: z.string().min(1).max(255).optional(),
});
