import type { Operation } from '@wirebook/contract';
import type { FaultRule } from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitFor, waitForCall } from '../support/accounts.ts';
import {
  type ChangingLab,
  type Death,
  running,
  type ServerWorlds,
  startChangingLab,
} from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/** Whatever goes wrong in a change is taken back, as if it had never been asked for; and what can't be taken back is said. */

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
const codes = (list: readonly { code: string }[]): string[] => list.map(({ code }) => code);
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

/** Fails a method of one server's. */
const fail = (name: string, method: string, more: Partial<FaultRule> = {}): Promise<void> =>
  lab.simulator.injectFault({ method, object: name, fault: 'GenericVmConfigFault', message: 'No.', ...more });

const failures: [Kind, string, Partial<FaultRule>, string][] = [
  ['attach', 'ReconfigVM_Task', {}, 'configure_failed'],
  ['attach', 'ReconfigVM_Task', { inTask: true }, 'configure_failed'],
  ['attach', 'PowerOnVM_Task', { inTask: true, maxCount: 1 }, 'power_on_failed'],
  ['change', 'ReconfigVM_Task', { maxCount: 1 }, 'configure_failed'],
  ['change', 'ReconfigVM_Task', { inTask: true, maxCount: 1 }, 'configure_failed'],
  ['change', 'PowerOnVM_Task', { maxCount: 1 }, 'power_on_failed'],
  ['detach', 'ReconfigVM_Task', {}, 'configure_failed'],
  ['detach', 'ReconfigVM_Task', { inTask: true }, 'configure_failed'],
  ['delete', 'PowerOffVM_Task', {}, 'power_off_failed'],
  ['delete', 'PowerOffVM_Task', { inTask: true }, 'power_off_failed'],
  ['delete', 'Destroy_Task', {}, 'destroy_failed'],
  ['delete', 'Destroy_Task', { inTask: true }, 'destroy_failed'],
];
test.each(failures)('%s is taken back when %s fails (%o)', async (kind, method, more, code) => {
  const name = fresh();
  const before = await lab.worlds(name);
  await fail(name, method, more);
  const operation = await lab.ended(kinds[kind](name));
  expectEnd(operation, 'undone');
  expect(operation.error?.code).toBe(code);
  expect(operation.error?.text).toContain('No.');
  expect(operation.left).toEqual([]);
  await expectReleased(operation);
  await lab.simulator.clearFaults();
  await expectAsBefore(name, before);
});

test('a lack of room is called that', async () => {
  const name = fresh();
  const before = await lab.worlds(name);
  await fail(name, 'PowerOnVM_Task', { fault: 'InsufficientMemoryResourcesFault', maxCount: 1 });
  const operation = await lab.ended(kinds.attach(name));
  expectEnd(operation, 'undone');
  expect(operation.error?.code).toBe('no_room');
  await expectAsBefore(name, before);
});

test('a task that vCenter has no time for is asked for again', async () => {
  const name = fresh();
  await fail(name, 'ReconfigVM_Task', { fault: 'TaskInProgress', maxCount: 2 });
  const operation = await lab.ended(kinds.detach(name));
  expectEnd(operation, 'succeeded');
  expect(operation.log.map(({ text }) => text)).toContain(
    'vCenter could not be asked (TaskInProgress); trying again.',
  );
});

test('a guest that does not shut down when it is asked to is switched off; where that fails too it goes on running', async () => {
  const [stubborn, stuck] = [fresh(), fresh()];
  const before = await lab.worlds(stuck);
  for (const name of [stubborn, stuck]) await fail(name, 'ShutdownGuest', { fault: 'ToolsUnavailable' });
  await fail(stuck, 'PowerOffVM_Task');
  expectEnd(await lab.ended(kinds.attach(stubborn)), 'succeeded');
  const operation = await lab.ended(kinds.change(stuck));
  expectEnd(operation, 'undone');
  expect(operation.error?.code).toBe('power_off_failed');
  await expectAsBefore(stuck, before);
});

test('a customization that vCenter refuses is no reason to give up: the guest runs again, and a person is told', async () => {
  const name = fresh();
  await fail(name, 'CustomizeVM_Task', { fault: 'UncustomizableGuest', inTask: true });
  const operation = await lab.ended(kinds.attach(name));
  expectEnd(operation, 'succeeded');
  expect(codes(operation.warnings)).toEqual(['guest_not_told']);
  expect(operation.log.map(({ text }) => text).join('\n')).toContain('UncustomizableGuest');
  expect((await lab.vm(name)).powerState).toBe('poweredOn');
});

