import { describe, expect, test } from 'vitest';
import {
  GIB,
  type LiveDatastore,
  type LiveFacts,
  type LiveHost,
  MIB,
  type PlacementInput,
  type PlacementWish,
} from '../../src/domain/placement/facts.ts';
import { loadOf, placeServer } from '../../src/domain/placement/placing.ts';
import { isElsewhere, type PlacementReason } from '../../src/domain/placement/reasons.ts';
import { diskNeed } from '../../src/domain/placement/room.ts';
import { datastore, facts, host, input, presence, source, wish } from './worlds.ts';

/** Why hosts can't have a server, apart from wires. */

/** What speaks against each host, by its managed object id; nothing for a host that can have the server. */
function judge(more: Partial<PlacementInput>): Record<string, readonly PlacementReason[]> {
  return Object.fromEntries(
    placeServer(input(more)).verdicts.map(({ host: { moref }, reasons }) => [moref, reasons]),
  );
}
/** The only host there is. */
function judgeHost(more: Partial<LiveHost>, wished: Partial<PlacementWish> = {}): readonly PlacementReason[] {
  const judged = judge({ facts: facts({ hosts: [host('h1', more)] }), wish: wish(wished) });
  return judged['h1'] ?? [];
}

describe('a host can have no server that', () => {
  test('vCenter has lost', () => {
    for (const state of ['disconnected', 'notResponding'])
      expect(
        judge({ facts: facts({ hosts: [host('h1'), host('h2', { connectionState: state })] }) }),
      ).toEqual({
        h1: [],
        h2: [{ code: 'not_connected', params: { state } }],
      });
  });

  test('is off or in standby: which says more than that it is disconnected', () => {
    const off = { connectionState: 'disconnected', powerState: 'poweredOff' };
    const asleep = { connectionState: 'disconnected', powerState: 'standBy' };
    const hosts = [host('h1'), host('h2', off), host('h3', asleep)];
    expect(judge({ facts: facts({ hosts }) })).toEqual({
      h1: [],
      h2: [{ code: 'powered_off', params: {} }],
      h3: [{ code: 'standby', params: {} }],
    });
  });

  test('is in maintenance', () => {
    expect(judgeHost({ maintenance: true })).toEqual([{ code: 'maintenance', params: {} }]);
  });

  test('is not in the book yet', () => {
    const hostIds = new Map([['h1', 'b-h1']]);
    expect(judge({ hostIds })).toEqual({ h1: [], h2: [{ code: 'unknown_host', params: {} }] });
  });

  test('belongs to nothing that has a pool, or lies where no folder is shown', () => {
    expect(judgeHost({ compute: null })).toEqual([{ code: 'no_pool', params: {} }]);
    const live = facts({ hosts: [host('h1')], folders: [], datacenters: [] });
    expect(judge({ facts: live })).toEqual({ h1: [{ code: 'no_folder', params: {} }] });
  });
});

test('everything that speaks against a host is told at once', () => {
  const reasons = judgeHost({ maintenance: true, memoryUsed: 126 * GIB, cpuThreads: 1 }).map(
    ({ code }) => code,
  );
  expect(reasons).toEqual(['maintenance', 'cpu_count', 'memory_short']);
});

test('of a host that does not answer, room and datastores are not judged', () => {
  const silent = host('h1', { connectionState: 'notResponding', memoryUsed: 128 * GIB });
  const elsewhere = { ...source, host: 'h9' };
  const live = facts({ hosts: [silent] });
  expect(judge({ facts: live, source: elsewhere, wish: wish({ disk: 9e15 }) })).toEqual({
    h1: [{ code: 'not_connected', params: { state: 'notResponding' } }],
  });
});

test('a source whose host does not answer can be cloned nowhere', () => {
  const hosts = [host('h1', { connectionState: 'notResponding' }), host('h2')];
  expect(judge({ facts: facts({ hosts }) })['h2']).toEqual([
    { code: 'source_unreachable', params: { host: 'esx-h1', state: 'notResponding' } },
  ]);
});

