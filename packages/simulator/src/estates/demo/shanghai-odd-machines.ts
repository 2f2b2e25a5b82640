import { uuidOf, address, type MachineSketch } from '../parts.ts';
import { app, bubble, production, vmNetwork, web } from './shanghai-subnets.ts';
import { nicIn } from './sites.ts';

const host = 'sh-esx-02.corp.example';
const away = 'sh-esx-06.corp.example';
const dnsServers = ['10.20.0.53'];

/** The VMs that a reader stumbles over, one oddity each. */
export function shanghaiOddMachines(switchUuid: string): MachineSketch[] {
  return [...silentMachines(), ...contradictions(switchUuid), ...managed(), ...unreadable()];
}

/** VMs whose Tools say nothing, or nothing useful. */
function silentMachines(): MachineSketch[] {
  const common = { host, folder: 'Attic' };
  return [
    { ...common, name: 'sh-tools-stopped', number: 1201, tools: 'notRunning', nics: [nicIn(app)] },
    { ...common, name: 'sh-appliance', number: 1202, tools: 'notInstalled', nics: [nicIn(app)] },
    { ...common, name: 'sh-no-address', number: 1203, nics: [nicIn(app, undefined, { addresses: [] })] },
    // Powered off, but guest.net still shows what it had: another VM has that address now.
    {
      ...common,
      name: 'sh-off-stale',
      number: 1204,
      powerState: 'poweredOff',
      tools: 'notRunning',
      nics: [nicIn(app, 12)],
    },
    {
      ...common,
      name: 'sh-suspended',
      number: 1205,
      powerState: 'suspended',
      tools: 'notRunning',
      nics: [nicIn(app, 41)],
    },
    {
      ...common,
      name: 'sh-apipa',
      number: 1206,
      hostName: 'localhost.localdomain',
      nics: [nicIn(app, undefined, { addresses: ['169.254.13.7/16'] })],
    },
    // Nothing but its link-local address.
    {
      ...common,
      name: 'sh-v6-linklocal',
      number: 1207,
      nics: [nicIn(app, undefined, { addresses: ['fe80::250:56ff:fe80:25b8/64'] })],
    },
    // Made by a version that knew no instance uuid.
    {
      ...common,
      name: 'sh-ancient',
      number: 1208,
      withoutInstanceUuid: true,
      nics: [nicIn(vmNetwork, 77, { model: 'e1000' })],
    },
    // Templates have no resource pool.
    {
      ...common,
      name: 'tpl-ubuntu-2404',
      number: 1211,
      folder: 'Templates',
      template: true,
      powerState: 'poweredOff',
      tools: 'notRunning',
      nics: [nicIn(web, undefined, { silent: true })],
    },
    {
      ...common,
      name: 'tpl-windows-2022',
      number: 1212,
      folder: 'Templates',
      template: true,
      powerState: 'poweredOff',
      tools: 'notRunning',
      windows: true,
      nics: [nicIn(production, undefined, { silent: true })],
    },
  ];
}

