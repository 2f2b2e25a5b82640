import type { List, Network, NetworkEffect, Wire } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('web-2', [['web', '10.1.0.12/24']]),
      machine('db-1', [['db', '10.2.0.11/24']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

const path = (name: string): string => `/api/v1/networks/${encodeURIComponent(name)}`;

async function countNetworks(): Promise<number> {
  const [row] = await lab.sql<{ count: string }>('SELECT count(*) FROM networks');
  return Number(row?.count);
}

async function wireOf(purpose: 'uplink' | 'vmkernel'): Promise<Wire> {
  const { body } = await lab.controller.call<List<Wire>>('GET', `/api/v1/wires?purpose=${purpose}`);
  const [wire] = body.items;
  if (wire === undefined) throw new Error(`the lab has no ${purpose} wire`);
  return wire;
}

describe('making a network', () => {
  test('a prefix alone gives the range between network and broadcast address, all of it to be given out', async () => {
    const { network } = await lab.createNetwork({ name: 'by cidr', wire: 'web', cidr: '10.50.1.0/24' });
    expect(network).toMatchObject({
      name: 'by cidr',
      wire: { name: 'web' },
      space: { name: 'default' },
      family: 4,
      start: '10.50.1.1',
      end: '10.50.1.254',
      prefixLength: 24,
      cidr: '10.50.1.0/24',
      giving: [{ start: '10.50.1.1', end: '10.50.1.254' }],
      gateway: null,
      dns: [],
      domain: null,
      ntp: [],
      allocationPolicy: 'stepup',
      restingSeconds: 1800,
      description: '',
      tags: {},
      companion: null,
      additionalWires: [],
      suggestedWires: [],
      excludedWires: [],
      counts: { total: 254, used: 0, reserved: 0, resting: 0, seen: 0, free: 254 },
    });
  });

  test('start, end and prefix length with every other field come back as they were given, in canonical text', async () => {
    const { network } = await lab.createNetwork({
      name: 'all fields',
      wire: 'web',
      start: '10.50.2.10',
      end: '10.50.2.99',
      prefixLength: 24,
      giving: [
        { start: '10.50.2.20', end: '10.50.2.29' },
        { start: '10.50.2.40', end: '10.50.2.49' },
      ],
      gateway: '10.50.2.1',
      dns: ['10.50.2.53', '2001:0DB8::0053'],
      domain: 'lab.example',
      ntp: ['Time.Lab.Example', '10.50.2.123'],
      allocationPolicy: 'stepdown',
      restingSeconds: 60,
      description: 'A network\nof two lines',
      tags: { owner: 'web team' },
    });
    const shown = await lab.network('all fields');
    expect(shown).toEqual(network);
    expect(shown).toMatchObject({
      cidr: '10.50.2.0/24',
      start: '10.50.2.10',
      end: '10.50.2.99',
      giving: [
        { start: '10.50.2.20', end: '10.50.2.29' },
        { start: '10.50.2.40', end: '10.50.2.49' },
      ],
      gateway: '10.50.2.1',
      dns: ['10.50.2.53', '2001:db8::53'],
      domain: 'lab.example',
      ntp: ['time.lab.example', '10.50.2.123'],
      allocationPolicy: 'stepdown',
      restingSeconds: 60,
      description: 'A network\nof two lines',
      tags: { owner: 'web team' },
      counts: { total: 90, seen: 1, free: 89 },
    });
  });

  test.each([
    { cidr: '10.50.3.0/31', start: '10.50.3.0', end: '10.50.3.1', total: 2 },
    { cidr: '10.50.3.7/32', start: '10.50.3.7', end: '10.50.3.7', total: 1 },
    { cidr: '2001:db8:50::/127', start: '2001:db8:50::', end: '2001:db8:50::1', total: 2 },
    { cidr: '2001:db8:50::7/128', start: '2001:db8:50::7', end: '2001:db8:50::7', total: 1 },
  ])('the short prefix $cidr is a network of all its addresses', async ({ cidr, start, end, total }) => {
    const { network } = await lab.createNetwork({ name: cidr, wire: 'web', cidr });
    expect(network).toMatchObject({ cidr, start, end, counts: { total, free: total } });
  });

  test.each(['0.0.0.0/0', '::/0'])('%s is refused: it would take every address', async (cidr) => {
    const refused = await lab.refuse('invalid_input', 'POST', '/api/v1/networks', {
      name: 'all',
      wire: 'web',
      cidr,
    });
    expect(refused.errors).toMatchObject([{ field: 'cidr', value: cidr }]);
  });

  test('an IPv6 network counts its addresses and may have a link-local gateway', async () => {
    const { network } = await lab.createNetwork({
      name: 'v6',
      wire: 'web',
      cidr: '2001:db8:51::/64',
      gateway: 'fe80::1',
    });
    expect(network).toMatchObject({
      family: 6,
      gateway: 'fe80::1',
      end: '2001:db8:51:0:ffff:ffff:ffff:ffff',
    });
    expect(network.counts.total).toBeGreaterThan(2 ** 63);
  });

  test('an IPv4 and an IPv6 network become companions of each other, and part again', async () => {
    const { network: four } = await lab.createNetwork({ name: 'pair 4', wire: 'web', cidr: '10.50.4.0/24' });
    const { network: six } = await lab.createNetwork({
      name: 'pair 6',
      wire: 'web',
      cidr: '2001:db8:52::/64',
      companion: 'pair 4',
    });
    expect(six.companion).toEqual({ id: four.id, name: 'pair 4' });
    expect((await lab.network('pair 4')).companion).toEqual({ id: six.id, name: 'pair 6' });
    const parted = await lab.controller.call<NetworkEffect>('PATCH', path('pair 4'), { companion: null });
    expect(parted.body.network.companion).toBeNull();
    expect((await lab.network('pair 6')).companion).toBeNull();
  });

  test('a companion of the same family, on another wire, or with a companion already is refused', async () => {
    await lab.createNetwork({ name: 'c4', wire: 'web', cidr: '10.50.5.0/24' });
    await lab.createNetwork({ name: 'c6', wire: 'web', cidr: '2001:db8:53::/64', companion: 'c4' });
    await lab.createNetwork({ name: 'c6 elsewhere', wire: 'db', cidr: '2001:db8:54::/64' });
    const make = (more: object): Promise<unknown> =>
      lab.refuse('companion_unfit', 'POST', '/api/v1/networks', { name: 'x', wire: 'web', ...more });
    await lab.createNetwork({ name: 'lone 4', wire: 'web', cidr: '10.50.8.0/24' });
    await make({ cidr: '10.50.6.0/24', companion: 'lone 4' });
    await make({ cidr: '2001:db8:55::/64', companion: 'c4' });
    await make({ cidr: '10.50.6.0/24', companion: 'c6' });
    await make({ cidr: '10.50.6.0/24', companion: 'c6 elsewhere' });
    await lab.refuse('companion_unfit', 'PATCH', path('c4'), { companion: 'c4' });
  });

  test('a dry run answers what would happen, with the NICs it would settle, and makes nothing', async () => {
    const before = await countNetworks();
    const dry = await lab.controller.call<NetworkEffect>('POST', '/api/v1/networks?dryRun=true', {
      name: 'rehearsed',
      wire: 'web',
      cidr: '10.1.0.0/24',
    });
    expect(dry.status).toBe(200);
    expect(dry.body).toMatchObject({ settles: 2, ends: 0, conflicts: 0, network: { counts: { used: 2 } } });
    expect(dry.body.nics.map((nic) => `${nic.server.name} ${nic.ip} ${nic.change}`).toSorted()).toEqual([
      'web-1 10.1.0.11 settled',
      'web-2 10.1.0.12 settled',
    ]);
    expect(await countNetworks()).toBe(before);
    expect(await lab.records('web-1')).toEqual([]);
    expect(await lab.sql(`SELECT 1 FROM events WHERE object_name = 'rehearsed'`)).toEqual([]);
  });

  test('a network is found by its wire, space, family, name and an address it holds', async () => {
    await lab.createNetwork({ name: 'findable', wire: 'spare', cidr: '10.50.7.0/24' });
    for (const query of [
      'wire=spare',
      'space=default&name=findable',
      'family=4&wire=spare',
      'ip=10.50.7.9',
      'q=findab',
      'q=10.50.7.9',
    ]) {
      const { body } = await lab.controller.call<List<Network>>('GET', `/api/v1/networks?${query}`);
      expect(
        body.items.map((network) => network.name),
        query,
      ).toEqual(['findable']);
    }
    const { body } = await lab.controller.call<List<Network>>('GET', '/api/v1/networks?family=6&wire=spare');
    expect(body).toEqual({ items: [], nextCursor: null, total: 0 });
  });
});

describe('what a new network is refused for, and what is in the way', () => {
  test('an overlap names the other network, for IPv4 and IPv6, at either edge', async () => {
    const four = (
      await lab.createNetwork({
        name: 'held 4',
        wire: 'web',
        start: '10.51.0.100',
        end: '10.51.0.199',
        prefixLength: 24,
      })
    ).network;
    const six = (await lab.createNetwork({ name: 'held 6', wire: 'web', cidr: '2001:db8:60::/64' })).network;
    const before = await countNetworks();
    for (const [start, end] of [
      ['10.51.0.199', '10.51.0.220'],
      ['10.51.0.50', '10.51.0.100'],
      ['10.51.0.150', '10.51.0.150'],
      ['10.51.0.1', '10.51.0.254'],
    ]) {
      const refused = await lab.refuse('overlap', 'POST', '/api/v1/networks', {
        name: 'late',
        wire: 'db',
        start,
        end,
        prefixLength: 24,
      });
      expect(refused.status).toBe(409);
      expect(refused.objects).toEqual([{ kind: 'network', id: four.id, name: 'held 4' }]);
      expect(refused.detail).toContain('10.51.0.100 to 10.51.0.199');
    }
    const refused = await lab.refuse('overlap', 'POST', '/api/v1/networks', {
      name: 'late',
      wire: 'db',
      start: '2001:db8:60::ffff',
      end: '2001:db8:60::ffff',
      prefixLength: 64,
    });
    expect(refused.objects).toEqual([{ kind: 'network', id: six.id, name: 'held 6' }]);
    expect(await countNetworks()).toBe(before);
    // Beside it is free.
    await lab.createNetwork({
      name: 'beside',
      wire: 'db',
      start: '10.51.0.200',
      end: '10.51.0.220',
      prefixLength: 24,
    });
  });

  test.each([
    [
      'range_outside_prefix',
      { start: '10.52.0.10', end: '10.52.1.10', prefixLength: 24 },
      /10\.52\.0\.10 to 10\.52\.1\.10 does not lie in 10\.52\.0\.0\/24/,
    ],
    [
      'gateway_outside_prefix',
      { cidr: '10.52.0.0/24', gateway: '10.52.1.1' },
      /10\.52\.1\.1.*10\.52\.0\.0\/24/,
    ],
    ['gateway_outside_prefix', { cidr: '2001:db8:61::/64', gateway: '2001:db8:62::1' }, /2001:db8:62::1/],
    [
      'giving_outside_range',
      { cidr: '10.52.0.0/24', giving: [{ start: '10.52.0.250', end: '10.52.1.5' }] },
      /10\.52\.0\.250 to 10\.52\.1\.5.*10\.52\.0\.1 to 10\.52\.0\.254/,
    ],
  ])('%s says which and where (%o)', async (code, fields, detail) => {
    const before = await countNetworks();
    const refused = await lab.refuse(code, 'POST', '/api/v1/networks', { name: 'x', wire: 'web', ...fields });
    expect(refused.status).toBe(422);
    expect(refused.detail).toMatch(detail);
    expect(await countNetworks()).toBe(before);
  });

  test('a link-local gateway is for IPv6 alone', async () => {
    await lab.refuse('gateway_outside_prefix', 'POST', '/api/v1/networks', {
      name: 'x',
      wire: 'web',
      cidr: '10.52.0.0/24',
      gateway: '169.254.0.1',
    });
  });

  test.each(['uplink', 'vmkernel'] as const)(
    'a wire of the purpose %s takes no networks',
    async (purpose) => {
      const wire = await wireOf(purpose);
      const refused = await lab.refuse('wire_takes_no_networks', 'POST', '/api/v1/networks', {
        name: 'x',
        wire: wire.id,
        cidr: '10.52.0.0/24',
      });
      expect(refused.objects).toEqual([{ kind: 'wire', id: wire.id, name: wire.name }]);
      await lab.createNetwork({
        name: `beside ${purpose}`,
        wire: 'web',
        cidr: purpose === 'uplink' ? '10.52.2.0/24' : '10.52.3.0/24',
      });
      await lab.refuse('wire_takes_no_networks', 'PUT', `${path(`beside ${purpose}`)}/additional-wires`, {
        wires: [wire.id],
      });
    },
  );

  test('a wire that vCenter no longer shows takes no new network', async () => {
    await lab.sql(`UPDATE wires SET missing_since = now() WHERE name = 'twin'`);
    const refused = await lab.refuse('wire_missing', 'POST', '/api/v1/networks', {
      name: 'x',
      wire: 'twin',
      cidr: '10.52.0.0/24',
    });
    expect(refused.detail).toContain('"twin"');
    await lab.sql(`UPDATE wires SET missing_since = NULL WHERE name = 'twin'`);
  });

  test('an unknown wire is not found, and a taken name is refused', async () => {
    await lab.refuse('not_found', 'POST', '/api/v1/networks', {
      name: 'x',
      wire: 'nowhere',
      cidr: '10.52.0.0/24',
    });
    await lab.createNetwork({ name: 'taken name', wire: 'web', cidr: '10.52.4.0/24' });
    const refused = await lab.refuse('name_taken', 'POST', '/api/v1/networks', {
      name: 'taken name',
      wire: 'web',
      cidr: '10.52.5.0/24',
    });
    expect(refused.detail).toContain('taken name');
  });
});

describe('changing a network', () => {
  test('every field can be changed and cleared, and nothing named is nothing changed', async () => {
    await lab.createNetwork({
      name: 'before',
      wire: 'web',
      cidr: '10.53.0.0/24',
      gateway: '10.53.0.1',
      dns: ['10.53.0.53'],
      domain: 'old.example',
    });
    const { body } = await lab.controller.call<NetworkEffect>('PATCH', path('before'), {
      name: 'after',
      start: '10.53.0.0',
      end: '10.53.1.255',
      prefixLength: 23,
      gateway: null,
      dns: [],
      domain: null,
      ntp: ['pool.example'],
      allocationPolicy: 'random',
      restingSeconds: 0,
      description: 'wider',
      tags: { a: 'b' },
      giving: 'none',
    });
    expect(body.network).toMatchObject({
      name: 'after',
      cidr: '10.53.0.0/23',
      start: '10.53.0.0',
      end: '10.53.1.255',
      gateway: null,
      dns: [],
      domain: null,
      ntp: ['pool.example'],
      allocationPolicy: 'random',
      restingSeconds: 0,
      description: 'wider',
      tags: { a: 'b' },
      giving: [],
    });
    const refused = await lab.refuse('invalid_input', 'PATCH', path('after'), {});
    expect(refused.remedy).not.toBe('');
    expect(await lab.network('after')).toEqual(body.network);
  });

  test('what was given out in whole follows the range; parts are cut to it', async () => {
    await lab.createNetwork({ name: 'whole', wire: 'web', cidr: '10.53.4.0/24' });
    const whole = await lab.controller.call<NetworkEffect>('PATCH', path('whole'), { end: '10.53.4.99' });
    expect(whole.body.network.giving).toEqual([{ start: '10.53.4.1', end: '10.53.4.99' }]);
    await lab.createNetwork({
      name: 'parts',
      wire: 'web',
      cidr: '10.53.5.0/24',
      giving: [
        { start: '10.53.5.10', end: '10.53.5.20' },
        { start: '10.53.5.90', end: '10.53.5.120' },
        { start: '10.53.5.200', end: '10.53.5.210' },
      ],
    });
    const parts = await lab.controller.call<NetworkEffect>('PATCH', path('parts'), { end: '10.53.5.99' });
    expect(parts.body.network.giving).toEqual([
      { start: '10.53.5.10', end: '10.53.5.20' },
      { start: '10.53.5.90', end: '10.53.5.99' },
    ]);
  });

  test('the same refusals hold as for a new one', async () => {
    await lab.createNetwork({ name: 'm1', wire: 'web', cidr: '10.53.8.0/25', gateway: '10.53.8.1' });
    const { network: m2 } = await lab.createNetwork({ name: 'm2', wire: 'web', cidr: '10.53.8.128/25' });
    const before = await lab.network('m1');
    const overlap = await lab.refuse('overlap', 'PATCH', path('m1'), {
      end: '10.53.8.200',
      prefixLength: 24,
    });
    expect(overlap.objects).toEqual([{ kind: 'network', id: m2.id, name: 'm2' }]);
    await lab.refuse('range_outside_prefix', 'PATCH', path('m1'), { end: '10.53.9.1' });
    await lab.refuse('gateway_outside_prefix', 'PATCH', path('m1'), { gateway: '10.99.0.1' });
    await lab.refuse('giving_outside_range', 'PATCH', path('m1'), {
      giving: [{ start: '10.53.8.120', end: '10.53.8.130' }],
    });
    await lab.refuse('name_taken', 'PATCH', path('m1'), { name: 'm2' });
    const family = await lab.refuse('invalid_input', 'PATCH', path('m1'), {
      start: '2001:db8:70::1',
      end: '2001:db8:70::9',
      prefixLength: 64,
    });
    expect(family.errors?.[0]).toMatchObject({ field: 'start', value: '2001:db8:70::1' });
    // The gateway that stays must fit the prefix that comes.
    await lab.refuse('gateway_outside_prefix', 'PATCH', path('m1'), {
      start: '10.53.16.1',
      end: '10.53.16.9',
      prefixLength: 24,
    });
    expect(await lab.network('m1')).toEqual(before);
  });

  test('a range that would leave out a claimed address is refused, with the address', async () => {
    await lab.createNetwork({ name: 'settled', wire: 'db', cidr: '10.2.0.0/24' });
    expect(await lab.records('db-1')).toEqual(['10.2.0.11']);
    const refused = await lab.refuse('claims_outside_range', 'PATCH', path('settled'), {
      start: '10.2.0.12',
    });
    expect(refused.detail).toContain('10.2.0.11');
    expect(refused.objects).toMatchObject([{ kind: 'claim', name: '10.2.0.11 db-1' }]);
    expect((await lab.network('settled')).start).toBe('10.2.0.1');
    const fine = await lab.controller.call<NetworkEffect>('PATCH', path('settled'), { start: '10.2.0.11' });
    expect(fine.body).toMatchObject({ settles: 0, ends: 0, network: { start: '10.2.0.11' } });
    await lab.controller.call('DELETE', path('settled'));
  });

  test('a range that would leave nothing of the parts to give from is refused, with the part; with new ones it is taken', async () => {
    await lab.createNetwork({
      name: 'giving parts',
      wire: 'db',
      cidr: '10.53.40.0/24',
      giving: [{ start: '10.53.40.100', end: '10.53.40.199' }],
    });
    const cut = await lab.controller.call<NetworkEffect>('PATCH', path('giving parts'), {
      end: '10.53.40.150',
    });
    expect(cut.body.network.giving).toEqual([{ start: '10.53.40.100', end: '10.53.40.150' }]);
    const refused = await lab.refuse('giving_outside_range', 'PATCH', path('giving parts'), {
      end: '10.53.40.99',
    });
    expect(refused.detail).toContain('10.53.40.100 to 10.53.40.150');
    expect((await lab.network('giving parts')).end).toBe('10.53.40.150');
    const taken = await lab.controller.call<NetworkEffect>('PATCH', path('giving parts'), {
      end: '10.53.40.99',
      giving: 'none',
    });
    expect(taken.body.network.giving).toEqual([]);
    // Who gives nothing goes on giving nothing.
    const less = await lab.controller.call<NetworkEffect>('PATCH', path('giving parts'), {
      end: '10.53.40.50',
    });
    expect(less.status).toBe(200);
  });

  test('a range that grows settles what it now holds; a dry run of it changes nothing', async () => {
    await lab.createNetwork({
      name: 'growing',
      wire: 'web',
      start: '10.1.0.1',
      end: '10.1.0.11',
      prefixLength: 24,
    });
    expect(await lab.records('web-2')).toEqual([]);
    expect(await lab.reasons('web-2')).toEqual(['outside_range 10.1.0.12']);
    const dry = await lab.controller.call<NetworkEffect>('PATCH', `${path('growing')}?dryRun=true`, {
      end: '10.1.0.12',
    });
    expect(dry.body).toMatchObject({ settles: 1, nics: [{ server: { name: 'web-2' }, ip: '10.1.0.12' }] });
    expect(await lab.records('web-2')).toEqual([]);
    expect((await lab.network('growing')).end).toBe('10.1.0.11');
    const real = await lab.controller.call<NetworkEffect>('PATCH', path('growing'), { end: '10.1.0.12' });
    expect(real.body.settles).toBe(1);
    expect(await lab.records('web-2')).toEqual(['10.1.0.12']);
    await lab.controller.call('DELETE', path('growing'));
  });
});

describe('deleting a network', () => {
  test('tells in a dry run what would end and go along with it, and leaves all of that', async () => {
    await lab.createNetwork({ name: 'looked at', wire: 'spare', cidr: '10.88.0.0/24' });
    const made = await lab.controller.call('POST', '/api/v1/reservations', {
      network: 'looked at',
      start: '10.88.0.10',
      end: '10.88.0.19',
      note: 'firewall',
    });
    expect(made.status).toBe(201);
    const dry = await lab.controller.call('DELETE', `${path('looked at')}?dryRun=true`);
    expect(dry.status).toBe(200);
    expect(dry.body).toMatchObject({
      network: { name: 'looked at' },
      ends: 0,
      reservations: [{ kind: 'reserved', start: '10.88.0.10', end: '10.88.0.19', note: 'firewall' }],
    });
    expect((await lab.network('looked at')).counts.reserved).toBe(10);
    expect((await lab.controller.call('DELETE', path('looked at'))).status).toBe(204);
    expect(await lab.sql(`SELECT 1 FROM reservations WHERE note = 'firewall'`)).toEqual([]);
  });

  test('records from Tools become unresolved again, and their history stays', async () => {
    const { network } = await lab.createNetwork({ name: 'short-lived', wire: 'web', cidr: '10.1.0.0/24' });
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
    expect((await lab.controller.call('DELETE', path('short-lived'))).status).toBe(204);
    expect(await lab.records('web-1')).toEqual([]);
    expect(await lab.reasons('web-1')).toEqual(['no_network 10.1.0.11']);
    expect((await lab.server('web-1')).tags).toEqual({ sync_ips: '10.1.0.11' });
    await lab.refuse('not_found', 'GET', path('short-lived'));
    const history = await lab.controller.call<{ history: unknown[] }>('GET', '/api/v1/addresses/10.1.0.11');
    expect(history.body.history).toContainEqual(
      expect.objectContaining({
        server: expect.objectContaining({ name: 'web-1' }) as unknown,
        network: { id: null, name: network.name },
        source: 'tools',
        ended: 'network_deleted',
      }),
    );
  });

  test.each(['manual', 'allocated'])('a %s claim stands in the way, with its address', async (source) => {
    const { network } = await lab.createNetwork({ name: `with ${source}`, wire: 'web', cidr: '10.1.0.0/24' });
    await lab.sql(
      `INSERT INTO claims (space_id, ip, network_id, source, started_at)
       SELECT space_id, '10.1.0.77', id, $2, now() FROM networks WHERE id = $1`,
      [network.id, source],
    );
    const refused = await lab.refuse('claims_in_the_way', 'DELETE', path(network.name));
    expect(refused.detail).toContain('10.1.0.77');
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
    await lab.sql(
      `UPDATE claims SET ended_at = now(), end_reason = 'released' WHERE ip = '10.1.0.77' AND ended_at IS NULL`,
    );
    expect((await lab.controller.call('DELETE', path(network.name))).status).toBe(204);
  });

  test('the companion stays, alone', async () => {
    await lab.createNetwork({ name: 'gone 4', wire: 'web', cidr: '10.54.0.0/24' });
    await lab.createNetwork({ name: 'stays 6', wire: 'web', cidr: '2001:db8:71::/64', companion: 'gone 4' });
    await lab.controller.call('DELETE', path('gone 4'));
    expect((await lab.network('stays 6')).companion).toBeNull();
  });
});
