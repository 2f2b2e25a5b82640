import type { NicWhy, Why } from '@wirebook/contract';
import type { Estate } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hold, reserve, restFrom } from '../support/address-facts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** One question answered whole: for addresses, MACs and servers of every kind. */

/** The lab with physical switches that say who they are, a trunk and a private VLAN. */
function cabledEstate(): Estate {
  const estate = labEstate([
    machine('web-1', [['web', '10.1.0.11/24']]),
    machine('first', [['web', '10.1.0.12/24']]),
    machine('second', [['web']]),
    machine('stray', [['db', '10.1.0.30/24']]),
    machine('plain', [['VM Network', '10.7.0.5/24']]),
    machine('two', [['web', '10.1.0.40/24'], ['spare']]),
    machine('changing', [['web', '10.1.0.50/24']]),
    machine('twin', [['web', '10.1.0.61/24']]),
    machine('twin', [['web', '10.1.0.62/24']]),
    machine('aabbccddeeff', [['web', '10.1.0.70/24']]),
    machine('bare', []),
  ]);
  for (const datacenter of estate.datacenters) {
    for (const host of datacenter.clusters.flatMap((cluster) => cluster.hosts))
      for (const nic of host.physicalNics)
        nic.neighbour = {
          protocol: 'cdp',
          systemName: 'tor-a.lab.example',
          portId: `Ethernet1/${nic.device.slice(-1)}`,
          managementAddress: '10.10.0.250',
        };
    for (const dvs of datacenter.distributedSwitches) {
      dvs.privateVlans = [{ primary: 300, secondary: 301, type: 'isolated' }];
      for (const group of dvs.portGroups) {
        if (group.name === 'db')
          group.vlan = {
            kind: 'trunk',
            ranges: [
              { start: 100, end: 199 },
              { start: 7, end: 7 },
            ],
          };
        if (group.name === 'spare') group.vlan = { kind: 'private', secondary: 301 };
      }
    }
  }
  return estate;
}

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(cabledEstate());
  await lab.createNetwork({
    name: 'web net',
    wire: 'web',
    cidr: '10.1.0.0/24',
    gateway: '10.1.0.1',
    giving: [{ start: '10.1.0.1', end: '10.1.0.199' }],
  });
  await lab.createNetwork({ name: 'plain net', wire: 'VM Network', cidr: '10.7.0.0/24' });
});
afterAll(() => lab[Symbol.asyncDispose]());

