import { smallEstate, startSimulator, type Simulator } from '@wirebook/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addCard,
  awaitTask,
  cancelTask,
  capacityOf,
  findByExtraConfig,
  findVirtualMachine,
  growDisk,
  isEthernetCard,
  isPluggedInto,
  isTransient,
  isVirtualDisk,
  readOne,
  readRecentTasks,
  rewireCard,
  type DataValue,
  type MoRef,
  type NicBacking,
  type VirtualDevice,
  type VsphereClient,
} from '../src/index.ts';
import { problem } from './support/fake-vcenter.ts';
import { clientOf } from './support/simulator-client.ts';

const marker = { key: 'wirebook.operation', value: '0198-a' };
const standard: NicBacking = { $type: 'VirtualEthernetCardNetworkBackingInfo', deviceName: 'VM Network' };

let simulator: Simulator;
let client: VsphereClient;

beforeEach(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
  client = clientOf(simulator, simulator.url);
  await client.connect();
});

afterEach(async () => {
  await client.close();
  await simulator.stop();
});

async function hardwareOf(ref: MoRef) {
  const props = await readOne(client, { ref, type: 'VirtualMachine', properties: ['config.hardware'] });
  const hardware = props?.['config.hardware'];
  if (hardware === undefined) {
    throw new Error('It has no hardware.');
  }
  return hardware;
}

/** Drops what a change cannot be made for; the tests' devices are all of known types. */
function changes(
  of: (DataValue<'VirtualDeviceConfigSpec'> | null)[],
): DataValue<'VirtualDeviceConfigSpec'>[] {
  return of.filter((change) => change !== null);
}

const distributed = (): NicBacking => {
  const { key = '', switchUuid = '' } = simulator.morefs.portGroup('web');
  return {
    $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo',
    port: { switchUuid, portgroupKey: key },
  };
};

async function startClone(
  name: string,
  more: Partial<DataValue<'VirtualMachineCloneSpec'>> = {},
): Promise<MoRef> {
  const { morefs } = simulator;
  const template = morefs.vm('ubuntu-template');
  const { device } = await hardwareOf(template);
  const { returnval } = await client.call('CloneVM_Task', template, {
    folder: morefs.folder('Web'),
    name,
    spec: {
      location: {
        host: morefs.host('esx-01.lab.example'),
        pool: morefs.resourcePool('Lab-Cluster'),
        datastore: morefs.datastore('lab-ds'),
        deviceChange: changes(
          device.filter(isEthernetCard).map((card) => rewireCard(card, standard, 'assign')),
        ),
      },
      template: false,
      powerOn: false,
      config: { extraConfig: [marker] },
      ...more,
    },
  });
  return returnval;
}

/** Waits for a task that makes something. */
async function made(task: MoRef): Promise<MoRef> {
  const answer = await awaitTask(client, task);
  if (answer.state === 'forgotten' || answer.result === null) {
    throw new Error('It made nothing.');
  }
  return answer.result;
}

