import type { GuestDns, GuestNic, GuestStack, ToolsState, VirtualMachine } from '../estate.ts';
import type { Moref, ObjectContent, VimObject, VimProperty } from '../vim-xml.ts';
import { reference, referenceList, referenceProperty, stringProperty } from '../vim-xml.ts';
import { renderDevices } from './devices.ts';
import { pathsOf, type MachinePlan } from './plan.ts';

const epoch = '2026-01-05T08:00:00Z';
const gibibyte = 1024 ** 3;

export function renderMachine(machine: MachinePlan): ObjectContent {
  const { description, ref } = machine;
  const networks = new Map(
    machine.nics.flatMap(({ backing }) =>
      backing.network === undefined ? [] : [[backing.network.value, backing.network] as const],
    ),
  );
  // A VM on a host that vCenter can't reach: neither configuration nor guest can be read.
  const unreadable = description.connectionState !== 'connected';
  const runtime = renderRuntime(machine);
  const properties: VimProperty[] = [
    stringProperty('name', description.name),
    referenceProperty('parent', machine.folder),
    { path: 'runtime', type: 'VirtualMachineRuntimeInfo', value: runtime },
    {
      path: 'summary',
      type: 'VirtualMachineSummary',
      value: {
        vm: reference(ref),
        runtime,
        guest: unreadable ? undefined : renderGuestSummary(description),
        config: unreadable
          ? { name: description.name, template: false, vmPathName: pathsOf(machine).vmx }
          : renderConfigSummary(machine),
        storage: { committed: description.disk * gibibyte, uncommitted: 0, unshared: 0, timestamp: epoch },
        quickStats: { guestHeartbeatStatus: heartbeat(description) },
        overallStatus: 'green',
      },
    },
    referenceList('datastore', [machine.datastore]),
    referenceList('network', [...networks.values()]),
    { path: 'guestHeartbeatStatus', type: 'ManagedEntityStatus', value: heartbeat(description) },
    referenceProperty('environmentBrowser', machine.host.compute.environmentBrowser),
  ];
  // Templates belong to no resource pool.
  if (description.template !== true) properties.push(referenceProperty('resourcePool', machine.pool));
  if (!unreadable) properties.push(...renderReadable(machine));
  if (machine.snapshot !== undefined)
    properties.push(
      {
        path: 'snapshot',
        type: 'VirtualMachineSnapshotInfo',
        value: renderSnapshotInfo(machine, machine.snapshot),
      },
      referenceList('rootSnapshot', [machine.snapshot]),
    );
  return { object: ref, properties };
}

/** The VM's snapshot as an object of its own, if it has one. */
export function renderSnapshot(machine: MachinePlan): ObjectContent[] {
  if (machine.snapshot === undefined) return [];
  return [
    {
      object: machine.snapshot,
      properties: [
        referenceProperty('vm', machine.ref),
        referenceList('childSnapshot', []),
        {
          path: 'config',
          type: 'VirtualMachineConfigInfo',
          value: {
            changeVersion: epoch,
            modified: epoch,
            name: machine.description.name,
            version: 'vmx-19',
            guestFullName: machine.description.guestFullName,
            uuid: machine.description.biosUuid,
            template: false,
            guestId: machine.description.guestId,
            files: { vmPathName: pathsOf(machine).vmx },
            hardware: {
              numCPU: machine.description.cpus,
              memoryMB: machine.description.memory,
              device: renderDevices(machine),
            },
          },
        },
      ],
    },
  ];
}

function renderSnapshotInfo(machine: MachinePlan, snapshot: Moref): VimObject {
  return {
    currentSnapshot: reference(snapshot),
    rootSnapshotList: [
      {
        snapshot: reference(snapshot),
        vm: reference(machine.ref),
        name: machine.description.snapshot,
        description: '',
        id: 1,
        createTime: epoch,
        state: 'poweredOff',
        quiesced: false,
        replaySupported: false,
      },
    ],
  };
}