test.each(['attach', 'change'] as const)(
  '%s is taken back when the guest says that it failed',
  async (kind) => {
    const name = fresh();
    const before = await lab.worlds(name, { reports: false });
    await lab.simulator.setGuestBehaviour({ vm: name, outcome: 'fails', reason: 'No netplan.' });
    const operation = await lab.ended(kinds[kind](name));
    expectEnd(operation, 'undone');
    expect(operation.error?.code).toBe('customization_failed');
    await expectReleased(operation);
    // This guest lost its addresses by itself.
    await expectAsBefore(name, before, { reports: false });
  },
);

test.each(['attach', 'change'] as const)(
  '%s is taken back when its address is lost to somebody',
  async (kind) => {
    const name = fresh();
    const before = await lab.worlds(name);
    lab.onPoint = async ({ operationId, step, way, moment }) => {
      if (step !== 'record' || way !== 'act' || moment !== 'before') return;
      lab.onPoint = null;
      await lab.sql(
        `UPDATE claims SET ended_at = now(), end_reason = 'released' WHERE id IN
         (SELECT claim_id FROM operation_addresses WHERE operation_id = $1)`,
        [operationId],
      );
    };
    const operation = await lab.ended(kinds[kind](name));
    expectEnd(operation, 'undone');
    expect(operation.error?.code).toBe('addresses_lost');
    expect(operation.error?.text).toContain(ipsOf(operation)[0]);
    await expectAsBefore(name, before);
  },
);

test.each(['attach', 'change', 'detach'] as const)(
  '%s ends, and holds nothing, when somebody deletes the server in vCenter meanwhile',
  async (kind) => {
    const name = fresh();
    lab.onPoint = async ({ step, way, moment }) => {
      if (step !== 'record' || way !== 'act' || moment !== 'before') return;
      lab.onPoint = null;
      await lab.simulator.removeVm(name);
    };
    const operation = await lab.ended(kinds[kind](name));
    if (kind === 'detach') expectEnd(operation, 'succeeded');
    else {
      expectEnd(operation, 'undone');
      expect(operation.error?.code).toBe('server_gone');
    }
    await expectReleasedIfTaken(operation);
    await lab.sync();
  },
);
async function expectReleasedIfTaken(operation: Operation): Promise<void> {
  for (const ip of ipsOf(operation)) expect(await lab.holders(ip), ip).toEqual([]);
}

test('a change ends, and takes nothing, when somebody takes out the card meanwhile', async () => {
  const name = fresh();
  const [card] = (await lab.vm(name)).nics;
  lab.onPoint = async ({ step, way, moment }) => {
    if (step !== 'change' || way !== 'act' || moment !== 'before') return;
    lab.onPoint = null;
    const device = { $type: 'VirtualVmxnet3', key: card?.key ?? 0 } as const;
    await lab.reconfigure(name, { deviceChange: [{ operation: 'remove', device }] });
  };
  const operation = await lab.ended(kinds.change(name));
  expectEnd(operation, 'undone');
  expect(operation.error?.code).toBe('nic_gone');
  await expectReleased(operation);
  expect((await lab.vm(name)).nics).toHaveLength(1);
});

describe('what can not be taken back', () => {
  test('of an attachment: the NIC and its address stay, are named, and go when somebody asks again', async () => {
    const name = fresh();
    const before = await lab.worlds(name);
    await fail(name, 'PowerOnVM_Task', { maxCount: 1 });
    await fail(name, 'ReconfigVM_Task', { skipCount: 1 });
    const operation = await lab.ended(kinds.attach(name));
    expectEnd(operation, 'failed');
    expect(operation.error?.code).toBe('power_on_failed');
    expect(codes(operation.left)).toContain('addresses_left');
    const [ip = ''] = ipsOf(operation);
    expect(await lab.holders(ip)).toHaveLength(1);
    expect((await lab.vm(name)).nics).toHaveLength(3);
    // Nobody else gets the server or the address meanwhile; the server itself is free.
    await lab.simulator.clearFaults();
    await lab.cancel(operation.id);
    const again = await lab.ended(operation);
    expectEnd(again, 'undone');
    expect(again.left).toEqual([]);
    await expectReleased(again);
    await expectAsBefore(name, before);
  });

  test('of a change: where the NIC is, and that the guest may know', async () => {
    const name = fresh();
    const before = await lab.worlds(name);
    await fail(name, 'PowerOnVM_Task');
    const operation = await lab.ended(kinds.change(name));
    expectEnd(operation, 'failed');
    expect(codes(operation.left)).toEqual(
      expect.arrayContaining(['addresses_left', 'nic_moved_left', 'powered_off_left']),
    );
    await lab.simulator.clearFaults();
    await lab.cancel(operation.id);
    expectEnd(await lab.ended(operation), 'undone');
    await expectAsBefore(name, before);
  });

  test('of a deletion: that it is powered off', async () => {
    const name = fresh();
    const before = await lab.worlds(name);
    await fail(name, 'Destroy_Task');
    await fail(name, 'PowerOnVM_Task');
    const operation = await lab.ended(kinds.delete(name));
    expectEnd(operation, 'failed');
    expect(operation.error?.code).toBe('destroy_failed');
    expect(codes(operation.left)).toContain('powered_off_left');
    await lab.simulator.clearFaults();
    await lab.cancel(operation.id);
    expectEnd(await lab.ended(operation), 'undone');
    await expectAsBefore(name, before);
  });
});

