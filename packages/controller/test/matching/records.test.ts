import type { Address, Conflict, List, Nic, SyncRun } from '@wirebook/contract';
import type { GuestAddress } from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** From what guests report to records, over syncs. Each test has machines and addresses of its own on the same two networks. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('late', [['web']]),
      machine('many', [['web', '10.1.1.12/16', '10.1.1.11/16', '10.1.1.13/32']]),
      machine('six', [['web']]),
      machine('by-mac', [['web']]),
      machine('bridge', [['web', '10.1.1.40/16']]),
      // One read shows all three with one address; the lowest moref is not connected.
      {
        ...machine('same-1', [['web', '10.1.2.10/16']]),
        nics: [{ network: { distributed: 'web' }, addresses: ['10.1.2.10/16'], connected: false }],
      },
      machine('same-2', [['web', '10.1.2.10/16']]),
      machine('same-3', [['web', '10.1.2.10/16']]),
      machine('first-low', [['web']]),
      machine('first-high', [['web', '10.1.2.20/16']]),
      machine('quiet', [['web', '10.1.3.10/16']]),
      machine('quiet-heir', [['web']]),
      machine('changing', [['web', '10.1.4.10/16', '2001:db8:1::4:10/64']]),
      machine('wavering', [['web', '10.1.4.20/16']]),
      machine('crowded', [['web', '10.1.4.30/16']]),
      machine('moving', [['web', '10.1.5.10/16']]),
      machine('stopping', [['web', '10.1.6.10/16']]),
      machine('stopping-heir', [['web']]),
      machine('asked', [['web', '10.1.7.10/16']]),
      machine('asked-rival', [['web']]),
      machine('held', [['web']]),
      machine('two-cards', [
        ['web', '10.9.0.12/24', '10.9.0.11/24'],
        ['db', '10.9.1.10/24', '2001:db8:9::1/64'],
      ]),
      machine('ending', [['web', '10.1.8.10/16']]),
    ]),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
  await lab.createNetwork({ name: 'web six', wire: 'web', cidr: '2001:db8:1::/64', companion: 'web' });
  await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/16' });
});
afterAll(() => lab[Symbol.asyncDispose]());

// History is never rewritten: what ended stays as it was when it ended, whatever comes after.
const ended = new Map<string, string>();
afterEach(async () => {
  const rows = await lab.sql<{ id: string; row: object }>(
    `SELECT id, to_jsonb(c) - 'network_id' AS row FROM claims c WHERE ended_at IS NOT NULL`,
  );
  const now = new Map(rows.map(({ id, row }) => [id, JSON.stringify(row)]));
  for (const [id, row] of ended) expect(now.get(id)).toBe(row);
  for (const [id, row] of now) ended.set(id, row);
});

async function report(vm: string, ...addresses: (string | GuestAddress)[]): Promise<void> {
  await lab.simulator.setGuestNet(vm, [
    { deviceConfigId: 4000, connected: true, addresses: addresses.map(toAddress) },
  ]);
}
function toAddress(one: string | GuestAddress): GuestAddress {
  if (typeof one !== 'string') return one;
  const [ip = '', length] = one.split('/');
  return { ip, prefixLength: Number(length ?? (ip.includes(':') ? 64 : 16)) };
}
const address = async (ip: string): Promise<Address> =>
  (await lab.controller.call<Address>('GET', `/api/v1/addresses/${ip}`)).body;
const conflictsOf = async (ip: string): Promise<Conflict[]> =>
  (await lab.controller.call<List<Conflict>>('GET', `/api/v1/conflicts?ip=${ip}`)).body.items;
const record = async (vm: string, ip: string): Promise<Nic['records'][number] | undefined> =>
  (await lab.nics(vm))[0]?.records.find((one) => one.ip === ip);
const history = async (ip: string): Promise<string[]> =>
  (await address(ip)).history.map((one) => `${one.server?.name ?? '-'} ${one.ended ?? 'lives'}`);
async function lastRun(): Promise<SyncRun> {
  const { body } = await lab.controller.call<List<SyncRun>>('GET', '/api/v1/sync-runs?limit=1');
  const [run] = body.items;
  if (run === undefined) throw new Error('there was no run');
  return run;
}

