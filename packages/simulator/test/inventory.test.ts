import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  demoEstate,
  secondVcenterEstate,
  smallEstate,
  standaloneEsxiEstate,
  startSimulator,
  type Simulator,
} from '../src/index.ts';
import { logIn, post, textOf, valuesOf, type Session } from './soap.ts';

const retrieveContent = (type = 'ServiceInstance') =>
  `<RetrieveServiceContent xmlns="urn:vim25"><_this type="${type}">ServiceInstance</_this></RetrieveServiceContent>`;

describe('the demo estate', () => {
  let simulator: Simulator;
  let session: Session;

  beforeAll(async () => {
    simulator = await startSimulator({ estate: demoEstate() });
    session = await logIn(simulator);
  });
  afterAll(async () => {
    await simulator.stop();
  });

  const vm = (name: string, path: string) => session.property(simulator.morefs.vm(name), path);
  const group = (name: string, path: string, datacenter = 'Shanghai') =>
    session.property(simulator.morefs.portGroup(name, { datacenter }).ref, path);
  const host = (name: string, path: string) => session.property(simulator.morefs.host(name), path);

  test('every object of the description is found through container views', async () => {
    const { datacenters } = demoEstate();
    const machines = datacenters.flatMap((one) => one.virtualMachines);
    expect((await session.read('VirtualMachine', ['name'])).size).toBe(machines.length);
    expect((await session.read('HostSystem', ['name'])).size).toBe(10);
    expect((await session.read('ClusterComputeResource', ['name'])).size).toBe(3);
    expect((await session.read('VmwareDistributedVirtualSwitch', ['name'])).size).toBe(2);
    expect((await session.read('DistributedVirtualPortgroup', ['name'])).size).toBe(18);
    expect((await session.read('OpaqueNetwork', ['name'])).size).toBe(1);
    expect((await session.read('Datastore', ['name'])).size).toBe(3);
  });

  test('no enumeration of a VM is served empty', async () => {
    for (const xml of (
      await session.read('VirtualMachine', ['runtime', 'guestHeartbeatStatus', 'summary'])
    ).values())
      expect(xml).not.toMatch(
        /<(faultToleranceState|recordReplayState|guestHeartbeatStatus|overallStatus)><\//,
      );
  });

  test('a standard group has another VLAN on one host', async () => {
    const vlan = async (name: string) =>
      /<name>Backup<\/name><vlanId>(\d+)</.exec(await host(name, 'config.network.portgroup'))?.[1];
    expect(await vlan('sh-esx-01.corp.example')).toBe('70');
    expect(await vlan('sh-esx-03.corp.example')).toBe('71');
  });

  test('a vmkernel-only standard group stands in the host but has no Network object', async () => {
    expect(await host('sh-esx-01.corp.example', 'config.network.portgroup')).toContain(
      '<name>vMotion</name>',
    );
    expect([...(await session.read('Network', ['name'])).values()].map(textOfName)).not.toContain('vMotion');
  });

  test('the management address is that of the vmkernel NIC selected for management', async () => {
    const config = await host('sh-esx-02.corp.example', 'config.virtualNicManagerInfo.netConfig');
    const management = /<nicType>management<.*?<\/VirtualNicManagerNetConfig>/s.exec(config)?.[0] ?? '';
    expect(textOf(management, 'selectedVnic')).toBe('management.key-vim.host.VirtualNic-vmk0');
    expect(textOf(management, 'ipAddress')).toBe('10.20.0.12');
  });

  test('a distributed group escapes its slash and a standard one keeps it', async () => {
    expect(textOf(await group('sh-web/blue', 'name'), 'val')).toBe('sh-web%2fblue');
    expect(textOf(await group('DMZ/Legacy', 'name'), 'val')).toBe('DMZ/Legacy');
  });

  test('two datacenters have a port group of the same name', async () => {
    expect(textOf(await group('Production', 'name'), 'val')).toBe('Production');
    expect(textOf(await group('Production', 'name', 'Frankfurt'), 'val')).toBe('Production');
    expect(() => simulator.morefs.portGroup('Production')).toThrow(/2 objects answer/);
  });

  test('one uplink group says so and the older one is only tagged', async () => {
    const uplinks = { sh: 'dvs-shanghai-DVUplinks-20', fr: 'dvs-frankfurt-DVUplinks-30' };
    expect(textOf(await group(uplinks.sh, 'config'), 'uplink')).toBe('true');
    expect(await group(uplinks.fr, 'config', 'Frankfurt')).not.toContain('<uplink>');
    expect(await group(uplinks.fr, 'tag', 'Frankfurt')).toContain('SYSTEM/DVS.UPLINKPG');
  });

  test('trunk and private VLANs are described as such', async () => {
    const trunk = await group('sh-trunk-firewall', 'config.defaultPortConfig');
    expect(trunk).toContain('VmwareDistributedVirtualSwitchTrunkVlanSpec');
    expect(trunk).toContain('<start>300</start><end>310</end>');
    expect(await group('sh-pvlan-isolated', 'config.defaultPortConfig')).toContain('<pvlanId>1501</pvlanId>');
    const config = await session.property(simulator.morefs.distributedSwitch('dvs-shanghai'), 'config');
    expect(config).toContain(
      '<primaryVlanId>1500</primaryVlanId><secondaryVlanId>1501</secondaryVlanId><pvlanType>isolated</pvlanType>',
    );
  });

  test('an NSX segment is there as distributed group and as opaque network', async () => {
    expect(textOf(await group('seg-web', 'config'), 'backingType')).toBe('nsx');
    expect(textOf(await group('seg-opaque', 'summary'), 'opaqueNetworkType')).toBe('nsx.LogicalSwitch');
    expect(await vm('sh-opq-01', 'config.hardware.device')).toContain(
      'VirtualEthernetCardOpaqueNetworkBackingInfo',
    );
  });

  test('a VM has several NICs and another several addresses on one', async () => {
    expect(valuesOf(await vm('sh-db-01', 'config.hardware.device'), 'macAddress')).toHaveLength(2);
    const net = await vm('sh-db-03', 'guest.net');
    expect(net).toContain('<ipAddress>10.20.30.13</ipAddress><ipAddress>10.20.30.100</ipAddress>');
  });

  test('IPv6 addresses come as global, unique local, temporary, deprecated and link-local', async () => {
    const net = await vm('sh-v6-01', 'guest.net');
    expect(net).toMatch(/fd20:10:1::61<.*?<prefixLength>64/);
    expect(net).toMatch(/8c11:2a5e:93d0:7b42<\/ipAddress><prefixLength>64<\/prefixLength><origin>random</);
    expect(net).toContain('<origin>random</origin><state>deprecated</state>');
    expect(net).toContain('<origin>linklayer</origin>');
  });

  test('Tools are stopped, missing, or running without an address', async () => {
    expect(textOf(await vm('sh-tools-stopped', 'guest.toolsRunningStatus'), 'val')).toBe(
      'guestToolsNotRunning',
    );
    expect(textOf(await vm('sh-appliance', 'guest.toolsVersionStatus2'), 'val')).toBe(
      'guestToolsNotInstalled',
    );
    expect(textOf(await vm('sh-no-address', 'guest.toolsRunningStatus'), 'val')).toBe('guestToolsRunning');
    expect(await vm('sh-no-address', 'guest.net')).not.toContain('ipAddress');
  });

  test('a powered-off VM still shows the addresses it had', async () => {
    expect(textOf(await vm('sh-off-stale', 'runtime.powerState'), 'val')).toBe('poweredOff');
    expect(await vm('sh-off-stale', 'guest.net')).toContain('10.20.20.12');
  });

  test('interfaces inside a guest carry device -1', async () => {
    const net = await vm('sh-k8s-01', 'guest.net');
    expect(net).toContain('<ipAddress>172.17.0.1</ipAddress>');
    expect(valuesOf(net, 'deviceConfigId')).toEqual(['4000', '-1', '-1', '-1']);
    expect(valuesOf(await vm('sh-k8s-02', 'guest.net'), 'deviceConfigId').length).toBeGreaterThanOrEqual(16);
  });

  test('an interface matches a NIC only by its MAC, written in capitals', async () => {
    const mac = valuesOf(await vm('sh-capital-mac', 'config.hardware.device'), 'macAddress')[0];
    const net = await vm('sh-capital-mac', 'guest.net');
    expect(textOf(net, 'deviceConfigId')).toBe('4090');
    expect(textOf(net, 'macAddress')).toBe(mac?.toUpperCase());
    expect(textOf(net, 'macAddress')).not.toBe(mac);
  });

  test('a template has no resource pool and a copy keeps the BIOS uuid', async () => {
    expect(textOf(await vm('tpl-ubuntu-2404', 'config.template'), 'val')).toBe('true');
    expect(await vm('tpl-ubuntu-2404', 'resourcePool')).toBe('');
    expect(await vm('sh-copy', 'config.uuid')).toBe(await vm('sh-app-01', 'config.uuid'));
    expect(await vm('sh-copy', 'config.instanceUuid')).not.toBe(await vm('sh-app-01', 'config.instanceUuid'));
  });

  test('a vCLS VM names its manager and has no NIC', async () => {
    const name = 'vCLS-4c4c4544-0042-3010-8051-b4c04f4d3332';
    expect(textOf(await vm(name, 'config.managedBy'), 'extensionKey')).toBe('com.vmware.vim.eam');
    expect(valuesOf(await vm(name, 'config.hardware.device'), 'macAddress')).toEqual([]);
  });

  test('neither configuration nor guest can be read of VMs on a disconnected host', async () => {
    expect(textOf(await host('sh-esx-06.corp.example', 'runtime.connectionState'), 'val')).toBe(
      'disconnected',
    );
    expect(textOf(await vm('sh-edge-01', 'runtime.connectionState'), 'val')).toBe('disconnected');
    expect(textOf(await vm('sh-files-gone', 'runtime.connectionState'), 'val')).toBe('inaccessible');
    expect(await vm('sh-edge-01', 'config.hardware.device')).toBe('');
    expect(await vm('sh-edge-01', 'guest.net')).toBe('');
    expect(textOf(await vm('sh-edge-01', 'name'), 'val')).toBe('sh-edge-01');
  });

  test('a host is in maintenance', async () => {
    expect(textOf(await host('sh-esx-04.corp.example', 'runtime.inMaintenanceMode'), 'val')).toBe('true');
  });

  test('the port group behind a NIC is gone, and a NIC is disconnected', async () => {
    const device = await vm('sh-lost-dvpg', 'config.hardware.device');
    expect(textOf(device, 'portgroupKey')).toBe('dvportgroup-9999');
    const cards = (await vm('sh-db-04', 'config.hardware.device')).match(
      /<VirtualDevice[^>]*Vmxnet3.*?<\/VirtualDevice>/gs,
    );
    expect(cards?.map((card) => textOf(card, 'connected'))).toEqual(['true', 'true', 'false']);
  });

  test('two running VMs report one address', async () => {
    expect(await vm('sh-dup-a', 'guest.net')).toContain('<ipAddress>10.20.20.50</ipAddress>');
    expect(await vm('sh-dup-b', 'guest.net')).toContain('<ipAddress>10.20.20.50</ipAddress>');
  });

  test('an ancient VM has no instance uuid', async () => {
    expect(await vm('sh-ancient', 'config.instanceUuid')).toBe('');
    expect(await vm('sh-ancient', 'config.uuid')).not.toBe('');
  });

  test('the guest names another network than the device is plugged into', async () => {
    expect(textOf(await vm('sh-liar', 'guest.net'), 'network')).toBe('sh-db-prod');
    const { key } = simulator.morefs.portGroup('sh-app-prod');
    expect(textOf(await vm('sh-liar', 'config.hardware.device'), 'portgroupKey')).toBe(key);
  });

  test('masks, gateways and self-assigned addresses go wrong', async () => {
    expect(await vm('sh-wrong-mask', 'guest.net')).toContain(
      '<ipAddress>10.20.20.54</ipAddress><prefixLength>16<',
    );
    expect(await vm('sh-wrong-gateway', 'guest.ipStack')).toContain('<ipAddress>10.20.20.254</ipAddress>');
    expect(await vm('sh-apipa', 'guest.net')).toContain('<ipAddress>169.254.13.7</ipAddress>');
  });

  test('ipConfig or the plain list is missing, and DNS servers stand inside guest.net', async () => {
    const plain = await vm('sh-no-ipconfig', 'guest.net');
    expect(plain).toContain('<ipAddress>10.20.20.56</ipAddress>');
    expect(plain).not.toContain('ipConfig');
    expect(await vm('sh-only-ipconfig', 'guest.net')).toMatch(
      /<GuestNicInfo>(?!.*<ipAddress>10.*<ipConfig>).*<ipConfig><ipAddress><ipAddress>10\.20\.20\.57/,
    );
    expect(await vm('sh-dns-in-nic', 'guest.net')).toMatch(
      /<dnsConfig>.*<ipAddress>8\.8\.8\.8<\/ipAddress>.*<\/dnsConfig>/,
    );
  });

  test('addresses of one range are scattered over several port groups', async () => {
    const groups = new Set<string | undefined>();
    for (const name of ['sh-web-01', 'sh-web-b-01', 'sh-stray', 'sh-web-01-restore']) {
      expect(await vm(name, 'guest.net')).toMatch(/<ipAddress>10\.20\.10\.\d+</);
      groups.add(/type="\w+">([\w-]+)<\/ManagedObjectReference>/.exec(await vm(name, 'network'))?.[1]);
    }
    expect(groups.size).toBe(4);
  });

  test('physical NICs tell their neighbours by CDP and LLDP', async () => {
    const { type, value } = simulator.morefs.networkSystem('sh-esx-01.corp.example');
    const reply = await session.call(
      `<QueryNetworkHint xmlns="urn:vim25"><_this type="${type}">${value}</_this></QueryNetworkHint>`,
    );
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('<devId>sh-tor-a.net.example</devId>');
    expect(reply.body).toMatch(/<lldpInfo>.*<key>System Name<\/key><value[^>]*>sh-tor-b\.net\.example</s);
  });
});

