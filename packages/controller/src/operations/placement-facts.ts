import {
  decodeName,
  type EntityType,
  type ManagedObject,
  type MoRef,
  type PathOf,
  type VsphereClient,
} from '@wirebook/vsphere';
import {
  type DatastoreMount,
  type LiveCompute,
  type LiveDatacenter,
  type LiveDatastore,
  type LiveFacts,
  type LiveFolder,
  type LiveHost,
  type LivePool,
  MIB,
} from '../domain/placement/facts.ts';
import { type Ancestry, buildAncestry } from './inventory-tree.ts';

/** Reads vCenter as it is now, for placement: a few reads of whole types side by side, never one for each object. */

const properties = {
  Datacenter: ['name', 'parent', 'vmFolder'],
  Folder: ['name', 'parent'],
  // Clusters too, which are compute resources.
  ComputeResource: ['name', 'parent', 'resourcePool', 'configurationEx'],
  ResourcePool: ['name', 'parent'],
  HostSystem: [
    'name',
    'parent',
    'runtime.connectionState',
    'runtime.powerState',
    'runtime.inMaintenanceMode',
    'summary.hardware',
    'summary.quickStats',
  ],
  Datastore: ['name', 'parent', 'summary', 'host'],
} as const;

type FactType = keyof typeof properties;
type FactPath<T extends FactType> = Extract<(typeof properties)[T][number], PathOf<T>>;
type Read<T extends FactType> = ManagedObject<T, FactPath<T>>;

const COMPUTES = ['ComputeResource', 'ClusterComputeResource'];

/** Throws `VsphereError`. Names are as people write them. */
export async function readPlacementFacts(
  client: VsphereClient,
  { signal }: { signal: AbortSignal },
): Promise<LiveFacts> {
  const [datacenters, folders, computes, pools, hosts, datastores] = await Promise.all([
    readAll(client, 'Datacenter', signal),
    readAll(client, 'Folder', signal),
    readAll(client, 'ComputeResource', signal),
    readAll(client, 'ResourcePool', signal),
    readAll(client, 'HostSystem', signal),
    readAll(client, 'Datastore', signal),
  ]);
  const tree = buildAncestry([
    ...datacenters.objects,
    ...folders.objects,
    ...computes.objects,
    ...pools.objects,
  ]);
  const root = client.serviceContent.rootFolder.value;
  return {
    hosts: [
      ...hosts.objects.map((host) => toHost(host, tree)),
      ...hosts.unanswered.map((ref) => silentHost(ref)),
    ],
    computes: computes.objects.map((compute) => toCompute(compute, tree)),
    datastores: datastores.objects.map((datastore) => toDatastore(datastore, tree)),
    // Nobody makes a server in a vApp by naming it a pool: it is powered on and off with the others.
    pools: pools.objects
      .filter(({ ref }) => ref.type === 'ResourcePool')
      .map((pool) => toPool(pool, computes.objects, tree)),
    folders: datacenters.objects.flatMap((datacenter) => vmFoldersOf(datacenter, folders.objects, tree)),
    datacenters: datacenters.objects.map((datacenter): LiveDatacenter => {
      const name = nameOf(datacenter);
      const { value } = datacenter.ref;
      return {
        moref: value,
        name,
        path: tree.pathBelow(value, root) ?? name,
        vmFolder: datacenter.props.vmFolder?.value ?? null,
      };
    }),
  };
}

async function readAll<T extends FactType & EntityType>(
  client: VsphereClient,
  type: T,
  signal: AbortSignal,
): Promise<{ objects: Read<T>[]; unanswered: MoRef[] }> {
  const objects: Read<T>[] = [];
  const unanswered: MoRef[] = [];
  const pages = client.readObjects<T, FactPath<T>>({
    type,
    properties: properties[type] as readonly string[] as readonly FactPath<T>[],
    signal,
  });
  for await (const page of pages) {
    objects.push(...page.objects);
    unanswered.push(...page.unanswered.map(({ ref }) => ref));
  }
  return { objects, unanswered };
}

function nameOf(object: { ref: MoRef; props: { name?: string } }): string {
  return decodeName(object.props.name ?? object.ref.value);
}

