import { type RawBuilder, sql } from 'kysely';
import { type AddressRange, formatAddress } from '../domain/addresses.ts';
import type { BookWire } from '../domain/book-wires.ts';
import type { StandingNetwork } from '../domain/network-import.ts';
import type { Queries, Tx } from './database.ts';
import { readSpan } from './spans.ts';
import type { VlanValue } from './tables.ts';

/** Where an import looks for wires. */
export interface ImportScope {
  readonly spaceIds: readonly string[];
  /** Null: in every account. */
  readonly accountId: string | null;
}

const takesNetworks = (
  scope: ImportScope,
): RawBuilder<unknown> => sql`w.purpose = 'vm' AND w.missing_since IS NULL
  AND w.space_id = ANY(${[...scope.spaceIds]}::uuid[])
  AND (${scope.accountId}::uuid IS NULL OR w.account_id = ${scope.accountId}::uuid)`;

/** The spaces that have wires of the account, or of any. */
export async function findSpacesOfWires(db: Queries, accountId: string | null): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT space_id AS id FROM wires
    WHERE purpose = 'vm' AND (${accountId}::uuid IS NULL OR account_id = ${accountId}::uuid)`.execute(db);
  return rows.map((row) => row.id);
}

/** The wires that have one of these VLAN ids somewhere (0: none), with all places where they have one of them. */
export async function findBookWires(
  db: Queries,
  scope: ImportScope & { vlans: readonly number[] },
): Promise<BookWire[]> {
  const { rows } = await sql<BookWire>`
    SELECT id, name, "spaceId", "spaceName", jsonb_agg(jsonb_build_object('vlan', vlan, 'switch', switch)) AS places
    FROM (
      SELECT DISTINCT w.id, w.name, w.space_id AS "spaceId", s.name AS "spaceName", p.vlan,
        CASE WHEN v.id IS NULL THEN NULL ELSE jsonb_build_object('id', v.id, 'name', v.name) END AS switch
      FROM wires w JOIN address_spaces s ON s.id = w.space_id
      CROSS JOIN LATERAL (
        SELECT vlan, switch_id FROM (
          SELECT w.vlan, w.switch_id UNION SELECT h.vlan, h.switch_id FROM wire_hosts h
          WHERE h.account_id = w.account_id AND h.wire_id = w.id) h(value, switch_id)
        -- A trunk has no VLAN id, and a segment of NSX none that a switch would know.
        CROSS JOIN LATERAL (SELECT CASE WHEN w.kind <> 'nsx' THEN CASE value->>'kind' WHEN 'none' THEN 0
          WHEN 'trunk' THEN NULL ELSE (value->>'id')::integer END END AS vlan) id
        WHERE vlan = ANY(${[...scope.vlans]}::integer[])) p
      LEFT JOIN virtual_switches v ON v.id = p.switch_id
      WHERE ${takesNetworks(scope)}) w
    GROUP BY id, name, "spaceId", "spaceName" ORDER BY name, id`.execute(db);
  return rows;
}

export interface StoredUse {
  /** The place of the range among those asked for. */
  readonly nr: number;
  readonly wire: { readonly id: string; readonly name: string };
  readonly vlan: VlanValue;
  readonly nics: number;
}

/** How many NICs of each wire are seen with addresses of each range. */
export async function findRangeUses(
  db: Queries,
  scope: ImportScope & { ranges: readonly AddressRange[] },
): Promise<StoredUse[]> {
  const { rows } = await sql<StoredUse>`
    SELECT u.nr, json_build_object('id', w.id, 'name', w.name) AS wire, w.vlan, u.nics
    FROM (
      SELECT r.nr::integer AS nr, n.wire_id, count(DISTINCT n.id)::integer AS nics
      FROM unnest(${starts(scope.ranges)}::inet[], ${ends(scope.ranges)}::inet[]) WITH ORDINALITY AS r(first, last, nr)
      CROSS JOIN unnest(${[...scope.spaceIds]}::uuid[]) AS s(id)
      CROSS JOIN LATERAL (SELECT nic_id FROM sightings o WHERE o.space_id = s.id AND o.ip >= r.first AND o.ip <= r.last
        AND o.ended_at IS NULL AND o.candidate ORDER BY space_id, ip) o
      JOIN nics n ON n.id = o.nic_id AND n.missing_since IS NULL
      JOIN servers v ON v.id = n.server_id AND v.missing_since IS NULL
      GROUP BY r.nr, n.wire_id) u
    JOIN wires w ON w.id = u.wire_id WHERE ${takesNetworks(scope)}`.execute(db);
  return rows;
}

/** Where the networks of these spaces lie. */
export async function findNetworkRanges(
  db: Queries,
  spaceIds: readonly string[],
): Promise<{ id: string; spaceId: string; range: AddressRange }[]> {
  const { rows } = await sql<{ id: string; spaceId: string; span: string }>`
    SELECT id, space_id AS "spaceId", span::text AS span FROM networks
    WHERE space_id = ANY(${[...spaceIds]}::uuid[])`.execute(db);
  return rows.map(({ span, ...network }) => ({ ...network, range: readSpan(span) }));
}

/** Networks by id, and those of these spaces that have one of the names. */
export async function findStandingNetworks(
  db: Queries,
  about: { ids: readonly string[]; spaceIds: readonly string[]; names: readonly string[] },
): Promise<StandingNetwork[]> {
  const { rows } = await sql<Omit<StandingNetwork, 'range'> & { span: string }>`
    SELECT n.id, n.name, n.space_id AS "spaceId", s.name AS "spaceName", n.span::text AS span, n.cidr::text AS cidr,
      host(n.gateway) AS gateway,
      (SELECT coalesce(json_agg(host(d.ip) ORDER BY d.nr), '[]') FROM unnest(n.dns) WITH ORDINALITY d(ip, nr)) AS dns,
      (SELECT coalesce(json_agg(json_build_object('id', w.id, 'name', w.name) ORDER BY nw.origin <> 'primary', w.name), '[]')
        FROM network_wires nw JOIN wires w ON w.id = nw.wire_id
        WHERE nw.space_id = n.space_id AND nw.network_id = n.id AND nw.origin IN ('primary', 'declared', 'detected')) AS wires
    FROM networks n JOIN address_spaces s ON s.id = n.space_id
    WHERE n.id = ANY(${[...about.ids]}::uuid[])
      OR (n.name = ANY(${[...about.names]}::text[]) AND n.space_id = ANY(${[...about.spaceIds]}::uuid[]))
    ORDER BY n.id`.execute(db);
  return rows.map(({ span, ...network }) => ({ ...network, range: readSpan(span) }));
}

/** Gives networks a gateway and DNS servers where they have none. */
export async function fillNetworks(
  tx: Tx,
  fills: readonly { id: string; gateway: string | null; dns: readonly string[] }[],
): Promise<void> {
  await sql`
    UPDATE networks n SET gateway = coalesce(n.gateway, f.gateway),
      dns = CASE WHEN n.dns = '{}' THEN f.dns ELSE n.dns END, updated_at = now()
    FROM json_to_recordset(${JSON.stringify(fills)}::json) AS f(id uuid, gateway inet, dns inet[])
    WHERE n.id = f.id`.execute(tx);
}

export interface ImportEffect {
  readonly id: string;
  readonly records: number;
  readonly additionalWires: { id: string; name: string }[];
  readonly suggestedWires: { id: string; name: string }[];
}

/** What came of networks: how many NICs have records in each, and the wires that were found for it. */
export async function findImportEffects(db: Queries, ids: readonly string[]): Promise<ImportEffect[]> {
  const wiresOf = (origins: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
    SELECT coalesce(json_agg(json_build_object('id', w.id, 'name', w.name) ORDER BY w.name, w.id), '[]')
    FROM network_wires nw JOIN wires w ON w.id = nw.wire_id
    WHERE nw.space_id = n.space_id AND nw.network_id = n.id AND nw.origin IN (${origins}))`;
  const { rows } = await sql<ImportEffect>`
    SELECT n.id, (SELECT count(*)::integer FROM claims c
        WHERE c.network_id = n.id AND c.ended_at IS NULL AND c.nic_id IS NOT NULL) AS records,
      ${wiresOf(sql`'declared', 'detected'`)} AS "additionalWires", ${wiresOf(sql`'suggested'`)} AS "suggestedWires"
    FROM networks n WHERE n.id = ANY(${[...ids]}::uuid[])`.execute(db);
  return rows;
}

function starts(ranges: readonly AddressRange[]): string[] {
  return ranges.map((range) => formatAddress(range.start));
}

function ends(ranges: readonly AddressRange[]): string[] {
  return ranges.map((range) => formatAddress(range.end));
}
