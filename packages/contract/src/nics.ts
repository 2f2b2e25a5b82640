import { z } from 'zod';
import { action } from './actions.ts';
import { booleanQuery, ip, listOf, listQuery, nameOrId, ref, stamps, time } from './common.ts';

export const reasonCodes = [
  'powered_off',
  'template',
  'tools_not_installed',
  'tools_not_running',
  'tools_no_address',
  'no_network',
  'other_wire',
  'outside_range',
  'taken',
  'disconnected',
  'no_wire',
  'vm_unreadable',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];
export const reason = z
  .object({
    code: z.enum(reasonCodes),
    ip: ip.nullable(),
    text: z.string(),
    remedy: z.string().meta({ description: 'What to do; a command in it can be pasted.' }),
    network: ref.nullable(),
    wire: ref.nullable(),
    server: ref.nullable(),
    actions: z
      .array(action)
      .meta({ description: 'What the remedy says, to be carried out; empty where there is nothing to do.' }),
  })
  .meta({ id: 'Reason' });
export const nicRecord = z
  .object({
    id: z.uuid(),
    ip,
    network: ref,
    source: z.enum(['tools', 'manual', 'allocated']),
    firstSeenAt: time.nullable(),
    lastSeenAt: time.nullable(),
    contradictedBy: z.array(ip),
  })
  .meta({ id: 'NicRecord' });
export const observedAddress = z.object({
  ip,
  prefixLength: z.number().int().nullable(),
  firstSeenAt: time,
});
export const nic = z
  .object({
    ...stamps,
    account: ref,
    missingSince: time.nullable(),
    server: ref,
    deviceKey: z.number().int(),
    label: z.string(),
    model: z.string(),
    mac: z.string().nullable(),
    formerMacs: z.array(z.object({ mac: z.string(), until: time })),
    wire: ref.nullable(),
    connected: z.boolean(),
    observed: z.array(observedAddress),
    records: z.array(nicRecord),
    reasons: z.array(reason),
  })
  .meta({ id: 'Nic' });
export type Nic = z.infer<typeof nic>;
export const nicList = listOf(nic);
export const nicQuery = listQuery({
  account: nameOrId.optional(),
  wire: nameOrId.optional(),
  server: nameOrId.optional(),
  network: nameOrId.optional().meta({
    description:
      'NICs with a record in this network; with `unresolved=true` those that have none, for a reason that names it.',
  }),
  ip: z.string().max(64).optional(),
  mac: z.string().max(64).optional(),
  unresolved: booleanQuery.optional(),
  reason: z.enum(reasonCodes).optional(),
  missing: booleanQuery.optional(),
});
export const nicSummary = z
  .object({
    nics: z.number().int(),
    settled: z.number().int(),
    unresolved: z.number().int(),
    reasons: z.array(z.object({ code: z.enum(reasonCodes), nics: z.number().int(), text: z.string() })),
  })
  .meta({ id: 'NicSummary' });
export type NicSummary = z.infer<typeof nicSummary>;
