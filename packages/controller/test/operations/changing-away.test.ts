import type { Operation } from '@wirebook/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ChangingLab, running, type ServerWorlds, startChangingLab } from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/** A vCenter that can't be reached, or whose answers are lost, and syncs that come between: a change comes to what it would without. */

let lab: ChangingLab;
let used = 0;
beforeAll(async () => {
  lab = await startChangingLab({
    machines: Array.from({ length: 90 }, (_, index) =>
      running(
        `vm-${index}`,
        [
          ['web', `10.20.2.${index + 1}/22`],
          ['/rack', `10.23.0.${index + 101}/24`],
        ],
        { gateway: '10.20.0.1' },
      ),
    ),
    env: { WIREBOOK_VCENTER_PATIENCE: '2' },
  });
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(async () => {
  await lab.simulator.clearFaults();
  await lab.simulator.resetGuestBehaviours();
  await lab.simulator.resetTaskDurations();
  await lab.agree();
  await lab.expectNoStrayWires();
});

/** A server that nothing has happened to yet. */
const fresh = (): string => {
  used += 1;
  return `vm-${used - 1}`;
};
const ipsOf = (operation: Operation): string[] =>
  operation.result?.servers.flatMap(({ addresses }) => addresses.map(({ ip }) => ip)) ?? [];
const ipOf = async (name: string, position = 0): Promise<string> =>
  (await lab.records(name, position))[0] ?? '';

const kinds = {
  attach: (name: string) => lab.attach(name, { network: 'app-net', restart: true }),
  change: async (name: string) => lab.change(name, await ipOf(name), { network: 'app-net', restart: true }),
  detach: async (name: string) => lab.detach(name, await ipOf(name, 1)),
  delete: (name: string) => lab.remove(name, { powerOff: true }),
} as const;
type Kind = keyof typeof kinds;

/** As before, once a guest that was started again shows what it shows; its own addresses only where they must be the same. */
async function expectAsBefore(
  name: string,
  before: ServerWorlds,
  options = { reports: true },
): Promise<void> {
  await expect.poll(() => lab.worlds(name, options), { timeout: 20_000, message: name }).toEqual(before);
  await lab.sync();
  expect(await lab.worlds(name, options)).toEqual(before);
}
async function expectReleased(operation: Operation): Promise<void> {
  for (const ip of ipsOf(operation)) {
    expect(await lab.holders(ip), ip).toEqual([]);
    expect((await lab.history(ip))[0]).toMatch(/ operation_undone$/);
  }
}

const lost: [Kind, string][] = [
  ['attach', 'ReconfigVM_Task'],
  ['attach', 'ShutdownGuest'],
  ['attach', 'CustomizeVM_Task'],
  ['attach', 'PowerOnVM_Task'],
  ['change', 'ReconfigVM_Task'],
  ['change', 'PowerOnVM_Task'],
  ['detach', 'ReconfigVM_Task'],
  ['delete', 'PowerOffVM_Task'],
  ['delete', 'Destroy_Task'],
];
describe.each([0, 700])('with tasks that take %i ms', (ms) => {
  test.each(lost)(
    '%s ends well when the answer to %s is lost, and nothing is done twice',
    async (kind, method) => {
      const name = fresh();
      const { nics } = await lab.vm(name);
      if (ms > 0 && method !== 'ShutdownGuest') await lab.simulator.setTaskDuration({ method, ms });
      await lab.simulator.injectFault({ method, object: name, loseAnswer: true, maxCount: 1 });
      await lab.simulator.resetStats();
      const operation = await lab.ended(kinds[kind](name));
      expectEnd(operation, 'succeeded');
      expect(operation.warnings).toEqual([]);
      const { calls } = await lab.simulator.stats();
      for (const task of ['ReconfigVM_Task', 'PowerOnVM_Task', 'PowerOffVM_Task', 'Destroy_Task'])
        expect(calls[task] ?? 0, task).toBeLessThanOrEqual(1);
      if (kind === 'delete')
        expect((await lab.simulator.listVms()).some((vm) => vm.name === name)).toBe(false);
      else {
        const after = (await lab.vm(name)).nics;
        expect(after).toHaveLength(nics.length + { attach: 1, change: 0, detach: -1 }[kind]);
      }
      for (const ip of ipsOf(operation)) expect(await lab.holders(ip)).toHaveLength(1);
    },
  );
});

describe('a vCenter that can not be reached', () => {
  const methods: [Kind, string][] = [
    ['attach', 'ReconfigVM_Task'],
    ['change', 'PowerOnVM_Task'],
    ['change', 'CustomizeVM_Task'],
    ['detach', 'ReconfigVM_Task'],
    ['delete', 'PowerOffVM_Task'],
    ['delete', 'Destroy_Task'],
  ];
  test.each(methods)('for a moment holds %s up at %s, and no more', async (kind, method) => {
    const name = fresh();
    await lab.simulator.makeUnreachable({ method, object: name, forMs: 700 });
    const operation = await lab.ended(kinds[kind](name));
    expectEnd(operation, 'succeeded');
    expect(operation.log.map(({ text }) => text).join('\n')).toContain('trying again');
  });

  test.each(methods)('for too long has %s taken back from %s when it answers again', async (kind, method) => {
    const name = fresh();
    const reports = kind !== 'detach';
    const before = await lab.worlds(name, { reports });
    await lab.simulator.makeUnreachable({ method, object: name, forMs: 4_000 });
    const operation = await lab.ended(kinds[kind](name));
    expectEnd(operation, 'undone');
    expect(operation.error?.code).toBe('unreachable');
    await expectReleased(operation);
    await expectAsBefore(name, before, { reports });
  });

  test('for too long after it has destroyed the server: there is no way back, and the addresses go', async () => {
    const name = fresh();
    const ip = await ipOf(name);
    await lab.simulator.injectFault({ method: 'Destroy_Task', object: name, loseAnswer: true, maxCount: 1 });
    lab.onPoint = async ({ step, way, moment }) => {
      if (step !== 'destroy' || way !== 'act' || moment !== 'before') return;
      lab.onPoint = null;
      await lab.simulator.makeUnreachable({ method: 'RetrievePropertiesEx', skipCount: 6, forMs: 5_000 });
    };
    const operation = await lab.ended(kinds.delete(name));
    // It may have come in time to go on, or too late to do but the rest.
    expect(['succeeded', 'failed']).toContain(operation.state);
    if (operation.state === 'failed') {
      expect(operation.error?.code).toBe('unreachable');
      expect(operation.left).toEqual([]);
      expect(operation.steps.find((step) => step.name === 'destroy')).toMatchObject({ state: 'not_undone' });
    }
    expect(await lab.holders(ip)).toEqual([]);
    expect((await lab.simulator.listVms()).some((vm) => vm.name === name)).toBe(false);
  });
});

describe('complete syncs meanwhile', () => {
  test('in the middle of a change, before and after it is recorded, change nothing of what it comes to', async () => {
    for (const kind of ['attach', 'change', 'detach'] as const)
      for (const moment of ['before', 'noted'] as const) {
        const name = fresh();
        let synced = 0;
        lab.onPoint = async ({ step, way, moment: at }) => {
          if (step !== 'record' || way !== 'act' || at !== moment) return;
          synced += 1;
          await lab.sync();
          await lab.sync();
        };
        const operation = await lab.ended(kinds[kind](name));
        lab.onPoint = null;
        expectEnd(operation, 'succeeded');
        expect(operation.warnings).toEqual([]);
        expect(synced).toBe(1);
        const { nics } = await lab.vm(name);
        expect(nics).toHaveLength({ attach: 3, change: 2, detach: 1 }[kind]);
        const position = kind === 'attach' ? 2 : 0;
        if (kind !== 'detach') expect(await lab.records(name, position)).toEqual(ipsOf(operation));
        await lab.agree();
      }
  });

  test('between the destruction and the release change nothing of what it comes to', async () => {
    const name = fresh();
    const ip = await ipOf(name);
    lab.onPoint = async ({ step, way, moment }) => {
      if (step !== 'release' || way !== 'act' || moment !== 'before') return;
      lab.onPoint = null;
      await lab.sync();
      await lab.sync();
    };
    const operation = await lab.ended(kinds.delete(name));
    expectEnd(operation, 'succeeded');
    expect(operation.log.at(-1)?.text).toContain(ip);
    expect(await lab.history(ip)).toEqual([`${name} server_deleted`]);
  });

  test('all the time, beside many changes, change nothing of what those come to', async () => {
    const begun: Operation[] = [];
    for (const kind of ['attach', 'change', 'detach', 'delete'] as const)
      for (let count = 0; count < 2; count += 1) begun.push(await kinds[kind](fresh()));
    const open = new Set(begun);
    const syncing = (async () => {
      while (open.size > 0) await lab.sync();
    })();
    for (const operation of begun) expectEnd(await lab.ended(operation), 'succeeded');
    open.clear();
    await syncing;
    for (const operation of begun)
      for (const ip of ipsOf(operation)) expect(await lab.holders(ip)).toHaveLength(1);
  });
});