describe('a server', () => {
  it('is cloned, found by name and marker, given hardware, customized, started, watched and deleted', async () => {
    const vm = await made(await startClone('new-1'));
    expect(vm.type).toBe('VirtualMachine');

    const folder = simulator.morefs.folder('Web');
    expect(await findVirtualMachine(client, { folder, name: 'new-1' })).toEqual(vm);
    expect(await findVirtualMachine(client, { folder, name: 'new-2' })).toBeNull();
    const candidates = [vm, simulator.morefs.vm('web-1'), { type: 'VirtualMachine', value: 'vm-999999' }];
    expect(await findByExtraConfig(client, { candidates, ...marker })).toEqual([vm]);
    expect(await findByExtraConfig(client, { candidates, key: marker.key, value: 'x' })).toEqual([]);

    const before = await hardwareOf(vm);
    const [card] = before.device.filter(isEthernetCard);
    const [disk] = before.device.filter(isVirtualDisk);
    expect(card === undefined ? false : isPluggedInto(card, standard)).toBe(true);
    const size = disk === undefined ? 0 : capacityOf(disk) + 8 * 1024 ** 3;
    const { returnval: reconfigured } = await client.call('ReconfigVM_Task', vm, {
      spec: {
        numCPUs: 4,
        memoryMB: 8192,
        annotation: 'made by a test',
        deviceChange: changes([
          disk === undefined ? null : growDisk(disk, size),
          addCard({ key: -1, model: 'VirtualVmxnet3', backing: distributed() }),
        ]),
      },
    });
    expect(await awaitTask(client, reconfigured)).toMatchObject({ state: 'success', result: null });
    const after = await hardwareOf(vm);
    expect([after.numCPU, after.memoryMB]).toEqual([4, 8192]);
    expect(after.device.filter(isVirtualDisk).map(capacityOf)).toEqual([size]);
    const cards = after.device.filter(isEthernetCard);
    expect(cards.map((one) => [isPluggedInto(one, standard), isPluggedInto(one, distributed())])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(new Set(cards.map((one: VirtualDevice) => one.macAddress)).size).toBe(2);

    const adapter = (ipAddress: string): DataValue<'CustomizationAdapterMapping'> => ({
      adapter: {
        ip: { $type: 'CustomizationFixedIp', ipAddress },
        subnetMask: '255.255.255.0',
        gateway: ['10.10.10.1'],
      },
    });
    const { returnval: customized } = await client.call('CustomizeVM_Task', vm, {
      spec: {
        options: { $type: 'CustomizationLinuxOptions' },
        identity: {
          $type: 'CustomizationLinuxPrep',
          hostName: { $type: 'CustomizationFixedName', name: 'new-1' },
          domain: 'lab.example',
        },
        globalIPSettings: { dnsServerList: ['10.10.20.53'] },
        nicSettingMap: [adapter('10.10.10.50'), adapter('10.10.20.50')],
      },
    });
    expect(await awaitTask(client, customized)).toMatchObject({ state: 'success' });
    const { returnval: started } = await client.call('PowerOnVM_Task', vm, {});
    expect(await awaitTask(client, started)).toMatchObject({ state: 'success' });

    const properties = [
      'guest.customizationInfo',
      'guest.net',
      'guest.hostName',
      'runtime.powerState',
    ] as const;
    for (;;) {
      const props = await readOne(client, { ref: vm, type: 'VirtualMachine', properties });
      const addresses = props?.['guest.net']?.flatMap((nic) => nic.ipAddress) ?? [];
      if (addresses.includes('10.10.10.50') && addresses.includes('10.10.20.50')) {
        expect(props?.['guest.customizationInfo']?.customizationStatus).toBe('TOOLSDEPLOYPKG_SUCCEEDED');
        expect(props?.['runtime.powerState']).toBe('poweredOn');
        break;
      }
    }

    const { returnval: off } = await client.call('PowerOffVM_Task', vm, {});
    await awaitTask(client, off);
    const { returnval: destroyed } = await client.call('Destroy_Task', vm, {});
    expect(await awaitTask(client, destroyed)).toMatchObject({ state: 'success' });
    expect(await findVirtualMachine(client, { folder, name: 'new-1' })).toBeNull();
    expect(await readOne(client, { ref: vm, type: 'VirtualMachine', properties: ['name'] })).toBeNull();
  });

  it('has events that say what was done to it, and when', async () => {
    const { eventManager } = client.serviceContent;
    if (eventManager === undefined) {
      throw new Error('There is no event manager.');
    }
    const { returnval: now = '' } = await client.call(
      'CurrentTime',
      { type: 'ServiceInstance', value: 'ServiceInstance' },
      {},
    );
    const vm = await made(await startClone('new-2'));
    const { returnval: started } = await client.call('PowerOnVM_Task', vm, {});
    await awaitTask(client, started);
    const entity = { entity: vm, recursion: 'self' };
    const events = async (eventTypeId: string[]) =>
      (
        await client.call('QueryEvents', eventManager, {
          filter: { entity, eventTypeId, time: { beginTime: now } },
        })
      ).returnval;
    expect(await events(['VmPoweredOnEvent'])).toMatchObject([
      { $type: 'other', typeName: 'VmPoweredOnEvent', vm: { name: 'new-2', vm } },
    ]);
    expect(await events(['CustomizationFailed'])).toEqual([]);
  });

  it('can be a linked clone of a snapshot, which goes again', async () => {
    const source = simulator.morefs.vm('web-1');
    const { returnval: task } = await client.call('CreateSnapshot_Task', source, {
      name: 'wirebook-base',
      memory: false,
      quiesce: false,
    });
    const snapshot = await made(task);
    expect(snapshot.type).toBe('VirtualMachineSnapshot');
    const props = await readOne(client, { ref: source, type: 'VirtualMachine', properties: ['snapshot'] });
    expect(props?.snapshot?.currentSnapshot).toEqual(snapshot);
    const { returnval: cloning } = await client.call('CloneVM_Task', source, {
      folder: simulator.morefs.folder(''),
      name: 'linked-1',
      spec: {
        location: {
          diskMoveType: 'createNewChildDiskBacking',
          pool: simulator.morefs.resourcePool('Lab-Cluster'),
        },
        template: false,
        powerOn: false,
        snapshot,
      },
    });
    expect((await made(cloning)).type).toBe('VirtualMachine');
    const { returnval: removing } = await client.call('RemoveSnapshot_Task', snapshot, {
      removeChildren: false,
    });
    expect(await awaitTask(client, removing)).toMatchObject({ state: 'success' });
  });

  it('may have a slash in its name, which vCenter keeps escaped', async () => {
    const web = simulator.morefs.vm('web-2');
    await simulator.renameVm('web-2', 'a%2fb');
    const folder = simulator.morefs.folder('Web');
    expect(await findVirtualMachine(client, { folder, name: 'a/b' })).toEqual(web);
    // A folder of the name is no VM.
    expect(await findVirtualMachine(client, { folder: simulator.morefs.folder(''), name: 'Web' })).toBeNull();
  });

  it('is placed by its cluster', async () => {
    const { morefs } = simulator;
    const { returnval } = await client.call('PlaceVm', morefs.cluster('Lab-Cluster'), {
      placementSpec: {
        placementType: 'clone',
        vm: morefs.vm('ubuntu-template'),
        cloneName: 'new-3',
        cloneSpec: { location: {}, template: false, powerOn: false },
        hosts: [morefs.host('esx-01.lab.example')],
        datastores: [morefs.datastore('lab-ds')],
      },
    });
    const actions = returnval.recommendations.flatMap(({ action }) => action);
    expect(actions).toMatchObject([
      { $type: 'PlacementAction', targetHost: morefs.host('esx-01.lab.example') },
    ]);
  });
});

describe('one object', () => {
  it('whose host does not answer is a failure that passes, not an object without properties', async () => {
    await simulator.injectFault({ method: 'RetrievePropertiesEx', fault: 'HostCommunication' });
    const ref = simulator.morefs.vm('web-1');
    const read = readOne(client, { ref, type: 'VirtualMachine', properties: ['name'] });
    await expect(read).rejects.toSatisfy(isTransient);
    await simulator.clearFaults();
    expect(await readOne(client, { ref, type: 'VirtualMachine', properties: ['name'] })).toEqual({
      name: 'web-1',
    });
  });
});

describe('a task', () => {
  it('that fails throws what it failed with, in the kinds of any call', async () => {
    await simulator.injectFault({
      method: 'PowerOnVM_Task',
      inTask: true,
      fault: 'NoPermission',
      fields: { privilegeId: 'VirtualMachine.Interact.PowerOn' },
      maxCount: 1,
    });
    await simulator.injectFault({
      method: 'PowerOnVM_Task',
      inTask: true,
      fault: 'InsufficientMemoryResourcesFault',
      fields: { requested: 2, unreserved: 1 },
      message: 'No room.',
      maxCount: 1,
    });
    const vm = simulator.morefs.vm('ubuntu-template');
    const powerOn = async () => {
      const { returnval } = await client.call('PowerOnVM_Task', vm, {});
      return problem(awaitTask(client, returnval));
    };
    expect(await powerOn()).toMatchObject({
      kind: 'permission',
      fault: { privilegeId: 'VirtualMachine.Interact.PowerOn' },
    });
    expect(await powerOn()).toMatchObject({
      kind: 'fault',
      fault: { faultType: 'InsufficientMemoryResourcesFault', requested: 2, unreserved: 1 },
    });
  });

  it('is awaited across expired sessions', async () => {
    const task = await startClone('new-4');
    await simulator.terminateSessions();
    expect(await awaitTask(client, task)).toMatchObject({ state: 'success' });
  });

  it('that vCenter knows no more is told so', async () => {
    expect(await awaitTask(client, { type: 'Task', value: 'task-999999' })).toEqual({ state: 'forgotten' });
  });

  it('is found again among the recent ones of the VM it was started on, and cannot be cancelled when it has ended', async () => {
    const task = await startClone('new-5');
    const vm = await made(task);
    const recent = await readRecentTasks(client, simulator.morefs.vm('ubuntu-template'));
    expect(recent).toMatchObject([{ state: 'success', result: vm, task }]);
    expect(await cancelTask(client, task)).toBe(false);
  });
});
