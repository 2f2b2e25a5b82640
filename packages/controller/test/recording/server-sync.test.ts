import { makeMachine, startCuttingProxy } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labEstate, machine } from '../support/lab-estate.ts';
import { type RecordingLab, startRecordingLab } from './recording-lab.ts';

/** Servers that are read alone, without waiting for the next complete run. */

let it: RecordingLab;
beforeAll(async () => {
  it = await startRecordingLab(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/16']], { gateway: '10.1.0.1' }),
      machine('leaving', [['web', '10.1.0.12/16']]),
      machine('moving', [['web', '10.1.0.13/16']]),
      machine('wavering', [['web', '10.1.0.14/16']]),
      machine('leased', [['web', '10.1.1.14/16']]),
      machine('two-legs', [
        ['web', '10.1.0.15/16'],
        ['db', '10.2.0.15/16'],
      ]),
    ]),
  );
  await it.lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
  await it.lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/16' });
  const leases = { network: 'web', kind: 'dhcp', start: '10.1.1.0', end: '10.1.1.255' };
  await it.lab.controller.call('POST', '/api/v1/reservations', leases);
});
afterAll(() => it[Symbol.asyncDispose]());

const moref = (name: string): string => it.lab.simulator.morefs.vm(name).value;
const report = (vm: string, ...ips: string[]): Promise<void> =>
  it.lab.simulator.setGuestNet(vm, [
    { deviceConfigId: 4000, connected: true, addresses: ips.map((ip) => ({ ip, prefixLength: 16 })) },
  ]);
/** Everything a sync writes; whatever is written changes it. */
const digests = (): Promise<Record<string, string>> => it.book.digests();

