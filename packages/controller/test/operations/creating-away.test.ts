import type { Operation } from '@wirebook/contract';
import type { FaultRule } from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitForCall } from '../support/accounts.ts';
import { type CreatingLab, expectEnd, startCreatingLab } from './creating-lab.ts';

/** A vCenter that can't be reached, or whose answers are lost: what it has done all the same is found again, and nothing is done twice. */

const slow = ['CloneVM_Task', 'ReconfigVM_Task', 'CustomizeVM_Task', 'PowerOnVM_Task'] as const;
let lab: CreatingLab;
beforeAll(async () => {
  lab = await startCreatingLab({ env: { WIREBOOK_VCENTER_PATIENCE: '1' } });
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(async () => {
  await lab.simulator.clearFaults();
  await lab.simulator.resetGuestBehaviours();
  await lab.simulator.resetTaskDurations();
  await lab.agree();
});

const forward = ['place', 'clone', 'configure', 'record', 'customize', 'power_on', 'watch', 'clean'] as const;
const back = ['watch', 'power_on', 'customize', 'record', 'configure', 'clone', 'place', 'address'] as const;

async function expectOne(operation: Operation): Promise<void> {
  expectEnd(operation, 'succeeded');
  const made = await lab.made(operation.id);
  expect(made).toMatchObject([{ powerState: 'poweredOn', toolsRun: true }]);
  expect(operation.warnings).toEqual([]);
}

async function calls(method: string): Promise<number> {
  return (await lab.simulator.stats()).calls[method] ?? 0;
}

describe('an answer that is lost', () => {
  test.each(slow)('to %s: what it has begun is found again and gone on with', async (method) => {
    await lab.simulator.resetStats();
    await lab.simulator.injectFault({ method, loseAnswer: true, maxCount: 1 });
    await expectOne(await lab.create({ name: `lost ${method}`, cpus: 4 }));
    expect(await calls('CloneVM_Task')).toBe(1);
    expect(await calls('PowerOnVM_Task')).toBe(1);
  });

  test.each(slow)('to %s that takes its time: it is waited for', async (method) => {
    await lab.simulator.resetStats();
    await lab.simulator.setTaskDuration({ method, ms: 700 });
    await lab.simulator.injectFault({ method, loseAnswer: true, maxCount: 1 });
    await expectOne(await lab.create({ name: `slow ${method}`, cpus: 4 }));
    expect(await calls('CloneVM_Task')).toBe(1);
    expect(await calls('PowerOnVM_Task')).toBe(1);
  });

  test('to a clone that failed midway: what it has left is not taken for whole', async () => {
    const rule = { fault: 'FileFault', fields: { file: 'a' }, inTask: true, halfMade: true };
    await lab.simulator.injectFault({ method: 'CloneVM_Task', ...rule, loseAnswer: true, maxCount: 1 });
    const operation = await lab.create({ name: 'lost half' });
    expectEnd(operation, 'undone');
    expect(operation.error?.code).toBe('clone_failed');
  });

  test('to a clone, beside another one that failed: its own is whole', async () => {
    const { simulator } = lab;
    const rule = { fault: 'FileFault', fields: { file: 'a' }, inTask: true, maxCount: 1 };
    await simulator.injectFault({ method: 'CloneVM_Task', ...rule });
    expectEnd(await lab.create({ name: 'beside-1' }), 'undone');
    await simulator.injectFault({ method: 'CloneVM_Task', loseAnswer: true, maxCount: 1 });
    await expectOne(await lab.create({ name: 'beside-2' }));
  });

  test.each([
    ['ReconfigVM_Task', 0],
    ['ReconfigVM_Task', 1],
    ['ReconfigVM_Task', 2],
    ['CurrentTime', 0],
  ])('to %s, for the time after %i, of a guest that is told by guestinfo', async (method, skipCount) => {
    await lab.simulator.injectFault({ method, loseAnswer: true, maxCount: 1, skipCount });
    const operation = await lab.create({ name: `info ${method} ${skipCount}`, cpus: 4, setup: 'cloud_init' });
    await expectOne(operation);
  });

  test.each(['FindChild', 'QueryEvents', 'CurrentTime', 'CreateContainerView'])(
    'to %s is asked for again',
    async (method) => {
      const skipCount = method === 'CreateContainerView' ? 6 : 0;
      await lab.simulator.injectFault({ method, loseAnswer: true, maxCount: 1, skipCount });
      await expectOne(await lab.create({ name: `asked ${method}` }));
    },
  );

  test('to any read is asked for again', async () => {
    const rule: FaultRule = { method: 'RetrievePropertiesEx', loseAnswer: true, maxCount: 1 };
    // The first six are those of the request itself.
    for (let skipCount = 8; skipCount < 40; skipCount += 4)
      await lab.simulator.injectFault({ ...rule, skipCount });
    await expectOne(await lab.create({ name: 'reads' }));
  });

  test.each(['PowerOffVM_Task', 'Destroy_Task'])(
    'to %s while taking back: nothing is left',
    async (method) => {
      const name = `back ${method}`;
      await lab.simulator.setGuestBehaviour({ vm: name, outcome: 'fails' });
      await lab.simulator.setTaskDuration({ method, ms: 300 });
      await lab.simulator.injectFault({ method, object: name, loseAnswer: true, maxCount: 1 });
      const operation = await lab.create({ name });
      expectEnd(operation, 'undone');
      expect(operation.error?.code).toBe('customization_failed');
    },
  );

  test('to the clone, and the process asked to stop then: the clone is found and taken back', async () => {
    const { simulator } = lab;
    await simulator.resetStats();
    await simulator.setTaskDuration({ method: 'CloneVM_Task', ms: 600 });
    await simulator.injectFault({ method: 'CloneVM_Task', loseAnswer: true, maxCount: 1 });
    const begun = await lab.begin({ name: 'lost and cancelled' });
    await waitForCall(simulator, 'CloneVM_Task');
    await lab.cancel(begun.id);
    expectEnd(await lab.ended(begun.id), 'cancelled');
    expect(await lab.made(begun.id)).toEqual([]);
  });
});

test('a session that expires in every step is opened anew', async () => {
  for (const step of forward)
    lab.whenAt({ step, moment: 'before' }, async () => {
      await lab.simulator.terminateSessions();
    });
  await expectOne(await lab.create({ name: 'expired', setup: 'cloud_init' }));
});

describe('a vCenter out of reach', () => {
  test('for a moment in every step holds nothing up but that step', async () => {
    for (const step of forward)
      lab.whenAt({ step, moment: 'before' }, () => lab.simulator.makeUnreachable({ forMs: 250 }));
    const operation = await lab.create({ name: 'moment-1', cpus: 4, setup: 'cloud_init' });
    await expectOne(operation);
    expect(operation.log.filter(({ text }) => text.includes('could not be asked')).length).toBeGreaterThan(5);
  });

  test('for a moment in every step of taking back is waited for', async () => {
    await lab.simulator.setGuestBehaviour({ vm: 'moment-2', outcome: 'fails' });
    for (const step of back)
      lab.whenAt({ step, moment: 'before', way: 'undo' }, () =>
        lab.simulator.makeUnreachable({ forMs: 250 }),
      );
    const operation = await lab.create({ name: 'moment-2' });
    expectEnd(operation, 'undone');
  });

  test.each(slow)('from %s on, for a moment: it is carried out once', async (method) => {
    await lab.simulator.resetStats();
    await lab.simulator.makeUnreachable({ method, forMs: 250 });
    await expectOne(await lab.create({ name: `cut ${method}`, cpus: 4 }));
  });

  test('while tasks run is waited for', async () => {
    const { simulator } = lab;
    await simulator.setTaskDuration({ method: 'CloneVM_Task', ms: 500 });
    await simulator.resetStats();
    const begun = await lab.begin({ name: 'task-1' });
    await waitForCall(simulator, 'CloneVM_Task');
    await simulator.makeUnreachable({ forMs: 500 });
    await expectOne(await lab.ended(begun.id));
    expect(await calls('CloneVM_Task')).toBe(1);
  });

  /** Each of several servers waits at a step of its own; then something happens. */
  async function gather(name: string, then: () => Promise<void>): Promise<Operation[]> {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let waiting = 0;
    const { promise: gathered, resolve: allAreThere } = Promise.withResolvers<void>();
    for (const step of forward)
      lab.whenAt({ step, moment: 'before' }, () => {
        waiting += 1;
        if (waiting === forward.length) allAreThere();
        return released;
      });
    const begun = await Promise.all(
      forward.map((_, position) => lab.begin({ name: `${name}-${position}`, setup: 'cloud_init' })),
    );
    await gathered;
    await then();
    release();
    return Promise.all(begun.map(({ id }) => lab.ended(id)));
  }

  /** One that runs already stays as it is, with a warning. */
  function isMade({ state, warnings }: Operation): boolean {
    return state === 'succeeded' && warnings.length > 0;
  }

  test('for longer than is waited for, whatever the step: everything is taken back once it is there again', async () => {
    const operations = await gather('long', () => lab.simulator.makeUnreachable({ forMs: 2500 }));
    for (const operation of operations) {
      if (isMade(operation)) continue;
      expectEnd(operation, 'undone');
      expect(operation.error?.code).toBe('unreachable');
      expect(operation.left).toEqual([]);
    }
    expect(operations.filter(isMade)).toHaveLength(2);
  });

  test('for much longer: what is left is named, and is taken back when that is asked for', async () => {
    const operations = await gather('longer', () => lab.simulator.makeUnreachable({ forMs: 600_000 }));
    await lab.simulator.clearFaults();
    await lab.agree();
    for (const operation of operations) {
      // Where nothing was asked of vCenter nothing has to be taken back there.
      if (isMade(operation)) continue;
      const isCloned = operation.log.some(({ text }) => text.startsWith('Cloning'));
      expectEnd(operation, isCloned ? 'failed' : 'undone');
      if (!isCloned) continue;
      expect(operation.left.map(({ code }) => code)).toEqual(['addresses_left', 'server_left']);
      await lab.cancel(operation.id);
      expectEnd(await lab.ended(operation.id), 'undone');
    }
    expect(operations.filter(({ state }) => state === 'failed').length).toBe(4);
  });
});
