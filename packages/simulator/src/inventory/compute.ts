import type { Moref, ObjectContent, VimObject } from '../vim-xml.ts';
import { reference, referenceList, referenceProperty, stringProperty } from '../vim-xml.ts';
import type {
  ComputePlan,
  DatacenterPlan,
  DatastorePlan,
  EstatePlan,
  HostPlan,
  MachinePlan,
} from './plan.ts';

const epoch = '2026-01-05T08:00:00Z';
const gibibyte = 1024 ** 3;

function folder(ref: Moref, name: string, parent: Moref | undefined, childType: string[], children: Moref[]) {
  const content: ObjectContent = {
    object: ref,
    properties: [
      stringProperty('name', name),
      { path: 'childType', type: 'ArrayOfString', value: { string: childType } },
      referenceList('childEntity', children),
    ],
  };
  if (parent !== undefined) content.properties.push(referenceProperty('parent', parent));
  return content;
}

export function renderRootFolder(plan: EstatePlan): ObjectContent {
  const name = plan.estate.kind === 'esxi' ? 'ha-folder-root' : 'Datacenters';
  const children = plan.datacenters.map((one) => one.ref);
  return folder(plan.rootFolder, name, undefined, ['Folder', 'Datacenter'], children);
}

/** The datacenter, its four folders and the VM folders below. */
export function renderDatacenter(plan: DatacenterPlan, root: Moref): ObjectContent[] {
  const networks = allNetworks(plan);
  const datastores = [...plan.datastores.values()].map((one) => one.ref);
  const switches = [...plan.switches.values()].map((one) => one.ref);
  const inFolder = (ref: Moref) =>
    plan.virtualMachines.filter((one) => one.folder.value === ref.value).map((one) => one.ref);
  const subfolders = (path: string) =>
    [...plan.folders].filter(([child]) => parentPath(child) === path).map(([, ref]) => ref);
  const vmTypes = ['Folder', 'VirtualMachine', 'VirtualApp'];
  const contents: ObjectContent[] = [
    {
      object: plan.ref,
      properties: [
        stringProperty('name', plan.description.name),
        referenceProperty('parent', root),
        referenceProperty('vmFolder', plan.vmFolder),
        referenceProperty('hostFolder', plan.hostFolder),
        referenceProperty('datastoreFolder', plan.datastoreFolder),
        referenceProperty('networkFolder', plan.networkFolder),
        referenceList('datastore', datastores),
        referenceList('network', networks),
      ],
    },
    folder(plan.vmFolder, 'vm', plan.ref, vmTypes, [...subfolders(''), ...inFolder(plan.vmFolder)]),
    folder(
      plan.hostFolder,
      'host',
      plan.ref,
      ['Folder', 'ComputeResource'],
      plan.computeResources.map((one) => one.ref),
    ),
    folder(plan.datastoreFolder, 'datastore', plan.ref, ['Folder', 'Datastore', 'StoragePod'], datastores),
    folder(
      plan.networkFolder,
      'network',
      plan.ref,
      ['Folder', 'Network', 'DistributedVirtualSwitch'],
      [...switches, ...networks],
    ),
  ];
  for (const [path, ref] of plan.folders) {
    const parent = plan.folders.get(parentPath(path)) ?? plan.vmFolder;
    const name = path.slice(path.lastIndexOf('/') + 1);
    contents.push(folder(ref, name, parent, vmTypes, [...subfolders(path), ...inFolder(ref)]));
  }
  return contents;
}

