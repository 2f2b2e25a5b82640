import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type ListedVm, type Simulator } from '../src/index.ts';
import { clusterEstate, esx } from './cluster-estate.ts';
import { logIn, textOf, valuesOf, type Session } from './soap.ts';
import {
  cardChange,
  customization,
  distributedBacking,
  on,
  option,
  standardBacking,
  vmsOf,
  type Vms,
} from './vms.ts';

let simulator: Simulator;
let session: Session;
let vms: Vms;

beforeEach(async () => {
  simulator = await startSimulator({ estate: clusterEstate() });
  session = await logIn(simulator);
  vms = vmsOf(simulator, session);
});
afterEach(async () => {
  await simulator.stop();
});

const list = async (name: string): Promise<ListedVm> => {
  const found = (await simulator.listVms()).find((vm) => vm.name === name);
  if (found === undefined) throw new Error(`There is no VM ${name}.`);
  return found;
};
const reconfigure = (vm: string, spec: string) => vms.run(on(vm, 'ReconfigVM_Task', `<spec>${spec}</spec>`));
const opaque =
  '<backing xsi:type="VirtualEthernetCardOpaqueNetworkBackingInfo"><opaqueNetworkId>b2f9c6f0</opaqueNetworkId><opaqueNetworkType>nsx.LogicalSwitch</opaqueNetworkType></backing>';
const disk = (capacityInKB: number) =>
  `<deviceChange><operation>edit</operation><device xsi:type="VirtualDisk"><key>2000</key><backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName></fileName><diskMode>persistent</diskMode></backing><controllerKey>1000</controllerKey><unitNumber>0</unitNumber><capacityInKB>${capacityInKB}</capacityInKB></device></deviceChange>`;

describe.each(['a VM of the estate', 'a clone'])('the cards of %s', (kind) => {
  let vm: string;
  let name: string;
  beforeEach(async () => {
    name = kind === 'a clone' ? 'new-1' : 'web-1';
    vm = kind === 'a clone' ? (await vms.clone(name)).result : simulator.morefs.vm(name).value;
  });

  test('are added on standard, distributed and opaque networks, each with a MAC and key of its own', async () => {
    const before = await vms.read(vm, 'config.changeVersion');
    const end = await reconfigure(
      vm,
      cardChange('add', { key: -1, backing: standardBacking('VM Network') }) +
        cardChange('add', { key: -2, backing: distributedBacking(simulator.morefs.portGroup('web')) }) +
        cardChange('add', { key: -3, backing: opaque, mac: '00:50:56:01:02:03' }),
    );
    expect(end.fault).toBe('');
    const { nics } = await list(name);
    expect(nics.map((nic) => [nic.key, nic.label, nic.kind, nic.networkName])).toEqual([
      [4000, 'Network adapter 1', 'distributed', 'web'],
      [4001, 'Network adapter 2', 'standard', 'VM Network'],
      [4002, 'Network adapter 3', 'distributed', 'web'],
      [4003, 'Network adapter 4', 'opaque', 'seg'],
    ]);
    expect(new Set(nics.map((nic) => nic.mac)).size).toBe(4);
    expect(nics[1]?.mac).toMatch(/^00:50:56:b/);
    expect(nics[3]?.mac).toBe('00:50:56:01:02:03');
    expect(nics[0]?.portKey).not.toBe(nics[2]?.portKey);
    const group = simulator.morefs.portGroup('web').ref;
    const seg = simulator.morefs.portGroup('seg').ref;
    const standard = simulator.morefs.portGroup('VM Network').ref;
    expect(valuesOf(await vms.read(vm, 'network'), 'ManagedObjectReference')).toEqual([
      group.value,
      standard.value,
      seg.value,
    ]);
    for (const network of [group, seg, standard]) expect(await session.property(network, 'vm')).toContain(vm);
    expect(await session.property(group, 'portKeys')).toContain(nics[2]?.portKey);
    expect(await vms.read(vm, 'config.changeVersion')).not.toBe(before);
    expect(textOf(await vms.read(vm, 'summary.config'), 'numEthernetCards')).toBe('4');
  });

  test('are moved, keep their port while they stay, and are removed', async () => {
    const group = simulator.morefs.portGroup('web');
    const [first] = (await list(name)).nics;
    const stay = cardChange('edit', { key: 4000, backing: distributedBacking(group) });
    expect((await reconfigure(vm, stay)).fault).toBe('');
    expect((await list(name)).nics).toEqual([first]);
    const move = cardChange('edit', { key: 4000, backing: standardBacking('VM Network') });
    expect((await reconfigure(vm, move)).fault).toBe('');
    const [moved] = (await list(name)).nics;
    expect(moved).toMatchObject({ mac: first?.mac, kind: 'standard', networkName: 'VM Network' });
    expect(await session.property(group.ref, 'portKeys')).not.toContain(`>${first?.portKey}<`);
    expect(await session.property(group.ref, 'vm')).not.toContain(`>${vm}<`);
    expect((await reconfigure(vm, cardChange('remove', { key: 4000 }))).fault).toBe('');
    expect((await list(name)).nics).toEqual([]);
    expect(await vms.read(vm, 'network')).not.toContain('ManagedObjectReference type');
    expect((await reconfigure(vm, cardChange('remove', { key: 4000 }))).fault).toBe('InvalidDeviceSpec');
  });

  test('change all together or not at all', async () => {
    const group = simulator.morefs.portGroup('web');
    const state = async () => [
      await list(name),
      await session.property(group.ref, 'portKeys'),
      await vms.read(vm, 'config'),
    ];
    const before = await state();
    const end = await reconfigure(
      vm,
      `<annotation>new</annotation>${cardChange('add', { key: -1, backing: distributedBacking(group) })}` +
        cardChange('add', { key: -2, backing: standardBacking('no such network') }),
    );
    expect([end.fault, await state()]).toEqual(['InvalidDeviceBacking', before]);
  });
});