describe('what is asked for', () => {
  const live = facts({
    hosts: [
      host('h1'),
      host('h2', { compute: 'south' }),
      host('h3', { compute: 'abroad', datacenter: 'dc-2' }),
    ],
  });
  const refusals = (wished: Partial<PlacementWish>) => {
    const judged = judge({ facts: live, wish: wish(wished) });
    return Object.fromEntries(
      Object.entries(judged).map(([id, reasons]) => [id, reasons.filter(isElsewhere)]),
    );
  };

  test('is a host', () => {
    const elsewhere = [{ code: 'other_host', params: { host: 'esx-h2' } }];
    expect(refusals({ host: 'h2' })).toEqual({ h1: elsewhere, h2: [], h3: elsewhere });
  });

  test('is a cluster', () => {
    const elsewhere = [{ code: 'other_cluster', params: { cluster: 'south' } }];
    expect(refusals({ compute: 'south' })).toEqual({ h1: elsewhere, h2: [], h3: elsewhere });
  });

  test('is a pool, which the server then is in', () => {
    const elsewhere = [{ code: 'other_pool', params: { pool: 'Test', cluster: 'south' } }];
    expect(refusals({ pool: 'pool-test' })).toEqual({ h1: elsewhere, h2: [], h3: elsewhere });
    expect(placeServer(input({ facts: live, wish: wish({ pool: 'pool-test' }) })).choice?.pool).toBe(
      'pool-test',
    );
    // Else it is in its cluster's own.
    expect(placeServer(input({ facts: live, wish: wish({ host: 'h2' }) })).choice?.pool).toBe('pool-south');
  });

  test('is a datacenter, or a folder of one', () => {
    const elsewhere = (because: string) => [
      { code: 'other_datacenter', params: { datacenter: 'Abroad', because } },
    ];
    expect(refusals({ datacenter: 'dc-2' })).toEqual({
      h1: elsewhere('asked'),
      h2: elsewhere('asked'),
      h3: [],
    });
    expect(refusals({ folder: 'f-2' })).toEqual({ h1: elsewhere('folder'), h2: elsewhere('folder'), h3: [] });
  });

  test('is told of a host beside what the host itself lacks', () => {
    const hosts = [host('h1', { maintenance: true }), host('h2')];
    expect(judge({ facts: facts({ hosts }), wish: wish({ host: 'h2' }) })['h1']).toEqual([
      { code: 'other_host', params: { host: 'esx-h2' } },
      { code: 'maintenance', params: {} },
    ]);
  });
});

describe('another datacenter than that of the source', () => {
  const abroad = host('h3', { compute: 'abroad', datacenter: 'dc-2' });
  const here = host('h1', { memoryUsed: 120 * GIB });

  test('is taken only where the datacenter of the source has no place', () => {
    const both = placeServer(input({ facts: facts({ hosts: [here, abroad] }) }));
    expect(both.verdicts.map(({ host: { moref }, ok }) => `${moref} ${ok}`)).toEqual(['h1 true', 'h3 true']);
    const full = host('h1', { maintenance: true });
    const { choice } = placeServer(input({ facts: facts({ hosts: [full, abroad] }) }));
    expect(choice?.host.moref).toBe('h3');
    // The folder of the source is not there: the datacenter's own is.
    expect(choice?.folder).toBe('f-2');
    expect(both.choice?.folder).toBe('f-web');
  });

  test('is refused to a linked clone, whose disks stay where those of its source are', () => {
    const judged = judge({ facts: facts({ hosts: [here, abroad] }), wish: wish({ linked: true }) });
    expect(judged).toEqual({
      h1: [],
      h3: [{ code: 'other_datacenter', params: { datacenter: 'Home', because: 'linked' } }],
    });
  });
});

