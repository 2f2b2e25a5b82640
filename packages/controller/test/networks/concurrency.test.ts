import type { NetworkEffect, SyncRun } from '@wirebook/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, labGroups, machine } from '../support/lab-estate.ts';

/** Many at once on one book. Whatever the order, the book is in order afterwards. */

const PER_WIRE = 12;
let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate(
      labGroups.flatMap((group, wire) =>
        Array.from({ length: PER_WIRE }, (_, index) =>
          machine(`${group}-${index}`, [
            [group, `10.1.${wire}.${10 + index}/16`, `2001:db8:1:${wire}::${10 + index}/64`],
          ]),
        ),
      ),
    ),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

beforeEach(async () => {
  await lab.sql('UPDATE claims SET ended_at = now(), end_reason = $1 WHERE ended_at IS NULL', ['cleared']);
  await lab.sql('DELETE FROM networks');
});

/** What must hold of every book, whoever wrote it. */
async function expectOrder(): Promise<void> {
  const broken = {
    overlaps: await lab.sql(`SELECT a.name, b.name FROM networks a JOIN networks b
      ON a.space_id = b.space_id AND a.id < b.id AND a.span && b.span`),
    outsideTheirNetwork:
      await lab.sql(`SELECT c.ip, n.name FROM claims c JOIN networks n ON n.id = c.network_id
      WHERE c.ended_at IS NULL AND (NOT n.span @> c.ip OR n.space_id <> c.space_id)`),
    onAnotherWire: await lab.sql(`SELECT c.ip FROM claims c JOIN nics k ON k.id = c.nic_id
      WHERE c.ended_at IS NULL AND c.source = 'tools' AND NOT EXISTS (SELECT FROM network_wires w
        WHERE w.network_id = c.network_id AND w.wire_id = k.wire_id AND w.origin IN ('primary', 'declared', 'detected'))`),
    heldTwice: await lab.sql(`SELECT space_id, ip FROM claims WHERE ended_at IS NULL AND NOT shared
      GROUP BY space_id, ip HAVING count(*) > 1`),
    withoutRecordThoughReported:
      await lab.sql(`SELECT o.ip, w.name FROM sightings o JOIN nics k ON k.id = o.nic_id
      JOIN wires w ON w.id = k.wire_id JOIN networks n ON n.space_id = w.space_id AND n.span @> o.ip
      JOIN network_wires nw ON nw.network_id = n.id AND nw.wire_id = w.id
      WHERE o.ended_at IS NULL AND o.candidate
        AND NOT EXISTS (SELECT FROM claims c WHERE c.space_id = o.space_id AND c.ip = o.ip AND c.ended_at IS NULL)`),
    settledAndUnresolved: await lab.sql(`SELECT r.ip FROM nic_reasons r JOIN claims c ON c.nic_id = r.nic_id
      AND c.ended_at IS NULL AND (c.ip = r.ip OR r.ip IS NULL)`),
    tagsThatDisagree: await lab.sql(`SELECT s.name, s.sync_ips, open.ips FROM servers s
      LEFT JOIN LATERAL (SELECT string_agg(host(r.ip), ',' ORDER BY k.position, r.position) AS ips
        FROM nic_reasons r JOIN nics k ON k.id = r.nic_id WHERE k.server_id = s.id) open ON true
      WHERE s.sync_ips IS DISTINCT FROM open.ips`),
    inAnotherSpaceThanTheirWire: await lab.sql(`SELECT o.ip FROM sightings o JOIN nics k ON k.id = o.nic_id
      JOIN wires w ON w.id = k.wire_id WHERE o.ended_at IS NULL AND o.space_id <> w.space_id`),
  };
  for (const [what, rows] of Object.entries(broken)) expect(rows, what).toEqual([]);
  // What the answers count is what the tables hold.
  const { body } = await lab.controller.call<{ items: { name: string; counts: { used: number } }[] }>(
    'GET',
    '/api/v1/networks?limit=500',
  );
  const held = await lab.sql<{ name: string; used: number }>(`SELECT n.name,
    (SELECT count(*)::int FROM claims c WHERE c.network_id = n.id AND c.ended_at IS NULL) AS used FROM networks n`);
  expect(new Map(body.items.map((network) => [network.name, network.counts.used]))).toEqual(
    new Map(held.map((row) => [row.name, row.used])),
  );
}

test.each([
  {
    family: 'IPv4',
    // Sixteen places of four networks each; those of one place overlap one another.
    input: (place: number, nr: number) => ({
      start: `10.7.${place}.${nr * 10}`,
      end: `10.7.${place}.200`,
      prefixLength: 16,
    }),
  },
  {
    family: 'IPv6',
    input: (place: number, nr: number) => ({
      start: `2001:db8:7:${place}::${nr}`,
      end: `2001:db8:7:${place}::ffff`,
      prefixLength: 48,
    }),
  },
])(
  'of 64 overlapping $family networks made at once, one of each place comes to be and the others are told so',
  async ({ input }) => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const place = index % 16;
        const answer = await lab.controller.call<NetworkEffect & { code?: string }>(
          'POST',
          '/api/v1/networks',
          {
            name: `n${index}`,
            wire: labGroups[index % labGroups.length],
            ...input(place, Math.floor(index / 16)),
          },
        );
        return { place, status: answer.status, code: answer.body.code };
      }),
    );
    expect(
      answers
        .filter((answer) => answer.status === 201)
        .map((answer) => answer.place)
        .toSorted((a, b) => a - b),
    ).toEqual(Array.from({ length: 16 }, (_, place) => place));
    expect(
      answers.filter((answer) => answer.status !== 201).map(({ status, code }) => `${status} ${code}`),
    ).toEqual(Array.from({ length: 48 }, () => '409 overlap'));
    expect(await lab.sql('SELECT name FROM networks')).toHaveLength(16);
    await expectOrder();
  },
);