function renderReadable(machine: MachinePlan): VimProperty[] {
  const { description } = machine;
  const files = pathsOf(machine);
  return [
    {
      path: 'config',
      type: 'VirtualMachineConfigInfo',
      value: {
        changeVersion: epoch,
        modified: epoch,
        name: description.name,
        guestFullName: description.guestFullName,
        version: 'vmx-19',
        uuid: description.biosUuid,
        createDate: epoch,
        instanceUuid: description.instanceUuid,
        template: description.template ?? false,
        guestId: description.guestId,
        alternateGuestName: '',
        annotation: description.annotation,
        files: {
          vmPathName: files.vmx,
          snapshotDirectory: files.folder,
          suspendDirectory: files.folder,
          logDirectory: files.folder,
        },
        tools: {
          toolsVersion: description.tools === 'notInstalled' ? 0 : 12_352,
          afterPowerOn: true,
          afterResume: true,
          beforeGuestStandby: true,
          beforeGuestShutdown: true,
        },
        flags: { enableLogging: true, diskUuidEnabled: false },
        defaultPowerOps: { powerOffType: 'soft', suspendType: 'hard', resetType: 'soft' },
        hardware: {
          numCPU: description.cpus,
          numCoresPerSocket: 1,
          memoryMB: description.memory,
          device: renderDevices(machine),
        },
        extraConfig: [
          {
            $type: 'OptionValue',
            key: 'nvram',
            value: { $type: 'xsd:string', $text: `${description.name}.nvram` },
          },
        ],
        firmware: 'bios',
        managedBy: description.managedBy === undefined ? undefined : { ...description.managedBy },
      },
    },
    { path: 'guest', type: 'GuestInfo', value: renderGuest(description, machine) },
    {
      path: 'layout',
      type: 'VirtualMachineFileLayout',
      value: { configFile: [files.vmx], logFile: ['vmware.log'] },
    },
    {
      path: 'layoutEx',
      type: 'VirtualMachineFileLayoutEx',
      value: {
        file: [
          { key: 0, name: files.vmx, type: 'config', size: 2048, uniqueSize: 2048, accessible: true },
          {
            key: 1,
            name: files.vmdk,
            type: 'diskDescriptor',
            size: description.disk * gibibyte,
            uniqueSize: description.disk * gibibyte,
            accessible: true,
          },
        ],
        timestamp: epoch,
      },
    },
    {
      path: 'storage',
      type: 'VirtualMachineStorageInfo',
      value: {
        perDatastoreUsage: [
          {
            datastore: reference(machine.datastore),
            committed: description.disk * gibibyte,
            uncommitted: 0,
            unshared: 0,
          },
        ],
        timestamp: epoch,
      },
    },
  ];
}

function heartbeat(description: VirtualMachine): string {
  const reports = description.tools === 'running' || description.tools === 'runningOld';
  return reports && description.powerState === 'poweredOn' ? 'green' : 'gray';
}

function renderRuntime(machine: MachinePlan): VimObject {
  const { description, host } = machine;
  return {
    host: reference(host.ref),
    connectionState: description.connectionState,
    powerState: description.powerState,
    // Left out, these two would be served as empty enumerations.
    faultToleranceState: 'notConfigured',
    recordReplayState: 'inactive',
    toolsInstallerMounted: false,
    bootTime: description.powerState === 'poweredOn' ? epoch : undefined,
    numMksConnections: 0,
    onlineStandby: false,
    consolidationNeeded: false,
  };
}

/** guest.toolsRunningStatus, .toolsStatus, .toolsVersionStatus2 and .toolsVersion for a state of Tools. */
export function toolsProperties(tools: ToolsState, powerState: string): Record<string, string> {
  const installed = tools !== 'notInstalled';
  const running = (tools === 'running' || tools === 'runningOld') && powerState === 'poweredOn';
  const old = tools === 'runningOld';
  const version = old ? 'guestToolsSupportedOld' : 'guestToolsCurrent';
  const status = old ? 'toolsOld' : 'toolsOk';
  return {
    toolsStatus: installed ? (running ? status : 'toolsNotRunning') : 'toolsNotInstalled',
    toolsVersionStatus: installed
      ? old
        ? 'guestToolsNeedUpgrade'
        : 'guestToolsCurrent'
      : 'guestToolsNotInstalled',
    toolsVersionStatus2: installed ? version : 'guestToolsNotInstalled',
    toolsRunningStatus: running ? 'guestToolsRunning' : 'guestToolsNotRunning',
    toolsVersion: installed ? '12352' : '0',
  };
}

