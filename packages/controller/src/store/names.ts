import { type RawBuilder, sql } from 'kysely';
import { isUuid } from '../domain/ids.ts';
import { parseAddress, formatAddress } from '../domain/addresses.ts';
import type { Queries } from './database.ts';

export type NamedKind =
  | 'cloud_account'
  | 'host'
  | 'virtual_switch'
  | 'wire'
  | 'network'
  | 'server'
  | 'address_space';

const tables: Record<NamedKind, string> = {
  cloud_account: 'cloud_accounts',
  host: 'hosts',
  virtual_switch: 'virtual_switches',
  wire: 'wires',
  network: 'networks',
  server: 'servers',
  address_space: 'address_spaces',
};

const withMissing = new Set<NamedKind>(['host', 'virtual_switch', 'wire', 'server']);

export interface Candidate {
  id: string;
  name: string;
}

/** The objects that an id or a name fits, at most eleven. Objects that are missing count only where none other fits. */
export async function findByNameOrId(db: Queries, kind: NamedKind, nameOrId: string): Promise<Candidate[]> {
  const table = sql.table(tables[kind]);
  if (isUuid(nameOrId)) {
    const byId = await sql<Candidate>`
      SELECT id, name FROM ${table} WHERE id = ${nameOrId.toLowerCase()}::uuid`.execute(db);
    if (byId.rows.length > 0) return byId.rows;
  }
  const { rows } = await sql<Candidate & { missing: boolean }>`
    SELECT id, name, ${withMissing.has(kind) ? sql`missing_since IS NOT NULL` : sql`false`} AS missing
    FROM ${table} WHERE ${fits(kind, nameOrId)} ORDER BY 3, id LIMIT 11`.execute(db);
  const present = rows.filter((row) => !row.missing);
  return (present.length > 0 ? present : rows).map(({ id, name }) => ({ id, name }));
}

function fits(kind: NamedKind, name: string): RawBuilder<unknown> {
  const byName = sql`name = ${name}`;
  // A host is known by its management address as well, a server by its UUID.
  if (kind === 'host') {
    const address = parseAddress(name);
    if (address !== null) return sql`(${byName} OR management_ip = ${formatAddress(address)}::inet)`;
  }
  if (kind === 'server' && isUuid(name)) return sql`(${byName} OR instance_uuid = ${name.toLowerCase()})`;
  return byName;
}
