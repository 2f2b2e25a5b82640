import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeServerFromBook } from '../../src/app/server-records.ts';
import { newId } from '../../src/domain/ids.ts';
import { one } from '../support/changing-vcenter.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { type RecordingLab, startRecordingLab, stoppingOnce } from './recording-lab.ts';

/** Operations write servers while a complete run is on its way: whoever read later is right, whoever writes last. */

let it: RecordingLab;
beforeAll(async () => {
  it = await startRecordingLab(
    labEstate(
      ['beside', 'after', 'before', 'anew', 'doomed', 'damned', 'fading'].map((name, index) =>
        machine(name, [['web', `10.1.0.${11 + index}/16`]]),
      ),
    ),
  );
  await it.lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
});
afterAll(() => it[Symbol.asyncDispose]());

const moref = (name: string): string => it.lab.simulator.morefs.vm(name).value;
const report = (vm: string, ...ips: string[]): Promise<void> =>
  it.lab.simulator.setGuestNet(vm, [
    { deviceConfigId: 4000, connected: true, addresses: ips.map((ip) => ({ ip, prefixLength: 16 })) },
  ]);
const remove = (serverId: string): Promise<unknown> =>
  it.inTx((tx) =>
    removeServerFromBook(tx, { serverId, now: new Date(), actor: 'somebody', operationId: newId() }),
  );
/** Nothing is twice, and the next complete run finds nothing to do. */
async function expectSettled(): Promise<void> {
  expect(await it.doubles()).toEqual([]);
  const before = await it.book.digests();
  await it.lab.sync();
  expect(await it.book.digests()).toEqual(before);
}

describe('a server that is made and written while a complete run', () => {
  test('has read all others stays, with its record', async () => {
    await report('beside', '10.1.0.11', '10.1.1.1');
    const run = await it.startRun('after servers');
    const serverId = await it.serverOf(await it.add('new-1', [['web', '10.1.0.51/16']]));
    expect(await run.finish()).toMatchObject({ servers: one('updated') });
    expect(await it.lab.server('new-1')).toMatchObject({ id: serverId, missingSince: null });
    expect(await it.lab.records('new-1')).toEqual(['10.1.0.51']);
    await expectSettled();
  });

  test('is about to read it too is one server', async () => {
    const run = await it.startRun('before servers');
    const serverId = await it.serverOf(await it.add('new-2', [['web', '10.1.0.52/16']]));
    await report('beside', '10.1.0.11', '10.1.1.1', '10.1.1.2');
    // Of the two that are new to the run only the other is still to be written.
    expect(await run.finish()).toMatchObject({ servers: one('updated') });
    expect(await it.lab.server('new-2')).toMatchObject({ id: serverId, missingSince: null });
    expect(await it.lab.records('beside')).toContain('10.1.1.2');
    await expectSettled();
  });

  test('writes it first is read again and found to be there', async () => {
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const made = await it.add('new-3', [['web', '10.1.0.53/16']]);
    const client = stoppingOnce(it.client, { reached: reached.resolve, go: go.promise });
    const synced = it.syncAlone([made.value], client);
    await reached.promise;
    await it.lab.sync();
    const { id } = await it.lab.server('new-3');
    const before = await it.book.digests();
    go.resolve();
    expect(await synced).toEqual(new Map([[made.value, { serverId: id }]]));
    expect(await it.book.digests()).toEqual(before);
    await expectSettled();
  });
});

