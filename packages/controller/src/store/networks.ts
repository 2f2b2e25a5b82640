import { type RawBuilder, sql } from 'kysely';
import type { Network } from '@wirebook/contract';
import type { Queries, Tx } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { networkFigures } from './network-counts.ts';
import type { AllocationPolicy, StatusDetail } from './tables.ts';
import { containing, refOf, stampsOf, type Viewed } from './views.ts';

/** Contradictions and notes as stored: the words are put to them in the reader's language. */
export type StoredNetwork = Omit<Network, 'suggestedWires' | 'additionalWires'> & {
  additionalWires: (Omit<Network['additionalWires'][number], 'note'> & { note: StatusDetail | null })[];
  suggestedWires: (Omit<Network['suggestedWires'][number], 'note' | 'contradiction'> & {
    note: StatusDetail | null;
    contradictions: StatusDetail[] | null;
  })[];
};

function wiresOf(origin: RawBuilder<unknown>, object: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`coalesce((SELECT json_agg(${object} ORDER BY w.name)
    FROM network_wires nw JOIN wires w ON w.id = nw.wire_id
    WHERE nw.space_id = n.space_id AND nw.network_id = n.id AND nw.origin IN (${origin})), '[]')`;
}
const wireRef = sql`'wire', json_build_object('id', w.id, 'name', w.name)`;
const evidence = sql`'evidence', coalesce((SELECT json_agg(json_build_object(
    'server', json_build_object('id', e."serverId", 'name', coalesce(es.name, '')), 'ip', e.ip))
  FROM jsonb_to_recordset(nw.evidence) AS e("serverId" uuid, ip text)
  LEFT JOIN servers es ON es.id = e."serverId"), '[]'), 'servers', nw.evidence_count, 'note', nw.note`;

/** As the database puts it together: the figures in one piece, for they are counted together. */
type CountedNetwork = Omit<StoredNetwork, 'counts' | 'utilisation'> & {
  figures: Pick<StoredNetwork, 'counts' | 'utilisation'>;
};
const itemWith = (figures: RawBuilder<unknown>): RawBuilder<Viewed<CountedNetwork>> =>
  sql<Viewed<CountedNetwork>>`json_build_object(${stampsOf('n')}, 'name', n.name, 'space', ${refOf('s')},
  'wire', (SELECT json_build_object('id', w.id, 'name', w.name) FROM network_wires nw JOIN wires w ON w.id = nw.wire_id
    WHERE nw.network_id = n.id AND nw.origin = 'primary'),
  'additionalWires', ${wiresOf(sql`'declared', 'detected'`, sql`json_build_object(${wireRef}, 'origin', nw.origin, ${evidence})`)},
  'suggestedWires', ${wiresOf(sql`'suggested'`, sql`json_build_object(${wireRef}, ${evidence}, 'contradictions', nw.contradiction)`)},
  'excludedWires', ${wiresOf(sql`'excluded'`, sql`json_build_object(${wireRef})`)},
  'family', n.family, 'companion', ${refOf('companion')}, 'start', host(lower(n.span)), 'end', host(upper(n.span)),
  'prefixLength', masklen(n.cidr), 'cidr', n.cidr::text,
  'giving', (SELECT coalesce(json_agg(json_build_object('start', host(lower(g)), 'end', host(upper(g))) ORDER BY g), '[]')
    FROM unnest(n.giving) g),
  'gateway', host(n.gateway), 'dns', (SELECT coalesce(json_agg(host(d.ip) ORDER BY d.nr), '[]')
    FROM unnest(n.dns) WITH ORDINALITY d(ip, nr)),
  'domain', n.domain, 'ntp', to_jsonb(n.ntp), 'allocationPolicy', n.allocation_policy,
  'restingSeconds', n.resting_seconds, 'description', n.description, 'tags', n.tags, 'figures', ${figures}) AS item`;

export interface NetworkFilter extends ListPosition {
  ids?: string[] | undefined;
  name?: string | undefined;
  spaceId?: string | undefined;
  wireId?: string | undefined;
  family?: number | undefined;
  ip?: string | undefined;
  /** Per cent. */
  fullFrom?: number | undefined;
  q?: { text: string; ip: string | null } | undefined;
}

