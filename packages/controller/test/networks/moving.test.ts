import type { Finding, List, NetworkChangeEffect, ProblemBody } from '@wirebook/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findMovedNetworks } from '../../src/store/moved-networks.ts';
import { type OpenDatabase, openDatabase } from '../../src/store/database.ts';
import { type Book, openBook } from '../support/book.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

const MACHINES = 10;
const DEVICE_KEY = 4000;
const names = Array.from({ length: MACHINES }, (_, nr) => `web-${nr}`);

let lab: EstateController;
let book: Book;
let database: OpenDatabase;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate(
      names.map((name, nr) => machine(name, [['web', `10.1.0.${10 + nr}/24`, `2001:db8:1::${nr + 1}/64`]])),
    ),
  );
  book = await openBook(lab.controller.databaseUrl);
  database = openDatabase({ url: lab.controller.databaseUrl, onError: () => undefined });
});
afterAll(async () => {
  await database.close();
  await book[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

const call = <T>(method: string, path: string, body?: unknown): ReturnType<typeof lab.controller.call<T>> =>
  lab.controller.call<T>(method, `/api/v1${path}`, body);
const move = async (body: object, query = '', network = 'web'): Promise<NetworkChangeEffect> => {
  const answer = await call<NetworkChangeEffect>('POST', `/networks/${network}/move${query}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const refuse = (code: string, body: object): Promise<ProblemBody> =>
  lab.refuse(code, 'POST', '/api/v1/networks/web/move', body);
/** In vCenter: these machines hang on another port group from now on, and a sync sees it. */
const migrate = async (machines: readonly string[], group: string): Promise<void> => {
  for (const name of machines) await lab.simulator.moveNic(name, DEVICE_KEY, { distributed: group });
  await lab.sync();
};
const recorded = async (): Promise<number> =>
  (await lab.sql(`SELECT FROM claims WHERE ended_at IS NULL AND family(ip) = 4 AND nic_id IS NOT NULL`))
    .length;
const wiresOf = (effect: NetworkChangeEffect, nr = 0): string[] =>
  (effect.networks[nr]?.additionalWires ?? []).map((one) => `${one.wire.name} ${one.origin}`);

beforeEach(async () => {
  for (const wire of ['web', 'db', 'spare']) await call('PATCH', `/wires/${wire}`, { space: 'default' });
  await lab.sql('UPDATE claims SET ended_at = now(), end_reason = $1 WHERE ended_at IS NULL', ['cleared']);
  await lab.sql('DELETE FROM networks');
  await migrate(names, 'web');
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
});

describe('moving a network to another wire', () => {
  test('after all its NICs: it lies where they are, and every one keeps its record', async () => {
    await migrate(names, 'db');
    // The wire that they are on by now was found: nobody has lost a record.
    expect(await recorded()).toBe(MACHINES);
    const dry = await move({}, '?dryRun=true');
    expect(dry.nicsMoved).toMatchObject({
      from: { name: 'web' },
      to: { name: 'db' },
      moved: MACHINES,
      total: MACHINES,
      text: '10 of 10 NICs with addresses of "web" are on "db" by now, not on "web": move the network?',
    });
    expect(dry).toMatchObject({ settles: 0, ends: 0, keptWires: [] });
    expect(await lab.network('web')).toMatchObject({ wire: { name: 'web' } });
    const done = await move({});
    expect(done.networks).toMatchObject([{ wire: { name: 'db' }, additionalWires: [] }]);
    expect(await recorded()).toBe(MACHINES);
    expect(await lab.network('web')).toEqual(done.networks[0]);
    const events = await lab.sql(`SELECT action, before->'wire' AS before, after->'wire' AS after
      FROM events WHERE object_name = 'web' AND action = 'move' ORDER BY id DESC LIMIT 1`);
    expect(events).toEqual([{ action: 'move', before: 'web', after: 'db' }]);
  });

  test('before them: the wire that it lay on stays a declared one, and no record ends', async () => {
    const effect = await move({ wire: 'db' });
    expect(effect).toMatchObject({ settles: 0, ends: 0, nicsMoved: null });
    expect(effect.keptWires).toMatchObject([
      { network: { name: 'web' }, wire: { name: 'web' }, nics: MACHINES },
    ]);
    expect(wiresOf(effect)).toEqual(['web declared']);
    expect(await recorded()).toBe(MACHINES);
    await migrate(names.slice(0, 4), 'db');
    expect(await recorded()).toBe(MACHINES);
  });

  test('with addresses given by hand: their wire stays too', async () => {
    await migrate(names, 'db');
    await migrate(names.slice(0, 1), 'web');
    await lab.simulator.setGuestNet('web-0', []);
    await lab.sync();
    const [nic] = await lab.nics('web-0');
    await lab.sql(
      `UPDATE claims SET ended_at = now(), end_reason = 'cleared' WHERE ended_at IS NULL AND nic_id = $1`,
      [nic?.id],
    );
    const fixed = await call('POST', '/servers/web-0/fix-nics', { ips: ['10.1.0.10'] });
    expect(fixed.status, JSON.stringify(fixed.body)).toBe(200);
    const effect = await move({});
    expect(effect.nicsMoved).toMatchObject({ moved: MACHINES - 1, total: MACHINES });
    expect(effect.keptWires).toMatchObject([{ wire: { name: 'web' }, nics: 1 }]);
    expect(await lab.records('web-0')).toEqual(['10.1.0.10']);
    await lab.simulator.setGuestNet('web-0', [
      {
        deviceConfigId: DEVICE_KEY,
        connected: true,
        addresses: [
          { ip: '10.1.0.10', prefixLength: 24 },
          { ip: '2001:db8:1::1', prefixLength: 64 },
        ],
      },
    ]);
  });

  test.each(['declared', 'detected', 'suggested', 'excluded'])(
    'a wire that was %s is the primary one then, and nothing else',
    async (origin) => {
      await lab.sql(
        `INSERT INTO network_wires (space_id, network_id, wire_id, origin)
        SELECT n.space_id, n.id, w.id, $1 FROM networks n, wires w WHERE w.name = 'db'`,
        [origin],
      );
      const effect = await move({ wire: 'db' });
      expect(effect.networks).toMatchObject([
        { wire: { name: 'db' }, suggestedWires: [], excludedWires: [] },
      ]);
      expect(wiresOf(effect)).toEqual(['web declared']);
    },
  );

  test('the companion moves along', async () => {
    await lab.createNetwork({ name: 'six', wire: 'web', cidr: '2001:db8:1::/64', companion: 'web' });
    await migrate(names, 'db');
    const effect = await move({}, '', 'six');
    expect(effect.networks).toMatchObject([
      { name: 'six', wire: { name: 'db' }, companion: { name: 'web' } },
      { name: 'web', wire: { name: 'db' }, companion: { name: 'six' } },
    ]);
    expect(effect).toMatchObject({ settles: 0, ends: 0 });
    const events = await lab.sql(
      `SELECT object_name AS name FROM events WHERE action = 'move' ORDER BY id DESC LIMIT 2`,
    );
    expect(events).toEqual([{ name: 'web' }, { name: 'six' }]);
  });

  test('to the wire that it lies on changes nothing, and is no event', async () => {
    const before = [await book.digests(), await lab.sql('SELECT count(*) FROM events')];
    const effect = await move({ wire: 'web' });
    expect(effect).toMatchObject({ settles: 0, ends: 0, networks: [{ wire: { name: 'web' } }] });
    expect([await book.digests(), await lab.sql('SELECT count(*) FROM events')]).toEqual(before);
  });

  test('a dry run answers the same and leaves no trace', async () => {
    await migrate(names.slice(0, 9), 'db');
    const before = [await book.digests(), await lab.sql('SELECT count(*) FROM events')];
    const dry = await move({}, '?dryRun=true');
    expect([await book.digests(), await lab.sql('SELECT count(*) FROM events')]).toEqual(before);
    const done = await move({});
    const comparable = (effect: NetworkChangeEffect): object => ({
      ...effect,
      networks: effect.networks.map((one) => ({ ...one, updatedAt: '' })),
    });
    expect(comparable(done)).toEqual(comparable(dry));
    expect(wiresOf(done)).toEqual(['web declared']);
  });
});

describe('a move is refused', () => {
  test('to a wire that carries no servers, that is missing, or that lies in another address space', async () => {
    const [uplink] = await lab.sql<{ id: string }>(`SELECT id FROM wires WHERE purpose = 'uplink'`);
    await refuse('wire_takes_no_networks', { wire: uplink?.id });
    await lab.sql(`UPDATE wires SET missing_since = now() WHERE name = 'spare'`);
    expect((await refuse('wire_missing', { wire: 'spare' })).detail).toContain('spare');
    await lab.sql(`UPDATE wires SET missing_since = NULL WHERE name = 'spare'`);
    await call('POST', '/address-spaces', { name: 'aside' });
    await call('PATCH', '/wires/spare', { space: 'aside' });
    const refused = await refuse('other_space', { wire: 'spare' });
    expect(refused.objects).toMatchObject([{ kind: 'wire', name: 'spare' }]);
    await refuse('not_found', { wire: 'nobody' });
  });

  test('without a wire while its NICs are where it lies, or on several wires, which are named', async () => {
    const home = await refuse('nics_not_moved', {});
    expect(home.detail).toContain('web (10)');
    expect(home.remedy).toContain('wirebook network move web --wire');
    await migrate(names.slice(0, 8), 'db');
    const spread = await refuse('nics_not_moved', {});
    expect(spread.detail).toContain('db (8), web (2)');
    expect(spread.objects).toMatchObject([
      { kind: 'wire', name: 'db' },
      { kind: 'wire', name: 'web' },
    ]);
  });

  test('without a wire where no NIC uses the network', async () => {
    await call('DELETE', '/networks/web');
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.9.0.0/24' });
    const refused = await refuse('nics_not_moved', {});
    expect(refused.detail).toContain('No NIC');
    expect(refused.objects).toBeUndefined();
  });

  test('without a wire where they went to one that a person has excluded', async () => {
    await migrate(names, 'db');
    await call('PUT', '/networks/web/excluded-wires', { wires: ['db'] });
    await refuse('nics_not_moved', {});
  });
});

describe('networks that their NICs have left', () => {
  const moved = async (options?: { networkIds: string[] }): Promise<string[]> =>
    (await findMovedNetworks(database.db, options)).map(
      (one) => `${one.network.name}: ${one.moved} of ${one.total} from ${one.from.name} to ${one.to.name}`,
    );

  test('are found among all, and among those asked for', async () => {
    await lab.createNetwork({ name: 'six', wire: 'web', cidr: '2001:db8:1::/64' });
    await lab.createNetwork({ name: 'empty', wire: 'web', cidr: '10.8.0.0/24' });
    expect(await moved()).toEqual([]);
    await migrate(names.slice(0, 9), 'db');
    expect(await moved()).toEqual(['six: 9 of 10 from web to db', 'web: 9 of 10 from web to db']);
    const { body } = await call<List<Finding>>('GET', '/findings?kind=network_moved');
    expect(body.items.map((one) => one.text).toSorted()).toEqual([
      '9 of 10 NICs with addresses of "six" are on "db" by now, not on "web": move the network?',
      '9 of 10 NICs with addresses of "web" are on "db" by now, not on "web": move the network?',
    ]);
    expect(body.items[0]?.remedy).toContain('wirebook network move');
    const six = (await lab.network('six')).id;
    expect(await moved({ networkIds: [six] })).toEqual(['six: 9 of 10 from web to db']);
    expect(await moved({ networkIds: [] })).toEqual([]);
  });

  test('are none any more once they are moved', async () => {
    await migrate(names, 'db');
    expect(await moved()).toEqual(['web: 10 of 10 from web to db']);
    await move({});
    expect(await moved()).toEqual([]);
  });
});
