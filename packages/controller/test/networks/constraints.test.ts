import { randomUUID } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../support/test-database.ts';

/** What the database itself refuses, whatever the code above it does. Each row differs from a good one in a single respect. */

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: Client;
let space: string;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('SELECT id FROM address_spaces');
  space = rows[0]?.id ?? '';
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

interface Row {
  name?: string;
  space?: string;
  family?: number;
  span?: string;
  cidr?: string;
  giving?: string;
  gateway?: string | null;
}

/** Inserts a network by hand and takes it back; answers the constraint that refused it, or null. */
async function refusedBy(row: Row, others: readonly Row[] = []): Promise<string | null> {
  await client.query('BEGIN');
  try {
    for (const one of [...others, row]) {
      const good = one.family === 6 ? v6 : v4;
      const { name, family, span, cidr, giving, gateway } = { ...good, name: randomUUID(), ...one };
      await client.query(
        `INSERT INTO networks (space_id, name, family, span, cidr, giving, gateway, allocation_policy)
         VALUES ($1, $2, $3, $4::inetrange, $5::cidr, $6::inetmultirange, $7::inet, 'stepup')`,
        [one.space ?? space, name, family, span, cidr, giving, gateway],
      );
    }
    return null;
  } catch (error) {
    if (error instanceof DatabaseError) return error.constraint ?? `${error.code} ${error.message}`;
    throw error;
  } finally {
    await client.query('ROLLBACK');
  }
}

const v4 = {
  family: 4,
  span: '[10.0.0.1,10.0.0.254]',
  cidr: '10.0.0.0/24',
  giving: '{[10.0.0.1,10.0.0.254]}',
  gateway: '10.0.0.1',
};
const v6 = {
  family: 6,
  span: '[2001:db8::1,2001:db8::ffff]',
  cidr: '2001:db8::/64',
  giving: '{[2001:db8::1,2001:db8::ffff]}',
  gateway: 'fe80::1',
};

test('a good row of either family is taken', async () => {
  expect(await refusedBy({})).toBeNull();
  expect(await refusedBy({ family: 6 })).toBeNull();
  expect(await refusedBy({ giving: '{}', gateway: null })).toBeNull();
});

describe('the shape of a range', () => {
  test.each<[string, Row]>([
    ['an empty range', { span: 'empty', giving: '{}' }],
    ['an end that is left out', { span: '[10.0.0.1,10.0.0.254)', giving: '{}' }],
    ['a start that is left out', { span: '(10.0.0.1,10.0.0.254]', giving: '{}' }],
    ['no end', { span: '[10.0.0.1,]', giving: '{}' }],
    ['no start', { span: '[,10.0.0.9]', giving: '{}' }],
    ['an end with a mask', { span: '[10.0.0.1,10.0.1.0/24]', cidr: '10.0.0.0/23', giving: '{}' }],
    ['a start with a mask', { span: '[10.0.0.1/24,10.0.0.254]', giving: '{}' }],
    ['an IPv6 end with a mask', { family: 6, span: '[2001:db8::1,2001:db8::1:0/112]', giving: '{}' }],
    ['the other family than it says', { family: 6, ...without(v4, 'family'), gateway: null }],
  ])('%s is refused', async (_, row) => {
    expect(await refusedBy(row)).toBe('networks_span_shape');
  });

  test('mixed families are refused, as no range and as none of the prefix', async () => {
    expect(await refusedBy({ span: '[10.0.0.1,2001:db8::1]' })).toBe('networks_span_inside_prefix');
    const { rows } = await client.query(
      `SELECT is_address_span('[10.0.0.1,2001:db8::1]') AS mixed, is_address_span('[10.0.0.1,10.0.0.2]') AS plain`,
    );
    expect(rows).toEqual([{ mixed: false, plain: true }]);
  });

  test('a range that leaves its prefix, and the prefix of length 0, are refused', async () => {
    expect(await refusedBy({ span: '[10.0.0.1,10.0.1.5]' })).toBe('networks_span_inside_prefix');
    expect(await refusedBy({ span: '[9.255.255.255,10.0.0.254]' })).toBe('networks_span_inside_prefix');
    expect(await refusedBy({ cidr: '0.0.0.0/0' })).toBe('networks_span_inside_prefix');
    expect(await refusedBy({ family: 6, cidr: '::/0' })).toBe('networks_span_inside_prefix');
  });
});