/** Counted for each network before the list is cut: asked for only where the list goes by it. */
const utilisation = sql`coalesce((u.figures->>'utilisation')::numeric, -1)`;
/** Networks that give nothing come after all that do, the one of whose range the most is used first. */
const fullness = sql`coalesce((u.figures->>'utilisation')::numeric,
  (u.figures->'counts'->>'used')::numeric / greatest((u.figures->'counts'->>'total')::numeric, 1) - 2)`;
const byUtilisation = (filter: NetworkFilter): boolean =>
  filter.fullFrom !== undefined ||
  (filter.sort ?? '').split(',').some((field) => field.replace('-', '') === 'utilisation');

export async function listNetworks(db: Queries, filter: NetworkFilter): Promise<Page<StoredNetwork>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`n.id = ANY(${filter.ids}::uuid[])`);
  if (filter.name !== undefined) where.push(sql`n.name = ${filter.name}`);
  if (filter.spaceId !== undefined) where.push(sql`n.space_id = ${filter.spaceId}`);
  if (filter.wireId !== undefined) {
    where.push(sql`n.id IN (SELECT nw.network_id FROM network_wires nw
      WHERE nw.wire_id = ${filter.wireId} AND nw.origin IN ('primary', 'declared', 'detected'))`);
  }
  if (filter.family !== undefined) where.push(sql`n.family = ${filter.family}`);
  if (filter.ip !== undefined) where.push(sql`n.span @> ${filter.ip}::inet`);
  if (filter.q !== undefined) {
    const { text, ip } = filter.q;
    const meanings = [
      sql`n.name ILIKE ${containing(text)}`,
      sql`n.description ILIKE ${containing(text)}`,
      sql`n.cidr::text LIKE ${`${text}%`}`,
    ];
    if (ip !== null) meanings.push(sql`n.span @> ${ip}::inet`);
    where.push(sql`(${sql.join(meanings, sql` OR `)})`);
  }
  if (filter.fullFrom !== undefined) where.push(sql`${utilisation} >= ${filter.fullFrom}`);
  const counted = byUtilisation(filter);
  const page = unwrap(
    await listRows<Viewed<CountedNetwork>>(db, {
      select: itemWith(counted ? sql`u.figures` : networkFigures),
      from: sql`networks n JOIN address_spaces s ON s.id = n.space_id LEFT JOIN networks companion ON companion.id = n.companion_id
        ${counted ? sql`CROSS JOIN LATERAL (SELECT ${networkFigures} AS figures OFFSET 0) u` : sql``}`,
      id: sql`n.id`,
      where,
      sorts: {
        name: { by: sql`n.name`, type: 'text' },
        start: { by: sql`lower(n.span)`, type: 'inet' },
        family: { by: sql`n.family::integer`, type: 'integer' },
        utilisation: { by: fullness, type: 'numeric' },
        createdAt: { by: sql`n.created_at`, type: 'timestamptz' },
      },
      defaultSort: 'name',
      ...filter,
    }),
  );
  return { ...page, items: page.items.map(({ figures, ...network }) => ({ ...network, ...figures })) };
}

/** The columns of a network that a person sets. Addresses as canonical text, ranges as PostgreSQL's text. */
export interface NetworkColumns {
  name: string;
  family: 4 | 6;
  span: string;
  cidr: string;
  giving: string;
  gateway: string | null;
  dns: string[];
  domain: string | null;
  ntp: string[];
  allocationPolicy: AllocationPolicy;
  restingSeconds: number;
  description: string;
  tags: Record<string, string>;
}