describe('other changes of a VM', () => {
  test('CPU, memory, disk and extraConfig; a disk never shrinks and a linked one does not grow', async () => {
    const { result: vm } = await vms.clone('new-1', { config: option('a', '1') + option('b', '2') });
    const gibibyte = 1024 ** 2;
    const spec = `<numCPUs>8</numCPUs><memoryMB>16384</memoryMB>${disk(60 * gibibyte)}${option('a', '')}${option('c', '3')}`;
    expect((await reconfigure(vm, spec)).fault).toBe('');
    expect(await list('new-1')).toMatchObject({
      cpus: 8,
      memory: 16_384,
      disks: [60 * gibibyte],
      extraConfig: { b: '2', c: '3' },
    });
    expect((await list('new-1')).extraConfig).not.toHaveProperty('a');
    expect(await vms.read(vm, 'config.hardware.device')).toContain('62,914,560 KB');
    expect((await reconfigure(vm, disk(20 * gibibyte))).fault).toBe('InvalidDeviceOperation');
    const location = '<diskMoveType>createNewChildDiskBacking</diskMoveType>';
    const { result: linked } = await vms.clone('linked', { source: 'snapshot-template', location });
    expect((await reconfigure(linked, disk(60 * gibibyte))).fault).toBe('InvalidDeviceOperation');
  });

  test('are refused when they rest on what has changed, on a template, and while the VM runs', async () => {
    const running = simulator.morefs.vm('web-1').value;
    expect(
      (await reconfigure(running, '<changeVersion>old</changeVersion><annotation>x</annotation>')).fault,
    ).toBe('ConcurrentAccess');
    expect((await reconfigure(running, '<numCPUs>8</numCPUs>')).fault).toBe('CpuHotPlugNotSupported');
    expect((await reconfigure(running, '<memoryMB>8192</memoryMB>')).fault).toBe('MemoryHotPlugNotSupported');
    const template = simulator.morefs.vm('ubuntu-template').value;
    expect((await reconfigure(template, '<numCPUs>8</numCPUs>')).fault).toBe('NotSupported');
    expect((await reconfigure(template, '<annotation>new</annotation>')).fault).toBe('');
  });

  test('a name is taken once in a folder', async () => {
    const { result: vm } = await vms.clone('new-1');
    expect((await vms.clone('new-1')).fault).toBe('DuplicateName');
    expect((await vms.clone('new-1', { folder: '' })).fault).toBe('');
    expect((await reconfigure(vm, '<name>web-1</name>')).fault).toBe('DuplicateName');
    expect((await reconfigure(vm, '<name>new-2</name>')).fault).toBe('');
    expect((await list('new-2')).ref.value).toBe(vm);
  });
});

