import { newId, openIdSequence } from '../domain/ids.ts';
import type {
  AddressObservation,
  Complaints,
  NicObservation,
  ServerConfig,
  ServerObservation,
} from './observations.ts';
import type { FabricIds, Row } from './plan-fabric.ts';

/** What the book has of a server: enough to see whether anything changed. */
export interface KnownServer {
  readonly id: string;
  readonly identity: string;
  readonly moref: string;
  readonly digest: string;
  readonly missing: boolean;
  readonly name: string;
}

/** What the book has below a server; loaded only for those that changed. */
export interface KnownDetail {
  readonly nics: readonly KnownNic[];
  readonly sightings: readonly KnownSighting[];
}
export interface KnownNic {
  readonly id: string;
  readonly deviceKey: number;
  readonly mac: string | null;
  readonly wireId: string | null;
  readonly missing: boolean;
  /** The other columns that are written, as one text, to see whether any of them changed. */
  readonly content: string;
}
export interface KnownSighting {
  readonly id: string;
  readonly nicId: string | null;
  readonly ip: string;
  readonly spaceId: string;
  readonly firstSeenAt: string;
  /** Prefix length, interface, origin, state, candidate as one text. */
  readonly content: string;
}

export interface ServerChange {
  readonly change: 'created' | 'updated' | 'returned';
  readonly id: string;
  readonly identity: string;
  readonly moref: string;
  readonly name: string;
  /** What the book had of it when this was planned; null where that was nothing. */
  readonly known: KnownServer | null;
  readonly row: Row;
  /** JSON text; null where the configuration couldn't be read, and what is stored stays. */
  readonly report: string | null;
  readonly nics: readonly { change: 'created' | 'updated' | 'returned'; row: Row }[];
  readonly missingNics: readonly string[];
  readonly formerMacs: readonly { nicId: string; mac: string }[];
  readonly startedSightings: readonly Row[];
  readonly endedSightings: readonly string[];
}

export interface ServerBook {
  readonly byIdentity: ReadonlyMap<string, KnownServer>;
  readonly byMoref: ReadonlyMap<string, KnownServer>;
}

/** An observed server with the one in the book that it is, if there is one. */
export interface IdentifiedServer {
  readonly observed: ServerObservation;
  readonly identity: string;
  readonly known: KnownServer | undefined;
}

/**
 * Finds out which server of the book each observed one is: by its instance UUID; by its managed object id where it has none or
 * couldn't be read. `claimed` collects the identities of the whole run: a UUID seen twice stands for the first that has it.
 */
export function identifyServers(
  observed: readonly ServerObservation[],
  book: ServerBook,
  claimed: Set<string>,
  complaints: Complaints,
): IdentifiedServer[] {
  return observed.map((server) => {
    const byMoref = book.byMoref.get(server.moref);
    let identity = server.instanceUuid?.toLowerCase() ?? null;
    if (identity === null && server.config === null && byMoref !== undefined) identity = byMoref.identity;
    identity ??= `moref:${server.moref}`;
    if (claimed.has(identity)) {
      complaints.push({
        object: server.name,
        kind: 'server',
        code: 'duplicate_identity',
        params: { uuid: server.instanceUuid ?? identity },
      });
      identity = `moref:${server.moref}`;
    }
    claimed.add(identity);
    const known = book.byIdentity.get(identity);
    const provisional = `moref:${server.moref}`;
    if (known === undefined && byMoref?.identity === provisional && !claimed.has(provisional)) {
      // First seen while its configuration couldn't be read: it has been known by its id in vCenter until now.
      claimed.add(provisional);
      return { observed: server, identity, known: byMoref };
    }
    return { observed: server, identity, known };
  });
}

export function hasChanged(server: IdentifiedServer): boolean {
  const { known, observed } = server;
  return (
    known === undefined || known.missing || known.digest !== observed.digest || known.moref !== observed.moref
  );
}