describe('a server that changes and is written', () => {
  test('after a run has read it keeps what was read last', async () => {
    await report('after', '10.1.2.1');
    const run = await it.startRun('after servers');
    await report('after', '10.1.2.2');
    await it.syncAlone([moref('after')]);
    await run.finish();
    const [nic] = await it.lab.nics('after');
    expect(nic?.observed.map((one) => one.ip)).toEqual(['10.1.2.2']);
    expect(await it.lab.records('after')).toEqual(['10.1.0.12', '10.1.2.2']);
    // The run saw another state: that proves no absence.
    await it.lab.sync();
    expect(await it.lab.records('after')).toEqual(['10.1.0.12', '10.1.2.2']);
    await it.lab.sync();
    expect(await it.lab.records('after')).toEqual(['10.1.2.2']);
    await expectSettled();
  });

  test('before a run has read it is as the run read it in the end', async () => {
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    await report('before', '10.1.3.1');
    const synced = it.syncAlone(
      [moref('before')],
      stoppingOnce(it.client, { reached: reached.resolve, go: go.promise }),
    );
    await reached.promise;
    await report('before', '10.1.3.2');
    await it.lab.sync();
    go.resolve();
    await synced;
    const [nic] = await it.lab.nics('before');
    expect(nic?.observed.map((one) => one.ip)).toEqual(['10.1.3.2']);
    expect(await it.doubles()).toEqual([]);
  });

  test('and is registered anew after a run has missed it is not missing', async () => {
    const { simulator } = it.lab;
    const { id } = await it.lab.server('anew');
    const { description } = simulator.morefs.machine('anew');
    await simulator.removeVm('anew');
    const run = await it.startRun('after servers');
    expect(await it.serverOf(await simulator.addVm('Lab', description))).toBe(id);
    await run.finish();
    expect((await it.lab.server('anew')).missingSince).toBeNull();
    expect(await it.lab.records('anew')).toEqual(['10.1.0.14']);
    await expectSettled();
  });
});

describe('a server that is deleted', () => {
  test.each([
    ['doomed', 'before servers'],
    ['damned', 'after servers'],
  ] as const)('(%s) %s are read by a run stays deleted', async (name, stop) => {
    const { id } = await it.lab.server(name);
    await it.lab.simulator.setPowerState(name, 'poweredOff');
    const run = await it.startRun(stop);
    await it.lab.simulator.removeVm(name);
    await remove(id);
    const before = await it.book.digests();
    await run.finish();
    expect(await it.book.digests()).toEqual(before);
    expect((await it.lab.server(name)).missingSince).not.toBeNull();
    expect(await it.orphans()).toEqual([]);
    await expectSettled();
  });

  test('while it is being read alone stays deleted', async () => {
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const { id } = await it.lab.server('fading');
    const gone = moref('fading');
    await it.lab.simulator.setPowerState('fading', 'poweredOff');
    const synced = it.syncAlone(
      [gone],
      stoppingOnce(it.client, { reached: reached.resolve, go: go.promise }),
    );
    await reached.promise;
    await it.lab.simulator.removeVm('fading');
    await remove(id);
    go.resolve();
    expect(await synced).toEqual(new Map([[gone, 'gone']]));
    expect((await it.lab.server('fading')).missingSince).not.toBeNull();
    await expectSettled();
  });
});

test('complete runs, readings of single servers and deletions side by side leave nothing twice and nothing behind', async () => {
  const { simulator } = it.lab;
  const clients = [it.openClient(), it.openClient(), it.openClient()];
  await Promise.all(clients.map((client) => client.connect()));
  const done = new AbortController();
  const runs = (async () => {
    while (!done.signal.aborted) await it.lab.sync();
  })();
  const work = Promise.all(
    clients.map(async (client, worker) => {
      for (let round = 0; round < 8; round += 1) {
        const name = `busy-${worker}-${round}`;
        const made = await it.add(name, [['web', `10.1.${10 + worker}.${round + 1}/16`]]);
        const synced = (await it.syncAlone([made.value], client)).get(made.value);
        if (synced === undefined || synced === 'gone') throw new Error(`${name} is gone`);
        await simulator.setPowerState(name, 'poweredOff');
        await it.syncAlone([made.value], client);
        if (round % 2 === 1) continue;
        await simulator.removeObject(made);
        await remove(synced.serverId);
      }
    }),
  );
  await work.finally(() => done.abort());
  await runs;
  await it.lab.sync();
  expect(await it.orphans()).toEqual([]);
  const left = await it.lab.sql<{ name: string }>(
    `SELECT name FROM servers WHERE name LIKE 'busy%' AND missing_since IS NULL ORDER BY name`,
  );
  expect(left.map(({ name }) => name)).toEqual(
    clients.flatMap((_, worker) => [1, 3, 5, 7].map((round) => `busy-${worker}-${round}`)),
  );
  await expectSettled();
  await Promise.all(clients.map((client) => client.close()));
});