function parentPath(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** Everything that Datacenter.network lists: standard, distributed (uplinks too) and opaque. */
export function allNetworks(plan: DatacenterPlan): Moref[] {
  return [
    ...[...plan.standardNetworks.values()].map((one) => one.ref),
    ...[...plan.switches.values()].flatMap((one) => [
      one.uplinkGroup.ref,
      ...one.groups.map((group) => group.ref),
    ]),
    ...[...plan.opaqueNetworks.values()].map((one) => one.ref),
  ];
}

/** The networks that a host has. */
export function networksOfHost(plan: DatacenterPlan, host: Moref): Moref[] {
  const has = (hosts: Moref[]) => hosts.some((one) => one.value === host.value);
  return [
    ...[...plan.standardNetworks.values()].filter((one) => has(one.hosts)).map((one) => one.ref),
    ...[...plan.switches.values()]
      .filter((one) => has(one.hosts.map((member) => member.ref)))
      .flatMap((one) => one.groups.map((group) => group.ref)),
    ...[...plan.opaqueNetworks.values()].filter((one) => has(one.hosts)).map((one) => one.ref),
  ];
}

/** The datastores that one of the hosts sees. */
export function datastoresOf(plan: DatacenterPlan, hosts: readonly HostPlan[]): Moref[] {
  return [...plan.datastores.values()]
    .filter((one) => one.hosts.some((host) => hosts.includes(host)))
    .map((one) => one.ref);
}

/** The cluster or compute resource, its pools and its environment browser. */
export function renderCompute(plan: DatacenterPlan, compute: ComputePlan): ObjectContent[] {
  const isCluster = compute.ref.type === 'ClusterComputeResource';
  const hosts = compute.hosts.map((one) => one.ref);
  const networks = new Map(
    hosts.flatMap((host) => networksOfHost(plan, host)).map((ref) => [`${ref.type}:${ref.value}`, ref]),
  );
  const cores = compute.hosts.reduce((sum, one) => sum + one.description.cpuCores, 0);
  const memory = compute.hosts.reduce((sum, one) => sum + one.description.memory, 0) * gibibyte;
  const machines = plan.virtualMachines.filter(
    (one) => one.host.compute === compute && one.description.template !== true,
  );
  const summary: VimObject = {
    $type: isCluster ? 'ClusterComputeResourceSummary' : 'ComputeResourceSummary',
    totalCpu: cores * 2400,
    totalMemory: memory,
    numCpuCores: cores,
    numCpuThreads: cores * 2,
    effectiveCpu: cores * 2300,
    effectiveMemory: Math.floor(memory / 1024 ** 2),
    numHosts: hosts.length,
    numEffectiveHosts: compute.hosts.filter((one) => one.description.connectionState === 'connected').length,
    overallStatus: 'green',
  };
  const services = {
    dasConfig: { enabled: true },
    drsConfig: { enabled: compute.drs, defaultVmBehavior: 'fullyAutomated' },
  };
  const configuration: VimObject = isCluster
    ? { $type: 'ClusterConfigInfoEx', vmSwapPlacement: 'vmDirectory', ...services }
    : { $type: 'ComputeResourceConfigInfo', vmSwapPlacement: 'vmDirectory' };
  return [
    {
      object: compute.ref,
      properties: [
        stringProperty('name', compute.name),
        referenceProperty('parent', plan.hostFolder),
        referenceList('host', hosts),
        referenceList('datastore', datastoresOf(plan, compute.hosts)),
        referenceList('network', [...networks.values()]),
        referenceProperty('resourcePool', compute.pool),
        referenceProperty('environmentBrowser', compute.environmentBrowser),
        { path: 'summary', value: summary },
        { path: 'configurationEx', value: configuration },
        ...(isCluster ? [{ path: 'configuration', type: 'ClusterConfigInfo', value: services }] : []),
      ],
    },
    renderPool(compute, '', machines),
    ...[...compute.pools.keys()].map((path) => renderPool(compute, path, machines)),
    { object: compute.environmentBrowser, properties: [] },
  ];
}

/** The root pool (empty path) or one below it. */
function renderPool(compute: ComputePlan, path: string, machines: readonly MachinePlan[]): ObjectContent {
  const ref = compute.pools.get(path) ?? compute.pool;
  const name = path === '' ? 'Resources' : path.slice(path.lastIndexOf('/') + 1);
  const parent = path === '' ? compute.ref : (compute.pools.get(parentPath(path)) ?? compute.pool);
  const children = [...compute.pools].filter(([child]) => parentPath(child) === path && child !== path);
  const allocation: VimObject = {
    reservation: 0,
    expandableReservation: true,
    limit: -1,
    shares: { shares: 4000, level: 'normal' },
  };
  const config: VimObject = { cpuAllocation: allocation, memoryAllocation: allocation };
  const usage: VimObject = {
    reservationUsed: 0,
    reservationUsedForVm: 0,
    unreservedForPool: 100_000,
    unreservedForVm: 100_000,
    overallUsage: 0,
    maxUsage: 100_000,
  };
  const runtime: VimObject = { memory: usage, cpu: usage, overallStatus: 'green' };
  return {
    object: ref,
    properties: [
      stringProperty('name', name),
      referenceProperty('parent', parent),
      referenceProperty('owner', compute.ref),
      referenceList(
        'resourcePool',
        children.map(([, child]) => child),
      ),
      referenceList(
        'vm',
        machines.filter((one) => one.pool.value === ref.value).map((one) => one.ref),
      ),
      { path: 'config', type: 'ResourceConfigSpec', value: config },
      { path: 'runtime', type: 'ResourcePoolRuntimeInfo', value: runtime },
      { path: 'summary', type: 'ResourcePoolSummary', value: { name, config, runtime } },
    ],
  };
}

export function renderDatastore(plan: DatacenterPlan, datastore: DatastorePlan): ObjectContent {
  const { description, ref, hosts } = datastore;
  const accessible = description.accessible ?? true;
  // The simulator makes a folder by this url: two Datastores must not share one.
  const url = `ds:///vmfs/volumes/${ref.value}/`;
  const machines = plan.virtualMachines.filter((one) => one.datastore.value === ref.value);
  const capacity = description.capacity * gibibyte;
  const freeSpace = description.free * gibibyte;
  return {
    object: ref,
    properties: [
      stringProperty('name', description.name),
      referenceProperty('parent', plan.datastoreFolder),
      {
        path: 'info',
        type: 'VmfsDatastoreInfo',
        value: { name: description.name, url, freeSpace, maxFileSize: 64 * 1024 ** 4, timestamp: epoch },
      },
      {
        path: 'summary',
        type: 'DatastoreSummary',
        value: {
          datastore: reference(ref),
          name: description.name,
          url,
          capacity,
          freeSpace,
          accessible,
          multipleHostAccess: true,
          type: 'VMFS',
          maintenanceMode: description.inMaintenance === true ? 'inMaintenance' : 'normal',
        },
      },
      {
        path: 'host',
        type: 'ArrayOfDatastoreHostMount',
        value: {
          DatastoreHostMount: hosts.map((host) => ({
            key: reference(host.ref),
            mountInfo: {
              path: `/vmfs/volumes/${ref.value}`,
              accessMode: 'readWrite',
              mounted: true,
              accessible: accessible && host.description.connectionState === 'connected',
            },
          })),
        },
      },
      referenceList(
        'vm',
        machines.map((one) => one.ref),
      ),
      referenceProperty('browser', { type: 'HostDatastoreBrowser', value: `datastoreBrowser-${ref.value}` }),
    ],
  };
}