describe('a cancel', () => {
  const steps: Record<Kind, string[]> = {
    attach: ['attach', 'record', 'restart', 'watch'],
    change: ['change', 'record', 'restart', 'watch'],
    detach: ['detach', 'customize', 'record'],
    delete: ['power_off'],
  };
  const points = Object.entries(steps).flatMap(([kind, names]) =>
    names.flatMap((step) =>
      (['before', 'acted'] as const).map((moment) => [kind as Kind, step, moment] as const),
    ),
  );

  test('that comes in any step takes everything back', async () => {
    const begun = [];
    for (const [kind, step, moment] of points) {
      const name = fresh();
      const reports = kind !== 'detach';
      const before = await lab.worlds(name, { reports });
      const death: Death = { step, moment, way: 'act', cancelled: true };
      begun.push({ name, reports, before, operation: await lab.dying(death, () => kinds[kind](name)) });
    }
    for (const { name, operation } of begun) {
      const ended = await lab.ended(operation);
      expectEnd(ended, 'cancelled');
      expect(ended, name).toMatchObject({ error: null, left: [], cancelRequested: false });
      await expectReleased(ended);
      expect(lab.deaths).toContain(operation.id);
    }
    for (const { name, before, reports } of begun) await expectAsBefore(name, before, { reports });
  });

  test.each([
    ['delete', 'destroy'],
    ['delete', 'release'],
    ['detach', 'release'],
    ['change', 'release'],
  ] as const)('of %s comes too late once %s has begun', async (kind, step) => {
    for (const moment of ['before', 'acted'] as const) {
      const operation = await lab.dying({ step, moment, way: 'act', cancelled: true }, () =>
        kinds[kind](fresh()),
      );
      expectEnd(await lab.ended(operation), 'succeeded');
    }
  });

  const atWork: [Kind, string][] = [
    ['attach', 'ReconfigVM_Task'],
    ['attach', 'CustomizeVM_Task'],
    ['attach', 'PowerOnVM_Task'],
    ['change', 'ReconfigVM_Task'],
    ['change', 'CustomizeVM_Task'],
    ['change', 'PowerOnVM_Task'],
    ['detach', 'ReconfigVM_Task'],
    ['delete', 'PowerOffVM_Task'],
  ];
  test.each(atWork)(
    'of %s that comes while vCenter is at %s waits for that, and takes it back',
    async (kind, method) => {
      const name = fresh();
      const reports = kind !== 'detach';
      const before = await lab.worlds(name, { reports });
      await lab.simulator.setTaskDuration({ method, ms: 800 });
      await lab.simulator.resetStats();
      const operation = await kinds[kind](name);
      await waitForCall(lab.simulator, method);
      await lab.cancel(operation.id);
      expectEnd(await lab.ended(operation), 'cancelled');
      await lab.simulator.resetTaskDurations();
      await expectAsBefore(name, before, { reports });
    },
  );

  test('that comes while the guest shuts down waits for that, and starts it again', async () => {
    const name = fresh();
    const before = await lab.worlds(name);
    await lab.simulator.setGuestBehaviour({ vm: name, outcome: 'reports', delayMs: 1_500 });
    await lab.simulator.resetStats();
    const operation = await kinds.change(name);
    await waitForCall(lab.simulator, 'ShutdownGuest');
    await lab.cancel(operation.id);
    expectEnd(await lab.ended(operation), 'cancelled');
    await expectAsBefore(name, before);
  });

  test('that comes while a guest is watched that says nothing restarts it with what it had', async () => {
    const name = fresh();
    const before = await lab.worlds(name);
    await lab.simulator.setGuestBehaviour({ vm: name, outcome: 'silent' });
    const operation = await kinds.change(name);
    await waitFor(async () =>
      (await lab.show(operation.id)).steps.some((step) => step.name === 'watch' && step.state === 'running')
        ? true
        : undefined,
    );
    await lab.simulator.resetGuestBehaviours();
    await lab.cancel(operation.id);
    expectEnd(await lab.ended(operation), 'cancelled');
    await expectAsBefore(name, before);
  });
});
