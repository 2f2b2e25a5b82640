import type { List, Network, NetworkEffect, SyncRun } from '@wirebook/contract';
import { address, type Estate } from '@wirebook/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Additional wires, found by who uses a network's addresses. Everything here is observed; nobody declares a wire but where it says so. */

const common = { gateway: '10.1.0.1' };

function estate(): Estate {
  const made = labEstate([
    machine('web-1', [['web', '10.1.0.11/24']], common),
    machine('web-2', [['web', '10.1.0.12/24']], common),
    machine('twin-1', [['twin', '10.1.0.21/24']], common),
    machine('twin-2', [['twin', '10.1.0.22/24']], common),
    machine('db-1', [['db', '10.1.0.31/24']], common),
    // The restored copy of web-1 has its address; elsewhere-1 leaves the range through another router.
    machine('spare-1', [['spare', '10.1.0.11/24']], common),
    machine('elsewhere-1', [['elsewhere', '10.1.0.41/24']], { gateway: '10.1.0.254' }),
    machine('trunk-1', [['trunk', '10.1.0.51/24']], common),
    machine('bubble-1', [], {
      ...common,
      host: 'esx-01.lab.example',
      nics: [{ network: { standard: 'bubble' }, addresses: ['10.1.0.61/24'] }],
    }),
    machine('off-1', [['off', '10.1.0.71/24']], { ...common, powerState: 'poweredOff', tools: 'notRunning' }),
  ]);
  const [datacenter] = made.datacenters;
  datacenter?.distributedSwitches[0]?.portGroups.push(
    { name: 'elsewhere', vlan: { kind: 'id', id: 60 } },
    { name: 'trunk', vlan: { kind: 'trunk', ranges: [{ start: 1, end: 99 }] } },
    { name: 'off', vlan: { kind: 'id', id: 61 } },
  );
  datacenter?.clusters[0]?.hosts[0]?.standardSwitches.push({
    name: 'vSwitch9',
    mtu: 1500,
    uplinks: [],
    portGroups: [{ name: 'bubble', vlanId: 0 }],
  });
  return made;
}

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(estate());
});
afterAll(() => lab[Symbol.asyncDispose]());

const call = <T>(method: string, path: string, body?: unknown) =>
  lab.controller.call<T>(method, `/api/v1${path}`, body);