/** What is to be written of one changed server. Pure. `now` is the run's start, RFC 3339. */
export function planServer(options: {
  server: IdentifiedServer;
  detail: KnownDetail | undefined;
  ids: FabricIds;
  accountId: string;
  accountSpaceId: string;
  now: string;
}): ServerChange {
  const { server, detail, ids, accountId, accountSpaceId, now } = options;
  const { observed, known } = server;
  const id = known?.id ?? newId();
  const row: Row = {
    id,
    account_id: accountId,
    identity: server.identity,
    moref: observed.moref,
    name: observed.name || (known?.name ?? observed.moref),
    host_id: observed.host === null ? null : (ids.hosts.get(observed.host) ?? null),
    datacenter: observed.datacenter,
    cluster: observed.cluster,
    folder: observed.folder,
    power_state: observed.powerState,
    connection_state: observed.connectionState,
    readable: observed.config !== null && observed.connectionState === 'connected',
    digest: observed.digest,
    ...(observed.config === null
      ? unreadableColumns(known === undefined)
      : configColumns(observed, observed.config)),
  };
  const change = known === undefined ? 'created' : known.missing ? 'returned' : 'updated';
  const base = {
    change,
    id,
    identity: server.identity,
    moref: observed.moref,
    name: observed.name,
    known: known ?? null,
    row,
  } as const;
  if (observed.config === null) {
    // Nothing was learnt of it: its NICs stay, its addresses are no longer seen.
    return {
      ...base,
      report: null,
      nics: [],
      missingNics: [],
      formerMacs: [],
      startedSightings: [],
      endedSightings: (detail?.sightings ?? []).map((sighting) => sighting.id),
    };
  }
  const nics = planNics({
    observed: observed.config.nics,
    known: detail?.nics ?? [],
    ids,
    accountId,
    serverId: id,
  });
  const sightings = planSightings({
    observed: isLive(observed, observed.config) ? observed.config.addresses : [],
    known: detail?.sightings ?? [],
    nics: nics.byDevice,
    ids,
    observedNics: observed.config.nics,
    accountId,
    accountSpaceId,
    serverId: id,
    now,
  });
  return {
    ...base,
    report: observed.config.report,
    nics: nics.rows,
    missingNics: nics.missing,
    formerMacs: nics.formerMacs,
    startedSightings: sightings.started,
    endedSightings: sightings.ended,
  };
}

/** A guest's report counts while the guest runs and can say so. What a stopped one last said proves nothing. */
function isLive(observed: ServerObservation, config: ServerConfig): boolean {
  return (
    observed.powerState === 'poweredOn' &&
    observed.connectionState === 'connected' &&
    config.toolsStatus === 'running'
  );
}

function configColumns(observed: ServerObservation, config: ServerConfig): Record<string, unknown> {
  return {
    instance_uuid: observed.instanceUuid,
    bios_uuid: config.biosUuid,
    template: config.template,
    managed_by: config.managedBy,
    tools_status: config.toolsStatus,
    guest_host_name: config.guestHostName,
    interface_count: config.interfaceCount,
    routing: config.routing,
  };
}

/** For a server never read before: what is not known. For any other: nothing, so that what is stored stays. */
function unreadableColumns(isNew: boolean): Record<string, unknown> {
  return isNew ? { template: false, tools_status: 'unknown', interface_count: 0 } : {};
}

interface NicPlan {
  readonly rows: { change: 'created' | 'updated' | 'returned'; row: Row }[];
  readonly missing: string[];
  readonly formerMacs: { nicId: string; mac: string }[];
  readonly byDevice: Map<number, string>;
}

function planNics(options: {
  observed: readonly NicObservation[];
  known: readonly KnownNic[];
  ids: FabricIds;
  accountId: string;
  serverId: string;
}): NicPlan {
  const { observed, known, ids, accountId, serverId } = options;
  const matches = matchNics(observed, known, ids);
  const plan: NicPlan = { rows: [], missing: [], formerMacs: [], byDevice: new Map() };
  for (const nic of observed) {
    const before = matches.get(nic);
    const id = before?.id ?? newId();
    plan.byDevice.set(nic.deviceKey, id);
    const wireId = nic.wire === null ? null : (ids.wires.get(nic.wire)?.id ?? null);
    if (before !== undefined && before.mac !== null && before.mac !== nic.mac)
      plan.formerMacs.push({ nicId: id, mac: before.mac });
    const same =
      before !== undefined &&
      !before.missing &&
      before.mac === nic.mac &&
      before.wireId === wireId &&
      before.content === nicContent(nic);
    if (same) continue;
    plan.rows.push({
      change: before === undefined ? 'created' : before.missing ? 'returned' : 'updated',
      row: {
        id,
        account_id: accountId,
        server_id: serverId,
        device_key: nic.deviceKey,
        position: nic.position,
        label: nic.label,
        mac: nic.mac,
        model: nic.model,
        wire_id: wireId,
        backing: nic.backing,
        connected: nic.connected,
      },
    });
  }
  const kept = new Set([...matches.values()].map((nic) => nic.id));
  for (const nic of known) if (!kept.has(nic.id) && !nic.missing) plan.missing.push(nic.id);
  return plan;
}

