import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { askingOf, done } from './asking.ts';

/** Addresses of many servers from a file's rows. */

const silent = { tools: 'notInstalled' as const };
const hundreds = 400;

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('by-order', [['web'], ['web']], silent),
      machine('by-mac', [['web'], ['db']], silent),
      machine('both-ways', [['web'], ['web'], ['db']], silent),
      machine('emptied', [['web']], silent),
      machine('first', [['web']], silent),
      machine('second', [['web']], silent),
      machine('good', [['web']], silent),
      machine('bad', [['web']], silent),
      machine('reporting', [['web', '10.1.9.1/16']]),
      machine('same name', [['web']], silent),
      { ...machine('same name', [['web']], silent), folder: 'Web' },
      ...Array.from({ length: hundreds }, (_, index) => machine(`many-${index}`, [['web']], silent)),
    ]),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
  await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/16' });
});
afterAll(() => lab[Symbol.asyncDispose]());

const { importRows, refuseRows, macOf, history, events, book } = askingOf(() => lab);
const complaintsOf = async (rows: readonly Record<string, unknown>[]): Promise<string[]> =>
  ((await refuseRows(rows)).errors ?? []).map(
    (error) => `${error.line ?? '-'} ${error.field}: ${error.message}`,
  );

describe('rows', () => {
  test('a server is known by its name, its id or its instance UUID; without MAC its cards come in their order', async () => {
    const server = await lab.server('by-order');
    const { instanceUuid } = await lab.server('by-mac');
    const result = await importRows([
      { line: 2, server: 'by-order', ip: '10.1.1.1' },
      { line: 3, server: server.id.toUpperCase(), ip: '10.1.1.2' },
      { line: 4, server: instanceUuid, mac: await macOf('by-mac', 1), ip: '10.2.1.1' },
    ]);
    expect(done(result)).toEqual(['1 10.1.1.1 fixed', '2 10.1.1.2 fixed', '2 10.2.1.1 fixed']);
    expect(await lab.records('by-order', 1)).toEqual(['10.1.1.2']);
    expect(await lab.records('by-mac', 1)).toEqual(['10.2.1.1']);
    expect(await events('by-order')).toHaveLength(1);
  });

  test('of one server, named cards come before the order, wherever the rows stand', async () => {
    const rows = [
      { server: 'both-ways', ip: '10.1.1.11' },
      { server: 'both-ways', ip: '10.2.1.11' },
      { server: 'both-ways', mac: await macOf('both-ways', 0), ip: '10.1.1.10' },
    ];
    expect(done(await importRows(rows))).toEqual([
      '2 10.1.1.11 fixed',
      '3 10.2.1.11 fixed',
      '1 10.1.1.10 fixed',
    ]);
    expect(await importRows(rows)).toMatchObject({ fixed: 0, kept: 3, cleared: 0 });
  });

  test('one with a MAC and without address clears that card; an empty cell is none', async () => {
    const mac = await macOf('emptied');
    await importRows([{ server: 'emptied', mac: '  ', ip: ' 10.1.1.20 ' }]);
    expect(done(await importRows([{ server: 'emptied', mac, ip: '' }]))).toEqual(['1 10.1.1.20 cleared']);
    expect(await lab.records('emptied')).toEqual([]);
    expect(await complaintsOf([{ line: 7, server: 'emptied' }])).toEqual([
      '7 rows[0].mac: This field is required.',
    ]);
  });

  test('addresses may change hands within one file', async () => {
    const [first, second] = [await macOf('first'), await macOf('second')];
    const rows = (one: string, other: string) => [
      { server: 'first', mac: first, ip: one },
      { server: 'second', mac: second, ip: other },
    ];
    await importRows(rows('10.1.1.30', '10.1.1.31'));
    expect(await importRows(rows('10.1.1.31', '10.1.1.30'))).toMatchObject({ fixed: 2, cleared: 2 });
    expect(await lab.records('first')).toEqual(['10.1.1.31']);
    expect(await history('10.1.1.31')).toEqual(['first lives', 'second corrected']);
    expect(await importRows(rows('10.1.1.31', '10.1.1.30'))).toMatchObject({ fixed: 0, kept: 2 });
  });
});