describe('a server that is read alone', () => {
  test('is in the book as a complete run would have put it there, which then finds nothing to do', async () => {
    const made = await it.add('new-1', [
      ['web', '10.1.0.51/16'],
      ['VM Network', '192.168.7.5/24'],
    ]);
    const serverId = await it.serverOf(made);
    const server = await it.lab.server('new-1');
    expect(server).toMatchObject({
      id: serverId,
      tags: { sync_ips: '192.168.7.5' },
      host: { name: 'esx-01.lab.example' },
    });
    expect(server.nics.map((nic) => [nic.wire?.name, nic.records.map(({ ip }) => ip)])).toEqual([
      ['web', ['10.1.0.51']],
      ['VM Network', []],
    ]);
    expect(await it.lab.reasons('new-1', 1)).toEqual(['no_network 192.168.7.5']);
    const before = await digests();
    await it.lab.sync();
    expect(await digests()).toEqual(before);
  });

  test('and again, and found unchanged, is not written', async () => {
    const before = await digests();
    expect(await it.syncAlone([moref('web-1'), moref('two-legs')])).toEqual(
      new Map([
        [moref('web-1'), { serverId: (await it.lab.server('web-1')).id }],
        [moref('two-legs'), { serverId: (await it.lab.server('two-legs')).id }],
      ]),
    );
    expect(await digests()).toEqual(before);
  });

  test('and has gone is said to be, and not yet missing', async () => {
    const gone = moref('leaving');
    await it.lab.simulator.removeVm('leaving');
    const before = await digests();
    expect(await it.syncAlone([gone, 'vm-999999'])).toEqual(
      new Map([
        [gone, 'gone'],
        ['vm-999999', 'gone'],
      ]),
    );
    expect(await digests()).toEqual(before);
    expect((await it.lab.server('leaving')).missingSince).toBeNull();
    await it.lab.sync();
    expect((await it.lab.server('leaving')).missingSince).not.toBeNull();
  });

  test('under another id in vCenter is the same server; one that shows its identity too stands beside it', async () => {
    const before = await it.lab.server('moving');
    const { description } = it.lab.simulator.morefs.machine('moving');
    await it.lab.simulator.removeVm('moving');
    const again = await it.lab.simulator.addVm('Lab', { ...description, name: 'moved' });
    expect(await it.serverOf(again)).toBe(before.id);
    expect(await it.lab.server('moved')).toMatchObject({ id: before.id });
    const { instanceUuid } = description;
    const twin = await it.lab.simulator.addVm(
      'Lab',
      makeMachine({
        name: 'twin',
        number: 490,
        host: 'esx-01.lab.example',
        ...(instanceUuid !== undefined && { instanceUuid }),
      }),
    );
    expect(await it.serverOf(twin)).not.toBe(before.id);
    expect((await it.lab.server('moved')).id).toBe(before.id);
    const settled = await digests();
    await it.lab.sync();
    expect(await digests()).toEqual(settled);
  });

  test('on a port group that the book does not have yet is on no wire until a complete run finds it', async () => {
    const { simulator } = it.lab;
    const hidden = simulator.morefs.portGroup('spare').key ?? '';
    await it.lab.sql(`UPDATE wires SET port_group_id = 'hidden', moref = 'hidden' WHERE port_group_id = $1`, [
      hidden,
    ]);
    const made = await it.add('early', [['spare', '10.3.0.5/16']]);
    await it.serverOf(made);
    expect((await it.lab.server('early')).nics).toMatchObject([{ wire: null, records: [] }]);
    expect(await it.lab.reasons('early')).toEqual(['no_wire']);
    expect(await it.lab.sql(`SELECT FROM wires WHERE port_group_id = $1`, [hidden])).toEqual([]);
    await it.lab.sync();
    expect((await it.lab.server('early')).nics).toMatchObject([{ wire: { name: 'spare' } }]);
  });

  test('whose NIC names a standard port group, and points to none, is on the group of its datacenter', async () => {
    const { simulator } = it.lab;
    const proxy = await startCuttingProxy({ target: simulator });
    proxy.use({
      kind: 'rewrite',
      body: (reply) =>
        reply.replaceAll(
          /(<deviceName>VM Network<\/deviceName>(?:<useAutoDetect>\w+<\/useAutoDetect>)?)<network type="Network">[^<]*<\/network>/g,
          '$1',
        ),
    });
    const client = it.openClient(proxy.url);
    await client.connect();
    const made = await it.add('by-name', [['VM Network']]);
    await it.syncAlone([made.value], client);
    await client.close();
    await proxy.stop();
    expect((await it.lab.server('by-name')).nics).toMatchObject([{ wire: { name: 'VM Network' } }]);
    const [nic] = await it.lab.sql<{ backing: object }>(
      `SELECT n.backing FROM nics n JOIN servers s ON s.id = n.server_id WHERE s.name = 'by-name'`,
    );
    expect(nic?.backing).not.toHaveProperty('network');
  });

  test('with a NIC less has that NIC missing; with one more has it at once', async () => {
    const { simulator } = it.lab;
    const { description } = simulator.morefs.machine('two-legs');
    const [first, second] = description.nics;
    if (first === undefined || second === undefined) throw new Error('two-legs has two NICs');
    const before = await it.lab.nics('two-legs');
    await simulator.removeVm('two-legs');
    const less = await simulator.addVm('Lab', {
      ...description,
      nics: [first],
      guestNics: description.guestNics.slice(0, 1),
    });
    const serverId = await it.serverOf(less);
    const nics = (): Promise<{ id: string; gone: boolean }[]> =>
      it.lab.sql(
        `SELECT id, missing_since IS NOT NULL AS gone FROM nics WHERE server_id = $1 ORDER BY position`,
        [serverId],
      );
    expect(await nics()).toEqual([
      { id: before[0]?.id, gone: false },
      { id: before[1]?.id, gone: true },
    ]);
    // A record is let go of by whoever took the NIC away, or later.
    expect(await it.holders('10.2.0.15')).toEqual([`tools two-legs ${second.mac}`]);
    await simulator.removeObject(less);
    await it.serverOf(await simulator.addVm('Lab', description));
    expect(await nics()).toEqual(before.map(({ id }) => ({ id, gone: false })));
  });

  test('and shows an address no more keeps its record until two complete runs have not seen it either', async () => {
    await report('wavering', '10.1.0.24');
    await it.syncAlone([moref('wavering')]);
    await it.syncAlone([moref('wavering')]);
    expect(await it.lab.records('wavering')).toEqual(['10.1.0.14', '10.1.0.24']);
    await report('wavering', '10.1.0.34');
    await it.syncAlone([moref('wavering')]);
    await it.lab.sync();
    expect(await it.lab.records('wavering')).toEqual(['10.1.0.14', '10.1.0.24', '10.1.0.34']);
    await it.lab.sync();
    expect(await it.lab.records('wavering')).toEqual(['10.1.0.34']);
    expect(await it.history('10.1.0.14')).toEqual(['wavering not_reported']);
    const settled = await digests();
    await it.lab.sync();
    expect(await digests()).toEqual(settled);
  });

  test('and shows a lease no more loses it at once', async () => {
    await report('leased', '10.1.1.24');
    await it.syncAlone([moref('leased')]);
    expect(await it.lab.records('leased')).toEqual(['10.1.1.24']);
  });

  test('makes its gateway known, which is given to nobody; the one who is named for it until then stays', async () => {
    const known = async (): Promise<string[]> =>
      (
        await it.lab.sql<{ line: string }>(
          `SELECT host(ip) || ' ' || object_name AS line FROM known_addresses WHERE kind = 'guest_gateway' ORDER BY ip`,
        )
      ).map(({ line }) => line);
    expect(await known()).toEqual(['10.1.0.1 web-1']);
    const gateways: [string, string][] = [
      ['a-first', '10.1.0.1'],
      ['b-second', '10.1.0.2'],
    ];
    for (const [index, [name, gateway]] of gateways.entries())
      await it.serverOf(await it.add(name, [['web', `10.1.0.${61 + index}/16`]], { gateway }));
    expect(await known()).toEqual(['10.1.0.1 web-1', '10.1.0.2 b-second']);
    await it.lab.simulator.setPowerState('b-second', 'poweredOff');
    await it.syncAlone([moref('b-second')]);
    expect(await known()).toEqual(['10.1.0.1 web-1']);
  });
});

