import type { GivenAddress, Network, NetworkEffect } from '@wirebook/contract';
import { address } from '@wirebook/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** What the founding document says of networks whose addresses are used behind several port groups, sentence by sentence. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('web-2', [['web', '10.1.0.12/24']]),
      machine('twin-1', [['twin', '10.1.0.13/24']]),
      machine('twin-2', [['twin', '10.1.0.14/24']]),
      machine('silent', [['twin']], { tools: 'notInstalled' }),
      machine('later', [['twin']]),
      machine('db-1', [['db', '10.2.0.11/24']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

const wiresOf = (network: Network): string[] =>
  network.additionalWires.map((one) => `${one.wire.name} ${one.origin}`);
const declare = (...wires: string[]) =>
  lab.controller.call<NetworkEffect>('PUT', '/api/v1/networks/web/additional-wires', { wires });

test('a network has to be given its primary wire when it is made', async () => {
  const refused = await lab.refuse('invalid_input', 'POST', '/api/v1/networks', {
    name: 'web',
    cidr: '10.1.0.0/24',
  });
  expect(refused.errors).toMatchObject([{ field: 'wire' }]);
});

test('one stretch of addresses may be used by servers of several port groups; when its network is made, that is found by itself', async () => {
  const { network, settles } = await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
  expect(network.wire.name).toBe('web');
  expect(wiresOf(network)).toEqual(['twin detected']);
  expect(settles).toBe(4);
});

test('by default a network is of one wire alone: one whose range nobody else uses gets no others', async () => {
  const { network } = await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/24' });
  expect(wiresOf(network)).toEqual([]);
});

test('the wires found are there with their evidence: which servers, which addresses', async () => {
  const [twin] = (await lab.network('web')).additionalWires;
  expect(twin?.evidence.map(({ server, ip }) => `${server.name} ${ip}`)).toEqual([
    'twin-1 10.1.0.13',
    'twin-2 10.1.0.14',
  ]);
});

test('afterwards an administrator sets further additional wires by hand, and the set replaces what was set before', async () => {
  await declare('twin', 'spare');
  expect(wiresOf(await lab.network('web'))).toEqual(['spare declared', 'twin declared']);
  await declare('spare');
  // No longer set, yet used: then it is there because it was found.
  expect(wiresOf(await lab.network('web'))).toEqual(['spare declared', 'twin detected']);
});

test('a server on an additional wire uses addresses of the network as one on the primary wire does: by its report', async () => {
  expect(await lab.records('twin-1')).toEqual(['10.1.0.13']);
  await lab.simulator.setGuestNet('twin-2', [
    { deviceConfigId: 4000, connected: true, addresses: [address('10.1.0.24/24')] },
  ]);
  await lab.sync();
  expect(await lab.records('twin-2')).toContain('10.1.0.24');
});

test('and by hand, where its Tools are silent', async () => {
  const fixed = await lab.controller.call('POST', '/api/v1/servers/silent/fix-nics', { ips: ['10.1.0.50'] });
  expect(fixed.status, JSON.stringify(fixed.body)).toBe(200);
  expect(await lab.records('silent')).toEqual(['10.1.0.50']);
});

test('and by being given one: what it is given becomes its record as soon as it shows it', async () => {
  const given = await lab.controller.call<{ items: GivenAddress[] }>(
    'POST',
    '/api/v1/networks/web/allocate',
    {
      note: 'for later',
    },
  );
  const [first] = given.body.items;
  expect(first?.prefixLength).toBe(24);
  await lab.simulator.setGuestNet('later', [
    { deviceConfigId: 4000, connected: true, addresses: [address(`${first?.ip}/24`)] },
  ]);
  await lab.sync();
  expect((await lab.nics('later'))[0]?.records).toMatchObject([{ ip: first?.ip, source: 'allocated' }]);
});

test('nothing of it reaches a wire that is not the network’s, whatever the host carries', async () => {
  await lab.controller.call('PUT', '/api/v1/networks/web/excluded-wires', { wires: ['db'] });
  await lab.simulator.setGuestNet('db-1', [
    { deviceConfigId: 4000, connected: true, addresses: [address('10.1.0.77/24')] },
  ]);
  await lab.sync();
  expect(await lab.reasons('db-1')).toEqual(['other_wire 10.1.0.77']);
  await lab.refuse('fixes_refused', 'POST', '/api/v1/servers/db-1/fix-nics', { ips: ['10.1.0.78'] });
});