/** VMs whose reports contradict something. */
function contradictions(switchUuid: string): MachineSketch[] {
  const common = { host, folder: 'Production/App', gateway: app.gateway, dnsServers };
  const mac = '00:50:56:ab:cd:ef';
  return [
    // Two running VMs with one address.
    { ...common, name: 'sh-dup-a', number: 1221, nics: [nicIn(app, 50)] },
    { ...common, name: 'sh-dup-b', number: 1222, nics: [nicIn(app, 50)] },
    // A copy keeps the BIOS uuid of its original.
    { ...common, name: 'sh-copy', number: 1223, biosUuid: uuidOf('bios', 1041), nics: [nicIn(app, 51)] },
    // guest.net names another port group than the device's backing.
    {
      ...common,
      name: 'sh-liar',
      number: 1224,
      nics: [nicIn(app, 52, { report: { network: 'sh-db-prod' } })],
    },
    // The key is of no card of this server: only the MAC tells, and it is in capitals.
    {
      ...common,
      name: 'sh-capital-mac',
      number: 1225,
      nics: [nicIn(app, 53, { mac, report: { deviceConfigId: 4090, mac: mac.toUpperCase() } })],
    },
    {
      ...common,
      name: 'sh-wrong-mask',
      number: 1226,
      nics: [nicIn(app, undefined, { addresses: ['10.20.20.54/16'] })],
    },
    { ...common, name: 'sh-wrong-gateway', number: 1227, gateway: '10.20.20.254', nics: [nicIn(app, 55)] },
    // Old Tools: the plain list only.
    {
      ...common,
      name: 'sh-no-ipconfig',
      number: 1228,
      nics: [nicIn(app, 56, { report: { withoutIpConfig: true } })],
    },
    // The reverse: ipConfig only.
    {
      ...common,
      name: 'sh-only-ipconfig',
      number: 1229,
      nics: [nicIn(app, 57, { report: { withoutIpAddress: true } })],
    },
    // dnsConfig holds <ipAddress> too: 8.8.8.8 is no address of this VM.
    {
      ...common,
      name: 'sh-dns-in-nic',
      number: 1230,
      nics: [
        nicIn(app, 58, {
          report: {
            dns: {
              hostName: 'sh-dns-in-nic',
              domainName: 'corp.example',
              servers: ['8.8.8.8', '10.20.0.53'],
              searchDomains: ['corp.example'],
            },
          },
        }),
      ],
    },
    // Port groups that are gone: a distributed and a standard one.
    {
      ...common,
      name: 'sh-lost-dvpg',
      number: 1231,
      nics: [
        {
          network: { goneDistributed: { switchUuid, portgroupKey: 'dvportgroup-9999' } },
          addresses: ['10.20.20.59/24'],
        },
      ],
    },
    {
      ...common,
      name: 'sh-lost-std',
      number: 1232,
      folder: 'Attic',
      nics: [{ network: { goneStandard: 'Old Lab' }, addresses: ['192.168.77.5/24'] }],
    },
    // A restored copy in the bubble: same address and gateway as sh-web-01, no uplink.
    {
      ...common,
      name: 'sh-web-01-restore',
      number: 1233,
      host: 'sh-esx-01.corp.example',
      gateway: web.gateway,
      nics: [nicIn(bubble, 11)],
    },
    // One address of the web range on VM Network, with that network's other gateway.
    {
      ...common,
      name: 'sh-stray',
      number: 1234,
      gateway: '10.20.10.254',
      nics: [nicIn(vmNetwork, undefined, { addresses: ['10.20.10.200/24'] })],
    },
    // The guest noticed a duplicate itself.
    {
      ...common,
      name: 'sh-dad-failed',
      number: 1235,
      windows: true,
      nics: [
        nicIn(app, undefined, {
          addresses: [address('10.20.20.11/24', { state: 'duplicate', origin: 'manual' })],
        }),
      ],
    },
  ];
}

/** VMs that a product owns. */
function managed(): MachineSketch[] {
  const vcls = {
    folder: 'vCLS',
    managedBy: { extensionKey: 'com.vmware.vim.eam', type: 'cluster-agent' },
    cpus: 1,
    memory: 128,
    disk: 2,
    nics: [],
  };
  return [
    {
      ...vcls,
      name: 'vCLS-4c4c4544-0042-3010-8051-b4c04f4d3332',
      number: 1301,
      host: 'sh-esx-01.corp.example',
    },
    {
      ...vcls,
      name: 'vCLS-4c4c4544-0042-3010-8051-b4c04f4d3333',
      number: 1302,
      host: 'sh-esx-05.corp.example',
    },
    // A replication placeholder: the same name lives on the other site.
    {
      name: 'fr-db-01',
      number: 1303,
      host: 'sh-esx-03.corp.example',
      folder: 'Platform',
      powerState: 'poweredOff',
      tools: 'notRunning',
      managedBy: { extensionKey: 'com.vmware.vcDr', type: 'placeholderVm' },
      nics: [nicIn(production, undefined, { silent: true })],
    },
  ];
}

/** VMs of the host that doesn't answer, and one whose files are gone: no config, no guest. */
function unreadable(): MachineSketch[] {
  const common = { folder: 'Production/App', connectionState: 'disconnected' as const };
  return [
    { ...common, name: 'sh-edge-01', number: 1311, host: away, nics: [nicIn(app, 71)] },
    { ...common, name: 'sh-edge-02', number: 1312, host: away, nics: [nicIn(app, 72)] },
    {
      ...common,
      name: 'sh-files-gone',
      number: 1313,
      host,
      connectionState: 'inaccessible',
      nics: [nicIn(app, 73)],
    },
    { ...common, name: 'sh-orphan', number: 1314, host, connectionState: 'orphaned', nics: [nicIn(app, 74)] },
  ];
}
