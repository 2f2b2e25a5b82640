import { describe, expect, it } from 'vitest';
import {
  capacityOf,
  faultOfLocalized,
  isEthernetCard,
  isVirtualController,
  isVirtualDisk,
  type TaskInfo,
  type VirtualHardware,
} from '../src/index.ts';
import { taskInfo } from '../src/shapes/task.ts';
import { virtualHardware } from '../src/shapes/virtual-hardware.ts';
import { conforms } from '../src/shape.ts';
import { propsOf } from './support/properties.ts';

function taskOf(inside: string): TaskInfo | undefined {
  const { info } = propsOf('Task', { info: `<val xsi:type="TaskInfo">${inside}</val>` });
  return conforms(taskInfo, info) ? info : undefined;
}

function hardwareOf(devices: string): VirtualHardware | undefined {
  const read = propsOf('VirtualMachine', {
    'config.hardware': `<val xsi:type="VirtualHardware"><numCPU>2</numCPU><numCoresPerSocket>1</numCoresPerSocket><memoryMB>4096</memoryMB><virtualICH7MPresent>false</virtualICH7MPresent>${devices}</val>`,
  })['config.hardware'];
  return conforms(virtualHardware, read) ? read : undefined;
}

const clone = (inside: string): string =>
  '<key>task-88</key><task type="Task">task-88</task><description><key>com.vmware.vim.vpxd.vmprov.createVm</key><message>Copying Virtual Machine files</message></description><name>CloneVM_Task</name>' +
  `<descriptionId>VirtualMachine.clone</descriptionId><entity type="VirtualMachine">vm-12</entity><entityName>template</entityName>${inside}` +
  '<reason xsi:type="TaskReasonUser"><userName>VSPHERE.LOCAL\\x</userName></reason><queueTime>2026-11-22T10:00:00.1Z</queueTime><startTime>2026-11-22T10:00:00.2Z</startTime><eventChainId>7</eventChainId>';

const common = {
  key: 'task-88',
  task: { type: 'Task', value: 'task-88' },
  name: 'CloneVM_Task',
  descriptionId: 'VirtualMachine.clone',
  entity: { type: 'VirtualMachine', value: 'vm-12' },
  entityName: 'template',
  cancelled: false,
  queueTime: '2026-11-22T10:00:00.1Z',
  startTime: '2026-11-22T10:00:00.2Z',
};

