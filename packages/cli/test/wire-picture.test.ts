import { describe, expect, test } from 'vitest';
import { startController } from './support/controller.ts';
import { idOf } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

const picture = {
  wire: {
    id: idOf(10),
    name: 'front',
    kind: 'distributed',
    vlan: { kind: 'id', id: 120, ranges: [], primaryId: null },
    teaming: null,
    virtualSwitch: { id: idOf(11), name: 'dvs-prod' },
    missingSince: null,
  },
  networks: [
    { id: idOf(20), name: 'web', cidr: '10.1.2.0/24', gateway: '10.1.2.1', origin: 'primary', servers: 3 },
  ],
  hosts: [
    {
      host: { id: idOf(40), name: 'esx-1\u001B[31m', managementIp: '10.0.0.11' },
      state: 'connected',
      maintenance: false,
      cluster: 'c',
      switch: { id: idOf(11), name: 'dvs-prod' },
      vlan: { kind: 'id', id: 120, ranges: [], primaryId: null },
      deviates: false,
      servers: 3,
      uplinks: [
        {
          name: 'Uplink 1',
          role: 'active',
          device: 'vmnic0',
          mac: '00:50:56:aa:00:01',
          speedMbps: 25_000,
          up: true,
          neighbour: { protocol: 'cdp', switch: 'sw-1', port: 'Gi1/0/7', address: null, vlan: 1 },
        },
      ],
      problems: [{ code: 'single_uplink', text: 'vmnic0 is the only one.' }],
    },
    {
      host: { id: idOf(41), name: 'esx-2', managementIp: null },
      state: 'connected',
      maintenance: false,
      cluster: 'c',
      switch: null,
      vlan: null,
      deviates: false,
      servers: 0,
      uplinks: [],
      problems: [],
    },
  ],
  summary: { hosts: 2, servers: 3, physicalSwitches: [{ switch: 'sw-1', ports: 1 }] },
};
const route = 'GET /api/v1/wires/front/picture';

describe('wire picture', () => {
  test('shows networks, hosts with their uplinks and what disagrees, and the physical switches', async () => {
    const { url, seen } = await startController({ [route]: () => ({ body: picture }) });
    const { exitCode, out } = await wirebook(['wire', 'picture', 'front'], { url });
    expect(exitCode).toBe(0);
    expect([...(seen[0]?.query ?? [])]).toEqual([]);
    expect(out).toMatch(/^front +distributed +120 +dvs-prod +2 +3$/m);
    expect(out).toMatch(/^web +10\.1\.2\.0\/24 +10\.1\.2\.1 +primary +3$/m);
    expect(out).toMatch(
      /\(10\.0\.0\.11\): dvs-prod, VLAN 120, SERVERS 3\nNAME .*\nUplink 1 +active +vmnic0 +yes +25000 +sw-1 +Gi1\/0\/7\n- vmnic0 is the only one\.\n/,
    );
    expect(out).toMatch(/^esx-2: VLAN -, SERVERS 0$/m);
    expect(out).toMatch(/^PHYSICAL SWITCHES\nSWITCH +PORTS\nsw-1 +1$/m);
    expect(out).not.toContain('\u001B');
    expect(out).not.toContain('PATH');
  });

  test("with a server, shows the way of its traffic; JSON is the API's own", async () => {
    const path = [
      {
        nic: { id: idOf(30), mac: '00:50:56:aa:00:09', label: 'Network adapter 1' },
        ips: [{ ip: '10.1.2.3', network: { id: idOf(20), name: 'web' } }],
        host: { id: idOf(41), name: 'esx-2' },
        uplinks: ['Uplink 1', 'Uplink 2'],
        neighbours: [{ protocol: 'cdp', switch: 'sw-1', port: 'Gi1/0/7', address: null, vlan: 1 }],
      },
    ];
    const { url, seen } = await startController({ [route]: () => ({ body: { ...picture, path } }) });
    const { out } = await wirebook(['wire', 'picture', 'front', '--server', 'web-01'], { url });
    expect(Object.fromEntries(seen[0]?.query ?? [])).toEqual({ server: 'web-01' });
    expect(out).toMatch(
      /^PATH\nMAC .*\n00:50:56:aa:00:09 +10\.1\.2\.3 +esx-2 +Uplink 1, Uplink 2 +sw-1 Gi1\/0\/7$/m,
    );
    const json = await wirebook(['wire', 'picture', 'front', '-o', 'json'], { url });
    expect(JSON.parse(json.out)).toEqual({ ...picture, path });
  });
});
