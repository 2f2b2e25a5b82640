import {
  GIB,
  type LiveDatastore,
  type LiveHost,
  MIB,
  type PlacedLoad,
  type PlacementSource,
  type PlacementWish,
} from './facts.ts';
import type { PlacementReason } from './reasons.ts';
import { compareTexts } from './wires.ts';

/** Room for processors, memory and disks, with what was placed before taken off. */

/** How much of a core a virtual processor is reckoned to use: four share one, as is usual. */
const CORE_SHARE = 1 / 4;
/** What the changes of a linked clone's disk are reckoned to take at first. */
const LINKED_DISK = GIB;
/** A datastore that one host alone has ties the server to that host: it counts half. */
const LOCAL_WEIGHT = 1 / 2;

export interface SourceDisk {
  readonly capacity: number;
  /** Takes room only as it is written to. */
  readonly thin: boolean;
  /** What it takes now; null where that isn't told. */
  readonly used: number | null;
}

/**
 * What a clone takes on its datastore: a full one the disks as they are, thick ones whole and thin ones as far as they are written, where
 * that is told; a linked one little; and both a swap file of the size of the memory. `capacities` are wished sizes by the disk's position.
 */
export function diskNeed(options: {
  disks: readonly SourceDisk[];
  capacities: readonly (number | null)[];
  memoryMib: number;
  linked: boolean;
}): number {
  const { disks, capacities, memoryMib, linked } = options;
  const swap = memoryMib * MIB;
  if (linked) return swap + disks.length * LINKED_DISK;
  return disks.reduce((sum, disk, position) => {
    const capacity = Math.max(disk.capacity, capacities[position] ?? 0);
    return sum + (disk.thin ? (disk.used ?? disk.capacity) : capacity);
  }, swap);
}

/** What servers placed before take, summed up. */
export interface Loads {
  readonly hosts: ReadonlyMap<string, { cpus: number; memoryMib: number; sameRequest: number }>;
  readonly datastores: ReadonlyMap<string, number>;
}

export function sumLoads(placed: readonly PlacedLoad[]): Loads {
  const hosts = new Map<string, { cpus: number; memoryMib: number; sameRequest: number }>();
  const datastores = new Map<string, number>();
  for (const { host, datastore, cpus, memoryMib, disk, sameRequest } of placed) {
    const own = hosts.get(host) ?? { cpus: 0, memoryMib: 0, sameRequest: 0 };
    own.cpus += cpus;
    own.memoryMib += memoryMib;
    own.sameRequest += sameRequest ? 1 : 0;
    hosts.set(host, own);
    datastores.set(datastore, (datastores.get(datastore) ?? 0) + disk);
  }
  return { hosts, datastores };
}

/** How much is free of something after placing, as a share from 0 to 1; null where it isn't known. */
export interface Room {
  readonly reasons: readonly PlacementReason[];
  readonly cpuShare: number | null;
  readonly memoryShare: number | null;
}

export function judgeRoom(host: LiveHost, wish: PlacementWish, loads: Loads): Room {
  const own = loads.hosts.get(host.moref);
  const reasons: PlacementReason[] = [];
  // ESXi powers on no server with more virtual processors than it has logical ones.
  if (host.cpuThreads !== null && wish.cpus > host.cpuThreads)
    reasons.push({ code: 'cpu_count', params: { asked: wish.cpus, threads: host.cpuThreads } });
  let cpuShare: number | null = null;
  const { cpuTotal, cpuUsed, cpuCores, memoryTotal, memoryUsed } = host;
  if (cpuTotal !== null && cpuUsed !== null && cpuCores !== null && cpuTotal > 0 && cpuCores > 0) {
    const each = (cpuTotal / cpuCores) * CORE_SHARE;
    const needed = wish.cpus * each;
    const free = cpuTotal - cpuUsed - (own?.cpus ?? 0) * each;
    if (needed > free) reasons.push({ code: 'cpu_short', params: { needed: up(needed), free: down(free) } });
    cpuShare = shareOf(free - needed, cpuTotal);
  }
  let memoryShare: number | null = null;
  if (memoryTotal !== null && memoryUsed !== null && memoryTotal > 0) {
    const needed = wish.memoryMib * MIB;
    const free = memoryTotal - memoryUsed - (own?.memoryMib ?? 0) * MIB;
    if (needed > free) reasons.push({ code: 'memory_short', params: { needed, free: down(free) } });
    memoryShare = shareOf(free - needed, memoryTotal);
  }
  return { reasons, cpuShare, memoryShare };
}

