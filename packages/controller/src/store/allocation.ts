import { sql } from 'kysely';
import type { Holder } from '@wirebook/contract';
import { type AddressRange, formatAddress, type IpAddress, parseAddress } from '../domain/addresses.ts';
import type { Taken } from '../domain/allocation.ts';
import type { Queries, Tx } from './database.ts';
import type { Pipeline } from './pipeline.ts';
import { readSpan, readSpans } from './spans.ts';
import type { AllocationPolicy, ClaimSource } from './tables.ts';

/** A network as giving needs it, its row and how far it has come held until the transaction ends. */
export interface GivingNetwork {
  readonly id: string;
  readonly spaceId: string;
  readonly name: string;
  readonly range: AddressRange;
  readonly giving: readonly AddressRange[];
  readonly policy: AllocationPolicy;
  readonly restingSeconds: number;
  readonly reached: IpAddress | null;
  /** Holds or reservations of it have expired and stand there still. */
  readonly hasExpired: boolean;
  /** Something of it that was let go of has rested long enough. */
  readonly hasFreed: boolean;
  /** Another text after every change of the network's row, and whenever giving begins anew. */
  readonly version: string;
  readonly prefixLength: number;
  readonly gateway: string | null;
  readonly dns: string[];
  readonly domain: string | null;
  readonly ntp: string[];
}

/**
 * Holds networks and how far giving has come in them, in the order of their ids. What the two flags say is a hint as of before the lock:
 * whoever acts on them looks again.
 */
export async function holdGivingNetworks(
  tx: Tx,
  options: { networkIds: readonly string[]; now: Date },
): Promise<GivingNetwork[]> {
  const now = options.now.toISOString();
  const { rows } = await sql<{
    id: string;
    space_id: string;
    name: string;
    span: string;
    giving: string;
    allocation_policy: AllocationPolicy;
    resting_seconds: number;
    reached: string | null;
    has_expired: boolean;
    has_freed: boolean;
    version: string;
    prefix_length: number;
    gateway: string | null;
    dns: string[];
    domain: string | null;
    ntp: string[];
  }>`
    SELECT n.id, n.space_id, n.name, n.span::text AS span, n.giving::text AS giving, n.allocation_policy, n.resting_seconds,
      host(f.reached) AS reached, masklen(n.cidr) AS prefix_length, host(n.gateway) AS gateway,
      n.dns::text[] AS dns, n.domain, n.ntp,
      EXISTS (SELECT FROM claims c WHERE c.network_id = n.id AND c.ended_at IS NULL AND c.expires_at <= ${now}
        AND c.nic_id IS NULL)
        OR EXISTS (SELECT FROM reservations r WHERE r.network_id = n.id AND r.expires_at <= ${now}) AS has_expired,
      f.reached IS NOT NULL AND EXISTS (SELECT FROM freed_addresses a WHERE a.network_id = n.id
        AND a.freed_at <= ${now}::timestamptz - make_interval(secs => n.resting_seconds)) AS has_freed,
      concat_ws(' ', n.xmin, f.begun) AS version
    FROM networks n JOIN network_frontiers f ON f.network_id = n.id
    WHERE n.id = ANY(${[...options.networkIds]}::uuid[]) ORDER BY n.id FOR NO KEY UPDATE OF n, f`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    spaceId: row.space_id,
    name: row.name,
    range: readSpan(row.span),
    giving: readSpans(row.giving),
    policy: row.allocation_policy,
    restingSeconds: row.resting_seconds,
    reached: row.reached === null ? null : readAddress(row.reached),
    hasExpired: row.has_expired,
    hasFreed: row.has_freed,
    version: row.version,
    prefixLength: row.prefix_length,
    gateway: row.gateway,
    dns: row.dns.map((text) => text.replace(/\/.*$/, '')),
    domain: row.domain,
    ntp: row.ntp,
  }));
}

/** A stretch of a space, and since when something let go of there must have rested to be given again. */
export interface Window {
  readonly spaceId: string;
  readonly range: AddressRange;
  readonly restedSince: Date;
}

/**
 * Addresses let go of in these windows that have rested, the first of each window, and their rows held: who holds such a row may drop it
 * once it has looked at the address afterwards. Rows that another holds are passed over.
 */
