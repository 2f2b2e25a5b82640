import type { GivenAddress, ImportedAddresses, ProblemBody } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBook } from '../support/book.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      // Reports an address of the web network from another wire.
      machine('stray', [['db', '10.1.0.77/24']]),
    ]),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
  await lab.controller.call('PUT', '/api/v1/networks/web/excluded-wires', { wires: ['db'] });
});
afterAll(() => lab[Symbol.asyncDispose]());

let made = 0;
/** A network of its own for each test: `10.130.n.0/24`. */
async function network(input: Record<string, unknown> = {}): Promise<{ name: string; base: string }> {
  made += 1;
  const [name, base] = [`outside ${made}`, `10.130.${made}`];
  await lab.createNetwork({ name, wire: 'spare', cidr: `${base}.0/24`, ...input });
  return { name, base };
}
interface Row {
  line?: number;
  ip: string;
  name?: string;
  owner?: string;
  mac?: string;
  note?: string;
}
const PATH = '/api/v1/imports/addresses';
async function importRows(rows: readonly Row[], query = ''): Promise<ImportedAddresses> {
  const answer = await lab.controller.call<ImportedAddresses>('POST', `${PATH}${query}`, { rows });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const refuse = (rows: readonly Row[], code = 'import_refused'): Promise<ProblemBody> =>
  lab.refuse(code, 'POST', PATH, { rows });
const complaints = (problem: ProblemBody): string[] =>
  (problem.errors ?? []).map((error) => `${error.line} ${error.field} ${error.message}`);
const claimsIn = (base: string) =>
  lab.sql<{ ip: string; holder: unknown; mac: string | null; source: string }>(
    `SELECT host(ip) AS ip, holder, mac::text, source FROM claims
     WHERE ended_at IS NULL AND host(ip) LIKE $1 ORDER BY claims.ip`,
    [`${base}.%`],
  );
const importEvents = () =>
  lab.sql<{ id: string; actor: string; after: unknown }>(
    `SELECT id, actor, after FROM events WHERE action = 'import' AND object_kind = 'addresses' ORDER BY id`,
  );

describe('an import of holders outside vCenter', () => {
  test('names an empty address with its line, beside all else that is wrong', async () => {
    const problem = await refuse([
      { line: 2, ip: '', name: 'printer' },
      { line: 3, ip: 'x', name: 'printer' },
    ]);
    expect(complaints(problem)).toEqual([
      '2 rows[0].ip Not an IPv4 or IPv6 address.',
      '3 rows[1].ip Not an IPv4 or IPv6 address.',
    ]);
  });

  test('records who has each address, in the networks that hold them, with one line in the trail', async () => {
    const { name, base } = await network();
    const before = (await importEvents()).length;
    const rows = [
      {
        line: 2,
        ip: `${base}.10`,
        name: 'printer',
        owner: 'office',
        mac: '00-50-56-AA-00-0F',
        note: '2nd floor',
      },
      { line: 3, ip: ` ${base}.11 `, name: ' scanner ', owner: '', mac: '', note: '' },
      { line: 4, ip: '10.1.0.200', note: 'someone' },
    ];
    expect(await importRows(rows)).toEqual({
      dryRun: false,
      created: 3,
      updated: 0,
      unchanged: 0,
      items: [
        {
          line: 2,
          ip: `${base}.10`,
          network: { id: expect.any(String), name },
          name: 'printer',
          change: 'created',
        },
        {
          line: 3,
          ip: `${base}.11`,
          network: { id: expect.any(String), name },
          name: 'scanner',
          change: 'created',
        },
        {
          line: 4,
          ip: '10.1.0.200',
          network: { id: expect.any(String), name: 'web' },
          name: '',
          change: 'created',
        },
      ],
    });
    expect(await claimsIn(base)).toEqual([
      {
        ip: `${base}.10`,
        source: 'manual',
        mac: '00:50:56:aa:00:0f',
        holder: { name: 'printer', owner: 'office', mac: '00:50:56:aa:00:0f', note: '2nd floor' },
      },
      {
        ip: `${base}.11`,
        source: 'manual',
        mac: null,
        holder: { name: 'scanner', owner: null, mac: null, note: '' },
      },
    ]);
    const events = await importEvents();
    expect(events.slice(before)).toMatchObject([
      { actor: 'administrator', after: { created: 3, updated: 0 } },
    ]);
    const taken = await lab.refuse(
      'address_not_free',
      'POST',
      `/api/v1/networks/${encodeURIComponent(name)}/allocate`,
      {
        ip: `${base}.10`,
      },
    );
    expect(taken.detail).toContain('printer');
  });

  test('repeated changes nothing; a row that differs brings its holder in line, and what it leaves out stays', async () => {
    const { base } = await network();
    const rows = [
      { ip: `${base}.10`, name: 'printer', owner: 'office', mac: '00:50:56:aa:00:0f', note: 'here' },
      { ip: `${base}.11`, name: 'scanner' },
    ];
    await importRows(rows);
    await using book = await openBook(lab.controller.databaseUrl);
    const [digests, events] = [await book.digests(), await importEvents()];
    expect(await importRows(rows)).toMatchObject({ created: 0, updated: 0, unchanged: 2, items: [] });
    expect(await book.digests()).toEqual(digests);
    expect(await importEvents()).toEqual(events);

    const changed = await importRows([
      { ip: `${base}.10`, owner: '', mac: '', note: 'moved' },
      { ip: `${base}.11`, name: 'scanner' },
      { ip: `${base}.12`, name: 'plotter' },
    ]);
    expect(changed).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
    expect(changed.items.map(({ ip, name, change }) => `${ip} ${name} ${change}`)).toEqual([
      `${base}.10 printer updated`,
      `${base}.12 plotter created`,
    ]);
    expect((await claimsIn(base))[0]).toEqual({
      ip: `${base}.10`,
      source: 'manual',
      mac: null,
      holder: { name: 'printer', owner: null, mac: null, note: 'moved' },
    });
    expect((await importEvents()).at(-1)?.after).toEqual({ created: 1, updated: 1 });
  });

  test('tried out answers the same and changes nothing', async () => {
    const { base } = await network();
    await importRows([{ ip: `${base}.10`, name: 'printer' }]);
    await using book = await openBook(lab.controller.databaseUrl);
    const [digests, events] = [await book.digests(), await importEvents()];
    const rows = [
      { line: 2, ip: `${base}.10`, name: 'plotter' },
      { line: 3, ip: `${base}.11`, name: 'scanner' },
    ];
    const tried = await importRows(rows, '?dryRun=true');
    expect(tried).toMatchObject({ dryRun: true, created: 1, updated: 1 });
    expect(await book.digests()).toEqual(digests);
    expect(await importEvents()).toEqual(events);
    const done = await importRows(rows);
    expect(done).toEqual({ ...tried, dryRun: false });
  });

  test('asks nothing of giving: a gateway, a DNS server, kept back, resting and not given are no obstacles', async () => {
    const { name, base } = await network();
    await lab.controller.call('PATCH', `/api/v1/networks/${encodeURIComponent(name)}`, {
      gateway: `${base}.254`,
      dns: [`${base}.53`],
      giving: 'none',
    });
    for (const [kind, start] of [
      ['reserved', `${base}.20`],
      ['dhcp', `${base}.30`],
    ])
      await lab.controller.call('POST', '/api/v1/reservations', { network: name, kind, start });
    const networkPath = `/api/v1/networks/${encodeURIComponent(name)}`;
    await lab.controller.call('PUT', `${networkPath}/claims/rested`, { ip: `${base}.40`, name: 'x' });
    await lab.controller.call('DELETE', `${networkPath}/claims/rested`);
    const { created } = await importRows(
      [20, 30, 40, 53, 254, 99].map((last) => ({ ip: `${base}.${last}`, name: `holder ${last}` })),
    );
    expect(created).toBe(6);
  });

  test('takes an address whose hold is over', async () => {
    const { name, base } = await network();
    const answer = await lab.controller.call<{ items: GivenAddress[] }>(
      'POST',
      `/api/v1/networks/${encodeURIComponent(name)}/allocate`,
      { ip: `${base}.10`, expiresAt: '2126-01-01T00:00:00Z' },
    );
    expect(answer.status).toBe(201);
    await refuse([{ ip: `${base}.10`, name: 'printer' }]);
    await lab.sql(`UPDATE claims SET expires_at = now() - interval '1 second' WHERE host(ip) = $1`, [
      `${base}.10`,
    ]);
    expect(await importRows([{ ip: `${base}.10`, name: 'printer' }])).toMatchObject({ created: 1 });
  });

  test('is all or nothing: every bad row is told, with its line', async () => {
    const { name, base } = await network();
    const networkPath = `/api/v1/networks/${encodeURIComponent(name)}`;
    await lab.controller.call('POST', `${networkPath}/allocate`, {
      ip: `${base}.50`,
      note: 'kept for later',
    });
    await lab.controller.call('PUT', `${networkPath}/claims/the-key`, { ip: `${base}.51` });
    const problem = await refuse([
      { line: 2, ip: `${base}.1`, name: 'good' },
      { line: 3, ip: '10.99.0.1', name: 'homeless' },
      { line: 4, ip: `${base}.0`, name: 'low' },
      { line: 5, ip: `${base}.255`, name: 'high' },
      { line: 6, ip: '10.1.0.11', name: 'not outside' },
      { line: 7, ip: '10.1.0.77', name: 'reported elsewhere' },
      { line: 8, ip: `${base}.50`, name: 'held' },
      { line: 9, ip: `${base}.51`, name: 'held by key' },
      { line: 10, ip: `${base}.2` },
      { line: 11, ip: `${base}.1`, name: 'good once more' },
      { line: 12, ip: '10.1.2', name: 'no address' },
      { line: 13, ip: `${base}.3`, mac: 'no mac' },
      { line: 14, ip: '::ffff:10.1.0.3', name: 'mapped' },
      { line: 15, ip: '127.0.0.1', name: 'loopback' },
      { line: 16, ip: '10.1.0.77', mac: 'none', name: 'twice wrong' },
      { ip: `${base}.2`, note: ' ' },
    ]);
    expect(complaints(problem)).toEqual([
      '3 rows[1].ip No network of the address space "default" holds it. Make it first: wirebook network create NAME --wire WIRE --cidr 10.99.0.0/24',
      `4 rows[2].ip It is the network address of "${name}"; nobody can have it.`,
      `5 rows[3].ip It is the broadcast address of "${name}"; nobody can have it.`,
      '6 rows[4].ip web-1 has it already.',
      '7 rows[5].ip stray reports it at this moment: not outside vCenter.',
      '8 rows[6].ip kept for later has it already.',
      '9 rows[7].ip the-key has it already.',
      '10 rows[8].ip Name, owner, MAC or note: at least one is needed.',
      '11 rows[9].ip The same address stands in line 2 already.',
      '12 rows[10].ip Not an IPv4 or IPv6 address.',
      '13 rows[11].mac Not a MAC address.',
      '14 rows[12].ip An IPv4 address in IPv6 notation; write it as 10.1.0.3.',
      '15 rows[13].ip Not an address that a machine can have.',
      '16 rows[14].mac Not a MAC address.',
      '16 rows[14].ip The same address stands in line 7 already.',
      'undefined rows[15].ip Name, owner, MAC or note: at least one is needed.',
      'undefined rows[15].ip The same address stands in line 10 already.',
    ]);
    expect(problem.detail).toBe('15 rows were refused; nothing was imported.');
    expect((await claimsIn(base)).map((claim) => claim.ip)).toEqual([`${base}.50`, `${base}.51`]);
    const one = await refuse([{ line: 9, ip: '10.99.0.1', name: 'x' }]);
    expect(one.detail).toBe('One row was refused; nothing was imported.');
  });

  test('tells the line of what no row may hold, too', async () => {
    const long = await refuse([{ line: 41, ip: '10.1.0.9', name: 'n'.repeat(256) }], 'invalid_input');
    expect(complaints(long)).toEqual(['41 rows[0].name At most 255 taken.']);
    const half = await refuse([{ line: 42, ip: '10.1.0.9', name: '\ud800' }], 'invalid_input');
    expect(half.errors).toMatchObject([{ field: 'rows[0].name', line: 42 }]);
    await lab.refuse('not_found', 'POST', PATH, {
      space: 'nowhere',
      rows: [{ ip: '10.1.0.9', name: 'x' }],
    });
  });

  test('goes past a holder whose address a NIC reports by now, until the NIC has taken it over', async () => {
    const { name, base } = await network();
    const wires = `/api/v1/networks/${encodeURIComponent(name)}`;
    await lab.controller.call('PUT', `${wires}/excluded-wires`, { wires: ['db'] });
    const rows = [{ ip: `${base}.10`, name: 'printer' }];
    await importRows(rows);
    await lab.simulator.setGuestNet('stray', [
      { deviceConfigId: 4000, connected: true, addresses: [{ ip: `${base}.10`, prefixLength: 24 }] },
    ]);
    await lab.sync();
    expect(await importRows(rows)).toMatchObject({ unchanged: 1 });
    // On a wire of the network the NIC takes it over: it is no longer outside.
    await lab.controller.call('PUT', `${wires}/additional-wires`, { wires: ['db'] });
    expect(complaints(await refuse(rows))).toEqual(['undefined rows[0].ip stray has it already.']);
  });

  test('goes into the space it names, and no other', async () => {
    await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'branch' });
    await lab.controller.call('PATCH', '/api/v1/wires/twin', { space: 'branch' });
    await lab.createNetwork({ name: 'far', wire: 'twin', cidr: '10.1.0.0/24' });
    const answer = await lab.controller.call<ImportedAddresses>('POST', PATH, {
      space: 'branch',
      rows: [{ ip: '10.1.0.11', name: 'far printer' }],
    });
    expect(answer.body).toMatchObject({ created: 1, items: [{ network: { name: 'far' } }] });
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
  });
});

