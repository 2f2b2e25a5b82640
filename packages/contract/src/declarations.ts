import { z } from 'zod';
import { claimKey } from './allocation.ts';
import { booleanQuery, ipInput, objectName, time, words } from './common.ts';
import { networkInput } from './networks.ts';

/** Everything that people declared, in one document that another Wirebook can take. Objects are named by what they are called elsewhere too. */

/** The most that one list of a document to import may hold. */
export const DECLARED_AT_MOST = 250_000;

const instanceUuid = words(255)
  .min(1)
  .meta({ description: 'Of the vCenter, or the hardware UUID of the ESXi.' });
const spaceName = objectName.meta({ description: 'Name of the address space.' });
/** vCenter lets a name have what it likes. */
const vcenterName = z.string().max(1024);
const mac = z.string().max(64).nullish();
const expiresAt = z.iso.datetime({ offset: true }).nullish();
const source = z.enum(['manual', 'allocated']);

export const declaredWire = z
  .strictObject({
    account: instanceUuid,
    portGroupId: z
      .string()
      .min(1)
      .max(1024)
      .nullish()
      .meta({ description: 'Where no wire has it any more, the only one of that name is meant.' }),
    name: vcenterName,
    datacenter: vcenterName.nullish(),
  })
  .meta({ id: 'DeclaredWire' });
export type DeclaredWire = z.infer<typeof declaredWire>;

export const declaredNic = z
  .strictObject({
    account: instanceUuid,
    server: z.string().max(255).nullish().meta({ description: 'Instance UUID of the server.' }),
    moref: z.string().max(255).nullish(),
    name: vcenterName.nullish().meta({ description: 'Name of the server.' }),
    mac,
    deviceKey: z.number().int().min(-2_147_483_648).max(2_147_483_647).nullish(),
  })
  .meta({ id: 'DeclaredNic' });
export type DeclaredNic = z.infer<typeof declaredNic>;

const holder = z
  .strictObject({
    name: words(255).optional(),
    owner: words(255).nullish(),
    mac,
    note: words(4096).optional(),
  })
  .nullish()
  .meta({ description: 'Who has it; null for nobody in particular.' });

const { start, end, prefixLength } = networkInput.shape;
const { gateway, dns, domain, ntp, allocationPolicy, restingSeconds, description, tags, giving } =
  networkInput.shape;

export const declaredSpace = z.strictObject({ name: spaceName });
export const declaredAccount = z.strictObject({
  name: z.string().max(255),
  instanceUuid,
  space: spaceName,
});
export const declaredWirePlace = z.strictObject({ ...declaredWire.shape, space: spaceName });
export const declaredNetwork = z
  .strictObject({
    space: spaceName,
    name: objectName,
    wire: declaredWire,
    start: start.unwrap(),
    end: end.unwrap(),
    prefixLength: prefixLength.unwrap(),
    giving,
    gateway,
    dns,
    domain,
    ntp,
    allocationPolicy,
    restingSeconds,
    description,
    tags,
    companion: objectName.nullish().meta({ description: 'Name of the companion, in the same space.' }),
    declaredWires: z.array(declaredWire).max(500).optional(),
    excludedWires: z.array(declaredWire).max(500).optional(),
  })
  .meta({ id: 'DeclaredNetwork' });
export type DeclaredNetwork = z.infer<typeof declaredNetwork>;
export const declaredReservation = z
  .strictObject({
    space: spaceName,
    network: objectName,
    kind: z.enum(['reserved', 'dhcp']).optional(),
    start: ipInput,
    end: ipInput.optional(),
    note: words(4096).optional(),
    expiresAt,
  })
  .meta({ id: 'DeclaredReservation' });
export const declaredShare = z.strictObject({ space: spaceName, ip: ipInput });
export const declaredHolder = z
  .strictObject({
    space: spaceName,
    ip: ipInput,
    network: objectName
      .nullish()
      .meta({ description: 'For the reader: the network is the one that holds the address.' }),
    source: source.optional(),
    key: claimKey.nullish(),
    holder,
    expiresAt,
  })
  .meta({ id: 'DeclaredHolder' });
export type DeclaredHolder = z.infer<typeof declaredHolder>;
export const declaredNicAddress = z
  .strictObject({
    space: spaceName,
    ip: ipInput,
    network: objectName.nullish(),
    nic: declaredNic,
    source: source.optional(),
    key: claimKey.nullish(),
    holder,
  })
  .meta({ id: 'DeclaredNicAddress' });