export async function holdFreedAddresses(
  tx: Tx,
  windows: readonly (Window & { direction: 'up' | 'down'; atMost: number })[],
): Promise<IpAddress[][]> {
  const found: IpAddress[][] = windows.map(() => []);
  for (const direction of ['up', 'down'] as const) {
    const asked = windows.flatMap((window, nr) => (window.direction === direction ? [{ window, nr }] : []));
    if (asked.length === 0) continue;
    const order = direction === 'up' ? sql`ASC` : sql`DESC`;
    const { rows } = await sql<{ nr: number; ip: string }>`
      SELECT w.nr, host(f.ip) AS ip
      FROM unnest(${asked.map(({ nr }) => nr)}::integer[], ${asked.map(({ window }) => window.spaceId)}::uuid[],
        ${asked.map(({ window }) => formatAddress(window.range.start))}::inet[],
        ${asked.map(({ window }) => formatAddress(window.range.end))}::inet[],
        ${asked.map(({ window }) => window.restedSince.toISOString())}::timestamptz[],
        ${asked.map(({ window }) => window.atMost)}::integer[]) AS w(nr, space_id, first, last, rested_since, at_most)
      CROSS JOIN LATERAL (
        SELECT a.ip FROM freed_addresses a
        WHERE a.space_id = w.space_id AND a.ip >= w.first AND a.ip <= w.last AND a.freed_at <= w.rested_since
        ORDER BY a.ip ${order} LIMIT w.at_most FOR UPDATE SKIP LOCKED) f
      ORDER BY w.nr, f.ip ${order}`.execute(tx);
    for (const row of rows) found[row.nr]?.push(readAddress(row.ip));
  }
  return found;
}

/** All that can't be given in these windows: claimed, seen, with a part to play, shared, resting, kept back. */
export async function findTaken(
  tx: Queries,
  options: { windows: readonly Window[]; now: Date },
): Promise<Taken[]> {
  const { windows } = options;
  const { rows } = await sql<{ offsets: number[] | null; ranges: string[] | null }>`
    SELECT (SELECT array_agg((t.ip - w.first)::integer)
        FROM taken_addresses(w.space_id, w.first, w.last, w.rested_since) AS t(ip)) AS offsets,
      (SELECT array_agg(r.span::text) FROM reservations r WHERE r.space_id = w.space_id
        AND r.span && inetrange(w.first, w.last, '[]') AND (r.expires_at IS NULL OR r.expires_at > ${options.now.toISOString()}))
        AS ranges
    FROM unnest(${windows.map((window) => window.spaceId)}::uuid[],
      ${windows.map((window) => formatAddress(window.range.start))}::inet[],
      ${windows.map((window) => formatAddress(window.range.end))}::inet[],
      ${windows.map((window) => window.restedSince.toISOString())}::timestamptz[])
      WITH ORDINALITY AS w(space_id, first, last, rested_since, nr)
    ORDER BY w.nr`.execute(tx);
  return rows.map((row) => ({ offsets: row.offsets ?? [], ranges: (row.ranges ?? []).map(readSpan) }));
}

/** Which of these keys have a live claim, as `networkId key`. */
export async function findLiveKeys(
  tx: Tx,
  keys: readonly { networkId: string; key: string }[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ network_id: string; key: string }>`
    SELECT c.network_id, c.key
    FROM unnest(${keys.map((one) => one.networkId)}::uuid[], ${keys.map((one) => one.key)}::text[]) AS k(network_id, key)
    JOIN claims c ON c.network_id = k.network_id AND c.key = k.key AND c.ended_at IS NULL`.execute(tx);
  return new Set(rows.map((row) => `${row.network_id} ${row.key}`));
}

/** A claim without NIC. */
export interface NewClaim {
  readonly id: string;
  readonly spaceId: string;
  readonly ip: string;
  readonly networkId: string;
  readonly networkName: string;
  readonly source: ClaimSource;
  readonly key: string | null;
  readonly holder: Holder | null;
  readonly expiresAt: string | null;
}

