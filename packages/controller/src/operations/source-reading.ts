import {
  capacityOf,
  decodeName,
  type EthernetCardDevice,
  isEthernetCard,
  isVirtualDisk,
  type ManagedObject,
  type MoRef,
  type VirtualDiskDevice,
  type VirtualHardware,
  type VsphereClient,
} from '@wirebook/vsphere';
import type { LiveFacts, PlacementSource } from '../domain/placement/facts.ts';
import type { SourceDisk } from '../domain/placement/room.ts';

/** Reads the virtual machine that others are made from, as it is now. */

const properties = [
  'name',
  'parent',
  'parentVApp',
  'config.hardware',
  'config.template',
  'config.guestId',
  'config.guestFullName',
  'config.version',
  'config.managedBy',
  'runtime.host',
  'runtime.powerState',
  'runtime.connectionState',
  'datastore',
  'snapshot',
  'summary.storage',
] as const;
type SourceObject = ManagedObject<'VirtualMachine', (typeof properties)[number]>;

export interface SourceReading {
  readonly ref: MoRef;
  readonly name: string;
  readonly template: boolean;
  /** e.g. `ubuntu64Guest`; null where vCenter can't read the configuration. */
  readonly guestId: string | null;
  readonly guestFullName: string | null;
  /** Of the virtual hardware, e.g. `vmx-19`. */
  readonly hardwareVersion: string | null;
  readonly managedBy: string | null;
  readonly powerState: string;
  readonly connectionState: string;
  readonly cpus: number;
  readonly memoryMib: number;
  readonly host: MoRef | null;
  /** null in a vApp, and for an account that can't see the folder. */
  readonly folder: MoRef | null;
  readonly datastores: readonly MoRef[];
  /** The snapshot that it runs on, if any: what a linked clone is made from. */
  readonly snapshot: MoRef | null;
  /** In device order. */
  readonly nics: readonly EthernetCardDevice[];
  readonly disks: readonly VirtualDiskDevice[];
  /** Every device: controllers, and what else a change of the hardware has to leave room for. */
  readonly devices: VirtualHardware['device'];
  /** The room that each of `disks` takes. */
  readonly diskRoom: readonly SourceDisk[];
}

/** What can be cloned, or why not. */
export type SourceAnswer =
  | { readonly ok: true; readonly source: SourceReading }
  /** It has gone, or vCenter can't read its configuration. */
  | { readonly ok: false; readonly code: 'gone' | 'unreadable' };

/** Throws `VsphereError`. */
export async function readSource(
  client: VsphereClient,
  moref: string,
  { signal }: { signal: AbortSignal },
): Promise<SourceAnswer> {
  const refs = [{ type: 'VirtualMachine', value: moref }];
  for await (const page of client.readRefs({ refs, type: 'VirtualMachine', properties, signal })) {
    const [machine] = page.objects;
    if (machine !== undefined) return toSource(machine);
    if (page.unanswered.length > 0) return { ok: false, code: 'unreadable' };
  }
  return { ok: false, code: 'gone' };
}

function toSource({ ref, props }: SourceObject): SourceAnswer {
  const hardware = props['config.hardware'];
  if (hardware === undefined) return { ok: false, code: 'unreadable' };
  const disks = hardware.device.filter(isVirtualDisk);
  return {
    ok: true,
    source: {
      ref,
      name: decodeName(props.name ?? ref.value),
      template: props['config.template'] ?? false,
      guestId: props['config.guestId'] ?? null,
      guestFullName: props['config.guestFullName'] ?? null,
      hardwareVersion: props['config.version'] ?? null,
      managedBy: props['config.managedBy']?.extensionKey ?? null,
      powerState: props['runtime.powerState'] ?? 'unknown',
      connectionState: props['runtime.connectionState'] ?? 'unknown',
      cpus: hardware.numCPU,
      memoryMib: hardware.memoryMB,
      host: props['runtime.host'] ?? null,
      folder: props.parentVApp === undefined ? (props.parent ?? null) : null,
      datastores: datastoresOf(disks, props.datastore ?? []),
      snapshot: props.snapshot?.currentSnapshot ?? null,
      nics: hardware.device.filter(isEthernetCard),
      disks,
      devices: hardware.device,
      diskRoom: roomOf(disks, props['summary.storage']?.committed ?? null),
    },
  };
}

/** Those that the disks are on; an ISO image in the drive lies elsewhere and isn't cloned. */
function datastoresOf(disks: readonly VirtualDiskDevice[], all: readonly MoRef[]): MoRef[] {
  const found = new Map<string, MoRef>();
  for (const { backing } of disks) {
    if (backing !== undefined && backing.$type !== 'other' && backing.datastore !== undefined)
      found.set(backing.datastore.value, backing.datastore);
  }
  return found.size > 0 ? [...found.values()] : [...all];
}

/**
 * vCenter tells what the whole virtual machine takes, not what each disk does: what thick disks don't explain is shared among the thin ones.
 * What a disk takes that builds on another one's contents says nothing of the copy, which has all of them.
 */
function roomOf(disks: readonly VirtualDiskDevice[], committed: number | null): SourceDisk[] {
  const sorted = disks.map((disk) => ({ capacity: capacityOf(disk), ...kindOf(disk) }));
  const sum = (thin: boolean): number =>
    sorted.reduce((total, disk) => (disk.thin === thin ? total + disk.capacity : total), 0);
  const [thick, thin] = [sum(false), sum(true)];
  const known = committed !== null && !sorted.some(({ delta }) => delta);
  const written = known && thin > 0 ? Math.min(1, Math.max(0, committed - thick) / thin) : null;
  return sorted.map((disk) => ({
    capacity: disk.capacity,
    thin: disk.thin,
    used: disk.thin ? (written === null ? null : Math.ceil(written * disk.capacity)) : disk.capacity,
  }));
}

function kindOf({ backing }: VirtualDiskDevice): { thin: boolean; delta: boolean } {
  switch (backing?.$type) {
    case 'VirtualDiskFlatVer2BackingInfo':
      return { thin: backing.thinProvisioned ?? false, delta: backing.parent !== undefined };
    case 'VirtualDiskSeSparseBackingInfo':
    case 'VirtualDiskSparseVer2BackingInfo':
      return { thin: true, delta: backing.parent !== undefined };
    default:
      return { thin: false, delta: false };
  }
}

/** Where the source is, for placement. */
export function placeOfSource(source: SourceReading, facts: LiveFacts): PlacementSource {
  const host = source.host?.value ?? null;
  const folder = facts.folders.find(({ moref }) => moref === source.folder?.value);
  return {
    host,
    folder: folder?.moref ?? null,
    datacenter: folder?.datacenter ?? facts.hosts.find(({ moref }) => moref === host)?.datacenter ?? null,
    datastores: source.datastores.map(({ value }) => value),
  };
}