/** The datastores that a host could have the server on, whatever room they have; and why not others that matter. */
export interface DatastoreAccess {
  readonly usable: readonly LiveDatastore[];
  /** Where the datastore asked for can't be used, or that of a linked clone's source. */
  readonly reasons: readonly PlacementReason[];
}

/**
 * The datastore asked for, if the host sees it and can write to it; else all such. A linked clone stays on those of its source unless another
 * is asked for, and its host has to reach the source's disks anyway.
 */
export function findDatastores(options: {
  host: LiveHost;
  datastores: readonly LiveDatastore[];
  wish: PlacementWish;
  source: PlacementSource;
}): DatastoreAccess {
  const { host, datastores, wish, source } = options;
  const reasons: PlacementReason[] = [];
  const asked = wish.datastore !== null ? [wish.datastore] : wish.linked ? source.datastores : null;
  const usable: LiveDatastore[] = [];
  let unread = false;
  // What is said of several comes in one order, however vCenter tells of them.
  for (const datastore of datastores.toSorted(byName)) {
    const wanted = asked === null || asked.includes(datastore.moref);
    const cloned = wish.linked && source.datastores.includes(datastore.moref);
    const unreadable = cloned ? accessReason(datastore, host, 'read') : null;
    const against = unreadable ?? (wanted ? accessReason(datastore, host, 'write') : null);
    if (unreadable !== null) unread = true;
    if (against !== null && asked !== null) reasons.push(against);
    if (against === null && wanted) usable.push(datastore);
  }
  return { usable: unread ? [] : usable, reasons };
}

/** A datastore for the server on a host, or why there is none. */
export type DatastoreVerdict =
  | { readonly datastore: LiveDatastore; readonly share: number; readonly reasons: readonly [] }
  | { readonly datastore: null; readonly share: 0; readonly reasons: readonly PlacementReason[] };

/** Of those with room the one with the largest share free after placing; of equals the first by name. */
export function pickDatastore(
  { usable, reasons }: DatastoreAccess,
  wish: PlacementWish,
  loads: Loads,
): DatastoreVerdict {
  let best: { datastore: LiveDatastore; share: number } | null = null;
  let roomiest: { datastore: LiveDatastore; left: number } | null = null;
  for (const datastore of usable) {
    const left = datastore.free - (loads.datastores.get(datastore.moref) ?? 0);
    if (roomiest === null || comesBefore(left, datastore, roomiest.left, roomiest.datastore))
      roomiest = { datastore, left };
    if (left < wish.disk) continue;
    const share = datastoreShare(datastore, left - wish.disk);
    if (best === null || comesBefore(share, datastore, best.share, best.datastore))
      best = { datastore, share };
  }
  if (best !== null) return { ...best, reasons: [] };
  if (roomiest === null)
    return {
      datastore: null,
      share: 0,
      reasons: reasons.length > 0 ? reasons : [{ code: 'no_datastore', params: {} }],
    };
  const params = { datastore: roomiest.datastore.name, needed: wish.disk, free: down(roomiest.left) };
  return { datastore: null, share: 0, reasons: [{ code: 'datastore_full', params }] };
}

function comesBefore(a: number, one: LiveDatastore, b: number, other: LiveDatastore): boolean {
  return (b - a || byName(one, other)) < 0;
}

function byName(one: LiveDatastore, other: LiveDatastore): number {
  return compareTexts(one.name, other.name) || compareTexts(one.moref, other.moref);
}

function datastoreShare({ capacity, mounts }: LiveDatastore, left: number): number {
  return shareOf(left, capacity) * (mounts.size > 1 ? 1 : LOCAL_WEIGHT);
}

/** Nothing new is written to a datastore that is to be emptied; what is there can still be read. */
function accessReason(
  datastore: LiveDatastore,
  host: LiveHost,
  need: 'read' | 'write',
): PlacementReason | null {
  const params = { datastore: datastore.name };
  const mount = datastore.mounts.get(host.moref);
  if (mount === undefined) return { code: 'datastore_not_seen', params };
  if (!mount.accessible || !datastore.accessible) return { code: 'datastore_unreachable', params };
  if (need === 'read') return null;
  if (!mount.writable) return { code: 'datastore_read_only', params };
  return datastore.maintenance ? { code: 'datastore_maintenance', params } : null;
}

function shareOf(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}

const up = (value: number): number => Math.ceil(value);
const down = (value: number): number => Math.max(0, Math.floor(value));
