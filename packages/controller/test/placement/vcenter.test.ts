import { reference } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GIB, type LiveFacts, type LiveHost, MIB } from '../../src/domain/placement/facts.ts';
import { readPlacementFacts } from '../../src/operations/placement-facts.ts';
import { placeOfSource, readSource, type SourceReading } from '../../src/operations/source-reading.ts';
import { placementEstate } from './estate.ts';
import { type LiveVcenter, startLiveVcenter } from './live-vcenter.ts';

/** What placement reads from vCenter at the moment of choosing. */

let vcenter: LiveVcenter;
beforeAll(async () => {
  vcenter = await startLiveVcenter(placementEstate());
});
afterAll(() => vcenter[Symbol.asyncDispose]());

const { signal } = new AbortController();
const read = (): Promise<LiveFacts> => readPlacementFacts(vcenter.client, { signal });
const hostNamed = async (name: string): Promise<LiveHost | undefined> =>
  (await read()).hosts.find((host) => host.name === name);

test('whole types are read side by side: one request for each, however many objects there are', async () => {
  await vcenter.simulator.resetStats();
  await read();
  const { calls } = await vcenter.simulator.stats();
  expect(calls).toEqual({ CreateContainerView: 6, RetrievePropertiesEx: 6, DestroyView: 6 });
});

test('hosts are told with their cluster and datacenter, what they have and what of it is used', async () => {
  const { morefs } = vcenter.simulator;
  expect(await hostNamed('esx-02')).toEqual({
    moref: morefs.host('esx-02').value,
    name: 'esx-02',
    connectionState: 'connected',
    powerState: 'poweredOn',
    maintenance: false,
    datacenter: morefs.datacenter('Home').value,
    compute: morefs.cluster('North').value,
    cpuCores: 32,
    cpuThreads: 64,
    cpuTotal: 32 * 2400,
    cpuUsed: expect.any(Number),
    memoryTotal: 512 * GIB,
    memoryUsed: expect.any(Number),
  });
  expect((await read()).hosts).toHaveLength(5);
});

test('a change in vCenter is there with the next reading: usage, maintenance, standby', async () => {
  const { simulator } = vcenter;
  await simulator.setProperties(simulator.morefs.host('esx-03'), [
    { path: 'runtime.inMaintenanceMode', type: 'xsd:boolean', value: true },
    {
      path: 'summary.quickStats',
      type: 'HostListSummaryQuickStats',
      value: { overallCpuUsage: 1234, overallMemoryUsage: 2048 },
    },
  ]);
  await simulator.setProperties(simulator.morefs.host('esx-04'), [
    { path: 'runtime.powerState', type: 'HostSystemPowerState', value: 'standBy' },
    { path: 'runtime.connectionState', type: 'HostSystemConnectionState', value: 'notResponding' },
    // A host that doesn't respond has no figures.
    { path: 'summary.quickStats', type: 'HostListSummaryQuickStats', value: {} },
  ]);
  expect(await hostNamed('esx-03')).toMatchObject({
    maintenance: true,
    cpuUsed: 1234,
    memoryUsed: 2048 * MIB,
  });
  expect(await hostNamed('esx-04')).toMatchObject({
    powerState: 'standBy',
    connectionState: 'notResponding',
    cpuUsed: null,
    memoryUsed: null,
  });
});

test('a host that spoils the reading of all is told as one that does not respond, and the others whole', async () => {
  const { simulator } = vcenter;
  const silent = simulator.morefs.host('esx-02').value;
  // The list of all fails, and every list that names this one.
  await simulator.injectFault({
    method: 'RetrievePropertiesEx',
    reading: 'HostSystem',
    fault: 'HostCommunication',
    maxCount: 1,
  });
  await simulator.injectFault({
    method: 'RetrievePropertiesEx',
    reading: silent,
    fault: 'HostCommunication',
  });
  const { hosts } = await read();
  await simulator.clearFaults();
  expect(hosts.find(({ moref }) => moref === silent)).toMatchObject({
    name: silent,
    connectionState: 'notResponding',
    memoryTotal: null,
  });
  expect(hosts.filter(({ memoryTotal }) => memoryTotal !== null)).toHaveLength(4);
});

test('clusters are told apart from hosts that stand alone, with their pools', async () => {
  const { morefs } = vcenter.simulator;
  const { computes, pools } = await read();
  expect(computes.map(({ name, kind, drs }) => ({ name, kind, drs }))).toEqual([
    { name: 'North', kind: 'cluster', drs: true },
    { name: 'esx-04', kind: 'host', drs: false },
    { name: 'esx-05', kind: 'host', drs: false },
  ]);
  expect(computes[0]).toMatchObject({
    moref: morefs.cluster('North').value,
    datacenter: morefs.datacenter('Home').value,
    rootPool: morefs.resourcePool('North').value,
  });
  expect(pools).toContainEqual({
    moref: morefs.resourcePool('North').value,
    name: 'Resources',
    compute: morefs.cluster('North').value,
    path: '',
  });
});

