import type { Ref, SearchField, SearchKind } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from './database.ts';
import { containing } from './views.ts';

/** What somebody looks for, and what it means besides a text. Addresses, prefixes and MACs canonical. */
export interface Sought {
  readonly text: string;
  readonly ip: string | null;
  readonly cidr: string | null;
  readonly mac: string | null;
  /** The MACs that begin with what was given. */
  readonly macs: { readonly first: string; readonly last: string } | null;
  /** Lower case. */
  readonly uuid: string | null;
  readonly vlan: number | null;
}

export interface Facts {
  readonly account?: string | null;
  readonly server?: Ref | null;
  readonly network?: Ref | null;
  readonly wires?: readonly string[];
  readonly ips?: readonly string[];
  readonly texts?: readonly (string | null)[];
  readonly vlan?: number | null;
  readonly switch?: string | null;
  readonly cluster?: string | null;
  readonly template?: boolean;
  readonly missing?: boolean;
}

export interface FoundObject {
  readonly id: string;
  readonly name: string;
  readonly field: SearchField;
  readonly value: string;
  readonly facts: Facts;
}

export interface FoundObjects {
  readonly objects: FoundObject[];
  /** Null: more than a thousand. */
  readonly total: number | null;
}

/** One way in which an object can fit. Rank 0: exactly; 1: it begins like that; 2: anywhere. */
interface Meaning {
  readonly field: SearchField;
  readonly rank: 0 | 1 | 2;
  readonly value: RawBuilder<unknown>;
  readonly where: RawBuilder<unknown>;
}

interface Searchable {
  readonly table: string;
  /** Of the table aliased `t`. */
  readonly name: RawBuilder<unknown>;
  readonly facts: RawBuilder<unknown>;
  readonly meanings: (sought: Sought) => Meaning[];
}

/** More are not counted: nobody pages through a search. */
const COUNT_AT_MOST = 1000;

/** The objects of a kind that fit, those that fit best first. Each way to fit is a look-up of its own, so that each uses its index. */
export async function findObjects(
  db: Queries,
  kind: Exclude<SearchKind, 'address'>,
  request: { sought: Sought; limit: number },
): Promise<FoundObjects> {
  const { table, name, facts, meanings } = searchables[kind];
  const ways = meanings(request.sought);
  if (ways.length === 0) return { objects: [], total: 0 };
  const from = sql.table(table);
  const matched = ways.map(
    (
      way,
      nr,
    ) => sql`(SELECT t.id, ${sql.lit(way.rank)} AS rank, ${sql.lit(nr)} AS nr, (${way.value})::text AS value
      FROM ${from} t WHERE ${way.where} ORDER BY ${name}, t.id LIMIT ${request.limit})`,
  );
  const counted = ways.map(
    (way) => sql`(SELECT t.id FROM ${from} t WHERE ${way.where} LIMIT ${COUNT_AT_MOST + 1})`,
  );
  const { rows } = await sql<Omit<FoundObject, 'field'> & { nr: number; total: number }>`
    WITH matched AS MATERIALIZED (${sql.join(matched, sql` UNION ALL `)}),
    best AS (SELECT DISTINCT ON (id) id, rank, nr, value FROM matched ORDER BY id, rank, nr)
    SELECT t.id, ${name} AS name, best.nr, best.value, ${facts} AS facts,
      (SELECT count(*) FROM (SELECT DISTINCT id FROM (${sql.join(counted, sql` UNION ALL `)}) every
        LIMIT ${COUNT_AT_MOST + 1}) counted) AS total
    FROM best JOIN ${from} t ON t.id = best.id ORDER BY best.rank, ${name}, t.id LIMIT ${request.limit}`.execute(
    db,
  );
  const total = rows[0]?.total ?? 0;
  return {
    objects: rows.map(({ id, name: called, nr, value, facts: about }) => ({
      id,
      name: called,
      value,
      field: ways[nr]?.field ?? 'name',
      facts: about,
    })),
    total: total > COUNT_AT_MOST ? null : total,
  };
}

