import { z } from 'zod';
import { ip, listOf, listQuery, nameOrId, ref, stamps } from './common.ts';
import { vlan } from './wires.ts';

export const findingKinds = [
  'guest_mask',
  'guest_gateway',
  'link_local_address',
  'duplicate_address',
  'vlan_disagreement',
  'unexpected_dhcp',
  'gateway_unset',
  'network_moved',
  'wire_suggested',
  'contradicted_record',
] as const;
export type FindingKind = (typeof findingKinds)[number];
export const finding = z
  .object({
    ...stamps,
    kind: z.enum(findingKinds),
    text: z.string().meta({ description: 'What was expected, what was found, and where.' }),
    remedy: z.string().meta({ description: 'What to do; a command in it can be pasted.' }),
    account: ref,
    space: ref,
    server: ref.nullable(),
    nic: z.object({ id: z.uuid(), name: z.string(), mac: z.string().nullable() }).nullable(),
    network: ref.nullable(),
    wire: ref.nullable(),
    ip: ip.nullable(),
    expected: z.string().nullable(),
    found: z.string().nullable(),
    vlans: z
      .array(z.object({ vlan, hosts: z.array(ref) }))
      .meta({ description: 'Of `vlan_disagreement`: the hosts by VLAN, the most common one first.' }),
  })
  .meta({
    id: 'Finding',
    description:
      'Computed whenever it is asked for. The id is the same as long as the finding lasts; the times say since when what it rests on has been so.',
  });
export type Finding = z.infer<typeof finding>;
export const findingList = listOf(finding);
export const findingParams = z.object({ id: z.uuid() });
export const findingQuery = listQuery({
  kind: z
    .string()
    .max(256)
    .optional()
    .meta({ description: `Only of these kinds, separated by commas: ${findingKinds.join(', ')}.` }),
  account: nameOrId.optional(),
  space: nameOrId.optional(),
  server: nameOrId.optional(),
  network: nameOrId.optional(),
  wire: nameOrId.optional(),
});
export const findingSummary = z
  .object({
    findings: z.number().int(),
    kinds: z.array(z.object({ kind: z.enum(findingKinds), findings: z.number().int(), text: z.string() })),
  })
  .meta({ id: 'FindingSummary' });
export type FindingSummary = z.infer<typeof findingSummary>;
export const findingSummaryQuery = z.strictObject({
  account: nameOrId.optional(),
  space: nameOrId.optional(),
});
