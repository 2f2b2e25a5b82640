import { z } from 'zod';
import { booleanQuery, ip, ipInput, nameOrId, ref, words } from './common.ts';

export const SERVERS_AT_MOST = 100;
export const NICS_AT_MOST = 10;

const tag = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: 'Any network that has this tag: `key` or `key=value`.', examples: ['env=prod'] });

/** Where a NIC is plugged in, and which address it gets. */
const nicWish = {
  network: nameOrId.optional(),
  tag: tag.optional(),
  wire: nameOrId.optional().meta({
    description:
      'Only this wire of the network; without a network: an address of any network there, or none where there is none.',
  }),
  ip: ipInput.optional().meta({ description: 'Exactly this address; without it the next free one.' }),
  ip6: ipInput.optional().meta({ description: 'Exactly this address of the companion network.' }),
};
export const nicWishInput = z
  .strictObject(nicWish)
  .refine((nic) => nic.network === undefined || nic.tag === undefined, { path: ['tag'] })
  .refine((nic) => nic.network !== undefined || nic.tag !== undefined || nic.wire !== undefined, {
    path: ['network'],
  });
export type NicWishInput = z.infer<typeof nicWishInput>;

export const setupMethods = ['customization', 'cloud_init', 'none'] as const;
export type SetupMethod = (typeof setupMethods)[number];

export const serverInput = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(80)
      .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u)
      .meta({
        description:
          '1 to 80 characters. With `count` each name gets a number: `web` makes web-1, web-2, ...; `{n}` in the name says where the number goes.',
      }),
    from: nameOrId.meta({ description: 'The template or server to clone.' }),
    nics: z.array(nicWishInput).min(1).max(NICS_AT_MOST).meta({ description: 'In device order.' }),
    cpus: z.number().int().min(1).max(768).optional(),
    memoryMib: z
      .number()
      .int()
      .min(4)
      .max(25_165_824)
      .multipleOf(4)
      .optional()
      .meta({ description: 'A multiple of 4, as vSphere wants it.' }),
    diskGib: z.number().int().min(1).max(63_488).optional().meta({
      description: 'Size of the first disk; at least what the source has.',
    }),
    host: nameOrId.optional(),
    cluster: z.string().min(1).max(255).optional().meta({
      description:
        'Its name. Without a host, DRS chooses among the hosts that can take the server, where it is on.',
    }),
    datastore: z.string().min(1).max(255).optional(),
    resourcePool: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .meta({ description: 'Its name, or its path below the cluster.' }),
    folder: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .meta({ description: 'Path below the datacenter, `Production/Web`.' }),
    linked: z
      .boolean()
      .optional()
      .meta({ description: "A linked clone, on the source's newest snapshot; a whole copy otherwise." }),
    hostName: z.string().min(1).max(63).optional().meta({ description: 'Made from the name where absent.' }),
    setup: z.enum(setupMethods).optional().meta({
      description:
        'How the guest learns its address. Absent: cloud-init where a Linux is to have keys, user data or a password, customization otherwise.',
    }),
    password: z.string().min(1).max(128).optional().meta({ format: 'password' }),
    sshKeys: z.array(words(16_384).min(1)).max(20).optional(),
    userData: z
      .string()
      .min(1)
      .max(262_144)
      .optional()
      .meta({ description: 'A script (#!), #cloud-config or a multi-part message, for the first boot.' }),
    powerOn: z.boolean().optional().meta({ description: 'True where absent.' }),
    waitSeconds: z.number().int().min(10).max(7200).optional().meta({
      description:
        'How long to wait for Tools to show the address, 600 where absent; then it is done, with a warning.',
    }),
    count: z.number().int().min(1).max(SERVERS_AT_MOST).optional(),
    keepOnFailure: z.boolean().optional().meta({
      description: 'Leave a server that failed as it is, with its addresses, for a look.',
    }),
    dryRun: z.boolean().optional(),
  })
  .meta({ id: 'CreateServer' });
export type ServerInput = z.infer<typeof serverInput>;

export const plannedNic = z.object({
  network: ref.nullable(),
  ip: ip.nullable(),
  prefixLength: z.number().int().nullable(),
  gateway: ip.nullable(),
  ip6: z
    .object({ network: ref, ip, prefixLength: z.number().int(), gateway: ip.nullable() })
    .nullable()
    .meta({ description: 'From the companion network.' }),
  wire: ref.nullable().meta({ description: 'The wire whose port group the NIC is bound to.' }),
});
export type PlannedNic = z.infer<typeof plannedNic>;

