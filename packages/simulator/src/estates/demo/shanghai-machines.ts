import { address, type MachineSketch } from '../parts.ts';
import {
  app,
  backup,
  blue,
  db,
  dmz,
  isolated,
  k8s,
  nsx,
  opaque,
  production,
  vmNetwork,
  web,
  web2,
} from './shanghai-subnets.ts';
import { insideGuest, nicIn, row } from './sites.ts';

const hosts = [1, 2, 3].map((number) => `sh-esx-0${number}.corp.example`);
const [first = '', second = '', third = ''] = hosts;
const edge = 'sh-esx-05.corp.example';
const dnsServers = ['10.20.0.53', '10.20.0.54'];

/** The ordinary VMs of the site. */
export function shanghaiMachines(): MachineSketch[] {
  const more = { dnsServers };
  return [
    ...row({
      prefix: 'sh-web',
      count: 8,
      firstNumber: 1001,
      subnet: web,
      firstAddress: 11,
      hosts,
      folder: 'Production/Web',
      more,
    }),
    // Addresses of the web range behind another port group: an additional wire.
    ...row({
      prefix: 'sh-web-b',
      count: 3,
      firstNumber: 1021,
      subnet: web2,
      firstAddress: 31,
      hosts,
      folder: 'Production/Web',
      more,
    }),
    ...row({
      prefix: 'sh-blue',
      count: 2,
      firstNumber: 1031,
      subnet: blue,
      firstAddress: 11,
      hosts,
      folder: 'Production/Web',
      more,
    }),
    ...row({
      prefix: 'sh-app',
      count: 6,
      firstNumber: 1041,
      subnet: app,
      firstAddress: 11,
      hosts,
      folder: 'Production/App',
      more,
    }),
    ...row({
      prefix: 'sh-erp',
      count: 3,
      firstNumber: 1061,
      subnet: production,
      firstAddress: 11,
      hosts,
      folder: 'Production/App',
      more: { ...more, windows: true, tools: 'runningOld' },
    }),
    ...row({
      prefix: 'sh-seg',
      count: 2,
      firstNumber: 1071,
      subnet: nsx,
      firstAddress: 11,
      hosts,
      folder: 'Platform',
      more,
    }),
    ...row({
      prefix: 'sh-opq',
      count: 2,
      firstNumber: 1076,
      subnet: opaque,
      firstAddress: 11,
      hosts,
      folder: 'Platform',
      more,
    }),
    ...row({
      prefix: 'sh-kiosk',
      count: 2,
      firstNumber: 1081,
      subnet: isolated,
      firstAddress: 11,
      hosts,
      folder: 'Platform',
      more,
    }),
    ...row({
      prefix: 'sh-legacy',
      count: 2,
      firstNumber: 1086,
      subnet: dmz,
      firstAddress: 11,
      hosts,
      folder: 'Attic',
      more,
    }),
    ...databases(),
    ...platform(),
  ];
}

/** Several NICs: production and backup. Also several addresses on one. */
function databases(): MachineSketch[] {
  const common = { folder: 'Production/DB', gateway: db.gateway, dnsServers };
  return [
    { ...common, name: 'sh-db-01', number: 1101, host: first, nics: [nicIn(db, 11), nicIn(backup, 11)] },
    { ...common, name: 'sh-db-02', number: 1102, host: second, nics: [nicIn(db, 12), nicIn(backup, 12)] },
    // A cluster address beside its own, on one NIC.
    {
      ...common,
      name: 'sh-db-03',
      number: 1103,
      host: third,
      nics: [nicIn(db, 13, { addresses: ['10.20.30.13/24', '10.20.30.100/24'] }), nicIn(backup, 13)],
    },
    // Three NICs, the last disconnected.
    {
      ...common,
      name: 'sh-db-04',
      number: 1104,
      host: first,
      nics: [nicIn(db, 14), nicIn(backup, 14), nicIn(vmNetwork, undefined, { connected: false })],
    },
  ];
}