describe('other estates', () => {
  test('a standalone ESXi is a host agent with the names of one', async () => {
    await using simulator = await startSimulator({ estate: standaloneEsxiEstate() });
    const about = await post(simulator, retrieveContent());
    expect(textOf(about.body, 'apiType')).toBe('HostAgent');
    expect(about.body).not.toContain('<instanceUuid>');
    const session = await logIn(simulator);
    expect([...(await session.read('HostSystem', ['name'])).keys()]).toEqual(['ha-host']);
    expect([...(await session.read('Network', ['name'])).keys()]).toContain('HaNetwork-VM Network');
    expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
    expect(
      textOf(
        await session.property({ type: 'HostSystem', value: 'ha-host' }, 'hardware.systemInfo.uuid'),
        'val',
      ),
    ).toBe(standaloneEsxiEstate().datacenters[0]?.standaloneHosts[0]?.hardwareUuid);
  });

  test('two vCenters run at once, each with its own identity and repeating MACs', async () => {
    await using one = await startSimulator({ estate: demoEstate() });
    await using other = await startSimulator({ estate: secondVcenterEstate() });
    const identities = await Promise.all(
      [one, other].map(async (each) => textOf((await post(each, retrieveContent())).body, 'instanceUuid')),
    );
    expect(identities).toEqual([demoEstate().instanceUuid, secondVcenterEstate().instanceUuid]);
    const mac = async (simulator: Simulator, name: string) =>
      textOf(await (await logIn(simulator)).property(simulator.morefs.vm(name), 'guest.net'), 'macAddress');
    expect(await mac(one, 'sh-web-01')).toBe(await mac(other, 'sub-app-01'));
  });

  test('the reader of the benchmark counts what the small estate holds', async () => {
    const { runReferenceReader } = await import('../src/index.ts');
    await using simulator = await startSimulator({ estate: smallEstate() });
    const report = await runReferenceReader({
      target: simulator,
      passes: [
        { type: 'VirtualMachine', paths: ['name', 'config.hardware.device', 'guest.net'] },
        { type: 'HostSystem', paths: ['name', 'config.network'] },
      ],
      page: 2,
    });
    expect(report.objects).toEqual({ VirtualMachine: 5, HostSystem: 1 });
    expect(report.bytes).toBeGreaterThan(10_000);
  });

  test('a description that names an unknown port group is refused by name', async () => {
    const estate = smallEstate();
    const machine = estate.datacenters[0]?.virtualMachines[0];
    const nic = machine?.nics[0];
    if (nic === undefined) throw new Error('The small estate lost its first NIC.');
    nic.network = { distributed: 'nowhere' };
    await expect(startSimulator({ estate })).rejects.toThrow(
      'VM web-1, Network adapter 1: there is no distributed port group nowhere.',
    );
  });
});

function textOfName(xml: string): string {
  return textOf(xml, 'val');
}
