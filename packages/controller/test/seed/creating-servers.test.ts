import type { Operation, ProblemBody, Server, ServerPlan } from '@wirebook/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../support/accounts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** What the founding document says of the addresses of new servers, sentence by sentence. */

const [first, second] = ['esx-01.lab.example', 'esx-02.lab.example'] as const;
let lab: EstateController;

beforeAll(async () => {
  const estate = labEstate([
    machine('shop-1', [['web', '10.1.0.11/24']]),
    machine('plain', [['db']], { template: true, powerState: 'poweredOff', tools: 'notRunning' }),
  ]);
  const [datacenter] = estate.datacenters;
  const [one, two] = datacenter?.clusters[0]?.hosts ?? [];
  // Each host has a port group that the other lacks.
  one?.standardSwitches[0]?.portGroups.push({ name: 'Floor 1', vlanId: 31 });
  two?.standardSwitches[0]?.portGroups.push({ name: 'Floor 2', vlanId: 32 });
  lab = await startEstateController(estate);
  await lab.createNetwork({
    name: 'shop',
    wire: 'web',
    cidr: '10.1.0.0/24',
    gateway: '10.1.0.1',
    dns: ['10.1.0.53', '10.1.0.54'],
    domain: 'shop.example',
    giving: 'all',
  });
  await lab.createNetwork({ name: 'floor', wire: 'Floor 2', cidr: '10.2.0.0/24', giving: 'all' });
});
afterAll(() => lab[Symbol.asyncDispose]());

const input = (name: string, network: string, more: Record<string, unknown> = {}) => ({
  name,
  from: 'plain',
  nics: [{ network }],
  ...more,
});

/** Makes a server and waits for the operation's end. */
async function make(body: Record<string, unknown>): Promise<{ operation: Operation; server: Server }> {
  const begun = await lab.controller.call<Operation>('POST', '/api/v1/servers', body);
  expect(begun.status, JSON.stringify(begun.body)).toBe(202);
  const operation = await waitFor(async () => {
    const { body: shown } = await lab.controller.call<Operation>(
      'GET',
      `/api/v1/operations/${begun.body.id}`,
    );
    return shown.state === 'queued' || shown.state === 'running' ? undefined : shown;
  });
  expect(operation, JSON.stringify(operation.error)).toMatchObject({ state: 'succeeded', warnings: [] });
  return { operation, server: await lab.server(String(body['name'])) };
}

const plan = async (body: Record<string, unknown>): Promise<ServerPlan> =>
  (await lab.controller.call<ServerPlan>('POST', '/api/v1/servers?dryRun=true', body)).body;

test('a new server is given an address of the network that it is on, by itself', async () => {
  const { operation, server } = await make(input('shop-2', 'shop'));
  const ips = operation.result?.servers[0]?.addresses.map(({ ip }) => ip);
  expect(ips).toEqual(['10.1.0.2']);
  expect(server.nics[0]?.records).toMatchObject([
    { ip: '10.1.0.2', network: { name: 'shop' }, source: 'allocated' },
  ]);
});

test('it is put on a host that can use the network, as networks, wires and hosts belong together', async () => {
  const shown = await plan(input('floor-1', 'floor'));
  expect(shown.hosts.map(({ host, fits }) => [host.name, fits])).toEqual([
    [second, true],
    [first, false],
  ]);
  expect(shown.hosts[1]?.reasons.map(({ code }) => code)).toEqual(['no_wire']);
  const { server } = await make(input('floor-1', 'floor'));
  expect(server.host?.name).toBe(second);
});

test('on the host it is plugged into a port group of the network, its port there and its NIC are one', async () => {
  const server = await lab.server('floor-1');
  expect(server.nics.map(({ wire }) => wire?.name)).toEqual(['Floor 2']);
  const vm = (await lab.simulator.listVms()).find(({ name }) => name === 'floor-1');
  expect(vm?.nics.map(({ networkName, mac }) => ({ networkName, mac }))).toEqual([
    { networkName: 'Floor 2', mac: server.nics[0]?.mac },
  ]);
});

test('where the network has several port groups, one of those that the host has is chosen', async () => {
  await lab.controller.call('PUT', '/api/v1/networks/floor/additional-wires', { wires: ['Floor 1'] });
  const { server } = await make(input('floor-2', 'floor', { host: first }));
  expect(server.host?.name).toBe(first);
  expect(server.nics.map(({ wire }) => wire?.name)).toEqual(['Floor 1']);
  expect(server.nics[0]?.records).toMatchObject([{ network: { name: 'floor' } }]);
});

test('inside the guest the NIC is set up with address, mask, gateway and DNS of the network', async () => {
  const { body } = await lab.controller.call<Server>('GET', '/api/v1/servers/shop-2');
  expect(body.nics[0]?.observed).toMatchObject([{ ip: '10.1.0.2', prefixLength: 24 }]);
  expect(body.guestHostName).toBe('shop-2.shop.example');
  const [reported] = await lab.sql<{
    routing: { gateways: { ip: string }[]; dns: string[]; domain: string };
  }>(`SELECT routing FROM servers WHERE name = 'shop-2'`);
  expect(reported?.routing.gateways.map(({ ip }) => ip)).toEqual(['10.1.0.1']);
  expect(reported?.routing.dns).toEqual(['10.1.0.53', '10.1.0.54']);
});

test('once the server has started its NIC is ready for use: Tools show the address, and nothing remains to be done', async () => {
  const server = await lab.server('shop-2');
  expect(server).toMatchObject({ powerState: 'poweredOn', toolsStatus: 'running' });
  expect(server.nics[0]).toMatchObject({ connected: true, reasons: [] });
  await lab.sync();
  expect((await lab.server('shop-2')).nics[0]?.records).toMatchObject([{ ip: '10.1.0.2' }]);
});

test('a network that no host reaches is refused before anything is made', async () => {
  const before = await lab.sql('SELECT id FROM claims');
  const refused = await lab.refuse(
    'no_host_fits',
    'POST',
    '/api/v1/servers',
    input('lost', 'shop', { host: first, nics: [{ network: 'floor', wire: 'Floor 2' }] }),
  );
  expect(refused.errors?.map(({ value }: NonNullable<ProblemBody['errors']>[number]) => value)).toContain(
    first,
  );
  expect(await lab.sql('SELECT id FROM claims')).toEqual(before);
  expect((await lab.simulator.listVms()).map(({ name }) => name)).not.toContain('lost');
});
