import type { Server } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { askingOf, done } from './asking.ts';

/** What stands in the way of an address, each with the words that say what to do. Nothing is ever done by halves. */

const silent = { tools: 'notInstalled' as const };

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('input', [['web'], ['web']], silent),
      machine('mixed', [['web'], ['db']], silent),
      machine('wired', [['web'], ['db']], silent),
      machine('wired by name', [['spare']], silent),
      machine('edges', [['web']], silent),
      machine('holder', [['web']], silent),
      machine('asker', [['web']], silent),
      machine('quiet', [['web', '10.1.3.20/16']]),
      machine('reporter', [['db', '10.1.3.30/16']]),
      machine('sleeper', [['db', '10.1.3.31/16']], { powerState: 'poweredOff' }),
      machine('both', [['web'], ['db', '10.1.3.40/16']]),
      machine('taker', [['web']], silent),
      machine('sharer-1', [['web']], silent),
      machine('sharer-2', [['web']], silent),
      machine('changed', [['web']], silent),
      machine('bare', [], silent),
      machine('unplugged', [['spare']], silent),
      machine('gone', [['web']], silent),
      machine('loud', [
        ['web', '10.1.3.80/16'],
        ['web', '10.1.3.81/16'],
      ]),
      {
        ...machine('twins', [], silent),
        nics: [0, 1].map(() => ({ network: { distributed: 'web' }, mac: '00:50:56:80:99:01' })),
      },
      machine('same name', [['web']], silent),
      { ...machine('same name', [['web']], silent), folder: 'Web' },
    ]),
  );
  await lab.createNetwork({
    name: 'web',
    wire: 'web',
    start: '10.1.0.0',
    end: '10.1.255.255',
    prefixLength: 16,
    restingSeconds: 0,
  });
  // What is reported there is seen, and no record comes of it.
  await lab.controller.call('PUT', '/api/v1/networks/web/excluded-wires', { wires: ['db'] });
  await lab.createNetwork({ name: 'db', wire: 'db', start: '10.2.0.10', end: '10.2.0.99', prefixLength: 24 });
});
afterAll(() => lab[Symbol.asyncDispose]());

const { fix, refuse, macOf, address, history, book } = askingOf(() => lab);
/** Who holds addresses without a NIC. */
async function hold(
  ip: string,
  holder: object | null,
  more: { mac?: string; key?: string; expired?: boolean } = {},
) {
  await lab.sql(
    `INSERT INTO claims (space_id, ip, network_id, source, holder, mac, key, network_name, started_at, expires_at)
     SELECT space_id, $1, id, 'allocated', $2::jsonb, $3::macaddr, $4, name, now() - interval '1 h',
       CASE WHEN $5 THEN now() - interval '1 min' END FROM networks WHERE name = 'web'`,
    [
      ip,
      holder === null ? null : JSON.stringify(holder),
      more.mac ?? null,
      more.key ?? null,
      more.expired ?? false,
    ],
  );
}