test('pools below others have paths; a vApp, which is a kind of pool, is none to make servers in', async () => {
  const { morefs } = vcenter.simulator;
  const root = morefs.resourcePool('North').value;
  const below = (type: string, value: string, name: string, parent: string): string =>
    `<objects><obj type="${type}">${value}</obj><propSet><name>name</name><val xsi:type="xsd:string">${name}</val></propSet>` +
    `<propSet><name>parent</name><val type="ResourcePool" xsi:type="ManagedObjectReference">${parent}</val></propSet></objects>`;
  const more =
    below('ResourcePool', 'resgroup-901', 'Team%2fA', root) +
    below('ResourcePool', 'resgroup-902', 'Test', 'resgroup-901') +
    below('VirtualApp', 'resgroup-v903', 'App', root);
  vcenter.proxy.use(
    { kind: 'rewrite', body: (reply) => reply.replace(/<returnval[^>]*>/, (tag) => `${tag}${more}`) },
    { whenBody: /RetrievePropertiesEx[^]*<type>ResourcePool</ },
  );
  const { pools } = await read();
  vcenter.proxy.pass();
  const cluster = morefs.cluster('North').value;
  expect(pools.filter(({ compute, path }) => compute === cluster && path !== '')).toEqual([
    { moref: 'resgroup-901', name: 'Team/A', compute: cluster, path: 'Team/A' },
    { moref: 'resgroup-902', name: 'Test', compute: cluster, path: 'Team/A/Test' },
  ]);
  expect(pools.map(({ name }) => name)).not.toContain('App');
});

test('datacenters and folders have the paths that people see', async () => {
  const { morefs } = vcenter.simulator;
  const { datacenters, folders } = await read();
  const home = { datacenter: 'Home' };
  expect(datacenters).toContainEqual({
    moref: morefs.datacenter('Home').value,
    name: 'Home',
    path: 'Home',
    vmFolder: morefs.folder('', home).value,
  });
  const ofHome = folders.filter(({ datacenter }) => datacenter === morefs.datacenter('Home').value);
  // Not the folders of hosts, networks and datastores.
  expect(ofHome.map(({ name, path }) => ({ name, path }))).toEqual([
    { name: 'vm', path: '' },
    { name: 'Web', path: 'Web' },
    { name: 'Old', path: 'Web/Old' },
  ]);
});

test('datastores are told with their names as people write them, and how each host has them', async () => {
  const { simulator } = vcenter;
  const ref = simulator.morefs.datastore('shared/ssd');
  const mount = (host: string, more: Record<string, string | boolean>) => ({
    key: reference(simulator.morefs.host(host)),
    mountInfo: { path: '/vmfs/volumes/ssd', accessMode: 'readWrite', ...more },
  });
  const find = async () => (await read()).datastores.find(({ moref }) => moref === ref.value);
  expect(await find()).toMatchObject({
    name: 'shared/ssd',
    datacenter: simulator.morefs.datacenter('Home').value,
    capacity: 2048 * GIB,
    free: 1024 * GIB,
    accessible: true,
    maintenance: false,
  });
  await simulator.setProperties(ref, [
    {
      path: 'host',
      type: 'ArrayOfDatastoreHostMount',
      value: {
        DatastoreHostMount: [
          mount('esx-01', {}),
          mount('esx-02', { accessMode: 'readOnly', mounted: true, accessible: true }),
          mount('esx-03', { mounted: true, accessible: false }),
          mount('esx-04', { mounted: false, accessible: true }),
        ],
      },
    },
    { path: 'summary.maintenanceMode', type: 'xsd:string', value: 'enteringMaintenance' },
  ]);
  const changed = await find();
  expect(changed?.maintenance).toBe(true);
  const seen = ['esx-01', 'esx-02', 'esx-03', 'esx-04', 'esx-05'].map((name) =>
    changed?.mounts.get(simulator.morefs.host(name).value),
  );
  expect(seen).toEqual([
    { writable: true, accessible: true },
    { writable: false, accessible: true },
    { writable: true, accessible: false },
    { writable: true, accessible: false },
    undefined,
  ]);
});

test('a reading that is called off throws, and reads nothing on', async () => {
  await expect(readPlacementFacts(vcenter.client, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    problem: { kind: 'aborted' },
  });
});

