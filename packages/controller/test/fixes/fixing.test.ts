import type { FixResult } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { askingOf, done } from './asking.ts';

/** Saying by hand which addresses one server has. Each test has servers and addresses of its own. */

const silent = { tools: 'notInstalled' as const };

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('plain', [['web']], silent),
      machine('ordered', [['web'], ['db'], ['web']], silent),
      machine('partly', [['web'], ['web']], silent),
      machine('again', [['web'], ['db']], silent),
      machine('shown', [['web']], silent),
      machine('named', [['web'], ['web']], silent),
      machine('several', [['web']], silent),
      machine('dual', [['web']], silent),
      machine('corrected', [['web']], silent),
      machine('talking', [['web', '10.1.4.10/16']]),
      machine('cleared', [['web']], silent),
      machine('moved', [['web'], ['web']], silent),
      machine('swapped', [['web'], ['web']], silent),
      machine('off', [['web']], { powerState: 'poweredOff' }),
      machine('golden', [['web']], { template: true, powerState: 'poweredOff' }),
      machine('contradicted', [['web']], silent),
      machine('recorded', [['web']], silent),
      machine('wrong', [['web']], silent),
      machine('waiting', [['web']]),
    ]),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16', gateway: '10.1.0.1' });
  await lab.createNetwork({ name: 'web six', wire: 'web', cidr: '2001:db8:1::/64', companion: 'web' });
  await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/16' });
});
afterAll(() => lab[Symbol.asyncDispose]());

const { fix, refuse, macOf, address, history, events } = askingOf(() => lab);

describe('in device order', () => {
  test('an address becomes the record of the card whose wire has a network for it, and is occupied from then on', async () => {
    expect(await lab.reasons('plain')).toEqual(['tools_not_installed']);
    const server = await lab.server('plain');
    const result = await fix('plain', { ips: ['10.1.1.10'] });
    expect(result).toMatchObject({ dryRun: false, fixed: 1, kept: 0, cleared: 0 });
    expect(result.items).toMatchObject([
      {
        server: { id: server.id, name: 'plain' },
        nic: { mac: server.nics[0]?.mac, label: 'Network adapter 1' },
        wire: { name: 'web' },
        ip: '10.1.1.10',
        network: { name: 'web' },
        change: 'fixed',
      },
    ]);
    const [nic] = await lab.nics('plain');
    expect(nic?.records).toMatchObject([{ ip: '10.1.1.10', network: { name: 'web' }, source: 'manual' }]);
    expect(nic?.reasons).toEqual([]);
    expect(await address('10.1.1.10')).toMatchObject({
      state: 'used',
      source: 'manual',
      server: { name: 'plain' },
    });
    await lab.refuse('address_not_free', 'POST', '/api/v1/networks/web/allocate', { ip: '10.1.1.10' });
    expect(await events('plain')).toMatchObject([
      {
        actor: 'administrator',
        after: {
          changes: [{ mac: nic?.mac, ip: '10.1.1.10', network: 'web', change: 'fixed' }],
        },
      },
    ]);
  });

  test('each goes to the first card that has none of the family and whose wire has a network for it', async () => {
    const result = await fix('ordered', { ips: ['10.2.1.1', '10.1.1.21', '2001:db8:1::21', '10.1.1.20'] });
    expect(done(result)).toEqual([
      '2 10.2.1.1 fixed',
      '1 10.1.1.21 fixed',
      '1 2001:db8:1::21 fixed',
      '3 10.1.1.20 fixed',
    ]);
  });

  test('what the server has already is set aside first, wherever it stands in the list', async () => {
    await fix('partly', { nics: [{ mac: await macOf('partly', 1), ip: '10.1.1.31' }] });
    expect(done(await fix('partly', { ips: ['10.1.1.30', '10.1.1.31'] }))).toEqual([
      '1 10.1.1.30 fixed',
      '2 10.1.1.31 kept',
    ]);
  });

  test('when no card is left, that is said, with the command that names a card', async () => {
    const { id } = await lab.server('partly');
    expect(await refuse('partly', { ips: ['10.1.1.32'] })).toEqual([
      `ips[0]: Every NIC of partly on a wire of "web" has an address of this family already. To change one, name the NIC: wirebook server fix ${id} MAC=10.1.1.32`,
    ]);
  });
});