describe('what a request says', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['neither addresses nor NICs', {}, ['ips: Give either ips or nics.']],
    [
      'both',
      { ips: ['10.1.1.1'], nics: [{ mac: '00:50:56:80:00:01', ip: '10.1.1.2' }] },
      ['nics: Give either ips or nics.'],
    ],
    [
      'addresses that none can have',
      { ips: ['10.1.1', '::ffff:10.1.1.1', '224.0.0.1', '127.0.0.1', 'fe80::1', '010.1.1.1', '10.1.1.1/24'] },
      [
        'ips[0]: Not an IPv4 or IPv6 address.',
        'ips[1]: An IPv4 address in IPv6 notation; write it as 10.1.1.1.',
        'ips[2]: Not an address that a machine can have.',
        'ips[3]: Not an address that a machine can have.',
        'ips[4]: Not an address that a machine can have.',
        'ips[5]: Not an IPv4 or IPv6 address.',
        'ips[6]: Not an IPv4 or IPv6 address.',
      ],
    ],
    [
      'what is no MAC',
      { nics: [{ mac: '00:50:56', ip: 'x' }] },
      ['nics[0].mac: Not a MAC address.', 'nics[0].ip: Not an IPv4 or IPv6 address.'],
    ],
  ])('%s: each is told', async (_, body, complaints) => {
    expect(await refuse('input', body, 'invalid_input')).toEqual(complaints);
  });

  test('an address named twice, in whatever notation, is refused where it stands the second time', async () => {
    expect(await refuse('input', { ips: ['10.1.1.1', '2001:db8::1', '10.1.1.1', '2001:DB8:0::1'] })).toEqual([
      expect.stringContaining('ips[1]: No network holds this address.'),
      'ips[2]: Named twice: also in ips[0].',
      'ips[3]: Named twice: also in ips[1].',
    ]);
    const [first, second] = [await macOf('input', 0), await macOf('input', 1)];
    expect(
      await refuse('input', {
        nics: [
          { mac: first, ip: '10.1.1.1' },
          { mac: first, ip: '10.1.1.1' },
          { mac: second, ip: '10.1.1.1' },
        ],
      }),
    ).toEqual([
      'nics[1].ip: Named twice: also in nics[0].ip.',
      'nics[2].ip: Named twice: also in nics[0].ip.',
    ]);
  });

  test('a card is cleared, or it has addresses', async () => {
    const mac = await macOf('input');
    expect(
      await refuse('input', {
        nics: [
          { mac, ip: null },
          { mac, ip: '10.1.1.1' },
          { mac, ip: null },
        ],
      }),
    ).toEqual([
      'nics[1].ip: The same NIC is to be cleared and to have an address: see nics[0].ip. Keep one of the two.',
      'nics[2].ip: Named twice: also in nics[0].ip.',
    ]);
  });

  test('a server that there is not, or that shares its name, is told before anything', async () => {
    const body = { ips: ['10.1.1.1'] };
    await lab.refuse('not_found', 'POST', '/api/v1/servers/nobody/fix-nics', body);
    const ambiguous = await lab.refuse('ambiguous', 'POST', '/api/v1/servers/same%20name/fix-nics', body);
    expect(ambiguous.objects).toHaveLength(2);
    const [one] = ambiguous.objects ?? [];
    expect(done(await fix(one?.id ?? '', { ips: ['10.1.1.90'] }))).toEqual(['1 10.1.1.90 fixed']);
  });
});

describe('good and bad together', () => {
  test('nothing is done, and every bad one is explained where it stands', async () => {
    await fix('holder', { ips: ['10.1.2.1'] });
    const before = await book();
    expect(
      await refuse('mixed', { ips: ['10.1.2.2', '10.2.0.50', 'x', '10.1.2.1', '10.9.9.9', '10.1.255.255'] }),
    ).toEqual([
      'ips[2]: Not an IPv4 or IPv6 address.',
      expect.stringContaining('ips[3]: Every NIC of mixed on a wire of "web" has an address'),
      expect.stringContaining(
        'ips[4]: No network holds this address. Make it: wirebook network create NAME --wire',
      ),
      'ips[5]: It is the broadcast address of "web"; no machine can have it.',
    ]);
    const [web, db] = [await macOf('mixed', 0), await macOf('mixed', 1)];
    expect(
      await refuse('mixed', {
        nics: [
          { mac: web, ip: '10.1.2.2' },
          { mac: web, ip: '10.1.2.1' },
          { mac: db, ip: '10.2.0.200' },
          { mac: '00:50:56:80:ff:ff', ip: '10.1.2.3' },
        ],
      }),
    ).toEqual([
      'nics[1].ip: holder has it. See why: wirebook why 10.1.2.1',
      expect.stringContaining(
        'nics[2].ip: It lies in the prefix of "db", outside its range 10.2.0.10 to 10.2.0.99.',
      ),
      expect.stringContaining(`nics[3].mac: mixed has no NIC with this MAC; it has ${web}, ${db}.`),
    ]);
    expect(await book()).toEqual(before);
    expect(await lab.records('mixed')).toEqual([]);
  });
});

