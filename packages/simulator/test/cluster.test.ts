import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../src/index.ts';
import { clusterEstate, esx } from './cluster-estate.ts';
import { logIn, textOf, valuesOf, type Session } from './soap.ts';
import { cardChange, distributedBacking, standardBacking, vmsOf, type Vms } from './vms.ts';

let simulator: Simulator;
let session: Session;
let vms: Vms;

beforeAll(async () => {
  simulator = await startSimulator({ estate: clusterEstate() });
  session = await logIn(simulator);
  vms = vmsOf(simulator, session);
});
afterAll(async () => {
  await simulator.stop();
});

const host = (name: string) => simulator.morefs.host(name);
const datastore = (name: string) => simulator.morefs.datastore(name);

describe('what is read of an estate', () => {
  test('whether a cluster has DRS', async () => {
    for (const [name, drs] of [
      ['Lab-Cluster', 'true'],
      ['Plain', 'false'],
    ] as const) {
      const cluster = simulator.morefs.cluster(name);
      expect(textOf(await session.property(cluster, 'configuration.drsConfig'), 'enabled')).toBe(drs);
      const whole = await session.property(cluster, 'configurationEx');
      expect(/<drsConfig>.*?<enabled>(\w+)</s.exec(whole)?.[1]).toBe(drs);
    }
  });

  test('what hosts have and use', async () => {
    const stats = await session.property(host(esx.one), 'summary.quickStats');
    expect([textOf(stats, 'overallCpuUsage'), textOf(stats, 'overallMemoryUsage')]).toEqual([
      '60000',
      '400000',
    ]);
    const hardware = await session.property(host(esx.one), 'summary.hardware');
    expect([textOf(hardware, 'cpuMhz'), textOf(hardware, 'numCpuCores')]).toEqual(['2400', '32']);
    expect(textOf(hardware, 'memorySize')).toBe(String(512 * 1024 ** 3));
  });

  test('which hosts see a datastore, and its state', async () => {
    const seen = async (name: string) =>
      valuesOf(await session.property(host(name), 'datastore'), 'ManagedObjectReference');
    expect(await seen(esx.one)).not.toContain(datastore('ds-02').value);
    expect(await seen(esx.two)).toContain(datastore('ds-02').value);
    const mounts = async (name: string) => {
      const xml = await session.property(datastore(name), 'host');
      return [valuesOf(xml, 'key'), valuesOf(xml, 'accessible')];
    };
    expect(await mounts('ds-02')).toEqual([[host(esx.two).value], ['true']]);
    expect(await mounts('ds-lost')).toEqual([
      [esx.one, esx.two, esx.three].map((name) => host(name).value),
      ['false', 'false', 'false'],
    ]);
    const summary = async (name: string) => {
      const xml = await session.property(datastore(name), 'summary');
      return [textOf(xml, 'accessible'), textOf(xml, 'maintenanceMode')];
    };
    expect(await summary('lab-ds')).toEqual(['true', 'normal']);
    expect(await summary('ds-lost')).toEqual(['false', 'normal']);
    expect(await summary('ds-maintained')).toEqual(['true', 'inMaintenance']);
    const cluster = await session.property(simulator.morefs.cluster('Plain'), 'datastore');
    expect(cluster).not.toContain(datastore('ds-02').value);
  });

  test('resource pools below a cluster, and the VMs in them', async () => {
    const pool = (path?: string) =>
      simulator.morefs.resourcePool('Lab-Cluster', path === undefined ? {} : { path });
    const children = async (path?: string) =>
      valuesOf(await session.property(pool(path), 'resourcePool'), 'ManagedObjectReference');
    expect(await children()).toEqual([pool('Production').value, pool('Test').value]);
    expect(await children('Production')).toEqual([pool('Production/Web').value]);
    expect(await session.property(pool('Production/Web'), 'parent')).toContain(pool('Production').value);
    expect(textOf(await session.property(pool('Production/Web'), 'name'), 'val')).toBe('Web');
    expect(valuesOf(await session.property(pool('Production/Web'), 'vm'), 'ManagedObjectReference')).toEqual([
      simulator.morefs.vm('pooled-1').value,
    ]);
    expect(await session.property(pool(), 'vm')).not.toContain(simulator.morefs.vm('pooled-1').value);
    expect((await session.read('ResourcePool', ['name'])).size).toBe(5);
    expect(() => simulator.morefs.resourcePool('Lab-Cluster', { path: 'None' })).toThrow('None');
  });

  test("a template's snapshot", async () => {
    const template = simulator.morefs.vm('snapshot-template');
    const info = await session.property(template, 'snapshot');
    expect(textOf(info, 'name')).toBe('golden');
    const snapshot = { type: 'VirtualMachineSnapshot', value: textOf(info, 'currentSnapshot') };
    expect(await session.property(snapshot, 'config.hardware.device')).toContain('VirtualVmxnet3');
    expect(await session.property(simulator.morefs.vm('ubuntu-template'), 'snapshot')).toBe('');
  });

  test('what a folder may hold, and where VMs of a datacenter lie', async () => {
    const types = await session.property(simulator.morefs.folder('Web'), 'childType');
    expect(valuesOf(types, 'string')).toEqual(['Folder', 'VirtualMachine', 'VirtualApp']);
    const folder = await session.property(simulator.morefs.datacenter('Lab'), 'vmFolder');
    expect(folder).toContain(simulator.morefs.folder('').value);
  });
});

