import { createVsphereClient, type VsphereClient } from '@wirebook/vsphere';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GIB, type NicWish } from '../../src/domain/placement/facts.ts';
import { type HostVerdict, placeServer, type Placement } from '../../src/domain/placement/placing.ts';
import { diskNeed } from '../../src/domain/placement/room.ts';
import { readPlacementFacts } from '../../src/operations/placement-facts.ts';
import { placeOfSource, readSource } from '../../src/operations/source-reading.ts';
import { type OpenDatabase, openDatabase } from '../../src/store/database.ts';
import { findServerSources, loadPlacementBook } from '../../src/store/placement.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { placementEstate } from './estate.ts';

/** From a network's name to a host and its port group: the book of a synced vCenter, and that vCenter as it is now. */

let lab: EstateController;
let database: OpenDatabase;
let client: VsphereClient;

beforeAll(async () => {
  lab = await startEstateController(placementEstate());
  database = openDatabase({ url: lab.controller.databaseUrl, onError: () => undefined });
  const { simulator } = lab;
  client = createVsphereClient({
    url: simulator.url,
    username: simulator.username,
    password: simulator.password,
    trust: { kind: 'fingerprint', sha256: simulator.certificate.sha256 },
  });
  await client.connect();
  const [standard] = await lab.sql<{ id: string }>(
    `SELECT id FROM wires WHERE name = 'VM Network' AND datacenter = 'Home'`,
  );
  await lab.createNetwork({ name: 'web-net', wire: 'web', cidr: '10.20.0.0/24' });
  await lab.createNetwork({ name: 'old-net', wire: standard?.id, cidr: '10.40.0.0/24' });
  await lab.createNetwork({ name: 'trunk-net', wire: 'trunk', cidr: '10.50.0.0/24' });
  await lab.createNetwork({ name: 'nsx-net', wire: 'overlay', cidr: '10.60.0.0/24' });
  await lab.createNetwork({ name: 'web-net6', wire: 'web/twin', cidr: '2001:db8:20::/64' });
  // The network of NSX is on a trunk and on the standard group too.
  await lab.controller.call('PUT', '/api/v1/networks/nsx-net/additional-wires', {
    wires: ['trunk', standard?.id],
  });
  await lab.controller.call('PUT', '/api/v1/networks/web-net6/additional-wires', { wires: ['web'] });
});
afterAll(async () => {
  await client.close();
  await database.close();
  await lab[Symbol.asyncDispose]();
});

const { signal } = new AbortController();

/** Places a clone of the template with one NIC for each list of networks. */
async function place(...nics: readonly (readonly string[])[]): Promise<Placement> {
  const template = await lab.server('template');
  const [[source], live, answer] = await Promise.all([
    findServerSources(database.db, [template.id]),
    readPlacementFacts(client, { signal }),
    readSource(client, template.moref ?? '', { signal }),
  ]);
  if (source === undefined || !answer.ok) throw new Error('no template');
  const ids = await Promise.all(nics.flat().map(async (name) => (await lab.network(name)).id));
  const book = await loadPlacementBook(database.db, {
    accountId: source.accountId,
    networkIds: ids,
    wireIds: [],
  });
  const { cpus, memoryMib, diskRoom } = answer.source;
  return placeServer({
    facts: live,
    hostIds: book.hostIds,
    presence: book.presence,
    uses: book.uses,
    wish: {
      nics: nics.map((names): NicWish => ({
        networks: book.networks.filter(({ name }) => names.includes(name)),
        wire: null,
      })),
      cpus,
      memoryMib,
      disk: diskNeed({ disks: diskRoom, capacities: [], memoryMib, linked: false }),
      linked: false,
      host: null,
      compute: null,
      datacenter: null,
      datastore: null,
      pool: null,
      folder: null,
    },
    source: placeOfSource(answer.source, live),
    placed: [],
  });
}

const tell = ({ host, ok, nics, reasons }: HostVerdict): string =>
  ok
    ? `${host.name}: ${nics.map((nic) => `${nic?.wireName} ${nic?.origin}`).join(', ')}`
    : `${host.name}: ${reasons.map(({ code }) => code).join(', ')}`;
const table = async (...nics: readonly (readonly string[])[]): Promise<string[]> =>
  (await place(...nics)).verdicts.map(tell).toSorted();

