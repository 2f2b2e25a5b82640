import { z } from 'zod';
import { ip, ipInput, objectName, ref, time, words } from './common.ts';

/** Who has an address that no NIC in vCenter has. */
export const holder = z
  .object({
    name: z.string(),
    owner: z.string().nullable(),
    mac: z.string().nullable(),
    note: z.string(),
  })
  .meta({ id: 'Holder' });
export type Holder = z.infer<typeof holder>;

export const claimSources = ['tools', 'manual', 'allocated'] as const;
export const claim = z
  .object({
    id: z.uuid(),
    ip,
    network: ref,
    key: z.string().nullable(),
    source: z.enum(claimSources),
    server: ref.nullable(),
    nic: z.object({ id: z.uuid(), mac: z.string().nullable() }).nullable(),
    holder: holder.nullable(),
    since: time,
    expiresAt: time.nullable(),
  })
  .meta({ id: 'Claim' });
export type Claim = z.infer<typeof claim>;

/** What an address given out comes with: all that a machine needs besides. */
export const givenAddress = z
  .object({
    ...claim.shape,
    prefixLength: z.number().int(),
    gateway: ip.nullable(),
    dns: z.array(ip),
    domain: z.string().nullable(),
    ntp: z.array(z.string()),
  })
  .meta({ id: 'GivenAddress' });
export type GivenAddress = z.infer<typeof givenAddress>;

export const ALLOCATE_AT_MOST = 1024;
export const allocateInput = z
  .strictObject({
    count: z
      .number()
      .int()
      .min(1)
      .max(ALLOCATE_AT_MOST)
      .optional()
      .meta({ description: 'So many, all or none.' }),
    ip: ipInput.optional().meta({ description: 'Exactly this address, or an error that says why not.' }),
    expiresAt: z.iso
      .datetime({ offset: true })
      .nullish()
      .meta({ description: 'When the hold ends by itself, unless a NIC has the address by then.' }),
    note: words(4096).optional(),
  })
  .meta({ id: 'Allocate' });
export type AllocateInput = z.infer<typeof allocateInput>;
export const givenAddresses = z.object({ items: z.array(givenAddress) });

export const nextQuery = z.strictObject({
  count: z.coerce.number().int().min(1).max(ALLOCATE_AT_MOST).default(1),
});
export const nextAddresses = z
  .object({ items: z.array(z.object({ ip })) })
  .meta({ description: 'What would be given next. Nothing is held: another may be faster.' });

export const releaseInput = z
  .strictObject({ ips: z.array(ipInput).min(1).max(10_000) })
  .meta({ id: 'Release' });
export const released = z
  .object({
    items: z.array(
      z.object({
        ip,
        released: z.boolean().meta({ description: 'False where nobody held it: nothing was to be done.' }),
      }),
    ),
  })
  .meta({ id: 'Released' });
export type Released = z.infer<typeof released>;

/** The caller's own name for a claim. */
export const claimKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]+$/u);
export const claimParams = z.object({ id: z.string().min(1).max(255), key: claimKey });
export const claimInput = z
  .strictObject({
    ip: ipInput.optional().meta({ description: 'Exactly this address; without it the next free one.' }),
    name: objectName.nullish(),
    owner: words(255).nullish(),
    mac: z.string().max(64).nullish(),
    note: words(4096).nullish(),
    expiresAt: z.iso.datetime({ offset: true }).nullish(),
  })
  .meta({ id: 'ClaimByKey' });
export type ClaimInput = z.infer<typeof claimInput>;
