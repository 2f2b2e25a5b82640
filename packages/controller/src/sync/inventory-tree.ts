import { decodeName } from '@wirebook/vsphere';
import type { FolderReading } from './reading.ts';

/** Folders that vCenter itself makes below a datacenter and shows to nobody. */
const HIDDEN_ROOTS = new Set(['vm', 'host', 'network', 'datastore', 'Datacenters', 'ha-folder-root']);

export interface Place {
  readonly datacenter: string | null;
  /** The datacenter's managed object id: equal names are possible in different folders. */
  readonly datacenterId: string | null;
  readonly cluster: string | null;
  /** Names from below the datacenter's root folder, joined by `/`; null at the top. */
  readonly folder: string | null;
}

/** Where an object stands, from the parents of its parent. */
export interface InventoryTree {
  placeOf(parentId: string | undefined): Place;
}

/** Resolves parents once for each container and remembers the answer. */
export function buildInventoryTree(folders: readonly FolderReading[]): InventoryTree {
  const nodes = new Map(
    folders.map((folder) => [
      folder.ref.value,
      {
        type: folder.ref.type,
        name: decodeName(folder.props.name ?? ''),
        parent: folder.props.parent?.value,
      },
    ]),
  );
  const places = new Map<string, Place>();
  const nowhere: Place = { datacenter: null, datacenterId: null, cluster: null, folder: null };

  const placeOf = (id: string | undefined, depth = 0): Place => {
    // A loop of parents can't come from vCenter; from anything else it must not hang us.
    if (id === undefined || depth > 100) return nowhere;
    const known = places.get(id);
    if (known !== undefined) return known;
    const node = nodes.get(id);
    if (node === undefined) return nowhere;
    const above = placeOf(node.parent, depth + 1);
    const place = placeBelow(node, id, above);
    places.set(id, place);
    return place;
  };
  return { placeOf };
}

function placeBelow(node: { type: string; name: string }, id: string, above: Place): Place {
  switch (node.type) {
    case 'Datacenter':
      return { datacenter: node.name, datacenterId: id, cluster: null, folder: null };
    case 'ClusterComputeResource':
      return { ...above, cluster: node.name };
    case 'Folder': {
      const atTop = above.datacenterId === null || (above.folder === null && HIDDEN_ROOTS.has(node.name));
      if (atTop) return above;
      return { ...above, folder: above.folder === null ? node.name : `${above.folder}/${node.name}` };
    }
    default:
      return above;
  }
}