function platform(): MachineSketch[] {
  const common = { folder: 'Platform', dnsServers };
  const containers = [
    insideGuest('02:42:7a:11:20:01', '172.17.0.1/16'), // docker0
    insideGuest('02:42:7a:11:20:02', '172.18.0.1/16'), // br-5f2c81
    insideGuest('5e:bb:f6:9e:ee:fa', '10.244.1.1/24', 'fe80::5cbb:f6ff:fe9e:eefa/64'), // cni0
  ];
  return [
    {
      ...common,
      name: 'sh-k8s-01',
      number: 1121,
      host: first,
      gateway: k8s.gateway,
      nics: [nicIn(k8s, 11)],
      extraGuestNics: containers,
    },
    {
      ...common,
      name: 'sh-k8s-02',
      number: 1122,
      host: second,
      gateway: k8s.gateway,
      nics: [nicIn(k8s, 12)],
      // Tools cut long reports off: this one proves no absence.
      extraGuestNics: [
        ...containers,
        ...Array.from({ length: 15 }, (_, index) =>
          insideGuest(`ee:ee:ee:ee:20:${String(index + 10)}`, `169.254.1.${index + 1}/32`),
        ),
      ],
    },
    // A VPN server: tun0 is no virtual NIC.
    {
      ...common,
      name: 'sh-vpn-01',
      number: 1123,
      host: edge,
      gateway: web.gateway,
      nics: [nicIn(web, 60)],
      extraGuestNics: [{ deviceConfigId: -1, connected: true, addresses: [address('10.99.0.1/24')] }],
    },
    // The firewall has its NIC on the trunk and is other VMs' gateway.
    {
      ...common,
      name: 'sh-fw-01',
      number: 1124,
      host: edge,
      nics: [
        { network: { distributed: 'sh-trunk-firewall' }, addresses: ['10.20.20.1/24', '10.20.30.1/24'] },
        nicIn(vmNetwork, 1),
      ],
    },
    // A VRRP pair: the same address on both is wanted.
    {
      ...common,
      name: 'sh-lb-01',
      number: 1125,
      host: first,
      gateway: web.gateway,
      nics: [nicIn(web, 101, { addresses: ['10.20.10.101/24', '10.20.10.100/32'] })],
    },
    {
      ...common,
      name: 'sh-lb-02',
      number: 1126,
      host: second,
      gateway: web.gateway,
      nics: [nicIn(web, 102, { addresses: ['10.20.10.102/24', '10.20.10.100/32'] })],
    },
    // IPv6: global, ULA, temporary, deprecated, link-local.
    {
      ...common,
      name: 'sh-v6-01',
      number: 1127,
      host: third,
      gateway: web.gateway,
      windows: true,
      nics: [
        nicIn(web, 61, {
          addresses: [
            address('10.20.10.61/24', { origin: 'manual' }),
            address('2001:db8:20:10::61/64', { origin: 'manual' }),
            address('fd20:10:1::61/64', { origin: 'manual' }),
            address('2001:db8:20:10:8c11:2a5e:93d0:7b42/64', { origin: 'random' }),
            address('2001:db8:20:10:51aa:9f0:dd01:2c3/64', { origin: 'random', state: 'deprecated' }),
            address('fe80::250:56ff:fe80:2338/64', { origin: 'linklayer' }),
          ],
        }),
      ],
    },
    {
      ...common,
      name: 'sh-dns-01',
      number: 1128,
      host: first,
      gateway: vmNetwork.gateway,
      nics: [nicIn(vmNetwork, 53)],
    },
    {
      ...common,
      name: 'sh-jump-01',
      number: 1129,
      host: edge,
      gateway: vmNetwork.gateway,
      windows: true,
      nics: [nicIn(vmNetwork, 20, { model: 'e1000e' })],
    },
  ];
}