describe('a task', () => {
  it('is read while it runs and when it has made something', () => {
    const running =
      '<state>running</state><cancelled>false</cancelled><cancelable>true</cancelable><progress>42</progress>';
    expect(taskOf(clone(running))).toEqual({ ...common, state: 'running', cancelable: true, progress: 42 });
    const done =
      '<state>success</state><cancelled>false</cancelled><cancelable>false</cancelable><result type="VirtualMachine" xsi:type="ManagedObjectReference">vm-90</result>';
    expect(taskOf(clone(done))).toEqual({
      ...common,
      state: 'success',
      cancelable: false,
      result: { type: 'VirtualMachine', value: 'vm-90' },
    });
  });

  it.each([
    [
      'the property and the device that were refused',
      '<fault xsi:type="InvalidDeviceSpec"><property>virtualDeviceSpec.device.backing</property><deviceIndex>1</deviceIndex></fault><localizedMessage>Invalid configuration for device &apos;1&apos;.</localizedMessage>',
      {
        faultType: 'InvalidDeviceSpec',
        faultString: "Invalid configuration for device '1'.",
        property: 'virtualDeviceSpec.device.backing',
        deviceIndex: 1,
      },
    ],
    [
      'what lacks, with the sentences behind it',
      '<fault xsi:type="InsufficientMemoryResourcesFault"><faultMessage><key>msg.x</key><arg><key>1</key><value xsi:type="xsd:string">a</value></arg><message>Power on failed.\n Ask again.</message></faultMessage><faultMessage><key>y</key></faultMessage><unreserved>9007199254740992</unreserved><requested>9663676416</requested></fault><localizedMessage>The host does not have sufficient memory resources.</localizedMessage>',
      {
        faultType: 'InsufficientMemoryResourcesFault',
        faultString: 'The host does not have sufficient memory resources.',
        unreserved: 9_007_199_254_740_992,
        requested: 9_663_676_416,
        details: ['Power on failed. Ask again.'],
      },
    ],
    [
      'the other task, the file, the state, the name taken and by whom',
      '<fault xsi:type="TaskInProgress"><task type="Task">task-3</task><file>[nfs] a/a.vmdk</file><existingState>poweredOn</existingState><name>web-1</name><object type="VirtualMachine">vm-4</object></fault>',
      {
        faultType: 'TaskInProgress',
        faultString: '',
        task: { type: 'Task', value: 'task-3' },
        file: '[nfs] a/a.vmdk',
        existingState: 'poweredOn',
        name: 'web-1',
        object: { type: 'VirtualMachine', value: 'vm-4' },
      },
    ],
    [
      'a cause',
      '<fault xsi:type="VmConfigFault"><faultCause><fault xsi:type="NoPermission"><privilegeId>Network.Assign</privilegeId></fault><localizedMessage>Permission denied.</localizedMessage></faultCause></fault><localizedMessage>no</localizedMessage>',
      {
        faultType: 'VmConfigFault',
        faultString: 'no',
        cause: { faultType: 'NoPermission', faultString: 'Permission denied.' },
      },
    ],
    [
      'how many NICs were meant and how many there are',
      '<fault xsi:type="NicSettingMismatch"><numberOfNicsInSpec>2</numberOfNicsInSpec><numberOfNicsInVM>1</numberOfNicsInVM></fault>',
      { faultType: 'NicSettingMismatch', faultString: '', nicsInSpec: 2, nicsInVm: 1 },
    ],
    [
      'nothing but words',
      '<localizedMessage>x</localizedMessage>',
      { faultType: 'MethodFault', faultString: 'x' },
    ],
  ])('that failed says %s', (_, error, fault) => {
    const state = `<state>error</state><cancelled>false</cancelled><cancelable>false</cancelable><error>${error}</error>`;
    const info = taskOf(clone(state));
    expect(info?.state).toBe('error');
    expect(info?.error === undefined ? null : faultOfLocalized(info.error)).toEqual(fault);
  });
});