describe('datastores', () => {
  const hosts = [host('h1')];
  const stored = (datastores: LiveDatastore[], wished: Partial<PlacementWish> = {}) =>
    placeServer(input({ facts: facts({ hosts, datastores }), wish: wish(wished) }));
  const reasonsOf = (datastores: LiveDatastore[], wished: Partial<PlacementWish> = {}) =>
    stored(datastores, wished).verdicts[0]?.reasons;
  const mount = (some: { writable?: boolean; accessible?: boolean }) => ({
    mounts: new Map([['h1', { writable: true, accessible: true, ...some }]]),
  });

  test('the one asked for is taken, though another has more room', () => {
    const two = [datastore('d1', ['h1']), datastore('d2', ['h1'], { free: 50 * GIB })];
    expect(stored(two, { datastore: 'd2' }).choice?.datastore).toEqual({ moref: 'd2', name: 'store-d2' });
    expect(stored(two).choice?.datastore.moref).toBe('d1');
  });

  test('the one asked for must be seen, reached, writable, not in maintenance, and have room', () => {
    const cases: [LiveDatastore, PlacementReason][] = [
      [datastore('d1', ['h2']), { code: 'datastore_not_seen', params: { datastore: 'store-d1' } }],
      [
        datastore('d1', [], mount({ accessible: false })),
        { code: 'datastore_unreachable', params: { datastore: 'store-d1' } },
      ],
      [
        datastore('d1', ['h1'], { accessible: false }),
        { code: 'datastore_unreachable', params: { datastore: 'store-d1' } },
      ],
      [
        datastore('d1', [], mount({ writable: false })),
        { code: 'datastore_read_only', params: { datastore: 'store-d1' } },
      ],
      [
        datastore('d1', ['h1'], { maintenance: true }),
        { code: 'datastore_maintenance', params: { datastore: 'store-d1' } },
      ],
      [
        datastore('d1', ['h1'], { free: 39 * GIB }),
        { code: 'datastore_full', params: { datastore: 'store-d1', needed: 40 * GIB, free: 39 * GIB } },
      ],
    ];
    for (const [one, reason] of cases)
      expect(reasonsOf([one, datastore('d2', ['h1'])], { datastore: 'd1' })).toEqual([reason]);
  });

  test('where none is asked for, those that can not be used are passed over', () => {
    const unusable = [
      datastore('d1', ['h1'], { maintenance: true }),
      datastore('d2', [], mount({ writable: false })),
      datastore('d3', ['h1'], { free: 0 }),
    ];
    expect(stored([...unusable, datastore('d4', ['h1'])]).choice?.datastore.moref).toBe('d4');
    // Left are one without room, and then none at all.
    expect(reasonsOf(unusable)).toEqual([
      { code: 'datastore_full', params: { datastore: 'store-d3', needed: 40 * GIB, free: 0 } },
    ]);
    expect(reasonsOf(unusable.slice(0, 2))).toEqual([{ code: 'no_datastore', params: {} }]);
  });

  test('one that several hosts have is preferred to one that ties the server to its host', () => {
    const local = datastore('d1', ['h1'], { free: 900 * GIB });
    const shared = datastore('d2', ['h1', 'h2'], { free: 600 * GIB });
    expect(stored([local, shared]).choice?.datastore.moref).toBe('d2');
  });

  test('a linked clone stays on a datastore of its source, and its host must reach all of them', () => {
    const two = [datastore('d1', ['h1'], { free: 50 * GIB }), datastore('d2', ['h1'])];
    const linked = (datastores: LiveDatastore[], wished: Partial<PlacementWish> = {}) =>
      placeServer(
        input({
          facts: facts({ hosts, datastores }),
          wish: wish({ linked: true, ...wished }),
          source: { ...source, datastores: ['d1'] },
        }),
      );
    expect(linked(two).choice?.datastore.moref).toBe('d1');
    expect(linked(two, { datastore: 'd2' }).choice?.datastore.moref).toBe('d2');
    const apart = [datastore('d1', ['h2']), datastore('d2', ['h1'])];
    const notSeen = [{ code: 'datastore_not_seen', params: { datastore: 'store-d1' } }];
    expect(linked(apart).verdicts[0]?.reasons).toEqual(notSeen);
    expect(linked(apart, { datastore: 'd2' }).verdicts[0]?.reasons).toEqual(notSeen);
  });
});

