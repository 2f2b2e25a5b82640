import { switchUuidOf, uuidOf } from '@wirebook/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WirePresence } from '../../src/domain/placement/facts.ts';
import { type OpenDatabase, openDatabase } from '../../src/store/database.ts';
import {
  findServerSources,
  loadPlacedNetworks,
  loadPlacementBook,
  loadWirePresence,
} from '../../src/store/placement.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { placementEstate } from './estate.ts';

/** What the book tells placement, out of an estate that was read from a vCenter. */

let lab: EstateController;
let database: OpenDatabase;
let accountId: string;
/** Ids by name; the standard group of Abroad has `Abroad` before its name. */
let wires: Map<string, string>;
let hosts: Map<string, string>;

beforeAll(async () => {
  lab = await startEstateController(placementEstate());
  database = openDatabase({ url: lab.controller.databaseUrl, onError: () => undefined });
  await lab.createNetwork({ name: 'web-net', wire: 'web', cidr: '10.20.0.0/24' });
  await lab.createNetwork({ name: 'app-net', wire: 'segment', cidr: '10.30.0.0/24' });
  const [account] = await lab.sql<{ id: string }>(`SELECT id FROM cloud_accounts`);
  accountId = account?.id ?? '';
  const named = (rows: { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [name, id]));
  wires = named(
    await lab.sql(
      `SELECT id, CASE datacenter WHEN 'Abroad' THEN 'Abroad ' ELSE '' END || name AS name FROM wires`,
    ),
  );
  hosts = named(await lab.sql(`SELECT id, name FROM hosts`));
});
afterAll(async () => {
  await database.close();
  await lab[Symbol.asyncDispose]();
});

const wire = (name: string): string => wires.get(name) ?? `no wire ${name}`;
const network = async (name: string): Promise<string> => (await lab.network(name)).id;
const hostName = (id: string): string => [...hosts].find(([, own]) => own === id)?.[0] ?? '';

async function presenceOf(...names: string[]): Promise<WirePresence[]> {
  const found = await loadWirePresence(database.db, { accountId, wireIds: names.map(wire) });
  return found.toSorted((a, b) => (hostName(a.hostId) < hostName(b.hostId) ? -1 : 1));
}
const tell = ({ hostId, deviates, trunk, missing }: WirePresence): string =>
  [hostName(hostId), deviates && 'deviates', trunk && 'trunk', missing && 'missing']
    .filter(Boolean)
    .join(' ');

describe('a wire is on hosts', () => {
  test('as a standard group of that name: deviating is the host that has another VLAN than most', async () => {
    const found = await presenceOf('VM Network');
    expect(found.map(tell)).toEqual(['esx-01', 'esx-02', 'esx-03 deviates', 'esx-04']);
    expect(found[2]).toMatchObject({ hostVlan: { kind: 'id', id: 99 }, wireVlan: { kind: 'id', id: 10 } });
    const [row] = await lab.sql<{ moref: string }>(`SELECT moref FROM wires WHERE id = $1`, [
      wire('VM Network'),
    ]);
    expect(found[0]?.binding).toEqual({ kind: 'standard', name: 'VM Network', network: row?.moref });
    // The group of that name in another datacenter is another wire.
    expect((await presenceOf('Abroad VM Network')).map(tell)).toEqual(['esx-05']);
  });

  test('as a group of a distributed switch: on the hosts of the switch, by switch and key', async () => {
    const found = await presenceOf('web');
    expect(found.map(tell)).toEqual(['esx-01', 'esx-02', 'esx-03']);
    const [row] = await lab.sql<{ key: string }>(`SELECT port_group_id AS key FROM wires WHERE id = $1`, [
      wire('web'),
    ]);
    expect(found[0]?.binding).toEqual({
      kind: 'distributed',
      switchUuid: switchUuidOf(6),
      portgroupKey: row?.key,
    });
    expect(found[0]).toMatchObject({ wireVlan: { kind: 'id', id: 20 }, ambiguous: false, purpose: 'vm' });
  });

  test('as a network of NSX: of a distributed switch, or by itself', async () => {
    expect((await presenceOf('segment'))[0]?.binding).toMatchObject({
      kind: 'distributed',
      switchUuid: switchUuidOf(6),
    });
    const overlay = await presenceOf('overlay');
    expect(overlay.map(tell)).toEqual(['esx-01']);
    expect(overlay[0]?.binding).toEqual({
      kind: 'opaque',
      opaqueNetworkId: uuidOf('opaque', 1),
      opaqueNetworkType: 'nsx.LogicalSwitch',
    });
  });

  test('as a trunk, of either kind: told as such', async () => {
    expect((await presenceOf('trunk')).map(tell)).toEqual(['esx-01 trunk', 'esx-02 trunk', 'esx-03 trunk']);
    expect((await presenceOf('all/vlans')).map(tell)).toEqual([
      'esx-01 trunk',
      'esx-02 trunk',
      'esx-03 trunk',
      'esx-04 trunk',
    ]);
  });

  test('also when it is for vmkernel NICs or uplinks: told as such', async () => {
    expect(new Set((await presenceOf('Management Network')).map(({ purpose }) => purpose))).toEqual(
      new Set(['vmkernel']),
    );
    expect(new Set((await presenceOf('dvs-1-uplinks')).map(({ purpose }) => purpose))).toEqual(
      new Set(['uplink']),
    );
  });
});

