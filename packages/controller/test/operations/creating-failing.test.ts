import { type CustomizationFailure, type FaultRule, hostState } from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitForCall } from '../support/accounts.ts';
import { type CreatingLab, expectEnd, startCreatingLab } from './creating-lab.ts';
import { expectUndone } from './creating-undone.ts';

/** Whatever fails, nothing is left: no virtual machine, no address, no server in the book; and the operation says why. */

let lab: CreatingLab;
beforeAll(async () => {
  lab = await startCreatingLab({ templates: ['doomed'] });
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(async () => {
  await lab.simulator.clearFaults();
  await lab.simulator.resetGuestBehaviours();
  await lab.agree();
});

const moment = (step: string, at: 'before' | 'acted' | 'noted' = 'before') => ({ step, moment: at }) as const;

describe('choosing the host', () => {
  test('a host that goes out of use before it is settled is passed over', async () => {
    const { simulator } = lab;
    let first = '';
    lab.whenAt(moment('place'), async ({ operationId }) => {
      const [row] = await lab.sql<{ host: string }>(
        `SELECT facts -> 'preferred' ->> 'host' AS host FROM operations WHERE id = $1`,
        [operationId],
      );
      first = row?.host ?? '';
      await simulator.setProperties(
        { type: 'HostSystem', value: first },
        hostState({ inMaintenanceMode: true }),
      );
    });
    const operation = await lab.create({ name: 'place-1', powerOn: false });
    await simulator.setProperties(
      { type: 'HostSystem', value: first },
      hostState({ inMaintenanceMode: false }),
    );
    expectEnd(operation, 'succeeded');
    const [vm] = await lab.made(operation.id);
    expect(simulator.morefs.host(vm?.host ?? '').value).not.toBe(first);
  });

  test('no host is left', async () => {
    const { simulator } = lab;
    const edge = simulator.morefs.host('esx-01');
    lab.whenAt(moment('place'), () =>
      simulator.setProperties(edge, hostState({ connectionState: 'disconnected' })),
    );
    const operation = await lab.create({ name: 'place-2', host: 'esx-01', nics: [{ network: 'edge-net' }] });
    await simulator.setProperties(edge, hostState({ connectionState: 'connected' }));
    await expectUndone(lab, operation, 'place', 'no_host_left');
    expect(operation.error?.text).toContain('esx-01');
  });

  test('the folder that was named is gone', async () => {
    lab.whenAt(moment('place'), () => lab.simulator.removeObject(lab.simulator.morefs.folder('Web/Front')));
    const operation = await lab.create({ name: 'place-3', folder: 'Web/Front' });
    await expectUndone(lab, operation, 'place', 'place_gone');
  });
});

describe('cloning', () => {
  const faults: [string, string, Omit<FaultRule, 'method'>][] = [
    ['is refused', 'clone_failed', { fault: 'InvalidState' }],
    ['fails', 'clone_failed', { fault: 'FileFault', fields: { file: '[ssd] a' }, inTask: true }],
    [
      'fails midway and leaves a half-made server',
      'clone_failed',
      { fault: 'FileFault', fields: { file: '[ssd] a' }, inTask: true, halfMade: true },
    ],
    [
      'finds no room on the datastore',
      'no_room',
      { fault: 'NoDiskSpace', fields: { datastore: 'ssd' }, inTask: true, halfMade: true },
    ],
    [
      'is not allowed',
      'privileges_missing',
      { fault: 'NoPermission', fields: { privilegeId: 'VirtualMachine.Provisioning.Clone' } },
    ],
  ];
  test.each(faults)('%s', async (what, code, rule) => {
    await lab.simulator.injectFault({ method: 'CloneVM_Task', ...rule });
    const operation = await lab.create({ name: `clone ${what}` });
    await expectUndone(lab, operation, 'clone', code);
  });

  test('the host goes into maintenance between the choice and the clone', async () => {
    const { simulator } = lab;
    const host = simulator.morefs.host('esx-03');
    await simulator.setPropertiesAtCall({
      method: 'CloneVM_Task',
      changes: [{ object: host, properties: hostState({ inMaintenanceMode: true }) }],
    });
    const operation = await lab.create({ name: 'clone-1', host: 'esx-03' });
    await simulator.setProperties(host, hostState({ inMaintenanceMode: false }));
    await expectUndone(lab, operation, 'clone', 'host_gone');
  });

  test('the template is gone by then', async () => {
    lab.whenAt(moment('clone'), () => lab.simulator.removeVm('doomed'));
    const operation = await lab.create({ name: 'clone-2', from: 'doomed' });
    await expectUndone(lab, operation, 'clone', 'source_gone');
    await lab.sync();
  });

  test('a name that somebody took in vCenter meanwhile is left to them', async () => {
    const other = await lab.create({ name: 'clone-3', powerOn: false, folder: 'Web' });
    expectEnd(other, 'succeeded');
    // The book is made to know nothing of it, as if it came after the last reading.
    await lab.sql(`UPDATE servers SET name = 'hidden' WHERE name = 'clone-3'`);
    const operation = await lab.create({ name: 'clone-3', folder: 'Web' });
    await expectUndone(lab, operation, 'clone', 'name_taken_in_vcenter');
    expect(await lab.made(other.id)).toHaveLength(1);
    await lab.sync();
  });
});

describe('configuring', () => {
  test.each([
    ['is refused', { fault: 'InvalidState' }, 'configure_failed'],
    ['fails', { fault: 'GenericVmConfigFault', fields: { reason: 'no' }, inTask: true }, 'configure_failed'],
    ['finds no room', { fault: 'NoDiskSpace', fields: { datastore: 'ssd' }, inTask: true }, 'no_room'],
  ])('%s', async (what, rule, code) => {
    const name = `configure ${what}`;
    await lab.simulator.injectFault({ method: 'ReconfigVM_Task', object: name, ...rule });
    await expectUndone(lab, await lab.create({ name, cpus: 4 }), 'configure', code);
  });

  test('a NIC that is elsewhere than it was bound to is found out before anything is powered on', async () => {
    const { simulator } = lab;
    await simulator.resetStats();
    await simulator.setTaskDuration({ method: 'ReconfigVM_Task', ms: 300 });
    const begun = await lab.begin({ name: 'configure-1', cpus: 4 });
    await waitForCall(simulator, 'ReconfigVM_Task');
    const { ref, nics } = await lab.vm('configure-1');
    await simulator.setProperty(ref, {
      path: 'config.hardware.device',
      type: 'ArrayOfVirtualDevice',
      value: {
        VirtualDevice: nics.map(({ key, label, mac }) => ({
          $type: 'VirtualVmxnet3',
          key,
          deviceInfo: { $type: 'Description', label, summary: 'bare' },
          backing: { $type: 'VirtualEthernetCardNetworkBackingInfo', deviceName: 'bare' },
          addressType: 'assigned',
          macAddress: mac,
        })),
      },
    });
    const operation = await lab.ended(begun.id);
    await simulator.resetTaskDurations();
    await expectUndone(lab, operation, 'configure', 'wrong_backing');
    expect(operation.error?.text).toMatch(/Network adapter 1.* web.* bare/);
  });

  test('the server is gone by then', async () => {
    lab.whenAt(moment('configure'), async () =>
      lab.simulator.removeObject((await lab.vm('configure-2')).ref),
    );
    await expectUndone(lab, await lab.create({ name: 'configure-2' }), 'configure', 'server_gone');
  });
});

describe('recording', () => {
  test('an address that was given to somebody else meanwhile is not taken from them', async () => {
    const { call } = lab.controller;
    let ip = '';
    lab.whenAt(moment('record'), async ({ operationId }) => {
      const [row] = await lab.sql<{ ip: string }>(
        'SELECT host(ip) AS ip FROM operation_addresses WHERE operation_id = $1',
        [operationId],
      );
      ip = row?.ip ?? '';
      const released = await call('POST', '/api/v1/networks/web-net/release', { ips: [ip] });
      expect(released.status, JSON.stringify(released.body)).toBe(200);
    });
    const operation = await lab.create({ name: 'record-1' });
    await expectUndone(lab, operation, 'record', 'addresses_lost');
    expect(operation.error?.text).toContain(ip);
  });

  test('the server is gone by then', async () => {
    lab.whenAt(moment('record'), async () => lab.simulator.removeObject((await lab.vm('record-2')).ref));
    await expectUndone(lab, await lab.create({ name: 'record-2' }), 'record', 'server_gone');
  });
});

describe('telling the guest', () => {
  test.each([
    ['is refused', { fault: 'CustomizationFault' }],
    ['fails', { fault: 'UncustomizableGuest', fields: { uncustomizableGuestOS: 'other' }, inTask: true }],
  ])('customization %s', async (what, rule) => {
    const name = `customize ${what}`;
    await lab.simulator.injectFault({ method: 'CustomizeVM_Task', object: name, ...rule });
    await expectUndone(lab, await lab.create({ name }), 'customize', 'customization_refused');
  });

  test('guestinfo can not be written', async () => {
    await lab.simulator.injectFault({
      method: 'ReconfigVM_Task',
      object: 'customize-1',
      fault: 'InvalidState',
    });
    await expectUndone(
      lab,
      await lab.create({ name: 'customize-1', setup: 'cloud_init' }),
      'customize',
      'configure_failed',
    );
  });

  test('the server is gone by then', async () => {
    lab.whenAt(moment('customize'), async () =>
      lab.simulator.removeObject((await lab.vm('customize-2')).ref),
    );
    await expectUndone(lab, await lab.create({ name: 'customize-2' }), 'customize', 'server_gone');
  });
});

describe('powering on', () => {
  test.each([
    ['InsufficientMemoryResourcesFault', 'no_room', { unreserved: 1024, requested: 4096 }],
    ['InsufficientFailoverResourcesFault', 'no_room', {}],
    ['InsufficientHostCpuCapacityFault', 'no_room', { unreserved: 1, requested: 2 }],
    ['InvalidHostState', 'host_gone', {}],
    ['FileFault', 'power_on_failed', { file: '[ssd] a' }],
  ])('%s is told as %s', async (fault, code, fields) => {
    const name = `power ${fault}`;
    const message = 'Some words of vCenter about it.';
    await lab.simulator.injectFault({
      method: 'PowerOnVM_Task',
      object: name,
      fault,
      fields,
      message,
      inTask: true,
    });
    const operation = await lab.create({ name });
    await expectUndone(lab, operation, 'power_on', code);
    expect(operation.error?.text).toContain(message);
  });

  test('the server is gone by then', async () => {
    lab.whenAt(moment('power_on'), async () => lab.simulator.removeObject((await lab.vm('power-1')).ref));
    await expectUndone(lab, await lab.create({ name: 'power-1' }), 'power_on', 'server_gone');
  });
});

describe('waiting for the guest', () => {
  const failures: CustomizationFailure[] = [
    'CustomizationFailed',
    'CustomizationLinuxIdentityFailed',
    'CustomizationNetworkSetupFailed',
    'CustomizationSysprepFailed',
    'CustomizationUnknownFailure',
  ];
  test.each(failures)('%s ends it with what to do', async (event) => {
    const windows = event === 'CustomizationSysprepFailed';
    const name = `watch ${event}`;
    await lab.simulator.setGuestBehaviour({ vm: name, outcome: 'fails', event, reason: 'Some words of it.' });
    const operation = await lab.create(
      windows ? { name, from: 'windows', password: 'Some-Horse-1' } : { name },
    );
    await expectUndone(lab, operation, 'watch', 'customization_failed');
    expect(operation.error?.text).toContain(event);
    expect(operation.error?.text).toContain('Some words of it.');
  });

  test('a failure is known by the state alone where events may not be read', async () => {
    await lab.simulator.injectFault({
      method: 'QueryEvents',
      fault: 'NoPermission',
      fields: { privilegeId: 'System.Read' },
    });
    await lab.simulator.setGuestBehaviour({ vm: 'watch-0', outcome: 'fails' });
    await expectUndone(lab, await lab.create({ name: 'watch-0' }), 'watch', 'customization_failed');
  });

  test('the server vanishes while it is watched', async () => {
    const { simulator } = lab;
    await simulator.setGuestBehaviour({ vm: 'watch-1', outcome: 'silent' });
    await simulator.resetStats();
    const begun = await lab.begin({ name: 'watch-1' });
    await waitForCall(simulator, 'QueryEvents');
    await simulator.removeObject((await lab.vm('watch-1')).ref);
    await expectUndone(lab, await lab.ended(begun.id), 'watch', 'server_gone');
  });

  test('of a guest that has come up nothing is taken back, where what it was told can not be removed', async () => {
    await lab.simulator.injectFault({
      method: 'ReconfigVM_Task',
      object: 'clean-1',
      fault: 'InvalidState',
      skipCount: 1,
    });
    const operation = await lab.create({ name: 'clean-1', setup: 'cloud_init', password: 'Some-Horse-2' });
    expectEnd(operation, 'succeeded');
    expect(operation.warnings.map(({ code }) => code)).toEqual(['userdata_stays']);
  });
});
