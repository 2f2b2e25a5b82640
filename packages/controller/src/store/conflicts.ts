import type { Conflict } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries, Tx } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { PLACEHOLDER_EXTENSIONS } from './matching.ts';
import { containing, refOf, stampsOf, type Viewed } from './views.ts';

/** One side of a conflict: `nic`, `server` and `wire` are aliases; `own` are its source and who it is without a server. */
function sideOf(
  alias: { nic: string; server: string; wire: string },
  own: { source: RawBuilder<unknown>; holder: RawBuilder<unknown> },
): RawBuilder<unknown> {
  const of = (table: string, column: string): RawBuilder<unknown> => sql.ref(`${table}.${column}`);
  const { nic, server } = alias;
  const seen = sql`FROM sightings o WHERE o.nic_id = ${of(nic, 'id')} AND o.space_id = x.space_id AND o.ip = x.ip`;
  const lastComplete = sql`(SELECT r.started_at FROM sync_runs r WHERE r.account_id = ${of(nic, 'account_id')}
    AND r.state = 'succeeded' AND NOT r.dry_run ORDER BY r.started_at DESC LIMIT 1)`;
  return sql`json_build_array(json_build_object('server', ${refOf(server)},
    'nic', CASE WHEN ${of(nic, 'id')} IS NULL THEN NULL
      ELSE json_build_object('id', ${of(nic, 'id')}, 'mac', ${of(nic, 'mac')}::text) END,
    'wire', ${refOf(alias.wire)}, 'holder', ${own.holder}, 'source', ${own.source},
    'powerState', ${of(server, 'power_state')}, 'connected', ${of(nic, 'connected')},
    'firstSeenAt', (SELECT rfc3339(min(o.first_seen_at)) ${seen}),
    'lastSeenAt', (SELECT rfc3339(max(CASE WHEN o.ended_at IS NULL THEN greatest(${lastComplete}, o.first_seen_at)
      ELSE o.last_seen_at END)) ${seen}),
    'reporting', coalesce(${of(nic, 'missing_since')} IS NULL AND ${of(server, 'missing_since')} IS NULL
      AND ${of(server, 'power_state')} = 'poweredOn' AND ${of(server, 'tools_status')} = 'running'
      AND NOT ${of(server, 'template')}
      AND coalesce(${of(server, 'managed_by')} <> ALL(${[...PLACEHOLDER_EXTENSIONS]}::text[]), true)
      AND EXISTS (SELECT ${seen} AND o.ended_at IS NULL AND o.candidate), false)))`;
}

const item = sql<
  Viewed<Omit<Conflict, 'text'>>
>`json_build_object(${stampsOf('x')}, 'kind', x.kind, 'ip', host(x.ip), 'space', ${refOf('s')},
  'network', ${refOf('nw')},
  'holders', ${sideOf(
    { nic: 'hn', server: 'hs', wire: 'hw' },
    { source: sql`c.source`, holder: sql`CASE WHEN c.nic_id IS NULL THEN c.holder END` },
  )},
  'claimants', ${sideOf(
    { nic: 'kn', server: 'ks', wire: 'kw' },
    { source: sql`'tools'`, holder: sql`NULL` },
  )},
  'since', rfc3339(x.started_at), 'endedAt', rfc3339(x.ended_at),
  'proposal', CASE WHEN x.kind = 'moving' AND x.ended_at IS NULL AND x.resolved_at IS NULL THEN 'share' END,
  'resolution', x.resolution, 'resolvedAt', rfc3339(x.resolved_at), 'resolvedBy', x.resolved_by) AS item`;

export interface ConflictFilter extends ListPosition {
  readonly ids?: readonly string[] | undefined;
  readonly ip?: string | undefined;
  readonly kind?: Conflict['kind'] | undefined;
  readonly networkId?: string | undefined;
  readonly serverId?: string | undefined;
  /** `false`: those that last and wait for a decision. */
  readonly resolved: 'true' | 'false' | 'any';
  /** A part of the address, or of the name of one of the two servers. */
  readonly q?: string | undefined;
}

export async function listConflictRows(
  db: Queries,
  filter: ConflictFilter,
): Promise<Page<Omit<Conflict, 'text'>>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.resolved === 'false') where.push(sql`x.ended_at IS NULL AND x.resolved_at IS NULL`);
  if (filter.resolved === 'true') where.push(sql`x.resolved_at IS NOT NULL`);
  if (filter.ids !== undefined) where.push(sql`x.id = ANY(${[...filter.ids]}::uuid[])`);
  if (filter.ip !== undefined) where.push(sql`x.ip = ${filter.ip}::inet`);
  if (filter.kind !== undefined) where.push(sql`x.kind = ${filter.kind}`);
  if (filter.networkId !== undefined) where.push(sql`nw.id = ${filter.networkId}`);
  if (filter.serverId !== undefined)
    where.push(sql`(ks.id = ${filter.serverId} OR c.server_id = ${filter.serverId})`);
  if (filter.q !== undefined) {
    const part = containing(filter.q);
    where.push(sql`(host(x.ip) LIKE ${part} OR hs.name ILIKE ${part} OR ks.name ILIKE ${part})`);
  }
  return unwrap(
    await listRows<Viewed<Omit<Conflict, 'text'>>>(db, {
      select: item,
      from: sql`conflicts x JOIN address_spaces s ON s.id = x.space_id JOIN claims c ON c.id = x.claim_id
        LEFT JOIN networks nw ON nw.id = c.network_id LEFT JOIN nics hn ON hn.id = c.nic_id
        LEFT JOIN servers hs ON hs.id = c.server_id LEFT JOIN wires hw ON hw.id = hn.wire_id
        JOIN nics kn ON kn.id = x.nic_id JOIN servers ks ON ks.id = kn.server_id LEFT JOIN wires kw ON kw.id = kn.wire_id`,
      id: sql`x.id`,
      where,
      sorts: {
        ip: { by: sql`x.ip`, type: 'inet' },
        since: { by: sql`x.started_at`, type: 'timestamptz' },
      },
      defaultSort: 'ip',
      limit: filter.limit,
      cursor: filter.cursor,
      sort: filter.sort,
    }),
  );
}

