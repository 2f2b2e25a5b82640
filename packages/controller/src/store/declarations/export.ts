import type { DeclarationKind } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Database, Tx } from '../database.ts';
import { holderSaid } from './claims.ts';

/** What people declared, as the documents that carry it have it. The order is one that two databases of the same content agree on. */

/** Texts in the order of their bytes: the order of a language differs from server to server. */
function bytes(column: string): RawBuilder<unknown> {
  return sql`${sql.ref(column)} COLLATE "C"`;
}

const wire = sql`json_build_object('account', wa.instance_uuid, 'portGroupId', w.port_group_id, 'name', w.name,
  'datacenter', w.datacenter)`;
const nic = sql`json_build_object('account', a.instance_uuid, 'server', sv.instance_uuid, 'moref', sv.moref, 'name', sv.name,
  'mac', i.mac::text, 'deviceKey', i.device_key)`;
const nicOrder = sql`${bytes('a.instance_uuid')}, ${bytes('sv.identity')}, i.mac, i.device_key, i.id`;
const wiresOf = (origin: 'declared' | 'excluded'): RawBuilder<unknown> => sql`(
  SELECT coalesce(json_agg(${wire} ORDER BY ${bytes('wa.instance_uuid')}, ${bytes('w.port_group_id')}), '[]')
  FROM network_wires nw JOIN wires w ON w.id = nw.wire_id JOIN cloud_accounts wa ON wa.id = w.account_id
  WHERE nw.network_id = n.id AND nw.origin = ${sql.lit(origin)})`;
const parts = (column: string): RawBuilder<unknown> => sql`(
  SELECT coalesce(json_agg(host(d.ip) ORDER BY d.nr), '[]') FROM unnest(${sql.ref(column)}) WITH ORDINALITY d(ip, nr))`;

