import type { Declarations, DeclaredNic, DeclaredWire, ImportDeclarationsInput } from '@wirebook/contract';
import { given } from '../options.ts';
import type { Cells } from './cells.ts';

/** What stands in a row, by column; what is absent or null is an empty cell. */
export type Row = Readonly<Record<string, string | number | null | undefined>>;

/** One kind of declarations as a table: a file, its columns, and the way from an item to a row and back. */
export interface Table<Item> {
  readonly file: string;
  readonly columns: readonly string[];
  readonly needed: readonly string[];
  readonly write: (item: Item) => Row;
  readonly read: (cells: Cells) => object;
}

type Item<Kind extends keyof Declarations> = Declarations[Kind] extends readonly (infer One)[] ? One : never;
type Network = Item<'networks'>;

const wireColumns = ['account', 'portGroupId', 'wire', 'datacenter'] as const;
const writeWire = (wire: DeclaredWire) => ({
  account: wire.account,
  portGroupId: wire.portGroupId,
  wire: wire.name,
  datacenter: wire.datacenter,
});
const readWire = (cells: Cells): object =>
  given({
    account: cells.word('account'),
    portGroupId: cells.textOrNull('portGroupId'),
    name: cells.text('wire'),
    datacenter: cells.textOrNull('datacenter'),
  });

const nicColumns = ['account', 'serverUuid', 'moref', 'server', 'nicMac', 'deviceKey'] as const;
const writeNic = (nic: DeclaredNic) => ({
  account: nic.account,
  serverUuid: nic.server,
  moref: nic.moref,
  server: nic.name,
  nicMac: nic.mac,
  deviceKey: nic.deviceKey,
});
const readNic = (cells: Cells): object =>
  given({
    account: cells.word('account'),
    server: cells.wordOrNull('serverUuid'),
    moref: cells.wordOrNull('moref'),
    name: cells.textOrNull('server'),
    mac: cells.wordOrNull('nicMac'),
    deviceKey: cells.number('deviceKey'),
  });

const holderColumns = ['name', 'owner', 'mac', 'note'] as const;
const writeHolder = (holder: Item<'holders'>['holder']) => ({
  name: holder?.name,
  owner: holder?.owner,
  mac: holder?.mac,
  note: holder?.note,
});
/** Without any word about whoever has it there is nobody. */
function readHolder(cells: Cells): object | null | undefined {
  const holder = {
    name: cells.text('name'),
    owner: cells.textOrNull('owner'),
    mac: cells.wordOrNull('mac'),
    note: cells.text('note'),
  };
  const said = Object.values(holder);
  if (said.every((one) => one === undefined)) return undefined;
  return said.every((one) => one === undefined || one === null || one === '') ? null : given(holder);
}

/** `none` or ranges; the words `all` and `none` are taken too. */
function writeGiving(giving: Network['giving']): string | undefined {
  if (giving === undefined || typeof giving === 'string') return giving;
  return giving.length === 0 ? 'none' : giving.map(({ start, end }) => `${start}-${end}`).join(' ');
}
function readGiving(cells: Cells): unknown {
  const parts = cells.words('giving') ?? [];
  const [only] = parts;
  if (only === undefined) return undefined;
  if (parts.length === 1 && (only === 'all' || only === 'none')) return only === 'none' ? [] : only;
  return parts.map((part) => {
    const [start = '', end = start] = part.split('-');
    return { start, end };
  });
}

