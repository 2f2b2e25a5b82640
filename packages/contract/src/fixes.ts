import { z } from 'zod';
import { ip, ipInput, ref } from './common.ts';

/** Either addresses, which go to the NICs in device order, or an address for each named NIC. */
export const fixNicsInput = z
  .strictObject({
    ips: z.array(ipInput).min(1).max(256).optional(),
    nics: z
      .array(
        z.strictObject({
          mac: z.string().min(1).max(64),
          ip: ipInput.nullable().meta({ description: 'Null takes away what was fixed by hand.' }),
        }),
      )
      .min(1)
      .max(256)
      .optional(),
    dryRun: z.boolean().optional(),
  })
  .meta({ id: 'FixNics' });
export type FixNicsInput = z.infer<typeof fixNicsInput>;

export const nicFix = z
  .object({
    server: ref,
    nic: z.object({ id: z.uuid(), mac: z.string().nullable(), label: z.string() }),
    wire: ref.nullable(),
    ip,
    network: ref,
    change: z
      .enum(['fixed', 'kept', 'cleared'])
      .meta({ description: '`kept`: the NIC had it before; nothing was to be done.' }),
  })
  .meta({ id: 'NicFix' });
export type NicFix = z.infer<typeof nicFix>;
export const fixResult = z
  .object({
    dryRun: z.boolean(),
    fixed: z.number().int(),
    kept: z.number().int(),
    cleared: z.number().int(),
    items: z.array(nicFix),
  })
  .meta({ id: 'FixResult' });
export type FixResult = z.infer<typeof fixResult>;
