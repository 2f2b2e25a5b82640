import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PortGroupBinding } from '../../src/domain/placement/facts.ts';
import type { HostPlace } from '../../src/domain/placement/placing.ts';
import { askDrs, backingOf, type DrsAnswer, drsClusterOf } from '../../src/operations/ask-drs.ts';
import { placementEstate } from './estate.ts';
import { type LiveVcenter, startLiveVcenter } from './live-vcenter.ts';
import { facts, wish } from './worlds.ts';

/** A cluster that chooses by itself is asked, with the hosts that can have the server. */

let vcenter: LiveVcenter;
beforeAll(async () => {
  vcenter = await startLiveVcenter(placementEstate());
});
afterEach(() => {
  vcenter.proxy.pass();
  vcenter.proxy.requests.length = 0;
});
afterAll(() => vcenter[Symbol.asyncDispose]());

const web: PortGroupBinding = { kind: 'distributed', switchUuid: '50 0f', portgroupKey: 'dvportgroup-1' };
const vmNetwork: PortGroupBinding = { kind: 'standard', name: 'VM Network', network: 'network-1' };

function place(name: string, binding = web, datastore = 'shared/ssd'): HostPlace {
  const { morefs } = vcenter.simulator;
  return {
    host: { moref: morefs.host(name).value, id: name, name },
    ok: true,
    reasons: [],
    nics: [{ wireId: 'web', wireName: 'web', origin: 'primary', binding }],
    datastore: { moref: morefs.datastore(datastore).value, name: datastore },
    pool: morefs.resourcePool('North').value,
    folder: morefs.folder('Web', { datacenter: 'Home' }).value,
    near: true,
    score: 1,
    scoreParts: { memory: 1, cpu: 1, datastore: 1, primary: 1, spread: 1 },
  };
}

function ask(places: readonly HostPlace[]): Promise<DrsAnswer> {
  const { client, simulator } = vcenter;
  return askDrs(client, {
    cluster: simulator.morefs.cluster('North').value,
    places,
    source: simulator.morefs.vm('template'),
    name: 'new-1',
    cloneSpec: ({ host, datastore, pool, nics }) => ({
      location: {
        host: { type: 'HostSystem', value: host.moref },
        datastore: { type: 'Datastore', value: datastore.moref },
        pool: { type: 'ResourcePool', value: pool },
        deviceChange: nics.map(({ binding }) => ({
          operation: 'edit',
          device: { $type: 'VirtualVmxnet3', key: 4000, backing: backingOf(binding) },
        })),
      },
      template: false,
      powerOn: false,
    }),
    signal: new AbortController().signal,
  });
}