/** What of a NIC is compared as one text: position, label, model, connected, device key. */
export function nicContent(
  nic: Pick<NicObservation, 'deviceKey' | 'position' | 'label' | 'model' | 'connected'>,
): string {
  return JSON.stringify([nic.deviceKey, nic.position, nic.label, nic.model, nic.connected]);
}

/** Which known NIC each observed one is: same MAC (and card, where several share it); else same card on the same port group. */
function matchNics(
  observed: readonly NicObservation[],
  known: readonly KnownNic[],
  ids: FabricIds,
): Map<NicObservation, KnownNic> {
  const matches = new Map<NicObservation, KnownNic>();
  const free = new Set(known);
  const take = (fits: (nic: NicObservation, candidate: KnownNic) => boolean): void => {
    for (const nic of observed) {
      if (matches.has(nic)) continue;
      // One that is still there comes before one long gone.
      const candidate = [...free]
        .toSorted((a, b) => Number(a.missing) - Number(b.missing))
        .find((item) => fits(nic, item));
      if (candidate === undefined) continue;
      matches.set(nic, candidate);
      free.delete(candidate);
    }
  };
  if (known.length === 0) return matches;
  take((nic, item) => nic.mac !== null && nic.mac === item.mac && nic.deviceKey === item.deviceKey);
  take((nic, item) => nic.mac !== null && nic.mac === item.mac);
  take(
    (nic, item) =>
      nic.deviceKey === item.deviceKey &&
      !item.missing &&
      (nic.wire === null ? null : (ids.wires.get(nic.wire)?.id ?? null)) === item.wireId,
  );
  return matches;
}

function planSightings(options: {
  observed: readonly AddressObservation[];
  known: readonly KnownSighting[];
  nics: ReadonlyMap<number, string>;
  ids: FabricIds;
  observedNics: readonly NicObservation[];
  accountId: string;
  accountSpaceId: string;
  serverId: string;
  now: string;
}): { started: Row[]; ended: string[] } {
  const spaceByDevice = new Map(
    options.observedNics.map((nic) => [
      nic.deviceKey,
      (nic.wire === null ? undefined : options.ids.wires.get(nic.wire)?.spaceId) ?? options.accountSpaceId,
    ]),
  );
  const [firstNic] = options.observedNics;
  const guestSpace =
    (firstNic === undefined ? undefined : spaceByDevice.get(firstNic.deviceKey)) ?? options.accountSpaceId;
  const open = new Map(
    options.known.map((sighting) => [sightingKey(sighting.nicId, sighting.content, sighting.ip), sighting]),
  );
  const firstSeen = new Map(
    options.known.map((sighting) => [`${sighting.nicId ?? ''} ${sighting.ip}`, sighting.firstSeenAt]),
  );
  const started: Row[] = [];
  // Addresses are shown, and tagged, in the order in which the guest reports them.
  const nextId = openIdSequence();
  for (const address of options.observed) {
    const nicId = address.deviceKey === null ? null : (options.nics.get(address.deviceKey) ?? null);
    const spaceId =
      address.deviceKey === null ? guestSpace : (spaceByDevice.get(address.deviceKey) ?? guestSpace);
    const key = sightingKey(nicId, sightingContent(address), address.ip);
    const before = open.get(key);
    if (before !== undefined && before.spaceId === spaceId) {
      open.delete(key);
      continue;
    }
    started.push({
      id: nextId(),
      space_id: spaceId,
      account_id: options.accountId,
      server_id: options.serverId,
      nic_id: nicId,
      ip: address.ip,
      prefix_length: address.prefixLength,
      interface: address.interface,
      origin: address.origin,
      state: address.state,
      candidate: address.candidate,
      first_seen_at: firstSeen.get(`${nicId ?? ''} ${address.ip}`) ?? options.now,
    });
  }
  return { started, ended: [...open.values()].map((sighting) => sighting.id) };
}

function sightingKey(nicId: string | null, content: string, ip: string): string {
  return `${nicId ?? ''} ${ip} ${content}`;
}

/** What of a sighting is compared as one text. */
export function sightingContent(
  address: Pick<AddressObservation, 'prefixLength' | 'interface' | 'origin' | 'state' | 'candidate'>,
): string {
  return JSON.stringify([
    address.prefixLength,
    address.interface,
    address.origin,
    address.state,
    address.candidate,
  ]);
}