describe('repeating and trying', () => {
  test('repeated, by order or by MAC, it changes nothing and leaves no line in the trail', async () => {
    await fix('again', { ips: ['10.1.1.40', '10.2.1.40'] });
    const rows = await lab.sql(`SELECT id, xmin::text FROM claims ORDER BY id`);
    const [web, db] = [await macOf('again', 0), await macOf('again', 1)];
    for (const body of [
      { ips: ['10.2.1.40', '10.1.1.40'] },
      { ips: ['10.1.1.40'] },
      {
        nics: [
          { mac: web, ip: '10.1.1.40' },
          { mac: db, ip: '10.2.1.40' },
        ],
      },
    ]) {
      const result = await fix('again', body);
      expect(result).toMatchObject({ fixed: 0, cleared: 0 });
      expect(result.kept).toBe(result.items.length);
    }
    expect(await lab.sql(`SELECT id, xmin::text FROM claims ORDER BY id`)).toEqual(rows);
    expect(await events('again')).toHaveLength(1);
  });

  test.each([
    ['asked for in the path', '?dryRun=true', {}],
    ['asked for in the body', '', { dryRun: true }],
  ])('a dry run, %s, shows what would be done and does nothing', async (_, query, more) => {
    const answer = await lab.controller.call<FixResult>('POST', `/api/v1/servers/shown/fix-nics${query}`, {
      ips: ['10.1.1.50'],
      ...more,
    });
    expect(answer.body).toMatchObject({
      dryRun: true,
      fixed: 1,
      items: [{ ip: '10.1.1.50', change: 'fixed' }],
    });
    expect(await lab.records('shown')).toEqual([]);
    expect(await lab.reasons('shown')).toEqual(['tools_not_installed']);
    expect(await events('shown')).toEqual([]);
    await lab.refuse('fixes_refused', 'POST', `/api/v1/servers/shown/fix-nics${query}`, {
      ips: ['10.77.0.1'],
      ...more,
    });
  });
});

describe('by MAC', () => {
  test('the address goes to that card, however the MAC and the address are written', async () => {
    const second = await macOf('named', 1);
    const written = second.toUpperCase().replaceAll(':', '-');
    expect(done(await fix('named', { nics: [{ mac: written, ip: '10.1.2.10' }] }))).toEqual([
      '2 10.1.2.10 fixed',
    ]);
    const dotted = second.replaceAll(':', '').replaceAll(/(....)(?=.)/g, '$1.');
    expect(done(await fix('named', { nics: [{ mac: dotted, ip: '2001:0DB8:0001::0:10' }] }))).toEqual([
      '2 2001:db8:1::10 fixed',
    ]);
    expect(await lab.records('named', 1)).toEqual(['10.1.2.10', '2001:db8:1::10']);
    expect(await lab.records('named', 0)).toEqual([]);
  });

  test('named several times, a card has all those addresses, of both families', async () => {
    const mac = await macOf('several');
    const ips = ['10.1.2.21', '10.1.2.20', '2001:db8:1::20'];
    await fix('several', { nics: ips.map((ip) => ({ mac, ip })) });
    expect(await lab.records('several')).toEqual(['10.1.2.20', '10.1.2.21', '2001:db8:1::20']);
  });

  test('of the family that is named it has exactly what is listed; the other family stays', async () => {
    const mac = await macOf('corrected');
    await fix('corrected', {
      nics: [
        { mac, ip: '10.1.2.30' },
        { mac, ip: '10.1.2.31' },
        { mac, ip: '2001:db8:1::30' },
      ],
    });
    expect(
      done(
        await fix('corrected', {
          nics: [
            { mac, ip: '10.1.2.31' },
            { mac, ip: '10.1.2.32' },
          ],
        }),
      ),
    ).toEqual(['1 10.1.2.30 cleared', '1 10.1.2.31 kept', '1 10.1.2.32 fixed']);
    expect(await lab.records('corrected')).toEqual(['10.1.2.31', '10.1.2.32', '2001:db8:1::30']);
    expect(await history('10.1.2.30')).toEqual(['corrected corrected']);
  });

  test('what Tools report at this moment stays beside it; what they reported once and no more goes', async () => {
    await lab.simulator.setGuestNet('talking', [
      {
        deviceConfigId: 4000,
        connected: true,
        addresses: [{ ip: '10.1.4.11', prefixLength: 16 }],
      },
    ]);
    await lab.sync();
    expect(await lab.records('talking')).toEqual(['10.1.4.10', '10.1.4.11']);
    const mac = await macOf('talking');
    expect(done(await fix('talking', { nics: [{ mac, ip: '10.1.4.12' }] }))).toEqual([
      '1 10.1.4.10 cleared',
      '1 10.1.4.12 fixed',
    ]);
    expect(await lab.records('talking')).toEqual(['10.1.4.11', '10.1.4.12']);
    expect(await history('10.1.4.10')).toEqual(['talking corrected']);
    // Listed or cleared, the report has the last word on what it shows.
    expect(done(await fix('talking', { nics: [{ mac, ip: '10.1.4.11' }] }))).toEqual([
      '1 10.1.4.12 cleared',
      '1 10.1.4.11 kept',
    ]);
    expect((await lab.nics('talking'))[0]?.records).toMatchObject([{ ip: '10.1.4.11', source: 'tools' }]);
    expect(done(await fix('talking', { nics: [{ mac, ip: null }] }))).toEqual(['1 10.1.4.11 kept']);
  });

  test('cleared, a card has no address of either family, and says again what it lacks', async () => {
    const mac = await macOf('cleared');
    await fix('cleared', { ips: ['10.1.2.40', '2001:db8:1::40'] });
    expect(await fix('cleared', { nics: [{ mac, ip: null }] })).toMatchObject({ fixed: 0, cleared: 2 });
    expect(await lab.records('cleared')).toEqual([]);
    expect(await lab.reasons('cleared')).toEqual(['tools_not_installed']);
    expect(await history('10.1.2.40')).toEqual(['cleared cleared']);
    expect(await fix('cleared', { nics: [{ mac, ip: null }] })).toMatchObject({ cleared: 0, items: [] });
    expect(await events('cleared')).toHaveLength(2);
  });

  test('an address goes over from the other card of the same server, and two may change places', async () => {
    await fix('moved', { ips: ['10.1.2.50'] });
    expect(done(await fix('moved', { nics: [{ mac: await macOf('moved', 1), ip: '10.1.2.50' }] }))).toEqual([
      '1 10.1.2.50 cleared',
      '2 10.1.2.50 fixed',
    ]);
    expect(await lab.records('moved', 0)).toEqual([]);
    expect(await lab.records('moved', 1)).toEqual(['10.1.2.50']);

    const [first, second] = [await macOf('swapped', 0), await macOf('swapped', 1)];
    await fix('swapped', { ips: ['10.1.2.60', '10.1.2.61'] });
    await fix('swapped', {
      nics: [
        { mac: first, ip: '10.1.2.61' },
        { mac: second, ip: '10.1.2.60' },
      ],
    });
    expect(await lab.records('swapped', 0)).toEqual(['10.1.2.61']);
    expect(await lab.records('swapped', 1)).toEqual(['10.1.2.60']);
  });
});

