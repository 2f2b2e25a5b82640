import type { Event, List, Mending, ProblemBody } from '@wirebook/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Mending many NICs at once: what Wirebook does by itself, what it leaves to a person, and that a preview is what happens. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']], { gateway: '10.1.0.1' }),
      machine('web-2', [['web', '10.1.0.60/24']], { gateway: '10.1.0.1' }),
      machine('web-3', [['web', '10.1.0.55/24', '10.1.0.56/24']], { gateway: '10.1.0.1' }),
      machine('web-far', [['web', '10.1.0.230/24']], { gateway: '10.1.0.1' }),
      machine('twin-1', [['twin', '10.1.0.21/24']], { gateway: '10.1.0.1' }),
      machine('twin-2', [['twin', '10.1.0.22/24']], { gateway: '10.1.0.1' }),
      machine('spare-1', [['spare', '10.1.0.31/24']], { gateway: '10.1.0.254' }),
      machine('db-1', [['db', '10.2.0.11/24']]),
      machine('off', [['web', '10.1.0.12/24']], { powerState: 'poweredOff', tools: 'notRunning' }),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

/** 10.1.0.0/24 has two ranges; addresses of the first are used on `twin` too, and on `spare` by a guest with another gateway. */
beforeEach(async () => {
  for (const name of ['web', 'upper']) await lab.controller.call('DELETE', `/api/v1/networks/${name}`);
  await lab.sql('DELETE FROM events');
  await lab.createNetwork({
    name: 'web',
    wire: 'web',
    start: '10.1.0.10',
    end: '10.1.0.40',
    prefixLength: 24,
    gateway: '10.1.0.1',
    giving: 'all',
  });
  await lab.createNetwork({
    name: 'upper',
    wire: 'web',
    start: '10.1.0.100',
    end: '10.1.0.200',
    prefixLength: 24,
  });
  await forgetDetected();
});

/** As after an upgrade from a version that detected no wires. */
async function forgetDetected(): Promise<void> {
  await lab.sql(`DELETE FROM network_wires WHERE origin = 'detected'`);
  await lab.sql(
    `UPDATE claims SET ended_at = now(), end_reason = 'test' WHERE ended_at IS NULL AND ip IN ('10.1.0.21', '10.1.0.22')`,
  );
  await lab.sql(
    `INSERT INTO nic_reasons (nic_id, account_id, space_id, position, code, ip, network_id, wire_id)
     SELECT n.id, n.account_id, w.space_id, 0, 'other_wire', o.ip, w.id, l.wire_id
     FROM sightings o JOIN nics n ON n.id = o.nic_id JOIN networks w ON w.name = 'web' JOIN network_wires l ON l.network_id = w.id AND l.origin = 'primary'
     WHERE o.ip IN ('10.1.0.21', '10.1.0.22')`,
  );
}

