import type { Claim, GivenAddress, Nic } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('stray', [['db', '10.1.0.5/24']]),
      machine('later', [['web', '10.7.0.4/24']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

let made = 0;
/** A network of its own for each test, `10.100.n.0/24` unless said otherwise. */
async function network(input: Record<string, unknown> = {}): Promise<{ name: string; base: string }> {
  made += 1;
  const base = `10.100.${made}`;
  const name = `giving ${made}`;
  await lab.createNetwork({
    name,
    wire: 'spare',
    cidr: input['start'] === undefined ? `${base}.0/24` : undefined,
    ...input,
  });
  return { name, base };
}
const path = (name: string, rest = ''): string => `/api/v1/networks/${encodeURIComponent(name)}${rest}`;

async function allocate(name: string, body: Record<string, unknown> = {}): Promise<string[]> {
  const answer = await lab.controller.call<{ items: GivenAddress[] }>('POST', path(name, '/allocate'), body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.items.map((item) => item.ip);
}
async function release(name: string, ...ips: string[]): Promise<void> {
  const answer = await lab.controller.call('POST', path(name, '/release'), { ips });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}
async function reserve(name: string, input: Record<string, unknown>): Promise<void> {
  await lab.sql(
    `INSERT INTO reservations (space_id, network_id, kind, span, expires_at)
     SELECT space_id, id, $2, inetrange($3::inet, $4::inet, '[]'), $5 FROM networks WHERE name = $1`,
    [
      name,
      input['kind'] ?? 'reserved',
      input['start'],
      input['end'] ?? input['start'],
      input['expiresAt'] ?? null,
    ],
  );
}
const refuse = (code: string, name: string, body: Record<string, unknown>, rest = '/allocate') =>
  lab.refuse(code, rest.startsWith('/claims') ? 'PUT' : 'POST', path(name, rest), body);

describe('the next addresses', () => {
  test('come from below, from above or at random, as the network says, and no address comes twice', async () => {
    const up = await network();
    expect(await allocate(up.name, { count: 3 })).toEqual([1, 2, 3].map((n) => `${up.base}.${n}`));
    expect(await allocate(up.name)).toEqual([`${up.base}.4`]);
    const down = await network({ allocationPolicy: 'stepdown' });
    expect(await allocate(down.name, { count: 2 })).toEqual([`${down.base}.254`, `${down.base}.253`]);
    expect(await allocate(down.name)).toEqual([`${down.base}.252`]);
    const random = await network({ allocationPolicy: 'random' });
    const all = [
      ...(await allocate(random.name, { count: 200 })),
      ...(await allocate(random.name, { count: 54 })),
    ];
    expect(new Set(all).size).toBe(254);
    expect(all).not.toEqual(all.toSorted());
    await refuse('network_full', random.name, {});
  });

  test('come with all that a machine needs, and leave a line in the trail', async () => {
    const { name, base } = await network();
    await lab.controller.call('PATCH', path(name), {
      gateway: `${base}.254`,
      dns: ['10.9.9.53'],
      domain: 'lab.example',
      ntp: ['time.lab.example'],
    });
    const { body } = await lab.controller.call<{ items: GivenAddress[] }>('POST', path(name, '/allocate'), {
      note: 'for a test',
      expiresAt: '2126-01-01T00:00:00Z',
    });
    expect(body.items).toMatchObject([
      {
        ip: `${base}.1`,
        network: { name },
        key: null,
        source: 'allocated',
        server: null,
        nic: null,
        holder: { name: '', owner: null, mac: null, note: 'for a test' },
        expiresAt: '2126-01-01T00:00:00.000Z',
        prefixLength: 24,
        gateway: `${base}.254`,
        dns: ['10.9.9.53'],
        domain: 'lab.example',
        ntp: ['time.lab.example'],
      },
    ]);
    const [event] = await lab.sql<{ actor: string; after: unknown }>(
      `SELECT actor, after FROM events WHERE action = 'allocate' AND object_name = $1`,
      [name],
    );
    expect(event).toMatchObject({ actor: 'administrator', after: { ips: [`${base}.1`] } });
  });

  test('are all given or none, and what is left can still be had', async () => {
    const { name } = await network({ start: '10.101.0.10', end: '10.101.0.14', prefixLength: 24 });
    const problem = await refuse('network_full', name, { count: 6 });
    expect(problem.detail).toContain('5');
    expect(await allocate(name, { count: 5 })).toHaveLength(5);
    await refuse('network_full', name, {});
  });

  test('go to many who ask for many at once: to each all of its own, and none is left out', async () => {
    for (const allocationPolicy of ['stepup', 'random']) {
      const { name } = await network({
        cidr: allocationPolicy === 'stepup' ? '10.48.0.0/18' : '10.48.64.0/19',
        allocationPolicy,
      });
      const all = (
        await Promise.all(Array.from({ length: 7 }, () => allocate(name, { count: 1024 })))
      ).flat();
      expect(new Set(all).size).toBe(7168);
      if (allocationPolicy === 'stepup') expect(await allocate(name)).toEqual(['10.48.28.1']);
    }
  });

  test('are shown beforehand without being held', async () => {
    const { name, base } = await network();
    for (let round = 0; round < 2; round += 1) {
      const { body } = await lab.controller.call('GET', path(name, '/next?count=2'));
      expect(body['items']).toEqual([{ ip: `${base}.1` }, { ip: `${base}.2` }]);
    }
    expect(await allocate(name)).toEqual([`${base}.1`]);
  });

  test('come only from what the network gives, part by part', async () => {
    const { name, base } = await network();
    const giving = [
      { start: `${base}.50`, end: `${base}.51` },
      { start: `${base}.20`, end: `${base}.21` },
    ];
    await lab.controller.call('PATCH', path(name), { giving });
    expect(await allocate(name, { count: 4 })).toEqual([20, 21, 50, 51].map((n) => `${base}.${n}`));
    await refuse('network_full', name, {});
    await lab.controller.call('PATCH', path(name), { giving: 'none' });
    await refuse('gives_nothing', name, {});
    await lab.controller.call('PATCH', path(name), { giving: 'all' });
    expect(await allocate(name, { count: 2 })).toEqual([`${base}.1`, `${base}.2`]);
  });

  test('leave out what is claimed, reserved, a DHCP server’s, a gateway, a DNS server, a VMkernel address or seen anywhere', async () => {
    // web-1 has a record of .11, stray reports .5 from another wire.
    await lab.createNetwork({
      name: 'busy',
      wire: 'web',
      start: '10.1.0.1',
      end: '10.1.0.20',
      prefixLength: 24,
      gateway: '10.1.0.2',
      dns: ['10.1.0.3'],
    });
    await lab.createNetwork({
      name: 'sibling',
      wire: 'web',
      start: '10.1.0.100',
      end: '10.1.0.120',
      prefixLength: 24,
      gateway: '10.1.0.4',
    });
    await reserve('busy', { start: '10.1.0.6', end: '10.1.0.7' });
    await reserve('busy', { kind: 'dhcp', start: '10.1.0.8', end: '10.1.0.9' });
    await lab.sql(
      `INSERT INTO known_addresses (owner_id, space_id, kind, ip) SELECT gen_random_uuid(), space_id, 'vmkernel', '10.1.0.10' FROM networks WHERE name = 'busy'`,
    );
    expect(await allocate('busy', { count: 10 })).toEqual(
      [1, 12, 13, 14, 15, 16, 17, 18, 19, 20].map((n) => `10.1.0.${n}`),
    );
    await refuse('network_full', 'busy', {});
  });

  test('of a /64, a /8, a /31 and a /32 are found as quickly told', async () => {
    await lab.createNetwork({
      name: 'six',
      wire: 'spare',
      cidr: '2001:db8:5::/64',
      gateway: '2001:db8:5::1',
    });
    expect(await allocate('six', { count: 2 })).toEqual(['2001:db8:5::2', '2001:db8:5::3']);
    await lab.controller.call('PATCH', path('six'), { allocationPolicy: 'stepdown' });
    expect(await allocate('six')).toEqual(['2001:db8:5:0:ffff:ffff:ffff:ffff']);
    await lab.controller.call('PATCH', path('six'), { allocationPolicy: 'random' });
    expect(await allocate('six', { count: 5 })).toHaveLength(5);
    await lab.createNetwork({
      name: 'eight',
      wire: 'spare',
      cidr: '11.0.0.0/8',
      allocationPolicy: 'stepdown',
    });
    expect(await allocate('eight')).toEqual(['11.255.255.254']);
    await lab.createNetwork({ name: 'pair', wire: 'spare', cidr: '10.102.0.0/31' });
    expect(await allocate('pair', { count: 2 })).toEqual(['10.102.0.0', '10.102.0.1']);
    await lab.createNetwork({ name: 'single', wire: 'spare', cidr: '10.102.0.7/32' });
    expect(await allocate('single')).toEqual(['10.102.0.7']);
    await refuse('network_full', 'single', {});
  });
});

describe('what was let go of', () => {
  test('rests as long as the network says, and then it is the next again, at either end', async () => {
    for (const policy of ['stepup', 'stepdown']) {
      const { name } = await network({ allocationPolicy: policy });
      const [first = '', second = ''] = await allocate(name, { count: 3 });
      await release(name, second, first);
      const [next = ''] = await allocate(name);
      expect([first, second]).not.toContain(next);
      const problem = await refuse('address_not_free', name, { ip: first });
      expect(problem.detail).toContain('rests until');
      await lab.controller.call('PATCH', path(name), { restingSeconds: 0 });
      expect(await allocate(name, { count: 2 })).toEqual([first, second]);
    }
  });

  test('a whole range that is reserved and let go of is given again', async () => {
    const { name, base } = await network();
    await reserve(name, { start: `${base}.1`, end: `${base}.9` });
    expect(await allocate(name)).toEqual([`${base}.10`]);
    await lab.sql(`DELETE FROM reservations WHERE network_id = (SELECT id FROM networks WHERE name = $1)`, [
      name,
    ]);
    expect(await allocate(name)).toEqual([`${base}.1`]);
  });

  test('holds and reservations end when their time is over, without anybody sweeping', async () => {
    const { name, base } = await network({ restingSeconds: 0 });
    await allocate(name, { count: 2, expiresAt: '2126-01-01T00:00:00Z' });
    await reserve(name, { start: `${base}.3`, end: `${base}.5`, expiresAt: '2126-01-01T00:00:00Z' });
    expect(await allocate(name)).toEqual([`${base}.6`]);
    await lab.sql(
      `UPDATE claims SET expires_at = now() - interval '1 second' WHERE host(ip) = $1 AND ended_at IS NULL`,
      [`${base}.2`],
    );
    expect(await allocate(name)).toEqual([`${base}.2`]);
    await lab.sql(
      `UPDATE reservations SET expires_at = now() - interval '1 second' WHERE expires_at IS NOT NULL`,
    );
    expect(await allocate(name)).toEqual([`${base}.3`]);
    const [ended] = await lab.sql(
      `SELECT end_reason FROM claims WHERE host(ip) = $1 AND ended_at IS NOT NULL`,
      [`${base}.2`],
    );
    expect(ended).toEqual({ end_reason: 'expired' });
    await refuse('expires_in_the_past', name, { expiresAt: '2020-01-01T00:00:00Z' });
    // Written with an offset, a time may lie in a year that has five digits.
    const tooLate = { expiresAt: '9999-12-31T23:59:59-01:00' };
    await refuse('invalid_input', name, tooLate);
    await refuse('invalid_input', name, tooLate, '/claims/machine');
    expect(await allocate(name, { expiresAt: '9999-12-31T23:59:59Z' })).toEqual([`${base}.4`]);
  });
});

describe('a wished address', () => {
  test('is given exactly, and otherwise an error names who or what is in the way', async () => {
    const { name, base } = await network();
    expect(await allocate(name, { ip: `${base}.77` })).toEqual([`${base}.77`]);
    expect((await refuse('address_not_free', name, { ip: `${base}.77` })).detail).toContain('held');
    await refuse('address_outside_network', name, { ip: '10.99.0.1' });
    await refuse('address_outside_network', name, { ip: '2001:db8::1' });
    await refuse('invalid_input', name, { ip: '10.1.2' });
    await refuse('invalid_input', name, { ip: '10.1.2.3', count: 2 });
    await refuse('invalid_input', name, { count: 0 });
    const seen = await refuse('address_not_free', 'busy', { ip: '10.1.0.5' });
    expect(seen.detail).toContain('stray');
    expect(seen.objects).toMatchObject([{ kind: 'server', name: 'stray' }]);
    const used = await refuse('address_not_free', 'busy', { ip: '10.1.0.11' });
    expect(used.detail).toContain('web-1');
    for (const [ip, words] of [
      ['10.1.0.2', 'gateway'],
      ['10.1.0.4', 'gateway'],
      ['10.1.0.3', 'DNS'],
      ['10.1.0.6', 'reserved'],
      ['10.1.0.8', 'DHCP'],
      ['10.1.0.10', 'VMkernel'],
    ])
      expect((await refuse('address_not_free', 'busy', { ip })).detail).toContain(words);
    await lab.controller.call('PATCH', path(name), { giving: [{ start: `${base}.1`, end: `${base}.9` }] });
    expect((await refuse('address_not_free', name, { ip: `${base}.99` })).detail).toContain(
      'gives no addresses',
    );
  });
});

describe('claims by key', () => {
  const put = (name: string, key: string, body: Record<string, unknown> = {}) =>
    lab.controller.call<GivenAddress>('PUT', path(name, `/claims/${encodeURIComponent(key)}`), body);

  test('the same key gets the same address until it is released', async () => {
    const { name, base } = await network();
    const first = await put(name, 'vm/one & two');
    expect(first).toMatchObject({
      status: 201,
      body: { ip: `${base}.1`, key: 'vm/one & two', source: 'allocated' },
    });
    expect(await put(name, 'vm/one & two')).toMatchObject({ status: 200, body: { id: first.body.id } });
    expect((await put(name, 'other')).body.ip).toBe(`${base}.2`);
    await refuse('claim_has_other_address', name, { ip: `${base}.9` }, '/claims/other');
    const shown = await lab.controller.call<Claim>('GET', path(name, '/claims/other'));
    expect(shown.body).toMatchObject({ ip: `${base}.2`, key: 'other' });
    for (let round = 0; round < 2; round += 1)
      expect((await lab.controller.call('DELETE', path(name, '/claims/other'))).status).toBe(204);
    await lab.refuse('not_found', 'GET', path(name, '/claims/other'));
    expect((await put(name, 'other')).body.ip).toBe(`${base}.3`);
  });

  test('many at once with one key get one address', async () => {
    const { name } = await network();
    const answers = await Promise.all(Array.from({ length: 20 }, () => put(name, 'one')));
    expect(new Set(answers.map((answer) => answer.body.ip)).size).toBe(1);
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
  });

  test('a holder outside vCenter is written down, changed and cleared; giving has no say in it', async () => {
    const { name, base } = await network();
    await lab.controller.call('PATCH', path(name), { gateway: `${base}.1`, giving: 'none' });
    const printer = await put(name, 'printer', {
      ip: `${base}.1`,
      name: 'Printer 3rd floor',
      owner: 'office',
      mac: '00-50-56-AA-00-01',
      note: 'left of the lift',
    });
    expect(printer).toMatchObject({
      status: 201,
      body: {
        ip: `${base}.1`,
        source: 'manual',
        holder: {
          name: 'Printer 3rd floor',
          owner: 'office',
          mac: '00:50:56:aa:00:01',
          note: 'left of the lift',
        },
      },
    });
    const changed = await put(name, 'printer', { owner: null, note: 'gone' });
    expect(changed).toMatchObject({
      status: 200,
      body: { holder: { name: 'Printer 3rd floor', owner: null, mac: '00:50:56:aa:00:01', note: 'gone' } },
    });
    await refuse('invalid_input', name, { mac: 'no mac' }, '/claims/bad');
    expect((await refuse('address_not_free', name, { ip: `${base}.1` }, '/claims/second')).detail).toContain(
      'Printer 3rd floor',
    );
  });
});

describe('giving back', () => {
  test('all or none; what nobody holds stays as it is, and what Tools report can’t be given back', async () => {
    const { name, base } = await network();
    const [one = ''] = await allocate(name);
    const { body } = await lab.controller.call('POST', path(name, '/release'), {
      ips: [one, `${base}.200`, one],
    });
    expect(body['items']).toEqual([
      { ip: one, released: true },
      { ip: `${base}.200`, released: false },
    ]);
    const [two = ''] = await allocate(name);
    // Of a hold whose time is over nothing is left to give back: it ended then, not now.
    const [three = ''] = await allocate(name, { expiresAt: '2126-01-01T00:00:00Z' });
    await lab.sql(
      `UPDATE claims SET started_at = now() - interval '3 hours', expires_at = now() - interval '2 hours' WHERE host(ip) = $1`,
      [three],
    );
    const late = await lab.controller.call('POST', path(name, '/release'), { ips: [three] });
    expect(late.body['items']).toEqual([{ ip: three, released: false }]);
    await lab.refuse('address_outside_network', 'POST', path(name, '/release'), { ips: [two, '10.1.0.11'] });
    await lab.refuse('record_not_releasable', 'POST', path('busy', '/release'), {
      ips: ['10.1.0.12', '10.1.0.11'],
    });
    const held = await lab.sql(
      `SELECT 1 FROM claims WHERE ended_at IS NULL AND host(ip) IN ($1, '10.1.0.12')`,
      [two],
    );
    expect(held).toHaveLength(2);
  });
});

test('a hold becomes the record of the NIC of its network that is seen with its address', async () => {
  await lab.createNetwork({ name: 'awaited', wire: 'spare', cidr: '10.7.0.0/24' });
  await lab.controller.call('PUT', path('awaited', '/excluded-wires'), { wires: ['web'] });
  const put = await lab.controller.call<GivenAddress>('PUT', path('awaited', '/claims/later'), {
    ip: '10.7.0.4',
  });
  // Another wire's NIC reports it: seen, so nobody may have it.
  expect(put.status).toBe(409);
  await lab.sql(`UPDATE sightings SET ended_at = now(), last_seen_at = now() WHERE host(ip) = '10.7.0.4'`);
  const held = await lab.controller.call<GivenAddress>('PUT', path('awaited', '/claims/later'), {
    ip: '10.7.0.4',
    expiresAt: '2126-01-01T00:00:00Z',
  });
  expect(held.status).toBe(201);
  await lab.sql(`UPDATE sightings SET ended_at = NULL, last_seen_at = NULL WHERE host(ip) = '10.7.0.4'`);
  await lab.controller.call('PUT', path('awaited', '/additional-wires'), { wires: ['web'] });
  const [nic] = await lab.nics('later');
  expect((nic as Nic | undefined)?.records).toMatchObject([
    { id: held.body.id, ip: '10.7.0.4', source: 'manual' },
  ]);
  expect((await lab.controller.call<Claim>('GET', path('awaited', '/claims/later'))).body).toMatchObject({
    id: held.body.id,
    server: { name: 'later' },
  });
});

test('an address that several have on purpose is nobody’s to be given', async () => {
  const { name, base } = await network();
  await lab.sql(
    `INSERT INTO shared_addresses (space_id, ip) SELECT space_id, $2 FROM networks WHERE name = $1`,
    [name, `${base}.1`],
  );
  expect(await allocate(name)).toEqual([`${base}.2`]);
  expect((await refuse('address_not_free', name, { ip: `${base}.1` })).detail).toContain('several');
});

test('what rested in a network that is gone rests in the next one there, and comes before all others then', async () => {
  const { name, base } = await network({ restingSeconds: 3600 });
  const [first = ''] = await allocate(name, { count: 2 });
  await release(name, first, `${base}.2`);
  expect((await lab.controller.call('DELETE', path(name))).status).toBe(204);
  const again = `${name} again`;
  await lab.createNetwork({ name: again, wire: 'spare', cidr: `${base}.0/24`, restingSeconds: 3600 });
  expect(await allocate(again)).toEqual([`${base}.3`]);
  await lab.sql(`UPDATE freed_addresses SET freed_at = freed_at - interval '2 hours' WHERE host(ip) = $1`, [
    first,
  ]);
  expect(await allocate(again)).toEqual([first]);
});
