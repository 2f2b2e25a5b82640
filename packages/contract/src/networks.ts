import { z } from 'zod';
import { ip, ipInput, listOf, listQuery, nameOrId, objectName, ref, stamps, words } from './common.ts';

export const addressRange = z.object({ start: ip, end: ip });
export const allocationPolicy = z.enum(['stepup', 'stepdown', 'random']);
const evidence = {
  evidence: z
    .array(z.object({ server: ref, ip }))
    .meta({ description: 'Who uses which address there: the first 20 by address.' }),
  servers: z.number().int().meta({ description: 'How many servers the evidence is of, listed or not.' }),
  note: z.string().nullable().meta({ description: 'What is worth knowing beside it: another VLAN.' }),
};
export const network = z
  .object({
    ...stamps,
    name: z.string(),
    space: ref,
    wire: ref,
    additionalWires: z.array(z.object({ wire: ref, origin: z.enum(['detected', 'declared']), ...evidence })),
    suggestedWires: z.array(z.object({ wire: ref, ...evidence, contradiction: z.string() })),
    excludedWires: z.array(z.object({ wire: ref })),
    family: z.union([z.literal(4), z.literal(6)]),
    companion: ref.nullable(),
    start: ip,
    end: ip,
    prefixLength: z.number().int(),
    cidr: z.string(),
    giving: z.array(addressRange),
    gateway: ip.nullable(),
    dns: z.array(ip),
    domain: z.string().nullable(),
    ntp: z.array(z.string()),
    allocationPolicy,
    restingSeconds: z.number().int(),
    description: z.string(),
    tags: z.record(z.string(), z.string()),
    counts: z
      .object({
        total: z.number(),
        used: z.number(),
        reserved: z.number(),
        resting: z.number(),
        seen: z.number(),
        free: z.number(),
      })
      .meta({ description: 'Addresses of the range. Beyond 2^53 rounded, as JSON numbers are.' }),
    utilisation: z.number().nullable().meta({
      description:
        'Of the addresses that may be given (giving, without what is reserved) the percentage that can not be given now, with two digits behind the point, cut: 100 only where none is left. Null where none may be given.',
    }),
  })
  .meta({ id: 'Network' });
export type Network = z.infer<typeof network>;
export const networkList = listOf(network);
export const networkQuery = listQuery({
  name: z.string().max(255).optional(),
  space: nameOrId.optional(),
  wire: nameOrId.optional().meta({ description: 'Networks that have this wire, primary or additional.' }),
  family: z.coerce
    .number()
    .int()
    .min(4)
    .max(6)
    .refine((family) => family !== 5)
    .optional(),
  ip: ipInput.optional().meta({ description: 'Networks whose range holds the address.' }),
  fullFrom: z.coerce
    .number()
    .min(0)
    .max(100)
    .optional()
    .meta({ description: 'Networks whose utilisation is at least so many per cent.' }),
});

/** A host or domain name (RFC 1123). */
export const hostName = z
  .string()
  .max(253)
  .regex(/^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?$/);
const tags = z.record(words(63).min(1), words(255)).refine((value) => Object.keys(value).length <= 64);
const givingInput = z.union([
  z.enum(['all', 'none']),
  z.array(z.strictObject({ start: ipInput, end: ipInput })).max(256),
]);
const settings = {
  gateway: ipInput.nullish(),
  dns: z.array(ipInput).max(8).optional(),
  domain: hostName.nullish(),
  ntp: z
    .array(z.union([ipInput, hostName]))
    .max(8)
    .optional(),
  allocationPolicy: allocationPolicy.optional(),
  restingSeconds: z.number().int().min(0).max(31536000).optional(),
  description: words(4096).optional(),
  tags: tags.optional(),
  giving: givingInput.optional(),
  companion: nameOrId.nullish(),
};
export const networkInput = z
  .strictObject({
    name: objectName,
    wire: nameOrId,
    cidr: ipInput.optional().meta({ description: 'Instead of start, end and prefixLength.' }),
    start: ipInput.optional(),
    end: ipInput.optional(),
    prefixLength: z.number().int().min(1).max(128).optional(),
    ...settings,
  })
  .meta({ id: 'NewNetwork' });
export type NetworkInput = z.infer<typeof networkInput>;
export const networkPatch = z
  .strictObject({
    name: objectName.optional(),
    start: ipInput.optional(),
    end: ipInput.optional(),
    prefixLength: z.number().int().min(1).max(128).optional(),
    ...settings,
  })
  .meta({ id: 'NetworkChange' });
export type NetworkPatch = z.infer<typeof networkPatch>;

export const networkEffect = z
  .object({
    network,
    settles: z.number().int().meta({ description: 'NIC records that come into being.' }),
    ends: z.number().int().meta({ description: 'NIC records that end.' }),
    conflicts: z.number().int(),
    nics: z
      .array(z.object({ server: ref, mac: z.string().nullable(), ip, change: z.enum(['settled', 'ended']) }))
      .meta({ description: 'The first 500 of them.' }),
  })
  .meta({ id: 'NetworkEffect' });
export type NetworkEffect = z.infer<typeof networkEffect>;
/** What goes along with a network that is deleted. */
export const networkDeletion = z
  .object({
    network: ref,
    ends: z.number().int().meta({ description: 'NIC records that end; their NICs become unresolved.' }),
    reservations: z
      .array(z.object({ kind: z.enum(['reserved', 'dhcp']), start: ip, end: ip, note: z.string() }))
      .meta({ description: 'Reservations and DHCP ranges that go along.' }),
  })
  .meta({ id: 'NetworkDeletion' });
export type NetworkDeletion = z.infer<typeof networkDeletion>;
export const excludedWiresInput = z.strictObject({ wires: z.array(nameOrId).max(500) });
export const additionalWiresInput = z.strictObject({ wires: z.array(nameOrId).max(500) });
