import type { Operation } from '@wirebook/contract';
import { reference } from '@wirebook/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChangingLab, type Death, running, startChangingLab, stopped } from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/** What stays, and what is left alone, where NICs are changed and that is taken back, or the world has changed meanwhile. */

let lab: ChangingLab;
beforeAll(async () => {
  lab = await startChangingLab({
    machines: [
      running('record-1', [['web', '10.20.2.1/22']]),
      running('record-2', [['web', '10.20.2.2/22']]),
      stopped('record-off', ['web']),
      running('later-1', [['web', '10.20.2.4/22']]),
      running('later-2', [['web', '10.20.2.5/22']]),
      running('later-3', [['web', '10.20.2.6/22']]),
      running('hosts-1', [['web', '10.20.2.7/22']]),
      running('hosts-2', [['web', '10.20.2.8/22']]),
      running('hosts-3', [['web', '10.20.2.9/22']]),
      running('watched', [['web', '10.20.2.10/22']], { gateway: '10.20.0.1' }),
    ],
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

const at = (death: Death, work: (operationId: string) => Promise<unknown>): void => {
  lab.onPoint = async ({ operationId, step, way, moment }) => {
    if (step !== death.step || way !== death.way || moment !== death.moment) return;
    lab.onPoint = null;
    await work(operationId);
  };
};
/** Begins an operation that is taken back from this point on. */
const cancelledAt = (death: Death, begin: () => Promise<Operation>): Promise<Operation> => {
  at(death, (id) => lab.cancel(id));
  return lab.dying(death, begin);
};
/** The wires that a network is taken to have beside its own. */
const otherWires = (network: string) =>
  lab.sql(
    `SELECT w.name, l.origin FROM network_wires l JOIN networks n ON n.id = l.network_id JOIN wires w ON w.id = l.wire_id
     WHERE n.name = $1 AND l.origin <> 'primary'`,
    [network],
  );
const codes = (operation: Operation): string[] => operation.warnings.map(({ code }) => code);
const macOf = async (server: string, position = 0): Promise<string> =>
  (await lab.vm(server)).nics[position]?.mac ?? '';

test('what Tools showed of a NIC is its own still after it was on another wire for a while', async () => {
  const before = await lab.worlds('record-1');
  const begun = await cancelledAt({ step: 'record', way: 'act', moment: 'acted' }, () =>
    lab.change('record-1', '10.20.2.1', { network: 'app-net' }),
  );
  expect((await lab.ended(begun)).state).toBe('cancelled');
  expect(await lab.worlds('record-1')).toEqual(before);
  expect(await lab.history('10.20.2.1')).toEqual(['record-1 lives']);
  await lab.agree();
});

test('and of a guest that says nothing any more too', async () => {
  await lab.simulator.setProperty((await lab.vm('record-2')).ref, {
    path: 'guest.toolsRunningStatus',
    type: 'xsd:string',
    value: 'guestToolsNotRunning',
  });
  await lab.sync();
  const begun = await cancelledAt({ step: 'record', way: 'act', moment: 'acted' }, () =>
    lab.change('record-2', '10.20.2.2', { network: 'app-net' }),
  );
  expect((await lab.ended(begun)).state).toBe('cancelled');
  expect(await lab.holders('10.20.2.2')).toEqual([`tools record-2 ${await macOf('record-2')}`]);
  for (const network of ['web-net', 'app-net']) expect(await otherWires(network)).toEqual([]);
});

test('a NIC of a server that is off leaves nothing of its former network on its new wire', async () => {
  const fixed = await lab.controller.call('POST', '/api/v1/servers/record-off/fix-nics', {
    ips: ['10.20.2.3'],
  });
  expect(fixed.status, JSON.stringify(fixed.body)).toBe(200);
  const operation = await lab.ended(lab.change('record-off', '10.20.2.3', { network: 'app-net' }));
  expectEnd(operation, 'succeeded');
  expect(await lab.history('10.20.2.3')).toEqual(['record-off address_changed']);
  expect(await otherWires('web-net')).toEqual([]);
});

test('the address that a guest may still use is nobody else’s, as it is said, though its NIC is elsewhere', async () => {
  const operation = await lab.ended(lab.change('record-2', '10.20.2.2', { network: 'app-net' }));
  expectEnd(operation, 'succeeded');
  expect(codes(operation)).toEqual(['guest_not_told', 'former_address_kept']);
  await lab.sync();
  expect(await lab.holders('10.20.2.2')).toHaveLength(1);
  const refused = await lab.controller.call('POST', '/api/v1/networks/web-net/allocate', { ip: '10.20.2.2' });
  expect(refused.status).toBe(409);
  // And goes when it is let go of, as that says too.
  const released = await lab.controller.call('POST', '/api/v1/networks/web-net/release', {
    ips: ['10.20.2.2'],
  });
  expect(released.status, JSON.stringify(released.body)).toBe(200);
  expect(await lab.holders('10.20.2.2')).toEqual([]);
});

/** Begins what fails while it is taken back, so that somebody has to ask for that again. */
const stuck = async (begin: () => Promise<Operation>, at: Death, on: string): Promise<Operation> => {
  const { ref } = await lab.vm(on);
  const begun = await cancelledAt(at, async () => {
    await lab.simulator.injectFault({
      method: 'ReconfigVM_Task',
      object: ref.value,
      fault: 'InvalidState',
      skipCount: 1,
    });
    return begin();
  });
  const operation = await lab.ended(begun);
  expectEnd(operation, 'failed');
  await lab.simulator.clearFaults();
  return operation;
};
const acted = (step: string): Death => ({ step, way: 'act', moment: 'acted' });

test('a NIC that was given another wire since is not plugged in where it was long ago', async () => {
  const mac = await macOf('later-1');
  const failed = await stuck(
    () => lab.change('later-1', '10.20.2.4', { network: 'app-net' }),
    acted('record'),
    'later-1',
  );
  expectEnd(await lab.ended(lab.change('later-1', mac, { network: 'db-net' })), 'succeeded');
  await lab.cancel(failed.id);
  await lab.ended(failed);
  expect((await lab.vm('later-1')).nics).toMatchObject([{ mac, networkName: 'db' }]);
});

test('a NIC that was attached is not taken out again once it is somewhere else', async () => {
  const failed = await stuck(() => lab.attach('later-2', { network: 'app-net' }), acted('record'), 'later-2');
  const mac = await macOf('later-2', 1);
  expectEnd(await lab.ended(lab.change('later-2', mac, { network: 'db-net' })), 'succeeded');
  await lab.cancel(failed.id);
  const operation = await lab.ended(failed);
  expect((await lab.vm('later-2')).nics[1]).toMatchObject({ mac, networkName: 'db' });
  expect(codes(operation)).toContain('nic_left');
});

test('nor once it has another address on the same wire', async () => {
  const failed = await stuck(() => lab.attach('later-3', { network: 'app-net' }), acted('record'), 'later-3');
  const mac = await macOf('later-3', 1);
  expectEnd(await lab.ended(lab.change('later-3', mac, { network: 'app2-net' })), 'succeeded');
  await lab.cancel(failed.id);
  await lab.ended(failed);
  expect((await lab.vm('later-3')).nics[1]).toMatchObject({ mac, networkName: 'app' });
});

/** As vMotion does, which the book hasn't seen. */
const moveTo = async (server: string, host: string): Promise<void> => {
  const [row] = await lab.sql<{ moref: string }>('SELECT moref FROM hosts WHERE name = $1', [host]);
  await lab.simulator.setProperty((await lab.vm(server)).ref, {
    path: 'runtime.host',
    type: 'ManagedObjectReference',
    value: reference({ type: 'HostSystem', value: row?.moref ?? '' }),
  });
};

test('on a host that was not reckoned with the port group of a name may be another: nothing is attached to it', async () => {
  await moveTo('hosts-1', 'esx-03');
  const operation = await lab.ended(lab.attach('hosts-1', { network: 'odd-net' }));
  expectEnd(operation, 'undone');
  expect(operation.error?.code).toBe('host_changed');
  expect((await lab.vm('hosts-1')).nics).toHaveLength(1);
  await moveTo('hosts-2', 'esx-03');
  const changed = await lab.ended(lab.change('hosts-2', '10.20.2.8', { network: 'odd-net' }));
  expect(changed.error?.code).toBe('host_changed');
  expect((await lab.vm('hosts-2')).nics).toMatchObject([{ networkName: 'web' }]);
});

test('and where it is the same it is attached there', async () => {
  await moveTo('hosts-3', 'esx-02');
  expectEnd(await lab.ended(lab.attach('hosts-3', { network: 'odd-net' })), 'succeeded');
  expect((await lab.vm('hosts-3')).nics[1]).toMatchObject({ networkName: 'odd' });
});

test('a change that is done in the guest is not taken back because nobody could look', async () => {
  at({ step: 'watch', way: 'act', moment: 'before' }, () =>
    lab.simulator.injectFault({
      method: 'RetrievePropertiesEx',
      reading: 'VirtualMachine',
      fault: 'InvalidState',
    }),
  );
  const begun = await lab.change('watched', '10.20.2.10', { restart: true });
  const operation = await lab.ended(begun);
  await lab.simulator.clearFaults();
  expectEnd(operation, 'succeeded');
  expect(codes(operation)).toEqual(['not_watched', 'former_address_kept']);
});