const envelope = (body: string): string =>
  `<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
const recommend = (host: string, rating: number): string =>
  `<recommendations><key>${host}</key><type>V1</type><rating>${rating}</rating><action xsi:type="ClusterMigrationAction"><type>x</type></action><action xsi:type="PlacementAction"><type>V1</type><targetHost type="HostSystem">${vcenter.simulator.morefs.host(host).value}</targetHost></action></recommendations>`;
const refuse = (...faults: readonly (readonly [type: string, text: string])[]): string =>
  `<drsFault><reason>x</reason>${faults
    .map(
      ([type, text]) =>
        `<faultsByVm><fault><fault xsi:type="${type}"/><localizedMessage>${text}</localizedMessage></fault></faultsByVm>`,
    )
    .join('')}</drsFault>`;

/** What vCenter answers, one after the other. */
function answer(...results: string[]): void {
  for (const result of results) {
    const body = envelope(
      `<PlaceVmResponse xmlns="urn:vim25"><returnval>${result}</returnval></PlaceVmResponse>`,
    );
    vcenter.proxy.use({ kind: 'replace', status: 200, body }, { whenBody: /<PlaceVm/, times: 1 });
  }
}
const asked = (): string[] =>
  vcenter.proxy.requests.filter(({ method }) => method === 'PlaceVm').map(({ body }) => body);
const hostsIn = (body: string): string[] =>
  [...body.matchAll(/<hosts type="HostSystem">([^<]+)<\/hosts>/g)].map(([, moref = '']) => moref);

test('vCenter is asked with the hosts that can have the server and their datastores, and names one of them', async () => {
  const places = ['esx-01', 'esx-02', 'esx-03'].map((name) => place(name));
  const answered = await ask(places);
  expect(answered).toMatchObject({ ok: true });
  expect(places).toContain(answered.ok ? answered.place : null);
  const [body = ''] = asked();
  expect(asked()).toHaveLength(1);
  expect(hostsIn(body)).toEqual(places.map(({ host }) => host.moref));
  expect(body).toContain('<placementType>clone</placementType>');
  expect(body).toContain('<cloneName>new-1</cloneName>');
  // The choice is left open; the port groups are told.
  expect(body).not.toMatch(/<host type=|<datastore type=/);
  expect(body.match(/<portgroupKey>dvportgroup-1/g)).toHaveLength(2);
  expect(body.match(/<datastores type="Datastore">/g)).toHaveLength(1);
});

test('of several recommendations the best rated one that names a host that was asked about is taken', async () => {
  const places = [place('esx-01'), place('esx-02')];
  answer(recommend('esx-01', 2) + recommend('esx-03', 5) + recommend('esx-02', 4));
  expect(await ask(places)).toEqual({ ok: true, place: places[1], rating: 4 });
});

describe('places whose port groups differ', () => {
  test('are asked for one after the other: DRS would find a host unfit for the groups of another', async () => {
    answer(refuse(), recommend('esx-03', 3));
    const places = [place('esx-01'), place('esx-03', vmNetwork), place('esx-02')];
    expect(await ask(places)).toMatchObject({ ok: true, place: { host: { name: 'esx-03' } } });
    const { morefs } = vcenter.simulator;
    expect(asked().map(hostsIn)).toEqual([
      ['esx-01', 'esx-02'].map((name) => morefs.host(name).value),
      [morefs.host('esx-03').value],
    ]);
    expect(asked()[1]).toContain('<deviceName>VM Network</deviceName>');
  });

  test('end with the first that is recommended', async () => {
    answer(recommend('esx-01', 1));
    expect(await ask([place('esx-01'), place('esx-02', vmNetwork)])).toMatchObject({ ok: true });
    expect(asked()).toHaveLength(1);
  });
});

describe('where DRS recommends none', () => {
  test('what it says is told, each once', async () => {
    const noRoom = ['InsufficientMemoryResourcesFault', 'Not enough memory.'] as const;
    answer(refuse(noRoom, noRoom), refuse(noRoom, ['NoCompatibleHost', 'No host fits.']));
    expect(await ask([place('esx-01'), place('esx-02', vmNetwork)])).toEqual({
      ok: false,
      faults: [
        { faultType: 'InsufficientMemoryResourcesFault', faultString: 'Not enough memory.' },
        { faultType: 'NoCompatibleHost', faultString: 'No host fits.' },
      ],
    });
  });

  test('because it is switched off, that is told', async () => {
    await vcenter.simulator.injectFault({
      method: 'PlaceVm',
      fault: 'InvalidState',
      message: 'DRS is disabled.',
      maxCount: 1,
    });
    expect(await ask([place('esx-01')])).toEqual({
      ok: false,
      faults: [{ faultType: 'InvalidState', faultString: 'DRS is disabled.' }],
    });
  });

  test('and nothing was asked about, nothing is asked', async () => {
    expect(await ask([])).toEqual({ ok: false, faults: [] });
    expect(asked()).toEqual([]);
  });
});

test('an account that may not ask, and a vCenter that is away, are failures of their own', async () => {
  await vcenter.simulator.injectFault({ method: 'PlaceVm', fault: 'NoPermission', maxCount: 1 });
  await expect(ask([place('esx-01')])).rejects.toMatchObject({ problem: { kind: 'permission' } });
  vcenter.proxy.use({ kind: 'reset' }, { whenBody: /<PlaceVm/ });
  await expect(ask([place('esx-01')])).rejects.toMatchObject({ problem: { kind: 'connection' } });
});

test('only a cluster that chooses by itself is asked, where it is asked for and no host is', () => {
  const cluster = { moref: 'c', name: 'c', kind: 'cluster', datacenter: null, rootPool: null } as const;
  const drs = facts({ computes: [{ ...cluster, drs: true }] });
  expect(drsClusterOf(drs, wish({ compute: 'c' }))).toBe('c');
  expect(drsClusterOf(drs, wish({ compute: 'c', host: 'h1' }))).toBeNull();
  expect(drsClusterOf(drs, wish())).toBeNull();
  expect(drsClusterOf(facts({ computes: [{ ...cluster, drs: false }] }), wish({ compute: 'c' }))).toBeNull();
});

test('a binding is written to vCenter by name, by switch and key, or by the reference of NSX', () => {
  expect(backingOf(vmNetwork)).toEqual({
    $type: 'VirtualEthernetCardNetworkBackingInfo',
    deviceName: 'VM Network',
    network: { type: 'Network', value: 'network-1' },
  });
  expect(backingOf({ ...vmNetwork, network: null })).toEqual({
    $type: 'VirtualEthernetCardNetworkBackingInfo',
    deviceName: 'VM Network',
  });
  expect(backingOf(web)).toEqual({
    $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo',
    port: { switchUuid: '50 0f', portgroupKey: 'dvportgroup-1' },
  });
  const overlay = { opaqueNetworkId: 'ls-1', opaqueNetworkType: 'nsx.LogicalSwitch' };
  expect(backingOf({ kind: 'opaque', ...overlay })).toEqual({
    $type: 'VirtualEthernetCardOpaqueNetworkBackingInfo',
    ...overlay,
  });
});
