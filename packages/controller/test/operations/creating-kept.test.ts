import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitForCall } from '../support/accounts.ts';
import { type CreatingLab, expectEnd, startCreatingLab } from './creating-lab.ts';
import { expectUndone, ipsOf } from './creating-undone.ts';

/** What is left of a server that failed, because somebody wants to look at it or because it can't be taken back: it is named, and goes later. */

let lab: CreatingLab;
beforeAll(async () => {
  lab = await startCreatingLab();
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(async () => {
  await lab.simulator.clearFaults();
  await lab.simulator.resetGuestBehaviours();
  await lab.agree();
});

describe('what is kept for a look', () => {
  test('stands with its addresses, is named, and is taken back when that is asked for', async () => {
    const { simulator } = lab;
    await simulator.injectFault({
      method: 'PowerOnVM_Task',
      object: 'kept-1',
      fault: 'FileFault',
      fields: { file: 'a' },
    });
    const kept = await lab.create({ name: 'kept-1', keepOnFailure: true });
    expectEnd(kept, 'failed');
    expect(kept.error?.code).toBe('power_on_failed');
    const [vm] = await lab.made(kept.id);
    const [ip = ''] = ipsOf(kept);
    expect(kept.left.map(({ code }) => code)).toEqual(['addresses_left', 'server_left']);
    expect(kept.left.map(({ text }) => text).join()).toContain(ip);
    expect(kept.left.map(({ text }) => text).join()).toContain(`kept-1 (${vm?.ref.value})`);
    expect(await lab.records('kept-1')).toEqual([ip]);
    await lab.agree();

    await lab.cancel(kept.id);
    const undone = await lab.ended(kept.id);
    await expectUndone(lab, undone, 'power_on', 'power_on_failed');
    const again = await lab.controller.call('POST', `/api/v1/operations/${kept.id}/cancel`);
    expect(again.body['code']).toBe('not_running');
  });

  test('is nothing where nothing was made', async () => {
    await lab.simulator.injectFault({ method: 'CloneVM_Task', fault: 'InvalidState' });
    await expectUndone(
      lab,
      await lab.create({ name: 'kept-2', keepOnFailure: true }),
      'clone',
      'clone_failed',
    );
  });

  test('is also what a clone has left that failed midway', async () => {
    const fault = { fault: 'FileFault', fields: { file: 'a' }, inTask: true, halfMade: true };
    await lab.simulator.injectFault({ method: 'CloneVM_Task', ...fault });
    const kept = await lab.create({ name: 'kept-4', keepOnFailure: true });
    expectEnd(kept, 'failed');
    const [vm] = await lab.made(kept.id);
    expect(kept.left.map(({ text }) => text).join()).toContain(`kept-4 (${vm?.ref.value})`);
    await lab.agree();
    await lab.cancel(kept.id);
    await expectUndone(lab, await lab.ended(kept.id), 'clone', 'clone_failed');
  });

  test('can be cancelled by a person, and then nothing is kept', async () => {
    await lab.simulator.setGuestBehaviour({ vm: 'kept-3', outcome: 'silent' });
    await lab.simulator.resetStats();
    const begun = await lab.begin({ name: 'kept-3', keepOnFailure: true });
    await waitForCall(lab.simulator, 'QueryEvents');
    await lab.cancel(begun.id);
    expectEnd(await lab.ended(begun.id), 'cancelled');
  });
});

describe('what can not be taken back', () => {
  test('stays with its addresses and is named, and is taken back when that is asked for again', async () => {
    const { simulator } = lab;
    await simulator.setGuestBehaviour({ vm: 'stuck-1', outcome: 'fails' });
    await simulator.injectFault({
      method: 'Destroy_Task',
      object: 'stuck-1',
      fault: 'InvalidState',
      maxCount: 2,
    });
    const stuck = await lab.create({ name: 'stuck-1' });
    expectEnd(stuck, 'failed');
    // Why it failed in the first place is what somebody has to mend.
    expect(stuck.error?.code).toBe('customization_failed');
    expect(stuck.left.map(({ code }) => code)).toEqual(['addresses_left', 'server_left']);
    const clone = stuck.steps.find(({ name }) => name === 'clone');
    expect(clone).toMatchObject({ state: 'not_undone', detail: expect.stringContaining('InvalidState') });
    await lab.agree();

    await lab.cancel(stuck.id);
    expectEnd(await lab.ended(stuck.id), 'failed');
    await lab.agree();
    await lab.cancel(stuck.id);
    await expectUndone(lab, await lab.ended(stuck.id), 'watch', 'customization_failed');
  });

  test('of a cancelled one says so', async () => {
    const { simulator } = lab;
    await simulator.setGuestBehaviour({ vm: 'stuck-2', outcome: 'silent' });
    await simulator.injectFault({
      method: 'Destroy_Task',
      object: 'stuck-2',
      fault: 'InvalidState',
      inTask: true,
      maxCount: 1,
    });
    await simulator.resetStats();
    const begun = await lab.begin({ name: 'stuck-2' });
    await waitForCall(simulator, 'QueryEvents');
    await lab.cancel(begun.id);
    const stuck = await lab.ended(begun.id);
    expectEnd(stuck, 'failed');
    expect(stuck.error?.code).toBe('not_undone');
    await lab.cancel(begun.id);
    const undone = await lab.ended(begun.id);
    expectEnd(undone, 'cancelled');
    expect(undone).toMatchObject({ error: null, left: [] });
  });

  test('of one of several leaves the others as they are', async () => {
    const { simulator } = lab;
    await simulator.setGuestBehaviour({ vm: 'part-2', outcome: 'fails' });
    await simulator.injectFault({
      method: 'Destroy_Task',
      object: 'part-2',
      fault: 'InvalidState',
      maxCount: 1,
    });
    const whole = await lab.create({ name: 'part', count: 3 });
    expectEnd(whole, 'failed');
    expect(whole.error?.code).toBe('parts_failed');
    expect(whole.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'part-1 done',
      'part-2 failed',
      'part-3 done',
    ]);
    await lab.agree();
    await lab.cancel(whole.id);
    const after = await lab.ended(whole.id);
    expectEnd(after, 'failed');
    expect(after.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'part-1 done',
      'part-2 undone',
      'part-3 done',
    ]);
  });
});