/** A conflict as deciding it needs it. */
export interface Dispute {
  readonly id: string;
  readonly spaceId: string;
  readonly ip: string;
  /** RFC 3339. */
  readonly endedAt: string | null;
  readonly resolution: 'keep' | 'give' | 'share' | null;
  readonly holder: {
    readonly claimId: string;
    readonly nicId: string | null;
    readonly serverId: string | null;
    readonly name: string;
    readonly live: boolean;
  };
  readonly claimant: {
    readonly nicId: string;
    readonly serverId: string;
    readonly accountId: string;
    readonly mac: string | null;
    readonly name: string;
  };
  /** That of the address, if the claimant's wire has it. */
  readonly network: { readonly id: string; readonly name: string } | null;
}

export async function findDispute(db: Queries, id: string): Promise<Dispute | null> {
  const { rows } = await sql<{ item: Dispute }>`
    SELECT json_build_object('id', x.id, 'spaceId', x.space_id, 'ip', host(x.ip), 'endedAt', rfc3339(x.ended_at),
      'resolution', x.resolution,
      'holder', json_build_object('claimId', c.id, 'nicId', c.nic_id, 'serverId', c.server_id, 'live', c.ended_at IS NULL,
        'name', coalesce(hs.name, c.server_name, nullif(c.holder->>'name', ''), c.key, nullif(c.holder->>'note', ''), '-')),
      'claimant', json_build_object('nicId', n.id, 'serverId', s.id, 'accountId', n.account_id, 'mac', n.mac::text,
        'name', s.name),
      'network', (SELECT json_build_object('id', w.id, 'name', w.name) FROM networks w
        JOIN network_wires l ON l.network_id = w.id AND l.wire_id = n.wire_id
        WHERE w.space_id = x.space_id AND w.span @> x.ip AND l.origin IN ('primary', 'declared', 'detected'))) AS item
    FROM conflicts x JOIN claims c ON c.id = x.claim_id LEFT JOIN servers hs ON hs.id = c.server_id
    JOIN nics n ON n.id = x.nic_id JOIN servers s ON s.id = n.server_id
    WHERE x.id = ${id}`.execute(db);
  return rows[0]?.item ?? null;
}

export interface Decision {
  readonly resolution: 'keep' | 'give' | 'share';
  readonly by: string;
  readonly now: Date;
}

/** Writes down how a conflict was decided. Where the holder keeps the address it lasts as long as the claimant claims. */
export async function decideConflict(tx: Tx, id: string, decision: Decision): Promise<void> {
  const at = decision.now.toISOString();
  await sql`
    UPDATE conflicts SET resolution = ${decision.resolution}, resolved_at = ${at}, resolved_by = ${decision.by},
      updated_at = ${at}, ended_at = CASE ${decision.resolution} WHEN 'keep' THEN NULL ELSE greatest(${at}, started_at) END
    WHERE id = ${id}`.execute(tx);
}

/** Who lost the address by a decision and reports it still has been told already. */
export async function keepFrom(
  tx: Tx,
  loser: { spaceId: string; ip: string; nicId: string },
  decision: Decision,
): Promise<void> {
  const at = decision.now.toISOString();
  await sql`
    UPDATE conflicts SET resolution = 'keep', resolved_at = ${at}, resolved_by = ${decision.by}, updated_at = ${at}
    WHERE space_id = ${loser.spaceId} AND ip = ${loser.ip}::inet AND nic_id = ${loser.nicId} AND ended_at IS NULL
      AND resolved_at IS NULL`.execute(tx);
}

/** The claimant of a decided conflict has the address from now on. False where another has it. */
export async function giveToClaimant(
  tx: Tx,
  dispute: Dispute & { network: { id: string; name: string } },
  now: Date,
): Promise<boolean> {
  const { claimant, network } = dispute;
  const { numAffectedRows } = await sql`
    INSERT INTO claims (space_id, ip, network_id, account_id, server_id, nic_id, mac, source, network_name, server_name, started_at)
    VALUES (${dispute.spaceId}, ${dispute.ip}::inet, ${network.id}, ${claimant.accountId}, ${claimant.serverId},
      ${claimant.nicId}, ${claimant.mac}, 'manual', ${network.name}, ${claimant.name}, ${now.toISOString()})
    ON CONFLICT DO NOTHING`.execute(tx);
  return numAffectedRows === 1n;
}

/** From now on several NICs have the address on purpose. Decides all that was open about it. */
export async function shareAddress(
  tx: Tx,
  address: { spaceId: string; ip: string },
  decision: Decision,
): Promise<void> {
  const at = decision.now.toISOString();
  const here = sql`space_id = ${address.spaceId} AND ip = ${address.ip}::inet AND ended_at IS NULL`;
  await sql`
    INSERT INTO shared_addresses (space_id, ip) VALUES (${address.spaceId}, ${address.ip}::inet)
    ON CONFLICT DO NOTHING`.execute(tx);
  await sql`UPDATE claims SET shared = true, updated_at = ${at} WHERE ${here} AND NOT shared`.execute(tx);
  await sql`
    UPDATE conflicts SET resolution = 'share', resolved_at = ${at}, resolved_by = ${decision.by}, updated_at = ${at},
      ended_at = greatest(${at}, started_at) WHERE ${here}`.execute(tx);
}