export type DeclaredNicAddress = z.infer<typeof declaredNicAddress>;
export const declaredKeeping = z
  .strictObject({ space: spaceName, ip: ipInput, nic: declaredNic })
  .meta({ id: 'DeclaredKeeping' });

const lists = {
  spaces: z.array(declaredSpace).max(DECLARED_AT_MOST),
  accounts: z.array(declaredAccount).max(DECLARED_AT_MOST),
  wires: z
    .array(declaredWirePlace)
    .max(DECLARED_AT_MOST)
    .meta({ description: 'Those that lie in another space than their account.' }),
  networks: z.array(declaredNetwork).max(DECLARED_AT_MOST),
  reservations: z.array(declaredReservation).max(DECLARED_AT_MOST),
  sharedAddresses: z.array(declaredShare).max(DECLARED_AT_MOST),
  holders: z
    .array(declaredHolder)
    .max(DECLARED_AT_MOST)
    .meta({ description: 'Addresses that somebody has and no NIC: holders outside vCenter, and holds.' }),
  nicAddresses: z.array(declaredNicAddress).max(DECLARED_AT_MOST).meta({
    description: 'Addresses that NICs have because a person said so, or because they were given out.',
  }),
  keptConflicts: z
    .array(declaredKeeping)
    .max(DECLARED_AT_MOST)
    .meta({ description: 'Claimants whom a person refused, while they go on claiming.' }),
};
/** The lists of a document, in the order in which they are written and taken. */
export const declarationKinds = [
  'spaces',
  'accounts',
  'wires',
  'networks',
  'reservations',
  'sharedAddresses',
  'holders',
  'nicAddresses',
  'keptConflicts',
] as const satisfies readonly (keyof typeof lists)[];
export type DeclarationKind = (typeof declarationKinds)[number];

const head = { format: z.literal('wirebook-declarations'), version: z.literal(1) };
export const declarations = z
  .strictObject({ ...head, exportedAt: time, ...lists })
  .meta({ id: 'Declarations' });
export type Declarations = z.infer<typeof declarations>;

export const importDeclarationsInput = z
  .strictObject({
    ...head,
    exportedAt: time.optional(),
    spaces: lists.spaces.optional(),
    accounts: lists.accounts.optional(),
    wires: lists.wires.optional(),
    networks: lists.networks.optional(),
    reservations: lists.reservations.optional(),
    sharedAddresses: lists.sharedAddresses.optional(),
    holders: lists.holders.optional(),
    nicAddresses: lists.nicAddresses.optional(),
    keptConflicts: lists.keptConflicts.optional(),
  })
  .meta({ id: 'ImportDeclarations' });
export type ImportDeclarationsInput = z.infer<typeof importDeclarationsInput>;

export const importDeclarationsQuery = z.strictObject({
  dryRun: booleanQuery.optional().meta({ description: 'Answer what would happen and change nothing.' }),
  overwrite: booleanQuery
    .optional()
    .meta({ description: 'Where what stands says something else, take the word of the document.' }),
  skipMissing: booleanQuery.optional().meta({
    description: 'Leave out what names accounts, wires or servers that are not there, and tell it.',
  }),
});

const tally = z.object({
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  skipped: z.number().int(),
});
export type DeclarationTally = z.infer<typeof tally>;
export const importedDeclarations = z
  .object({
    dryRun: z.boolean(),
    counts: z.object({
      spaces: tally,
      accounts: tally,
      wires: tally,
      networks: tally,
      reservations: tally,
      sharedAddresses: tally,
      holders: tally,
      nicAddresses: tally,
      keptConflicts: tally,
    } satisfies Record<DeclarationKind, typeof tally>),
    settles: z.number().int().meta({ description: 'NIC records from VMware Tools that come into being.' }),
    ends: z.number().int(),
    conflicts: z.number().int(),
    items: z
      .array(
        z.object({
          field: z.string().meta({ description: 'Place in the document, as in networks[3].' }),
          name: z.string(),
          change: z.enum(['created', 'updated']),
        }),
      )
      .meta({ description: 'The first 500 that change something.' }),
    notes: z
      .array(z.object({ field: z.string(), value: z.unknown(), message: z.string() }))
      .meta({ description: 'The first 1000 that were left out, or taken otherwise than they stand there.' }),
  })
  .meta({ id: 'ImportedDeclarations' });
export type ImportedDeclarations = z.infer<typeof importedDeclarations>;