describe('PlaceVm', () => {
  const place = async (options: {
    cluster?: string;
    hosts?: string[];
    datastores?: string[];
    networks?: string;
  }) => {
    const { cluster = 'Lab-Cluster', hosts = [], datastores = [], networks = '' } = options;
    const reply = await session.call(
      `<PlaceVm xmlns="urn:vim25"><_this type="ClusterComputeResource">${simulator.morefs.cluster(cluster).value}</_this><placementSpec><vm type="VirtualMachine">${simulator.morefs.vm('ubuntu-template').value}</vm><relocateSpec>${networks}</relocateSpec>${hosts.map((name) => `<hosts type="HostSystem">${host(name).value}</hosts>`).join('')}${datastores.map((name) => `<datastores type="Datastore">${datastore(name).value}</datastores>`).join('')}<placementType>clone</placementType><cloneName>new-1</cloneName></placementSpec></PlaceVm>`,
    );
    return {
      host: textOf(reply.body, 'targetHost'),
      datastore: /<relocateSpec>.*<datastore [^>]*>([^<]+)</s.exec(reply.body)?.[1],
      body: reply.body,
    };
  };

  test('recommends the host with the least load, and a datastore that it sees', async () => {
    const answer = await place({});
    expect(answer.host).toBe(host(esx.two).value);
    expect(answer.datastore).toBe(datastore('lab-ds').value);
    expect((await place({ datastores: ['ds-lost', 'ds-02'] })).datastore).toBe(datastore('ds-02').value);
  });

  test('recommends none but the hosts given, and only one that has the networks', async () => {
    expect((await place({ hosts: [esx.one] })).host).toBe(host(esx.one).value);
    expect((await place({ hosts: [esx.three] })).host).toBe('');
    const card = (name: string) => cardChange('edit', { key: 4000, backing: standardBacking(name) });
    expect((await place({ networks: card('only-02') })).host).toBe(host(esx.two).value);
    const none = await place({ hosts: [esx.one], networks: card('only-02') });
    expect([none.host, none.body]).toEqual(['', expect.stringContaining('NoCompatibleHost')]);
  });

  test('is refused by a cluster without DRS', async () => {
    expect((await place({ cluster: 'Plain' })).body).toContain('InvalidStateFault');
  });
});

describe('a clone is refused', () => {
  test('on a host that is not of the pool, or does not see the datastore', async () => {
    expect((await vms.clone('new-1', { host: esx.three })).fault).toBe('InvalidArgument');
    expect((await vms.clone('new-1', { host: esx.one, datastore: 'ds-02' })).fault).toBe(
      'InaccessibleDatastore',
    );
    expect((await vms.clone('new-1', { datastore: 'ds-lost' })).fault).toBe('InaccessibleDatastore');
    expect((await vms.clone('new-1', { datastore: 'ds-maintained' })).fault).toBe('InvalidDatastoreState');
  });

  test('with a network that the host does not have', async () => {
    expect((await vms.clone('new-1', { host: esx.one, network: 'only-02' })).fault).toBe(
      'InvalidDeviceBacking',
    );
    const far = cardChange('edit', {
      key: 4000,
      backing: distributedBacking(simulator.morefs.portGroup('far')),
    });
    expect((await vms.clone('new-1', { location: far })).fault).toBe('InvalidArgument');
    expect((await simulator.listVms()).map((vm) => vm.name)).not.toContain('new-1');
  });

  test('as a linked one of a source without snapshot, and made of one with it', async () => {
    const location = '<diskMoveType>createNewChildDiskBacking</diskMoveType>';
    expect((await vms.clone('linked-0', { location })).fault).toBe('InvalidArgument');
    const { result: vm } = await vms.clone('linked-1', { source: 'snapshot-template', location });
    const disk = await vms.read(vm, 'config.hardware.device');
    expect(disk).toMatch(
      /<fileName>\[lab-ds\] linked-1\/linked-1\.vmdk<.*<parent>.*snapshot-template\.vmdk</s,
    );
    expect(textOf(await vms.read(vm, 'config.annotation'), 'val')).toBe('golden');
  });
});