export async function insertNetwork(
  tx: Tx,
  network: NetworkColumns & { id: string; spaceId: string; wireId: string },
): Promise<void> {
  await sql`
    INSERT INTO networks (id, space_id, name, family, span, cidr, giving, gateway, dns, domain, ntp, allocation_policy,
      resting_seconds, description, tags)
    VALUES (${network.id}, ${network.spaceId}, ${network.name}, ${network.family}, ${network.span}::inetrange,
      ${network.cidr}::cidr, ${network.giving}::inetmultirange, ${network.gateway}::inet, ${network.dns}::inet[],
      ${network.domain}, ${network.ntp}::text[], ${network.allocationPolicy}, ${network.restingSeconds},
      ${network.description}, ${JSON.stringify(network.tags)}::jsonb)`.execute(tx);
  await sql`
    INSERT INTO network_wires (space_id, network_id, wire_id, origin)
    VALUES (${network.spaceId}, ${network.id}, ${network.wireId}, 'primary')`.execute(tx);
}

export async function updateNetwork(tx: Tx, id: string, network: NetworkColumns): Promise<void> {
  await sql`
    UPDATE networks SET name = ${network.name}, span = ${network.span}::inetrange, cidr = ${network.cidr}::cidr,
      giving = ${network.giving}::inetmultirange, gateway = ${network.gateway}::inet, dns = ${network.dns}::inet[],
      domain = ${network.domain}, ntp = ${network.ntp}::text[], allocation_policy = ${network.allocationPolicy},
      resting_seconds = ${network.restingSeconds}, description = ${network.description},
      tags = ${JSON.stringify(network.tags)}::jsonb, updated_at = now()
    WHERE id = ${id}`.execute(tx);
}

export async function deleteNetwork(tx: Tx, id: string): Promise<void> {
  await sql`DELETE FROM networks WHERE id = ${id}`.execute(tx);
}

/** Both ends of the companionship, or its end. */
export async function setCompanion(tx: Tx, id: string, companionId: string | null): Promise<void> {
  await sql`
    UPDATE networks SET companion_id = NULL, updated_at = now()
    WHERE companion_id = ${id} OR (id = ${id} AND companion_id IS NOT NULL)`.execute(tx);
  if (companionId === null) return;
  await sql`
    UPDATE networks SET companion_id = CASE id WHEN ${id}::uuid THEN ${companionId}::uuid ELSE ${id}::uuid END, updated_at = now()
    WHERE id IN (${id}, ${companionId})`.execute(tx);
}

export interface NetworkFacts {
  id: string;
  name: string;
  spaceId: string;
  spaceName: string;
  family: 4 | 6;
  span: string;
  cidr: string;
  wireId: string;
  companionId: string | null;
}

/**
 * A network's facts, its row held until the transaction ends, and with it those of its companion and of the one that is to be it: a change
 * of companions writes to all of them, and whoever holds several networks takes them in the order of their ids.
 */
export async function holdNetwork(
  tx: Tx,
  id: string,
  companionToBe: string | null = null,
): Promise<NetworkFacts | null> {
  await sql`
    SELECT 1 FROM networks WHERE id IN (${id}, ${companionToBe}, (SELECT companion_id FROM networks WHERE id = ${id}))
    ORDER BY id FOR UPDATE`.execute(tx);
  return findNetworkFacts(tx, id);
}

export async function findNetworkFacts(db: Queries, id: string): Promise<NetworkFacts | null> {
  const { rows } = await sql<NetworkFacts>`
    SELECT n.id, n.name, n.space_id AS "spaceId", s.name AS "spaceName", n.family, n.span::text AS span,
      n.cidr::text AS cidr, w.wire_id AS "wireId", n.companion_id AS "companionId"
    FROM networks n JOIN address_spaces s ON s.id = n.space_id
    JOIN network_wires w ON w.network_id = n.id AND w.origin = 'primary' WHERE n.id = ${id}`.execute(db);
  return rows[0] ?? null;
}

