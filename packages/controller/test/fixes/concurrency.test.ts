import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FixResult, ProblemBody } from '@wirebook/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { startTestController } from '../support/controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { askingOf } from './asking.ts';

/** Several who fix, give, release and sync at once, over two controllers of one database. */

const silent = { tools: 'notInstalled' as const };
const many = Array.from({ length: 24 }, (_, index) => `crowd-${index}`);

let lab: EstateController;
let other: Awaited<ReturnType<typeof startTestController>>;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('one', [['web']], silent),
      machine('two', [['web']], silent),
      machine('alone', [['web'], ['web']], silent),
      machine('waits', [['web']], silent),
      ...many.map((name) => machine(name, [['web']], silent)),
    ]),
  );
  const key = await readFile(join(lab.controller.dataDir, 'secret.key'), 'utf8');
  other = await startTestController({
    databaseUrl: lab.controller.databaseUrl,
    env: { WIREBOOK_SECRET_KEY: key.trim() },
  });
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
});
afterAll(async () => {
  await other.stop();
  await lab[Symbol.asyncDispose]();
});

const { macOf, events } = askingOf(() => lab);
const callerOf = (at: number) => (at % 2 === 0 ? lab.controller : other);
const fixOn = (at: number, server: string, body: Record<string, unknown>) =>
  callerOf(at).call<FixResult & ProblemBody>('POST', `/api/v1/servers/${server}/fix-nics`, body);
async function expectOneHolderEach(): Promise<void> {
  expect(
    await lab.sql(
      `SELECT ip, count(*) FROM claims WHERE ended_at IS NULL AND NOT shared GROUP BY space_id, ip HAVING count(*) > 1`,
    ),
  ).toEqual([]);
}

test('of two who want one address one gets it, and the other is told who has it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const ip = `10.1.0.${10 + round}`;
    const bodies = await Promise.all(
      ['one', 'two'].map(async (server, at) => ({
        server,
        answer: await fixOn(at, server, { nics: [{ mac: await macOf(server), ip }] }),
      })),
    );
    const winner = bodies.find(({ answer }) => answer.status === 200);
    const loser = bodies.find(({ answer }) => answer.status === 422);
    expect(loser?.answer.body.errors).toMatchObject([
      { field: 'nics[0].ip', message: `${winner?.server} has it. See why: wirebook why ${ip}` },
    ]);
    expect(await lab.records(winner?.server ?? '')).toEqual([ip]);
    await fixOn(0, winner?.server ?? '', { nics: [{ mac: await macOf(winner?.server ?? ''), ip: null }] });
  }
});

test('the same request twice at once is done once', async () => {
  const answers = await Promise.all(
    [0, 1, 2, 3].map((at) => fixOn(at, 'alone', { ips: ['10.1.0.20', '10.1.0.21'] })),
  );
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
  expect(answers.map((answer) => answer.body.fixed).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 2]);
  expect(await events('alone')).toHaveLength(1);
});

/** Does the work in a transaction beside the controllers; it ends when somebody waits for what it holds, or doesn't wait at all. */
async function whileHeld<T>(work: () => Promise<unknown>, meanwhile: () => Promise<T>): Promise<T> {
  await lab.sql('BEGIN');
  await work();
  const answer = meanwhile();
  const answered = answer.then(() => true);
  const isWaiting = async (): Promise<boolean> => {
    await lab.sql('SELECT pg_stat_clear_snapshot()');
    const waiting = await lab.sql(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  };
  const pause = (): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), 20));
  while (!(await isWaiting())) if (await Promise.race([answered, pause()])) break;
  await lab.sql('COMMIT');
  return answer;
}

test('an address that is being given to another at this moment is waited for, and then told as theirs', async () => {
  const answer = await whileHeld(
    async () => {
      await lab.sql(`SELECT 1 FROM networks WHERE name = 'web' FOR NO KEY UPDATE`);
      await lab.sql(
        `INSERT INTO claims (space_id, ip, network_id, source, holder, started_at)
         SELECT space_id, '10.1.0.30', id, 'allocated', '{"name":"printer"}', now() FROM networks WHERE name = 'web'`,
      );
    },
    () => fixOn(0, 'waits', { ips: ['10.1.0.30'] }),
  );
  expect(answer.body.errors?.map((error) => error.message)).toEqual([
    'printer has it. See why: wirebook why 10.1.0.30',
  ]);
});

test('a card that is moved to another wire at this moment is looked at afterwards', async () => {
  const answer = await whileHeld(
    async () => {
      await lab.sql(
        `SELECT pg_advisory_xact_lock(x'5350'::integer, hashtext(space_id::text)) FROM networks WHERE name = 'web'`,
      );
      await lab.sql(
        `UPDATE nics SET wire_id = (SELECT id FROM wires WHERE name = 'spare')
         WHERE server_id = (SELECT id FROM servers WHERE name = 'waits')`,
      );
    },
    () => fixOn(0, 'waits', { ips: ['10.1.0.31'] }),
  );
  expect(answer.body.errors?.map((error) => error.message)).toEqual([
    expect.stringContaining('lies on the wire "web"; waits is attached to "spare"'),
  ]);
});

test('beside those who are given addresses, release them, and a sync, no address has two holders and no answer is wrong', async () => {
  const macs = new Map<string, string>();
  for (const server of many) macs.set(server, await macOf(server));
  const statuses = new Map<string, number>();
  const count = (what: string): void => {
    statuses.set(what, (statuses.get(what) ?? 0) + 1);
  };
  const fixers = many.map(async (server, at) => {
    for (let round = 0; round < 4; round += 1) {
      const ip = `10.1.0.${100 + ((at * 7 + round * 3) % 60)}`;
      const answer = await fixOn(at + round, server, { nics: [{ mac: macs.get(server), ip }] });
      count(`fix ${answer.status}`);
      if (answer.status !== 200) expect(answer.body.code).toBe('fixes_refused');
    }
  });
  const takers = Array.from({ length: 8 }, async (_, at) => {
    for (let round = 0; round < 8; round += 1) {
      const ip = `10.1.0.${100 + ((at * 11 + round * 5) % 60)}`;
      const given = await callerOf(at).call('POST', '/api/v1/networks/web/allocate', { ip });
      count(`allocate ${given.status}`);
      if (given.status !== 201) {
        expect(given.body['code']).toBe('address_not_free');
        continue;
      }
      // Meanwhile it may have become a server's: then letting go of it is that server's matter.
      await callerOf(at).call('POST', '/api/v1/networks/web/release', { ips: [ip] });
    }
  });
  await Promise.all([...fixers, ...takers, lab.sync(), lab.sync()]);
  await expectOneHolderEach();
  expect([...statuses.keys()].toSorted()).toEqual(['allocate 201', 'allocate 409', 'fix 200', 'fix 422']);
});