describe('where the address lies', () => {
  test('on another wire: which one is told, and how to declare it; declared, it works', async () => {
    const { network } = await lab.createNetwork({ name: 'elsewhere', wire: 'twin', cidr: '10.3.0.0/24' });
    const wires = await lab.nics('wired');
    expect(await refuse('wired', { ips: ['10.3.0.7'] })).toEqual([
      `ips[0]: The network "elsewhere" holds it, but lies on the wire "twin"; wired is attached to "web", "db". If its servers use that network too, declare its wire: wirebook network wires ${network.id} --add ${wires[0]?.wire?.id}`,
    ]);
    const mac = await macOf('wired', 1);
    expect(await refuse('wired', { nics: [{ mac, ip: '10.3.0.7' }] })).toEqual([
      `nics[0].ip: The network "elsewhere" holds it, but lies on the wire "twin", not on "db" of this NIC. If its servers use that network too: wirebook network wires ${network.id} --add ${wires[1]?.wire?.id}`,
    ]);
    await lab.controller.call('PUT', `/api/v1/networks/${network.id}/additional-wires`, { wires: ['db'] });
    expect(done(await fix('wired', { ips: ['10.3.0.7'] }))).toEqual(['2 10.3.0.7 fixed']);
  });

  test('for a NIC whose wire has no network at all, the command to make one names the wire and a prefix', async () => {
    const [nic] = await lab.nics('wired by name');
    for (const [ip, cidr] of [
      ['10.44.5.6', '10.44.5.0/24'],
      ['2001:db8:44::6', '2001:db8:44::/64'],
    ])
      expect(await refuse('wired by name', { nics: [{ mac: nic?.mac, ip }] })).toEqual([
        `nics[0].ip: No network holds this address. Make it: wirebook network create NAME --wire ${nic?.wire?.id} --cidr ${cidr}`,
      ]);
  });

  test('in the prefix and outside the range: the range, and how to widen it', async () => {
    const mac = await macOf('mixed', 1);
    const { id } = await lab.network('db');
    for (const [ip, widen] of [
      ['10.2.0.9', '--start 10.2.0.9'],
      ['10.2.0.100', '--end 10.2.0.100'],
    ])
      expect(await refuse('mixed', { nics: [{ mac, ip }] })).toEqual([
        `nics[0].ip: It lies in the prefix of "db", outside its range 10.2.0.10 to 10.2.0.99. Widen the range: wirebook network update ${id} ${widen}`,
      ]);
    expect(await refuse('mixed', { nics: [{ mac, ip: '10.2.0.255' }] })).toEqual([
      'nics[0].ip: It is the broadcast address of "db"; no machine can have it.',
    ]);
  });

  test('the network’s own address and its broadcast address are nobody’s, though the range may hold them', async () => {
    expect(await refuse('edges', { ips: ['10.1.0.0', '10.1.255.255'] })).toEqual([
      'ips[0]: It is the network address of "web"; no machine can have it.',
      'ips[1]: It is the broadcast address of "web"; no machine can have it.',
    ]);
    await lab.createNetwork({ name: 'point to point', wire: 'web', cidr: '10.5.0.0/31' });
    expect(done(await fix('edges', { ips: ['10.5.0.0'] }))).toEqual(['1 10.5.0.0 fixed']);
  });
});

