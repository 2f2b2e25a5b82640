import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GIB, type LiveHost, type PlacementInput } from '../../src/domain/placement/facts.ts';
import { loadOf, placeServer, placeServers } from '../../src/domain/placement/placing.ts';
import { datastore, facts, host, input, network, presence, wish, world } from './worlds.ts';

/** Which of the hosts that can have a server gets it. */

const choose = (more: Partial<PlacementInput>): string | undefined =>
  placeServer(input(more)).choice?.host.moref;

describe('of two hosts that are alike otherwise, the server goes to the one', () => {
  const than = (more: Partial<LiveHost>) => ({ facts: facts({ hosts: [host('h1', more), host('h2')] }) });

  test('with more memory free', () => {
    expect(choose(than({ memoryUsed: 2 * GIB }))).toBe('h2');
  });
  test('with more CPU free', () => {
    expect(choose(than({ cpuUsed: 500 }))).toBe('h2');
  });
  test('with more free on its datastore', () => {
    const hosts = [host('h1'), host('h2')];
    const datastores = [datastore('d1', ['h1'], { free: 400 * GIB }), datastore('d2', ['h2'])];
    expect(choose({ facts: facts({ hosts, datastores }) })).toBe('h2');
  });
  test('that has the primary wire', () => {
    const nics = [{ networks: [network('net', 'web primary', 'twin declared')], wire: null }];
    const there = [presence('twin', 'b-h1'), presence('web', 'b-h2')];
    expect(choose({ presence: there, wish: wish({ nics }) })).toBe('h2');
  });
  test('that has none of the same request yet', () => {
    const first = placeServer(input()).choice;
    if (first === null) throw new Error('no place');
    expect(first.host.moref).toBe('h1');
    const load = loadOf(input(), first);
    // Apart from what it takes: a load of nothing is still one of the request.
    const nothing = { ...load, cpus: 0, memoryMib: 0, disk: 0 };
    expect(choose({ placed: [nothing] })).toBe('h2');
    expect(choose({ placed: [{ ...nothing, sameRequest: false }] })).toBe('h1');
  });
  test('that tells how much it has free', () => {
    expect(choose(than({ memoryUsed: null }))).toBe('h2');
  });
  test('whose name comes first', () => {
    expect(choose({})).toBe('h1');
  });
});

test('the score is the sum that is documented', () => {
  const half = host('h1', { memoryUsed: 60 * GIB, cpuUsed: 15_000 });
  const datastores = [datastore('d1', ['h1', 'h2'], { free: 540 * GIB })];
  const { choice } = placeServer(input({ facts: facts({ hosts: [half], datastores }) }));
  expect(choice?.scoreParts).toEqual({ memory: 0.5, cpu: 0.5, datastore: 0.5, primary: 1, spread: 1 });
  expect(choice?.score).toBe(40 * 0.5 + 25 * 0.5 + 15 * 0.5 + 10 + 10);
});

describe('many at once', () => {
  test('are spread over hosts that are alike', () => {
    const many = placeServers(input(), 6);
    if (!many.ok) throw new Error('no place');
    expect(many.places.map((place) => place.host.moref)).toEqual(['h1', 'h2', 'h1', 'h2', 'h1', 'h2']);
  });

  test('have room each beside the others, or none is placed', () => {
    // One fits on the first host and two on the second.
    const hosts = [host('h1', { memoryUsed: 122 * GIB }), host('h2', { memoryUsed: 119 * GIB })];
    const live = facts({ hosts });
    const three = placeServers(input({ facts: live }), 3);
    if (!three.ok) throw new Error('no place');
    expect(three.places.map((place) => place.host.moref).toSorted()).toEqual(['h1', 'h2', 'h2']);
    const four = placeServers(input({ facts: live }), 4);
    if (four.ok) throw new Error('a place too many');
    expect(four.placed).toBe(3);
    expect(four.failed.refusals.map(({ reason, hosts: names }) => [reason.code, names])).toEqual([
      ['memory_short', ['esx-h1', 'esx-h2']],
    ]);
  });

  test('fill a datastore no further than it goes', () => {
    const hosts = [host('h1')];
    const datastores = [
      datastore('d1', ['h1'], { free: 90 * GIB }),
      datastore('d2', ['h1'], { free: 50 * GIB }),
    ];
    const live = facts({ hosts, datastores });
    const three = placeServers(input({ facts: live }), 3);
    if (!three.ok) throw new Error('no place');
    expect(three.places.map((place) => place.datastore.moref).toSorted()).toEqual(['d1', 'd1', 'd2']);
    expect(placeServers(input({ facts: live }), 4)).toMatchObject({
      ok: false,
      placed: 3,
      failed: { refusals: [{ reason: { code: 'datastore_full' } }] },
    });
  });

  test('are placed as one after the other would be', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 6 }), (given, count) => {
        const together = placeServers(given, count);
        const placed = [...given.placed];
        for (let index = 0; index < count; index += 1) {
          const { choice } = placeServer({ ...given, placed });
          if (choice === null) {
            expect(together).toMatchObject({ ok: false, placed: index });
            return;
          }
          if (together.ok) expect(together.places[index]).toEqual(choice);
          placed.push(loadOf(given, choice));
        }
        expect(together.ok).toBe(true);
      }),
    );
  });
});

