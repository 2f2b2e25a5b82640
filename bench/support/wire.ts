import type { Client } from 'pg';

/** A wire to lay networks on, without any vCenter behind it. */
export async function layWire(book: Client): Promise<string> {
  const { rows } = await book.query<{ id: string }>(
    `WITH account AS (
       INSERT INTO cloud_accounts (name, kind, url, username, sealed_password, instance_uuid, version, space_id, enabled)
       SELECT 'bench', 'vcenter', 'https://bench.invalid/sdk', 'bench', '', 'bench', '8.0.3', id, false FROM address_spaces
       RETURNING id, space_id)
     INSERT INTO wires (account_id, space_id, port_group_id, name, kind, purpose, vlan, observed, digest)
     SELECT id, space_id, 'bench', 'bench', 'distributed', 'vm', '{"kind":"none"}', '{}', '' FROM account RETURNING id`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no wire was laid');
  return row.id;
}