async function ask(of: string, language = 'en', more = ''): Promise<Why> {
  const answer = await lab.controller.call<Why>(
    'GET',
    `/api/v1/why?of=${encodeURIComponent(of)}${more}`,
    undefined,
    { 'accept-language': language },
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const only = <T>(items: readonly T[]): T => {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`${items.length} instead of one`);
  return item;
};
const macOf = async (server: string): Promise<string> => (await lab.nics(server))[0]?.mac ?? '';
const placeOf = ({ wire, port, host, neighbours }: NicWhy) => ({
  wire: wire?.name,
  vlan: wire?.vlan,
  switch: wire?.virtualSwitch?.name,
  port,
  host: host?.name,
  neighbours,
});

describe('an address', () => {
  test('that a NIC has: whose, since when, what says so, and where it is plugged in', async () => {
    const why = await ask('10.1.0.11');
    const nic = only(why.nics);
    expect(why.subject).toEqual({ kind: 'address', id: null, name: '10.1.0.11' });
    expect(nic.nic.server.name).toBe('web-1');
    expect(placeOf(nic)).toEqual({
      wire: 'web',
      vlan: 'VLAN 20',
      switch: 'dvs-lab',
      port: expect.stringMatching(/^\d+$/),
      host: 'esx-01.lab.example',
      neighbours: expect.arrayContaining([
        { device: 'vmnic1', neighbour: 'tor-a.lab.example, port Ethernet1/1' },
      ]),
    });
    expect(why.answer).toMatch(
      /^10\.1\.0\.11 belongs to web-1, Network adapter 1 \(00:50:56:[0-9a-f:]+\), since /,
    );
    for (const part of [
      'in the network "web net".',
      'VMware Tools of web-1 report it since ',
      'It is on the wire "web" (VLAN 20).',
      `The virtual switch is dvs-lab, the port ${nic.port ?? ''}.`,
      'It runs on esx-01.lab.example.',
      'Its uplink vmnic1 leads to tor-a.lab.example, port Ethernet1/1.',
    ])
      expect(why.answer).toContain(part);
    expect(why.remedy).toBeNull();
    expect(only(why.addresses)).toMatchObject({
      state: 'used',
      free: false,
      server: { name: 'web-1' },
      obstacles: [{ code: 'used' }],
      wires: [{ name: 'web', vlan: 'VLAN 20', virtualSwitch: { name: 'dvs-lab' } }],
      conflicts: [],
    });
  });

  test('on a standard port group, with the VLAN and the uplinks that its own host has', async () => {
    expect(placeOf(only((await ask('10.7.0.5')).nics))).toEqual({
      wire: 'VM Network',
      vlan: 'VLAN 10',
      switch: 'vSwitch0',
      port: null,
      host: 'esx-01.lab.example',
      neighbours: [{ device: 'vmnic0', neighbour: 'tor-a.lab.example, port Ethernet1/0' }],
    });
  });

  test('that is free, and one that is not given', async () => {
    const free = await ask('10.1.0.150');
    expect(free.answer).toBe('10.1.0.150 is free, and the network "web net" can give it.');
    expect(free.remedy).toBeNull();
    expect(only(free.addresses)).toMatchObject({ state: 'free', free: true, obstacles: [] });
    const kept = await ask('10.1.0.222');
    expect(kept.answer).toBe(
      '10.1.0.222 is free, but "web net" gives no addresses out of that part of its range.',
    );
    expect(kept.remedy).toContain('wirebook network update ');
    expect(only(kept.addresses)).toMatchObject({ state: 'not_given', free: false });
  });

  test('that is the gateway, is reserved, rests, is held, lies in no network', async () => {
    await reserve(lab, 'web net', { start: '10.1.0.80', end: '10.1.0.89', note: 'for later' });
    await reserve(lab, 'web net', { start: '10.1.0.210', end: '10.1.0.210' });
    await restFrom(lab, 'web net', ['10.1.0.90']);
    await hold(lab, 'web net', {
      ip: '10.1.0.91',
      source: 'manual',
      key: 'printer',
      holder: { name: 'Printer 4', owner: 'office', mac: '00:11:22:33:44:55', note: 'second floor' },
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
    const answers = async (ip: string): Promise<string> => (await ask(ip)).answer;
    expect(await answers('10.1.0.1')).toBe('10.1.0.1 is the gateway of the network "web net".');
    expect(await answers('10.1.0.85')).toBe('10.1.0.85 is reserved (10.1.0.80 to 10.1.0.89): for later.');
    // That the part gives nothing would say of a reserved address that it is free.
    expect(await answers('10.1.0.210')).toBe('10.1.0.210 is reserved (10.1.0.210 to 10.1.0.210).');
    expect(await answers('10.1.0.90')).toMatch(
      /^10\.1\.0\.90 was let go of at .* and rests until .*\. It was held before, from .* to .*: released\.$/,
    );
    expect(await answers('10.1.0.91')).toMatch(
      /^10\.1\.0\.91 is taken since .* in the network "web net", without a NIC in vCenter\. Entered for Printer 4, a holder outside vCenter\. Note: second floor It is held until 2099-/,
    );
    const nowhere = await ask('192.0.2.7');
    expect(nowhere.answer).toBe('No network of the address space "default" holds 192.0.2.7.');
    expect(nowhere.remedy).toContain('--cidr 192.0.2.0/24');
    expect(only(nowhere.addresses).state).toBe('outside');
  });

  test('that is reported on another wire: not free, and why it is not that NIC’s', async () => {
    const why = await ask('10.1.0.30');
    expect(why.answer).toMatch(
      /^stray reports 10\.1\.0\.30 \(.*\), though there is no record of it\. The network "web net" holds 10\.1\.0\.30, but lies on the wire "web"\. "db" may be one of its wires too, but: "db" is a trunk/,
    );
    expect(only(why.addresses)).toMatchObject({
      state: 'seen',
      free: false,
      seenOn: [{ wire: { name: 'db' } }],
    });
    const nic = only(why.nics);
    expect(nic.wire?.vlan).toBe('trunk, VLANs 7, 100-199');
    expect(nic.nic.reasons).toMatchObject([{ code: 'other_wire', ip: '10.1.0.30' }]);
    expect(why.remedy).toMatch(/^Decide: add this wire with wirebook network wires /);
  });

  test('that two report: both are named, and so is who had it before', async () => {
    await lab.simulator.setGuestNet('second', [
      { deviceConfigId: 4000, connected: true, addresses: [{ ip: '10.1.0.12', prefixLength: 24 }] },
    ]);
    await lab.sync();
    const why = await ask('10.1.0.12');
    expect(why.answer).toContain('10.1.0.12 belongs to first, ');
    expect(why.answer).toContain('first has 10.1.0.12, and second reports it too.');
    expect(only(only(why.addresses).conflicts)).toMatchObject({
      kind: 'duplicate',
      text: expect.any(String),
    });
    expect(why.nics.map(({ nic }) => nic.server.name)).toEqual(['first', 'second']);
    expect(why.remedy).toContain('wirebook conflict list');
    await lab.simulator.setGuestNet('first', [
      { deviceConfigId: 4000, connected: true, addresses: [{ ip: '10.1.0.13', prefixLength: 24 }] },
    ]);
    await lab.sync();
    expect((await ask('10.1.0.12')).answer).toMatch(
      /10\.1\.0\.12 belongs to second, .* first had it before, from .* to .*: it fell silent, and another reported the address\.$/,
    );
  });

  test('in any notation, by its own path too, and in Chinese', async () => {
    expect((await ask(' ::ffff:10.1.0.11 ')).subject.name).toBe('10.1.0.11');
    const path = await lab.controller.call<Why>('GET', '/api/v1/addresses/10.1.0.11/why');
    expect(path.body).toEqual(await ask('10.1.0.11'));
    const chinese = await ask('10.1.0.11', 'zh');
    expect(chinese.answer).toMatch(
      /^10\.1\.0\.11 自 .* 起属于 web-1 的 Network adapter 1（.*），位于子网“web net”。/,
    );
    expect(chinese.answer).not.toMatch(/\{\{|why\.|evidence\./);
    await lab.refuse('invalid_input', 'GET', '/api/v1/addresses/web-1/why');
  });
});

describe('a MAC', () => {
  test.each([
    (mac: string) => mac,
    (mac: string) => mac.toUpperCase().replaceAll(':', '-'),
    (mac: string) => mac.replaceAll(':', ''),
    (mac: string) => mac.replaceAll(':', '').replaceAll(/(.{4})(?=.)/g, '$1.'),
  ])('answers its NIC, in any notation (%#)', async (write) => {
    const mac = await macOf('web-1');
    const why = await ask(write(mac));
    expect(why.subject).toEqual({ kind: 'mac', id: null, name: mac });
    expect(why.answer).toMatch(
      new RegExp(`^${mac} is Network adapter 1 of web-1\\. It is on the wire "web" \\(VLAN 20\\)\\. `),
    );
    expect(why.answer).toContain(
      'It has 10.1.0.11 of the network "web net". VMware Tools of web-1 report it since ',
    );
    expect(only(why.nics).nic.mac).toBe(mac);
    expect(only(why.addresses).ip).toBe('10.1.0.11');
  });

  test('that a card had before answers the card and says so', async () => {
    const before = await macOf('changing');
    await lab.simulator.setMac('changing', 4000, '00:50:56:99:00:01');
    await lab.sync();
    const why = await ask(before);
    expect(why.answer).toContain(`${before} was the MAC of Network adapter 1 of changing until `);
    expect(why.answer).toContain('its MAC is 00:50:56:99:00:01 now.');
    expect((await ask('00:50:56:99:00:01')).answer).toContain(
      '00:50:56:99:00:01 is Network adapter 1 of changing.',
    );
  });

  test('that several cards have answers them all', async () => {
    const mac = await macOf('plain');
    await lab.simulator.setMac('two', 4001, mac);
    await lab.sync();
    const why = await ask(mac);
    expect(why.nics.map(({ nic }) => nic.server.name).toSorted()).toEqual(['plain', 'two']);
    expect(why.answer).toContain('of plain.');
    expect(why.answer).toContain('of two.');
  });

  test('of a holder outside vCenter answers the holder and its address', async () => {
    const why = await ask('0011.2233.4455');
    expect(why.answer).toBe(
      '00:11:22:33:44:55 is the MAC of Printer 4, a holder outside vCenter, with 10.1.0.91.',
    );
    expect(only(why.addresses)).toMatchObject({
      ip: '10.1.0.91',
      state: 'held',
      holder: { name: 'Printer 4' },
    });
    expect(why.nics).toEqual([]);
  });

  test('that nobody has is not found', async () => {
    const { detail } = await lab.refuse('not_found', 'GET', '/api/v1/why?of=00:00:5e:00:53:01');
    expect(detail).toContain('00:00:5e:00:53:01');
  });
});

describe('a server', () => {
  test('answers each card: what it has and why, or why it has nothing', async () => {
    const why = await ask('two');
    const { id } = await lab.server('two');
    expect(why.subject).toEqual({ kind: 'server', id, name: 'two' });
    expect(why.answer).toMatch(/^two has 2 NICs\. Network adapter 1 \(.*\): It is on the wire "web"/);
    expect(why.answer).toContain('It has 10.1.0.40 of the network "web net".');
    expect(why.answer).toContain('It is on the wire "spare" (private VLAN 301, primary 300).');
    expect(why.answer).toContain('VMware Tools on two report no address on this card.');
    expect(why.nics.map(({ nic }) => nic.wire?.name)).toEqual(['web', 'spare']);
    expect(why.addresses.map(({ ip }) => ip)).toEqual(['10.1.0.40']);
    expect(why.remedy).toContain('wirebook account sync');
  });

  test('is found by its ids, and by a name that could be a MAC', async () => {
    const { id, instanceUuid } = await lab.server('two');
    for (const name of [id, instanceUuid ?? '']) expect((await ask(name)).subject.id).toBe(id);
    expect((await ask('aabbccddeeff')).answer).toMatch(/^aabbccddeeff has one NIC\. /);
  });

  test('without a NIC, one that is missing, two of one name, and none', async () => {
    expect((await ask('bare')).answer).toBe('bare has no NIC.');
    const { objects } = await lab.refuse('ambiguous', 'GET', '/api/v1/why?of=twin');
    expect(objects?.map(({ kind, name }) => [kind, name])).toEqual([
      ['server', 'twin'],
      ['server', 'twin'],
    ]);
    await lab.refuse('not_found', 'GET', '/api/v1/why?of=nobody');
    await lab.sql(`UPDATE servers SET missing_since = '2026-01-02T03:04:05Z' WHERE name = 'plain'`);
    expect((await ask('plain')).answer).toContain(
      'plain has not been found in vCenter since 2026-01-02 03:04 UTC.',
    );
  });
});

describe('address spaces', () => {
  test('an address that two of them know is ambiguous until one is named', async () => {
    await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'branch' });
    await lab.sql(
      `INSERT INTO sightings (space_id, account_id, server_id, ip, interface, candidate, first_seen_at)
       SELECT p.id, s.account_id, s.id, '10.1.0.11', 'eth7', false, now() FROM address_spaces p, servers s
       WHERE p.name = 'branch' AND s.name = 'stray'`,
    );
    await lab.refuse('ambiguous', 'GET', '/api/v1/why?of=10.1.0.11');
    expect((await ask('10.1.0.11', 'en', '&space=default')).answer).toContain('belongs to web-1');
    expect((await ask('10.1.0.11', 'en', '&space=branch')).answer).toContain(
      'stray reports 10.1.0.11 (eth7)',
    );
    expect((await ask('web-1', 'en', '&space=branch')).addresses).toEqual([]);
    await lab.refuse('not_found', 'GET', '/api/v1/why?of=10.1.0.11&space=nowhere');
  });
});