describe('which addresses become records', () => {
  test('an address first reported after its network was made has its record with the next sync', async () => {
    expect(await lab.reasons('late')).toEqual(['tools_no_address']);
    await report('late', '10.1.1.1');
    await lab.sync();
    const run = await lastRun();
    const found = await record('late', '10.1.1.1');
    expect(found).toMatchObject({ network: { name: 'web' }, source: 'tools', contradictedBy: [] });
    // Observed while that run went on.
    expect((found?.firstSeenAt ?? '') >= run.startedAt).toBe(true);
    expect(found?.lastSeenAt).toBe(found?.firstSeenAt);
    expect(run.changes.records).toEqual({ created: 1, ended: 0 });
    expect(await lab.reasons('late')).toEqual([]);
  });

  test('one NIC has a record for each address it reports, one inside its prefix of 32 bits too', async () => {
    expect(await lab.records('many')).toEqual(['10.1.1.11', '10.1.1.12', '10.1.1.13']);
  });

  test('of IPv6 addresses the global and the unique local ones count; temporary, deprecated, link-local and loopback ones do not', async () => {
    await report(
      'six',
      { ip: '2001:db8:1::61', prefixLength: 64, origin: 'manual', state: 'preferred' },
      { ip: 'fd20:10:1::61', prefixLength: 64, origin: 'manual', state: 'preferred' },
      { ip: '2001:db8:1:0:8c11:2a5e:93d0:7b42', prefixLength: 64, origin: 'random', state: 'preferred' },
      { ip: '2001:db8:1:0:51aa:9f0:dd01:2c3', prefixLength: 64, origin: 'linklayer', state: 'deprecated' },
      { ip: 'fe80::250:56ff:fe80:2338', prefixLength: 64, origin: 'linklayer', state: 'preferred' },
      { ip: '::1', prefixLength: 128 },
      { ip: '127.0.0.1', prefixLength: 8 },
      { ip: '169.254.7.7', prefixLength: 16 },
      { ip: '224.0.0.251', prefixLength: 32 },
    );
    await lab.sync();
    const [nic] = await lab.nics('six');
    expect(nic?.observed.map((one) => `${one.ip}/${one.prefixLength}`).toSorted()).toEqual([
      '2001:db8:1::61/64',
      'fd20:10:1::61/64',
    ]);
    expect(await lab.records('six')).toEqual(['2001:db8:1::61']);
    expect(await lab.reasons('six')).toEqual(['no_network fd20:10:1::61']);
    expect((await lab.server('six')).tags).toEqual({ sync_ips: 'fd20:10:1::61' });
  });

  test('an interface that names no device of the server is matched by its MAC, in whatever letters', async () => {
    const mac = (await lab.nics('by-mac'))[0]?.mac ?? '';
    await lab.simulator.setGuestNet('by-mac', [
      { deviceConfigId: 4711, mac: mac.toUpperCase(), connected: true, addresses: [toAddress('10.1.1.30')] },
    ]);
    await lab.sync();
    expect(await lab.records('by-mac')).toEqual(['10.1.1.30']);
  });

  test('interfaces inside the guest are kept apart and shown, and never matched', async () => {
    await lab.simulator.setGuestNet('bridge', [
      { deviceConfigId: 4000, connected: true, addresses: [toAddress('10.1.1.40')] },
      { deviceConfigId: -1, mac: '02:42:7a:11:20:01', connected: true, addresses: [toAddress('10.1.1.41')] },
      { deviceConfigId: -1, connected: true, network: 'tun0', addresses: [toAddress('10.1.1.42')] },
    ]);
    await lab.sync();
    const server = await lab.server('bridge');
    expect(server.guestInternal.map((one) => `${one.ip} ${one.interface}`).toSorted()).toEqual([
      '10.1.1.41 02:42:7a:11:20:01',
      '10.1.1.42 tun0',
    ]);
    expect(await lab.records('bridge')).toEqual(['10.1.1.40']);
    expect(server.tags).toEqual({});
    expect((await address('10.1.1.41')).state).toBe('seen');
  });

  test('the tag sync_ips lists what is not matched, in the order of the cards, and goes when none is left', async () => {
    expect((await lab.server('two-cards')).tags).toEqual({
      sync_ips: '10.9.0.12,10.9.0.11,10.9.1.10,2001:db8:9::1',
    });
    await lab.createNetwork({ name: 'tag web', wire: 'web', cidr: '10.9.0.0/24' });
    expect((await lab.server('two-cards')).tags).toEqual({ sync_ips: '10.9.1.10,2001:db8:9::1' });
    await lab.createNetwork({ name: 'tag db', wire: 'db', cidr: '10.9.1.0/24' });
    await lab.createNetwork({ name: 'tag db six', wire: 'db', cidr: '2001:db8:9::/64' });
    expect((await lab.server('two-cards')).tags).toEqual({});
    const tagged = await lab.controller.call<List<{ name: string }>>(
      'GET',
      '/api/v1/servers?tag=sync_ips&limit=500',
    );
    expect(tagged.body.items.map((server) => server.name)).not.toContain('two-cards');
  });
});

