import type { Host, VmkernelNic } from '../estate.ts';
import type { ObjectContent, VimObject } from '../vim-xml.ts';
import { reference, referenceList, referenceProperty, stringProperty } from '../vim-xml.ts';
import { maskOf, renderNetworkInfo } from './host-network.ts';
import { allNetworks, datastoresOf, networksOfHost } from './compute.ts';
import type { DatacenterPlan, EstatePlan, HostPlan } from './plan.ts';

const gibibyte = 1024 ** 3;

/** The host and its network system. */
export function renderHost(estate: EstatePlan, plan: DatacenterPlan, host: HostPlan): ObjectContent[] {
  const { description, ref } = host;
  const machines = plan.virtualMachines.filter((one) => one.host === host).map((one) => one.ref);
  const product = productOf(description, estate);
  const usage = description.usage ?? { cpu: 4000, memory: description.memory * 256 };
  const runtime: VimObject = {
    connectionState: description.connectionState,
    powerState: description.connectionState === 'connected' ? 'poweredOn' : 'unknown',
    standbyMode: 'none',
    inMaintenanceMode: description.inMaintenanceMode,
    bootTime: '2026-01-05T08:00:00Z',
  };
  const hardwareSummary: VimObject = {
    vendor: 'Dell Inc.',
    model: 'PowerEdge R650',
    uuid: description.hardwareUuid,
    memorySize: description.memory * gibibyte,
    cpuModel: 'Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz',
    cpuMhz: 2400,
    numCpuPkgs: 2,
    numCpuCores: description.cpuCores,
    numCpuThreads: description.cpuCores * 2,
    numNics: description.physicalNics.length,
    numHBAs: 2,
  };
  const network = renderNetworkInfo(plan, host);
  return [
    {
      object: ref,
      properties: [
        stringProperty('name', description.name),
        referenceProperty('parent', host.compute.ref),
        { path: 'runtime', type: 'HostRuntimeInfo', value: runtime },
        { path: 'hardware', type: 'HostHardwareInfo', value: renderHardware(description) },
        {
          path: 'summary',
          type: 'HostListSummary',
          value: {
            host: reference(ref),
            hardware: hardwareSummary,
            runtime,
            config: {
              name: description.name,
              port: 443,
              product,
              vmotionEnabled: true,
              faultToleranceEnabled: false,
            },
            quickStats: { overallCpuUsage: usage.cpu, overallMemoryUsage: usage.memory },
            overallStatus: 'green',
            rebootRequired: false,
            managementServerIp: '10.0.0.10',
          },
        },
        {
          path: 'config',
          type: 'HostConfigInfo',
          value: {
            host: reference(ref),
            product,
            network,
            virtualNicManagerInfo: { netConfig: renderNetConfig(description) },
          },
        },
        {
          path: 'configManager',
          type: 'HostConfigManager',
          value: { networkSystem: reference(host.networkSystem) },
        },
        referenceList('datastore', datastoresOf(plan, [host])),
        referenceList(
          'network',
          plan.ref.value === 'ha-datacenter' ? allNetworks(plan) : networksOfHost(plan, ref),
        ),
        referenceList('vm', machines),
      ],
    },
    {
      object: host.networkSystem,
      properties: [{ path: 'networkInfo', type: 'HostNetworkInfo', value: network }],
    },
  ];
}

function productOf(host: Host, plan: EstatePlan): VimObject {
  return {
    name: 'VMware ESXi',
    fullName: `VMware ESXi ${host.version} build-${host.build}`,
    vendor: 'VMware, Inc.',
    version: host.version,
    build: host.build,
    localeVersion: 'INTL',
    localeBuild: '000',
    osType: 'vmnix-x86',
    productLineId: 'embeddedEsx',
    apiType: 'HostAgent',
    apiVersion: `${host.version}.0`,
    licenseProductName: 'VMware ESX Server',
    licenseProductVersion: `${plan.estate.version.split('.')[0] ?? '8'}.0`,
  };
}

function renderHardware(host: Host): VimObject {
  return {
    systemInfo: { vendor: 'Dell Inc.', model: 'PowerEdge R650', uuid: host.hardwareUuid },
    cpuInfo: {
      numCpuPackages: 2,
      numCpuCores: host.cpuCores,
      numCpuThreads: host.cpuCores * 2,
      hz: 2_400_000_000,
    },
    memorySize: host.memory * gibibyte,
  };
}

function renderNetConfig(host: Host): VimObject[] {
  const services = ['management', 'vmotion', 'vsan', 'vSphereReplication', 'faultToleranceLogging'] as const;
  return services.map((service) => {
    const key = (nic: VmkernelNic) => `${service}.key-vim.host.VirtualNic-${nic.device}`;
    return {
      nicType: service,
      multiSelectAllowed: true,
      candidateVnic: host.vmkernelNics.map((nic) => ({
        device: nic.device,
        key: key(nic),
        portgroup: 'standard' in nic.network ? nic.network.standard : '',
        spec: { ip: { dhcp: false, ipAddress: nic.ip, subnetMask: maskOf(nic.prefixLength) }, mac: nic.mac },
      })),
      selectedVnic: host.vmkernelNics.filter((nic) => nic.services.includes(service)).map(key),
    };
  });
}

/** Canned QueryNetworkHint: what CDP or LLDP told the host about each port. */
export function renderNetworkHints(host: Host): VimObject {
  const hints = host.physicalNics.flatMap(({ device, neighbour }): VimObject[] => {
    if (neighbour === undefined) return [];
    if (neighbour.protocol === 'cdp') {
      const connectedSwitchPort: VimObject = {
        cdpVersion: 2,
        timeout: 0,
        ttl: 120,
        samples: 10,
        devId: neighbour.systemName,
        address: neighbour.managementAddress,
        portId: neighbour.portId,
        systemName: neighbour.systemName,
        mgmtAddr: neighbour.managementAddress,
        vlan: neighbour.vlan,
      };
      return [{ device, connectedSwitchPort }];
    }
    const text = (key: string, value: string): VimObject => ({
      key,
      value: { $type: 'xsd:string', $text: value },
    });
    const parameter = [
      text('System Name', neighbour.systemName),
      text('Management Address', neighbour.managementAddress),
      ...(neighbour.vlan === undefined ? [] : [text('Vlan ID', String(neighbour.vlan))]),
    ];
    const lldpInfo: VimObject = {
      chassisId: '00:1c:73:aa:bb:01',
      portId: neighbour.portId,
      timeToLive: 120,
      parameter,
    };
    return [{ device, lldpInfo }];
  });
  return { returnval: hints };
}
