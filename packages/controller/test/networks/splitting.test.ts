import type { GivenAddress, List, NetworkChangeEffect, Reservation } from '@wirebook/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Book, openBook } from '../support/book.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

let lab: EstateController;
let book: Book;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('low', [['web', '10.1.0.11/24']]),
      machine('high', [['web', '10.1.0.201/24']]),
      machine('twin', [['twin', '10.1.0.211/24']]),
      machine('silent', [['twin', '10.1.0.212/24']]),
    ]),
  );
  book = await openBook(lab.controller.databaseUrl);
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

const call = <T>(method: string, path: string, body?: unknown): ReturnType<typeof lab.controller.call<T>> =>
  lab.controller.call<T>(method, `/api/v1${path}`, body);
const split = async (network: string, body: object, query = ''): Promise<NetworkChangeEffect> => {
  const answer = await call<NetworkChangeEffect>('POST', `/networks/${network}/split${query}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const reservationsOf = async (network: string): Promise<string[]> =>
  (await call<List<Reservation>>('GET', `/reservations?network=${network}`)).body.items.map(
    (one) => `${one.start}-${one.end} ${one.kind} ${one.note}`,
  );
const reserve = (start: number, end: number, more: object = {}): Promise<unknown> =>
  call('POST', '/reservations', {
    network: 'web',
    start: `10.1.0.${start}`,
    end: `10.1.0.${end}`,
    ...more,
  });

const make = (more: object = {}): Promise<unknown> =>
  lab.createNetwork({
    name: 'web',
    wire: 'web',
    cidr: '10.1.0.0/24',
    gateway: '10.1.0.1',
    dns: ['10.1.0.53'],
    domain: 'lab.example',
    ntp: ['time.lab.example'],
    description: 'front ends',
    tags: { env: 'prod' },
    restingSeconds: 600,
    ...more,
  });

beforeEach(async () => {
  await lab.sql('UPDATE claims SET ended_at = now(), end_reason = $1 WHERE ended_at IS NULL', ['cleared']);
  await lab.sql('DELETE FROM networks');
  await lab.sql('DELETE FROM freed_addresses');
});

describe('splitting a network', () => {
  test('leaves it what lies before the address, and makes another of the rest, alike in all else', async () => {
    await make();
    const before = await lab.network('web');
    const effect = await split('web', { at: '10.1.0.128' });
    const [lower, upper] = effect.networks;
    const same = {
      wire: before.wire,
      space: before.space,
      cidr: '10.1.0.0/24',
      gateway: '10.1.0.1',
      dns: ['10.1.0.53'],
      domain: 'lab.example',
      ntp: ['time.lab.example'],
      description: 'front ends',
      tags: { env: 'prod' },
      restingSeconds: 600,
      allocationPolicy: 'stepup',
    };
    expect(lower).toMatchObject({
      ...same,
      id: before.id,
      name: 'web',
      start: '10.1.0.1',
      end: '10.1.0.127',
      giving: [{ start: '10.1.0.1', end: '10.1.0.127' }],
    });
    expect(upper).toMatchObject({
      ...same,
      name: 'web-2',
      start: '10.1.0.128',
      end: '10.1.0.254',
      giving: [{ start: '10.1.0.128', end: '10.1.0.254' }],
    });
    expect(effect).toMatchObject({
      settles: 0,
      ends: 0,
      conflicts: 0,
      notKept: [],
      gone: [],
      nicsMoved: null,
    });
    expect(await lab.network('web')).toEqual(lower);
    expect(await lab.network('web-2')).toEqual(upper);
  });

  test('takes records, holds and keys along with their addresses, as old as they were', async () => {
    await make();
    await call('PUT', '/networks/web/claims/printer', { ip: '10.1.0.150', name: 'printer' });
    await call('PUT', '/networks/web/claims/scanner', { ip: '10.1.0.50' });
    const { body: given } = await call<{ items: GivenAddress[] }>('POST', '/networks/web/allocate', {
      ip: '10.1.0.151',
      note: 'for later',
    });
    const claims = (): Promise<object[]> =>
      lab.sql(`SELECT id, host(ip) AS ip, source, key, holder, nic_id, started_at, expires_at FROM claims
        WHERE ended_at IS NULL ORDER BY ip`);
    const before = await claims();
    const effect = await split('web', { at: '10.1.0.128', name: 'upper' });
    // The printer, the one for later, and the records of `high`, `twin` and `silent`.
    expect(effect).toMatchObject({ claims: 5, keys: ['printer'], settles: 0, ends: 0 });
    expect(await claims()).toEqual(before);
    expect((await call('GET', '/networks/upper/claims/printer')).body).toMatchObject({ ip: '10.1.0.150' });
    expect((await call('GET', '/networks/web/claims/printer')).status).toBe(404);
    expect((await call('GET', '/networks/web/claims/scanner')).body).toMatchObject({ ip: '10.1.0.50' });
    const [nic] = await lab.nics('high');
    expect(nic?.records).toMatchObject([{ ip: '10.1.0.201', network: { name: 'upper' } }]);
    const released = await call('POST', '/networks/upper/release', { ips: [given.items[0]?.ip] });
    expect(released.body).toMatchObject({ items: [{ released: true }] });
  });

  test('cuts a reservation that spans the address in two, and both go on as it was', async () => {
    await make();
    await reserve(10, 20);
    await reserve(120, 140, { note: 'firewall', kind: 'dhcp', expiresAt: '2099-01-01T00:00:00Z' });
    await reserve(230, 240, { note: 'later' });
    const effect = await split('web', { at: '10.1.0.128', name: 'upper' });
    expect(effect).toMatchObject({
      reservations: 1,
      cutReservations: [{ start: '10.1.0.120', end: '10.1.0.140' }],
    });
    expect(await reservationsOf('web')).toEqual([
      '10.1.0.10-10.1.0.20 reserved ',
      '10.1.0.120-10.1.0.127 dhcp firewall',
    ]);
    expect(await reservationsOf('upper')).toEqual([
      '10.1.0.128-10.1.0.140 dhcp firewall',
      '10.1.0.230-10.1.0.240 reserved later',
    ]);
    expect(await lab.sql(`SELECT DISTINCT expires_at FROM reservations WHERE kind = 'dhcp'`)).toHaveLength(1);
  });

  test('parts what is given: each half gives from what of it lies there', async () => {
    await make({
      giving: [
        { start: '10.1.0.20', end: '10.1.0.29' },
        { start: '10.1.0.120', end: '10.1.0.139' },
      ],
    });
    const { networks } = await split('web', { at: '10.1.0.128', name: 'upper' });
    expect(networks.map((network) => network.giving)).toEqual([
      [
        { start: '10.1.0.20', end: '10.1.0.29' },
        { start: '10.1.0.120', end: '10.1.0.127' },
      ],
      [{ start: '10.1.0.128', end: '10.1.0.139' }],
    ]);
    const next = async (network: string): Promise<unknown> =>
      (await call<{ items: unknown }>('POST', `/networks/${network}/allocate`, {})).body.items;
    expect(await next('web')).toMatchObject([{ ip: '10.1.0.20' }]);
    expect(await next('upper')).toMatchObject([{ ip: '10.1.0.128' }]);
  });

  test('what was let go of a moment ago goes on resting, and is given again by its half', async () => {
    await make();
    for (const ip of ['10.1.0.2', '10.1.0.128']) await call('POST', '/networks/web/allocate', { ip });
    await call('POST', '/networks/web/release', { ips: ['10.1.0.2', '10.1.0.128'] });
    await split('web', { at: '10.1.0.128', name: 'upper' });
    const next = async (network: string): Promise<unknown> =>
      (await call<{ items: unknown[] }>('POST', `/networks/${network}/allocate`, {})).body.items;
    expect(await next('upper')).toMatchObject([{ ip: '10.1.0.129' }]);
    await call('PATCH', '/networks/upper', { restingSeconds: 0 });
    expect(await next('upper')).toMatchObject([{ ip: '10.1.0.128' }]);
    expect(
      await lab.sql(`SELECT n.name FROM freed_addresses f JOIN networks n ON n.id = f.network_id`),
    ).toEqual([{ name: 'web' }]);
  });

  test('gives the new half the other wires too, whatever put them there; nobody there loses a record', async () => {
    await make();
    await call('PUT', '/networks/web/additional-wires', { wires: ['db'] });
    // On twin it was found out; on spare a person has excluded it.
    await call('PUT', '/networks/web/excluded-wires', { wires: ['spare'] });
    expect(await lab.records('twin')).toEqual(['10.1.0.211']);
    // Its tools say nothing any more: nothing but the record speaks for it.
    await lab.simulator.setGuestNet('silent', []);
    await lab.sync();
    expect(await lab.records('silent')).toEqual(['10.1.0.212']);
    const effect = await split('web', { at: '10.1.0.128', name: 'upper' });
    expect(effect).toMatchObject({ settles: 0, ends: 0 });
    const [, upper] = effect.networks;
    expect(upper?.additionalWires.map((one) => `${one.wire.name} ${one.origin}`)).toEqual([
      'db declared',
      'twin detected',
    ]);
    expect(upper?.excludedWires.map((one) => one.wire.name)).toEqual(['spare']);
    expect(await lab.records('twin')).toEqual(['10.1.0.211']);
    expect(await lab.records('silent')).toEqual(['10.1.0.212']);
    const evidence = await lab.sql(`SELECT n.name, w.evidence->0->>'ip' AS ip, w.evidence_count AS uses
      FROM network_wires w JOIN networks n ON n.id = w.network_id WHERE w.origin = 'detected' ORDER BY n.name`);
    // In the lower half nobody uses it.
    expect(evidence).toEqual([{ name: 'upper', ip: '10.1.0.211', uses: 2 }]);
  });

  test('a prefix of their own for both halves leaves the gateway to the half that holds it', async () => {
    await make();
    const dry = await split('web', { at: '10.1.0.128', prefixLength: 25 }, '?dryRun=true');
    expect(dry.networks).toMatchObject([
      { cidr: '10.1.0.0/25', gateway: '10.1.0.1' },
      { cidr: '10.1.0.128/25', gateway: null },
    ]);
    expect(dry.notKept).toEqual([]);
    const { networks } = await split('web', {
      at: '10.1.0.128',
      prefixLength: 25,
      gateway: '10.1.0.129',
    });
    expect(networks[1]).toMatchObject({ cidr: '10.1.0.128/25', gateway: '10.1.0.129' });
    await lab.refuse('address_not_free', 'POST', '/api/v1/networks/web-2/allocate', { ip: '10.1.0.129' });
  });

  test('a gateway that lies in neither half is said to be lost', async () => {
    await lab.createNetwork({
      name: 'web',
      wire: 'web',
      start: '10.1.0.1',
      end: '10.1.0.127',
      prefixLength: 24,
      gateway: '10.1.0.254',
    });
    const effect = await split('web', { at: '10.1.0.64', prefixLength: 26 });
    expect(effect.notKept).toMatchObject([
      { network: { name: 'web' }, field: 'gateway', value: '10.1.0.254' },
    ]);
    expect(effect.networks.map((network) => network.gateway)).toEqual([null, null]);
  });

  test('an IPv6 network with a link-local gateway is split, and keeps its companion', async () => {
    await make();
    await lab.createNetwork({
      name: 'six',
      wire: 'web',
      cidr: '2001:db8:1::/64',
      gateway: 'fe80::1',
      companion: 'web',
    });
    const { networks } = await split('six', { at: '2001:db8:1:0:8000::', prefixLength: 65 });
    expect(networks).toMatchObject([
      { cidr: '2001:db8:1::/65', gateway: 'fe80::1', companion: { name: 'web' } },
      { name: 'six-2', cidr: '2001:db8:1:0:8000::/65', gateway: 'fe80::1', companion: null },
    ]);
  });

  test('the new name is the next that is free, also after a very long one', async () => {
    await make({ name: 'n'.repeat(127) });
    const first = await split('n'.repeat(127), { at: '10.1.0.128' });
    const second = await split('n'.repeat(127), { at: '10.1.0.64' });
    expect([first, second].map((one) => one.networks[1]?.name)).toEqual([
      `${'n'.repeat(120)}-2`,
      `${'n'.repeat(120)}-3`,
    ]);
  });

  test('a dry run answers the same and leaves no trace', async () => {
    await make();
    await reserve(120, 140, { note: 'firewall' });
    await call('PUT', '/networks/web/claims/printer', { ip: '10.1.0.150' });
    const before = [await book.digests(), await lab.sql('SELECT count(*) FROM events')];
    const dry = await split('web', { at: '10.1.0.128', name: 'upper' }, '?dryRun=true');
    expect([await book.digests(), await lab.sql('SELECT count(*) FROM events')]).toEqual(before);
    const done = await split('web', { at: '10.1.0.128', name: 'upper' });
    const comparable = (effect: NetworkChangeEffect): object => ({
      ...effect,
      networks: effect.networks.map((one) => ({ ...one, id: '', createdAt: '', updatedAt: '' })),
    });
    expect(comparable(done)).toEqual(comparable(dry));
  });

  test('both networks are in the audit trail', async () => {
    await make();
    await split('web', { at: '10.1.0.128', name: 'upper' });
    const events =
      await lab.sql(`SELECT action, object_name AS name, before->>'end' AS before, after->>'end' AS after
      FROM events WHERE object_kind = 'network' ORDER BY id DESC LIMIT 2`);
    expect(events).toEqual([
      { action: 'create', name: 'upper', before: null, after: '10.1.0.254' },
      { action: 'split', name: 'web', before: '10.1.0.254', after: '10.1.0.127' },
    ]);
  });
});

describe('a split is refused', () => {
  const refuse = (code: string, body: object): ReturnType<typeof lab.refuse> =>
    lab.refuse(code, 'POST', '/api/v1/networks/web/split', body);

  test.each(['10.1.0.1', '10.1.0.0', '10.1.0.255', '10.9.0.1'])(
    'at %s, which leaves one half without an address',
    async (at) => {
      await make();
      const refused = await refuse('cut_outside_range', { at });
      expect(refused.detail).toContain(at);
      expect(refused.objects).toMatchObject([{ kind: 'network', name: 'web' }]);
      expect(refused.remedy).toContain('wirebook network show web');
    },
  );

  test.each([
    ['at', { at: 'nonsense' }],
    ['at', { at: '2001:db8::1' }],
    ['prefixLength', { at: '10.1.0.128', prefixLength: 64 }],
    ['gateway', { at: '10.1.0.128', gateway: '2001:db8::1' }],
  ])('with %s that can not be (%o)', async (field, body) => {
    await make();
    expect((await refuse('invalid_input', body)).errors).toMatchObject([{ field }]);
  });

  test('into halves that are no prefixes of that length', async () => {
    await make();
    const refused = await refuse('range_outside_prefix', { at: '10.1.0.100', prefixLength: 25 });
    expect(refused.detail).toContain('10.1.0.100 to 10.1.0.254');
  });

  test('with a gateway outside the prefix, or under a name that is taken', async () => {
    await make();
    await refuse('gateway_outside_prefix', { at: '10.1.0.128', gateway: '10.2.0.1' });
    await refuse('name_taken', { at: '10.1.0.128', name: 'web' });
    expect(await lab.sql('SELECT FROM networks')).toHaveLength(1);
    expect(await lab.network('web')).toMatchObject({ end: '10.1.0.254' });
  });
});
