import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hostState, smallEstate, startSimulator, type Simulator } from '../src/index.ts';
import { logIn, textOf, valuesOf, type Session } from './soap.ts';
import { cardChange, customization, on, option, standardBacking, vmsOf, type Vms } from './vms.ts';

let simulator: Simulator;
let session: Session;
let vms: Vms;

beforeEach(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
  session = await logIn(simulator);
  vms = vmsOf(simulator, session);
});
afterEach(async () => {
  await simulator.stop();
});

const currentTime =
  '<CurrentTime xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></CurrentTime>';
const named = async (name: string) => (await simulator.listVms()).filter((vm) => vm.name === name);
const cut = /ECONNRESET|socket hang up|ECONNREFUSED|EPIPE|disconnected before/;

/** Waits until a call is answered again; the test's own time-out ends it otherwise. */
async function untilReachable(): Promise<void> {
  for (;;) {
    try {
      await session.call(currentTime);
      return;
    } catch (error) {
      expect(String(error)).toMatch(cut);
    }
  }
}

describe('a clone that fails midway', () => {
  test('leaves a VM of that name with its marker, plugged in where the template is', async () => {
    await simulator.injectFault({
      method: 'CloneVM_Task',
      fault: 'InsufficientResourcesFault',
      inTask: true,
      halfMade: true,
      maxCount: 1,
    });
    const options = {
      network: 'VM Network',
      config: option('wirebook.operation', 'op-1'),
      customization: `<customization>${customization('10.10.10.50')}</customization>`,
    };
    const end = await vms.clone('new-1', options);
    expect([end.state, end.fault, end.result]).toEqual(['error', 'InsufficientResourcesFault', '']);
    const [left] = await named('new-1');
    expect(left).toMatchObject({
      folder: simulator.morefs.folder('Web'),
      powerState: 'poweredOff',
      extraConfig: { 'wirebook.operation': 'op-1' },
      nics: [{ kind: 'distributed', networkName: 'web' }],
    });
    expect((await vms.clone('new-1', options)).fault).toBe('DuplicateName');
    expect((await vms.run(on(left?.ref.value ?? '', 'Destroy_Task'))).fault).toBe('');
    expect((await vms.clone('new-1', options)).fault).toBe('');
  });

  test('is only for clones whose task fails', async () => {
    await expect(
      simulator.injectFault({ method: 'CloneVM_Task', fault: 'InvalidState', halfMade: true }),
    ).rejects.toThrow('halfMade is for the method CloneVM_Task with inTask');
  });
});

test.each([
  'InsufficientHostCpuCapacityFault',
  'InsufficientMemoryResourcesFault',
  'InsufficientResourcesFault',
])('a power-on is refused for lack of room: %s', async (fault) => {
  await simulator.injectFault({
    method: 'PowerOnVM_Task',
    fault,
    inTask: true,
    maxCount: 1,
    fields: { unreserved: 1024, requested: 4096 },
    message: 'The host does not have sufficient resources.',
  });
  const { result: vm } = await vms.clone('new-1');
  const end = await vms.run(on(vm, 'PowerOnVM_Task'));
  expect([end.state, end.fault]).toEqual(['error', fault]);
  expect(end.info).toContain('sufficient resources');
  expect(textOf(await vms.read(vm, 'runtime.powerState'), 'val')).toBe('poweredOff');
  expect((await vms.run(on(vm, 'PowerOnVM_Task'))).state).toBe('success');
});