describe('many servers', () => {
  const MANY = 100;

  test('at once are written together, once, and beside others that ask for the same', async () => {
    const made: string[] = [];
    for (let index = 0; index < MANY; index += 1)
      made.push((await it.add(`many-${index}`, [['web', `10.1.9.${index + 1}/16`]])).value);
    const halves = [made.slice(0, 70), made.slice(30)];
    const answers = await Promise.all([it.syncAlone(made), ...halves.map((half) => it.syncAlone(half))]);
    const ids = new Map(answers.flatMap((answer) => [...answer]));
    for (const answer of answers)
      for (const [value, server] of answer) expect(server).toEqual(ids.get(value));
    expect(new Set([...ids.values()].map((one) => JSON.stringify(one))).size).toBe(MANY);
    const [records] = await it.lab.sql<{ count: number }>(
      `SELECT count(*)::int FROM claims WHERE ip BETWEEN '10.1.9.1' AND '10.1.9.100' AND ended_at IS NULL AND nic_id IS NOT NULL`,
    );
    expect(records).toEqual({ count: MANY });
    expect(await it.doubles()).toEqual([]);
    const settled = await digests();
    await it.lab.sync();
    expect(await digests()).toEqual(settled);
  });

  test('of one caller each, side by side, all have their own', async () => {
    const made: string[] = [];
    for (let index = 0; index < 20; index += 1)
      made.push((await it.add(`single-${index}`, [['web', `10.1.8.${index + 1}/16`]])).value);
    await Promise.all([...made, ...made].map((value) => it.syncAlone([value])));
    const rows = await it.lab.sql(`SELECT FROM servers WHERE name LIKE 'single-%'`);
    expect(rows).toHaveLength(20);
    expect(await it.doubles()).toEqual([]);
  });
});