test('a host that has the primary wire binds to it, by switch and key', async () => {
  expect(await table(['web-net'])).toEqual([
    'esx-01: web primary',
    'esx-02: web primary',
    'esx-03: web primary',
    'esx-04: no_wire',
    'esx-05: no_wire',
  ]);
  const { choice } = await place(['web-net']);
  const [row] = await lab.sql<{ key: string; uuid: string }>(
    `SELECT w.port_group_id AS key, v.uuid FROM wires w JOIN virtual_switches v ON v.id = w.switch_id WHERE w.name = 'web'`,
  );
  expect(choice?.nics[0]?.binding).toEqual({
    kind: 'distributed',
    switchUuid: row?.uuid,
    portgroupKey: row?.key,
  });
  const { morefs } = lab.simulator;
  expect(choice).toMatchObject({
    pool: morefs.resourcePool('North').value,
    folder: morefs.folder('Web', { datacenter: 'Home' }).value,
    datastore: { name: 'shared/ssd' },
  });
});

test('a host whose standard group has another VLAN is passed over, and so is a group of that name in another datacenter', async () => {
  expect(await table(['old-net'])).toEqual([
    'esx-01: VM Network primary',
    'esx-02: VM Network primary',
    'esx-03: vlan_differs',
    'esx-04: VM Network primary',
    'esx-05: no_wire',
  ]);
  const { verdicts } = await place(['old-net']);
  expect(verdicts.find(({ host }) => host.name === 'esx-03')?.reasons).toEqual([
    { code: 'vlan_differs', params: { nic: 1, wire: 'VM Network', hostVlan: '99', wireVlan: '10' } },
  ]);
});

test('a trunk is never bound to, though the network lies on it', async () => {
  expect(new Set(await table(['trunk-net']))).toEqual(
    new Set([
      'esx-01: only_trunk',
      'esx-02: only_trunk',
      'esx-03: only_trunk',
      'esx-04: no_wire',
      'esx-05: no_wire',
    ]),
  );
});

test('a host without the primary wire binds to an additional one that it has, but never to a trunk', async () => {
  expect(await table(['nsx-net'])).toEqual([
    'esx-01: overlay primary',
    'esx-02: VM Network declared',
    'esx-03: vlan_differs, only_trunk',
    'esx-04: VM Network declared',
    'esx-05: no_wire',
  ]);
});

test('a network and its companion are served by a wire of both', async () => {
  expect(await table(['web-net', 'web-net6'])).toEqual([
    'esx-01: web declared',
    'esx-02: web declared',
    'esx-03: web declared',
    'esx-04: no_wire',
    'esx-05: no_wire',
  ]);
});

test('several NICs are served by one host, each by its own network', async () => {
  expect(await table(['nsx-net'], ['web-net'])).toEqual([
    'esx-01: overlay primary, web primary',
    'esx-02: VM Network declared, web primary',
    'esx-03: vlan_differs, only_trunk',
    'esx-04: no_wire',
    'esx-05: no_wire, no_wire',
  ]);
});

describe('vCenter as it is now decides, whatever the last sync saw', () => {
  test('a host that has gone into maintenance since is passed over', async () => {
    const { simulator } = lab;
    const maintenance = (value: boolean) =>
      simulator.setProperty(simulator.morefs.host('esx-01'), {
        path: 'runtime.inMaintenanceMode',
        type: 'xsd:boolean',
        value,
      });
    await maintenance(true);
    const { verdicts, choice } = await place(['web-net']);
    expect(verdicts.find(({ host }) => host.name === 'esx-01')?.reasons).toEqual([
      { code: 'maintenance', params: {} },
    ]);
    expect(choice?.host.name).not.toBe('esx-01');
    await maintenance(false);
  });

  test('a host that was filled up since is passed over', async () => {
    const { simulator } = lab;
    for (const name of ['esx-01', 'esx-02'])
      await simulator.setProperty(simulator.morefs.host(name), {
        path: 'summary.quickStats',
        type: 'HostListSummaryQuickStats',
        value: { overallCpuUsage: 100, overallMemoryUsage: 511 * 1024 },
      });
    const { choice, refusals } = await place(['web-net']);
    expect(choice?.host.name).toBe('esx-03');
    expect(refusals).toContainEqual({
      reason: { code: 'memory_short', params: { needed: 4 * GIB, free: GIB } },
      hosts: ['esx-01', 'esx-02'],
    });
  });

  test('a host that the book does not have is told as one to be synced first', async () => {
    await lab.sql(`UPDATE hosts SET missing_since = now() WHERE name = 'esx-04'`);
    const { verdicts } = await place(['old-net']);
    expect(verdicts.find(({ host }) => host.name === 'esx-04')?.reasons).toEqual([
      { code: 'unknown_host', params: {} },
    ]);
    await lab.sql(`UPDATE hosts SET missing_since = NULL WHERE name = 'esx-04'`);
  });
});
