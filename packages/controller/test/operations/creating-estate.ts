import { type Estate, makeHost, makeMachine, switchUuidOf, uuidOf } from '@wirebook/simulator';

/** Where servers are made in tests: hosts that have different wires, templates, and networks of every kind that can be asked for. */

const cluster = ['esx-01', 'esx-02', 'esx-03'];

/**
 * `web`, `app` and `db` are on all hosts of the cluster; `edge` is on esx-01 alone, `site` on esx-02 alone; `odd` is on VLAN 40, but on esx-03
 * on 99; `all` is a trunk; `bare` has no network; `cellar` is on esx-04 alone, which is in maintenance; no host is on `island`.
 */
export function creatingEstate(templates: readonly string[] = []): Estate {
  const host = (name: string, number: number, groups: readonly (readonly [string, number])[]) =>
    makeHost({
      name,
      number,
      managementIp: `10.10.0.${10 + number}`,
      inMaintenanceMode: name === 'esx-04',
      standardSwitches: [
        {
          name: 'vSwitch0',
          mtu: 1500,
          uplinks: ['vmnic0'],
          portGroups: [
            { name: 'Management Network', vlanId: 0, vmkernelOnly: true },
            ...groups.map(([group, vlanId]) => ({ name: group, vlanId })),
          ],
        },
      ],
    });
  const common = [
    ['all', 4095],
    ['rack', 50],
    ['bare', 51],
  ] as const;
  const distributed = (number: number, name: string, hosts: string[], groups: [string, number][]) => ({
    name,
    uuid: switchUuidOf(number),
    mtu: 1500,
    hosts,
    uplinkPortGroup: { name: `${name}-uplinks`, markedBy: 'config' as const },
    privateVlans: [],
    portGroups: groups.map(([group, id]) => ({ name: group, vlan: { kind: 'id' as const, id } })),
  });
  const plugged = (...groups: string[]) => groups.map((group) => ({ network: { distributed: group } }));
  const template = (name: string, number: number, more: Partial<Parameters<typeof makeMachine>[0]> = {}) =>
    makeMachine({
      name,
      number,
      host: 'esx-01',
      folder: 'Templates',
      template: true,
      powerState: 'poweredOff',
      tools: 'notRunning',
      disk: 10,
      nics: plugged('web'),
      ...more,
    });
  return {
    kind: 'vcenter',
    name: 'Creating',
    instanceUuid: uuidOf('vcenter', 808),
    version: '8.0.3',
    build: '24022515',
    datacenters: [
      {
        name: 'Home',
        clusters: [
          {
            name: 'North',
            hosts: [
              host('esx-01', 1, [...common, ['odd', 40], ['edge', 60]]),
              host('esx-02', 2, [...common, ['odd', 40], ['site', 60]]),
              host('esx-03', 3, [...common, ['odd', 99]]),
            ],
          },
        ],
        standaloneHosts: [host('esx-04', 4, [])],
        distributedSwitches: [
          distributed(1, 'dvs-1', cluster, [
            ['web', 20],
            ['app', 21],
            ['db', 22],
          ]),
          distributed(2, 'dvs-2', ['esx-04'], [['cellar', 30]]),
          distributed(3, 'dvs-3', [], [['island', 31]]),
        ],
        opaqueNetworks: [],
        datastores: [
          { name: 'ssd', capacity: 4096, free: 2048 },
          { name: 'hdd', capacity: 4096, free: 3072 },
          { name: 'full', capacity: 512, free: 2 },
        ],
        folders: ['Templates', 'Web/Front', 'Web'],
        virtualMachines: [
          template('ubuntu', 1),
          template('wide', 2, { nics: plugged('web', 'app', 'db'), snapshot: 'base' }),
          template('windows', 3, { windows: true }),
          makeMachine({
            name: 'old-1',
            number: 4,
            host: 'esx-01',
            folder: 'Web',
            nics: [{ network: { distributed: 'web' }, addresses: ['10.20.0.11/22'] }],
          }),
          makeMachine({
            name: 'vCLS-1',
            number: 5,
            host: 'esx-02',
            managedBy: { extensionKey: 'com.vmware.vim.eam', type: 'cluster-agent' },
          }),
          ...templates.map((name, index) => template(name, 10 + index)),
        ],
      },
    ],
  };
}

const shared = { dns: ['10.20.0.53'], domain: 'lab.example', giving: 'all' };

export const creatingNetworks = [
  {
    name: 'web-net',
    wire: 'web',
    cidr: '10.20.0.0/22',
    gateway: '10.20.0.1',
    tags: { env: 'test' },
    ...shared,
  },
  { name: 'app-net', wire: 'app', cidr: '10.21.0.0/24', gateway: '10.21.0.1', giving: 'all' },
  { name: 'db-net', wire: 'db', cidr: '10.22.0.0/24', giving: 'all' },
  { name: 'dual-net', wire: 'rack', cidr: '10.23.0.0/24', gateway: '10.23.0.1', ...shared },
  {
    name: 'dual6-net',
    wire: 'rack',
    cidr: '2001:db8:23::/64',
    gateway: 'fe80::1',
    companion: 'dual-net',
    giving: 'all',
  },
  { name: 'edge-net', wire: 'edge', cidr: '10.24.0.0/24', gateway: '10.24.0.1', ...shared },
  { name: 'odd-net', wire: 'odd', cidr: '10.25.0.0/24', gateway: '10.25.0.1', ...shared },
  { name: 'trunk-net', wire: 'all', cidr: '10.26.0.0/24', gateway: '10.26.0.1', ...shared },
  { name: 'cellar-net', wire: 'cellar', cidr: '10.27.0.0/24', gateway: '10.27.0.1', ...shared },
  { name: 'island-net', wire: 'island', cidr: '10.28.0.0/24', gateway: '10.28.0.1', ...shared },
  { name: 'quiet-net', wire: 'app', cidr: '10.29.0.0/24', gateway: '10.29.0.1', giving: 'none' },
  { name: 'tiny-net', wire: 'app', cidr: '10.30.0.0/30', gateway: '10.30.0.1', giving: 'all' },
] as const;