/** A column of text: as a whole, at its beginning, anywhere; upper and lower case alike. */
function inText(field: SearchField, column: RawBuilder<unknown>, { text }: Sought): Meaning[] {
  const anywhere = containing(text);
  return [anywhere.slice(1, -1), anywhere.slice(1), anywhere].map((pattern, nr) => ({
    field,
    rank: nr === 0 ? 0 : nr === 1 ? 1 : 2,
    value: column,
    where: sql`${column} ILIKE ${pattern}`,
  }));
}

function exactly(field: SearchField, value: RawBuilder<unknown>, where: RawBuilder<unknown>): Meaning {
  return { field, rank: 0, value, where };
}

/** What only a UUID can be. */
function byUuid(sought: Sought, columns: Partial<Record<SearchField, RawBuilder<unknown>>>): Meaning[] {
  const { uuid } = sought;
  if (uuid === null) return [];
  const found: Meaning[] = [exactly('id', sql`t.id`, sql`t.id = ${uuid}::uuid`)];
  for (const [field, column] of Object.entries(columns))
    found.push({ field: readField(field), rank: 0, value: column, where: sql`${column} = ${uuid}` });
  return found;
}

function readField(text: string): SearchField {
  return text === 'instanceUuid' || text === 'biosUuid' || text === 'hardwareUuid' ? text : 'uuid';
}

/** The servers, or the NICs, that have or report an address. */
function usersOf(ip: string, column: 'server_id' | 'nic_id'): RawBuilder<unknown> {
  const user = sql.ref(column);
  return sql`(SELECT ${user} FROM address_spaces sp JOIN sightings o ON o.space_id = sp.id
      WHERE o.ip = ${ip}::inet AND o.ended_at IS NULL AND ${user} IS NOT NULL
    UNION SELECT ${user} FROM address_spaces sp JOIN claims c ON c.space_id = sp.id
      WHERE c.ip = ${ip}::inet AND c.ended_at IS NULL AND ${user} IS NOT NULL)`;
}

const account = sql`'account', (SELECT a.name FROM cloud_accounts a WHERE a.id = t.account_id)`;
const missing = sql`'missing', t.missing_since IS NOT NULL`;

