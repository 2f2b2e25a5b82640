import { z } from 'zod';
import { ip, ipInput, nameOrId, objectName, ref } from './common.ts';
import { network, networkEffect } from './networks.ts';

const prefixLength = z.number().int().min(1).max(128).optional();

export const splitInput = z
  .strictObject({
    at: ipInput.meta({ description: 'The first address of the new network.' }),
    name: objectName
      .optional()
      .meta({ description: 'Of the new network; without it the old name with a number.' }),
    prefixLength: prefixLength.meta({ description: 'Of both halves; without it both keep the prefix.' }),
    gateway: ipInput.nullish().meta({
      description:
        'Of the new network; without it the same as before, or none where that lies outside its prefix.',
    }),
  })
  .meta({ id: 'NetworkSplit' });
export type SplitInput = z.infer<typeof splitInput>;

export const mergeInput = z
  .strictObject({
    into: nameOrId,
    prefixLength: prefixLength.meta({
      description:
        'Of the whole; needed where neither prefix, nor the one that both are halves of, holds it.',
    }),
  })
  .meta({ id: 'NetworkMerge' });
export type MergeInput = z.infer<typeof mergeInput>;

export const moveInput = z
  .strictObject({
    wire: nameOrId
      .optional()
      .meta({ description: 'Without it: where nearly all NICs with addresses of the network are by now.' }),
  })
  .meta({ id: 'NetworkMove' });
export type MoveInput = z.infer<typeof moveInput>;

/** What two networks can say differently, so that one of them is not heard when they become one. */
export const settingFields = [
  'gateway',
  'dns',
  'domain',
  'ntp',
  'allocationPolicy',
  'restingSeconds',
  'description',
  'tags',
  'companion',
] as const;
export type SettingField = (typeof settingFields)[number];

const { settles, ends, conflicts, nics } = networkEffect.shape;
export const networkChangeEffect = z
  .object({
    networks: z
      .array(network)
      .meta({ description: 'The networks as they are then, the one that the request named first.' }),
    gone: z.array(ref).meta({ description: 'Networks that are no more.' }),
    settles,
    ends,
    conflicts,
    nics,
    claims: z.number().int().meta({ description: 'Live claims that belong to another network then.' }),
    keys: z
      .array(z.string())
      .meta({ description: 'The keys among them, the first 500: to be asked for in that network then.' }),
    reservations: z.number().int().meta({ description: 'Reservations that belong to another network then.' }),
    cutReservations: z
      .array(z.object({ start: ip, end: ip }))
      .meta({ description: 'Reservations that become two, as they were.' }),
    notKept: z
      .array(z.object({ network: ref, field: z.enum(settingFields), value: z.string() }))
      .meta({ description: 'What the networks said and nobody says any more.' }),
    keptWires: z.array(z.object({ network: ref, wire: ref, nics: z.number().int() })).meta({
      description: 'Former primary wires that stay as declared ones, for the NICs with records there.',
    }),
    nicsMoved: z
      .object({ from: ref, to: ref, moved: z.number().int(), total: z.number().int(), text: z.string() })
      .nullable()
      .meta({ description: 'Where nearly all NICs of the network went, if they hang on one other wire.' }),
  })
  .meta({ id: 'NetworkChangeEffect' });
export type NetworkChangeEffect = z.infer<typeof networkChangeEffect>;
