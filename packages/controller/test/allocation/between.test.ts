import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GivenAddress, ProblemBody, Reservation } from '@wirebook/contract';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settle } from '../../src/app/settling.ts';
import { openDatabase } from '../../src/store/database.ts';
import { waitFor } from '../support/accounts.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** What happens between a look at an address and taking it, arranged by somebody who holds up the one of them. */

let lab: EstateController;
let second: TestController;
let other: Client;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('reporting', [['web', '10.71.3.7/24']]),
      machine('silent', [['web']], { tools: 'notInstalled' }),
    ]),
  );
  second = await startTestController({
    databaseUrl: lab.controller.databaseUrl,
    env: { WIREBOOK_SECRET_KEY: await readFile(join(lab.controller.dataDir, 'secret.key'), 'utf8') },
  });
  other = new Client({ connectionString: lab.controller.databaseUrl });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await second[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

type Given = { items: GivenAddress[] } & ProblemBody;
const make = (name: string, prefix: string, last: number): Promise<unknown> =>
  lab.createNetwork({
    name,
    wire: 'web',
    start: `${prefix}.1`,
    end: `${prefix}.${last}`,
    prefixLength: 24,
    restingSeconds: 0,
  });
const allocate = async (controller: TestController, network: string, body: object): Promise<string[]> => {
  const answer = await controller.call<Given>('POST', `/api/v1/networks/${network}/allocate`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.items.map((item) => item.ip);
};
const waitForWaiting = (statement: string, count = 1): Promise<true> =>
  waitFor(async () => {
    const waiting = await lab.sql(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE $1`,
      [`%${statement}%`],
    );
    return waiting.length >= count ? true : undefined;
  });

test('who asks for three and loses one to another at the last moment gets none, and the other two can still be given', async () => {
  await make('three', '10.71.1', 6);
  await allocate(lab.controller, 'three', { count: 6 });
  const freed = ['10.71.1.2', '10.71.1.3', '10.71.1.4'];
  await lab.controller.call('POST', '/api/v1/networks/three/release', { ips: freed });
  await other.query('BEGIN');
  await other.query(
    `INSERT INTO claims (space_id, ip, network_id, source, started_at)
     SELECT space_id, '10.71.1.4', id, 'manual', now() FROM networks WHERE name = 'three'`,
  );
  const asked = lab.controller.call<Given>('POST', '/api/v1/networks/three/allocate', { count: 3 });
  await waitForWaiting('INSERT INTO claims');
  await other.query('COMMIT');
  expect(await asked).toMatchObject({ status: 409, body: { code: 'network_full' } });
  expect(await allocate(lab.controller, 'three', {})).toEqual(['10.71.1.2']);
  expect(await allocate(second, 'three', {})).toEqual(['10.71.1.3']);
});

test('two who say different things about the holder of one key at once are both heard', async () => {
  await make('holders', '10.71.2', 6);
  const path = '/api/v1/networks/holders/claims/printer';
  await lab.controller.call('PUT', path, {});
  await other.query('BEGIN');
  await other.query(`SELECT FROM claims WHERE key = 'printer' FOR UPDATE`);
  const answers = [
    lab.controller.call('PUT', path, { name: 'the printer' }),
    second.call('PUT', path, { note: 'second floor' }),
  ];
  await waitForWaiting('UPDATE claims', 2);
  await other.query('COMMIT');
  expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual([200, 200]);
  expect((await lab.controller.call('GET', path)).body).toMatchObject({
    holder: { name: 'the printer', note: 'second floor' },
  });
});

test('an address that one has by hand and another reports is the other’s when it is released', async () => {
  const [mac] = (await lab.nics('silent')).map((nic) => nic.mac);
  await make('reported', '10.71.3', 6);
  const fixed = await lab.controller.call('POST', '/api/v1/servers/silent/fix-nics', {
    nics: [{ mac, ip: '10.71.3.6' }],
  });
  expect(fixed.status, JSON.stringify(fixed.body)).toBe(200);
  await lab.simulator.setGuestNet('reporting', [
    { deviceConfigId: 4000, connected: true, addresses: [{ ip: '10.71.3.6', prefixLength: 24 }] },
  ]);
  await lab.sync();
  expect(await lab.reasons('reporting')).toEqual(['taken 10.71.3.6']);
  await lab.controller.call('POST', '/api/v1/networks/reported/release', { ips: ['10.71.3.6'] });
  expect(await lab.records('reporting')).toEqual(['10.71.3.6']);
  expect(await lab.reasons('reporting')).toEqual([]);
});

test('what one controller found beyond what was asked is forgotten once a range is no longer kept back, whatever another gave since', async () => {
  await make('kept', '10.71.4', 30);
  const keep = async (start: number, end: number): Promise<string> =>
    (
      await lab.controller.call<Reservation>('POST', '/api/v1/reservations', {
        network: 'kept',
        start: `10.71.4.${start}`,
        end: `10.71.4.${end}`,
      })
    ).body.id;
  const kept = [await keep(10, 10), await keep(12, 20)];
  // It has 11 and 21 in stock now, and has come as far as 10.
  await allocate(lab.controller, 'kept', { count: 9 });
  for (const id of kept) await lab.controller.call('DELETE', `/api/v1/reservations/${id}`);
  expect(await allocate(second, 'kept', {})).toEqual(['10.71.4.10']);
  expect(await allocate(lab.controller, 'kept', {})).toEqual(['10.71.4.11']);
  expect(await allocate(lab.controller, 'kept', {})).toEqual(['10.71.4.12']);
});

test('a change of companions and whoever gives addresses of both wait for one another in one order', async () => {
  await make('four', '10.71.5', 250);
  const four = (await lab.network('four')).id;
  const six = (await lab.createNetwork({ name: 'six', wire: 'web', cidr: '2001:db8:71::/64' })).network.id;
  await other.query(`CREATE TABLE hold_up (id int)`);
  await other.query(`CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.description = 'held up' THEN LOCK TABLE hold_up; END IF; RETURN NEW; END $$`);
  await other.query(
    `CREATE TRIGGER hold_up BEFORE UPDATE ON networks FOR EACH ROW EXECUTE FUNCTION hold_up()`,
  );
  await other.query('BEGIN');
  await other.query('LOCK TABLE hold_up');
  const changed = lab.controller.call('PATCH', '/api/v1/networks/six', {
    companion: 'four',
    description: 'held up',
  });
  await waitForWaiting('UPDATE networks');
  const database = openDatabase({ url: lab.controller.databaseUrl, onError: () => undefined });
  const wish = { count: 2, ip: null, recording: false, key: null, holder: null, expiresAt: null } as const;
  const given = database.db.transaction().execute((tx) =>
    settle(
      tx,
      [four, six].map((networkId) => ({ ...wish, networkId, source: 'allocated', actor: 'somebody' })),
      new Date(),
    ),
  );
  await waitForWaiting('network_frontiers');
  await other.query('COMMIT');
  expect((await changed).status).toBe(200);
  expect((await given).answers).toMatchObject([{ claims: [{}, {}] }, { claims: [{}, {}] }]);
  await database.close();
  await other.query('DROP TRIGGER hold_up ON networks');
  expect(
    await lab.sql(`SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`),
  ).toEqual([{ deadlocks: 0 }]);
});

test('whoever holds one network for long keeps only its own callers waiting', async () => {
  for (const [name, base] of [
    ['held long', '10.71.8'],
    ['free to give', '10.71.9'],
  ] as const) {
    await make(name, base, 50);
    await allocate(lab.controller, name, {});
  }
  await other.query('BEGIN');
  await other.query(`SELECT 1 FROM networks WHERE name = 'held long' FOR NO KEY UPDATE`);
  // From stock, and with a look at the network; both networks at once.
  for (const count of [1, 2]) {
    const late = allocate(lab.controller, 'held long', { count });
    const given = await Promise.all([1, 2, 3].map(() => allocate(lab.controller, 'free to give', { count })));
    expect(given.flat()).toHaveLength(3 * count);
    await other.query('COMMIT');
    expect(await late).toHaveLength(count);
    await other.query('BEGIN');
    await other.query(`SELECT 1 FROM networks WHERE name = 'held long' FOR NO KEY UPDATE`);
  }
  await other.query('COMMIT');
});
