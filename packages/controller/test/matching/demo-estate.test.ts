import { type Network, type Nic, type NicSummary, type ReasonCode, reasonCodes } from '@wirebook/contract';
import { demoEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';

/** The demo's estate, with some of its networks made: every NIC has its record or says why not. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(demoEstate());
  // Ends before .100: the VRRP pair's addresses lie in the prefix, outside the range.
  await lab.createNetwork({
    name: 'web',
    wire: 'sh-web-prod',
    start: '10.20.10.1',
    end: '10.20.10.99',
    prefixLength: 24,
  });
  // By itself the web network would have this wire as well.
  await lab.controller.call('PUT', '/api/v1/networks/web/excluded-wires', { wires: ['sh-web-prod-2'] });
  await lab.createNetwork({ name: 'app', wire: 'sh-app-prod', cidr: '10.20.20.0/24', gateway: '10.20.20.1' });
  await lab.createNetwork({ name: 'db', wire: 'sh-db-prod', cidr: '10.20.30.0/24' });
  await lab.createNetwork({ name: 'backup', wire: 'Backup', cidr: '10.20.70.0/24' });
});
afterAll(() => lab[Symbol.asyncDispose]());

async function reason(server: string, code: ReasonCode, position = 0): Promise<Nic['reasons'][number]> {
  const found = (await lab.nics(server))[position]?.reasons.find((one) => one.code === code);
  if (found === undefined)
    throw new Error(`${server} has no reason ${code}: ${String(await lab.reasons(server, position))}`);
  return found;
}

async function fixCommand(server: string, position: number): Promise<string> {
  const { id, nics } = await lab.server(server);
  return `wirebook server fix ${id} ${nics[position]?.mac}=IP`;
}

test('every NIC has a record or a reason, and the summary counts each once', async () => {
  const nics = await lab.allNics();
  const silent = nics.filter((nic) => nic.records.length === 0 && nic.reasons.length === 0);
  expect(silent.map((nic) => nic.server.name)).toEqual([]);
  const { body } = await lab.controller.call<NicSummary>('GET', '/api/v1/nics/summary?account=lab');
  expect(body.nics).toBe(nics.length);
  expect(body.settled).toBe(nics.filter((nic) => nic.records.length > 0).length);
  expect(body.unresolved).toBe(body.nics - body.settled);
  expect(body.reasons.reduce((sum, one) => sum + one.nics, 0)).toBe(body.unresolved);
  expect(body.settled).toBeGreaterThan(25);
});

test('a network settles the NICs of its own wire, and of no other wire that their hosts have', async () => {
  const web = await lab.network('web');
  const settled = (await lab.allNics()).filter((nic) => nic.records.some((one) => one.network.id === web.id));
  expect(settled.map((nic) => nic.server.name).toSorted()).toEqual(
    ['sh-v6-01', 'sh-vpn-01', ...Array.from({ length: 8 }, (_, index) => `sh-web-0${index + 1}`)].toSorted(),
  );
  expect(new Set(settled.map((nic) => nic.wire?.name))).toEqual(new Set(['sh-web-prod']));
  // The restored copy reports sh-web-01's address on another wire of the same host.
  expect((await lab.server('sh-web-01')).host).toEqual((await lab.server('sh-web-01-restore')).host);
  expect(await lab.reasons('sh-web-01-restore')).toEqual(['other_wire 10.20.10.11']);
});

test('each card of a server is matched on its own wire, and each of its addresses', async () => {
  expect(await lab.records('sh-db-01', 0)).toEqual(['10.20.30.11']);
  expect(await lab.records('sh-db-01', 1)).toEqual(['10.20.70.11']);
  expect(await lab.records('sh-db-03', 0)).toEqual(['10.20.30.13', '10.20.30.100']);
});

test('a DNS server that a guest names on its card is no address of it', async () => {
  expect((await lab.nics('sh-dns-in-nic'))[0]?.observed.map((one) => one.ip)).toEqual(['10.20.20.58']);
});

test('addresses are read from the plain list or from the detailed one, whichever is there', async () => {
  expect(await lab.records('sh-no-ipconfig')).toEqual(['10.20.20.56']);
  expect(await lab.records('sh-only-ipconfig')).toEqual(['10.20.20.57']);
});

test('the port group of a card is what its backing says, not what Tools name', async () => {
  expect((await lab.nics('sh-liar'))[0]).toMatchObject({
    wire: { name: 'sh-app-prod' },
    records: [{ ip: '10.20.20.52' }],
  });
});

describe('why a NIC has no record', () => {
  const simple: [ReasonCode, string, number, RegExp, RegExp][] = [
    ['powered_off', 'sh-off-stale', 0, /sh-off-stale is powered off/, /wirebook account sync lab/],
    ['powered_off', 'sh-suspended', 0, /sh-suspended/, /wirebook account sync lab/],
    ['template', 'tpl-ubuntu-2404', 0, /tpl-ubuntu-2404 is a template/, /Nothing to do/],
    [
      'tools_not_installed',
      'sh-appliance',
      0,
      /not installed on sh-appliance/,
      /open-vm-tools.*wirebook account sync lab/,
    ],
    [
      'tools_not_running',
      'sh-tools-stopped',
      0,
      /not running on sh-tools-stopped/,
      /wirebook account sync lab/,
    ],
    ['tools_no_address', 'sh-no-address', 0, /sh-no-address report no address/, /wirebook account sync lab/],
    ['tools_no_address', 'sh-apipa', 0, /sh-apipa/, /wirebook account sync lab/],
    ['tools_no_address', 'sh-v6-linklocal', 0, /sh-v6-linklocal/, /wirebook account sync lab/],
    ['disconnected', 'sh-db-04', 2, /card of sh-db-04 is not connected/, /Connect it in vCenter/],
    ['no_wire', 'sh-lost-dvpg', 0, /dvportgroup-9999/, /wirebook account sync lab/],
    ['no_wire', 'sh-lost-std', 0, /Old Lab/, /wirebook account sync lab/],
  ];
  test.each(simple)('%s: %s, card %i', async (code, server, position, text, remedy) => {
    expect(await lab.records(server, position)).toEqual([]);
    const found = await reason(server, code, position);
    expect(found).toMatchObject({ ip: null, network: null, wire: null, server: null });
    expect(found.text).toMatch(text);
    expect(found.remedy).toMatch(remedy);
    const byHand = await fixCommand(server, position);
    // Somebody may know the address of a guest that can't say it; a template has none, and without a wire none fits.
    if (['template', 'no_wire'].includes(code)) expect(found.remedy).not.toContain('server fix');
    else expect(found.remedy).toContain(byHand);
  });

  test('no_network: the remedy makes the network that the guest itself says it is in, on the wire of its card', async () => {
    const found = await reason('sh-erp-01', 'no_network');
    const wire = (await lab.nics('sh-erp-01'))[0]?.wire;
    expect(found).toMatchObject({ ip: '10.20.40.11', network: null, wire: null, server: null });
    expect(found.text).toBe('No network holds 10.20.40.11.');
    expect(found.remedy).toContain(
      `wirebook network create 10.20.40.0/24 --wire ${wire?.id} --cidr 10.20.40.0/24`,
    );
  });

  test('other_wire: names the network, the wire it lies on, and the command that adds this one', async () => {
    const web = await lab.network('web');
    const found = await reason('sh-web-b-01', 'other_wire');
    expect(found).toMatchObject({
      ip: '10.20.10.31',
      network: { id: web.id, name: 'web' },
      wire: { id: web.wire.id, name: 'sh-web-prod' },
    });
    expect(found.text).toContain('"web"');
    expect(found.text).toContain('"sh-web-prod"');
    expect(found.text).toContain('"sh-web-prod-2"');
    const wire = (await lab.nics('sh-web-b-01'))[0]?.wire;
    expect(found.remedy).toContain(`wirebook network wires ${web.id} --add ${wire?.id}`);
  });

  test('outside_range: names the network with its range, and the flag that widens it to hold the address', async () => {
    const web = await lab.network('web');
    const found = await reason('sh-lb-01', 'outside_range');
    expect(found).toMatchObject({ ip: '10.20.10.101', network: { id: web.id, name: 'web' } });
    expect(found.text).toContain('10.20.10.1 to 10.20.10.99');
    expect(found.remedy).toContain(`wirebook network update ${web.id} --end 10.20.10.101`);
    // An address of the prefix on a wire that is not the network's is neither in its range nor beside it.
    expect(await lab.reasons('sh-stray')).toEqual(['no_network 10.20.10.200']);
  });

  test('taken: names the server that holds the address', async () => {
    const [a, b] = [await lab.nics('sh-dup-a'), await lab.nics('sh-dup-b')];
    expect(a[0]?.records.map((one) => one.ip)).toEqual(['10.20.20.50']);
    expect(b[0]?.records).toEqual([]);
    const found = await reason('sh-dup-b', 'taken');
    expect(found).toMatchObject({
      ip: '10.20.20.50',
      server: { name: 'sh-dup-a' },
      network: { name: 'app' },
    });
    expect(found.text).toContain('sh-dup-a');
    expect(found.remedy).toContain('wirebook conflict list');
  });

  test('vm_unreadable: a server whose host is lost says so, and keeps its cards', async () => {
    await lab.simulator.setProperty(lab.simulator.morefs.vm('sh-kiosk-01'), {
      path: 'runtime.connectionState',
      type: 'VirtualMachineConnectionState',
      value: 'disconnected',
    });
    await lab.sync();
    const found = await reason('sh-kiosk-01', 'vm_unreadable');
    expect(found.text).toContain('sh-kiosk-01');
    expect(found.text).toContain('disconnected');
    expect(found.remedy).toContain(await fixCommand('sh-kiosk-01', 0));
  });

  test('every code there is stands on some NIC of this estate, and can be asked for', async () => {
    for (const code of reasonCodes) {
      const { body } = await lab.controller.call<{ items: Nic[] }>(
        'GET',
        `/api/v1/nics?reason=${code}&limit=500`,
      );
      expect(body.items.length, code).toBeGreaterThan(0);
      for (const nic of body.items) expect(nic.reasons.map((one) => one.code)).toContain(code);
    }
  });

  test('every remedy names what exists: pasted into a shell it finds its objects', async () => {
    const remedies = new Set((await lab.allNics()).flatMap((nic) => nic.reasons.map((one) => one.remedy)));
    expect(remedies.size).toBeGreaterThan(10);
    const exists = async (path: string): Promise<void> => {
      expect((await lab.controller.call('GET', `/api/v1/${path}`)).status, path).toBe(200);
    };
    for (const remedy of remedies) {
      expect(remedy).not.toMatch(/\{\{|undefined|null| - |''/);
      const wire = /--(?:wire|add) (\S+)/.exec(remedy)?.[1];
      if (wire !== undefined) await exists(`wires/${wire}`);
      const network = /wirebook network (?:wires|update) (\S+)/.exec(remedy)?.[1];
      if (network !== undefined) await exists(`networks/${network}`);
      const account = /wirebook account sync (\S+)/.exec(remedy)?.[1];
      if (account !== undefined) await exists(`cloud-accounts/${account}`);
      const server = /wirebook server fix (\S+)/.exec(remedy)?.[1];
      if (server !== undefined) await exists(`servers/${server}`);
    }
  });

  test('words come in Chinese to those who ask for them', async () => {
    const { body } = await lab.controller.call<{ nics: Nic[] }>(
      'GET',
      '/api/v1/servers/sh-appliance',
      undefined,
      {
        'accept-language': 'zh-CN,zh;q=0.9,en;q=0.5',
      },
    );
    expect(body.nics[0]?.reasons[0]?.text).toMatch(/[一-鿿]/);
  });
});

describe('a network that grows', () => {
  test('what was outside the range has its record once the remedy is followed', async () => {
    const path = `/api/v1/networks/${(await lab.network('web')).id}`;
    const { body } = await lab.controller.call<{ network: Network; conflicts: number }>('PATCH', path, {
      end: '10.20.10.254',
    });
    expect(body.network.end).toBe('10.20.10.254');
    expect(await lab.records('sh-lb-02')).toContain('10.20.10.102');
    // The pair's common address goes to one of them; the other says who has it.
    expect(body.conflicts).toBe(1);
    expect(await lab.records('sh-lb-01')).toEqual(['10.20.10.100', '10.20.10.101']);
    expect(await lab.reasons('sh-lb-02')).toEqual(['taken 10.20.10.100']);
  });

  test('declaring the wire that other_wire named settles its servers', async () => {
    const wire = (await lab.nics('sh-web-b-01'))[0]?.wire?.id;
    await lab.controller.call('PUT', '/api/v1/networks/web/additional-wires', { wires: [wire] });
    for (const nr of [1, 2, 3]) expect(await lab.records(`sh-web-b-0${nr}`)).toEqual([`10.20.10.3${nr}`]);
    expect(await lab.reasons('sh-web-01-restore')).toEqual(['other_wire 10.20.10.11']);
  });
});