const searchables: Record<Exclude<SearchKind, 'address'>, Searchable> = {
  server: {
    table: 'servers',
    name: sql`t.name`,
    facts: sql`json_build_object(${missing}, 'template', t.template,
      'wires', (SELECT coalesce(json_agg(w.name ORDER BY w.name), '[]') FROM wires w
        WHERE w.id IN (SELECT n.wire_id FROM nics n WHERE n.server_id = t.id AND n.missing_since IS NULL)),
      'ips', (SELECT coalesce(json_agg(host(c.ip) ORDER BY c.ip), '[]') FROM claims c WHERE c.server_id = t.id AND c.ended_at IS NULL))`,
    meanings: (sought) => [
      ...inText('name', sql`t.name`, sought),
      ...inText('guestHostName', sql`t.guest_host_name`, sought),
      ...byUuid(sought, { instanceUuid: sql`t.instance_uuid`, biosUuid: sql`t.bios_uuid` }),
      ...(sought.ip === null
        ? []
        : [exactly('ip', sql`${sought.ip}`, sql`t.id IN ${usersOf(sought.ip, 'server_id')}`)]),
      ...(sought.mac === null
        ? []
        : [
            exactly(
              'mac',
              sql`${sought.mac}`,
              sql`t.id IN (SELECT n.server_id FROM nics n WHERE n.mac = ${sought.mac}::macaddr)`,
            ),
          ]),
    ],
  },
  nic: {
    table: 'nics',
    name: sql`coalesce(t.mac::text, t.label)`,
    facts: sql`json_build_object('missing', t.missing_since IS NOT NULL,
      'server', (SELECT json_build_object('id', s.id, 'name', s.name) FROM servers s WHERE s.id = t.server_id),
      'wires', (SELECT coalesce(json_agg(w.name), '[]') FROM wires w WHERE w.id = t.wire_id),
      'ips', (SELECT coalesce(json_agg(host(c.ip) ORDER BY c.ip), '[]') FROM claims c WHERE c.nic_id = t.id AND c.ended_at IS NULL),
      'network', (SELECT json_build_object('id', n.id, 'name', n.name) FROM claims c JOIN networks n ON n.id = c.network_id
        WHERE c.nic_id = t.id AND c.ended_at IS NULL ORDER BY c.ip LIMIT 1))`,
    meanings: ({ uuid, mac, macs, ip }) => {
      const found: Meaning[] = [];
      if (uuid !== null) found.push(exactly('id', sql`t.id`, sql`t.id = ${uuid}::uuid`));
      if (mac !== null) {
        found.push(exactly('mac', sql`t.mac`, sql`t.mac = ${mac}::macaddr`));
        found.push({
          field: 'formerMac',
          rank: 1,
          value: sql`${mac}`,
          where: sql`t.id IN (SELECT m.nic_id FROM nic_mac_history m WHERE m.mac = ${mac}::macaddr)`,
        });
      }
      if (macs !== null) {
        const where = sql`t.mac BETWEEN ${macs.first}::macaddr AND ${macs.last}::macaddr`;
        found.push({ field: 'mac', rank: 1, value: sql`t.mac`, where });
      }
      if (ip !== null) found.push(exactly('ip', sql`${ip}`, sql`t.id IN ${usersOf(ip, 'nic_id')}`));
      return found;
    },
  },
  network: {
    table: 'networks',
    name: sql`t.name`,
    facts: sql`json_build_object('texts', json_build_array(t.cidr::text),
      'wires', (SELECT coalesce(json_agg(w.name), '[]') FROM network_wires nw JOIN wires w ON w.id = nw.wire_id
        WHERE nw.space_id = t.space_id AND nw.network_id = t.id AND nw.origin = 'primary'))`,
    meanings: (sought) => {
      const { ip, cidr } = sought;
      const found = [...byUuid(sought, {}), ...inText('name', sql`t.name`, sought)];
      const within = (rank: 0 | 1 | 2, field: 'cidr' | 'ip', where: RawBuilder<unknown>): void => {
        found.push({ field, rank, value: sql`t.cidr`, where });
      };
      if (cidr !== null) {
        within(0, 'cidr', sql`t.cidr = ${cidr}::cidr`);
        within(1, 'cidr', sql`t.cidr >> ${cidr}::inet`);
        within(2, 'cidr', sql`t.cidr << ${cidr}::inet`);
      } else if (ip !== null) within(1, 'ip', sql`t.span @> ${ip}::inet`);
      else within(1, 'cidr', sql`t.cidr::text ILIKE ${containing(sought.text).slice(1)}`);
      found.push({
        field: 'description',
        rank: 2,
        value: sql`t.description`,
        where: sql`t.description ILIKE ${containing(sought.text)}`,
      });
      return found;
    },
  },
  wire: {
    table: 'wires',
    name: sql`t.name`,
    facts: sql`json_build_object(${missing}, ${account}, 'vlan', t.vlan_id,
      'switch', (SELECT v.name FROM virtual_switches v WHERE v.id = t.switch_id))`,
    meanings: (sought) => [
      ...byUuid(sought, {}),
      ...inText('name', sql`t.name`, sought),
      exactly('portGroupId', sql`t.port_group_id`, sql`t.port_group_id = ${sought.text}`),
      ...(sought.vlan === null ? [] : [exactly('vlan', sql`t.vlan_id`, sql`t.vlan_id = ${sought.vlan}`)]),
    ],
  },
  host: {
    table: 'hosts',
    name: sql`t.name`,
    facts: sql`json_build_object(${missing}, ${account}, 'texts', json_build_array(host(t.management_ip)), 'cluster', t.cluster)`,
    meanings: (sought) => {
      const { ip, mac } = sought;
      const found = [
        ...byUuid(sought, { hardwareUuid: sql`t.hardware_uuid` }),
        ...inText('name', sql`t.name`, sought),
      ];
      if (ip !== null) {
        found.push(exactly('managementIp', sql`host(t.management_ip)`, sql`t.management_ip = ${ip}::inet`));
        const having = JSON.stringify([{ ip }]);
        found.push(exactly('vmkernelNic', sql`${ip}`, sql`t.vmkernel_nics @> ${having}::jsonb`));
      }
      if (mac !== null) {
        const having = JSON.stringify([{ mac }]);
        found.push(exactly('physicalNic', sql`${mac}`, sql`t.physical_nics @> ${having}::jsonb`));
      }
      return found;
    },
  },
  virtual_switch: {
    table: 'virtual_switches',
    name: sql`t.name`,
    facts: sql`json_build_object(${missing}, ${account})`,
    meanings: (sought) => [
      ...byUuid(sought, { uuid: sql`t.uuid` }),
      ...inText('name', sql`t.name`, sought),
      exactly('uuid', sql`t.uuid`, sql`t.uuid = lower(${sought.text})`),
    ],
  },
  cloud_account: {
    table: 'cloud_accounts',
    name: sql`t.name`,
    facts: sql`json_build_object('texts', json_build_array(t.url))`,
    meanings: (sought) => [
      ...byUuid(sought, {}),
      ...inText('name', sql`t.name`, sought),
      { field: 'url', rank: 2, value: sql`t.url`, where: sql`t.url ILIKE ${containing(sought.text)}` },
    ],
  },
};