describe('everything or nothing', () => {
  test('each row that can not be taken is told with its line, and none of the others is', async () => {
    const before = await book();
    const mac = await macOf('bad');
    expect(
      await complaintsOf([
        { line: 2, server: 'good', ip: '10.1.2.1' },
        { line: 3, server: 'nobody', ip: '10.1.2.2' },
        { line: 4, server: 'same name', ip: '10.1.2.3' },
        { line: 5, server: 'bad', mac: 'zz', ip: '10.1.2' },
        { line: 6, server: 'bad', mac, ip: '10.1.9.1' },
        { line: 7, server: 'bad', mac: '00:50:56:80:ff:ff', ip: '10.1.2.4' },
        { line: 8, server: 'bad', mac, ip: '10.1.2.1' },
        { line: 9, server: 'bad', ip: '10.66.0.1' },
        { server: 'nobody', ip: '::ffff:10.1.2.5' },
      ]),
    ).toEqual([
      '3 rows[1].server: There is no server with this name or id: wirebook server list',
      '4 rows[2].server: 2 servers have this name; use the id or the instance UUID.',
      '5 rows[3].mac: Not a MAC address.',
      '5 rows[3].ip: Not an IPv4 or IPv6 address.',
      '6 rows[4].ip: reporting has it. See why: wirebook why 10.1.9.1',
      expect.stringContaining('7 rows[5].mac: bad has no NIC with this MAC'),
      '8 rows[6].ip: The same address stands in line 2 already.',
      expect.stringContaining('9 rows[7].ip: No network holds this address.'),
      '- rows[8].ip: An IPv4 address in IPv6 notation; write it as 10.1.2.5.',
      '- rows[8].server: There is no server with this name or id: wirebook server list',
    ]);
    expect(await book()).toEqual(before);
    expect(await lab.records('good')).toEqual([]);
  });

  test('rows without a line are told by their place', async () => {
    expect(
      await complaintsOf([
        { server: 'good', ip: '10.1.2.1' },
        { server: 'bad', ip: '10.1.2.1' },
      ]),
    ).toEqual(['- rows[1].ip: Named twice: also in rows[0].ip.']);
  });

  test('an empty name is named with its line, beside all else that is wrong', async () => {
    const problem = await refuseRows([
      { line: 2, server: '', ip: '10.1.2.1' },
      { line: 3, server: 'nobody', ip: '10.1.2.2' },
    ]);
    expect(problem.errors?.map(({ line, field }) => [line, field])).toEqual([
      [2, 'rows[0].server'],
      [3, 'rows[1].server'],
    ]);
  });

  test('of very many complaints the first are shown, and all are counted', async () => {
    const problem = await refuseRows(
      Array.from({ length: 1500 }, (_, index) => ({
        line: index + 2,
        server: 'nobody',
        ip: `10.1.2.${index}`,
      })),
    );
    expect(problem.errors).toHaveLength(1000);
    // Addresses beyond .255 are complained of as well.
    expect(problem.detail).toContain(String(1500 + 1500 - 256));
  });
});

describe('hundreds', () => {
  const rows = (shift: number) =>
    Array.from({ length: hundreds }, (_, index) => ({
      line: index + 2,
      server: `many-${index}`,
      ip: `10.1.${20 + Math.floor((index + shift) / 200)}.${1 + ((index + shift) % 200)}`,
    }));

  test('a dry run tells what would come of them and does nothing', async () => {
    const before = await book();
    expect(await importRows(rows(0), '?dryRun=true')).toMatchObject({ dryRun: true, fixed: hundreds });
    expect(await book()).toEqual(before);
  });

  test('are fixed at once, and sent again change nothing', async () => {
    const result = await importRows(rows(0));
    expect(result).toMatchObject({ dryRun: false, fixed: hundreds, kept: 0, cleared: 0 });
    expect(result.items).toHaveLength(hundreds);
    const [{ count } = { count: '' }] = await lab.sql<{ count: string }>(
      `SELECT count(*) FROM claims WHERE source = 'manual' AND ended_at IS NULL AND server_name LIKE 'many-%'`,
    );
    expect(Number(count)).toBe(hundreds);
    expect(await lab.reasons('many-7')).toEqual([]);
    const before = await book();
    expect(await importRows(rows(0))).toMatchObject({ fixed: 0, kept: hundreds, cleared: 0 });
    expect(await book()).toEqual(before);
  });

  test('are corrected at once, each to the address that its neighbour had', async () => {
    const macs = new Map(
      (
        await lab.sql<{ name: string; mac: string }>(
          `SELECT s.name, n.mac::text FROM nics n JOIN servers s ON s.id = n.server_id WHERE s.name LIKE 'many-%'`,
        )
      ).map((row) => [row.name, row.mac]),
    );
    const shifted = rows(1).map((row) => ({ ...row, mac: macs.get(row.server) }));
    expect(await importRows(shifted)).toMatchObject({ fixed: hundreds, cleared: hundreds });
    expect(await history('10.1.20.2')).toEqual(['many-0 lives', 'many-1 corrected']);
  });
});
