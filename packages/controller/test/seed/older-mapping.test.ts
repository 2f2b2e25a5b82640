import type { ImportedNetwork, ImportedNetworks, List, Wire } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, labGroups, machine } from '../support/lab-estate.ts';

/** What the founding document says of how networks were tied to VMware up to 3.10 and since 3.11, sentence by sentence. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('twin-1', [['twin', '10.3.0.12/24']]),
      machine('vm-1', [['VM Network', '10.5.0.15/24']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

/** What a line of a book of 3.10 comes to: the VLAN id that its subnet had, and the switch that was its wire. */
async function line(base: string, vlan: number, wire: string, dryRun = true): Promise<ImportedNetwork> {
  const { body } = await lab.controller.call<ImportedNetworks>(
    'POST',
    `/api/v1/imports/networks?dryRun=${dryRun}`,
    {
      rows: [{ line: 2, name: base, start: `${base}.1`, end: `${base}.254`, prefix: 24, vlan, switch: wire }],
    },
  );
  const [item] = body.items;
  if (item === undefined) throw new Error('there is no item for the line');
  return item;
}
const wires = async (): Promise<Wire[]> =>
  (await lab.controller.call<List<Wire>>('GET', '/api/v1/wires?limit=500')).body.items;

describe('up to 3.10', () => {
  test('a virtual switch was the layer 2 network: a book names it, and its port groups are found on it and on no other', async () => {
    expect(await line('10.5.0', 10, 'vSwitch0')).toMatchObject({
      outcome: 'created',
      wire: { name: 'VM Network' },
    });
    expect(await line('10.5.0', 10, 'dvs-lab')).toMatchObject({ outcome: 'unfit' });
  });

  test('a subnet stood for a distributed port group: the book brings its subnet to the wire of that group', async () => {
    const item = await line('10.1.0', 20, 'dvs-lab', false);
    expect(item).toMatchObject({ outcome: 'created', wire: { name: 'web' }, settles: 1 });
    expect(await lab.network('10.1.0')).toMatchObject({ wire: { name: 'web' } });
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
  });

  test('the two were tied by the VLAN id alone: with another one the same subnet belongs elsewhere, or nowhere', async () => {
    expect(await line('10.6.0', 40, 'dvs-lab')).toMatchObject({ wire: { name: 'db' } });
    expect(await line('10.6.0', 50, 'dvs-lab')).toMatchObject({ wire: { name: 'spare' } });
    expect(await line('10.6.0', 60, 'dvs-lab')).toMatchObject({ outcome: 'unfit', wire: null });
  });

  test('that mapping was obscure and hard to set up: which of two groups of one VLAN was meant is told from who uses the subnet, and that it was', async () => {
    const item = await line('10.3.0', 20, 'dvs-lab');
    expect(item.fits).toMatchObject([
      { wire: { name: 'twin' }, nics: 1 },
      { wire: { name: 'web' }, nics: 0 },
    ]);
    expect(item.text).toContain('Several wires fit');
  });
});

describe('since 3.11', () => {
  test('a port group is a layer 2 network, one to one: groups of one VLAN on one switch are two', async () => {
    const found = await wires();
    expect(found.map((one) => one.name).toSorted()).toEqual([...labGroups, 'VM Network'].toSorted());
    expect(new Set(found.map((one) => one.portGroupId)).size).toBe(found.length);
    const ofVlan20 = found.filter((one) => one.vlan.id === 20);
    expect(ofVlan20.map((one) => one.name).toSorted()).toEqual(['twin', 'web']);
  });

  test('the two are tied by the id of the port group: its subnet stays with it whatever its name becomes', async () => {
    const before = (await wires()).find((one) => one.name === 'web');
    await lab.simulator.renamePortGroup('web', 'front');
    await lab.sync();
    const after = (await wires()).find((one) => one.name === 'front');
    expect(after).toMatchObject({ id: before?.id, portGroupId: before?.portGroupId });
    expect(await lab.network('10.1.0')).toMatchObject({ wire: { id: before?.id, name: 'front' } });
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
  });

  test('VMware keeps no subnets: which ones a port group may use is kept here, and stays when it is read again', async () => {
    const { network } = await lab.createNetwork({ name: 'second', wire: 'front', cidr: '10.7.0.0/24' });
    await lab.sync();
    expect(await lab.network('second')).toMatchObject({ id: network.id, wire: { name: 'front' } });
    expect(await lab.network('10.1.0')).toMatchObject({ wire: { name: 'front' } });
  });
});