describe('who has the address', () => {
  test('another server: it is named, whether it still reports the address or not', async () => {
    await fix('holder', { nics: [{ mac: await macOf('holder'), ip: '10.1.3.10' }] });
    expect(await refuse('asker', { ips: ['10.1.3.10'] })).toEqual([
      'ips[0]: holder has it. See why: wirebook why 10.1.3.10',
    ]);
    await lab.simulator.setToolsStatus('quiet', 'notRunning');
    await lab.sync();
    expect(await refuse('asker', { ips: ['10.1.3.20'] })).toEqual([
      'ips[0]: quiet has it. See why: wirebook why 10.1.3.20',
    ]);
  });

  test('a server that reports it now without having it; what a server that is off reported last is past', async () => {
    expect((await address('10.1.3.30')).state).toBe('seen');
    expect(await refuse('asker', { ips: ['10.1.3.30'] })).toEqual([
      'ips[0]: reporter reports it at this moment. See why: wirebook why 10.1.3.30',
    ]);
    expect(done(await fix('asker', { ips: ['10.1.3.31'] }))).toEqual(['1 10.1.3.31 fixed']);
  });

  test('the server’s own other card, which reports it without having it, is no stranger', async () => {
    expect(done(await fix('both', { ips: ['10.1.3.40'] }))).toEqual(['1 10.1.3.40 fixed']);
  });

  test('an address that Tools report on one card does not go over to the other', async () => {
    const [first, second] = [await macOf('loud', 0), await macOf('loud', 1)];
    expect(await refuse('loud', { nics: [{ mac: second, ip: '10.1.3.80' }] })).toEqual([
      `nics[0].ip: loud (Network adapter 1, ${first}) has it. See why: wirebook why 10.1.3.80`,
    ]);
  });

  test('a holder outside vCenter: it is told by its name, its owner or its note', async () => {
    const mac = await macOf('taker');
    await hold('10.1.4.1', { name: 'printer', owner: 'office', mac: null, note: '' });
    await hold('10.1.4.2', { name: '', owner: 'office', mac: null, note: 'by the door' });
    await hold(
      '10.1.4.3',
      { name: '', owner: null, mac: '02:00:00:00:00:09', note: 'by the door' },
      { mac: '02:00:00:00:00:09' },
    );
    expect(
      await refuse('taker', { nics: ['10.1.4.1', '10.1.4.2', '10.1.4.3'].map((ip) => ({ mac, ip })) }),
    ).toEqual([
      'nics[0].ip: printer has it. See why: wirebook why 10.1.4.1',
      'nics[1].ip: office has it. See why: wirebook why 10.1.4.2',
      'nics[2].ip: by the door has it. See why: wirebook why 10.1.4.3',
    ]);
  });

  test('a hold for nobody in particular, with a key or without, and one for this very MAC become the card’s record', async () => {
    const mac = await macOf('taker');
    await hold('10.1.4.11', null);
    await hold('10.1.4.12', { name: '', owner: null, mac: null, note: 'for the new one' }, { key: 'job-7' });
    await hold('10.1.4.13', { name: 'taker', owner: null, mac, note: '' }, { mac });
    const ips = ['10.1.4.11', '10.1.4.12', '10.1.4.13'];
    expect(await fix('taker', { nics: ips.map((ip) => ({ mac, ip })) })).toMatchObject({ fixed: 3 });
    expect(await lab.records('taker')).toEqual(ips);
    expect(await history('10.1.4.11')).toEqual(['taker lives']);
    expect(await address('10.1.4.12')).toMatchObject({
      key: 'job-7',
      source: 'allocated',
      server: { name: 'taker' },
    });
    expect(await fix('taker', { nics: ips.map((ip) => ({ mac, ip })) })).toMatchObject({ fixed: 0, kept: 3 });
  });

  test('a hold whose time is over is none', async () => {
    await hold('10.1.4.20', { name: 'late', owner: null, mac: null, note: '' }, { expired: true });
    const mac = await macOf('taker');
    await fix('taker', { nics: [{ mac, ip: '10.1.4.20' }] });
    expect((await history('10.1.4.20')).toSorted()).toEqual(['- expired', 'taker lives']);
    expect(await address('10.1.4.20')).toMatchObject({ source: 'manual', holder: null });
  });

  test('a key goes with its address from one card to the other', async () => {
    await hold('10.1.4.30', null, { key: 'job-8' });
    await fix('input', { nics: [{ mac: await macOf('input', 0), ip: '10.1.4.30' }] });
    await fix('input', { nics: [{ mac: await macOf('input', 1), ip: '10.1.4.30' }] });
    expect(await lab.records('input', 1)).toEqual(['10.1.4.30']);
    expect(await address('10.1.4.30')).toMatchObject({ key: 'job-8', source: 'allocated' });
  });

  test('an address that is shared on purpose may be fixed on each of those who share it', async () => {
    await lab.sql(
      `INSERT INTO shared_addresses (space_id, ip) SELECT space_id, '10.1.4.40' FROM networks WHERE name = 'web'`,
    );
    await fix('sharer-1', { ips: ['10.1.4.40'] });
    await fix('sharer-2', { ips: ['10.1.4.40'] });
    expect(await lab.records('sharer-1')).toEqual(['10.1.4.40']);
    expect(await lab.records('sharer-2')).toEqual(['10.1.4.40']);
  });
});