describe('a lost answer', () => {
  test('of a clone leaves the clone', async () => {
    await simulator.injectFault({ method: 'CloneVM_Task', loseAnswer: true, maxCount: 1 });
    await expect(session.call(vms.cloneBody('new-1'))).rejects.toThrow(cut);
    await expect.poll(() => named('new-1')).toHaveLength(1);
    expect((await vms.clone('new-1')).fault).toBe('DuplicateName');
  });

  test('is that of the calls and objects named, so often as asked', async () => {
    await simulator.injectFault({
      method: 'PowerOffVM_Task',
      object: 'web-1',
      loseAnswer: true,
      skipCount: 1,
      maxCount: 1,
    });
    const off = (name: string) => session.call(on(simulator.morefs.vm(name).value, 'PowerOffVM_Task'));
    const back = () => vms.run(on(simulator.morefs.vm('web-1').value, 'PowerOnVM_Task'));
    const isOff = () => vms.until(simulator.morefs.vm('web-1').value, 'runtime.powerState', /poweredOff/);
    expect((await off('web-1')).status).toBe(200);
    await isOff();
    await back();
    expect((await off('web-2')).status).toBe(200);
    await expect(off('web-1')).rejects.toThrow(cut);
    await isOff();
    await back();
    expect((await off('web-1')).status).toBe(200);
  });

  test('can be that of a read, a wait or a log-in too', async () => {
    await simulator.injectFault({ method: 'RetrievePropertiesEx', loseAnswer: true, maxCount: 1 });
    await expect(session.read('VirtualMachine', ['name'])).rejects.toThrow(cut);
    expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
    await simulator.injectFault({ method: 'Login', loseAnswer: true, maxCount: 1 });
    await expect(logIn(simulator)).rejects.toThrow(cut);
    await logIn(simulator);
  });
});

describe('a vCenter out of reach', () => {
  test('cuts waiting calls and new ones, and comes back', async () => {
    const filter = await session.call(
      `<CreateFilter xmlns="urn:vim25"><_this type="PropertyCollector">propertyCollector</_this><spec><propSet><type>VirtualMachine</type><pathSet>name</pathSet></propSet><objectSet><obj type="VirtualMachine">${simulator.morefs.vm('web-1').value}</obj></objectSet></spec><partialUpdates>false</partialUpdates></CreateFilter>`,
    );
    expect(filter.status).toBe(200);
    const wait = (version: string) =>
      session.call(
        `<WaitForUpdatesEx xmlns="urn:vim25"><_this type="PropertyCollector">propertyCollector</_this><version>${version}</version></WaitForUpdatesEx>`,
      );
    const { body } = await wait('');
    const waiting = wait(textOf(body, 'version')).catch(String);
    while (((await simulator.stats()).calls['WaitForUpdatesEx'] ?? 0) < 2);
    await simulator.makeUnreachable({ forMs: 60_000 });
    expect(await waiting).toMatch(cut);
    await expect(session.call(currentTime)).rejects.toThrow(cut);
    await simulator.clearFaults();
    await untilReachable();
    await simulator.makeUnreachable({ forMs: 300 });
    await untilReachable();
    expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
  });

  test('goes at the call named, which is not carried out', async () => {
    await simulator.makeUnreachable({ method: 'CloneVM_Task', skipCount: 1, forMs: 300 });
    expect((await vms.clone('new-1')).state).toBe('success');
    await expect(session.call(vms.cloneBody('new-2'))).rejects.toThrow(cut);
    await untilReachable();
    expect(await named('new-2')).toEqual([]);
    expect((await vms.clone('new-2')).state).toBe('success');
  });

  test('needs a time', async () => {
    await expect(simulator.makeUnreachable({ forMs: 0 })).rejects.toThrow('forMs');
  });
});

describe('a host that goes', () => {
  test('into maintenance at the call named takes no clone', async () => {
    const host = simulator.morefs.host('esx-01.lab.example');
    await simulator.setPropertiesAtCall({
      method: 'CloneVM_Task',
      skipCount: 1,
      changes: [{ object: host, properties: hostState({ inMaintenanceMode: true }) }],
    });
    const { result: vm } = await vms.clone('new-1');
    const end = await vms.clone('new-2');
    expect([end.state, end.fault]).toEqual(['error', 'InvalidHostState']);
    expect(await named('new-2')).toEqual([]);
    expect((await vms.run(on(vm, 'PowerOnVM_Task'))).fault).toBe('InvalidHostState');
    await simulator.setProperties(host, hostState({ inMaintenanceMode: false }));
    expect((await vms.run(on(vm, 'PowerOnVM_Task'))).fault).toBe('');
  });

  test('out of reach takes none either', async () => {
    const host = simulator.morefs.host('esx-01.lab.example');
    await simulator.setProperties(host, hostState({ connectionState: 'notResponding' }));
    expect((await vms.clone('new-1')).fault).toBe('InvalidHostState');
    expect((await vms.clone('new-1', { host: false })).fault).toBe('InvalidHostState');
  });

  test('must be there', async () => {
    await expect(
      simulator.setPropertiesAtCall({
        method: 'CloneVM_Task',
        changes: [{ object: { type: 'HostSystem', value: 'host-0' }, properties: [] }],
      }),
    ).rejects.toThrow('host-0');
  });
});