test('networks that do not overlap are all made, however many come at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) =>
      lab.controller.call('POST', '/api/v1/networks', {
        name: `n${index}`,
        wire: 'web',
        cidr: `10.8.${index}.0/24`,
      }),
    ),
  );
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 64 }, () => 201));
});

test('creating, changing, wiring, moving and deleting networks beside running syncs ends in order, and nobody meets a fault', async () => {
  await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'aside' });
  const answers: { what: string; status: number; code: string | undefined }[] = [];
  const ask = async (method: string, path: string, body?: unknown): Promise<void> => {
    const answer = await lab.controller.call<{ code?: string }>(method, `/api/v1${path}`, body);
    answers.push({ what: `${method} ${path}`, status: answer.status, code: answer.body.code });
  };
  const writer = async (wire: number): Promise<void> => {
    const own = labGroups[wire] ?? 'web';
    const other = labGroups[(wire + 1) % labGroups.length];
    for (let round = 0; round < 4; round += 1) {
      const name = `w${wire}`;
      await ask('POST', '/networks', {
        name,
        wire: own,
        start: `10.1.${wire}.1`,
        end: `10.1.${wire}.99`,
        prefixLength: 16,
      });
      await ask('POST', '/networks', {
        name: `${name} six`,
        wire: own,
        cidr: `2001:db8:1:${wire}::/64`,
        companion: name,
      });
      await Promise.all([
        ask('PUT', `/networks/${name}/additional-wires`, { wires: [other] }),
        ask('PATCH', `/networks/${name}`, {
          end: `10.1.${wire}.${120 + round}`,
          description: `round ${round}`,
        }),
        ask('PATCH', `/networks/${name}%20six`, { companion: null }),
        ask('POST', '/networks', { name: `${name} wide`, wire: other, cidr: '10.1.0.0/16' }),
      ]);
      await ask('PUT', `/networks/${name}/additional-wires`, { wires: [] });
      await ask('PATCH', `/wires/${own}`, { space: round % 2 === 0 ? 'aside' : 'default' });
      if (round < 3) {
        await Promise.all([ask('DELETE', `/networks/${name}`), ask('DELETE', `/networks/${name}%20six`)]);
        await ask('DELETE', `/networks/${name}%20wide`);
      }
    }
  };
  const work = { writing: true };
  const syncs: SyncRun['state'][] = [];
  const sync = async (): Promise<void> => {
    let octet = 100;
    while (work.writing) {
      octet += 1;
      // Something new to write each time, on every wire.
      await Promise.all(
        labGroups.map((group, wire) =>
          lab.simulator.setGuestNet(`${group}-0`, [
            {
              deviceConfigId: 4000,
              connected: true,
              addresses: [{ ip: `10.1.${wire}.${octet}`, prefixLength: 16 }],
            },
          ]),
        ),
      );
      const run = await lab.controller.call<SyncRun>(
        'POST',
        `/api/v1/cloud-accounts/${lab.account}/sync`,
        {},
      );
      await lab.controller.waitForRun(run.body.id);
      syncs.push((await lab.controller.call<SyncRun>('GET', `/api/v1/sync-runs/${run.body.id}`)).body.state);
    }
  };
  const syncing = sync();
  await Promise.all(labGroups.map((_, wire) => writer(wire)));
  work.writing = false;
  await syncing;

  expect(answers.filter((answer) => answer.status >= 500)).toEqual([]);
  const allowed = [
    'overlap',
    'in_use',
    'not_found',
    'request_in_progress',
    'ambiguous',
    'other_space',
    'claims_outside_range',
    'companion_unfit',
  ];
  expect(answers.filter((answer) => answer.code !== undefined && !allowed.includes(answer.code))).toEqual([]);
  expect(answers.filter((answer) => answer.status < 300).length).toBeGreaterThan(60);
  expect(new Set(syncs)).toEqual(new Set(['succeeded']));
  await expectOrder();
  const deadlocks = await lab.sql<{ deadlocks: number }>(
    `SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`,
  );
  expect(deadlocks).toEqual([{ deadlocks: 0 }]);
});

test('networks of two spaces that name each other as companion at once are both told that it does not fit', async () => {
  const spaces = await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'across' });
  expect(spaces.status).toBe(201);
  for (const name of labGroups)
    await lab.controller.call('PATCH', `/api/v1/wires/${name}`, { space: 'default' });
  await lab.controller.call('PATCH', '/api/v1/wires/spare', { space: 'across' });
  await lab.createNetwork({ name: 'here', wire: 'web', cidr: '10.6.0.0/24' });
  await lab.createNetwork({ name: 'there', wire: 'spare', cidr: '2001:db8:6::/64' });
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      lab.controller.call<{ code: string }>(
        'PATCH',
        `/api/v1/networks/${index % 2 === 0 ? 'here' : 'there'}`,
        {
          companion: index % 2 === 0 ? 'there' : 'here',
        },
      ),
    ),
  );
  expect(new Set(answers.map((answer) => answer.body.code))).toEqual(new Set(['companion_unfit']));
});