async function mend(body: object = {}, query = ''): Promise<Mending> {
  const answer = await lab.controller.call<Mending>('POST', `/api/v1/nics/mend${query}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
async function digest(): Promise<string> {
  const rows = await lab.sql<{ text: string }>(
    `SELECT (SELECT json_agg(n ORDER BY id) FROM networks n)::text || (SELECT json_agg(c ORDER BY id) FROM claims c)::text
       || (SELECT json_agg(l ORDER BY network_id, wire_id) FROM network_wires l)::text
       || (SELECT json_agg(r ORDER BY nic_id, position) FROM nic_reasons r)::text || (SELECT count(*) FROM events) AS text`,
  );
  return rows[0]?.text ?? '';
}

test('wires that nothing speaks against become the networks’, ranges grow, and the rest is told with its reason', async () => {
  const done = await mend();
  expect(done.wires).toMatchObject([
    { network: { name: 'web' }, wire: { name: 'twin' }, origin: 'detected', nics: 2 },
  ]);
  expect(done.ranges).toMatchObject([
    {
      network: { name: 'web' },
      before: { start: '10.1.0.10', end: '10.1.0.40' },
      after: { start: '10.1.0.10', end: '10.1.0.60' },
      nics: 2,
    },
  ]);
  expect(done).toMatchObject({ dryRun: false, settled: 4, conflicts: 0, awaitingNetwork: 1 });
  expect(done.refused.map(({ network, wire, nics, ips }) => [network.name, wire?.name, nics, ips])).toEqual([
    ['web', 'spare', 1, ['10.1.0.31']],
    ['web', undefined, 1, ['10.1.0.230']],
  ]);
  expect(done.refused[0]?.text).toContain('10.1.0.254');
  expect(done.refused[0]?.remedy).toMatch(/--add \S+ .*--exclude \S+/);
  expect(done.refused[1]?.text).toContain('"upper", 10.1.0.100 to 10.1.0.200');
  expect(done.remaining.map(({ code, nics }) => [code, nics])).toEqual([
    ['no_network', 1],
    ['other_wire', 1],
    ['outside_range', 1],
    ['powered_off', 1],
  ]);
  expect(done.changes.map(({ server, ip, change }) => `${server.name} ${ip} ${change}`).toSorted()).toEqual([
    'twin-1 10.1.0.21 settled',
    'twin-2 10.1.0.22 settled',
    'web-2 10.1.0.60 settled',
    'web-3 10.1.0.55 settled',
    'web-3 10.1.0.56 settled',
  ]);
  expect(await lab.records('web-3')).toEqual(['10.1.0.55', '10.1.0.56']);
  // Who lives between the addresses nobody knows: what is given out is as before.
  expect((await lab.network('web')).giving).toEqual([{ start: '10.1.0.10', end: '10.1.0.40' }]);
});

test('a preview answers what happens, and leaves no trace', async () => {
  const before = await digest();
  const preview = await mend({}, '?dryRun=true');
  expect(await digest()).toBe(before);
  const { dryRun, ...done } = await mend();
  expect([preview.dryRun, dryRun]).toEqual([true, false]);
  const { dryRun: _, ...foreseen } = preview;
  expect(foreseen).toEqual(done);
});

test('done twice it finds nothing more to do, and writes nothing', async () => {
  await mend();
  const before = await digest();
  const again = await mend();
  expect(again).toMatchObject({ settled: 0, wires: [], ranges: [], changes: [] });
  expect(again.refused).toHaveLength(2);
  expect(await digest()).toBe(before);
});

test('asked for by many at once it is done once, beside others who change the same networks', async () => {
  const answers = await Promise.all([
    ...Array.from({ length: 4 }, () => mend()),
    lab.controller.call('PATCH', '/api/v1/networks/web', { description: 'meanwhile' }),
    lab.controller.call('PATCH', '/api/v1/networks/upper', { description: 'meanwhile' }),
  ]);
  const mended = answers.filter((one): one is Mending => 'settled' in one);
  expect(mended.map((one) => one.settled).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 4]);
  expect(await lab.network('web')).toMatchObject({ description: 'meanwhile', end: '10.1.0.60' });
});

test('every network that changed has its line in the audit trail', async () => {
  await mend();
  const { body } = await lab.controller.call<List<Event>>('GET', '/api/v1/events?action=mend');
  expect(body.items).toMatchObject([
    {
      actor: 'administrator',
      object: { kind: 'network', name: 'web' },
      before: { start: '10.1.0.10', end: '10.1.0.40', additionalWires: [] },
      after: { start: '10.1.0.10', end: '10.1.0.60', additionalWires: ['twin'] },
    },
  ]);
});

describe('only what was asked for is mended', () => {
  test.each<[string, object, number, number]>([
    ['one reason', { reason: ['outside_range'] }, 0, 1],
    ['the other reason', { reason: ['other_wire'] }, 1, 0],
    ['reasons that others must mend', { reason: ['powered_off', 'no_network'] }, 0, 0],
    ['the NICs of a wire', { wires: ['twin'] }, 1, 0],
    ['several wires', { wires: ['twin', 'web'] }, 1, 1],
    ['the addresses of a network', { networks: ['web'] }, 1, 1],
    ['those of another', { networks: ['upper'] }, 0, 0],
    ['an account', { account: 'lab' }, 1, 1],
  ])('%s', async (_, body, wires, ranges) => {
    const done = await mend(body, '?dryRun=true');
    expect([done.wires.length, done.ranges.length]).toEqual([wires, ranges]);
  });

  test('a NIC', async () => {
    const id = (await lab.nics('web-3'))[0]?.id;
    const done = await mend({ nics: [id] });
    expect(done).toMatchObject({ settled: 1, wires: [], remaining: [] });
    expect(done.ranges[0]?.after.end).toBe('10.1.0.56');
  });

  test('of what there is: names that fit nothing are refused, and nothing is changed', async () => {
    const before = await digest();
    const refuse = (code: string, body: object): Promise<ProblemBody> =>
      lab.refuse(code, 'POST', '/api/v1/nics/mend', body);
    await refuse('not_found', { wires: ['nobody'] });
    await refuse('not_found', { networks: ['web', 'nobody'] });
    await refuse('not_found', { nics: ['00000000-0000-7000-8000-000000000000'] });
    await refuse('not_found', { account: 'nobody' });
    await refuse('invalid_input', { reason: ['nonsense'] });
    await refuse('invalid_input', { reason: [] });
    const refused = await refuse('invalid_input', { suggested: true });
    expect(refused.errors?.[0]).toMatchObject({ field: 'suggested', value: true });
    expect(await digest()).toBe(before);
  });
});

describe('a wire that something speaks against', () => {
  test('is declared where a person names it and says so, and not otherwise', async () => {
    expect((await mend({ wires: ['spare'] })).wires).toEqual([]);
    const done = await mend({ wires: ['spare'], suggested: true });
    expect(done.wires).toMatchObject([{ wire: { name: 'spare' }, origin: 'declared', nics: 1 }]);
    expect(done.refused).toEqual([]);
    expect(await lab.records('spare-1')).toEqual(['10.1.0.31']);
  });

  test('and that a person excluded stays excluded, even so', async () => {
    await lab.controller.call('PUT', '/api/v1/networks/web/excluded-wires', { wires: ['spare'] });
    const done = await mend({ wires: ['spare'], suggested: true });
    expect(done.wires).toEqual([]);
    expect(done.refused[0]?.text).toContain('excluded from "web" by a person');
    const others = (await lab.network('web')).excludedWires;
    expect(others.map((one) => one.wire.name)).toEqual(['spare']);
  });

  test('leaves what was declared before declared', async () => {
    await lab.controller.call('PUT', '/api/v1/networks/web/additional-wires', { wires: ['db'] });
    await mend({ networks: ['web'], suggested: true });
    const { additionalWires } = await lab.network('web');
    expect(additionalWires.map(({ wire, origin }) => `${wire.name} ${origin}`).toSorted()).toEqual([
      'db declared',
      'spare declared',
      'twin detected',
    ]);
  });
});

test('a viewer may not mend, not even look what would be', async () => {
  await lab.sql(
    `INSERT INTO api_tokens (name, role, hash) VALUES ('guest', 'viewer', sha256('wb_guest'::bytea))`,
  );
  const headers = { authorization: 'Bearer wb_guest' };
  const answer = await lab.controller.call('POST', '/api/v1/nics/mend?dryRun=true', {}, headers);
  expect(answer.status).toBe(403);
});