export const tables = {
  spaces: {
    file: 'spaces.csv',
    columns: ['name'],
    needed: ['name'],
    write: (space: Item<'spaces'>) => space,
    read: (cells) => given({ name: cells.word('name') }),
  },
  accounts: {
    file: 'accounts.csv',
    columns: ['name', 'instanceUuid', 'space'],
    needed: ['instanceUuid', 'space'],
    write: (account: Item<'accounts'>) => account,
    read: (cells) => ({
      name: cells.text('name') ?? '',
      ...given({ instanceUuid: cells.word('instanceUuid'), space: cells.word('space') }),
    }),
  },
  wires: {
    file: 'wires.csv',
    columns: [...wireColumns, 'space'],
    needed: ['account', 'wire', 'space'],
    write: (wire: Item<'wires'>) => ({ ...writeWire(wire), space: wire.space }),
    read: (cells) => ({ ...readWire(cells), ...given({ space: cells.word('space') }) }),
  },
  networks: {
    file: 'networks.csv',
    columns: [
      'space',
      'name',
      ...wireColumns,
      'start',
      'end',
      'prefixLength',
      'giving',
      'gateway',
      'dns',
      'domain',
      'ntp',
      'allocationPolicy',
      'restingSeconds',
      'companion',
      'description',
      'tags',
    ],
    needed: ['space', 'name', 'account', 'wire', 'start', 'end', 'prefixLength'],
    write: (network: Network) => {
      const { space, name, wire, start, end, prefixLength, gateway, domain, tags = {} } = network;
      const { allocationPolicy, restingSeconds, companion, description } = network;
      return {
        ...writeWire(wire),
        space,
        name,
        start,
        end,
        prefixLength,
        gateway,
        domain,
        allocationPolicy,
        restingSeconds,
        companion,
        description,
        giving: writeGiving(network.giving),
        dns: network.dns?.join(' '),
        ntp: network.ntp?.join(' '),
        tags: Object.keys(tags).length === 0 ? '' : JSON.stringify(tags),
      };
    },
    read: (cells) =>
      given({
        space: cells.word('space'),
        name: cells.word('name'),
        wire: readWire(cells),
        start: cells.word('start'),
        end: cells.word('end'),
        prefixLength: cells.number('prefixLength') ?? undefined,
        giving: readGiving(cells),
        gateway: cells.wordOrNull('gateway'),
        dns: cells.words('dns'),
        domain: cells.wordOrNull('domain'),
        ntp: cells.words('ntp'),
        allocationPolicy: cells.wordOrNothing('allocationPolicy'),
        restingSeconds: cells.number('restingSeconds') ?? undefined,
        companion: cells.wordOrNull('companion'),
        description: cells.text('description'),
        tags: cells.json('tags'),
      }),
  },
  reservations: {
    file: 'reservations.csv',
    columns: ['space', 'network', 'kind', 'start', 'end', 'note', 'expiresAt'],
    needed: ['space', 'network', 'start'],
    write: (reservation: Item<'reservations'>) => reservation,
    read: (cells) =>
      given({
        space: cells.word('space'),
        network: cells.word('network'),
        kind: cells.wordOrNothing('kind'),
        start: cells.word('start'),
        end: cells.wordOrNothing('end'),
        note: cells.text('note'),
        expiresAt: cells.wordOrNull('expiresAt'),
      }),
  },
  sharedAddresses: {
    file: 'shared-addresses.csv',
    columns: ['space', 'ip'],
    needed: ['space', 'ip'],
    write: (address: Item<'sharedAddresses'>) => address,
    read: (cells) => given({ space: cells.word('space'), ip: cells.word('ip') }),
  },
  holders: {
    file: 'holders.csv',
    columns: ['space', 'ip', 'network', 'source', 'key', ...holderColumns, 'expiresAt'],
    needed: ['space', 'ip'],
    write: ({ holder, ...claim }: Item<'holders'>) => ({ ...claim, ...writeHolder(holder) }),
    read: (cells) => ({ ...readClaim(cells), ...given({ expiresAt: cells.wordOrNull('expiresAt') }) }),
  },
  nicAddresses: {
    file: 'nic-addresses.csv',
    columns: ['space', 'ip', 'network', ...nicColumns, 'source', 'key', ...holderColumns],
    needed: ['space', 'ip', 'account'],
    write: ({ holder, nic, ...claim }: Item<'nicAddresses'>) => ({
      ...claim,
      ...writeNic(nic),
      ...writeHolder(holder),
    }),
    read: (cells) => ({ ...readClaim(cells), nic: readNic(cells) }),
  },
  keptConflicts: {
    file: 'kept-conflicts.csv',
    columns: ['space', 'ip', ...nicColumns],
    needed: ['space', 'ip', 'account'],
    write: ({ nic, ...kept }: Item<'keptConflicts'>) => ({ ...kept, ...writeNic(nic) }),
    read: (cells) => ({
      ...given({ space: cells.word('space'), ip: cells.word('ip') }),
      nic: readNic(cells),
    }),
  },
} as const satisfies {
  [Kind in keyof Omit<ImportDeclarationsInput, 'format' | 'version' | 'exportedAt'>]-?: Table<Item<Kind>>;
};

function readClaim(cells: Cells): object {
  return given({
    space: cells.word('space'),
    ip: cells.word('ip'),
    network: cells.wordOrNull('network'),
    source: cells.wordOrNothing('source'),
    key: cells.textOrNull('key'),
    holder: readHolder(cells),
  });
}

/** The wires that networks have besides their primary ones: a row for each. */
export const networkWires = {
  file: 'network-wires.csv',
  columns: ['space', 'network', 'origin', ...wireColumns],
  needed: ['space', 'network', 'origin', 'account', 'wire'],
  write: ({ space, name, declaredWires = [], excludedWires = [] }: Network) => [
    ...declaredWires.map((wire) => ({ space, network: name, origin: 'declared', ...writeWire(wire) })),
    ...excludedWires.map((wire) => ({ space, network: name, origin: 'excluded', ...writeWire(wire) })),
  ],
  read: (cells: Cells) => ({
    space: cells.word('space') ?? '',
    network: cells.word('network') ?? '',
    origin: cells.word('origin') ?? '',
    wire: readWire(cells),
  }),
} as const;