function toHost(host: Read<'HostSystem'>, tree: Ancestry): LiveHost {
  const { props } = host;
  const parent = props.parent?.value;
  const hardware = props['summary.hardware'];
  const usage = props['summary.quickStats'];
  const memoryUsed = usage?.overallMemoryUsage;
  return {
    moref: host.ref.value,
    name: nameOf(host),
    connectionState: props['runtime.connectionState'] ?? 'unknown',
    powerState: props['runtime.powerState'] ?? 'unknown',
    maintenance: props['runtime.inMaintenanceMode'] ?? false,
    datacenter: tree.above(parent, 'Datacenter'),
    compute: tree.above(parent, ...COMPUTES),
    cpuCores: hardware?.numCpuCores ?? null,
    cpuThreads: hardware?.numCpuThreads ?? null,
    cpuTotal: hardware === undefined ? null : hardware.cpuMhz * hardware.numCpuCores,
    cpuUsed: usage?.overallCpuUsage ?? null,
    memoryTotal: hardware?.memorySize ?? null,
    memoryUsed: memoryUsed === undefined ? null : memoryUsed * MIB,
  };
}

/** vCenter knows of it and gets no answer out of it. */
function silentHost({ value }: MoRef): LiveHost {
  return {
    moref: value,
    name: value,
    connectionState: 'notResponding',
    powerState: 'unknown',
    maintenance: false,
    datacenter: null,
    compute: null,
    cpuCores: null,
    cpuThreads: null,
    cpuTotal: null,
    cpuUsed: null,
    memoryTotal: null,
    memoryUsed: null,
  };
}

function toCompute(compute: Read<'ComputeResource'>, tree: Ancestry): LiveCompute {
  const { props, ref } = compute;
  return {
    moref: ref.value,
    name: nameOf(compute),
    kind: ref.type === 'ClusterComputeResource' ? 'cluster' : 'host',
    drs: props.configurationEx?.drsConfig?.enabled ?? false,
    datacenter: tree.above(props.parent?.value, 'Datacenter'),
    rootPool: props.resourcePool?.value ?? null,
  };
}

function toDatastore(datastore: Read<'Datastore'>, tree: Ancestry): LiveDatastore {
  const { props } = datastore;
  const { summary } = props;
  return {
    moref: datastore.ref.value,
    name: nameOf(datastore),
    datacenter: tree.above(props.parent?.value, 'Datacenter'),
    capacity: summary?.capacity ?? 0,
    free: summary?.freeSpace ?? 0,
    accessible: summary?.accessible ?? false,
    maintenance: (summary?.maintenanceMode ?? 'normal') !== 'normal',
    mounts: new Map(
      (props.host ?? []).map(({ key, mountInfo }): [string, DatastoreMount] => [
        key.value,
        {
          writable: mountInfo.accessMode === 'readWrite',
          // Unset on old hosts, which tell only of what they have mounted.
          accessible: mountInfo.mounted !== false && mountInfo.accessible !== false,
        },
      ]),
    ),
  };
}

function toPool(
  pool: Read<'ResourcePool'>,
  computes: readonly Read<'ComputeResource'>[],
  tree: Ancestry,
): LivePool {
  const { value } = pool.ref;
  const compute = tree.above(value, ...COMPUTES);
  const root = computes.find(({ ref }) => ref.value === compute)?.props.resourcePool?.value;
  const path = root === undefined ? null : tree.pathBelow(value, root);
  return { moref: value, name: nameOf(pool), compute, path: path ?? nameOf(pool) };
}

function vmFoldersOf(
  datacenter: Read<'Datacenter'>,
  folders: readonly Read<'Folder'>[],
  tree: Ancestry,
): LiveFolder[] {
  const top = datacenter.props.vmFolder?.value;
  if (top === undefined) return [];
  return folders.flatMap((folder): LiveFolder[] => {
    const { value } = folder.ref;
    const path = tree.pathBelow(value, top);
    if (path === null) return [];
    return [{ moref: value, name: nameOf(folder), datacenter: datacenter.ref.value, path }];
  });
}
