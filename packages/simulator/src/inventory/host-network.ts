import type { PhysicalNic, SecurityPolicy, StandardSwitch, Teaming, VmkernelNic } from '../estate.ts';
import type { VimObject, VimValue } from '../vim-xml.ts';
import { uplinksOf } from './network.ts';
import type { DatacenterPlan, HostPlan, SwitchPlan } from './plan.ts';

/** HostConfigInfo.network: switches, port groups, physical and vmkernel NICs. */
export function renderNetworkInfo(plan: DatacenterPlan, host: HostPlan): VimObject {
  const { description } = host;
  const switches = [...plan.switches.values()].filter((one) => one.hosts.includes(host));
  const taken = new Set(description.standardSwitches.flatMap((one) => one.uplinks));
  const free = description.physicalNics.map((one) => one.device).filter((device) => !taken.has(device));
  return {
    vswitch: description.standardSwitches.map(renderStandardSwitch),
    proxySwitch: switches.map((one, index) =>
      renderProxySwitch(
        one,
        description.name,
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

function renderProxySwitch(one: SwitchPlan, host: string, free: string[]): VimObject {
  const lags = Object.entries(one.description.lags ?? {});
  const ports = [...uplinksOf(one.description), ...lags.flatMap(([, names]) => names)].map((name, index) => ({
    key: String(index + 1),
    value: name,
  }));
  const given = one.description.cabling?.[host];
  const cabled = ports.flatMap((port, index) => {
    const device = given === undefined ? free[index] : given[port.value];
    return device === undefined ? [] : [{ device, key: port.key }];
  });
  const portsOf = (names: string[]) => ports.filter((port) => names.includes(port.value));
  return {
    dvsUuid: one.description.uuid,
    dvsName: one.description.name,
    key: `DvsPortset-${one.ref.value}`,
    numPorts: 1024,
    numPortsAvailable: 1000,
    uplinkPort: portsOf(uplinksOf(one.description)),
    mtu: one.description.mtu,
    pnic: cabled.map(({ device }) => `key-vim.host.PhysicalNic-${device}`),
    spec: {
      backing: {
        $type: 'DistributedVirtualSwitchHostMemberPnicBacking',
        pnicSpec: cabled.map(({ device, key }) => ({
          pnicDevice: device,
          uplinkPortKey: key,
          uplinkPortgroupKey: one.uplinkGroup.key,
        })),
      },
    },
    hostLag: lags.map(([name, names]) => ({
      lagKey: `lag-${name}`,
      lagName: name,
      uplinkPort: portsOf(names),
    })),
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

/** A prefix length as dotted mask. */
export function maskOf(prefixLength: number): string {
  const bits = prefixLength === 0 ? 0 : (0xff_ff_ff_ff << (32 - prefixLength)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