export const hostVerdict = z.object({
  host: z.object({ id: z.uuid().nullable(), name: z.string() }),
  cluster: z.string().nullable(),
  fits: z.boolean(),
  reasons: z.array(z.object({ code: z.string(), text: z.string() })).meta({ description: 'Why not.' }),
  wires: z.array(ref.nullable()).meta({ description: 'For each NIC, the wire that it would be bound to.' }),
  datastore: z.string().nullable(),
  freeMemoryMib: z.number().int().nullable(),
  freeCpuMhz: z.number().int().nullable(),
  score: z.number().nullable().meta({ description: '0 to 1; the highest is taken.' }),
  servers: z.number().int().meta({ description: 'How many of the servers asked for it would get.' }),
});
export type HostVerdict = z.infer<typeof hostVerdict>;

/** What a request would come to; nothing is held. */
export const serverPlan = z
  .object({
    dryRun: z.literal(true),
    possible: z.boolean(),
    servers: z.array(
      z.object({
        name: z.string(),
        host: z.string().nullable(),
        datastore: z.string().nullable(),
        nics: z.array(plannedNic),
      }),
    ),
    hosts: z.array(hostVerdict).meta({ description: 'Every host of the account, and why or why not.' }),
    setup: z.enum(setupMethods),
    problems: z
      .array(z.object({ code: z.string(), text: z.string(), remedy: z.string() }))
      .meta({ description: 'What stands in the way.' }),
    warnings: z.array(z.object({ code: z.string(), text: z.string() })),
  })
  .meta({ id: 'ServerPlan' });
export type ServerPlan = z.infer<typeof serverPlan>;

export const nicAttachInput = z
  .strictObject({
    ...nicWish,
    restart: z.boolean().optional().meta({
      description: 'The guest may be restarted to learn of it; otherwise somebody configures it by hand.',
    }),
    waitSeconds: z.number().int().min(10).max(7200).optional(),
    dryRun: z.boolean().optional(),
  })
  .refine((nic) => nic.network === undefined || nic.tag === undefined, { path: ['tag'] })
  .refine((nic) => nic.network !== undefined || nic.tag !== undefined || nic.wire !== undefined, {
    path: ['network'],
  })
  .meta({ id: 'AttachNic' });
export type NicAttachInput = z.infer<typeof nicAttachInput>;

export const nicChangeInput = z
  .strictObject({
    network: nameOrId
      .optional()
      .meta({ description: "Absent: the network of the NIC's record, or one of the wire." }),
    wire: nameOrId.optional(),
    ip: ipInput.optional(),
    ip6: ipInput.optional(),
    restart: nicAttachInput.shape.restart,
    waitSeconds: z.number().int().min(10).max(7200).optional(),
    dryRun: z.boolean().optional(),
  })
  .meta({ id: 'ChangeNic' });
export type NicChangeInput = z.infer<typeof nicChangeInput>;

/** What a change of a server would come to. */
export const serverChangePlan = z
  .object({
    dryRun: z.literal(true),
    server: ref,
    nic: plannedNic.nullable(),
    releases: z
      .array(z.object({ ip, network: ref.nullable() }))
      .meta({ description: 'Addresses that become free.' }),
    restarts: z.boolean(),
    warnings: z.array(z.object({ code: z.string(), text: z.string() })),
  })
  .meta({ id: 'ServerChangePlan' });
export type ServerChangePlan = z.infer<typeof serverChangePlan>;

const dryRun = booleanQuery.optional().meta({ description: 'Answer what would happen and change nothing.' });
export const serverDeleteQuery = z.strictObject({
  dryRun,
  powerOff: booleanQuery.optional().meta({ description: 'Also where it is running.' }),
});
export const nicDetachQuery = z.strictObject({ dryRun });
export const nicParams = z.object({
  id: nameOrId,
  mac: z.string().min(1).max(64).meta({ description: 'The MAC of the NIC.' }),
});

/** A vCenter privilege that Wirebook uses, and on what. */
export const privilegeList = z
  .object({
    items: z.array(
      z.object({
        privilege: z.string().meta({ examples: ['VirtualMachine.Interact.PowerOn'] }),
        object: z.string().meta({ description: 'Where it has to be granted.' }),
        purposes: z
          .array(z.string())
          .meta({ description: '`read`: all that syncing needs; the others only for what changes vCenter.' }),
        text: z.string(),
      }),
    ),
  })
  .meta({ id: 'PrivilegeList' });
export type PrivilegeList = z.infer<typeof privilegeList>;