describe('a task that takes its time', () => {
  test('shows progress, and others can read the source meanwhile', async () => {
    await simulator.setTaskDuration({ method: 'CloneVM_Task', ms: 1000 });
    const task = await vms.begin(vms.cloneBody('new-1'));
    const seen = new Set<string>();
    let info = '';
    while (!info.includes('<state>success')) {
      info = await session.property(task, 'info');
      if (info.includes('<state>running')) {
        seen.add(textOf(info, 'progress'));
        expect(await vms.read(simulator.morefs.vm('ubuntu-template').value, 'name')).toContain('template');
        expect(info).toContain('<cancelable>true');
      }
    }
    expect(seen.size).toBeGreaterThan(2);
    expect(info).toContain('<descriptionId>VirtualMachine.clone<');
    expect(await named('new-1')).toHaveLength(1);
  });

  test('holds the name it was given', async () => {
    await simulator.setTaskDuration({ method: 'CloneVM_Task', ms: 300 });
    const task = await vms.begin(vms.cloneBody('new-1'));
    const second = await vms.clone('new-1');
    expect(second.fault).toBe('DuplicateName');
    const end = await vms.end(task);
    expect(textOf(second.info, 'object')).toBe(end.result);
  });

  test('is cancelled and leaves nothing behind', async () => {
    await simulator.setTaskDuration({ ms: 60_000 });
    const cancel = (task: string) =>
      session.call(`<CancelTask xmlns="urn:vim25"><_this type="Task">${task}</_this></CancelTask>`);
    const task = await vms.begin(vms.cloneBody('new-1'));
    expect((await cancel(task.value)).status).toBe(200);
    const end = await vms.end(task);
    expect([end.state, end.fault, textOf(end.info, 'cancelled')]).toEqual([
      'error',
      'RequestCanceled',
      'true',
    ]);
    expect(await named('new-1')).toEqual([]);
    expect((await cancel(task.value)).body).toContain('InvalidStateFault');
    await simulator.resetTaskDurations();
    const { result: vm } = await vms.clone('new-1');
    await simulator.setTaskDuration({ ms: 60_000 });
    const powerOn = await vms.begin(on(vm, 'PowerOnVM_Task'));
    await cancel(powerOn.value);
    expect((await vms.end(powerOn)).fault).toBe('RequestCanceled');
    expect(textOf(await vms.read(vm, 'runtime.powerState'), 'val')).toBe('poweredOff');
    const destroy = await vms.begin(on(vm, 'Destroy_Task'));
    expect((await cancel(destroy.value)).body).toContain('NotSupportedFault');
  });

  test('keeps other tasks off its VM', async () => {
    await simulator.setTaskDuration({ method: 'PowerOnVM_Task', ms: 60_000 });
    const { result: vm } = await vms.clone('new-1');
    await vms.begin(on(vm, 'PowerOnVM_Task'));
    const edit = cardChange('edit', { key: 4000, backing: standardBacking('VM Network') });
    await vms.until(vm, 'recentTask', /task-/);
    const end = await vms.run(on(vm, 'ReconfigVM_Task', `<spec>${edit}</spec>`));
    expect(end.fault).toBe('TaskInProgress');
    expect(valuesOf(end.info, 'entityName')).toEqual(['new-1']);
  });
});
