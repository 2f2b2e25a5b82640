import { type MoRef, type VsphereClient, VsphereError, type VsphereFault } from '@wirebook/vsphere';
import type { WireRow } from '../store/server-sync.ts';
import { shownName } from './fabric.ts';
import { buildInventoryTree, type InventoryTree } from './inventory-tree.ts';
import { type FolderReading, readProperties, type ServerReading } from './reading.ts';

/** Some virtual machines and what it takes to say where they stand. */
export interface ServersReading {
  readonly servers: readonly ServerReading[];
  /** Managed object ids that are no longer there. */
  readonly gone: ReadonlySet<string>;
  /** There, but they did not answer. */
  readonly unanswered: ReadonlyMap<string, VsphereFault>;
  readonly tree: InventoryTree;
  /** The standard port groups that NICs name without pointing to them: their names and datacenters, by managed object id. */
  readonly groups: ReadonlyMap<string, { datacenterId: string | null; name: string }>;
}

/** More levels of folders than this are a loop, which can't come from vCenter. */
const DEEPEST = 100;

/** Reads these virtual machines as a complete run would, with the folders above them. Throws `VsphereError`. */
export async function readServers(options: {
  readonly client: VsphereClient;
  readonly morefs: Iterable<string>;
  readonly signal: AbortSignal;
  /** The wires of the book: the named ones are looked up among those. */
  readonly wires: readonly WireRow[];
}): Promise<ServersReading> {
  const { client, signal } = options;
  const servers: ServerReading[] = [];
  const gone = new Set<string>();
  const unanswered = new Map<string, VsphereFault>();
  const refs = [...new Set(options.morefs)].map((value): MoRef => ({ type: 'VirtualMachine', value }));
  const type = 'VirtualMachine';
  for await (const page of client.readRefs({ refs, type, properties: readProperties[type], signal })) {
    servers.push(...page.objects);
    for (const ref of page.vanished) gone.add(ref.value);
    for (const { ref, fault } of page.unanswered) unanswered.set(ref.value, fault);
  }
  const named = await readGroups(client, namedGroups(servers, options.wires), signal);
  const parents = [...servers.map((server) => server.props.parent), ...named.map((group) => group.parent)];
  const tree = buildInventoryTree(await readFoldersAbove(client, parents, signal));
  return {
    servers,
    gone,
    unanswered,
    tree,
    groups: new Map(
      named.map(({ ref, name, parent }) => [
        ref.value,
        { datacenterId: tree.placeOf(parent?.value).datacenterId, name },
      ]),
    ),
  };
}

/** What doesn't answer is an error to whoever asked for it by name. */
export function refuseUnanswered(reading: ServersReading, morefs: readonly string[]): void {
  for (const moref of morefs) {
    const fault = reading.unanswered.get(moref);
    if (fault !== undefined) throw new VsphereError({ kind: 'fault', fault });
  }
}

/** The standard port groups of the book that NICs may mean by their names. */
function namedGroups(servers: readonly ServerReading[], wires: readonly WireRow[]): MoRef[] {
  const pointedTo = new Set(wires.flatMap((wire) => (wire.missing ? [] : (wire.moref ?? []))));
  const names = new Set<string>();
  for (const { props } of servers) {
    for (const { backing } of props['config.hardware.device'] ?? []) {
      if (backing?.$type === 'VirtualEthernetCardLegacyNetworkBackingInfo')
        names.add(shownName(backing.deviceName));
      if (
        backing?.$type === 'VirtualEthernetCardNetworkBackingInfo' &&
        !pointedTo.has(backing.network?.value ?? '')
      )
        names.add(shownName(backing.deviceName));
    }
  }
  return wires.flatMap(({ kind, moref, missing, name }) =>
    kind === 'standard' && moref !== null && !missing && names.has(name)
      ? [{ type: 'Network', value: moref }]
      : [],
  );
}

async function readGroups(client: VsphereClient, refs: readonly MoRef[], signal: AbortSignal) {
  const groups: { ref: MoRef; name: string; parent: MoRef | undefined }[] = [];
  if (refs.length === 0) return groups;
  const pages = client.readRefs({ refs, type: 'Network', properties: ['name', 'parent'], signal });
  for await (const page of pages)
    for (const { ref, props } of page.objects)
      groups.push({ ref, name: shownName(props.name), parent: props.parent });
  return groups;
}

/** The folders above, level by level up to their datacenters. */
async function readFoldersAbove(
  client: VsphereClient,
  objects: readonly (MoRef | undefined)[],
  signal: AbortSignal,
): Promise<FolderReading[]> {
  const folders: FolderReading[] = [];
  const known = new Set<string>();
  let level = objects;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const open = new Map(level.flatMap((ref) => (ref === undefined ? [] : [[ref.value, ref] as const])));
    for (const id of open.keys()) if (known.has(id)) open.delete(id);
    for (const id of open.keys()) known.add(id);
    const refs = [...open.values()];
    const above: (MoRef | undefined)[] = [];
    for (const type of ['Folder', 'Datacenter'] as const) {
      const own = refs.filter((ref) => ref.type === type);
      if (own.length === 0) continue;
      const pages = client.readRefs({ refs: own, type, properties: readProperties[type], signal });
      for await (const page of pages) {
        folders.push(...page.objects);
        // Where a datacenter itself stands is said of nothing in it.
        if (type === 'Folder') above.push(...page.objects.map(({ props }) => props.parent));
      }
    }
    if (above.length === 0) break;
    level = above;
  }
  return folders;
}