describe('the hardware of a VM', () => {
  const devices =
    '<device xsi:type="VirtualPCIController"><key>100</key><deviceInfo><label>PCI controller 0</label><summary>PCI controller 0</summary></deviceInfo><busNumber>0</busNumber><device>500</device><device>4000</device></device>' +
    '<device xsi:type="ParaVirtualSCSIController"><key>1000</key><controllerKey>100</controllerKey><unitNumber>3</unitNumber><busNumber>0</busNumber><device>2000</device><hotAddRemove>true</hotAddRemove><sharedBus>noSharing</sharedBus></device>' +
    '<device xsi:type="VirtualDisk"><key>2000</key><deviceInfo><label>Hard disk 1</label><summary>1 KB</summary></deviceInfo><backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName>[ds] a/a-000001.vmdk</fileName><datastore type="Datastore">datastore-5</datastore><diskMode>persistent</diskMode><split>false</split><thinProvisioned>true</thinProvisioned><uuid>6000C29a</uuid><parent><fileName>[ds] t/t.vmdk</fileName><datastore type="Datastore">datastore-5</datastore><diskMode>persistent</diskMode><parent><fileName>[ds] t/u.vmdk</fileName><diskMode>persistent</diskMode></parent></parent></backing><controllerKey>1000</controllerKey><unitNumber>0</unitNumber><capacityInKB>16777216</capacityInKB><capacityInBytes>17179869184</capacityInBytes></device>' +
    '<device xsi:type="VirtualDisk"><key>2001</key><backing xsi:type="VirtualDiskOfTheFuture"><x>1</x></backing><capacityInKB>10</capacityInKB></device>' +
    '<device xsi:type="VirtualVmxnet3"><key>4000</key><backing xsi:type="VirtualEthernetCardDistributedVirtualPortBackingInfo"><port><switchUuid>50 2e</switchUuid><portgroupKey>dvportgroup-7</portgroupKey><portKey>12</portKey></port></backing><connectable><startConnected>true</startConnected><allowGuestControl>true</allowGuestControl><connected>false</connected><status>untried</status></connectable><controllerKey>100</controllerKey><unitNumber>7</unitNumber><addressType>assigned</addressType><macAddress>00:50:56:8a:00:01</macAddress></device>';

  it('is read whole, NICs, disks and controllers told apart', () => {
    const hardware = hardwareOf(devices);
    expect(hardware).toMatchObject({ numCPU: 2, memoryMB: 4096 });
    const all = hardware?.device ?? [];
    expect(all.filter(isVirtualController).map(({ key, busNumber }) => [key, busNumber])).toEqual([
      [100, 0],
      [1000, 0],
    ]);
    const disks = all.filter(isVirtualDisk);
    expect(disks.map(capacityOf)).toEqual([17_179_869_184, 10_240]);
    expect(disks[0]?.backing).toEqual({
      $type: 'VirtualDiskFlatVer2BackingInfo',
      fileName: '[ds] a/a-000001.vmdk',
      datastore: { type: 'Datastore', value: 'datastore-5' },
      diskMode: 'persistent',
      thinProvisioned: true,
      uuid: '6000C29a',
      parent: { fileName: '[ds] t/t.vmdk', datastore: { type: 'Datastore', value: 'datastore-5' } },
    });
    expect(disks[1]?.backing).toEqual({ $type: 'other', typeName: 'VirtualDiskOfTheFuture' });
    expect(all.filter(isEthernetCard)).toEqual([
      {
        $type: 'VirtualVmxnet3',
        key: 4000,
        backing: {
          $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo',
          port: { switchUuid: '50 2e', portgroupKey: 'dvportgroup-7', portKey: '12' },
        },
        connectable: { startConnected: true, allowGuestControl: true, connected: false, status: 'untried' },
        controllerKey: 100,
        unitNumber: 7,
        addressType: 'assigned',
        macAddress: '00:50:56:8a:00:01',
      },
    ]);
  });
});

