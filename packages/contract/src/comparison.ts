import { z } from 'zod';
import { nameOrId, ref, time } from './common.ts';
import { IMPORT_AT_MOST, line } from './imports.ts';

/** Of each kind of difference so many are told; all are counted. */
export const DIFFERENCES_TOLD = 1000;

/** A cell of somebody else's table: whatever stands there is held against what is, or said to be unreadable. */
const cell = z.string().max(1000);
export const compareInput = z
  .strictObject({
    space: nameOrId.optional().meta({
      description:
        'All rows lie in this address space, and all its networks are looked at. Without it: where a row names a VRF that is a space, there; else `default`.',
    }),
    network: nameOrId
      .optional()
      .meta({ description: 'Only this network: rows outside of it are counted and passed over.' }),
    rows: z
      .array(
        z.strictObject({
          line,
          ip: cell.meta({ description: 'An address, with its prefix length or without.' }),
          prefixLength: z.number().int().min(0).max(128).optional(),
          mac: cell.optional(),
          name: cell.optional(),
          dnsName: cell
            .optional()
            .meta({ description: 'A second name; that one of the two agrees is enough.' }),
          network: cell.optional().meta({ description: 'Name or prefix of the network.' }),
          vrf: cell.optional(),
          status: cell.optional().meta({
            description: 'In words. Known are those for free, reserved and DHCP; anything else is in use.',
          }),
        }),
      )
      .min(1)
      .max(IMPORT_AT_MOST),
  })
  .meta({ id: 'CompareInput' });
export type CompareInput = z.infer<typeof compareInput>;

/** In the order in which they are told. */
export const differenceKinds = [
  'ghost',
  'stranger',
  'mac',
  'name',
  'network',
  'status',
  'duplicate',
  'unreadable',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export const listDifference = z
  .object({
    kind: z.enum(differenceKinds).meta({
      description:
        "`ghost`: in the list, seen nowhere and nobody's. `stranger`: somebody has or shows it, and it is not in the list. `status`: the list says it is free.",
    }),
    line,
    ip: z.string().nullable(),
    space: ref.nullable(),
    network: ref.nullable().meta({ description: 'The network that holds it.' }),
    listed: z.string().nullable(),
    found: z.string().nullable(),
    evidence: z
      .array(
        z.object({
          source: z.enum(['record', 'held', 'holder', 'seen', 'vmkernel']),
          name: z.string().nullable(),
          server: ref.nullable(),
          mac: z.string().nullable(),
          wire: ref.nullable(),
          since: time.nullable(),
        }),
      )
      .meta({ description: 'Who has or shows it; the first 5.' }),
    text: z.string(),
    remedy: z.string(),
  })
  .meta({ id: 'ListDifference' });
export type ListDifference = z.infer<typeof listDifference>;

const count = z.number().int();
export const comparison = z
  .object({
    counts: z
      .object({
        rows: count,
        agreeing: count,
        outside: count.meta({ description: 'Rows outside of the network that was asked about.' }),
        ghost: count,
        stranger: count,
        mac: count,
        name: count,
        network: count,
        status: count,
        duplicate: count,
        unreadable: count,
      })
      .meta({ description: 'A row may differ in several ways.' }),
    complete: z
      .boolean()
      .meta({ description: `False: of some kind more than ${DIFFERENCES_TOLD} were found.` }),
    networks: z.array(ref).meta({ description: 'Where strangers were looked for; the first 500.' }),
    items: z.array(listDifference),
  })
  .meta({ id: 'Comparison' });
export type Comparison = z.infer<typeof comparison>;
