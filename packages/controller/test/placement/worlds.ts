import fc from 'fast-check';
import {
  GIB,
  type LiveDatastore,
  type LiveFacts,
  type LiveHost,
  type PlacedNetwork,
  type PlacementInput,
  type PlacementSource,
  type PlacementWish,
  type UsableOrigin,
  type WirePresence,
  type WireVlan,
} from '../../src/domain/placement/facts.ts';

/** Small vCenters to place servers in: two hosts of a cluster `north`, unless a test says otherwise. */

export const vlan = (id: number): WireVlan => ({ kind: 'id', id, ranges: [], primaryId: null });
export const trunk: WireVlan = {
  kind: 'trunk',
  id: null,
  ranges: [{ start: 0, end: 4094 }],
  primaryId: null,
};

export function host(moref: string, more: Partial<LiveHost> = {}): LiveHost {
  return {
    moref,
    name: `esx-${moref}`,
    connectionState: 'connected',
    powerState: 'poweredOn',
    maintenance: false,
    datacenter: 'dc-1',
    compute: 'north',
    cpuCores: 16,
    cpuThreads: 32,
    cpuTotal: 16 * 2000,
    cpuUsed: 0,
    memoryTotal: 128 * GIB,
    memoryUsed: 0,
    ...more,
  };
}

export function datastore(
  moref: string,
  hosts: readonly string[],
  more: Partial<LiveDatastore> = {},
): LiveDatastore {
  return {
    moref,
    name: `store-${moref}`,
    datacenter: 'dc-1',
    capacity: 1000 * GIB,
    free: 500 * GIB,
    accessible: true,
    maintenance: false,
    mounts: new Map(hosts.map((one) => [one, { writable: true, accessible: true }])),
    ...more,
  };
}

export function facts(more: Partial<LiveFacts> = {}): LiveFacts {
  const hosts = more.hosts ?? [host('h1'), host('h2')];
  const cluster = (moref: string, datacenter: string) =>
    ({ moref, name: moref, kind: 'cluster', drs: false, datacenter, rootPool: `pool-${moref}` }) as const;
  return {
    hosts,
    computes: [cluster('north', 'dc-1'), cluster('south', 'dc-1'), cluster('abroad', 'dc-2')],
    datastores: [
      datastore(
        'd1',
        hosts.map(({ moref }) => moref),
      ),
    ],
    pools: [
      { moref: 'pool-north', name: 'Resources', compute: 'north', path: '' },
      { moref: 'pool-test', name: 'Test', compute: 'south', path: 'Test' },
    ],
    folders: [
      { moref: 'f-1', name: 'vm', datacenter: 'dc-1', path: '' },
      { moref: 'f-web', name: 'Web', datacenter: 'dc-1', path: 'Web' },
      { moref: 'f-2', name: 'vm', datacenter: 'dc-2', path: '' },
    ],
    datacenters: [
      { moref: 'dc-1', name: 'Home', path: 'Home', vmFolder: 'f-1' },
      { moref: 'dc-2', name: 'Abroad', path: 'Abroad', vmFolder: 'f-2' },
    ],
    ...more,
  };
}

/** A distributed port group on a host of the book, with VLAN 20. */
export function presence(wireId: string, hostId: string, more: Partial<WirePresence> = {}): WirePresence {
  return {
    wireId,
    hostId,
    binding: { kind: 'distributed', switchUuid: '50 0f', portgroupKey: `key-${wireId}` },
    purpose: 'vm',
    hostVlan: vlan(20),
    wireVlan: vlan(20),
    deviates: false,
    trunk: false,
    missing: false,
    ambiguous: false,
    ...more,
  };
}

/** A network of wires that are named as their ids are: `web primary`, `twin declared`. */
export function network(name: string, ...wires: readonly `${string} ${UsableOrigin}`[]): PlacedNetwork {
  return {
    id: name,
    name,
    wires: wires.map((text) => {
      const [wireId = '', origin] = text.split(' ');
      if (origin !== 'primary' && origin !== 'declared' && origin !== 'detected')
        throw new Error(`${text} has no origin`);
      return { wireId, name: wireId, origin };
    }),
  };
}

export function wish(more: Partial<PlacementWish> = {}): PlacementWish {
  return {
    nics: [{ networks: [network('web-net', 'web primary')], wire: null }],
    cpus: 2,
    memoryMib: 4096,
    disk: 40 * GIB,
    linked: false,
    host: null,
    compute: null,
    datacenter: null,
    datastore: null,
    pool: null,
    folder: null,
    ...more,
  };
}

export const source: PlacementSource = {
  host: 'h1',
  datacenter: 'dc-1',
  folder: 'f-web',
  datastores: ['d1'],
};