describe('whatever vCenter looks like', () => {
  test('every host has its verdict, and none is refused without a reason', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { verdicts, choice, refusals } = placeServer(given);
        expect(verdicts.map(({ host: { moref } }) => moref).toSorted()).toEqual(
          given.facts.hosts.map(({ moref }) => moref).toSorted(),
        );
        for (const { ok, reasons } of verdicts) expect(reasons.length === 0).toBe(ok);
        expect(choice === null).toBe(verdicts.every(({ ok }) => !ok));
        if (choice === null) expect(refusals.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test('the chosen host is connected, known, has a usable wire for each NIC and a datastore with room', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { choice } = placeServer(given);
        if (choice === null) return;
        const { facts: live, wish: wished } = given;
        const chosen = live.hosts.find(({ moref }) => moref === choice.host.moref);
        expect(chosen).toMatchObject({
          connectionState: 'connected',
          powerState: 'poweredOn',
          maintenance: false,
        });
        expect(given.hostIds.get(choice.host.moref)).toBe(choice.host.id);
        expect(choice.nics).toHaveLength(wished.nics.length);
        for (const [index, nic] of choice.nics.entries()) {
          const there = given.presence.find(
            ({ wireId, hostId }) => wireId === nic.wireId && hostId === choice.host.id,
          );
          expect(there).toMatchObject({
            trunk: false,
            deviates: false,
            missing: false,
            binding: nic.binding,
          });
          for (const { wires } of wished.nics[index]?.networks ?? [])
            expect(wires.map(({ wireId }) => wireId)).toContain(nic.wireId);
        }
        const store = live.datastores.find(({ moref }) => moref === choice.datastore.moref);
        expect(store?.free).toBeGreaterThanOrEqual(wished.disk);
        expect(store?.mounts.get(choice.host.moref)).toEqual({ writable: true, accessible: true });
        expect(store?.maintenance).toBe(false);
        if (wished.host !== null) expect(choice.host.moref).toBe(wished.host);
        if (wished.datastore !== null) expect(choice.datastore.moref).toBe(wished.datastore);
        if (wished.folder !== null) expect(choice.folder).toBe(wished.folder);
      }),
      { numRuns: 1000 },
    );
  });

  test('the order in which vCenter and the book tell things changes nothing', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { facts: live, presence: there, uses } = given;
        const turned = {
          ...given,
          facts: { ...live, hosts: live.hosts.toReversed(), datastores: live.datastores.toReversed() },
          presence: there.toReversed(),
          uses: uses.toReversed(),
        };
        expect(placeServer(turned)).toEqual(placeServer(given));
      }),
    );
  });

  test('a host never loses by having more free', () => {
    const bytes = fc.integer({ min: 0, max: 64 }).map((gib) => gib * GIB);
    const more = fc.record({ memory: bytes, cpu: fc.integer({ min: 0, max: 16_000 }), disk: bytes });
    fc.assert(
      fc.property(world, more, (given, gained) => {
        const before = placeServer(given).choice;
        if (before === null) return;
        const { hosts, datastores } = given.facts;
        const less = (used: number | null, by: number): number | null =>
          used === null ? null : Math.max(0, used - by);
        const richer = {
          ...given.facts,
          hosts: hosts.map((one) =>
            one.moref === before.host.moref
              ? {
                  ...one,
                  memoryUsed: less(one.memoryUsed, gained.memory),
                  cpuUsed: less(one.cpuUsed, gained.cpu),
                }
              : one,
          ),
          datastores: datastores.map((one) =>
            one.moref === before.datastore.moref
              ? { ...one, free: Math.min(one.capacity, one.free + gained.disk) }
              : one,
          ),
        };
        const after = placeServer({ ...given, facts: richer }).choice;
        expect(after?.host.moref).toBe(before.host.moref);
        expect(after?.datastore.moref).toBe(before.datastore.moref);
        expect(after?.score).toBeGreaterThanOrEqual(before.score);
      }),
      { numRuns: 1000 },
    );
  });

  test('a smaller server finds a place wherever a larger one does', () => {
    fc.assert(
      fc.property(world, (given) => {
        if (placeServer(given).choice === null) return;
        const smaller = { ...given.wish, cpus: 1, memoryMib: 256, disk: GIB };
        expect(placeServer({ ...given, wish: smaller }).choice).not.toBeNull();
      }),
    );
  });
});
