import type { Address, FixResult } from '@wirebook/contract';
import { demoEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';

/** What the founding document says of servers whose addresses can't be detected, sentence by sentence, on the demo's estate. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(demoEstate());
  await lab.simulator.setToolsStatus('sh-db-01', 'notRunning');
  await lab.sync();
  await lab.createNetwork({ name: 'app', wire: 'sh-app-prod', cidr: '10.20.20.0/24', gateway: '10.20.20.1' });
  await lab.createNetwork({ name: 'db', wire: 'sh-db-prod', cidr: '10.20.30.0/24' });
  await lab.sync();
});
afterAll(() => lab[Symbol.asyncDispose]());

async function fix(server: string, ...ips: string[]): Promise<FixResult> {
  const answer = await lab.controller.call<FixResult>('POST', `/api/v1/servers/${server}/fix-nics`, { ips });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const address = async (ip: string): Promise<Address> =>
  (await lab.controller.call<Address>('GET', `/api/v1/addresses/${ip}`)).body;

describe('a server whose address can not be detected', () => {
  test('gets no record of its NIC by itself, though its wire has a network', async () => {
    for (const [server, reason] of [
      ['sh-appliance', 'tools_not_installed'],
      ['sh-tools-stopped', 'tools_not_running'],
      ['sh-no-address', 'tools_no_address'],
    ] as const) {
      expect((await lab.nics(server))[0]?.wire?.name).toBe('sh-app-prod');
      expect(await lab.records(server)).toEqual([]);
      expect(await lab.reasons(server)).toEqual([reason]);
    }
    expect(await lab.records('sh-app-01')).toEqual(['10.20.20.11']);
  });

  test('has its address said by hand', async () => {
    expect(await fix('sh-appliance', '10.20.20.201')).toMatchObject({ fixed: 1 });
  });

  test('by that address the network is found on the wire of its port group, and the record made: server, network, IP and MAC', async () => {
    const server = await lab.server('sh-appliance');
    expect(server.nics).toMatchObject([
      {
        wire: { name: 'sh-app-prod' },
        records: [{ ip: '10.20.20.201', network: { name: 'app' }, source: 'manual' }],
      },
    ]);
    expect(
      await lab.sql(
        `SELECT c.server_id, n.name AS network, host(c.ip) AS ip, c.mac::text FROM claims c JOIN networks n ON n.id = c.network_id
         WHERE c.ended_at IS NULL AND c.source = 'manual'`,
      ),
    ).toEqual([{ server_id: server.id, network: 'app', ip: '10.20.20.201', mac: server.nics[0]?.mac }]);
    expect(await lab.reasons('sh-appliance')).toEqual([]);
  });

  test('occupies the address from then on: nobody else is given it, by name or in turn, nor fixed to it', async () => {
    expect(await address('10.20.20.201')).toMatchObject({ state: 'used', server: { name: 'sh-appliance' } });
    await lab.refuse('address_not_free', 'POST', '/api/v1/networks/app/allocate', { ip: '10.20.20.201' });
    await lab.controller.call('PATCH', '/api/v1/networks/app', {
      giving: [{ start: '10.20.20.201', end: '10.20.20.202' }],
    });
    const next = await lab.controller.call<{ items: { ip: string }[] }>(
      'GET',
      '/api/v1/networks/app/next?count=1',
    );
    expect(next.body.items).toEqual([{ ip: '10.20.20.202' }]);
    const refused = await lab.refuse('fixes_refused', 'POST', '/api/v1/servers/sh-tools-stopped/fix-nics', {
      ips: ['10.20.20.201'],
    });
    expect(refused.errors?.[0]?.message).toContain('sh-appliance has it.');
    await lab.sync();
    expect(await lab.records('sh-appliance')).toEqual(['10.20.20.201']);
  });

  test('keeps the address from a server that comes to report it: that one is a claimant, and gets no record', async () => {
    const [nic] = await lab.nics('sh-app-02');
    expect(nic?.records.map((record) => record.ip)).toEqual(['10.20.20.12']);
    await lab.simulator.setGuestNet('sh-app-02', [
      {
        deviceConfigId: nic?.deviceKey ?? 0,
        connected: true,
        addresses: [
          { ip: '10.20.20.12', prefixLength: 24 },
          { ip: '10.20.20.201', prefixLength: 24 },
        ],
      },
    ]);
    await lab.sync();
    expect(await lab.records('sh-appliance')).toEqual(['10.20.20.201']);
    expect(await lab.records('sh-app-02')).toEqual(['10.20.20.12']);
    expect(await lab.reasons('sh-app-02')).toEqual(['taken 10.20.20.201']);
  });

  test('is not given an address by which no network of its wire is found', async () => {
    const refused = await lab.refuse('fixes_refused', 'POST', '/api/v1/servers/sh-tools-stopped/fix-nics', {
      ips: ['10.20.30.201', '10.99.0.1'],
    });
    expect(refused.errors?.map((error) => error.message)).toEqual([
      expect.stringContaining('The network "db" holds it, but lies on the wire "sh-db-prod"'),
      expect.stringContaining('No network holds this address.'),
    ]);
    expect(await lab.records('sh-tools-stopped')).toEqual([]);
  });
});

test('a server on an additional wire of a network is fixed to its addresses like one on the primary wire', async () => {
  await lab.controller.call('PUT', '/api/v1/networks/db/additional-wires', { wires: ['sh-app-prod'] });
  expect(await fix('sh-tools-stopped', '10.20.30.201')).toMatchObject({
    items: [{ wire: { name: 'sh-app-prod' }, network: { name: 'db' }, change: 'fixed' }],
  });
  expect(await lab.records('sh-tools-stopped')).toEqual(['10.20.30.201']);
});

test('a server on an additional wire of a network is given an address from it, which becomes its record once it is there', async () => {
  const given = await lab.controller.call<{ items: { ip: string }[] }>(
    'POST',
    '/api/v1/networks/db/allocate',
    { ip: '10.20.30.205' },
  );
  expect(given.body.items).toMatchObject([{ ip: '10.20.30.205' }]);
  const [nic] = await lab.nics('sh-app-03');
  expect(nic?.wire?.name).toBe('sh-app-prod');
  await lab.simulator.setGuestNet('sh-app-03', [
    {
      deviceConfigId: nic?.deviceKey ?? 0,
      connected: true,
      addresses: [{ ip: '10.20.30.205', prefixLength: 24 }],
    },
  ]);
  await lab.sync();
  expect((await lab.nics('sh-app-03'))[0]?.records).toContainEqual(
    expect.objectContaining({ ip: '10.20.30.205', source: 'allocated' }),
  );
});

test('several addresses in one go: each finds its card by its own network', async () => {
  await lab.createNetwork({ name: 'backup', wire: 'Backup', cidr: '10.20.70.0/24' });
  expect((await lab.nics('sh-db-01')).map((nic) => nic.records)).toEqual([[], []]);
  expect(await fix('sh-db-01', '10.20.70.11', '10.20.30.11')).toMatchObject({ fixed: 2 });
  expect(await lab.records('sh-db-01', 0)).toEqual(['10.20.30.11']);
  expect(await lab.records('sh-db-01', 1)).toEqual(['10.20.70.11']);
});
