import { z } from 'zod';
import { listOf, listQuery, nameOrId, objectName, ref, stamps, time, words } from './common.ts';

export const accountStatus = z.enum(['new', 'ok', 'unreachable', 'refused', 'untrusted', 'failed']);
export const cloudAccount = z
  .object({
    ...stamps,
    name: z.string(),
    kind: z.enum(['vcenter', 'esxi']),
    url: z.string(),
    username: z.string(),
    instanceUuid: z.string(),
    version: z.string(),
    trust: z.object({ sha256: z.string() }).nullable(),
    insecure: z.boolean(),
    enabled: z.boolean(),
    status: accountStatus,
    statusText: z.string().nullable().meta({ description: 'What is wrong, when something is.' }),
    statusRemedy: z.string().nullable(),
    space: ref,
    syncEvery: z.number().int().meta({ description: 'Seconds between two scheduled syncs.' }),
    lastSync: z
      .object({ id: z.uuid(), state: z.string(), startedAt: time, endedAt: time.nullable() })
      .nullable(),
    lastCompleteSyncAt: time.nullable(),
  })
  .meta({ id: 'CloudAccount' });
export type CloudAccount = z.infer<typeof cloudAccount>;
export const cloudAccountList = listOf(cloudAccount);
export const cloudAccountQuery = listQuery({
  kind: z.enum(['vcenter', 'esxi']).optional(),
  status: accountStatus.optional(),
});

const fingerprint = z
  .string()
  .max(128)
  .regex(/^(?:[0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$/)
  .meta({ description: "The certificate's SHA-256 fingerprint, 64 hexadecimal digits, colons allowed." });
const connection = {
  url: z
    .string()
    .min(1)
    .max(2048)
    .meta({ examples: ['https://vc.example/sdk'] }),
  username: words(256).min(1),
  password: z.string().min(1).max(1024).meta({ format: 'password' }),
  trust: z.strictObject({ sha256: fingerprint }).nullish().meta({
    description: 'Null or absent: a certificate authority known to this machine must vouch for it.',
  }),
  insecure: z
    .boolean()
    .optional()
    .meta({ description: 'Take any certificate. Anyone in between can then read the password.' }),
};
export const syncEvery = z.number().int().min(60).max(604800);
export const cloudAccountInput = z.strictObject({
  name: objectName,
  ...connection,
  space: nameOrId.optional(),
  syncEvery: syncEvery.optional(),
});
export type CloudAccountInput = z.infer<typeof cloudAccountInput>;
export const cloudAccountPatch = z.strictObject({
  name: objectName.optional(),
  url: connection.url.optional(),
  username: connection.username.optional(),
  password: connection.password.optional(),
  trust: connection.trust,
  insecure: connection.insecure,
  enabled: z.boolean().optional(),
  syncEvery: syncEvery.optional(),
  space: nameOrId.optional().meta({ description: 'The space that new wires of the account are put into.' }),
});
export type CloudAccountPatch = z.infer<typeof cloudAccountPatch>;
export const previewInput = z.strictObject(connection);
export type PreviewInput = z.infer<typeof previewInput>;

export const certificateInput = z.strictObject({ url: connection.url });
/** The certificate that a server shows. Nobody has to vouch for it; nothing is signed in to. */
export const serverCertificate = z
  .object({
    sha256: z.string(),
    subject: z.string(),
    issuer: z.string(),
    validFrom: z.string(),
    validTo: z.string(),
    trustedByCa: z
      .boolean()
      .meta({ description: 'A certificate authority that this machine knows vouches for it.' }),
  })
  .meta({ id: 'ServerCertificate' });
export type ServerCertificate = z.infer<typeof serverCertificate>;

export const accountPreview = z
  .object({
    kind: z.enum(['vcenter', 'esxi']),
    name: z.string(),
    version: z.string(),
    instanceUuid: z.string(),
    certificate: serverCertificate,
    knownAs: ref.nullable().meta({ description: 'The account under which this vCenter is known already.' }),
    counts: z.object({
      hosts: z.number().int(),
      virtualSwitches: z.number().int(),
      wires: z.number().int(),
      servers: z.number().int(),
      nics: z.number().int(),
      addresses: z.number().int(),
    }),
    missingPrivileges: z.array(z.object({ object: z.string(), privilege: z.string() })),
  })
  .meta({ id: 'AccountPreview' });
export type AccountPreview = z.infer<typeof accountPreview>;
export const accountTest = z
  .object({ ok: z.boolean(), name: z.string(), version: z.string(), apiVersion: z.string() })
  .meta({ id: 'AccountTest' });
export const syncInput = z.strictObject({ dryRun: z.boolean().optional() }).nullish();