/** Makes claims; answers the ids of those that came to be. The others' addresses went to somebody else at the same moment. */
export async function insertClaims(
  tx: Tx,
  claims: readonly NewClaim[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const rows = claims.map((claim) => ({
    id: claim.id,
    space_id: claim.spaceId,
    ip: claim.ip,
    network_id: claim.networkId,
    mac: claim.holder?.mac ?? null,
    source: claim.source,
    key: claim.key,
    holder: claim.holder,
    network_name: claim.networkName,
    expires_at: claim.expiresAt,
  }));
  const made = await sql<{ id: string }>`
    INSERT INTO claims (id, space_id, ip, network_id, mac, source, key, holder, network_name, started_at, expires_at)
    SELECT id, space_id, ip, network_id, mac, source, key, holder, network_name, ${now.toISOString()}, expires_at
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, space_id uuid, ip inet, network_id uuid, mac macaddr,
      source text, key text, holder jsonb, network_name text, expires_at timestamptz)
    ON CONFLICT DO NOTHING RETURNING id`.execute(tx);
  return new Set(made.rows.map((row) => row.id));
}

/** One network's share in `claimFound`. */
export interface FoundGroup {
  readonly network: GivingNetwork;
  /** How far giving had come when the addresses were found; null for those that don't keep it. */
  readonly reached: IpAddress | null;
  readonly reachedAfter: IpAddress | null;
  readonly restedSince: Date;
  /** In the order of giving. */
  readonly wishes: readonly {
    readonly claim: NewClaim;
    /** It was let go of, and lies before what is reached. */
    readonly behind: boolean;
    readonly actor: string;
    readonly after: unknown;
  }[];
}

/**
 * Claims addresses that were found free some time ago, for callers of many networks, in one statement and a transaction of its own.
 * Answers the ids of what was claimed: nothing of a network that has changed since, and no address that is no longer free.
 */
export async function claimFound(
  pipeline: Pipeline,
  work: { groups: readonly FoundGroup[]; now: Date },
): Promise<ReadonlySet<string>> {
  const networks = work.groups.map(({ network, reached, reachedAfter, restedSince, wishes }) => ({
    network_id: network.id,
    version: network.version,
    reached: reached === null ? null : formatAddress(reached),
    reached_after: reachedAfter === null ? null : formatAddress(reachedAfter),
    rested_since: restedSince.toISOString(),
    last: wishes.at(-1)?.claim.ip ?? null,
  }));
  const wishes = work.groups.flatMap((group) =>
    group.wishes.map(({ claim, behind, actor, after }) => ({
      id: claim.id,
      network_id: claim.networkId,
      ip: claim.ip,
      behind,
      source: claim.source,
      holder: claim.holder,
      expires_at: claim.expiresAt,
      actor,
      after,
    })),
  );
  const rows = await pipeline.query<{ id: string }>('SELECT claim_found($1::json, $2::json, $3) AS id', [
    JSON.stringify(networks),
    JSON.stringify(wishes),
    work.now.toISOString(),
  ]);
  return new Set(rows.map((row) => row.id));
}

/** Takes back claims made in this transaction. */
export async function deleteClaims(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`DELETE FROM claims WHERE id = ANY(${[...ids]}::uuid[])`.execute(tx);
}

/** A row of freed_addresses. */
export interface FreedRow {
  readonly spaceId: string;
  readonly ip: string;
}

/** What a settling leaves behind besides the claims, in one statement: how far it came, rows that mean nothing any more, the trail. */
export async function finishSettling(
  tx: Tx,
  work: {
    reached: readonly { networkId: string; reached: IpAddress }[];
    gone: readonly FreedRow[];
    events: readonly {
      actor: string;
      action: string;
      networkId: string;
      networkName: string;
      after: unknown;
    }[];
  },
): Promise<void> {
  const events = work.events.map((event) => ({
    actor: event.actor,
    action: event.action,
    object_id: event.networkId,
    object_name: event.networkName,
    after: event.after,
  }));
  await sql`
    WITH moved AS (
      UPDATE network_frontiers f SET reached = m.reached
      FROM unnest(${work.reached.map((one) => one.networkId)}::uuid[],
        ${work.reached.map((one) => formatAddress(one.reached))}::inet[]) AS m(network_id, reached)
      WHERE f.network_id = m.network_id),
    dropped AS (
      DELETE FROM freed_addresses f USING unnest(${work.gone.map((one) => one.spaceId)}::uuid[],
        ${work.gone.map((one) => one.ip)}::inet[]) AS g(space_id, ip)
      WHERE f.space_id = g.space_id AND f.ip = g.ip)
    INSERT INTO events (actor, action, object_kind, object_id, object_name, after)
    SELECT actor, action, 'network', object_id, object_name, after
    FROM json_to_recordset(${JSON.stringify(events)}::json) AS e(actor text, action text, object_id uuid,
      object_name text, after jsonb)`.execute(tx);
}

function readAddress(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === null) throw new Error(`the database holds ${text}, which is no address`);
  return address;
}