describe('imports beside others', () => {
  test('the same file sent by many at once is imported once', async () => {
    const { base } = await network();
    const rows = Array.from({ length: 50 }, (_, nr) => ({ ip: `${base}.${nr + 1}`, name: `holder ${nr}` }));
    const answers = await Promise.all(Array.from({ length: 8 }, () => importRows(rows)));
    expect(answers.map((answer) => `${answer.created} ${answer.unchanged}`).toSorted()).toEqual([
      ...Array.from({ length: 7 }, () => '0 50'),
      '50 0',
    ]);
  });

  test('addresses given out meanwhile are either given or imported, never both', async () => {
    const { name, base } = await network();
    const allocate = () =>
      lab.controller.call<{ items?: GivenAddress[] }>(
        'POST',
        `/api/v1/networks/${encodeURIComponent(name)}/allocate`,
        { count: 5 },
      );
    const rows = (from: number) =>
      Array.from({ length: 20 }, (_, nr) => ({ ip: `${base}.${from + nr}`, name: `holder ${from + nr}` }));
    const [given, imported] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, allocate)),
      Promise.all(
        [1, 31, 61, 91, 121].map((from) =>
          lab.controller.call<{ created?: number; code?: string }>('POST', PATH, { rows: rows(from) }),
        ),
      ),
    ]);
    for (const answer of imported) expect([200, 422], JSON.stringify(answer.body)).toContain(answer.status);
    for (const answer of given) expect(answer.status).toBe(201);
    const ips = [
      ...given.flatMap((answer) => (answer.body.items ?? []).map((item) => item.ip)),
      ...imported.flatMap((answer, nr) =>
        answer.status === 200 ? rows([1, 31, 61, 91, 121][nr] ?? 0).map((row) => row.ip) : [],
      ),
    ];
    expect(new Set(ips).size).toBe(ips.length);
    expect((await claimsIn(base)).map((claim) => claim.ip).toSorted()).toEqual(ips.toSorted());
  });

  test('five thousand rows are taken at once, and taken again without a change', async () => {
    await lab.createNetwork({ name: 'wide', wire: 'spare', cidr: '10.140.0.0/16' });
    const rows = Array.from({ length: 5000 }, (_, nr) => ({
      line: nr + 2,
      ip: `10.140.${Math.floor(nr / 250)}.${(nr % 250) + 1}`,
      name: `machine ${nr}`,
      mac: `02:00:00:00:${Math.floor(nr / 256)
        .toString(16)
        .padStart(2, '0')}:${(nr % 256).toString(16).padStart(2, '0')}`,
    }));
    const first = await importRows(rows);
    expect(first).toMatchObject({ created: 5000, unchanged: 0 });
    expect(first.items).toHaveLength(500);
    expect(await importRows(rows)).toMatchObject({ created: 0, unchanged: 5000 });
    const bad = await refuse(rows.map((row) => ({ ...row, ip: row.ip.replace('10.140', '10.141') })));
    expect(bad.detail).toContain('5000 rows');
    expect(bad.errors).toHaveLength(1000);
    expect(bad.errors?.at(0)).toMatchObject({ line: 2 });
    expect(bad.errors?.at(-1)).toMatchObject({ line: 1001 });
  });
});