describe('the source of a clone', () => {
  const readNamed = async (name: string): Promise<SourceReading> => {
    const answer = await readSource(vcenter.client, vcenter.simulator.morefs.vm(name).value, { signal });
    if (!answer.ok) throw new Error(answer.code);
    return answer.source;
  };

  test('is told with its hardware, NICs with their bindings and disks with where they are', async () => {
    const { morefs } = vcenter.simulator;
    const source = await readNamed('template');
    expect(source).toMatchObject({
      ref: morefs.vm('template'),
      name: 'template',
      template: true,
      guestId: 'ubuntu64Guest',
      managedBy: null,
      cpus: 4,
      memoryMib: 4096,
      host: morefs.host('esx-01'),
      folder: morefs.folder('Web', { datacenter: 'Home' }),
      datastores: [morefs.datastore('shared/ssd')],
      snapshot: null,
    });
    expect(source.nics).toMatchObject([
      {
        $type: 'VirtualVmxnet3',
        key: 4000,
        controllerKey: expect.any(Number),
        unitNumber: expect.any(Number),
        backing: { $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo' },
      },
      {
        key: 4001,
        backing: { $type: 'VirtualEthernetCardNetworkBackingInfo', deviceName: 'VM Network' },
      },
    ]);
    expect(source.disks).toMatchObject([{ $type: 'VirtualDisk', capacityInKB: 40 * 1024 ** 2 }]);
    expect(source.devices.length).toBeGreaterThan(source.nics.length + source.disks.length);
  });

  test('has its place in what was read of vCenter', async () => {
    const { morefs } = vcenter.simulator;
    expect(placeOfSource(await readNamed('template'), await read())).toEqual({
      host: morefs.host('esx-01').value,
      folder: morefs.folder('Web', { datacenter: 'Home' }).value,
      datacenter: morefs.datacenter('Home').value,
      datastores: [morefs.datastore('shared/ssd').value],
    });
  });

  describe('has disks that take', () => {
    const disk = (unitNumber: number, gib: number, backing: Record<string, unknown> = {}) => ({
      $type: 'VirtualDisk',
      key: 2000 + unitNumber,
      controllerKey: 1000,
      unitNumber,
      capacityInKB: gib * 1024 ** 2,
      capacityInBytes: gib * GIB,
      backing: {
        $type: 'VirtualDiskFlatVer2BackingInfo',
        fileName: `[shared/ssd] web-2/${unitNumber}.vmdk`,
        diskMode: 'persistent',
        thinProvisioned: false,
        ...backing,
      },
    });
    const roomOf = async (committed: number, ...disks: ReturnType<typeof disk>[]) => {
      const { simulator } = vcenter;
      await simulator.setProperties(simulator.morefs.vm('web-2'), [
        { path: 'config.hardware.device', type: 'ArrayOfVirtualDevice', value: { VirtualDevice: disks } },
        {
          path: 'summary.storage',
          type: 'VirtualMachineStorageSummary',
          value: {
            committed: committed * GIB,
            uncommitted: 0,
            unshared: 0,
            timestamp: '2026-01-05T08:00:00Z',
          },
        },
      ]);
      const { diskRoom } = await readNamed('web-2');
      return diskRoom.map(({ capacity, thin, used }) => [
        capacity / GIB,
        thin,
        used === null ? null : used / GIB,
      ]);
    };

    test('all of their size where they are thick', async () => {
      expect(await roomOf(3, disk(0, 40))).toEqual([[40, false, 40]]);
    });

    test('what is written where they are thin: what the thick ones do not explain, shared by size', async () => {
      const thin = { thinProvisioned: true };
      expect(await roomOf(40 + 30, disk(0, 40), disk(1, 40, thin), disk(2, 20, thin))).toEqual([
        [40, false, 40],
        [40, true, 20],
        [20, true, 10],
      ]);
      // Never more than their size, whatever else is counted: swap, snapshots, logs.
      expect(await roomOf(99, disk(0, 40, thin))).toEqual([[40, true, 40]]);
    });

    test('nobody knows what where they build on the disks of another', async () => {
      const delta = {
        thinProvisioned: true,
        parent: {
          $type: 'VirtualDiskFlatVer2BackingInfo',
          fileName: '[shared/ssd] base/0.vmdk',
          diskMode: 'persistent',
        },
      };
      expect(await roomOf(1, disk(0, 40, delta))).toEqual([[40, true, null]]);
    });
  });

  test('that has gone, or whose configuration vCenter can not read, is told as such', async () => {
    const { simulator } = vcenter;
    expect(await readSource(vcenter.client, 'vm-999999', { signal })).toEqual({ ok: false, code: 'gone' });
    const lost = simulator.morefs.vm('web-3');
    await simulator.setProperty(lost, { path: 'config' });
    expect(await readSource(vcenter.client, lost.value, { signal })).toEqual({
      ok: false,
      code: 'unreadable',
    });
  });
});
