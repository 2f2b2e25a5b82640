import { z } from 'zod';
import { holder, claimSources } from './allocation.ts';
import { ip, ipInput, listOf, listQuery, nameOrId, ref, time } from './common.ts';

const nicRef = z.object({ id: z.uuid(), mac: z.string().nullable() });
export const addressInterval = z.object({
  server: z.object({ id: z.uuid().nullable(), name: z.string() }).nullable(),
  nic: nicRef.nullable(),
  network: z.object({ id: z.uuid().nullable(), name: z.string() }).nullable(),
  holder: holder.nullable(),
  key: z.string().nullable(),
  source: z.enum(claimSources),
  from: time,
  to: time.nullable(),
  ended: z.string().nullable(),
});
export const addressStates = [
  'used',
  'held',
  'reserved',
  'dhcp',
  'gateway',
  'resting',
  'seen',
  'conflict',
  'free',
  'not_given',
] as const;
export const addressState = z.enum(addressStates);
export type AddressState = z.infer<typeof addressState>;
export const address = z
  .object({
    ip,
    space: ref,
    network: ref.nullable(),
    state: z
      .enum([...addressStates, 'outside'])
      .meta({ description: '`outside`: no network of the space holds it.' }),
    server: ref.nullable(),
    nic: nicRef.nullable(),
    holder: holder.nullable(),
    key: z.string().nullable(),
    source: z.enum(claimSources).nullable(),
    since: time.nullable(),
    expiresAt: time.nullable(),
    shared: z.boolean().meta({ description: 'Declared as one that several NICs have.' }),
    seenOn: z.array(
      z.object({
        server: ref,
        wire: ref.nullable(),
        interface: z.string(),
        since: time.meta({ description: 'When it was first seen there.' }),
      }),
    ),
    history: z.array(addressInterval),
  })
  .meta({ id: 'Address' });
export type Address = z.infer<typeof address>;
export const addressParams = z.object({ ip: z.string().min(1).max(64) });
export const addressQuery = z.strictObject({ space: nameOrId.optional() });

/** One address, or a run of neighbours of the same kind. */
export const networkAddress = z
  .object({
    start: ip,
    end: ip,
    count: z.number().meta({ description: 'How many addresses the item stands for. Beyond 2^53 rounded.' }),
    state: addressState,
    server: ref.nullable(),
    nic: nicRef.nullable(),
    holder: holder.nullable(),
    key: z.string().nullable(),
    source: z.enum(claimSources).nullable(),
    since: time.nullable(),
    until: time
      .nullable()
      .meta({ description: 'When a hold or a reservation expires, or an address has rested long enough.' }),
    evidence: z.string().nullable().meta({ description: 'What says so, in words.' }),
  })
  .meta({ id: 'NetworkAddress' });
export type NetworkAddress = z.infer<typeof networkAddress>;
export const networkAddressList = listOf(networkAddress);
export const networkAddressQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(2048).optional(),
  state: z
    .string()
    .max(128)
    .optional()
    .meta({ description: `Only these states, separated by commas: ${addressStates.join(', ')}.` }),
  from: ipInput.optional().meta({ description: 'Begin at this address.' }),
});

/** The address grid of a network: cells of one size over its range. */
export const addressBlock = z
  .object({
    ...networkAddress.shape,
    count: z.number().meta({ description: 'How many addresses the cell has. Beyond 2^53 rounded.' }),
    states: z
      .partialRecord(addressState, z.number())
      .meta({ description: 'How many of them are in which state; only states that some are in.' }),
    state: addressState.nullable().meta({
      description:
        'Of a cell that is a single address: its state; who has it and why follows as in the list of addresses. Of any other all this is null.',
    }),
  })
  .meta({ id: 'AddressBlock' });
export type AddressBlock = z.infer<typeof addressBlock>;
export const addressBlocks = z
  .object({
    start: ip,
    end: ip,
    cellSize: z
      .string()
      .regex(/^[1-9]\d*$/)
      .meta({
        description:
          'How many addresses a cell has: a power of two, as text because it may be beyond 2^53. Every cell begins at a multiple of it; the first and the last are cut at the ends of what was asked for.',
      }),
    items: z.array(addressBlock),
  })
  .meta({ id: 'AddressBlocks' });
export type AddressBlocks = z.infer<typeof addressBlocks>;
export const addressBlocksQuery = z.strictObject({
  from: ipInput.optional().meta({ description: "The first address; without it the range's first." }),
  to: ipInput.optional().meta({ description: "The last address; without it the range's last." }),
  cells: z.coerce
    .number()
    .int()
    .min(1)
    .max(1024)
    .default(256)
    .meta({ description: 'At most so many cells.' }),
});

/** Addresses that somebody has, over all networks. */
export const takenAddress = z
  .object({
    ip,
    space: ref,
    network: ref,
    state: z.enum(['used', 'held', 'conflict']),
    server: ref.nullable(),
    nic: nicRef.nullable(),
    holder: holder.nullable(),
    key: z.string().nullable(),
    source: z.enum(claimSources),
    since: time,
    expiresAt: time.nullable(),
  })
  .meta({ id: 'TakenAddress' });
export type TakenAddress = z.infer<typeof takenAddress>;
export const addressList = listOf(takenAddress);
export const addressListQuery = listQuery({
  space: nameOrId.optional(),
  network: nameOrId.optional(),
  server: nameOrId.optional(),
  ip: ipInput.optional(),
  mac: z.string().max(64).optional(),
  key: z.string().max(255).optional(),
  source: z.enum(claimSources).optional(),
  state: z.enum(['used', 'held', 'conflict']).optional(),
});
