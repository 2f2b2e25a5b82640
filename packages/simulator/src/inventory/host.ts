import type { Host, PhysicalNic, SecurityPolicy, StandardSwitch, Teaming, VmkernelNic } from '../estate.ts';
import type { ObjectContent, VimObject, VimValue } from '../vim-xml.ts';
import { reference, referenceList, referenceProperty, stringProperty } from '../vim-xml.ts';
import { allNetworks, networksOfHost } from './compute.ts';
import type { DatacenterPlan, EstatePlan, HostPlan, SwitchPlan } from './plan.ts';

const gibibyte = 1024 ** 3;

/** The host and its network system. */
export function renderHost(estate: EstatePlan, plan: DatacenterPlan, host: HostPlan): ObjectContent[] {
  const { description, ref } = host;
  const machines = plan.virtualMachines.filter((one) => one.host === host).map((one) => one.ref);
  const product = productOf(description, estate);
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
            quickStats: { overallCpuUsage: 4000, overallMemoryUsage: description.memory * 256 },
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
        referenceList('datastore', [...plan.datastores.values()]),
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

function renderNetworkInfo(plan: DatacenterPlan, host: HostPlan): VimObject {
  const { description } = host;
  const switches = [...plan.switches.values()].filter((one) => one.hosts.includes(host));
  const taken = new Set(description.standardSwitches.flatMap((one) => one.uplinks));
  const free = description.physicalNics.map((one) => one.device).filter((device) => !taken.has(device));
  return {
    vswitch: description.standardSwitches.map(renderStandardSwitch),
    proxySwitch: switches.map((one, index) =>
      renderProxySwitch(
        one,
        free.filter((_, at) => at % switches.length === index),
      ),
    ),
    portgroup: description.standardSwitches.flatMap(renderPortGroups),
    pnic: description.physicalNics.map(renderPhysicalNic),
    vnic: description.vmkernelNics.map((nic) => renderVmkernelNic(plan, nic)),
    dnsConfig: {
      $type: 'HostDnsConfig',
      dhcp: false,
      hostName: description.name.split('.')[0] ?? description.name,
      domainName: description.name.split('.').slice(1).join('.'),
      address: ['10.0.0.53'],
    },
    ipV6Enabled: true,
  };
}

function renderSecurity(policy: SecurityPolicy | undefined): VimObject | undefined {
  if (policy === undefined) return undefined;
  return {
    allowPromiscuous: policy.promiscuous,
    macChanges: policy.macChanges,
    forgedTransmits: policy.forgedTransmits,
  };
}

function renderTeaming(teaming: Teaming | undefined): VimObject | undefined {
  if (teaming === undefined) return undefined;
  return {
    policy: 'loadbalance_srcid',
    reversePolicy: true,
    notifySwitches: true,
    rollingOrder: false,
    nicOrder: { activeNic: teaming.active, standbyNic: teaming.standby },
  };
}

const switchSecurity: SecurityPolicy = { promiscuous: false, macChanges: false, forgedTransmits: false };

function renderStandardSwitch(one: StandardSwitch): VimObject {
  const policy: VimObject = {
    security: renderSecurity(switchSecurity),
    nicTeaming: renderTeaming({ active: one.uplinks, standby: [] }),
  };
  return {
    name: one.name,
    key: `key-vim.host.VirtualSwitch-${one.name}`,
    numPorts: 1536,
    numPortsAvailable: 1500,
    mtu: one.mtu,
    portgroup: one.portGroups.map((group) => `key-vim.host.PortGroup-${group.name}`),
    pnic: one.uplinks.map((device) => `key-vim.host.PhysicalNic-${device}`),
    spec: {
      numPorts: 128,
      bridge:
        one.uplinks.length === 0
          ? undefined
          : { $type: 'HostVirtualSwitchBondBridge', nicDevice: one.uplinks },
      policy,
      mtu: one.mtu,
    },
  };
}

function renderPortGroups(one: StandardSwitch): VimObject[] {
  return one.portGroups.map((group) => ({
    key: `key-vim.host.PortGroup-${group.name}`,
    vswitch: `key-vim.host.VirtualSwitch-${one.name}`,
    computedPolicy: {
      security: renderSecurity(group.security ?? switchSecurity),
      nicTeaming: renderTeaming(group.teaming ?? { active: one.uplinks, standby: [] }),
    },
    spec: {
      name: group.name,
      vlanId: group.vlanId,
      vswitchName: one.name,
      policy: { security: renderSecurity(group.security), nicTeaming: renderTeaming(group.teaming) },
    },
  }));
}

function renderProxySwitch(one: SwitchPlan, devices: string[]): VimObject {
  return {
    dvsUuid: one.description.uuid,
    dvsName: one.description.name,
    key: `DvsPortset-${one.ref.value}`,
    numPorts: 1024,
    numPortsAvailable: 1000,
    uplinkPort: devices.map((_, index) => ({ key: String(index + 1), value: `Uplink ${index + 1}` })),
    mtu: one.description.mtu,
    pnic: devices.map((device) => `key-vim.host.PhysicalNic-${device}`),
    spec: {
      backing: {
        $type: 'DistributedVirtualSwitchHostMemberPnicBacking',
        pnicSpec: devices.map((device, index) => ({
          pnicDevice: device,
          uplinkPortKey: String(index + 1),
          uplinkPortgroupKey: one.uplinkGroup.key,
        })),
      },
    },
  };
}

function renderPhysicalNic(nic: PhysicalNic, index: number): VimObject {
  return {
    key: `key-vim.host.PhysicalNic-${nic.device}`,
    device: nic.device,
    pci: `0000:${(0x19 + index).toString(16)}:00.0`,
    driver: 'i40en',
    linkSpeed: nic.speed === 0 ? undefined : { speedMb: nic.speed, duplex: true },
    spec: {},
    wakeOnLanSupported: false,
    mac: nic.mac,
  };
}

function renderVmkernelNic(plan: DatacenterPlan, nic: VmkernelNic): VimObject {
  const spec: Record<string, VimValue> = {
    ip: { dhcp: false, ipAddress: nic.ip, subnetMask: maskOf(nic.prefixLength) },
    mac: nic.mac,
    mtu: 1500,
    netStackInstanceKey: 'defaultTcpipStack',
  };
  let portgroup = '';
  if ('standard' in nic.network) {
    portgroup = nic.network.standard;
    spec['portgroup'] = portgroup;
  } else {
    const { distributed } = nic.network;
    const found = [...plan.switches.values()]
      .flatMap((one) => one.groups.map((group) => ({ group, uuid: one.description.uuid })))
      .find(({ group }) => group.description?.name === distributed);
    if (found === undefined)
      throw new Error(`${nic.device}: there is no distributed port group ${distributed}.`);
    spec['distributedVirtualPort'] = {
      switchUuid: found.uuid,
      portgroupKey: found.group.key,
      portKey: String(9000 + Number(nic.device.replace(/\D/g, ''))),
    };
  }
  return { device: nic.device, key: `key-vim.host.VirtualNic-${nic.device}`, portgroup, spec };
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

function maskOf(prefixLength: number): string {
  const bits = prefixLength === 0 ? 0 : (0xff_ff_ff_ff << (32 - prefixLength)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