/** A network of the space that overlaps the span, other than `exceptId`. */
export async function findOverlap(
  db: Queries,
  range: { spaceId: string; span: string; exceptId: string | null },
): Promise<{ id: string; name: string; start: string; end: string } | null> {
  const { rows } = await sql<{ id: string; name: string; start: string; end: string }>`
    SELECT id, name, host(lower(span)) AS start, host(upper(span)) AS end FROM networks
    WHERE space_id = ${range.spaceId} AND span && ${range.span}::inetrange AND id IS DISTINCT FROM ${range.exceptId}
    ORDER BY lower(span) LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

/** A live claim that is in the way: its address, and who has it. */
export interface ClaimInTheWay {
  readonly id: string;
  readonly ip: string;
  /** The server, the holder, or the key; empty where nothing says. */
  readonly holder: string;
}

/** Live claims of a network that the span would leave out, the first few by address. */
export async function findClaimsOutside(
  db: Queries,
  network: { id: string; span: string },
): Promise<ClaimInTheWay[]> {
  const { rows } = await sql<ClaimInTheWay>`
    SELECT c.id, host(c.ip) AS ip, coalesce(s.name, c.server_name, nullif(c.holder->>'name', ''), c.key, '') AS holder
    FROM claims c LEFT JOIN servers s ON s.id = c.server_id
    WHERE c.network_id = ${network.id} AND c.ended_at IS NULL AND NOT ${network.span}::inetrange @> c.ip
    ORDER BY c.ip, c.id LIMIT 20`.execute(db);
  return rows;
}

/** Addresses that people or programs asked for, the first few. */
export async function findAskedClaims(db: Queries, networkId: string): Promise<string[]> {
  const { rows } = await sql<{ ip: string }>`
    SELECT DISTINCT host(ip) AS ip, ip AS by FROM claims
    WHERE network_id = ${networkId} AND ended_at IS NULL AND source <> 'tools' ORDER BY by LIMIT 20`.execute(
    db,
  );
  return rows.map((row) => row.ip);
}

/** Ends the claims that only observation made; answers how many, and the servers they were on. */
export async function endToolsClaims(
  tx: Tx,
  networkId: string,
  reason: string,
): Promise<{ ended: number; serverIds: string[] }> {
  const { rows } = await sql<{ server_id: string | null }>`
    UPDATE claims SET ended_at = now(), end_reason = ${reason}, updated_at = now()
    WHERE network_id = ${networkId} AND ended_at IS NULL AND source = 'tools' RETURNING server_id`.execute(
    tx,
  );
  return {
    ended: rows.length,
    serverIds: [...new Set(rows.flatMap((row) => (row.server_id === null ? [] : [row.server_id])))],
  };
}

/** Declares exactly these additional wires. Detected and suggested ones stay unless they are now declared. */
export async function declareWires(
  tx: Tx,
  network: { id: string; spaceId: string },
  wireIds: readonly string[],
): Promise<void> {
  await sql`
    DELETE FROM network_wires WHERE network_id = ${network.id} AND origin = 'declared'
      AND NOT wire_id = ANY(${[...wireIds]}::uuid[])`.execute(tx);
  await sql`
    INSERT INTO network_wires (space_id, network_id, wire_id, origin)
    SELECT ${network.spaceId}, ${network.id}, id, 'declared' FROM unnest(${[...wireIds]}::uuid[]) AS id
    ON CONFLICT (space_id, network_id, wire_id)
    DO UPDATE SET origin = 'declared', contradiction = NULL WHERE network_wires.origin <> 'primary'`.execute(
    tx,
  );
}

/** Excludes exactly these wires: whoever uses the network's addresses there, the wire is none of the network's. */
export async function excludeWires(
  tx: Tx,
  network: { id: string; spaceId: string },
  wireIds: readonly string[],
): Promise<void> {
  await sql`
    DELETE FROM network_wires WHERE network_id = ${network.id} AND origin = 'excluded'
      AND NOT wire_id = ANY(${[...wireIds]}::uuid[])`.execute(tx);
  await sql`
    INSERT INTO network_wires (space_id, network_id, wire_id, origin)
    SELECT ${network.spaceId}, ${network.id}, id, 'excluded' FROM unnest(${[...wireIds]}::uuid[]) AS id
    ON CONFLICT (space_id, network_id, wire_id) DO UPDATE
      SET origin = 'excluded', evidence = '[]', evidence_count = 0, contradiction = NULL, note = NULL
      WHERE network_wires.origin NOT IN ('primary', 'excluded')`.execute(tx);
}