export interface FoundHolding {
  readonly space: Ref;
  readonly ip: string;
  readonly field: SearchField;
  readonly value: string;
}

/** Addresses of holders outside vCenter, and of keys. */
export async function findHoldings(
  db: Queries,
  request: { sought: Sought; limit: number; now: Date },
): Promise<{ holdings: FoundHolding[]; total: number | null }> {
  const { text, mac } = request.sought;
  const ways: Meaning[] = [
    exactly('key', sql`c.key`, sql`c.key = ${text} AND c.key IS NOT NULL`),
    ...inText('holder', sql`(c.holder->>'name')`, request.sought).map(withHolder),
    ...inText('owner', sql`(c.holder->>'owner')`, request.sought).map(withHolder),
  ];
  if (mac !== null)
    ways.push(
      exactly('mac', sql`c.mac`, sql`c.nic_id IS NULL AND c.mac IS NOT NULL AND c.mac = ${mac}::macaddr`),
    );
  const matched = ways.map(
    (
      way,
      nr,
    ) => sql`(SELECT c.space_id, c.ip, ${sql.lit(way.rank)} AS rank, ${sql.lit(nr)} AS nr, (${way.value})::text AS value
      FROM claims c WHERE c.ended_at IS NULL AND ${way.where}
        AND (c.nic_id IS NOT NULL OR c.expires_at IS NULL OR c.expires_at > ${request.now.toISOString()})
      ORDER BY c.ip, c.id LIMIT ${COUNT_AT_MOST + 1})`,
  );
  const { rows } = await sql<{ space: Ref; ip: string; nr: number; value: string; total: number }>`
    WITH matched AS MATERIALIZED (${sql.join(matched, sql` UNION ALL `)}),
    best AS (SELECT DISTINCT ON (ip, space_id) * FROM matched ORDER BY ip, space_id, rank, nr)
    SELECT json_build_object('id', sp.id, 'name', sp.name) AS space, host(best.ip) AS ip, best.nr, best.value,
      count(*) OVER () AS total
    FROM best JOIN address_spaces sp ON sp.id = best.space_id
    ORDER BY best.rank, best.ip, sp.id LIMIT ${request.limit}`.execute(db);
  const total = rows[0]?.total ?? 0;
  return {
    holdings: rows.map(({ nr, total: _, ...row }) => ({ ...row, field: ways[nr]?.field ?? 'holder' })),
    total: total > COUNT_AT_MOST ? null : total,
  };
}

/** What the index of holders asks for. */
function withHolder(way: Meaning): Meaning {
  return { ...way, where: sql`c.holder IS NOT NULL AND ${way.where}` };
}
