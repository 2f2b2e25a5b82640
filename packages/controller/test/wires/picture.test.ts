import type { PictureHost, Server, WirePicture } from '@wirebook/contract';
import { demoEstate, type Estate } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** One wire from IP subnet to physical switch port. */

async function draw(
  lab: EstateController,
  wire: string,
  options: { server?: string; language?: string } = {},
): Promise<WirePicture> {
  const query = options.server === undefined ? '' : `?server=${encodeURIComponent(options.server)}`;
  const answer = await lab.controller.call<WirePicture>(
    'GET',
    `/api/v1/wires/${encodeURIComponent(wire)}/picture${query}`,
    undefined,
    { 'accept-language': options.language ?? 'en' },
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
function hostOf(picture: WirePicture, name: string): PictureHost {
  const found = picture.hosts.find(({ host }) => host.name.split('.')[0] === name);
  if (found === undefined) throw new Error(`${name} is not in the picture`);
  return found;
}
const uplinks = (host: PictureHost): string[] =>
  host.uplinks.map(({ name, role, device, up }) =>
    [name, role, device, up === null ? 'unknown' : up ? 'up' : 'down'].join(' '),
  );
const codes = (host: PictureHost): string[] => host.problems.map(({ code }) => code);

describe('in the demo estate', () => {
  let lab: EstateController;
  beforeAll(async () => {
    lab = await startEstateController(demoEstate());
    for (const [wire, cidr, gateway] of [
      ['sh-web-prod', '10.20.10.0/24', '10.20.10.1'],
      ['Backup', '10.20.70.0/24', null],
    ] as const)
      await lab.createNetwork({ name: `${wire} net`, wire, cidr, ...(gateway === null ? {} : { gateway }) });
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  test('a distributed wire shows its networks, its hosts and the physical NIC behind each uplink', async () => {
    const picture = await draw(lab, 'sh-web-prod');
    expect(picture.wire).toMatchObject({
      name: 'sh-web-prod',
      kind: 'distributed',
      vlan: { kind: 'id', id: 110 },
      teaming: { active: ['Uplink 1', 'Uplink 2'], standby: [] },
      virtualSwitch: { name: 'dvs-shanghai' },
      missingSince: null,
    });
    expect(picture.networks).toEqual([
      {
        id: expect.any(String),
        name: 'sh-web-prod net',
        cidr: '10.20.10.0/24',
        gateway: '10.20.10.1',
        origin: 'primary',
        servers: expect.any(Number),
      },
    ]);
    expect(picture.hosts.map(({ host }) => host.name.split('.')[0])).toEqual([
      'sh-esx-01',
      'sh-esx-02',
      'sh-esx-03',
      'sh-esx-04',
      'sh-esx-05',
      'sh-esx-06',
    ]);
    const first = hostOf(picture, 'sh-esx-01');
    expect(first).toMatchObject({
      host: { managementIp: '10.20.0.11' },
      state: 'connected',
      maintenance: false,
      cluster: 'SH-Compute',
      switch: { name: 'dvs-shanghai' },
      vlan: { kind: 'id', id: 110 },
      deviates: false,
      problems: [],
    });
    expect(uplinks(first)).toEqual([
      'Uplink 1 active vmnic1 up',
      'Uplink 2 active vmnic2 up',
      'Uplink 3 unused vmnic3 down',
      'Uplink 4 unused  unknown',
    ]);
    expect(first.uplinks[0]).toMatchObject({
      speedMbps: 25_000,
      mac: expect.stringMatching(/^00:50:56:/),
      neighbour: {
        protocol: 'cdp',
        switch: 'sh-tor-b.net.example',
        port: 'Ethernet1/1',
        address: '10.0.250.12',
        vlan: 1,
      },
    });
    expect(first.uplinks[1]?.neighbour).toMatchObject({ protocol: 'lldp', port: 'Eth1/21', vlan: 1 });
    // Somebody swapped its cables.
    expect(uplinks(hostOf(picture, 'sh-esx-02')).slice(0, 2)).toEqual([
      'Uplink 1 active vmnic2 up',
      'Uplink 2 active vmnic1 up',
    ]);
  });

  test('servers are counted on the wire, host by host, and those with a record in its networks', async () => {
    const picture = await draw(lab, 'sh-web-prod');
    const nics = (await lab.allNics()).filter((nic) => nic.wire?.id === picture.wire.id);
    const servers = new Set(nics.map((nic) => nic.server.id));
    expect(picture.summary).toMatchObject({ hosts: 6, servers: servers.size });
    expect(picture.hosts.reduce((sum, host) => sum + host.servers, 0)).toBe(servers.size);
    const recorded = new Set(
      nics
        .filter((nic) => nic.records.some((record) => record.network.name === 'sh-web-prod net'))
        .map((nic) => nic.server.id),
    );
    expect(recorded.size).toBeGreaterThan(0);
    expect(picture.networks[0]?.servers).toBe(recorded.size);
    // Two uplinks on each of the five hosts that answer, one of them without a link and so without a neighbour.
    expect(picture.summary.physicalSwitches).toEqual([{ switch: 'sh-tor-b.net.example', ports: 9 }]);
  });

  test('a dead link, a host that does not answer and a single NIC are told in both languages', async () => {
    const picture = await draw(lab, 'sh-web-prod');
    expect(hostOf(picture, 'sh-esx-05')).toMatchObject({
      problems: [{ code: 'uplink_down', text: 'The link of vmnic2 is down.' }],
    });
    const silent = hostOf(picture, 'sh-esx-06');
    expect(codes(silent)).toEqual(['host_disconnected']);
    expect(silent.problems[0]?.text).toContain('does not answer vCenter (disconnected)');
    expect(silent.uplinks.map(({ up }) => up)).toEqual([null, null, null, null]);
    const chinese = await draw(lab, 'sh-web-prod', { language: 'zh' });
    expect(hostOf(chinese, 'sh-esx-05').problems[0]?.text).toBe('vmnic2 的链路已断开。');
    expect(hostOf(await draw(lab, 'fr-web'), 'fr-esx-03').problems).toEqual([
      {
        code: 'single_uplink',
        text: 'vmnic1 is the only physical NIC behind "fr-web" on fr-esx-03.corp.example: when its link fails, nothing leaves.',
      },
    ]);
  });

  test('a standard wire shows on each host the VLAN and the order of uplinks that it has there', async () => {
    const picture = await draw(lab, 'Backup');
    expect(picture.wire).toMatchObject({ kind: 'standard', vlan: { kind: 'id', id: 70 } });
    expect(hostOf(picture, 'sh-esx-01')).toMatchObject({ deviates: false, switch: { name: 'vSwitch0' } });
    expect(uplinks(hostOf(picture, 'sh-esx-01'))).toEqual(['vmnic0 active vmnic0 up']);
    expect(codes(hostOf(picture, 'sh-esx-01'))).toEqual(['single_uplink']);
    expect(uplinks(hostOf(picture, 'sh-esx-02'))).toEqual([
      'vmnic3 active vmnic3 up',
      'vmnic0 standby vmnic0 up',
    ]);
    const other = hostOf(picture, 'sh-esx-03');
    expect(other).toMatchObject({
      vlan: { kind: 'id', id: 71 },
      deviates: true,
      problems: [
        {
          code: 'vlan_deviates',
          text: 'sh-esx-03.corp.example has "Backup" on VLAN 71, most hosts have it on VLAN 70.',
        },
      ],
    });
    expect(picture.hosts.filter(({ deviates }) => deviates)).toHaveLength(1);
  });

  test('what is sent untagged ends in the VLAN that the physical port says, and one port says another', async () => {
    const picture = await draw(lab, 'sh-untagged');
    expect(hostOf(picture, 'sh-esx-04').problems).toEqual([
      {
        code: 'untagged_vlan_differs',
        text: 'vmnic1 is plugged into sh-tor-b.net.example, port Ethernet1/4, where untagged traffic is in VLAN 999; for most hosts it is in VLAN 1. "sh-untagged" sends untagged.',
      },
    ]);
    expect(codes(hostOf(picture, 'sh-esx-01'))).toEqual([]);
  });

  test('a switch without uplinks leads nowhere, and an NSX network says nothing of it', async () => {
    const bubble = await draw(lab, 'restore-test');
    expect(bubble.hosts.map((host) => [host.host.name.split('.')[0], codes(host)])).toEqual([
      ['sh-esx-01', ['no_uplink']],
    ]);
    const opaque = await draw(lab, 'seg-opaque');
    expect(hostOf(opaque, 'sh-esx-01')).toMatchObject({ switch: null, uplinks: [], problems: [] });
    expect(opaque.summary.physicalSwitches).toEqual([]);
  });

  test("a server's path leads from its addresses to the switch ports, and nothing else changes", async () => {
    const { path, ...picture } = await draw(lab, 'Backup', { server: 'sh-db-01' });
    const server = (await lab.controller.call<Server>('GET', '/api/v1/servers/sh-db-01')).body;
    const nic = server.nics.find((one) => one.wire?.name === 'Backup');
    expect(picture).toEqual(await draw(lab, 'Backup'));
    const place = hostOf(picture, server.host?.name.split('.')[0] ?? '');
    const active = place.uplinks.filter(({ role }) => role === 'active');
    expect(path).toEqual([
      {
        nic: { id: nic?.id, mac: nic?.mac, label: nic?.label },
        ips: nic?.records.map(({ ip, network }) => ({ ip, network })),
        host: server.host,
        uplinks: active.map(({ name }) => name),
        neighbours: active.map(({ neighbour }) => neighbour),
      },
    ]);
    expect(path?.[0]?.ips).not.toEqual([]);
    // A server that is not on the wire has no way there; one that doesn't exist is told.
    expect((await draw(lab, 'Backup', { server: 'fr-web-01' })).path).toEqual([]);
    await lab.refuse('not_found', 'GET', '/api/v1/wires/Backup/picture?server=nobody');
    await lab.refuse('not_found', 'GET', '/api/v1/wires/nothing/picture');
    await lab.refuse('ambiguous', 'GET', '/api/v1/wires/Production/picture');
  });
});

describe('in a vCenter with LAGs and hostile names', () => {
  const nasty = '<b>"\\u0000\u202E\'; DROP TABLE wires; --';
  /** The uplinks of `web` in a LAG, one of them dead; those of `db` in an order that leaves the standby alone. */
  function estate(): Estate {
    const made = labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('db-1', [['db', '10.2.0.11/24']]),
    ]);
    for (const { distributedSwitches, clusters } of made.datacenters) {
      for (const [index, host] of clusters.flatMap((cluster) => cluster.hosts).entries())
        for (const nic of host.physicalNics) {
          nic.speed = nic.device === 'vmnic2' && index === 0 ? 0 : 10_000;
          nic.neighbour = {
            protocol: nic.device === 'vmnic1' ? 'cdp' : 'lldp',
            systemName: `${nasty}${'x'.repeat(300)}`,
            portId: nasty,
            managementAddress: nasty,
            vlan: nic.device === 'vmnic1' ? 20 : 0,
          };
        }
      for (const dvs of distributedSwitches) {
        dvs.uplinks = ['Uplink 1', nasty];
        dvs.lags = { lag1: ['lag1-0', 'lag1-1'] };
        for (const name of dvs.hosts)
          (dvs.cabling ??= {})[name] = { 'lag1-0': 'vmnic1', 'lag1-1': 'vmnic2', [nasty]: 'vmnic3' };
        for (const group of dvs.portGroups) {
          group.teaming =
            group.name === 'db'
              ? { active: ['Uplink 1', 'Uplink 9'], standby: [nasty] }
              : { active: ['lag1'], standby: [] };
        }
      }
    }
    return made;
  }

  let lab: EstateController;
  beforeAll(async () => {
    lab = await startEstateController(estate());
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  test('the uplinks of a LAG have the part that the LAG has', async () => {
    const picture = await draw(lab, 'web');
    const host = hostOf(picture, 'esx-01');
    expect(uplinks(host).slice(0, 2)).toEqual(['lag1-0 active vmnic1 up', 'lag1-1 active vmnic2 down']);
    expect(host.uplinks.slice(2).map(({ role }) => role)).toEqual(['unused', 'unused']);
    // The physical port of vmnic1 sends the wire's own VLAN untagged.
    expect(codes(host)).toEqual(['uplink_down', 'vlan_is_untagged']);
  });

  test('traffic leaves by the standby uplink where nothing is behind the active ones', async () => {
    const picture = await draw(lab, 'db', { server: 'db-1' });
    const host = hostOf(picture, 'esx-02');
    expect(uplinks(host).slice(0, 3)).toEqual([
      'Uplink 1 active  unknown',
      'Uplink 9 active  unknown',
      expect.stringMatching(/ standby vmnic3 up$/),
    ]);
    expect(codes(host)).toEqual(['single_uplink']);
    expect(picture.path).toMatchObject([
      { uplinks: [host.uplinks[2]?.name], neighbours: [{ protocol: 'lldp', vlan: null }] },
    ]);
  });

  test('a server on a host that has lost the port group is still in the picture', async () => {
    const { wire } = await draw(lab, 'web');
    await lab.sql('DELETE FROM virtual_switch_hosts');
    await lab.sql('DELETE FROM wire_hosts');
    const picture = await draw(lab, 'web', { server: 'web-1' });
    expect(picture).toMatchObject({ wire, summary: { hosts: 1, servers: 1, physicalSwitches: [] } });
    expect(picture.hosts).toMatchObject([
      {
        vlan: null,
        switch: null,
        deviates: false,
        servers: 1,
        uplinks: [],
        problems: [{ code: 'wire_missing' }],
      },
    ]);
    expect(picture.hosts[0]?.problems[0]?.text).toBe(
      'The port group "web" is not on esx-01.lab.example, but one server there uses it.',
    );
    expect(picture.path).toMatchObject([{ uplinks: [], neighbours: [] }]);
    await lab.sql('UPDATE nics SET missing_since = now()');
    expect(await draw(lab, 'web')).toMatchObject({ hosts: [], summary: { hosts: 0, servers: 0 } });
  });
});
