import type { Estate } from '../estate.ts';
import { group, makeHost, makeMachine, managementSwitch, switchUuidOf } from './parts.ts';

/** Five VMs on one host, with one standard and one distributed port group. */
export function smallEstate(): Estate {
  const host = 'esx-01.lab.example';
  const web = { distributed: 'web' };
  const common = { host, gateway: '10.10.20.1', dnsServers: ['10.10.20.53'], dnsDomain: 'lab.example' };
  return {
    kind: 'vcenter',
    name: 'Lab vCenter',
    instanceUuid: '0d1f3a50-6c1e-4f0a-9b57-5a11e57a7e01',
    version: '8.0.3',
    build: '24022515',
    datacenters: [
      {
        name: 'Lab',
        clusters: [
          {
            name: 'Lab-Cluster',
            hosts: [
              makeHost({
                name: host,
                number: 1,
                managementIp: '10.10.0.11',
                standardSwitches: [managementSwitch([{ name: 'VM Network', vlanId: 10 }])],
              }),
            ],
          },
        ],
        standaloneHosts: [],
        distributedSwitches: [
          {
            name: 'dvs-lab',
            uuid: switchUuidOf(1),
            mtu: 1500,
            hosts: [host],
            uplinkPortGroup: { name: 'dvs-lab-DVUplinks', markedBy: 'config' },
            privateVlans: [],
            portGroups: [group('web', 20)],
          },
        ],
        opaqueNetworks: [],
        datastores: [{ name: 'lab-ds', capacity: 2048, free: 1024 }],
        folders: ['Web'],
        virtualMachines: [
          makeMachine({
            ...common,
            name: 'web-1',
            number: 1,
            folder: 'Web',
            nics: [{ network: web, addresses: ['10.10.20.11/24'] }],
          }),
          makeMachine({
            ...common,
            name: 'web-2',
            number: 2,
            folder: 'Web',
            nics: [{ network: web, addresses: ['10.10.20.12/24'] }],
          }),
          makeMachine({
            ...common,
            name: 'db-1',
            number: 3,
            nics: [
              { network: web, addresses: ['10.10.20.21/24'] },
              { network: { standard: 'VM Network' }, addresses: ['10.10.10.21/24'] },
            ],
          }),
          makeMachine({
            ...common,
            name: 'old-1',
            number: 4,
            tools: 'notInstalled',
            nics: [{ network: { standard: 'VM Network' } }],
          }),
          makeMachine({
            ...common,
            name: 'ubuntu-template',
            number: 5,
            template: true,
            powerState: 'poweredOff',
            tools: 'notRunning',
            nics: [{ network: web }],
          }),
        ],
      },
    ],
  };
}