test('what a card lets go of goes at once to the one who reports it', async () => {
  await fix('wrong', { ips: ['10.1.2.70'] });
  await lab.simulator.setGuestNet('waiting', [
    { deviceConfigId: 4000, connected: true, addresses: [{ ip: '10.1.2.70', prefixLength: 16 }] },
  ]);
  await lab.sync();
  expect(await lab.reasons('waiting')).toEqual(['taken 10.1.2.70']);
  await fix('wrong', { nics: [{ mac: await macOf('wrong'), ip: '10.1.2.71' }] });
  expect(await lab.records('waiting')).toEqual(['10.1.2.70']);
  expect(await lab.reasons('waiting')).toEqual([]);
});

describe('what is no obstacle', () => {
  test('a server that is off and a template may have their addresses written down', async () => {
    for (const [server, ip] of [
      ['off', '10.1.3.10'],
      ['golden', '10.1.3.11'],
    ] as const) {
      await fix(server, { ips: [ip] });
      expect(await lab.records(server)).toEqual([ip]);
      expect(await lab.reasons(server)).toEqual([]);
    }
    await lab.sync();
    expect(await lab.records('off')).toEqual(['10.1.3.10']);
  });

  test('a gateway, a reserved address, one of a DHCP server, one that rests and one that is not given may be recorded', async () => {
    await lab.sql(
      `INSERT INTO reservations (space_id, network_id, kind, span) SELECT space_id, id, k.kind, inetrange(k.ip, k.ip, '[]')
       FROM networks, (VALUES ('reserved', '10.1.3.20'::inet), ('dhcp', '10.1.3.21'::inet)) AS k(kind, ip) WHERE name = 'web'`,
    );
    const { body } = await lab.controller.call<{ items: { ip: string }[] }>(
      'POST',
      '/api/v1/networks/web/allocate',
      { ip: '10.1.3.22' },
    );
    expect(body.items).toMatchObject([{ ip: '10.1.3.22' }]);
    await lab.controller.call('POST', '/api/v1/networks/web/release', { ips: ['10.1.3.22'] });
    const mac = await macOf('recorded');
    const ips = ['10.1.0.1', '10.1.3.20', '10.1.3.21', '10.1.3.22'];
    await fix('recorded', { nics: ips.map((ip) => ({ mac, ip })) });
    expect(await lab.records('recorded')).toEqual(ips);
  });

  test('when Tools say something else later, the record stays and the disagreement is shown', async () => {
    await fix('contradicted', { ips: ['10.1.3.30'] });
    await lab.simulator.setToolsStatus('contradicted', 'running');
    await lab.simulator.setGuestNet('contradicted', [
      { deviceConfigId: 4000, connected: true, addresses: [{ ip: '10.1.3.31', prefixLength: 16 }] },
    ]);
    await lab.sync();
    expect((await lab.nics('contradicted'))[0]?.records).toMatchObject([
      { ip: '10.1.3.30', source: 'manual', contradictedBy: ['10.1.3.31'] },
      { ip: '10.1.3.31', source: 'tools' },
    ]);
  });
});