describe('what became of servers and cards', () => {
  test('a card that vanished meanwhile is not there; its address may go to the one in its place', async () => {
    const old = await macOf('changed');
    await fix('changed', { ips: ['10.1.5.10'] });
    await lab.simulator.setMac('changed', 4000, '00:50:56:80:77:01');
    await lab.simulator.moveNic('changed', 4000, { distributed: 'db' });
    await lab.sync();
    await lab.simulator.moveNic('changed', 4000, { distributed: 'web' });
    await lab.sync();
    expect(await macOf('changed')).toBe('00:50:56:80:77:01');
    const { id } = await lab.server('changed');
    expect(await refuse('changed', { nics: [{ mac: old, ip: '10.1.5.11' }] })).toEqual([
      `nics[0].mac: changed has no NIC with this MAC; it has 00:50:56:80:77:01. wirebook server show ${id}`,
    ]);
    expect(await fix('changed', { ips: ['10.1.5.10'] })).toMatchObject({ fixed: 1, cleared: 1 });
    expect(await lab.records('changed')).toEqual(['10.1.5.10']);
  });

  test('a server without cards, one whose port group is hidden, and two cards of one MAC', async () => {
    expect(await refuse('bare', { ips: ['10.1.5.20'] })).toEqual([
      'ips[0]: bare has no NIC. Add one in vCenter and sync.',
    ]);
    expect(await refuse('bare', { nics: [{ mac: '00:50:56:80:00:01', ip: '10.1.5.20' }] })).toEqual([
      expect.stringContaining('nics[0].mac: bare has no NIC with this MAC; it has -.'),
    ]);
    await lab.sql(
      `UPDATE nics SET wire_id = NULL WHERE server_id = (SELECT id FROM servers WHERE name = 'unplugged')`,
    );
    const mac = await macOf('unplugged');
    for (const body of [{ ips: ['10.1.5.20'] }, { nics: [{ mac, ip: '10.1.5.20' }] }])
      expect(await refuse('unplugged', body)).toEqual([
        expect.stringMatching(/^(?:ips\[0\]|nics\[0\]\.ip): The port group of this NIC is gone or hidden/),
      ]);
    expect(await refuse('twins', { nics: [{ mac: '00:50:56:80:99:01', ip: '10.1.5.20' }] })).toEqual([
      expect.stringContaining(
        'nics[0].mac: 2 NICs of twins have this MAC (Network adapter 1, Network adapter 2), so it does not say',
      ),
    ]);
    expect(done(await fix('twins', { ips: ['10.1.5.20', '10.1.5.21'] }))).toEqual([
      '1 10.1.5.20 fixed',
      '2 10.1.5.21 fixed',
    ]);
  });

  test('a server that vCenter does not show any more', async () => {
    await lab.simulator.removeVm('gone');
    await lab.sync();
    const { body } = await lab.controller.call<Server>('GET', '/api/v1/servers/gone');
    expect(await refuse('gone', { ips: ['10.1.5.30'] })).toEqual([
      `ips[0]: gone has not been found in vCenter since ${body.missingSince?.slice(0, 16).replace('T', ' ')} UTC.`,
    ]);
  });
});