const web = { name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' };
const additional = async (): Promise<string[]> =>
  (await lab.network('web')).additionalWires.map((one) => `${one.wire.name} ${one.origin} ${one.servers}`);
const suggested = async (): Promise<string[]> =>
  (await lab.network('web')).suggestedWires.map((one) => one.wire.name);
const contradictionOf = async (wire: string): Promise<string> =>
  (await lab.network('web')).suggestedWires.find((one) => one.wire.name === wire)?.contradiction ?? '';
const report = (server: string, ...texts: string[]): Promise<void> =>
  lab.simulator.setGuestNet(server, [
    { deviceConfigId: 4000, connected: true, addresses: texts.map((text) => address(text)) },
  ]);

beforeEach(async () => {
  const { body } = await call<List<Network>>('GET', '/networks?limit=500');
  for (const network of body.items) await call('DELETE', `/networks/${network.id}`);
});

describe('a network that is made', () => {
  test('has the wires that its addresses are used on, with the evidence, and settles their servers at once', async () => {
    const effect = await lab.createNetwork(web);
    expect(effect.settles).toBe(5);
    expect(await additional()).toEqual(['db detected 1', 'twin detected 2']);
    const twin = (await lab.network('web')).additionalWires.find((one) => one.wire.name === 'twin');
    expect(twin?.evidence.map(({ server, ip }) => `${server.name} ${ip}`)).toEqual([
      'twin-1 10.1.0.21',
      'twin-2 10.1.0.22',
    ]);
    expect(await lab.records('twin-1')).toEqual(['10.1.0.21']);
    expect(await lab.records('db-1')).toEqual(['10.1.0.31']);
  });

  test('shows in a preview which wires use it, before it is made', async () => {
    const { body } = await call<NetworkEffect>('POST', '/networks?dryRun=true', web);
    expect(body.network.additionalWires.map((one) => `${one.wire.name} ${one.servers}`)).toEqual([
      'db 1',
      'twin 2',
    ]);
    expect(body.network.suggestedWires.map((one) => one.wire.name)).toEqual([
      'bubble',
      'elsewhere',
      'spare',
      'trunk',
    ]);
    expect(body.settles).toBe(5);
    expect((await call<List<Network>>('GET', '/networks')).body.items).toEqual([]);
    expect(await lab.sql('SELECT 1 FROM network_wires')).toEqual([]);
  });

  test('notes a VLAN that is another than that of its primary wire', async () => {
    await lab.createNetwork(web);
    const { additionalWires } = await lab.network('web');
    expect(additionalWires.map((one) => one.note)).toEqual(['VLAN 40 here, 20 on the primary wire.', null]);
  });

  test('takes nothing from a server that is off', async () => {
    await lab.createNetwork(web);
    expect([...(await additional()), ...(await suggested())].some((text) => text.startsWith('off'))).toBe(
      false,
    );
  });
});

describe('a wire that something speaks against', () => {
  test('is only suggested, says why, and settles nobody', async () => {
    await lab.createNetwork(web);
    expect(await suggested()).toEqual(['bubble', 'elsewhere', 'spare', 'trunk']);
    expect(await contradictionOf('spare')).toBe(
      'spare-1 here and web-1 on "web" report 10.1.0.11 at the same time.',
    );
    expect(await contradictionOf('elsewhere')).toBe(
      'Its servers leave the range through 10.1.0.254 (elsewhere-1, 1 in all), not through 10.1.0.1.',
    );
    expect(await contradictionOf('trunk')).toBe('"trunk" is a trunk: it carries many VLANs and tells none.');
    expect(await contradictionOf('bubble')).toBe('"bubble" has no uplink: nothing on it reaches the others.');
    for (const server of ['spare-1', 'elsewhere-1', 'trunk-1', 'bubble-1'])
      expect(await lab.records(server)).toEqual([]);
  });

  test('is held against the gateway that its own servers use, where none was said', async () => {
    await lab.createNetwork({ ...web, gateway: null });
    expect(await contradictionOf('elsewhere')).toContain('not through 10.1.0.1');
    await call('PATCH', '/networks/web', { gateway: '10.1.0.254' });
    // Detected ones stay; the one that uses this gateway is one by now.
    expect(await additional()).toEqual(['db detected 1', 'elsewhere detected 1', 'twin detected 2']);
  });

  test('is added by a person all the same, and stays what it was declared to be', async () => {
    await lab.createNetwork(web);
    await call('PUT', '/networks/web/additional-wires', { wires: ['elsewhere'] });
    expect(await additional()).toContain('elsewhere declared 1');
    expect(await lab.records('elsewhere-1')).toEqual(['10.1.0.41']);
    await call('PUT', '/networks/web/additional-wires', { wires: [] });
    expect(await suggested()).toContain('elsewhere');
    expect(await lab.records('elsewhere-1')).toEqual([]);
  });

  test('is excluded for good, and comes back when that is taken back', async () => {
    await lab.createNetwork(web);
    await call('PUT', '/networks/web/excluded-wires', { wires: ['twin', 'trunk'] });
    expect(await additional()).toEqual(['db detected 1']);
    expect(await suggested()).toEqual(['bubble', 'elsewhere', 'spare']);
    expect((await lab.network('web')).excludedWires.map((one) => one.wire.name)).toEqual(['trunk', 'twin']);
    expect(await lab.reasons('twin-1')).toEqual(['other_wire 10.1.0.21']);
    await report('twin-2', '10.1.0.23/24');
    await lab.sync();
    expect(await additional()).toEqual(['db detected 1']);
    await call('PUT', '/networks/web/excluded-wires', { wires: [] });
    expect(await lab.records('twin-1')).toEqual(['10.1.0.21']);
    await report('twin-2', '10.1.0.22/24');
    await lab.sync();
  });

  test('is not the primary one: that is refused, with what to do', async () => {
    await lab.createNetwork(web);
    const refused = await lab.refuse('primary_wire', 'PUT', '/api/v1/networks/web/excluded-wires', {
      wires: ['web'],
    });
    expect(refused.remedy).toContain('wirebook network move web');
  });
});

describe('with each sync', () => {
  test('a wire is detected with the first server there that uses an address, and the run says so', async () => {
    await lab.createNetwork({ ...web, cidr: '10.5.0.0/24', gateway: '10.5.0.1' });
    expect(await additional()).toEqual([]);
    await report('db-1', '10.5.0.31/24');
    const run = await lab.controller.sync(lab.account);
    expect((run.body as unknown as SyncRun).changes.additionalWires).toEqual({ detected: 1, ended: 0 });
    expect(await additional()).toEqual(['db detected 1']);
    expect(await lab.records('db-1')).toEqual(['10.5.0.31']);
    // The second address of the same server is no second server.
    await report('db-1', '10.5.0.31/24', '10.5.0.32/24');
    await lab.sync();
    expect(await additional()).toEqual(['db detected 1']);
    await report('db-1', '10.1.0.31/24');
    await lab.sync();
    await lab.sync();
    expect(await additional()).toEqual([]);
  });

  test('a wire ends with its last evidence: not before the record does, and never by silence', async () => {
    await lab.createNetwork(web);
    await lab.simulator.setPowerState('twin-1', 'poweredOff');
    await report('twin-2', '10.99.0.22/24');
    await lab.sync();
    // One report may be wrong; the other server only says nothing.
    expect(await additional()).toEqual(['db detected 1', 'twin detected 2']);
    await lab.sync();
    expect(await additional()).toEqual(['db detected 1', 'twin detected 1']);
    await lab.sync();
    expect(await additional()).toEqual(['db detected 1', 'twin detected 1']);
    await lab.simulator.setPowerState('twin-1', 'poweredOn');
    await report('twin-1', '10.99.0.21/24');
    await lab.sync();
    await lab.sync();
    expect(await additional()).toEqual(['db detected 1']);
    expect(
      await lab.sql(`SELECT 1 FROM claims c JOIN nics n ON n.id = c.nic_id JOIN wires w ON w.id = n.wire_id
      WHERE c.ended_at IS NULL AND w.name = 'twin'`),
    ).toEqual([]);
    await report('twin-1', '10.1.0.21/24');
    await report('twin-2', '10.1.0.22/24');
    await lab.sync();
    expect(await additional()).toEqual(['db detected 1', 'twin detected 2']);
  });

  test('what spoke against a wire holds while one of the two is only silent, and no longer than that', async () => {
    await lab.createNetwork(web);
    await lab.simulator.setPowerState('web-1', 'poweredOff');
    await lab.sync();
    expect(await contradictionOf('spare')).toContain('10.1.0.11');
    await lab.simulator.setPowerState('web-1', 'poweredOn');
    await report('web-1', '10.1.0.11/24');
    await lab.simulator.setPowerState('spare-1', 'poweredOff');
    await lab.sync();
    expect(await suggested()).toContain('spare');
    await lab.simulator.setPowerState('spare-1', 'poweredOn');
    await report('spare-1', '10.1.0.19/24');
    await lab.sync();
    expect(await suggested()).not.toContain('spare');
    expect(await lab.records('spare-1')).toEqual(['10.1.0.19']);
    await report('spare-1', '10.1.0.11/24');
    await lab.sync();
    await lab.sync();
  });

  test('one address reported twice later on is a conflict of that address, and the wire stays', async () => {
    await lab.createNetwork(web);
    await report('twin-2', '10.1.0.22/24', '10.1.0.12/24');
    await lab.sync();
    expect(await additional()).toEqual(['db detected 1', 'twin detected 2']);
    expect(await lab.reasons('twin-2')).toEqual(['taken 10.1.0.12']);
    await report('twin-2', '10.1.0.22/24');
    await lab.sync();
  });

  test('a server that moves to another port group takes its record along, and the wire is the network’s', async () => {
    await lab.createNetwork(web);
    const [before] = (await lab.nics('web-2'))[0]?.records ?? [];
    await lab.simulator.moveNic('web-2', 4000, { distributed: 'off' });
    await lab.sync();
    expect(await additional()).toContain('off detected 1');
    expect((await lab.nics('web-2'))[0]?.records).toMatchObject([{ id: before?.id, ip: '10.1.0.12' }]);
    await lab.simulator.moveNic('web-2', 4000, { distributed: 'web' });
    await lab.sync();
    expect((await additional()).some((text) => text.startsWith('off'))).toBe(false);
  });

  test('nothing is written where nothing changed', async () => {
    await lab.createNetwork(web);
    await report('web-2', '10.1.0.12/24', '10.77.0.1/24');
    await lab.sync();
    const before = await lab.sql('SELECT xmin::text, wire_id FROM network_wires ORDER BY wire_id');
    await report('web-2', '10.1.0.12/24');
    await lab.sync();
    await lab.sync();
    expect(await lab.sql('SELECT xmin::text, wire_id FROM network_wires ORDER BY wire_id')).toEqual(before);
  });
});

test('a wire of another address space is never detected nor suggested, and going there it leaves what was suggested', async () => {
  await lab.createNetwork(web);
  await call('POST', '/address-spaces', { name: 'apart' });
  expect((await call('PATCH', '/wires/spare', { space: 'apart' })).status).toBe(200);
  expect(await suggested()).not.toContain('spare');
  expect(await lab.reasons('spare-1')).toEqual(['no_network 10.1.0.11']);
  // A detected wire has records of the network: it is not taken away unasked.
  const refused = await lab.refuse('in_use', 'PATCH', '/api/v1/wires/twin', { space: 'apart' });
  expect(refused.objects).toMatchObject([{ kind: 'network', name: 'web' }]);
  await call('PATCH', '/wires/spare', { space: 'default' });
  expect(await suggested()).toContain('spare');
});