/** Every host is in the book by its managed object id with `b-` before it, and has the wire `web`. */
export function input(more: Partial<PlacementInput> = {}): PlacementInput {
  const live = more.facts ?? facts();
  return {
    facts: live,
    hostIds: new Map(live.hosts.map(({ moref }) => [moref, `b-${moref}`])),
    presence: live.hosts.map(({ moref }) => presence('web', `b-${moref}`)),
    uses: [],
    wish: wish(),
    source,
    placed: [],
    ...more,
  };
}

const wireIds = ['a', 'b', 'c'];
const hostMorefs = ['h1', 'h2', 'h3', 'h4'];
const often = <T>(usual: T, ...rare: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...rare) });

const anyHost = (moref: string): fc.Arbitrary<LiveHost> =>
  fc
    .record({
      connectionState: often('connected', 'disconnected', 'notResponding'),
      powerState: often('poweredOn', 'standBy', 'poweredOff'),
      maintenance: often(false, true),
      compute: fc.constantFrom('north', 'north', 'south', 'abroad'),
      cpuUsed: fc.option(fc.integer({ min: 0, max: 32_000 }), { nil: null, freq: 8 }),
      memoryUsed: fc.option(
        fc.integer({ min: 0, max: 128 }).map((gib) => gib * GIB),
        { nil: null, freq: 8 },
      ),
    })
    .map((some) => host(moref, { ...some, datacenter: some.compute === 'abroad' ? 'dc-2' : 'dc-1' }));

const anyDatastore = (moref: string): fc.Arbitrary<LiveDatastore> =>
  fc
    .record({
      free: fc.integer({ min: 0, max: 1000 }).map((gib) => gib * GIB),
      maintenance: often(false, true),
      mounts: fc
        .uniqueArray(
          fc.tuple(
            fc.constantFrom(...hostMorefs),
            fc.record({ writable: often(true, false), accessible: often(true, false) }),
          ),
          { selector: ([id]) => id, maxLength: 4 },
        )
        .map((mounts) => new Map(mounts)),
    })
    .map((some) => datastore(moref, [], some));

const anyPresence: fc.Arbitrary<WirePresence[]> = fc.uniqueArray(
  fc
    .record({
      wireId: fc.constantFrom(...wireIds),
      hostId: fc.constantFrom(...hostMorefs).map((moref) => `b-${moref}`),
      deviates: often(false, true),
      trunk: often(false, true),
      missing: often(false, true),
    })
    .map(({ wireId, hostId, ...some }) => presence(wireId, hostId, some)),
  { selector: ({ wireId, hostId }) => `${wireId} ${hostId}`, minLength: 4, maxLength: 12 },
);

const anyNetwork = (name: string): fc.Arbitrary<PlacedNetwork> =>
  fc
    .shuffledSubarray(wireIds, { minLength: 1 })
    .map(([first = '', ...others]) =>
      network(
        name,
        `${first} primary`,
        ...others.map((id, index): `${string} ${UsableOrigin}` =>
          index === 0 ? `${id} declared` : `${id} detected`,
        ),
      ),
    );

/** Few of everything, so that they meet often. */
export const world: fc.Arbitrary<PlacementInput> = fc
  .record({
    hosts: fc.subarray(hostMorefs, { minLength: 1 }).chain((ids) => fc.tuple(...ids.map(anyHost))),
    datastores: fc.tuple(anyDatastore('d1'), anyDatastore('d2'), anyDatastore('d3')),
    presence: anyPresence,
    networks: fc.array(anyNetwork('net'), { minLength: 1, maxLength: 3 }),
    uses: fc.array(
      fc.record({
        networkId: fc.constant('net'),
        wireId: fc.constantFrom(...wireIds),
        hostId: fc.constantFrom(...hostMorefs).map((moref) => `b-${moref}`),
        servers: fc.integer({ min: 1, max: 9 }),
      }),
      { maxLength: 4 },
    ),
    unknown: fc.array(fc.constantFrom(...hostMorefs), { maxLength: 1 }),
    wished: fc.record({
      cpus: fc.constantFrom(1, 2, 8, 40),
      memoryMib: fc.constantFrom(1024, 16 * 1024, 120 * 1024),
      host: often<string | null>(null, 'h1', 'h2'),
      compute: often<string | null>(null, 'north', 'south'),
      datastore: often<string | null>(null, 'd1', 'd2'),
      folder: often<string | null>(null, 'f-1', 'f-2'),
      linked: often(false, true),
    }),
  })
  .map(({ hosts, datastores, networks, uses, unknown, wished, presence: there }) => {
    const live = facts({ hosts, datastores });
    const known = hosts.filter(({ moref }) => !unknown.includes(moref));
    return input({
      facts: live,
      hostIds: new Map(known.map(({ moref }) => [moref, `b-${moref}`])),
      presence: there,
      uses,
      wish: wish({ ...wished, nics: networks.map((one) => ({ networks: [one], wire: null })) }),
    });
  });
