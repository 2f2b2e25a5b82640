import { sql } from 'kysely';
import type { Queries, Tx } from '../database.ts';
import type { WireFacts } from '../wires.ts';

export interface AccountPlace {
  readonly id: string;
  readonly name: string;
  readonly instanceUuid: string;
  readonly spaceId: string;
  readonly spaceName: string;
}

export async function findAccountPlaces(
  db: Queries,
  instanceUuids: readonly string[],
): Promise<AccountPlace[]> {
  const { rows } = await sql<AccountPlace>`
    SELECT a.id, a.name, a.instance_uuid AS "instanceUuid", a.space_id AS "spaceId", s.name AS "spaceName"
    FROM cloud_accounts a JOIN address_spaces s ON s.id = a.space_id
    WHERE a.instance_uuid = ANY(${[...instanceUuids]}::text[])`.execute(db);
  return rows;
}

/** A wire as a document names it, and whether a network has it in any way. */
export interface WirePlace extends WireFacts {
  readonly portGroupId: string;
  readonly datacenter: string | null;
  readonly linked: boolean;
}

export async function findWirePlaces(db: Queries, accountIds: readonly string[]): Promise<WirePlace[]> {
  const { rows } = await sql<WirePlace>`
    SELECT w.id, w.name, w.account_id AS "accountId", w.space_id AS "spaceId", s.name AS "spaceName", w.purpose,
      w.missing_since AS "missingSince", w.port_group_id AS "portGroupId", w.datacenter,
      EXISTS (SELECT FROM network_wires nw WHERE nw.wire_id = w.id AND nw.origin IN ('primary', 'declared', 'detected')) AS linked
    FROM wires w JOIN address_spaces s ON s.id = w.space_id
    WHERE w.account_id = ANY(${[...accountIds]}::uuid[]) ORDER BY w.id`.execute(db);
  return rows;
}

export interface SpacePlace {
  readonly id: string;
  readonly name: string;
}

export async function findSpacePlaces(db: Queries, names: readonly string[]): Promise<SpacePlace[]> {
  const { rows } = await sql<SpacePlace>`
    SELECT id, name FROM address_spaces WHERE name = ANY(${[...names]}::text[])`.execute(db);
  return rows;
}

/** Makes spaces; answers those that were not there. */
export async function insertSpaces(tx: Tx, names: readonly string[]): Promise<SpacePlace[]> {
  const { rows } = await sql<SpacePlace>`
    INSERT INTO address_spaces (name) SELECT name FROM unnest(${[...names]}::text[]) AS name
    ON CONFLICT DO NOTHING RETURNING id, name`.execute(tx);
  return rows;
}

/** Where the account's new wires are put from now on. */
export async function setAccountSpace(tx: Tx, account: { id: string; spaceId: string }): Promise<void> {
  await sql`
    UPDATE cloud_accounts SET space_id = ${account.spaceId}, updated_at = now() WHERE id = ${account.id}`.execute(
    tx,
  );
}

/** How networks lie on some wires: those that go along with them, and what keeps the wires where they are. */
export interface TiesOfWires {
  /** Networks whose primary wire is among them. */
  readonly networks: readonly { id: string; name: string; spaceId: string; cidr: string }[];
  /** By wire: networks that stay, and have it as another wire; or that go along, and have another wire that stays. */
  readonly ties: readonly { wireId: string; network: string }[];
}

export async function findTiesOfWires(tx: Tx, wireIds: readonly string[]): Promise<TiesOfWires> {
  const ids = sql`${[...wireIds]}::uuid[]`;
  const networks = await sql<TiesOfWires['networks'][number]>`
    SELECT n.id, n.name, n.space_id AS "spaceId", n.cidr::text AS cidr FROM networks n WHERE n.id IN (
      SELECT network_id FROM network_wires WHERE wire_id = ANY(${ids}) AND origin = 'primary')
    ORDER BY n.id FOR UPDATE`.execute(tx);
  const own = networks.rows.map((network) => network.id);
  const ties = await sql<TiesOfWires['ties'][number]>`
    SELECT nw.wire_id AS "wireId", n.name AS network FROM network_wires nw JOIN networks n ON n.id = nw.network_id
    WHERE nw.wire_id = ANY(${ids}) AND NOT nw.network_id = ANY(${own}::uuid[]) AND nw.origin IN ('declared', 'detected')
    UNION SELECT p.wire_id, n.name FROM network_wires p JOIN networks n ON n.id = p.network_id
    JOIN network_wires other ON other.network_id = p.network_id AND NOT other.wire_id = ANY(${ids})
      AND other.origin IN ('declared', 'detected')
    WHERE p.wire_id = ANY(${ids}) AND p.origin = 'primary' ORDER BY 1, 2`.execute(tx);
  return { networks: networks.rows, ties: ties.rows };
}