describe('what belongs to a range', () => {
  test('giving addresses outside the range is refused', async () => {
    expect(await refusedBy({ giving: '{[10.0.0.1,10.0.1.1]}' })).toBe('networks_giving_inside_range');
    expect(await refusedBy({ giving: '{[10.0.0.5,10.0.0.9],[10.0.7.1,10.0.7.2]}' })).toBe(
      'networks_giving_inside_range',
    );
    expect(await refusedBy({ giving: '{[2001:db8::1,2001:db8::2]}' })).toBe('networks_giving_inside_range');
  });

  test('a gateway outside the prefix, of the other family or with a mask is refused', async () => {
    expect(await refusedBy({ gateway: '10.0.1.1' })).toBe('networks_gateway_inside_prefix');
    expect(await refusedBy({ gateway: '169.254.0.1' })).toBe('networks_gateway_inside_prefix');
    expect(await refusedBy({ family: 6, gateway: '2001:db8:1::1' })).toBe('networks_gateway_inside_prefix');
    expect(await refusedBy({ gateway: 'fe80::1' })).toBe('networks_gateway_family');
    expect(await refusedBy({ gateway: '10.0.0.1/24' })).toBe('networks_gateway_family');
  });
});

describe('overlap', () => {
  test.each<[string, Row, Row]>([
    ['the same IPv4 range', {}, {}],
    [
      'a single shared last address',
      {},
      { span: '[10.0.0.254,10.0.1.9]', cidr: '10.0.0.0/23', giving: '{}' },
    ],
    [
      'a range inside another',
      {},
      { span: '[10.0.0.7,10.0.0.7]', cidr: '10.0.0.7/32', giving: '{}', gateway: null },
    ],
    ['the same IPv6 range', { family: 6 }, { family: 6 }],
    [
      'a single shared IPv6 address',
      { family: 6 },
      { family: 6, span: '[2001:db8::ffff,2001:db8::1:0]', giving: '{}' },
    ],
  ])('%s is refused', async (_, first, second) => {
    expect(await refusedBy(second, [first])).toBe('networks_no_overlap');
  });

  test('neighbours, and the same range in another space, are taken', async () => {
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO address_spaces (name) VALUES ('two') RETURNING id`,
    );
    expect(await refusedBy({ space: rows[0]?.id ?? '' }, [{}])).toBeNull();
    expect(
      await refusedBy({ span: '[10.0.0.255,10.0.1.9]', cidr: '10.0.0.0/23', giving: '{}' }, [{}]),
    ).toBeNull();
  });

  test('two networks of a space with one name are refused', async () => {
    const other = { span: '[10.0.9.1,10.0.9.9]', cidr: '10.0.9.0/24', giving: '{}', gateway: null };
    expect(await refusedBy({ name: 'a' }, [{ name: 'a', ...other }])).toBe('networks_name_unique');
  });
});

describe('claims', () => {
  async function claimRefusedBy(claims: readonly Record<string, unknown>[]): Promise<string | null> {
    await client.query('BEGIN');
    try {
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO networks (space_id, name, family, span, cidr, giving, allocation_policy)
         VALUES ($1, 'n', 4, '[10.0.0.1,10.0.0.254]', '10.0.0.0/24', '{}', 'stepup') RETURNING id`,
        [space],
      );
      for (const claim of claims) {
        await client.query(
          `INSERT INTO claims (space_id, ip, network_id, source, shared, started_at, ended_at, end_reason)
           VALUES ($1, $2, $3, 'manual', $4, now(), $5, $6)`,
          [
            space,
            claim['ip'],
            claim['network'] === null ? null : rows[0]?.id,
            claim['shared'] ?? false,
            claim['ended'] === undefined ? null : new Date(),
            claim['ended'] ?? null,
          ],
        );
      }
      return null;
    } catch (error) {
      if (error instanceof DatabaseError) return error.constraint ?? error.message;
      throw error;
    } finally {
      await client.query('ROLLBACK');
    }
  }

  test('an address has one live holder in its space, and any number of former ones', async () => {
    const ip = '10.0.0.9';
    expect(await claimRefusedBy([{ ip }, { ip }])).toBe('claims_one_holder');
    expect(await claimRefusedBy([{ ip, ended: 'released' }, { ip, ended: 'released' }, { ip }])).toBeNull();
    expect(
      await claimRefusedBy([
        { ip, shared: true },
        { ip, shared: true },
      ]),
    ).toBeNull();
  });

  test('a live claim has a network, and is a single address', async () => {
    expect(await claimRefusedBy([{ ip: '10.0.0.9', network: null }])).toBe('claims_live_have_a_network');
    expect(await claimRefusedBy([{ ip: '10.0.0.9', network: null, ended: 'network_deleted' }])).toBeNull();
    expect(await claimRefusedBy([{ ip: '10.0.0.0/24' }])).toBe('claims_ip_check');
  });
});

function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = object;
  return rest;
}
