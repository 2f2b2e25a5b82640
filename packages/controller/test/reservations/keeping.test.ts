import type { GivenAddress, List, ProblemBody, Reservation } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(labEstate([machine('web-1', [['web', '10.1.0.11/24']])]));
});
afterAll(() => lab[Symbol.asyncDispose]());

let made = 0;
/** A network of its own for each test: `10.110.n.0/24`. */
async function network(input: Record<string, unknown> = {}): Promise<{ name: string; base: string }> {
  made += 1;
  const [name, base] = [`kept ${made}`, `10.110.${made}`];
  await lab.createNetwork({ name, wire: 'spare', cidr: `${base}.0/24`, restingSeconds: 0, ...input });
  return { name, base };
}
const path = (rest = ''): string => `/api/v1/reservations${rest}`;
const networkPath = (name: string, rest = ''): string =>
  `/api/v1/networks/${encodeURIComponent(name)}${rest}`;

async function reserve(input: Record<string, unknown>): Promise<Reservation> {
  const answer = await lab.controller.call<Reservation>('POST', path(), input);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}
async function change(id: string, patch: Record<string, unknown>): Promise<Reservation> {
  const answer = await lab.controller.call<Reservation>('PATCH', path(`/${id}`), patch);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
async function next(name: string): Promise<string> {
  const answer = await lab.controller.call<{ items: GivenAddress[] }>('GET', networkPath(name, '/next'));
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.items[0]?.ip ?? '-';
}
const list = async (query: string): Promise<string[]> => {
  const answer = await lab.controller.call<List<Reservation>>('GET', path(query));
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.items.map((one) => `${one.start}-${one.end}`);
};
const eventsOf = (id: string) =>
  lab.sql<{ action: string; name: string; before: unknown; after: unknown }>(
    `SELECT action, object_name AS name, before, after FROM events
     WHERE object_kind = 'reservation' AND object_id = $1 ORDER BY id`,
    [id],
  );
/** Time passes for a reservation. */
const expire = (id: string) =>
  lab.sql(`UPDATE reservations SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
const messages = (problem: ProblemBody): string[] =>
  (problem.errors ?? []).map((error) => `${error.field}: ${error.message}`);

describe('a reservation', () => {
  test('is made for a range or one address, shown, changed and taken away, and the trail tells it', async () => {
    const { name, base } = await network();
    const one = await reserve({ network: name, start: `${base}.5`, note: 'for the switch' });
    expect(one).toMatchObject({
      network: { name },
      kind: 'reserved',
      start: `${base}.5`,
      end: `${base}.5`,
      count: 1,
      note: 'for the switch',
      expiresAt: null,
    });
    const { id: networkId } = await lab.network(name);
    const range = await reserve({
      network: networkId,
      kind: 'dhcp',
      start: `${base}.100`,
      end: `${base}.199`,
      expiresAt: '2126-01-01T01:00:00+01:00',
    });
    expect(range).toMatchObject({
      kind: 'dhcp',
      count: 100,
      expiresAt: '2126-01-01T00:00:00.000Z',
      note: '',
    });
    const shown = await lab.controller.call<Reservation>('GET', path(`/${range.id}`));
    expect(shown.body).toEqual(range);

    const moved = await change(range.id, { end: `${base}.149`, note: 'shorter', expiresAt: null });
    expect(moved).toMatchObject({
      start: `${base}.100`,
      end: `${base}.149`,
      count: 50,
      kind: 'dhcp',
      expiresAt: null,
    });
    expect((await lab.controller.call('DELETE', path(`/${range.id}`))).status).toBe(204);
    await lab.refuse('not_found', 'GET', path(`/${range.id}`));
    await lab.refuse('not_found', 'PATCH', path(`/${range.id}`), { note: 'x' });
    await lab.refuse('not_found', 'DELETE', path(`/${range.id}`));
    expect(await eventsOf(range.id)).toMatchObject([
      { action: 'create', name: `${base}.100-${base}.199`, after: { network: { name }, kind: 'dhcp' } },
      { action: 'update', name: `${base}.100-${base}.149`, before: { count: 100 }, after: { count: 50 } },
      { action: 'delete', name: `${base}.100-${base}.149`, before: { note: 'shorter' } },
    ]);
    expect(await eventsOf(one.id)).toMatchObject([{ action: 'create', name: `${base}.5` }]);
  });

  test('asked for once more as it stands changes nothing and leaves no line in the trail', async () => {
    const { name, base } = await network();
    const one = await reserve({ network: name, start: `${base}.5`, note: 'same' });
    expect(await change(one.id, { start: `${base}.5`, note: 'same', kind: 'reserved' })).toEqual(one);
    expect(await eventsOf(one.id)).toHaveLength(1);
    const refused = await lab.refuse('invalid_input', 'PATCH', path(`/${one.id}`), {});
    expect(messages(refused)).toEqual([': The request names nothing to change.']);
  });

  test('keeps its addresses from being given, and gives them back when it goes, shrinks or moves', async () => {
    const { name, base } = await network();
    const one = await reserve({ network: name, start: `${base}.1`, end: `${base}.9` });
    expect(await next(name)).toBe(`${base}.10`);
    const refused = await lab.refuse('address_not_free', 'POST', networkPath(name, '/allocate'), {
      ip: `${base}.4`,
    });
    expect(refused.detail).toContain(`${base}.1`);
    await change(one.id, { end: `${base}.4` });
    expect(await next(name)).toBe(`${base}.5`);
    await change(one.id, { start: `${base}.3` });
    expect(await next(name)).toBe(`${base}.1`);
    await lab.controller.call('DELETE', path(`/${one.id}`));
    const { body } = await lab.controller.call<{ items: GivenAddress[] }>(
      'POST',
      networkPath(name, '/allocate'),
      { count: 4 },
    );
    expect(body.items.map((item) => item.ip)).toEqual([1, 2, 3, 4].map((n) => `${base}.${n}`));
  });

  test('leaves what somebody has to its holder', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
    await reserve({ network: 'web', start: '10.1.0.10', end: '10.1.0.20' });
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
    await lab.sync();
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
  });

  test('counts an IPv6 range that no number tells exactly', async () => {
    await lab.createNetwork({ name: 'six', wire: 'spare', cidr: '2001:db8:9::/64' });
    const half = await reserve({
      network: 'six',
      start: '2001:DB8:9:0:8000::',
      end: '2001:db8:9::ffff:ffff:ffff:ffff',
    });
    expect(half).toMatchObject({ start: '2001:db8:9:0:8000::', count: 2 ** 63 });
  });

  test('is refused where it lies outside, upside down, in the past, or is no range', async () => {
    const { name, base } = await network();
    const refuse = (code: string, input: Record<string, unknown>) =>
      lab.refuse(code, 'POST', path(), { network: name, ...input });
    const outside = await refuse('reservation_outside_range', { start: `${base}.200`, end: '10.111.0.9' });
    expect(outside.detail).toContain(`${base}.1 to ${base}.254`);
    expect(outside.objects).toMatchObject([{ kind: 'network', name }]);
    await refuse('reservation_outside_range', { start: '10.99.0.1' });
    await refuse('reservation_outside_range', { start: '2001:db8::1' });
    expect(messages(await refuse('invalid_input', { start: '10.1', end: 'x' }))).toEqual([
      'start: Not an IPv4 or IPv6 address.',
      'end: Not an IPv4 or IPv6 address.',
    ]);
    expect(messages(await refuse('invalid_input', { start: '10.1' }))).toHaveLength(1);
    expect(messages(await refuse('invalid_input', { start: `${base}.9`, end: `${base}.8` }))).toEqual([
      'start: The start comes after the end.',
    ]);
    expect(messages(await refuse('invalid_input', { start: `${base}.9`, end: '2001:db8::1' }))).toEqual([
      'end: Must be of the same address family as start.',
    ]);
    expect(messages(await refuse('invalid_input', { start: `::ffff:${base}.9` }))).toEqual([
      `start: An IPv4 address in IPv6 notation; write it as ${base}.9.`,
    ]);
    expect(messages(await refuse('invalid_input', { start: '224.0.0.1' }))).toHaveLength(1);
    await refuse('expires_in_the_past', { start: `${base}.9`, expiresAt: '2020-01-01T00:00:00Z' });
    await lab.refuse('not_found', 'POST', path(), { network: 'nowhere', start: `${base}.9` });
    expect(await list(`?network=${encodeURIComponent(name)}`)).toEqual([]);

    const kept = await reserve({ network: name, start: `${base}.9`, end: `${base}.12` });
    await lab.refuse('invalid_input', 'PATCH', path(`/${kept.id}`), { end: `${base}.8` });
    await lab.refuse('reservation_outside_range', 'PATCH', path(`/${kept.id}`), { end: '10.200.0.1' });
    await lab.refuse('expires_in_the_past', 'PATCH', path(`/${kept.id}`), {
      expiresAt: '2020-01-01T00:00:00Z',
    });
    // Written with an offset, a time may lie in a year that has five digits.
    expect(
      messages(
        await lab.refuse('invalid_input', 'PATCH', path(`/${kept.id}`), {
          expiresAt: '9999-12-31T23:59:59-01:00',
        }),
      ),
    ).toEqual(['expiresAt: Must be at most 9999-12-31 23:59 UTC.']);
    expect(await list(`?network=${encodeURIComponent(name)}`)).toEqual([`${base}.9-${base}.12`]);
  });
});

describe('two reservations', () => {
  test('don’t overlap: the second one, new or changed, is told of the first', async () => {
    const { name, base } = await network();
    const first = await reserve({ network: name, start: `${base}.10`, end: `${base}.19`, note: 'racks' });
    const refused = await lab.refuse('reservation_overlap', 'POST', path(), {
      network: name,
      start: `${base}.19`,
      end: `${base}.30`,
    });
    expect(refused.detail).toContain(`${base}.10 to ${base}.19 (racks)`);
    expect(refused.objects).toEqual([{ kind: 'reservation', id: first.id, name: `${base}.10-${base}.19` }]);
    const second = await reserve({ network: name, start: `${base}.20`, end: `${base}.30` });
    const met = await lab.refuse('reservation_overlap', 'PATCH', path(`/${second.id}`), {
      start: `${base}.15`,
    });
    expect(met.objects).toMatchObject([{ id: first.id }]);
    const unnamed = await lab.refuse('reservation_overlap', 'PATCH', path(`/${first.id}`), {
      end: `${base}.20`,
    });
    expect(unnamed.detail).toBe(
      `${base}.10 to ${base}.20 overlaps the reservation ${base}.20 to ${base}.30.`,
    );
    expect(await change(second.id, { start: `${base}.25` })).toMatchObject({ count: 6 });
  });

  test('of one range, asked for at once by many, are one', async () => {
    const { name, base } = await network();
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, nr) =>
        lab.controller.call<{ code?: string }>('POST', path(), {
          network: name,
          start: `${base}.${40 + nr}`,
          end: `${base}.${70 + nr}`,
        }),
      ),
    );
    const lost = answers.filter((answer) => answer.status !== 201);
    expect(lost.map((answer) => `${answer.status} ${answer.body.code}`)).toEqual(
      Array.from({ length: 23 }, () => '409 reservation_overlap'),
    );
    expect(await list(`?network=${encodeURIComponent(name)}`)).toHaveLength(1);
  });
});

describe('a reservation whose time is over', () => {
  test('is none any more: not shown, not changed, in nobody’s way', async () => {
    const { name, base } = await network();
    const old = await reserve({
      network: name,
      start: `${base}.10`,
      end: `${base}.19`,
      expiresAt: '2126-01-01T00:00:00Z',
    });
    await expire(old.id);
    expect(await list(`?network=${encodeURIComponent(name)}`)).toEqual([]);
    await lab.refuse('not_found', 'GET', path(`/${old.id}`));
    await lab.refuse('not_found', 'PATCH', path(`/${old.id}`), { expiresAt: null });
    const fresh = await reserve({ network: name, start: `${base}.15`, end: `${base}.25` });
    expect(await lab.sql(`SELECT id FROM reservations WHERE id = ANY($1)`, [[old.id, fresh.id]])).toEqual([
      { id: fresh.id },
    ]);
  });
});

describe('reservations', () => {
  test('are listed by network, kind, address and words, in the order wished', async () => {
    const { name, base } = await network();
    const of = `network=${encodeURIComponent(name)}`;
    await reserve({
      network: name,
      start: `${base}.30`,
      note: 'Printer of 100% blue',
      expiresAt: '2126-01-01T00:00:00Z',
    });
    await reserve({ network: name, start: `${base}.9`, end: `${base}.12`, note: 'racks' });
    await reserve({ network: name, kind: 'dhcp', start: `${base}.100`, end: `${base}.199` });
    const [low, printer, dhcp] = [`${base}.9-${base}.12`, `${base}.30-${base}.30`, `${base}.100-${base}.199`];
    expect(await list(`?${of}`)).toEqual([low, printer, dhcp]);
    expect(await list(`?${of}&sort=-start`)).toEqual([dhcp, printer, low]);
    expect(await list(`?${of}&sort=createdAt`)).toEqual([printer, low, dhcp]);
    expect(await list(`?${of}&sort=expiresAt,-start`)).toEqual([printer, dhcp, low]);
    expect(await list(`?${of}&sort=network,start`)).toEqual([low, printer, dhcp]);
    expect(await list(`?${of}&kind=dhcp`)).toEqual([dhcp]);
    expect(await list(`?ip=${base}.11`)).toEqual([low]);
    expect(await list(`?q=${base}.150`)).toEqual([dhcp]);
    expect(await list(`?q=100%25%20blue`)).toEqual([printer]);
    expect(await list(`?${of}&q=nothing`)).toEqual([]);
    await lab.refuse('invalid_input', 'GET', path('?ip=10.1'));
    await lab.refuse('invalid_input', 'GET', path('?sort=note'));
    await lab.refuse('not_found', 'GET', path('?network=nowhere'));

    const { body } = await lab.controller.call<List<Reservation>>(
      'GET',
      path(`?${of}&limit=2&sort=expiresAt`),
    );
    expect(body).toMatchObject({ total: 3 });
    const rest = await lab.controller.call<List<Reservation>>(
      'GET',
      path(`?${of}&limit=2&sort=expiresAt&cursor=${body.nextCursor}`),
    );
    expect(new Set([...body.items, ...rest.body.items].map((one) => one.id)).size).toBe(3);
  });

  test('hold the range of their network: a smaller one is refused, with what would fall out', async () => {
    const { name, base } = await network();
    const kept = await reserve({ network: name, start: `${base}.100`, end: `${base}.120` });
    const patch = { start: `${base}.1`, end: `${base}.110` };
    for (const query of ['', '?dryRun=true']) {
      const refused = await lab.refuse(
        'reservations_outside_range',
        'PATCH',
        networkPath(name, query),
        patch,
      );
      expect(refused.detail).toContain(`${base}.100-${base}.120`);
      expect(refused.objects).toMatchObject([{ kind: 'reservation', id: kept.id }]);
    }
    expect(await lab.network(name)).toMatchObject({ end: `${base}.254` });
    await expire(kept.id);
    expect((await lab.controller.call('PATCH', networkPath(name), patch)).status).toBe(200);
  });

  test('go with their network when it is deleted', async () => {
    const { name, base } = await network();
    const kept = await reserve({ network: name, start: `${base}.100` });
    expect((await lab.controller.call('DELETE', networkPath(name))).status).toBe(204);
    await lab.refuse('not_found', 'GET', path(`/${kept.id}`));
  });

  test('go with their wire into another address space, and keep their range there', async () => {
    await lab.createNetwork({ name: 'moving', wire: 'db', cidr: '10.120.0.0/24' });
    const kept = await reserve({ network: 'moving', start: '10.120.0.1', end: '10.120.0.9' });
    const over = await reserve({
      network: 'moving',
      start: '10.120.0.20',
      expiresAt: '2126-01-01T00:00:00Z',
    });
    await expire(over.id);
    await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'branch' });
    const moved = await lab.controller.call('PATCH', '/api/v1/wires/db', { space: 'branch' });
    expect(moved.status, JSON.stringify(moved.body)).toBe(200);
    expect(await next('moving')).toBe('10.120.0.10');
    await lab.refuse('reservation_overlap', 'POST', path(), { network: 'moving', start: '10.120.0.9' });
    // Where it came from the range is free for another network, with reservations of its own.
    await lab.createNetwork({ name: 'successor', wire: 'spare', cidr: '10.120.0.0/24' });
    await reserve({ network: 'successor', start: '10.120.0.5' });
    expect(await list('?ip=10.120.0.5')).toEqual(['10.120.0.1-10.120.0.9', '10.120.0.5-10.120.0.5']);
    expect(
      await lab.sql(
        `SELECT s.name FROM reservations r JOIN address_spaces s ON s.id = r.space_id WHERE r.id = $1`,
        [kept.id],
      ),
    ).toEqual([{ name: 'branch' }]);
  });
});