describe('what the last sync missed', () => {
  const change = async (statement: string, values: unknown[]): Promise<void> => {
    await lab.sql(statement, values);
  };
  beforeEach(async () => {
    await change(`UPDATE wires SET missing_since = NULL`, []);
    await change(`UPDATE hosts SET missing_since = NULL`, []);
  });
  afterAll(async () => {
    await change(`UPDATE wires SET missing_since = NULL`, []);
    await change(`UPDATE hosts SET missing_since = NULL`, []);
  });

  test('is a wire: it is still told where it was', async () => {
    await change(`UPDATE wires SET missing_since = now() WHERE id = $1`, [wire('web')]);
    expect((await presenceOf('web')).map(tell)).toEqual([
      'esx-01 missing',
      'esx-02 missing',
      'esx-03 missing',
    ]);
  });

  test('is a host: it is none of the book any more', async () => {
    await change(`UPDATE hosts SET missing_since = now() WHERE name = 'esx-02'`, []);
    const book = await loadPlacementBook(database.db, { accountId, networkIds: [], wireIds: [wire('web')] });
    expect(book.presence.map(({ hostId }) => hostName(hostId)).toSorted()).toEqual(['esx-01', 'esx-03']);
    expect([...book.hostIds.values()].map(hostName).toSorted()).toEqual([
      'esx-01',
      'esx-03',
      'esx-04',
      'esx-05',
    ]);
  });
});

test('two standard groups of one name on a host are told: binding by name could be either', async () => {
  await lab.sql(
    `INSERT INTO wires (account_id, space_id, port_group_id, name, kind, purpose, vlan, observed, digest)
     SELECT account_id, space_id, 'another', name, kind, purpose, vlan, observed, '' FROM wires WHERE id = $1`,
    [wire('VM Network')],
  );
  await lab.sql(
    `INSERT INTO wire_hosts (account_id, wire_id, host_id, vlan)
     SELECT account_id, id, $1, vlan FROM wires WHERE port_group_id = 'another'`,
    [hosts.get('esx-02')],
  );
  const found = await presenceOf('VM Network');
  expect(found.filter(({ ambiguous }) => ambiguous).map(tell)).toEqual(['esx-02']);
  await lab.sql(`DELETE FROM wires WHERE port_group_id = 'another'`);
});

describe('a network', () => {
  const wiresOf = async (...names: string[]) => {
    const networkIds = await Promise.all(names.map(network));
    const found = await loadPlacedNetworks(database.db, { accountId, networkIds });
    return found.map(
      ({ name, wires: own }) => `${name}: ${own.map((one) => `${one.name} ${one.origin}`).join(', ')}`,
    );
  };

  test('has its primary wire, then the declared, then the detected ones', async () => {
    // Web/twin was found by who uses the addresses there.
    expect(await wiresOf('app-net', 'web-net')).toEqual([
      'app-net: segment primary',
      'web-net: web primary, web/twin detected',
    ]);
    await lab.sql(
      `INSERT INTO network_wires (space_id, network_id, wire_id, origin)
       SELECT n.space_id, n.id, w.id, x.origin FROM networks n,
         (VALUES ('overlay', 'suggested'), ('trunk', 'excluded'), ('segment', 'declared')) x(name, origin) JOIN wires w ON w.name = x.name
       WHERE n.name = 'web-net'`,
    );
    // Neither the suggested nor the excluded one.
    expect(await wiresOf('web-net')).toEqual(['web-net: web primary, segment declared, web/twin detected']);
    await lab.sql(`DELETE FROM network_wires WHERE origin IN ('declared', 'suggested', 'excluded')`);
  });

  test('has no wire in an account that its wires are not of', async () => {
    const networkIds = [await network('web-net')];
    const elsewhere = '00000000-0000-4000-8000-000000000000';
    expect(await loadPlacedNetworks(database.db, { accountId: elsewhere, networkIds })).toMatchObject([
      { name: 'web-net', wires: [] },
    ]);
  });
});

test('all that is asked for comes together, with how many servers of each network are on which wire and host', async () => {
  const [web = '', app = ''] = await Promise.all(['web-net', 'app-net'].map(network));
  const book = await loadPlacementBook(database.db, {
    accountId,
    networkIds: [web, app],
    wireIds: [wire('overlay')],
  });
  expect(book.networks.map(({ id }) => id)).toEqual([web, app]);
  expect(new Set(book.presence.map(({ wireId }) => wireId))).toEqual(
    new Set(['web', 'web/twin', 'segment', 'overlay'].map(wire)),
  );
  const morefs = await lab.sql<{ moref: string; id: string }>(`SELECT moref, id FROM hosts`);
  expect(book.hostIds).toEqual(new Map(morefs.map(({ moref, id }) => [moref, id])));
  expect(book.uses.map((use) => ({ ...use, hostId: hostName(use.hostId) }))).toEqual(
    [
      { networkId: web, wireId: wire('web'), hostId: 'esx-01', servers: 1 },
      { networkId: web, wireId: wire('web/twin'), hostId: 'esx-02', servers: 2 },
    ].toSorted((a, b) => (a.wireId < b.wireId ? -1 : 1)),
  );
});

test('the source of a server is told with its NICs in device order and where they are plugged in', async () => {
  const { id } = await lab.server('template');
  const [source] = await findServerSources(database.db, [id]);
  expect(source).toMatchObject({
    id,
    name: 'template',
    accountId,
    template: true,
    powerState: 'poweredOff',
    readable: true,
    managedBy: null,
    missing: false,
    datacenter: 'Home',
    host: { id: hosts.get('esx-01'), name: 'esx-01' },
    nics: [
      { deviceKey: 4000, wire: { id: wire('web'), name: 'web' } },
      { deviceKey: 4001, wire: { id: wire('VM Network'), name: 'VM Network' } },
    ],
  });
  const [moref] = await lab.sql<{ moref: string }>(`SELECT moref FROM servers WHERE name = 'template'`);
  expect(source?.moref).toBe(moref?.moref);
});
