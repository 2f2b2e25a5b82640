import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  address,
  makeMachine,
  smallEstate,
  startSimulator,
  stringProperty,
  type Simulator,
} from '../src/index.ts';
import { logIn, post, textOf, valuesOf, type Session } from './soap.ts';

let simulator: Simulator;
let session: Session;

beforeEach(async () => {
  simulator = await startSimulator({
    estate: smallEstate(),
    username: 'reader@vsphere.local',
    password: 'a<b&c"d',
  });
  session = await logIn(simulator);
});
afterEach(async () => {
  await simulator.stop();
});

const currentTime =
  '<CurrentTime xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></CurrentTime>';

function login(username: string, password: string): string {
  return `<Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this><userName>${username}</userName><password>${password}</password></Login>`;
}

function wait(version: string, seconds: number): string {
  return `<WaitForUpdatesEx xmlns="urn:vim25"><_this type="PropertyCollector">propertyCollector</_this><version>${version}</version><options><maxWaitSeconds>${seconds}</maxWaitSeconds></options></WaitForUpdatesEx>`;
}

async function createFilter(type: string, path: string, objectSet: string): Promise<string> {
  const filter = await session.call(
    `<CreateFilter xmlns="urn:vim25"><_this type="PropertyCollector">propertyCollector</_this><spec><propSet><type>${type}</type><pathSet>${path}</pathSet></propSet>${objectSet}</spec><partialUpdates>false</partialUpdates></CreateFilter>`,
  );
  expect(filter.status).toBe(200);
  return textOf((await session.call(wait('', 0))).body, 'version');
}

/** Watches a property of one object; resolves once the present state was read. @returns the version. */
function watch(object: { type: string; value: string }, path: string): Promise<string> {
  return createFilter(
    object.type,
    path,
    `<objectSet><obj type="${object.type}">${object.value}</obj></objectSet>`,
  );
}

/** Watches a property of all VMs through a view. @returns the version. */
async function watchVms(path: string): Promise<string> {
  const view = await session.call(
    `<CreateContainerView xmlns="urn:vim25"><_this type="ViewManager">ViewManager</_this><container type="Folder">${simulator.morefs.rootFolder.value}</container><type>VirtualMachine</type><recursive>true</recursive></CreateContainerView>`,
  );
  return createFilter(
    'VirtualMachine',
    path,
    `<objectSet><obj type="ContainerView">${textOf(view.body, 'returnval')}</obj><skip>true</skip><selectSet xsi:type="TraversalSpec"><name>v</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet>`,
  );
}