function primaryAddress(nics: readonly GuestNic[]): string | undefined {
  return nics.find((nic) => nic.deviceConfigId >= 0)?.addresses[0]?.ip;
}

function renderGuestSummary(description: VirtualMachine): VimObject {
  const { toolsStatus, toolsVersionStatus, toolsVersionStatus2, toolsRunningStatus } = toolsProperties(
    description.tools,
    description.powerState,
  );
  return {
    guestId: description.guestId,
    guestFullName: description.guestFullName,
    toolsStatus,
    toolsVersionStatus,
    toolsVersionStatus2,
    toolsRunningStatus,
    hostName: description.hostName,
    ipAddress: primaryAddress(description.guestNics),
  };
}

function renderConfigSummary(machine: MachinePlan): VimObject {
  const { description } = machine;
  return {
    name: description.name,
    template: description.template ?? false,
    vmPathName: pathsOf(machine).vmx,
    memorySizeMB: description.memory,
    numCpu: description.cpus,
    numEthernetCards: description.nics.length,
    numVirtualDisks: 1,
    uuid: description.biosUuid,
    instanceUuid: description.instanceUuid,
    guestId: description.guestId,
    guestFullName: description.guestFullName,
    annotation: description.annotation,
    managedBy: description.managedBy === undefined ? undefined : { ...description.managedBy },
  };
}

function renderGuest(description: VirtualMachine, machine: MachinePlan): VimObject {
  const networkNames = new Map(machine.nics.map((nic) => [nic.description.key, nic.backing.name]));
  const cards = new Map(machine.nics.map((nic) => [nic.description.key, nic.description.mac]));
  const nics = description.guestNics.map((nic) =>
    renderGuestNic(nic, networkNames.get(nic.deviceConfigId), cards.get(nic.deviceConfigId)),
  );
  const running = description.powerState === 'poweredOn' && description.tools.startsWith('running');
  return {
    ...toolsProperties(description.tools, description.powerState),
    guestId: description.tools === 'notInstalled' ? undefined : description.guestId,
    guestFamily: description.guestId.startsWith('windows') ? 'windowsGuest' : 'linuxGuest',
    guestFullName: description.tools === 'notInstalled' ? undefined : description.guestFullName,
    hostName: description.hostName,
    ipAddress: primaryAddress(description.guestNics),
    net: nics,
    ipStack: description.guestStacks.map(renderGuestStack),
    guestState: running ? 'running' : 'notRunning',
    appHeartbeatStatus: 'appStatusGray',
    guestOperationsReady: running,
  };
}

/** One GuestNicInfo; network name and MAC default to the card's. */
export function renderGuestNic(nic: GuestNic, networkName?: string, mac?: string): VimObject {
  return {
    network: nic.network ?? (networkName === '' ? undefined : networkName),
    ipAddress: nic.withoutIpAddress === true ? [] : nic.addresses.map((address) => address.ip),
    macAddress: nic.mac ?? mac,
    connected: nic.connected,
    deviceConfigId: nic.deviceConfigId,
    dnsConfig: nic.dns === undefined ? undefined : renderDns(nic.dns),
    ipConfig:
      nic.withoutIpConfig === true || nic.addresses.length === 0
        ? undefined
        : {
            ipAddress: nic.addresses.map((address) => ({
              ipAddress: address.ip,
              prefixLength: address.prefixLength,
              origin: address.origin,
              state: address.state ?? 'preferred',
            })),
          },
  };
}

/** One GuestStackInfo. */
export function renderGuestStack(stack: GuestStack): VimObject {
  return {
    dnsConfig: stack.dns === undefined ? undefined : renderDns(stack.dns),
    ipRouteConfig: {
      ipRoute: stack.routes.map((route) => ({
        network: route.network,
        prefixLength: route.prefixLength,
        gateway: { ipAddress: route.gateway, device: route.device },
      })),
    },
  };
}

function renderDns(dns: GuestDns): VimObject {
  return {
    dhcp: false,
    hostName: dns.hostName,
    domainName: dns.domainName,
    ipAddress: dns.servers,
    searchDomain: dns.searchDomains,
  };
}
