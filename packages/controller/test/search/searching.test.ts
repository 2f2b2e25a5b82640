import type { ProblemBody, SearchAnswer, SearchItem } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hold } from '../support/address-facts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** One box over everything, asked over HTTP what a person would type or paste into it. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('shop', [['web', '10.1.0.11/24']]),
      machine('shop-2', [['web', '10.1.0.12/24']]),
      machine('workshop', [['db', '10.2.0.13/24']]),
      machine('100%_sure', [['db', '10.2.0.14/24']]),
    ]),
  );
  await lab.createNetwork({
    name: 'front',
    wire: 'web',
    cidr: '10.1.0.0/24',
    gateway: '10.1.0.1',
    description: 'all that sells',
  });
  await lab.createNetwork({ name: 'back', wire: 'db', cidr: '10.2.0.0/24' });
  await hold(lab, 'front', {
    ip: '10.1.0.30',
    source: 'manual',
    key: 'till-7',
    holder: { name: 'Till 7', owner: 'shopkeepers', mac: '00:11:22:33:44:55', note: '' },
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

const pathOf = (q: string, more: Record<string, string> = {}): string =>
  `/api/v1/search?${new URLSearchParams({ q, ...more }).toString()}`;
async function find(q: string, more: Record<string, string> = {}): Promise<SearchAnswer> {
  const answer = await lab.controller.call<SearchAnswer>('GET', pathOf(q, more));
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const tell = (items: readonly SearchItem[]): string[] =>
  items.map((item) => `${item.kind} ${item.name}${item.match === null ? '' : ` by ${item.match.field}`}`);

describe('a name', () => {
  test('finds what is called exactly that first, then what begins with it, then what has it anywhere', async () => {
    const { items, totals, truncated } = await find('SHOP');
    expect(tell(items.filter((item) => item.kind === 'server'))).toEqual([
      'server shop by name',
      'server shop-2 by name',
      'server workshop by name',
    ]);
    expect(items.find((item) => item.kind === 'address')).toMatchObject({
      name: '10.1.0.30',
      match: { field: 'owner', value: 'shopkeepers' },
      network: { name: 'front' },
      address: { state: 'held', key: 'till-7', holder: { name: 'Till 7' } },
    });
    expect(totals).toEqual({ server: 3, address: 1 });
    expect(truncated).toBe(false);
    const few = await find('shop', { limit: '1' });
    expect(tell(few.items)).toEqual(['address 10.1.0.30 by owner', 'server shop by name']);
    expect(few).toMatchObject({ totals: { server: 3 }, truncated: true });
  });

  test('says in one line where each is, in the language asked for', async () => {
    expect((await find('shop-2')).items[0]?.detail).toBe('on "web", 10.1.0.12');
    const answer = await lab.controller.call<SearchAnswer>('GET', pathOf('shop-2'), undefined, {
      'accept-language': 'zh-CN',
    });
    expect(answer.body.items[0]?.detail).toBe('连接到“web”，10.1.0.12');
  });

  test('is taken as it stands: the wildcards of SQL are letters', async () => {
    expect(tell((await find('%')).items)).toEqual(['server 100%_sure by name']);
    expect(tell((await find('0%_s')).items)).toEqual(['server 100%_sure by name']);
    expect((await find(`'; DROP TABLE servers; --`)).items).toEqual([]);
    expect((await find('\\')).items).toEqual([]);
  });

  test('of a wire, a network by its description, a host, a switch, an account, a key', async () => {
    expect(tell((await find('web')).items)).toContain('wire web by name');
    expect(tell((await find('that sells')).items)).toEqual(['network front by description']);
    const { items } = await find('lab');
    expect(tell(items)).toContain('cloud_account lab by name');
    expect(tell((await find('till-7')).items)).toEqual(['address 10.1.0.30 by key']);
    const [host] = await lab.sql<{ name: string; uuid: string }>(
      'SELECT name, hardware_uuid AS uuid FROM hosts LIMIT 1',
    );
    expect(tell((await find(host?.name ?? '')).items)).toContain(`host ${host?.name} by name`);
  });
});

describe('an address, a prefix, a MAC, a UUID', () => {
  test('an address is answered whoever has it, with the server, the NIC and the network', async () => {
    const { items } = await find('10.1.0.11');
    expect(tell(items)).toEqual([
      'address 10.1.0.11 by ip',
      'server shop by ip',
      `nic ${(await lab.nics('shop'))[0]?.mac} by ip`,
      'network front by ip',
    ]);
    expect(items[0]).toMatchObject({
      server: { name: 'shop' },
      network: { name: 'front' },
      address: { state: 'used', source: 'tools' },
      detail: 'shop, in "front"',
    });
    expect((await find('::ffff:10.1.0.11')).items[0]?.name).toBe('10.1.0.11');
  });

  test('an address that nobody has is answered too', async () => {
    expect((await find('10.1.0.99')).items[0]).toMatchObject({
      kind: 'address',
      name: '10.1.0.99',
      detail: 'nobody has it, in "front"',
      address: { state: 'free' },
    });
    expect((await find('192.0.2.1')).items).toMatchObject([
      { kind: 'address', network: null, address: { state: 'outside' } },
    ]);
  });

  test('a prefix finds the network that it is, those that hold it, and those that lie in it', async () => {
    expect(tell((await find('10.1.0.0/24')).items)).toEqual(['network front by cidr']);
    expect(tell((await find('10.1.0.64/26')).items)).toEqual(['network front by cidr']);
    expect(tell((await find('10.0.0.0/8')).items)).toEqual(['network back by cidr', 'network front by cidr']);
    expect(tell((await find('10.2.')).items)).toEqual(['network back by cidr']);
  });

  test('a MAC in any usual notation, and the beginning of one', async () => {
    const mac = (await lab.nics('workshop'))[0]?.mac ?? '';
    const digits = mac.replaceAll(':', '');
    for (const q of [
      mac,
      mac.toUpperCase(),
      mac.replaceAll(':', '-'),
      digits,
      digits.replaceAll(/(.{4})(?=.)/g, '$1.'),
    ]) {
      expect(tell((await find(q)).items)).toEqual(['server workshop by mac', `nic ${mac} by mac`]);
    }
    const { items } = await find(mac.slice(0, 14));
    expect(tell(items)).toContain(`nic ${mac} by mac`);
    expect(items[0]).toMatchObject({ kind: 'nic', server: { name: expect.any(String) } });
    expect(tell((await find('0011.2233.4455')).items)).toEqual(['address 10.1.0.30 by mac']);
  });

  test('a UUID of vCenter, and an id of ours', async () => {
    const server = await lab.server('shop');
    expect(tell((await find((server.instanceUuid ?? '').toUpperCase())).items)).toEqual([
      'server shop by instanceUuid',
    ]);
    expect(tell((await find(server.id)).items)).toEqual(['server shop by id']);
    const network = await lab.network('front');
    expect(tell((await find(network.id)).items)).toEqual(['network front by id']);
  });
});

describe('several addresses and MACs', () => {
  test('are answered one by one in their order, each once, those unknown too', async () => {
    const mac = (await lab.nics('workshop'))[0]?.mac ?? '';
    const { items, truncated } = await find(
      `10.1.0.12, 10.1.0.99;${mac.toUpperCase()}\n192.0.2.1\t10.1.0.12 02:00:00:00:00:99 ::ffff:10.1.0.12 10.1.0.300 00-11-22-33-44-55`,
    );
    expect(truncated).toBe(false);
    expect(
      items.map(({ kind, name, term, server, network, address }) => [
        kind,
        name,
        term,
        server?.name ?? null,
        network?.name ?? null,
        address?.state ?? null,
      ]),
    ).toEqual([
      ['address', '10.1.0.12', '10.1.0.12', 'shop-2', 'front', 'used'],
      ['address', '10.1.0.99', '10.1.0.99', null, 'front', 'free'],
      ['nic', mac, mac.toUpperCase(), 'workshop', 'back', null],
      ['address', '192.0.2.1', '192.0.2.1', null, null, 'outside'],
      ['nic', '02:00:00:00:00:99', '02:00:00:00:00:99', null, null, null],
      ['unknown', '10.1.0.300', '10.1.0.300', null, null, null],
      ['address', '10.1.0.30', '00-11-22-33-44-55', null, 'front', 'held'],
    ]);
    expect(items.map((item) => item.match?.field ?? null)).toEqual([
      'ip',
      'ip',
      'mac',
      null,
      null,
      null,
      'mac',
    ]);
    expect(items[4]?.detail).toBe('no NIC has this MAC');
    expect(items[5]?.detail).toBe('neither an address nor a MAC');
  });

  test('fifty are answered, one more is refused', async () => {
    const ips = Array.from({ length: 51 }, (_, nr) => `10.1.0.${nr + 100}`);
    expect((await find(ips.slice(1).join(' '))).items).toHaveLength(50);
    // Named twice is named once.
    expect((await find([...ips.slice(1), ...ips.slice(1)].join('\n'))).items).toHaveLength(50);
    const problem = await lab.refuse('invalid_input', 'GET', pathOf(ips.join(' ')));
    expect(problem.errors).toMatchObject([{ field: 'q', message: expect.stringContaining('50') }]);
  });
});

describe('odd questions', () => {
  test('nothing, blanks, a whole novel, a NUL, an unknown space, an odd limit', async () => {
    expect((await find('   ')).items).toEqual([]);
    expect((await find('no such thing')).items).toEqual([]);
    expect((await find(', ;')).items).toEqual([]);
    expect((await find('10.1.0.11/')).items).toEqual([]);
    const refuse = (path: string): Promise<ProblemBody> => lab.refuse('invalid_input', 'GET', path);
    for (const path of [
      pathOf(''),
      pathOf('x'.repeat(4097)),
      pathOf('a\u0000b'),
      pathOf('x', { limit: '0' }),
      pathOf('x', { limit: '51' }),
      '/api/v1/search',
    ])
      expect((await refuse(path)).errors?.length).toBe(1);
    await lab.refuse('not_found', 'GET', pathOf('10.1.0.11', { space: 'nowhere' }));
    expect((await find('x'.repeat(4096))).items).toEqual([]);
  });
});

test('an address that two spaces know is one answer for each', async () => {
  await lab.sql(`INSERT INTO address_spaces (name) VALUES ('elsewhere')`);
  await lab.sql(
    `INSERT INTO claims (space_id, ip, source, started_at, ended_at, end_reason)
     SELECT id, '10.1.0.11', 'allocated', now(), now(), 'released' FROM address_spaces WHERE name = 'elsewhere'`,
  );
  const { items } = await find('10.1.0.11');
  expect(
    items
      .filter((item) => item.kind === 'address')
      .map((item) => [item.address?.space.name, item.address?.state]),
  ).toEqual([
    ['default', 'used'],
    ['elsewhere', expect.any(String)],
  ]);
  const named = await find('10.1.0.11', { space: 'elsewhere' });
  expect(named.items.filter((item) => item.kind === 'address')).toMatchObject([
    { server: null, address: { space: { name: 'elsewhere' } } },
  ]);
  const [first] = (await find('10.1.0.11 10.1.0.12')).items;
  expect(first).toMatchObject({ server: { name: 'shop' }, detail: expect.stringContaining('elsewhere') });
});