const selects: Record<DeclarationKind, RawBuilder<unknown>> = {
  spaces: sql`SELECT json_build_object('name', name)::text AS item FROM address_spaces ORDER BY ${bytes('name')}`,
  accounts: sql`
    SELECT json_build_object('name', a.name, 'instanceUuid', a.instance_uuid, 'space', s.name)::text AS item
    FROM cloud_accounts a JOIN address_spaces s ON s.id = a.space_id ORDER BY ${bytes('a.instance_uuid')}`,
  // One that is gone and carries nothing is nowhere to be put.
  wires: sql`
    SELECT json_build_object('account', wa.instance_uuid, 'portGroupId', w.port_group_id, 'name', w.name,
      'datacenter', w.datacenter, 'space', s.name)::text AS item
    FROM wires w JOIN cloud_accounts wa ON wa.id = w.account_id JOIN address_spaces s ON s.id = w.space_id
    WHERE w.space_id <> wa.space_id
      AND (w.missing_since IS NULL OR EXISTS (SELECT FROM network_wires nw WHERE nw.wire_id = w.id))
    ORDER BY ${bytes('wa.instance_uuid')}, ${bytes('w.port_group_id')}`,
  networks: sql`
    SELECT json_build_object('space', s.name, 'name', n.name, 'wire', ${wire}, 'start', host(lower(n.span)),
      'end', host(upper(n.span)), 'prefixLength', masklen(n.cidr),
      'giving', (SELECT coalesce(json_agg(json_build_object('start', host(lower(g)), 'end', host(upper(g))) ORDER BY g), '[]')
        FROM unnest(n.giving) g),
      'gateway', host(n.gateway), 'dns', ${parts('n.dns')}, 'domain', n.domain, 'ntp', to_json(n.ntp),
      'allocationPolicy', n.allocation_policy, 'restingSeconds', n.resting_seconds, 'description', n.description,
      'tags', n.tags, 'companion', companion.name, 'declaredWires', ${wiresOf('declared')},
      'excludedWires', ${wiresOf('excluded')})::text AS item
    FROM networks n JOIN address_spaces s ON s.id = n.space_id
    JOIN network_wires l ON l.network_id = n.id AND l.origin = 'primary' JOIN wires w ON w.id = l.wire_id
    JOIN cloud_accounts wa ON wa.id = w.account_id LEFT JOIN networks companion ON companion.id = n.companion_id
    ORDER BY ${bytes('s.name')}, lower(n.span)`,
  reservations: sql`
    SELECT json_build_object('space', s.name, 'network', n.name, 'kind', r.kind, 'start', host(lower(r.span)),
      'end', host(upper(r.span)), 'note', r.note, 'expiresAt', rfc3339(r.expires_at))::text AS item
    FROM reservations r JOIN networks n ON n.id = r.network_id JOIN address_spaces s ON s.id = r.space_id
    WHERE r.expires_at IS NULL OR r.expires_at > now() ORDER BY ${bytes('s.name')}, lower(r.span)`,
  sharedAddresses: sql`
    SELECT json_build_object('space', s.name, 'ip', host(h.ip))::text AS item
    FROM shared_addresses h JOIN address_spaces s ON s.id = h.space_id ORDER BY ${bytes('s.name')}, h.ip`,
  holders: sql`
    SELECT json_build_object('space', s.name, 'ip', host(c.ip), 'network', n.name, 'source', c.source, 'key', c.key,
      'holder', ${holderSaid}, 'expiresAt', rfc3339(c.expires_at))::text AS item
    FROM claims c JOIN address_spaces s ON s.id = c.space_id JOIN networks n ON n.id = c.network_id
    WHERE c.ended_at IS NULL AND c.nic_id IS NULL AND c.source <> 'tools'
      AND (c.expires_at IS NULL OR c.expires_at > now())
    ORDER BY ${bytes('s.name')}, c.ip`,
  nicAddresses: sql`
    SELECT json_build_object('space', s.name, 'ip', host(c.ip), 'network', n.name, 'nic', ${nic}, 'source', c.source,
      'key', c.key, 'holder', ${holderSaid})::text AS item
    FROM claims c JOIN address_spaces s ON s.id = c.space_id JOIN networks n ON n.id = c.network_id
    JOIN nics i ON i.id = c.nic_id JOIN servers sv ON sv.id = i.server_id JOIN cloud_accounts a ON a.id = sv.account_id
    WHERE c.ended_at IS NULL AND c.source <> 'tools' ORDER BY ${bytes('s.name')}, c.ip, ${nicOrder}`,
  keptConflicts: sql`
    SELECT json_build_object('space', s.name, 'ip', host(x.ip), 'nic', ${nic})::text AS item
    FROM conflicts x JOIN address_spaces s ON s.id = x.space_id
    JOIN nics i ON i.id = x.nic_id JOIN servers sv ON sv.id = i.server_id JOIN cloud_accounts a ON a.id = sv.account_id
    WHERE x.ended_at IS NULL AND x.resolution = 'keep' ORDER BY ${bytes('s.name')}, x.ip, ${nicOrder}`,
};

/** Who reads no further for so long has gone away; the database then lets go of the state that it was shown. */
const READER_WAITS = '60s';

export interface DeclarationReading {
  /** The items of a list as JSON texts, so many at a time. */
  readonly read: (kind: DeclarationKind) => AsyncGenerator<string[]>;
  readonly end: () => Promise<void>;
}

/** Opens all lists as they are at this moment. Holds a connection until `end`. */
export async function openDeclarations(db: Database): Promise<DeclarationReading> {
  const tx = await db
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute();
  // There is nothing to undo, and a connection that is gone is let go of all the same.
  const end = (): Promise<void> =>
    tx
      .rollback()
      .execute()
      .catch(() => undefined);
  try {
    await sql`SELECT set_config('idle_in_transaction_session_timeout', ${READER_WAITS}, true)`.execute(tx);
  } catch (error) {
    await end();
    throw error;
  }
  return { read: (kind) => readCursor(tx, selects[kind]), end };
}

const FETCHED_AT_ONCE = 1000;

async function* readCursor(tx: Tx, select: RawBuilder<unknown>): AsyncGenerator<string[]> {
  await sql`DECLARE declared NO SCROLL CURSOR FOR ${select}`.execute(tx);
  for (;;) {
    const { rows } = await sql<{ item: string }>`FETCH ${sql.lit(FETCHED_AT_ONCE)} FROM declared`.execute(tx);
    if (rows.length > 0) yield rows.map((row) => row.item);
    if (rows.length < FETCHED_AT_ONCE) break;
  }
  await sql`CLOSE declared`.execute(tx);
}