describe('a clone', () => {
  test('has its own identity, the extraConfig of its source and of its specification, and no MAC of another', async () => {
    const template = await list('ubuntu-template');
    const config = option('wirebook.operation', 'op-1') + '<numCPUs>4</numCPUs>';
    const { result: vm } = await vms.clone('new-1', { config, datastore: 'lab-ds', host: esx.two });
    expect(await list('new-1')).toMatchObject({
      host: esx.two,
      folder: simulator.morefs.folder('Web'),
      pool: simulator.morefs.resourcePool('Lab-Cluster'),
      datastores: ['lab-ds'],
      powerState: 'poweredOff',
      template: false,
      made: true,
      cpus: 4,
      extraConfig: { nvram: 'ubuntu-template.nvram', 'wirebook.operation': 'op-1' },
    });
    const macs = (await simulator.listVms()).flatMap((one) => one.nics.map((nic) => nic.mac));
    expect(new Set(macs).size).toBe(macs.length);
    for (const path of ['config.uuid', 'config.instanceUuid'])
      expect(textOf(await vms.read(vm, path), 'val')).not.toBe(
        textOf(await vms.read(template.ref.value, path), 'val'),
      );
    for (const [holder, path] of [
      [simulator.morefs.host(esx.two), 'vm'],
      [simulator.morefs.folder('Web'), 'childEntity'],
      [simulator.morefs.resourcePool('Lab-Cluster'), 'vm'],
      [simulator.morefs.datastore('lab-ds'), 'vm'],
      [simulator.morefs.portGroup('web').ref, 'vm'],
    ] as const)
      expect(await session.property(holder, path)).toContain(`>${vm}<`);
    await vms.run(on(vm, 'Destroy_Task'));
    expect(await session.property(simulator.morefs.host(esx.two), 'vm')).not.toContain(`>${vm}<`);
    await expect(vms.read(vm, 'name')).rejects.toThrow('ManagedObjectNotFound');
  });

  test('is customized and powered on in one go, or refused with settings for other than its NICs', async () => {
    const customize = (...addresses: string[]) =>
      `<customization>${customization(...addresses)}</customization>`;
    expect((await vms.clone('new-1', { customization: customize('10.10.10.50', '10.10.10.51') })).fault).toBe(
      'NicSettingMismatch',
    );
    const network = 'VM Network';
    const { result: vm } = await vms.clone('new-1', {
      network,
      customization: customize('10.10.10.50'),
      powerOn: true,
    });
    await vms.until(vm, 'guest.net', /10\.10\.10\.50/);
  });

  test('that runs is not destroyed', async () => {
    const { result: vm } = await vms.clone('new-1', { powerOn: true });
    expect((await vms.run(on(vm, 'Destroy_Task'))).fault).toBe('InvalidPowerState');
    await vms.run(on(vm, 'PowerOffVM_Task'));
    expect((await vms.run(on(vm, 'Destroy_Task'))).fault).toBe('');
  });
});

test('only a session may change anything', async () => {
  await simulator.terminateSessions();
  expect((await session.call(vms.cloneBody('new-1'))).body).toContain('NotAuthenticatedFault');
});