describe('logging in', () => {
  test('a wrong password or user name is an InvalidLogin', async () => {
    for (const body of [login('reader@vsphere.local', 'wrong'), login('someone', 'a&lt;b&amp;c"d')]) {
      const reply = await post(simulator, body);
      expect(reply.status).toBe(500);
      expect(reply.body).toContain('InvalidLoginFault');
    }
  });

  test('the session cookie stands in double quotes', () => {
    expect(session.cookie).toMatch(/^vmware_soap_session="[0-9a-f-]+"$/);
  });

  test('the certificate shown is the one announced', async () => {
    const reply = await post(
      { ...simulator, url: simulator.url.replace('127.0.0.1', 'localhost') },
      currentTime,
    );
    expect(reply.status).toBe(500);
    expect(simulator.certificate.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('faults', () => {
  test('a method fails so often as asked and then works', async () => {
    await simulator.injectFault({
      method: 'CurrentTime',
      fault: 'NotAuthenticated',
      skipCount: 1,
      maxCount: 2,
    });
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await session.call(currentTime)).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  test.each([
    'NotAuthenticated',
    'NoPermission',
    'ManagedObjectNotFound',
    'HostCommunication',
    'RuntimeFault',
  ])('the fault %s is sent under its own type and name', async (fault) => {
    await simulator.injectFault({ method: 'CurrentTime', fault });
    const reply = await session.call(currentTime);
    expect(reply.status).toBe(500);
    expect(reply.body).toContain(`<${fault}Fault xmlns="urn:vim25" xsi:type="${fault}"`);
  });

  test('a fault carries the properties given', async () => {
    await simulator.injectFault({
      method: 'RetrievePropertiesEx',
      fault: 'InvalidProperty',
      fields: { name: 'config.segmentId' },
      message: 'no such thing',
    });
    await expect(session.read('VirtualMachine', ['name'])).rejects.toThrow(
      /<faultstring>no such thing<.*<name>config\.segmentId<\/name>/,
    );
  });

  test('only calls that read the named type fail', async () => {
    await simulator.injectFault({
      method: 'RetrievePropertiesEx',
      reading: 'HostSystem',
      fault: 'HostCommunication',
    });
    expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
    await expect(session.read('HostSystem', ['name'])).rejects.toThrow(/HostCommunication/);
  });

  test('only calls on the named object fail', async () => {
    await simulator.injectFault({
      method: 'RetrieveServiceContent',
      object: 'nobody',
      fault: 'RuntimeFault',
    });
    await simulator.injectFault({ object: simulator.morefs.vm('web-1').value, fault: 'NoPermission' });
    const power = (name: string) =>
      session.call(
        `<PowerOffVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">${simulator.morefs.vm(name).value}</_this></PowerOffVM_Task>`,
      );
    expect((await power('web-1')).body).toContain('NoPermissionFault');
    expect((await power('web-2')).status).toBe(200);
  });

  test('a task is accepted and ends with the fault', async () => {
    await simulator.injectFault({
      method: 'PowerOffVM_Task',
      object: 'web-1',
      fault: 'InvalidState',
      inTask: true,
    });
    const reply = await session.call(
      `<PowerOffVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">${simulator.morefs.vm('web-1').value}</_this></PowerOffVM_Task>`,
    );
    expect(reply.status).toBe(200);
    const info = await session.property({ type: 'Task', value: textOf(reply.body, 'returnval') }, 'info');
    expect(textOf(info, 'state')).toBe('error');
    expect(info).toContain('InvalidState');
  });

  test('cleared faults are gone and impossible ones are refused', async () => {
    await simulator.injectFault({ fault: 'RuntimeFault' });
    await simulator.clearFaults();
    expect((await session.call(currentTime)).status).toBe(200);
    await expect(simulator.injectFault({ fault: 'NoSuchFault' })).rejects.toThrow(
      'no vSphere type is named "NoSuchFault"',
    );
    await expect(simulator.injectFault({ fault: 'VirtualMachineConfigInfo' })).rejects.toThrow(
      'is not a fault',
    );
  });
});

describe('changes', () => {
  test('what Tools report is changed at once', async () => {
    await simulator.setGuestNet('web-1', [
      {
        deviceConfigId: 4000,
        connected: true,
        addresses: [address('10.10.20.99/24'), address('2001:db8::99/64')],
      },
    ]);
    const net = await session.property(simulator.morefs.vm('web-1'), 'guest.net');
    expect(valuesOf(net, 'prefixLength')).toEqual(['24', '64']);
    expect(net).not.toContain('10.10.20.11');
  });

  test('a change reaches a reader that waits for updates', async () => {
    const version = await watch(simulator.morefs.vm('web-1'), 'guest.net');
    const update = session.call(wait(version, 20));
    await simulator.setGuestNet('web-1', [
      { deviceConfigId: 4000, connected: true, addresses: [address('10.10.20.77/24')] },
    ]);
    expect((await update).body).toContain('<ipAddress>10.10.20.77</ipAddress>');
  });

  test('a removed and an added VM reach a reader that waits for updates', async () => {
    const vm = simulator.morefs.vm('web-1');
    const version = await watchVms('name');
    const removal = session.call(wait(version, 20));
    await simulator.removeVm('web-1');
    expect((await removal).body).toMatch(
      new RegExp(`<kind>leave</kind><obj type="VirtualMachine">${vm.value}<`),
    );
    const addition = session.call(wait(version, 20));
    const added = await simulator.addVm(
      'Lab',
      makeMachine({ name: 'web-4', number: 78, host: 'esx-01.lab.example' }),
    );
    expect((await addition).body).toMatch(
      new RegExp(`<kind>enter</kind><obj type="VirtualMachine">${added.value}<.*web-4`),
    );
  });

  test('power, Tools, names, MACs and wires change', async () => {
    const { morefs } = simulator;
    const read = (path: string) => session.property(morefs.vm('db-1'), path);
    await simulator.setToolsStatus('db-1', 'notRunning');
    expect(textOf(await read('guest.toolsRunningStatus'), 'val')).toBe('guestToolsNotRunning');
    await simulator.setPowerState('db-1', 'poweredOff');
    expect(textOf(await read('runtime.powerState'), 'val')).toBe('poweredOff');
    const before = await read('config.changeVersion');
    await simulator.setMac('db-1', 4000, '00:50:56:99:99:99');
    await simulator.moveNic('db-1', 4001, { distributed: 'web' });
    const device = await read('config.hardware.device');
    expect(valuesOf(device, 'macAddress')[0]).toBe('00:50:56:99:99:99');
    expect(valuesOf(device, 'portgroupKey')).toHaveLength(2);
    expect(valuesOf(await read('network'), 'ManagedObjectReference')).toEqual([
      morefs.portGroup('web').ref.value,
    ]);
    expect(await read('config.changeVersion')).not.toBe(before);
    await simulator.renamePortGroup('web', 'web/2');
    expect(textOf(await session.property(morefs.portGroup('web').ref, 'name'), 'val')).toBe('web%2f2');
  });

  test('any property is set and unset, and a wrong one is refused with its path', async () => {
    const vm = simulator.morefs.vm('web-1');
    await simulator.setProperty(vm, stringProperty('config.annotation', 'a < b'));
    expect(await session.property(vm, 'config.annotation')).toContain('a &lt; b');
    await simulator.setProperty(vm, { path: 'config.instanceUuid' });
    expect(await session.property(vm, 'config.instanceUuid')).toBe('');
    await expect(simulator.setProperty(vm, stringProperty('config.nothing', 'x'))).rejects.toThrow(
      'config.nothing',
    );
  });

  test('a removed VM is nowhere any more', async () => {
    const vm = simulator.morefs.vm('web-1');
    await simulator.removeVm('web-1');
    expect([...(await session.read('VirtualMachine', ['name'])).keys()]).not.toContain(vm.value);
    for (const [holder, path] of [
      [simulator.morefs.host('esx-01.lab.example'), 'vm'],
      [simulator.morefs.folder('Web'), 'childEntity'],
      [simulator.morefs.portGroup('web').ref, 'vm'],
      [simulator.morefs.distributedSwitch('dvs-lab'), 'summary.vm'],
    ] as const)
      expect(valuesOf(await session.property(holder, path), 'ManagedObjectReference')).not.toContain(
        vm.value,
      );
    await expect(session.property(vm, 'name')).rejects.toThrow(/ManagedObjectNotFound/);
  });

  test('a removed port group leaves the networks of its VMs', async () => {
    const { ref } = simulator.morefs.portGroup('VM Network');
    await simulator.removeObject(ref);
    expect([...(await session.read('Network', ['name'])).keys()]).not.toContain(ref.value);
    expect(await session.property(simulator.morefs.vm('db-1'), 'network')).not.toContain(ref.value);
    expect(await session.property(simulator.morefs.host('esx-01.lab.example'), 'network')).not.toContain(
      ref.value,
    );
  });

  test('a VM vanishes in the middle of a read', async () => {
    const vm = simulator.morefs.vm('web-2');
    await simulator.removeObjectsAtCall({ method: 'RetrievePropertiesEx', skipCount: 1, objects: [vm] });
    expect(await session.property(vm, 'name')).toContain('web-2');
    await expect(session.property(vm, 'name')).rejects.toThrow(/ManagedObjectNotFound/);
  });

  test('a VM that is added is seen by views and by its folder', async () => {
    const ref = await simulator.addVm(
      'Lab',
      makeMachine({
        name: 'web-3',
        number: 77,
        host: 'esx-01.lab.example',
        folder: 'Web',
        nics: [{ network: { distributed: 'web' }, addresses: ['10.10.20.13/24'] }],
      }),
    );
    expect((await session.read('VirtualMachine', ['guest.net'])).get(ref.value)).toContain('10.10.20.13');
    expect(await session.property(simulator.morefs.folder('Web'), 'childEntity')).toContain(ref.value);
    expect(await session.property(simulator.morefs.portGroup('web').ref, 'vm')).toContain(ref.value);
  });
});

describe('sessions', () => {
  test('terminated sessions are told so, as faults and as missing properties', async () => {
    expect(await simulator.terminateSessions()).toBe(1);
    expect((await session.call(currentTime)).body).toContain('NotAuthenticatedFault');
    const reply = await session.call(
      `<RetrievePropertiesEx xmlns="urn:vim25"><_this type="PropertyCollector">propertyCollector</_this><specSet><propSet><type>VirtualMachine</type><pathSet>name</pathSet></propSet><objectSet><obj type="VirtualMachine">${simulator.morefs.vm('web-1').value}</obj></objectSet></specSet><options/></RetrievePropertiesEx>`,
    );
    expect(reply.status).toBe(200);
    expect(reply.body).toMatch(/<missingSet>.*NotAuthenticated/);
    expect(reply.body).not.toContain('web-1');
  });

  test('a reader that waits for updates is told as well', async () => {
    const version = await watch(simulator.morefs.vm('web-1'), 'name');
    const update = session.call(wait(version, 30));
    // The call that watch made is the first; this waits until the second has arrived.
    while (((await simulator.stats()).calls['WaitForUpdatesEx'] ?? 0) < 2);
    await simulator.terminateSessions();
    const reply = await update;
    expect(reply.status).toBe(500);
    expect(reply.body).toContain('NotAuthenticatedFault');
  });
});

test('calls and bytes are counted', async () => {
  await simulator.resetStats();
  await session.call(currentTime);
  await session.call(currentTime);
  const stats = await simulator.stats();
  expect(stats.calls).toEqual({ CurrentTime: 2 });
  expect(stats.responseBytes).toBeGreaterThan(200);
});

test('a stopped simulator has left neither process nor port', async () => {
  await simulator.stop();
  await simulator.stop();
  expect(existsSync(`/proc/${simulator.pid}/exe`)).toBe(false);
  await expect(post(simulator, currentTime)).rejects.toThrow(/ECONNREFUSED/);
});

test('a simulator ends, folders and all, when the process that started it is killed', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'wirebook-orphan-'));
  const script =
    "import { smallEstate, startSimulator } from './packages/simulator/src/index.ts';" +
    'const { pid } = await startSimulator({ estate: smallEstate() });' +
    'process.stdout.write(`${pid}\\n`); setInterval(() => {}, 1000);';
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: join(import.meta.dirname, '..', '..', '..'),
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(String(line));
  expect(existsSync(`/proc/${pid}/exe`)).toBe(true);
  parent.kill('SIGKILL');
  while (existsSync(`/proc/${pid}/exe`)) await setImmediate();
  expect(await readdir(temporary)).toEqual([]);
  await rm(temporary, { recursive: true });
});

test('an aborted start leaves nothing running', async () => {
  const signal = AbortSignal.abort(new Error('not now'));
  await expect(startSimulator({ estate: smallEstate(), signal })).rejects.toThrow('not now');
});