describe('two with one address', () => {
  test('seen in one read, a connected card comes before one that is not, and then the lowest moref', async () => {
    expect(await lab.records('same-2')).toEqual(['10.1.2.10']);
    expect(await lab.records('same-1')).toEqual([]);
    expect(await lab.records('same-3')).toEqual([]);
    const conflicts = await conflictsOf('10.1.2.10');
    expect(conflicts).toHaveLength(2);
    for (const conflict of conflicts)
      expect(conflict).toMatchObject({
        kind: 'duplicate',
        network: { name: 'web' },
        holders: [{ server: { name: 'same-2' }, wire: { name: 'web' }, source: 'tools' }],
      });
    expect(
      conflicts.flatMap((one) => one.claimants.map((claimant) => claimant.server?.name ?? '')).toSorted(),
    ).toEqual(['same-1', 'same-3']);
    expect((await lab.nics('same-3'))[0]?.reasons).toMatchObject([
      { code: 'taken', ip: '10.1.2.10', server: { name: 'same-2' }, network: { name: 'web' } },
    ]);
    expect((await address('10.1.2.10')).state).toBe('conflict');
  });

  test('a conflict ends when one of the two reports another address', async () => {
    await report('same-1', '10.1.2.11');
    await lab.sync();
    expect((await conflictsOf('10.1.2.10')).map((one) => one.claimants[0]?.server?.name)).toEqual(['same-3']);
    // The holder leaves: the other one has the address.
    await report('same-2', '10.1.2.12');
    await lab.sync();
    expect(await conflictsOf('10.1.2.10')).toEqual([]);
    expect(await lab.records('same-3')).toEqual(['10.1.2.10']);
    expect(await lab.records('same-2')).toEqual(['10.1.2.12']);
    expect(await history('10.1.2.10')).toEqual(['same-3 lives', 'same-2 yielded']);
    expect((await address('10.1.2.10')).state).toBe('used');
  });

  test('who was seen first keeps it, though the other has the lower moref', async () => {
    expect(await lab.records('first-high')).toEqual(['10.1.2.20']);
    await report('first-low', '10.1.2.20');
    await lab.sync();
    await lab.sync();
    expect(await lab.records('first-high')).toEqual(['10.1.2.20']);
    expect(await lab.reasons('first-low')).toEqual(['taken 10.1.2.20']);
    const [conflict] = await conflictsOf('10.1.2.20');
    expect(conflict?.holders[0]?.server?.name).toBe('first-high');
    expect((conflict?.holders[0]?.firstSeenAt ?? '') < (conflict?.claimants[0]?.firstSeenAt ?? '')).toBe(
      true,
    );
    expect((await lab.server('first-low')).tags).toEqual({ sync_ips: '10.1.2.20' });
  });
});

