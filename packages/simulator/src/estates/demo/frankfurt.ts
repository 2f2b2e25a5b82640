import type { Datacenter, Host } from '../../estate.ts';
import {
  group,
  makeHost,
  makeMachine,
  managementSwitch,
  switchUuidOf,
  type MachineSketch,
} from '../parts.ts';
import { insideGuest, nicIn, rackNeighbour, row, type Subnet } from './sites.ts';

const web: Subnet = { portGroup: 'fr-web', net: '10.30.10', prefixLength: 24, gateway: '10.30.10.1' };
const db: Subnet = { portGroup: 'fr-db', net: '10.30.20', prefixLength: 24, gateway: '10.30.20.1' };
const production: Subnet = {
  portGroup: 'Production',
  net: '10.30.40',
  prefixLength: 24,
  gateway: '10.30.40.1',
};
const voice: Subnet = { portGroup: 'fr-voice', net: '10.30.30', prefixLength: 26, gateway: '10.30.30.1' };
const office: Subnet = {
  portGroup: 'fr-office',
  kind: 'standard',
  net: '10.30.60',
  prefixLength: 23,
  gateway: '10.30.60.1',
};

export function frankfurt(): Datacenter {
  const hosts = [1, 2, 3].map(makeFrankfurtHost);
  const branch = makeHost({
    name: 'fr-esx-09.corp.example',
    number: 209,
    managementIp: '10.30.0.19',
    version: '7.0.3',
    build: '21930508',
    standardSwitches: [
      managementSwitch([
        { name: 'VM Network', vlanId: 0 },
        { name: 'fr-office', vlanId: 260 },
      ]),
    ],
  });
  return {
    name: 'Frankfurt',
    clusters: [{ name: 'FR-Compute', hosts }],
    standaloneHosts: [branch],
    distributedSwitches: [
      {
        name: 'dvs-frankfurt',
        uuid: switchUuidOf(0x30),
        mtu: 1500,
        hosts: hosts.map((host) => host.name),
        // An older switch: only the tag tells that this is the uplink group.
        uplinkPortGroup: { name: 'dvs-frankfurt-DVUplinks-30', markedBy: 'tag' },
        privateVlans: [],
        portGroups: [
          group('fr-web', 210),
          group('fr-db', 220),
          group('fr-voice', 230),
          // Shanghai has a group of the same name.
          group('Production', 240),
        ],
      },
    ],
    opaqueNetworks: [],
    datastores: [{ name: 'fr-san-01', capacity: 60_000, free: 21_000 }],
    folders: ['Web', 'Data', 'Office', 'vCLS'],
    virtualMachines: frankfurtMachines(
      hosts.map((host) => host.name),
      branch.name,
    ).map(makeMachine),
  };
}

function makeFrankfurtHost(number: number): Host {
  return makeHost({
    name: `fr-esx-0${number}.corp.example`,
    number: 200 + number,
    managementIp: `10.30.0.${10 + number}`,
    standardSwitches: [managementSwitch([{ name: 'VM Network', vlanId: 0 }])],
    // fr-esx-03 has one physical NIC for management, and one for everything else.
    ...(number === 3 ? { speeds: [25_000, 25_000] } : {}),
    neighbour: rackNeighbour('fr', number),
  });
}

function frankfurtMachines(hosts: string[], branch: string): MachineSketch[] {
  const more = { dnsServers: ['10.30.0.53'] };
  const [first = ''] = hosts;
  return [
    ...row({
      prefix: 'fr-web',
      count: 6,
      firstNumber: 2001,
      subnet: web,
      firstAddress: 11,
      hosts,
      folder: 'Web',
      more,
    }),
    ...row({
      prefix: 'fr-db',
      count: 3,
      firstNumber: 2021,
      subnet: db,
      firstAddress: 11,
      hosts,
      folder: 'Data',
      more,
    }),
    ...row({
      prefix: 'fr-erp',
      count: 3,
      firstNumber: 2031,
      subnet: production,
      firstAddress: 11,
      hosts,
      folder: 'Data',
      more: { ...more, windows: true },
    }),
    ...row({
      prefix: 'fr-pbx',
      count: 2,
      firstNumber: 2041,
      subnet: voice,
      firstAddress: 11,
      hosts,
      folder: 'Office',
      more,
    }),
    ...row({
      prefix: 'fr-desk',
      count: 4,
      firstNumber: 2051,
      subnet: office,
      firstAddress: 21,
      hosts: [branch],
      folder: 'Office',
      more: { ...more, windows: true },
    }),
    {
      name: 'fr-build-01',
      number: 2061,
      host: first,
      folder: 'Data',
      gateway: web.gateway,
      ...more,
      nics: [nicIn(web, 80), nicIn(production, 80)],
      extraGuestNics: [insideGuest('02:42:1f:00:30:01', '172.17.0.1/16')],
    },
    {
      name: 'vCLS-4c4c4544-0042-3010-8051-b4c04f4d3444',
      number: 2062,
      host: first,
      folder: 'vCLS',
      managedBy: { extensionKey: 'com.vmware.vim.eam', type: 'cluster-agent' },
      cpus: 1,
      memory: 128,
      disk: 2,
    },
  ];
}
