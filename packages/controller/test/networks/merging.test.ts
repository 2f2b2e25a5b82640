import type { List, NetworkChangeEffect, ProblemBody, Reservation } from '@wirebook/contract';
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
      machine('high', [['db', '10.1.0.201/24']]),
      machine('between', [['web', '10.1.0.150/24']]),
      // On the wire of the one, with an address of the other.
      machine('across', [['web', '10.1.0.202/24']]),
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
const merge = async (network: string, body: object, query = ''): Promise<NetworkChangeEffect> => {
  const answer = await call<NetworkChangeEffect>('POST', `/networks/${network}/merge${query}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const refuse = (code: string, body: object, network = 'upper'): Promise<ProblemBody> =>
  lab.refuse(code, 'POST', `/api/v1/networks/${network}/merge`, body);
const makeLower = (more: object = {}): Promise<unknown> =>
  lab.createNetwork({
    name: 'lower',
    wire: 'web',
    start: '10.1.0.1',
    end: '10.1.0.127',
    prefixLength: 24,
    ...more,
  });
const makeUpper = (more: object = {}): Promise<unknown> =>
  lab.createNetwork({
    name: 'upper',
    wire: 'web',
    start: '10.1.0.128',
    end: '10.1.0.254',
    prefixLength: 24,
    ...more,
  });

beforeEach(async () => {
  for (const wire of ['web', 'twin', 'db', 'spare'])
    await call('PATCH', `/wires/${wire}`, { space: 'default' });
  await lab.sql('UPDATE claims SET ended_at = now(), end_reason = $1 WHERE ended_at IS NULL', ['cleared']);
  await lab.sql('DELETE FROM networks');
  await lab.sql('DELETE FROM freed_addresses');
});

describe('merging two networks', () => {
  test('makes one of both ranges, which gives from the parts of both, and leaves the other no more', async () => {
    await makeLower();
    await makeUpper({ giving: [{ start: '10.1.0.128', end: '10.1.0.139' }] });
    const effect = await merge('upper', { into: 'lower' });
    expect(effect.networks).toMatchObject([
      {
        name: 'lower',
        start: '10.1.0.1',
        end: '10.1.0.254',
        cidr: '10.1.0.0/24',
        giving: [{ start: '10.1.0.1', end: '10.1.0.139' }],
      },
    ]);
    expect(effect.gone).toMatchObject([{ name: 'upper' }]);
    expect(effect).toMatchObject({ ends: 0, notKept: [] });
    expect(await lab.network('lower')).toEqual(effect.networks[0]);
    expect((await call('GET', '/networks/upper')).status).toBe(404);
  });

  test('takes in what lay between them, without giving it out; who reports it there has a record now', async () => {
    await makeLower();
    await makeUpper({ start: '10.1.0.200' });
    expect(await lab.reasons('between')).toEqual(['outside_range 10.1.0.150']);
    const effect = await merge('upper', { into: 'lower' });
    expect(effect.networks[0]?.giving).toEqual([
      { start: '10.1.0.1', end: '10.1.0.127' },
      { start: '10.1.0.200', end: '10.1.0.254' },
    ]);
    expect(effect).toMatchObject({
      settles: 1,
      nics: [{ server: { name: 'between' }, ip: '10.1.0.150', change: 'settled' }],
    });
    expect(await lab.records('between')).toEqual(['10.1.0.150']);
  });

  test('takes claims, keys and reservations along', async () => {
    await makeLower();
    await makeUpper();
    await call('PUT', '/networks/upper/claims/printer', { ip: '10.1.0.140', name: 'printer' });
    await call('POST', '/reservations', { network: 'upper', start: '10.1.0.240', end: '10.1.0.250' });
    const claims = (): Promise<object[]> =>
      lab.sql(`SELECT id, host(ip) AS ip, source, key, holder, nic_id, started_at FROM claims
        WHERE ended_at IS NULL ORDER BY ip`);
    const before = await claims();
    const effect = await merge('upper', { into: 'lower' });
    // The printer, and the records of `between`, `across` and `high`.
    expect(effect).toMatchObject({ claims: 4, keys: ['printer'], reservations: 1, settles: 0, ends: 0 });
    expect(await claims()).toEqual(before);
    expect((await call('GET', '/networks/lower/claims/printer')).body).toMatchObject({ ip: '10.1.0.140' });
    const { body } = await call<List<Reservation>>('GET', '/reservations?network=lower');
    expect(body.items).toMatchObject([{ start: '10.1.0.240', end: '10.1.0.250' }]);
    expect(await lab.records('across')).toEqual(['10.1.0.202']);
  });

  test('who had an address before had it in the network that it was in then', async () => {
    await makeLower();
    await makeUpper();
    await call('POST', '/networks/upper/allocate', { ip: '10.1.0.143' });
    await call('POST', '/networks/upper/release', { ips: ['10.1.0.143'] });
    await merge('upper', { into: 'lower' });
    const { body } = await call<{ history: unknown; network: unknown }>('GET', '/addresses/10.1.0.143');
    expect(body).toMatchObject({ network: { name: 'lower' } });
    expect(body.history).toMatchObject([{ network: { name: 'upper' }, ended: 'released' }]);
    await lab.refuse('address_not_free', 'POST', '/api/v1/networks/lower/allocate', { ip: '10.1.0.143' });
    await call('PATCH', '/networks/lower', { restingSeconds: 0 });
    expect((await call('POST', '/networks/lower/allocate', { ip: '10.1.0.143' })).status).toBe(201);
  });

  test('joins their wires: the other primary wire is a declared one, nobody there loses a record', async () => {
    await makeLower();
    await makeUpper({ wire: 'db' });
    await call('PUT', '/networks/upper/additional-wires', { wires: ['twin'] });
    await lab.sql(`INSERT INTO network_wires (space_id, network_id, wire_id, origin)
      SELECT n.space_id, n.id, w.id, CASE n.name WHEN 'upper' THEN 'excluded' ELSE 'suggested' END
      FROM networks n, wires w WHERE w.name = 'spare' ON CONFLICT DO NOTHING`);
    expect(await lab.records('high')).toEqual(['10.1.0.201']);
    const effect = await merge('upper', { into: 'lower' });
    const [network] = effect.networks;
    expect(network?.wire.name).toBe('web');
    expect(network?.additionalWires.map((one) => `${one.wire.name} ${one.origin}`)).toEqual([
      'db declared',
      'twin declared',
    ]);
    expect(network?.excludedWires.map((one) => one.wire.name)).toEqual(['spare']);
    expect(network?.suggestedWires).toEqual([]);
    expect(await lab.records('high')).toEqual(['10.1.0.201']);
    // Its wire had been found to be one of the upper network's already.
    expect(effect.nics).toEqual([]);
    expect(await lab.records('across')).toEqual(['10.1.0.202']);
  });

  test('where both say something the one that stays is right, and what is not kept is said', async () => {
    await makeLower({ gateway: '10.1.0.1', domain: 'low.example', tags: { env: 'prod', low: 'yes' } });
    await makeUpper({
      gateway: '10.1.0.254',
      dns: ['10.1.0.53'],
      domain: 'high.example',
      ntp: ['time.example'],
      description: 'the upper half',
      allocationPolicy: 'stepdown',
      restingSeconds: 60,
      tags: { env: 'test', high: 'yes' },
    });
    const effect = await merge('upper', { into: 'lower' });
    expect(effect.networks).toMatchObject([
      {
        gateway: '10.1.0.1',
        dns: ['10.1.0.53'],
        domain: 'low.example',
        ntp: ['time.example'],
        description: 'the upper half',
        allocationPolicy: 'stepup',
        restingSeconds: 1800,
        tags: { env: 'prod', low: 'yes', high: 'yes' },
      },
    ]);
    expect(effect.notKept.map((one) => `${one.network.name} ${one.field} ${one.value}`)).toEqual([
      'upper gateway 10.1.0.254',
      'upper domain high.example',
      'upper allocationPolicy stepdown',
      'upper restingSeconds 60',
      'upper tags env=test',
    ]);
  });

  test('the companion goes along to a network that has none; to one that has, it is said to be left', async () => {
    await makeLower();
    await makeUpper();
    const six = { wire: 'web', cidr: '2001:db8:1::/64' };
    await lab.createNetwork({ name: 'six', ...six, companion: 'upper' });
    const dry = await merge('lower', { into: 'upper' }, '?dryRun=true');
    expect(dry.networks).toMatchObject([{ companion: { name: 'six' } }]);
    const effect = await merge('upper', { into: 'lower' });
    expect(effect.networks).toMatchObject([{ companion: { name: 'six' } }]);
    expect(effect.notKept).toEqual([]);
    expect(await lab.network('six')).toMatchObject({ companion: { name: 'lower' } });
    await lab.createNetwork({ name: 'next', wire: 'web', cidr: '2001:db8:1:1::/64' });
    const last = await merge('six', { into: 'next', prefixLength: 63 });
    expect(last.networks).toMatchObject([{ companion: { name: 'lower' }, cidr: '2001:db8:1::/63' }]);
  });

  test('two that each have a companion keep one of them', async () => {
    await makeLower();
    await makeUpper();
    await lab.createNetwork({ name: 'six', wire: 'web', cidr: '2001:db8:1::/64', companion: 'lower' });
    await lab.createNetwork({ name: 'more', wire: 'web', cidr: '2001:db8:2::/64', companion: 'upper' });
    const effect = await merge('upper', { into: 'lower' });
    expect(effect.networks).toMatchObject([{ companion: { name: 'six' } }]);
    expect(effect.notKept).toMatchObject([{ field: 'companion', value: 'more' }]);
    expect(await lab.network('more')).toMatchObject({ companion: null });
  });

  test('halves of one prefix become that; for any other it has to be said, and can be', async () => {
    await makeLower({ end: '10.1.0.126', prefixLength: 25 });
    await makeUpper({ start: '10.1.0.129', prefixLength: 25 });
    const halves = await merge('upper', { into: 'lower' }, '?dryRun=true');
    expect(halves.networks).toMatchObject([{ cidr: '10.1.0.0/24', start: '10.1.0.1', end: '10.1.0.254' }]);
    await lab.createNetwork({ name: 'far', wire: 'web', cidr: '10.1.3.0/24', gateway: '10.1.3.1' });
    const refused = await refuse('prefix_needed', { into: 'far' });
    expect(refused.remedy).toContain('wirebook network merge upper --into far --prefix 22');
    const said = await merge('upper', { into: 'far', prefixLength: 22 });
    expect(said.networks).toMatchObject([
      { name: 'far', cidr: '10.1.0.0/22', start: '10.1.0.129', end: '10.1.3.254', gateway: '10.1.3.1' },
    ]);
  });

  test('who was told of the network that goes, and lies outside the one that stays, is told anew', async () => {
    const place = { wire: 'web', prefixLength: 24 };
    await lab.createNetwork({ ...place, name: 'wide', start: '10.1.0.205', end: '10.1.0.210' });
    await lab.createNetwork({
      ...place,
      name: 'tight',
      start: '10.1.0.196',
      end: '10.1.0.201',
      prefixLength: 27,
    });
    expect(await lab.reasons('between')).toEqual(['outside_range 10.1.0.150']);
    await merge('wide', { into: 'tight' });
    expect(await lab.reasons('between')).toEqual(['no_network 10.1.0.150']);
    expect(await lab.records('across')).toEqual(['10.1.0.202']);
  });

  test('a dry run answers the same and leaves no trace', async () => {
    await makeLower({ gateway: '10.1.0.1' });
    await makeUpper({ gateway: '10.1.0.254', wire: 'db' });
    await call('POST', '/reservations', { network: 'upper', start: '10.1.0.240' });
    const before = [await book.digests(), await lab.sql('SELECT count(*) FROM events')];
    const dry = await merge('upper', { into: 'lower' }, '?dryRun=true');
    expect([await book.digests(), await lab.sql('SELECT count(*) FROM events')]).toEqual(before);
    const done = await merge('upper', { into: 'lower' });
    const comparable = (effect: NetworkChangeEffect): object => ({
      ...effect,
      networks: effect.networks.map((one) => ({ ...one, updatedAt: '' })),
    });
    expect(comparable(done)).toEqual(comparable(dry));
    const events = await lab.sql(
      `SELECT action, object_name AS name FROM events WHERE object_kind = 'network' ORDER BY id DESC LIMIT 2`,
    );
    expect(events).toEqual([
      { action: 'merge', name: 'lower' },
      { action: 'delete', name: 'upper' },
    ]);
  });
});

describe('a merge is refused', () => {
  test('with itself, or with a network that is not there', async () => {
    await makeUpper();
    expect((await refuse('invalid_input', { into: 'upper' })).errors).toMatchObject([
      { field: 'into', value: 'upper' },
    ]);
    await refuse('not_found', { into: 'nobody' });
  });

  test('of two address families, or of two address spaces', async () => {
    await makeUpper();
    await lab.createNetwork({ name: 'six', wire: 'web', cidr: '2001:db8:1::/64' });
    expect((await refuse('merge_unfit', { into: 'six' })).detail).toContain('IPv6');
    await call('POST', '/address-spaces', { name: 'aside' });
    await call('PATCH', '/wires/spare', { space: 'aside' });
    await lab.createNetwork({ name: 'aside', wire: 'spare', cidr: '10.1.0.0/25' });
    const refused = await refuse('merge_unfit', { into: 'aside' });
    expect(refused.detail).toContain('"aside"');
    expect(refused.objects).toMatchObject([{ kind: 'network', name: 'aside' }]);
  });

  test('over a network that lies between, which is named', async () => {
    await makeLower({ end: '10.1.0.99' });
    await makeUpper();
    await lab.createNetwork({
      name: 'middle',
      wire: 'web',
      start: '10.1.0.110',
      end: '10.1.0.119',
      prefixLength: 24,
    });
    const refused = await refuse('network_between', { into: 'lower' });
    expect(refused.objects).toMatchObject([{ kind: 'network', name: 'middle' }]);
    expect(refused.remedy).toContain('wirebook network merge middle --into lower');
  });

  test('where both have a claim of one key, which is named', async () => {
    await makeLower();
    await makeUpper();
    for (const network of ['lower', 'upper'])
      for (const key of ['build 7', network]) await call('PUT', `/networks/${network}/claims/${key}`, {});
    const refused = await refuse('keys_in_both', { into: 'lower' });
    expect(refused.objects).toMatchObject([{ kind: 'claim', name: 'build 7' }]);
    expect(refused.remedy).toContain(`wirebook network claim upper 'build 7' --release`);
    await call('DELETE', '/networks/upper/claims/build%207');
    await merge('upper', { into: 'lower' });
  });

  test.each(['primary', 'declared', 'detected'])(
    'where a wire is excluded for the one and %s for the other',
    async (origin) => {
      await makeLower();
      await makeUpper({ wire: origin === 'primary' ? 'spare' : 'web' });
      await lab.sql(
        `INSERT INTO network_wires (space_id, network_id, wire_id, origin)
        SELECT n.space_id, n.id, w.id, CASE n.name WHEN 'upper' THEN $1 ELSE 'excluded' END
        FROM networks n, wires w WHERE w.name = 'spare' AND NOT (n.name = 'upper' AND $1 = 'primary')`,
        [origin],
      );
      const refused = await refuse('wire_excluded', { into: 'lower' });
      expect(refused.objects).toMatchObject([
        { kind: 'wire', name: 'spare' },
        { kind: 'network', name: 'lower' },
      ]);
      expect(refused.remedy).toContain('wirebook network wires lower --add spare');
      await call('PUT', '/networks/lower/additional-wires', { wires: ['spare'] });
      await merge('upper', { into: 'lower' });
    },
  );

  test('under a prefix that does not hold both, or not the gateway', async () => {
    await makeLower({ gateway: '10.1.0.1' });
    await makeUpper();
    await refuse('range_outside_prefix', { into: 'lower', prefixLength: 25 });
    expect((await refuse('invalid_input', { into: 'lower', prefixLength: 33 })).errors).toMatchObject([
      { field: 'prefixLength', value: 33 },
    ]);
    await lab.createNetwork({
      name: 'a',
      wire: 'web',
      start: '10.2.0.130',
      end: '10.2.0.140',
      prefixLength: 24,
      gateway: '10.2.0.1',
    });
    await lab.createNetwork({
      name: 'b',
      wire: 'web',
      start: '10.2.0.141',
      end: '10.2.0.150',
      prefixLength: 24,
    });
    const refused = await refuse('gateway_outside_prefix', { into: 'a', prefixLength: 25 }, 'b');
    expect(refused.detail).toContain('10.2.0.1');
    // The other's gateway is only said not to be kept.
    const other = await merge('a', { into: 'b', prefixLength: 25 }, '?dryRun=true');
    expect(other.networks).toMatchObject([{ gateway: null }]);
    expect(other.notKept).toMatchObject([{ field: 'gateway', value: '10.2.0.1' }]);
  });

  test('where only all addresses there are would hold both', async () => {
    await makeUpper();
    await lab.createNetwork({ name: 'far', wire: 'web', cidr: '192.168.0.0/24' });
    const refused = await refuse('prefix_needed', { into: 'far' });
    expect(refused.remedy).not.toContain('--prefix');
    await refuse('range_outside_prefix', { into: 'far', prefixLength: 1 });
  });
});
