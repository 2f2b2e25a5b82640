import type { Operation } from '@wirebook/contract';
import type { FaultRule } from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { EnginePoint } from '../../src/operations/engine.ts';
import { Died } from '../../src/operations/logbook.ts';
import { waitFor, waitForCall } from '../support/accounts.ts';
import { type CreatingLab, expectEnd, startCreatingLab } from './creating-lab.ts';
import { ipsOf } from './creating-undone.ts';

/**
 * However the process dies while it makes servers, or somebody asks it to stop, it ends as it would have without: one virtual machine with its
 * addresses, or nothing. Each test sends many servers on their way at once, each with a death of its own.
 */

let lab: CreatingLab;
beforeAll(async () => {
  lab = await startCreatingLab({ env: { WIREBOOK_OPERATIONS_PER_ACCOUNT: '10' } });
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(async () => {
  await lab.simulator.clearFaults();
  await lab.simulator.resetGuestBehaviours();
  await lab.simulator.resetTaskDurations();
  await lab.agree();
  expect(lab.deathsAhead()).toEqual([]);
});

const forward = ['place', 'clone', 'configure', 'record', 'customize', 'power_on', 'watch', 'clean'] as const;
const back = ['watch', 'power_on', 'customize', 'record', 'configure', 'clone', 'place', 'address'] as const;
const moments = ['before', 'acted', 'noted'] as const;
/** Steps whose work depends on how the guest is told. */
const ways = [
  ['customization', forward.filter((step) => step !== 'clean')],
  ['cloud_init', ['customize', 'watch', 'clean']],
] as const;

async function calls(method: string): Promise<number> {
  return (await lab.simulator.stats()).calls[method] ?? 0;
}

/** Sends one server on its way for each of the points. */
async function createEach(
  points: readonly Pick<EnginePoint, 'step' | 'way' | 'moment'>[],
  input: (position: number) => Parameters<CreatingLab['create']>[0],
): Promise<Operation[]> {
  lab.dieAt(points);
  const begun = await Promise.all(points.map((_, position) => lab.begin(input(position))));
  return Promise.all(begun.map(({ id }) => lab.ended(id)));
}

describe.each(ways)('with %s', (setup, steps) => {
  test.each(moments)('a death %s the work of any step changes nothing of the end', async (moment) => {
    await lab.simulator.resetStats();
    const operations = await createEach(
      steps.map((step) => ({ step, way: 'act', moment })),
      (position) => ({ name: `${setup}-${moment}-${position}`, setup, cpus: 4 }),
    );
    for (const operation of operations) {
      expectEnd(operation, 'succeeded');
      expect(operation.warnings).toEqual([]);
      const made = await lab.made(operation.id);
      expect(made).toMatchObject([{ powerState: 'poweredOn', cpus: 4 }]);
      expect(made[0]?.nics[0]?.addresses).toEqual(ipsOf(operation));
    }
    // Nothing was asked of vCenter twice: what was done was found again.
    expect(await calls('CloneVM_Task')).toBe(steps.length);
    expect(await calls('PowerOnVM_Task')).toBe(steps.length);
  });
});

test.each(moments)('a death %s the undoing of any step changes nothing of the end', async (moment) => {
  await lab.simulator.setGuestBehaviour({ vm: 'undo-*', outcome: 'fails' });
  await lab.simulator.resetStats();
  const operations = await createEach(
    back.map((step) => ({ step, way: 'undo', moment })),
    (position) => ({ name: `undo-${moment}-${position}` }),
  );
  for (const operation of operations) {
    expectEnd(operation, 'undone');
    expect(operation.error?.code).toBe('customization_failed');
    expect(await lab.made(operation.id)).toEqual([]);
  }
  expect(await calls('Destroy_Task')).toBe(back.length);
});

test('dying again and again, at every point of one operation, it ends all the same', async () => {
  const deaths = new Set<string>();
  const visit = (step: string, moment: EnginePoint['moment'], way: EnginePoint['way']): void =>
    lab.whenAt({ step, moment, way }, () => {
      deaths.add(`${way} ${step} ${moment}`);
      throw new Died();
    });
  for (const step of forward) for (const moment of moments) visit(step, moment, 'act');
  const operation = await lab.create({ name: 'mortal-1' });
  expectEnd(operation, 'succeeded');
  expect(deaths.size).toBe(forward.length * moments.length);
  expect(await lab.made(operation.id)).toHaveLength(1);

  await lab.simulator.setGuestBehaviour({ vm: 'mortal-2', outcome: 'fails' });
  deaths.clear();
  for (const step of back) for (const moment of moments) visit(step, moment, 'undo');
  expectEnd(await lab.create({ name: 'mortal-2' }), 'undone');
  expect(deaths.size).toBe(back.length * moments.length);
});

describe('a cancel', () => {
  test.each(moments)(
    'that comes %s any step takes everything back, also where the process dies then',
    async (moment) => {
      // Each of them meets one of these, whichever it comes to first.
      for (const step of forward)
        lab.whenAt({ step, moment }, async ({ operationId }) => {
          await lab.cancel(operationId);
          throw new Died();
        });
      const begun = await Promise.all(
        forward.map((_, position) => lab.begin({ name: `cancel-${moment}-${position}` })),
      );
      for (const { id } of begun) {
        const operation = await lab.ended(id);
        expectEnd(operation, 'cancelled');
        expect(operation).toMatchObject({ error: null, left: [] });
        expect(await lab.made(id)).toEqual([]);
      }
    },
  );

  const holdUps: [string, FaultRule & { method: string }][] = [
    ['the hosts are looked at', { method: 'RetrievePropertiesEx', reading: 'Datastore', delayMs: 20_000 }],
    ['the clone is asked for', { method: 'CloneVM_Task', delayMs: 700 }],
    ['its hardware is asked for', { method: 'ReconfigVM_Task', delayMs: 700 }],
    ['the guest is told', { method: 'CustomizeVM_Task', delayMs: 700 }],
    ['it is powered on', { method: 'PowerOnVM_Task', delayMs: 700 }],
    ['the guest is watched', { method: 'QueryEvents', delayMs: 20_000 }],
  ];
  test.each(holdUps)('that comes while %s', async (what, rule) => {
    const { simulator } = lab;
    const skipCount = rule.reading === undefined ? 0 : 1;
    await simulator.injectFault({ ...rule, maxCount: 1, skipCount });
    await simulator.resetStats();
    const begun = await lab.begin({ name: `while ${what}`, cpus: 4 });
    if (skipCount === 0) await waitForCall(simulator, rule.method);
    await lab.cancel(begun.id);
    expectEnd(await lab.ended(begun.id), 'cancelled');
    expect(await lab.made(begun.id)).toEqual([]);
  });

  test.each(['CloneVM_Task', 'ReconfigVM_Task', 'CustomizeVM_Task', 'PowerOnVM_Task'])(
    'that comes while vCenter is at %s leaves nothing of it',
    async (method) => {
      const { simulator } = lab;
      await simulator.setTaskDuration({ method, ms: 700 });
      await simulator.resetStats();
      const begun = await lab.begin({ name: `at ${method}`, cpus: 4 });
      await waitForCall(simulator, method);
      await lab.cancel(begun.id);
      expectEnd(await lab.ended(begun.id), 'cancelled');
      expect(await lab.made(begun.id)).toEqual([]);
    },
  );

  test('a clone that runs for long is stopped, not waited for', async () => {
    const { simulator } = lab;
    await simulator.setTaskDuration({ method: 'CloneVM_Task', ms: 600_000 });
    await simulator.resetStats();
    const begun = await lab.begin({ name: 'long-1' });
    await waitForCall(simulator, 'CloneVM_Task');
    await lab.cancel(begun.id);
    expectEnd(await lab.ended(begun.id), 'cancelled');
  });

  test('of several servers at once takes back all that are not done', async () => {
    const { simulator } = lab;
    await simulator.setGuestBehaviour({ vm: 'whole-2', outcome: 'silent' });
    const begun = await lab.begin({ name: 'whole', count: 2 });
    await waitFor(async () => ((await lab.show(begun.id)).steps[0]?.state === 'done' ? true : undefined));
    await lab.cancel(begun.id);
    const ended = await lab.ended(begun.id);
    expectEnd(ended, 'failed');
    expect(ended.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'whole-1 done',
      'whole-2 undone',
    ]);
    expect(ended.cancelRequested).toBe(false);
  });

  test('of what waits for its turn is heeded before anything is made', async () => {
    const { simulator } = lab;
    await simulator.setTaskDuration({ method: 'CloneVM_Task', ms: 600_000 });
    const before = await Promise.all(
      Array.from({ length: 10 }, (_, position) => lab.begin({ name: `before-${position}` })),
    );
    const waiting = await lab.begin({ name: 'waiting' });
    await lab.cancel(waiting.id);
    for (const { id } of before) await lab.cancel(id);
    for (const { id } of [...before, waiting]) expectEnd(await lab.ended(id), 'cancelled');
    expect((await lab.show(waiting.id)).steps.map(({ state }) => state)).toEqual([
      'undone',
      ...forward.map(() => 'pending'),
    ]);
  });

  test('of what has ended is refused', async () => {
    const operation = await lab.create({ name: 'over-1', powerOn: false });
    const refused = await lab.controller.call('POST', `/api/v1/operations/${operation.id}/cancel`);
    expect(refused.body['code']).toBe('not_running');
  });
});