describe('silence', () => {
  test('Tools falling silent changes nothing; the last sighting stands still, and that of others goes on', async () => {
    const before = await record('quiet', '10.1.3.10');
    await lab.simulator.setToolsStatus('quiet', 'notRunning');
    await lab.sync();
    const silent = await record('quiet', '10.1.3.10');
    await lab.sync();
    await lab.sync();
    const run = await lastRun();
    const after = await record('quiet', '10.1.3.10');
    expect(after).toEqual(silent);
    expect(after).toMatchObject({ id: before?.id, firstSeenAt: before?.firstSeenAt });
    expect((after?.lastSeenAt ?? '') < run.startedAt).toBe(true);
    expect((await record('late', '10.1.1.1'))?.lastSeenAt).toBe(run.startedAt);
    expect(await lab.reasons('quiet')).toEqual([]);
  });

  test('a run that fails is no sighting', async () => {
    const before = await record('late', '10.1.1.1');
    await lab.simulator.injectFault({ reading: 'VirtualMachine', fault: 'RuntimeFault' });
    const failed = await lab.controller.sync(lab.account);
    expect(failed.body).toMatchObject({ state: 'failed' });
    await lab.simulator.clearFaults();
    expect(await record('late', '10.1.1.1')).toEqual(before);
    await lab.sync();
    expect((await record('late', '10.1.1.1'))?.lastSeenAt).toBe((await lastRun()).startedAt);
  });

  test('a holder gone silent yields to one that reports the address, with a line in the history', async () => {
    await report('quiet-heir', '10.1.3.10');
    await lab.sync();
    expect(await lab.records('quiet-heir')).toEqual(['10.1.3.10']);
    expect(await lab.records('quiet')).toEqual([]);
    expect(await history('10.1.3.10')).toEqual(['quiet-heir lives', 'quiet yielded']);
    expect(await lab.reasons('quiet')).toEqual(['tools_not_running']);
    expect(await conflictsOf('10.1.3.10')).toEqual([]);
  });
});

describe('the end of a record', () => {
  test('it ends with the second complete sync that reports other addresses of its family without it', async () => {
    await report('changing', '10.1.4.11', '2001:db8:1::4:10');
    await lab.sync();
    expect(await lab.records('changing')).toEqual(['10.1.4.10', '10.1.4.11', '2001:db8:1::4:10']);
    await lab.controller.sync(lab.account, { dryRun: true });
    expect(await lab.records('changing')).toContain('10.1.4.10');
    await lab.sync();
    expect(await lab.records('changing')).toEqual(['10.1.4.11', '2001:db8:1::4:10']);
    expect(await history('10.1.4.10')).toEqual(['changing not_reported']);
  });

  test('addresses of the other family alone prove nothing', async () => {
    await report('changing', '2001:db8:1::4:10');
    await lab.sync();
    await lab.sync();
    await lab.sync();
    expect(await lab.records('changing')).toEqual(['10.1.4.11', '2001:db8:1::4:10']);
  });

  test('one that is reported again in between starts anew', async () => {
    await report('wavering', '10.1.4.21');
    await lab.sync();
    await report('wavering', '10.1.4.20', '10.1.4.21');
    await lab.sync();
    await report('wavering', '10.1.4.21');
    await lab.sync();
    expect(await lab.records('wavering')).toContain('10.1.4.20');
    await lab.sync();
    expect(await lab.records('wavering')).toEqual(['10.1.4.21']);
  });

  test('a report of 16 interfaces may be cut short, and proves no absence', async () => {
    const inside = Array.from({ length: 15 }, (_, index) => ({
      deviceConfigId: -1,
      mac: `02:42:00:00:00:${String(index + 10)}`,
      connected: true,
      addresses: [],
    }));
    const card = { deviceConfigId: 4000, connected: true, addresses: [toAddress('10.1.4.31')] };
    await lab.simulator.setGuestNet('crowded', [card, ...inside]);
    for (let round = 0; round < 3; round += 1) await lab.sync();
    expect(await lab.records('crowded')).toEqual(['10.1.4.30', '10.1.4.31']);
    await lab.simulator.setGuestNet('crowded', [card, ...inside.slice(1)]);
    await lab.sync();
    expect(await lab.records('crowded')).toEqual(['10.1.4.30', '10.1.4.31']);
    await lab.sync();
    expect(await lab.records('crowded')).toEqual(['10.1.4.31']);
  });

  test('a NIC moved to another port group leaves its record there, and gets the one of its new wire', async () => {
    await lab.controller.call('PUT', '/api/v1/networks/web/excluded-wires', { wires: ['db'] });
    await lab.simulator.moveNic('moving', 4000, { distributed: 'db' });
    await lab.sync();
    expect(await lab.records('moving')).toEqual([]);
    expect(await history('10.1.5.10')).toEqual(['moving wire_changed']);
    expect((await lab.nics('moving'))[0]).toMatchObject({
      wire: { name: 'db' },
      reasons: [{ code: 'other_wire', ip: '10.1.5.10', network: { name: 'web' }, wire: { name: 'web' } }],
    });
    await report('moving', '10.2.5.10');
    await lab.sync();
    expect(await lab.records('moving')).toEqual(['10.2.5.10']);
  });

  test('a server that is powered off keeps its record and claims nothing', async () => {
    await lab.simulator.setPowerState('stopping', 'poweredOff');
    await lab.sync();
    await lab.sync();
    expect(await lab.records('stopping')).toEqual(['10.1.6.10']);
    // guest.net still says it: nobody is in the way of the one who has the address now.
    await report('stopping-heir', '10.1.6.10');
    await lab.sync();
    expect(await lab.records('stopping-heir')).toEqual(['10.1.6.10']);
    expect(await conflictsOf('10.1.6.10')).toEqual([]);
    expect(await lab.reasons('stopping')).toEqual(['powered_off']);
    expect((await lab.server('stopping')).tags).toEqual({});
  });

  test('a deleted network ends its records; made again it has new ones, beside the old in the history', async () => {
    await lab.createNetwork({ name: 'brief', wire: 'web', cidr: '10.9.2.0/24' });
    await report('ending', '10.9.2.1/24');
    await lab.sync();
    await lab.controller.call('DELETE', '/api/v1/networks/brief');
    await lab.createNetwork({ name: 'brief', wire: 'web', cidr: '10.9.2.0/24' });
    expect(await history('10.9.2.1')).toEqual(['ending lives', 'ending network_deleted']);
  });
});

