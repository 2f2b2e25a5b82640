import { z } from 'zod';
import { addressState } from './addresses.ts';
import { holder, claimSources } from './allocation.ts';
import { nameOrId, ref } from './common.ts';

export const searchKinds = [
  'address',
  'server',
  'nic',
  'network',
  'wire',
  'host',
  'virtual_switch',
  'cloud_account',
] as const;
export type SearchKind = (typeof searchKinds)[number];
/** So many addresses and MACs are answered at once. */
export const MAX_SEARCH_TERMS = 50;

export const searchFields = [
  'id',
  'name',
  'ip',
  'mac',
  'formerMac',
  'instanceUuid',
  'biosUuid',
  'guestHostName',
  'managementIp',
  'hardwareUuid',
  'physicalNic',
  'vmkernelNic',
  'uuid',
  'portGroupId',
  'vlan',
  'cidr',
  'description',
  'url',
  'holder',
  'owner',
  'key',
] as const;
export type SearchField = (typeof searchFields)[number];

export const searchItem = z
  .object({
    kind: z.enum([...searchKinds, 'unknown']).meta({
      description: '`unknown`: a term among several that is neither an address nor a MAC.',
    }),
    id: z.uuid().nullable().meta({ description: 'Null for addresses, and for what nobody has.' }),
    name: z
      .string()
      .meta({ description: "The object's name; of an address its canonical text, of a NIC its MAC." }),
    detail: z.string().meta({ description: 'Where it is and what it has, in words.' }),
    match: z
      .object({ field: z.enum(searchFields), value: z.string() })
      .nullable()
      .meta({ description: 'What fits the question; null where nobody has it.' }),
    term: z
      .string()
      .nullable()
      .meta({ description: 'Of several terms the one that this answers, as written.' }),
    server: ref.nullable(),
    network: ref.nullable(),
    address: z
      .object({
        space: ref,
        state: z.enum([...addressState.options, 'outside']),
        source: z.enum(claimSources).nullable(),
        nic: z.object({ id: z.uuid(), mac: z.string().nullable() }).nullable(),
        holder: holder.nullable(),
        key: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'For addresses.' }),
  })
  .meta({ id: 'SearchItem' });
export type SearchItem = z.infer<typeof searchItem>;
export const searchAnswer = z
  .object({
    items: z.array(searchItem),
    totals: z.partialRecord(z.enum(searchKinds), z.number().int().nullable()).meta({
      description:
        'How many of each kind fit; null: more than a thousand. Kinds of which none does are left out.',
    }),
    truncated: z.boolean().meta({ description: 'More fit than are listed.' }),
  })
  .meta({ id: 'SearchAnswer' });
export type SearchAnswer = z.infer<typeof searchAnswer>;
export const searchQuery = z.strictObject({
  q: z
    .string()
    .min(1)
    .max(4096)
    .meta({
      description: `A part of a name, an address, a prefix, a MAC in any usual notation, a UUID, a VLAN; or up to ${MAX_SEARCH_TERMS} addresses and MACs, separated by blanks, commas, semicolons or line ends.`,
    }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(50)
    .default(8)
    .meta({ description: 'At most so many of each kind.' }),
  space: nameOrId.optional().meta({ description: 'For addresses that several address spaces know.' }),
});