describe('what a clone takes on its datastore', () => {
  const thick = { capacity: 40 * GIB, thin: false, used: 40 * GIB };
  const thin = { capacity: 40 * GIB, thin: true, used: 3 * GIB };
  const need = (more: Partial<Parameters<typeof diskNeed>[0]>) =>
    diskNeed({ disks: [thick, thin], capacities: [], memoryMib: 0, linked: false, ...more }) / GIB;

  test('is thick disks whole and thin ones as far as they are written, with what they are to grow by', () => {
    expect(need({})).toBe(43);
    expect(need({ capacities: [60, 80].map((gib) => gib * GIB) })).toBe(63);
    expect(need({ capacities: [null, 80 * GIB] })).toBe(43);
    // A disk never shrinks.
    expect(need({ capacities: [10 * GIB] })).toBe(43);
  });

  test('is the whole of a thin disk where vCenter does not tell how much is written', () => {
    expect(need({ disks: [{ ...thin, used: null }] })).toBe(40);
  });

  test('is a swap file of the size of the memory too, and little else for a linked clone', () => {
    expect(need({ memoryMib: 8192 })).toBe(51);
    expect(need({ memoryMib: 8192, linked: true })).toBe(10);
  });
});

describe('room', () => {
  test('memory has to be free', () => {
    expect(judgeHost({ memoryUsed: 124 * GIB }, { memoryMib: 4096 })).toEqual([]);
    expect(judgeHost({ memoryUsed: 124 * GIB }, { memoryMib: 4097 })).toEqual([
      { code: 'memory_short', params: { needed: 4097 * MIB, free: 4 * GIB } },
    ]);
  });

  test('four virtual processors are reckoned to use a core', () => {
    expect(judgeHost({ cpuUsed: 31_000 }, { cpus: 2 })).toEqual([]);
    expect(judgeHost({ cpuUsed: 31_001 }, { cpus: 2 })).toEqual([
      { code: 'cpu_short', params: { needed: 1000, free: 999 } },
    ]);
  });

  test('a host powers on no server with more processors than it has threads', () => {
    expect(judgeHost({}, { cpus: 32 })).toEqual([]);
    expect(judgeHost({}, { cpus: 33 })).toEqual([{ code: 'cpu_count', params: { asked: 33, threads: 32 } }]);
  });

  test('what was placed before and shows in no figure yet counts', () => {
    const one = { facts: facts({ hosts: [host('h1', { memoryUsed: 121 * GIB })] }) };
    const { choice } = placeServer(input(one));
    if (choice === null) throw new Error('no place');
    expect(judge({ ...one, placed: [loadOf(input(), choice)] })['h1']).toEqual([
      { code: 'memory_short', params: { needed: 4 * GIB, free: 3 * GIB } },
    ]);
  });

  test('what vCenter does not tell refuses nothing', () => {
    const silent = { cpuUsed: null, memoryUsed: null, cpuThreads: null, cpuCores: null, cpuTotal: null };
    expect(judgeHost(silent, { cpus: 99, memoryMib: 999_999 })).toEqual([]);
  });
});

describe('where no host can have the server', () => {
  test('each reason is told once, with its hosts, of those that were asked for', () => {
    const hosts = [
      host('h1', { maintenance: true }),
      host('h2', { maintenance: true }),
      host('h3', { memoryUsed: 126 * GIB }),
      host('h4', { memoryUsed: 127 * GIB }),
      host('h5', { compute: 'south' }),
    ];
    const { choice, refusals } = placeServer(
      input({ facts: facts({ hosts }), wish: wish({ compute: 'north' }) }),
    );
    expect(choice).toBeNull();
    expect(refusals).toEqual([
      { reason: { code: 'maintenance', params: {} }, hosts: ['esx-h1', 'esx-h2'] },
      // Of those that are short, what the one with the most has.
      {
        reason: { code: 'memory_short', params: { needed: 4 * GIB, free: 2 * GIB } },
        hosts: ['esx-h3', 'esx-h4'],
      },
    ]);
  });

  test('and none was asked for, that is what is told', () => {
    const live: LiveFacts = facts({ hosts: [host('h1')] });
    const { refusals } = placeServer(
      input({ facts: live, presence: [presence('web', 'b-h1')], wish: wish({ compute: 'south' }) }),
    );
    expect(refusals).toEqual([
      { reason: { code: 'other_cluster', params: { cluster: 'south' } }, hosts: ['esx-h1'] },
    ]);
  });
});