describe('addresses that people or programs asked for', () => {
  async function ask(vm: string | null, ip: string, source: 'manual' | 'allocated'): Promise<void> {
    await lab.sql(
      `INSERT INTO claims (space_id, ip, network_id, account_id, server_id, nic_id, mac, source, server_name, started_at)
       SELECT n.space_id, $2, n.id, k.account_id, k.server_id, k.id, k.mac, $3, s.name, now() FROM networks n
       LEFT JOIN (servers s JOIN nics k ON k.server_id = s.id) ON s.name = $1 WHERE n.name = 'web'`,
      [vm, ip, source],
    );
  }

  test('a manual address that Tools contradict stays, and the disagreement is shown until they agree', async () => {
    await ask('asked', '10.1.7.77', 'manual');
    await report('asked', '10.1.7.10', '10.1.7.11');
    await lab.sync();
    await lab.sync();
    await lab.sync();
    expect(await record('asked', '10.1.7.77')).toMatchObject({
      source: 'manual',
      contradictedBy: ['10.1.7.10', '10.1.7.11'],
    });
    await lab.simulator.setToolsStatus('asked', 'notRunning');
    await lab.sync();
    expect((await record('asked', '10.1.7.77'))?.contradictedBy).toHaveLength(2);
    await lab.simulator.setToolsStatus('asked', 'running');
    await report('asked', '10.1.7.10', '10.1.7.77');
    await lab.sync();
    expect((await record('asked', '10.1.7.77'))?.contradictedBy).toEqual([]);
  });

  test('it does not yield to another that reports it: that one is told who has it', async () => {
    await lab.simulator.setToolsStatus('asked', 'notRunning');
    await report('asked-rival', '10.1.7.77');
    await lab.sync();
    await lab.sync();
    expect(await lab.records('asked-rival')).toEqual([]);
    expect((await lab.nics('asked-rival'))[0]?.reasons).toMatchObject([
      { code: 'taken', ip: '10.1.7.77', server: { name: 'asked' } },
    ]);
    expect(await conflictsOf('10.1.7.77')).toMatchObject([
      { holders: [{ source: 'manual' }], claimants: [{ server: { name: 'asked-rival' } }] },
    ]);
  });

  test('a claim without a NIC becomes the record of the NIC that shows the address', async () => {
    await ask(null, '10.1.7.90', 'allocated');
    await report('held', '10.1.7.90');
    await lab.sync();
    expect(await record('held', '10.1.7.90')).toMatchObject({ source: 'allocated' });
    expect(await history('10.1.7.90')).toEqual(['held lives']);
  });
});