describe('what placing asks for', () => {
  it('is read of hosts, datastores and clusters', () => {
    expect(
      propsOf('HostSystem', {
        'summary.hardware':
          '<val xsi:type="HostHardwareSummary"><vendor>Dell</vendor><model>R</model><uuid>x</uuid><memorySize>549755813888</memorySize><cpuModel>Xeon</cpuModel><cpuMhz>2600</cpuMhz><numCpuPkgs>2</numCpuPkgs><numCpuCores>32</numCpuCores><numCpuThreads>64</numCpuThreads><numNics>4</numNics><numHBAs>1</numHBAs></val>',
        'summary.quickStats': '<val xsi:type="HostListSummaryQuickStats"/>',
        'runtime.inQuarantineMode': '<val xsi:type="xsd:boolean">false</val>',
        datastore:
          '<val xsi:type="ArrayOfManagedObjectReference"><ManagedObjectReference type="Datastore" xsi:type="ManagedObjectReference">datastore-5</ManagedObjectReference></val>',
      }),
    ).toEqual({
      'summary.hardware': {
        vendor: 'Dell',
        model: 'R',
        memorySize: 549_755_813_888,
        cpuModel: 'Xeon',
        cpuMhz: 2600,
        numCpuCores: 32,
        numCpuThreads: 64,
      },
      'summary.quickStats': {},
      'runtime.inQuarantineMode': false,
      datastore: [{ type: 'Datastore', value: 'datastore-5' }],
    });
    expect(
      propsOf('Datastore', {
        summary:
          '<val xsi:type="DatastoreSummary"><datastore type="Datastore">datastore-5</datastore><name>san%2f1</name><url>ds:///vmfs/volumes/1/</url><capacity>70368744177664</capacity><freeSpace>1</freeSpace><accessible>true</accessible><multipleHostAccess>true</multipleHostAccess><type>VMFS</type><maintenanceMode>normal</maintenanceMode></val>',
        host: '<val xsi:type="ArrayOfDatastoreHostMount"><DatastoreHostMount xsi:type="DatastoreHostMount"><key type="HostSystem">host-9</key><mountInfo><path>/vmfs/1</path><accessMode>readOnly</accessMode><mounted>true</mounted><accessible>false</accessible><inaccessibleReason>AllPathsDown_Start</inaccessibleReason></mountInfo></DatastoreHostMount></val>',
      }),
    ).toEqual({
      summary: {
        name: 'san%2f1',
        url: 'ds:///vmfs/volumes/1/',
        capacity: 70_368_744_177_664,
        freeSpace: 1,
        accessible: true,
        multipleHostAccess: true,
        type: 'VMFS',
        maintenanceMode: 'normal',
      },
      host: [
        {
          key: { type: 'HostSystem', value: 'host-9' },
          mountInfo: {
            accessMode: 'readOnly',
            mounted: true,
            accessible: false,
            inaccessibleReason: 'AllPathsDown_Start',
          },
        },
      ],
    });
    const drsConfig = { enabled: true, defaultVmBehavior: 'fullyAutomated' };
    expect(
      propsOf('ClusterComputeResource', {
        configurationEx:
          '<val xsi:type="ClusterConfigInfoEx"><dasConfig><enabled>true</enabled></dasConfig><drsConfig><enabled>true</enabled><defaultVmBehavior>fullyAutomated</defaultVmBehavior><vmotionRate>3</vmotionRate></drsConfig></val>',
        'configuration.drsConfig':
          '<val xsi:type="ClusterDrsConfigInfo"><enabled>true</enabled><defaultVmBehavior>fullyAutomated</defaultVmBehavior></val>',
      }),
    ).toEqual({
      configurationEx: { $type: 'ClusterConfigInfoEx', drsConfig },
      'configuration.drsConfig': drsConfig,
    });
  });

  it('is read of VMs: extra options as text, and how far a customization has come', () => {
    expect(
      propsOf('VirtualMachine', {
        'config.extraConfig':
          '<val xsi:type="ArrayOfOptionValue"><OptionValue xsi:type="OptionValue"><key>wirebook.operation</key><value xsi:type="xsd:string">a-b</value></OptionValue><OptionValue xsi:type="OptionValue"><key>n</key><value xsi:type="xsd:int">3</value></OptionValue><OptionValue xsi:type="OptionValue"><key>e</key><value xsi:type="xsd:string"></value></OptionValue></val>',
        'guest.customizationInfo':
          '<val xsi:type="GuestInfoCustomizationInfo"><customizationStatus>TOOLSDEPLOYPKG_FAILED</customizationStatus><startTime>2026-11-22T10:00:00Z</startTime><endTime>2026-11-22T10:01:00Z</endTime><errorMsg>An error occurred</errorMsg></val>',
        snapshot:
          '<val xsi:type="VirtualMachineSnapshotInfo"><currentSnapshot type="VirtualMachineSnapshot">snapshot-3</currentSnapshot><rootSnapshotList><snapshot type="VirtualMachineSnapshot">snapshot-3</snapshot></rootSnapshotList></val>',
        'summary.storage':
          '<val xsi:type="VirtualMachineStorageSummary"><committed>5368709120</committed><uncommitted>0</uncommitted><unshared>1</unshared><timestamp>2026-11-22T10:00:00Z</timestamp></val>',
      }),
    ).toEqual({
      'config.extraConfig': [
        { key: 'wirebook.operation', value: 'a-b' },
        { key: 'n', value: '3' },
        { key: 'e', value: '' },
      ],
      'guest.customizationInfo': {
        customizationStatus: 'TOOLSDEPLOYPKG_FAILED',
        startTime: '2026-11-22T10:00:00Z',
        endTime: '2026-11-22T10:01:00Z',
        errorMsg: 'An error occurred',
      },
      snapshot: { currentSnapshot: { type: 'VirtualMachineSnapshot', value: 'snapshot-3' } },
      'summary.storage': { committed: 5_368_709_120, uncommitted: 0 },
    });
  });
});
