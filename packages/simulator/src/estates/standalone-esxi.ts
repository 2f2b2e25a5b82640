import type { Estate } from '../estate.ts';
import { makeHost, makeMachine, managementSwitch, type MachineSketch, type NicSketch } from './parts.ts';

/** One ESXi without vCenter: standard switches only, port groups known by name. */
export function standaloneEsxiEstate(): Estate {
  const host = makeHost({
    name: 'branch-esx.corp.example',
    number: 301,
    managementIp: '192.168.50.10',
    version: '7.0.3',
    build: '21930508',
    standardSwitches: [
      managementSwitch([
        { name: 'VM Network', vlanId: 0 },
        { name: 'Cameras', vlanId: 51 },
      ]),
    ],
  });
  const common = {
    host: host.name,
    gateway: '192.168.50.1',
    dnsServers: ['192.168.50.1'],
    dnsDomain: 'branch.example',
  };
  const machine = (name: string, number: number, nics: NicSketch[], more: Partial<MachineSketch> = {}) =>
    makeMachine({ ...common, name, number, nics, ...more });
  const lan = { standard: 'VM Network' };
  const cameras = { standard: 'Cameras' };
  return {
    kind: 'esxi',
    name: 'branch-esx.corp.example',
    instanceUuid: '',
    version: '7.0.3',
    build: '21930508',
    datacenters: [
      {
        name: 'ha-datacenter',
        clusters: [],
        standaloneHosts: [host],
        distributedSwitches: [],
        opaqueNetworks: [],
        datastores: [{ name: 'datastore1', capacity: 1800, free: 700 }],
        folders: [],
        virtualMachines: [
          machine('branch-files', 3001, [{ network: lan, addresses: ['192.168.50.20/24'] }], {
            windows: true,
          }),
          machine('branch-print', 3002, [{ network: lan, addresses: ['192.168.50.21/24'] }]),
          machine('branch-nvr', 3003, [
            { network: lan, addresses: ['192.168.50.22/24'] },
            { network: cameras, addresses: ['192.168.51.2/24'] },
          ]),
          machine('branch-cam-gw', 3004, [{ network: cameras }], { tools: 'notInstalled' }),
          machine('branch-old', 3005, [{ network: lan, addresses: ['192.168.50.23/24'] }], {
            powerState: 'poweredOff',
            tools: 'notRunning',
          }),
        ],
      },
    ],
  };
}
