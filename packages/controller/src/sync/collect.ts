import type { PhysicalNicHintInfo, VsphereClient } from '@wirebook/vsphere';
import { shownName } from './fabric.ts';
import type { Complaints } from './observations.ts';
import {
  type FabricReading,
  type HostReading,
  type NeighbourReading,
  type Read,
  type ReadPath,
  readProperties,
  type ReadType,
  type ServerReading,
} from './reading.ts';

const PAGE = 500;
/** Hosts asked for their neighbours at once: each answers by itself, and may take its time. */
const HINTS_AT_ONCE = 8;

export type Phase =
  | 'connect'
  | 'folders'
  | 'networks'
  | 'hosts'
  | 'neighbours'
  | 'servers'
  | 'plan'
  | 'apply';

export interface CollectOptions {
  readonly client: VsphereClient;
  readonly kind: 'vcenter' | 'esxi';
  readonly signal: AbortSignal;
  readonly complaints: Complaints;
  /** Ids of objects that are there and did not answer: they are not missing. */
  readonly unread: Set<string>;
  readonly onProgress: (phase: Phase, done: number) => void;
}

/** Reads all objects of a type. What did not answer or vanished is complained of by name or id, and left out. */
async function* readPages<T extends ReadType>(
  options: CollectOptions,
  phase: Phase,
  type: T,
): AsyncGenerator<Read<T>[]> {
  let done = 0;
  const dropped = new Set<string>();
  options.onProgress(phase, 0);
  for await (const page of pagesOf(options, type)) {
    for (const { ref, fault } of page.unanswered) {
      options.unread.add(ref.value);
      options.complaints.push({
        object: ref.value,
        kind: type,
        code: 'unanswered',
        params: { fault: fault.faultType },
      });
    }
    for (const ref of page.vanished)
      options.complaints.push({ object: ref.value, kind: type, code: 'vanished', params: {} });
    for (const path of page.droppedProperties) dropped.add(path);
    done += page.objects.length;
    options.onProgress(phase, done);
    yield page.objects;
  }
  for (const path of dropped)
    options.complaints.push({ object: `${type}.${path}`, kind: type, code: 'dropped_property', params: {} });
}

function pagesOf<T extends ReadType>(options: CollectOptions, type: T) {
  return options.client.readObjects<T, ReadPath<T>>({
    type,
    properties: readProperties[type] as readonly string[] as readonly ReadPath<T>[],
    pageSize: PAGE,
    signal: options.signal,
  });
}
async function readAll<T extends ReadType>(
  options: CollectOptions,
  phase: Phase,
  type: T,
): Promise<Read<T>[]> {
  const all: Read<T>[] = [];
  for await (const objects of readPages(options, phase, type)) all.push(...objects);
  return all;
}

/** Everything but the virtual machines. */
export async function collectFabric(options: CollectOptions): Promise<FabricReading> {
  const folders = [
    ...(await readAll(options, 'folders', 'Datacenter')),
    ...(await readAll(options, 'folders', 'Folder')),
    ...(await readAll(options, 'folders', 'ComputeResource')),
  ];
  const vcenter = options.kind === 'vcenter';
  const switches = vcenter ? await readAll(options, 'networks', 'VmwareDistributedVirtualSwitch') : [];
  const portGroups = vcenter ? await readAll(options, 'networks', 'DistributedVirtualPortgroup') : [];
  const opaqueNetworks = vcenter ? await readAll(options, 'networks', 'OpaqueNetwork') : [];
  const networks = await readAll(options, 'networks', 'Network');
  const hosts: HostReading[] = await readAll(options, 'hosts', 'HostSystem');
  await addNeighbours(options, hosts);
  return { kind: options.kind, folders, hosts, switches, portGroups, networks, opaqueNetworks };
}

/** The virtual machines, page by page. */
export function collectServers(options: CollectOptions): AsyncGenerator<ServerReading[]> {
  return readPages(options, 'servers', 'VirtualMachine');
}

/** Asks each connected host what its physical NICs hear (CDP, LLDP). A host that doesn't say keeps its place without. */
async function addNeighbours(options: CollectOptions, hosts: HostReading[]): Promise<void> {
  const asked = hosts.filter(
    (host) =>
      host.props['runtime.connectionState'] === 'connected' &&
      host.props['configManager.networkSystem'] !== undefined,
  );
  let done = 0;
  const queue = asked.values();
  const work = async (): Promise<void> => {
    for (const host of queue) {
      const system = host.props['configManager.networkSystem'];
      if (system === undefined) continue;
      try {
        const hints = await options.client.queryNetworkHints(system, { signal: options.signal });
        host.neighbours = new Map(hints.flatMap((hint) => toNeighbour(hint)));
      } catch (error) {
        if (options.signal.aborted) throw error;
        const fault = faultTypeOf(error);
        // Anything but a fault of this host's own means the connection itself is in doubt.
        if (fault === null) throw error;
        options.complaints.push({
          object: shownName(host.props.name),
          kind: 'host',
          code: 'unanswered',
          params: { fault },
        });
      }
      done += 1;
      options.onProgress('neighbours', done);
    }
  };
  await Promise.all(Array.from({ length: HINTS_AT_ONCE }, work));
}

function faultTypeOf(error: unknown): string | null {
  const problem = (error as { problem?: { kind?: string; fault?: { faultType?: string } } }).problem;
  if (problem?.kind === 'permission' || problem?.kind === 'fault')
    return problem.fault?.faultType ?? 'SoapFault';
  return null;
}

function toNeighbour(hint: PhysicalNicHintInfo): [string, NeighbourReading][] {
  const cdp = hint.connectedSwitchPort;
  if (cdp !== undefined) {
    return [
      [
        hint.device,
        {
          protocol: 'cdp',
          switch: shownName(cdp.systemName ?? cdp.devId),
          port: shownName(cdp.portId),
          address: cdp.mgmtAddr ?? cdp.address ?? null,
          vlan: cdp.vlan ?? null,
        },
      ],
    ];
  }
  const lldp = hint.lldpInfo;
  if (lldp === undefined) return [];
  const parameters = new Map((lldp.parameter ?? []).map((item) => [item.key, item.value]));
  return [
    [
      hint.device,
      {
        protocol: 'lldp',
        switch: shownName(parameters.get('System Name') ?? lldp.chassisId),
        port: shownName(lldp.portId),
        address: parameters.get('Management Address') ?? null,
        vlan: Number(parameters.get('Vlan ID')) || null,
      },
    ],
  ];
}
