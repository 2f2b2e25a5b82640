import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { smallEstate, startSimulator, type CustomizationFailure, type Simulator } from '../src/index.ts';
import { logIn, textOf, valuesOf, type Session } from './soap.ts';
import { cardChange, customization, distributedBacking, on, option, vmsOf, type Vms } from './vms.ts';

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

/** A clone with one NIC on `VM Network`, customized to the address and powered on. */
async function customized(name: string, address: string): Promise<string> {
  const { result: vm } = await vms.clone(name, { network: 'VM Network' });
  await vms.run(on(vm, 'CustomizeVM_Task', `<spec>${customization(address)}</spec>`));
  await vms.run(on(vm, 'PowerOnVM_Task'));
  return vm;
}

/** Types of the events of a VM, the newest first. */
async function eventsOf(vm: string, types: string[] = []): Promise<string[]> {
  const filter = `<filter><entity><entity type="VirtualMachine">${vm}</entity><recursion>self</recursion></entity>${types.map((type) => `<eventTypeId>${type}</eventTypeId>`).join('')}</filter>`;
  const { body } = await session.call(
    `<QueryEvents xmlns="urn:vim25"><_this type="EventManager">EventManager</_this>${filter}</QueryEvents>`,
  );
  return [...body.matchAll(/<returnval [^>]*type="(\w+)"/g)].map((match) => match[1] ?? '');
}

const addresses = async (name: string) =>
  (await simulator.listVms()).find((vm) => vm.name === name)?.nics.map((nic) => nic.addresses);

const customizationEvents = [
  'CustomizationStartedEvent',
  'CustomizationSucceeded',
  'CustomizationFailed',
  'CustomizationLinuxIdentityFailed',
  'CustomizationNetworkSetupFailed',
  'CustomizationSysprepFailed',
  'CustomizationUnknownFailure',
];

describe('customization', () => {
  test('goes from idle over pending and running to succeeded', async () => {
    await simulator.setGuestBehaviour({ outcome: 'reports', delayMs: 2000 });
    const { result: vm } = await vms.clone('new-1', { network: 'VM Network' });
    const status = async () => textOf(await vms.read(vm, 'guest.customizationInfo'), 'customizationStatus');
    expect(await status()).toBe('TOOLSDEPLOYPKG_IDLE');
    await vms.run(on(vm, 'CustomizeVM_Task', `<spec>${customization('10.10.10.50')}</spec>`));
    expect(await status()).toBe('TOOLSDEPLOYPKG_PENDING');
    await vms.run(on(vm, 'PowerOnVM_Task'));
    await vms.until(vm, 'guest.customizationInfo', /TOOLSDEPLOYPKG_RUNNING/);
    expect(await eventsOf(vm, customizationEvents)).toEqual(['CustomizationStartedEvent']);
    const info = await vms.until(vm, 'guest.customizationInfo', /TOOLSDEPLOYPKG_SUCCEEDED/);
    expect(info).toMatch(/<startTime>.*<endTime>/);
    expect(await eventsOf(vm, customizationEvents)).toEqual([
      'CustomizationSucceeded',
      'CustomizationStartedEvent',
    ]);
    expect(await vms.read(vm, 'config.tools.pendingCustomization')).toBe('');
  });

  test.each<CustomizationFailure>([
    'CustomizationFailed',
    'CustomizationLinuxIdentityFailed',
    'CustomizationNetworkSetupFailed',
    'CustomizationSysprepFailed',
    'CustomizationUnknownFailure',
  ])('ends with the event %s when asked to, found for that VM alone and by its base type', async (event) => {
    await simulator.setGuestBehaviour({ vm: 'bad-*', outcome: 'fails', event, delayMs: 0 });
    const good = await customized('good-1', '10.10.10.52');
    const bad = await customized('bad-1', '10.10.10.53');
    await vms.until(bad, 'guest', /guestToolsRunning</);
    await vms.until(good, 'guest', /guestToolsRunning</);
    expect(await eventsOf(bad, customizationEvents)).toEqual([event, 'CustomizationStartedEvent']);
    expect(await eventsOf(bad, ['CustomizationFailed'])).toEqual([event]);
    expect(await eventsOf(good, ['CustomizationFailed'])).toEqual([]);
    expect(await addresses('bad-1')).toEqual([[]]);
    expect(await addresses('good-1')).toEqual([['10.10.10.52']]);
  });

  test('its events reach a collector made before the power-on', async () => {
    const { result: vm } = await vms.clone('new-1', { network: 'VM Network' });
    const made = await session.call(
      `<CreateCollectorForEvents xmlns="urn:vim25"><_this type="EventManager">EventManager</_this><filter><entity><entity type="VirtualMachine">${vm}</entity><recursion>self</recursion></entity><eventTypeId>CustomizationSucceeded</eventTypeId></filter></CreateCollectorForEvents>`,
    );
    const collector = { type: 'EventHistoryCollector', value: textOf(made.body, 'returnval') };
    expect(await session.property(collector, 'latestPage')).not.toContain('CustomizationSucceeded');
    await vms.run(on(vm, 'CustomizeVM_Task', `<spec>${customization('10.10.10.50')}</spec>`));
    await vms.run(on(vm, 'PowerOnVM_Task'));
    await vms.until(vm, 'guest', /guestToolsRunning</);
    expect(await session.property(collector, 'latestPage')).toContain('CustomizationSucceeded');
  });

  test('is refused on a running VM, a second time, and with settings for other than its NICs', async () => {
    const { result: vm } = await vms.clone('new-1', { network: 'VM Network' });
    const customize = async (...list: string[]) =>
      (await vms.run(on(vm, 'CustomizeVM_Task', `<spec>${customization(...list)}</spec>`))).fault;
    expect(await customize('10.10.10.50', '10.10.10.51')).toBe('NicSettingMismatch');
    expect(await customize()).toBe('NicSettingMismatch');
    expect(await customize('10.10.10.50')).toBe('');
    expect(await customize('10.10.10.50')).toBe('CustomizationPending');
    await vms.run(on(vm, 'PowerOnVM_Task'));
    expect(await customize('10.10.10.50')).toBe('InvalidPowerState');
  });
});

describe('outcomes', () => {
  test('a silent guest never starts Tools, and its customization stays pending', async () => {
    await simulator.setGuestBehaviour({ vm: 'silent-1', outcome: 'silent', delayMs: 0 });
    const silent = await customized('silent-1', '10.10.10.50');
    const other = await customized('silent-2', '10.10.10.51');
    await vms.until(other, 'guest', /guestToolsRunning</);
    expect(textOf(await vms.read(silent, 'runtime.powerState'), 'val')).toBe('poweredOn');
    const guest = await vms.read(silent, 'guest');
    expect(guest).toContain('guestToolsNotRunning');
    expect(guest).toContain('TOOLSDEPLOYPKG_PENDING');
  });

  test('another address than asked, or none, is reported by guests that were customized well', async () => {
    await simulator.setGuestBehaviour({ vm: 'a-*', outcome: 'otherAddress', address: '10.99.0.9/16' });
    await simulator.setGuestBehaviour({ vm: 'b-*', outcome: 'dhcpless' });
    for (const [name, reported] of [
      ['a-1', ['10.99.0.9']],
      ['b-1', []],
    ] as const) {
      const vm = await customized(name, '10.10.10.50');
      const guest = await vms.until(vm, 'guest', /guestToolsRunning</);
      expect(guest).toContain('TOOLSDEPLOYPKG_SUCCEEDED');
      expect(await addresses(name)).toEqual([reported]);
    }
  });

  test('the most exact name decides, and a reset forgets all', async () => {
    await simulator.setGuestBehaviour({ outcome: 'silent' });
    await simulator.setGuestBehaviour({ vm: 'w-*', outcome: 'dhcpless' });
    await simulator.setGuestBehaviour({ vm: 'w-1*', outcome: 'otherAddress', address: '10.99.0.1/16' });
    await simulator.setGuestBehaviour({ vm: 'w-11', outcome: 'otherAddress', address: '10.99.0.11/16' });
    for (const name of ['w-11', 'w-12', 'w-2'])
      await vms.until(await customized(name, '10.10.10.50'), 'guest', /guestToolsRunning</);
    expect(await addresses('w-11')).toEqual([['10.99.0.11']]);
    expect(await addresses('w-12')).toEqual([['10.99.0.1']]);
    expect(await addresses('w-2')).toEqual([[]]);
    await simulator.resetGuestBehaviours();
    await vms.until(await customized('x-1', '10.10.10.60'), 'guest', /guestToolsRunning</);
    expect(await addresses('x-1')).toEqual([['10.10.10.60']]);
  });

  test('impossible behaviours are refused', async () => {
    await expect(
      simulator.setGuestBehaviour({ outcome: 'otherAddress', address: '10.0.0.9' }),
    ).rejects.toThrow('prefix length');
  });
});

describe('a guest that boots again', () => {
  test('reports what it was re-customized to, and the same once more after a reboot', async () => {
    const vm = await customized('new-1', '10.10.10.50');
    await vms.until(vm, 'guest.net', /10\.10\.10\.50/);
    await vms.run(on(vm, 'PowerOffVM_Task'));
    await vms.run(on(vm, 'CustomizeVM_Task', `<spec>${customization('10.10.10.77')}</spec>`));
    await vms.run(on(vm, 'PowerOnVM_Task'));
    await vms.until(vm, 'guest.net', /10\.10\.10\.77/);
    await simulator.setGuestBehaviour({ outcome: 'reports', delayMs: 1000 });
    expect((await session.call(on(vm, 'RebootGuest'))).status).toBe(200);
    expect(await vms.read(vm, 'guest.toolsRunningStatus')).toContain('guestToolsNotRunning');
    await vms.until(vm, 'guest.toolsRunningStatus', /guestToolsRunning</);
    expect(await addresses('new-1')).toEqual([['10.10.10.77']]);
  });

  test('reads guestinfo.metadata at every boot', async () => {
    const metadata = (address: string) =>
      option(
        'guestinfo.metadata',
        JSON.stringify({ network: { version: 2, ethernets: { a: { addresses: [address] } } } }),
      );
    const config = metadata('10.10.10.60/24');
    const { result: vm } = await vms.clone('cloud-1', { network: 'VM Network', config });
    await vms.run(on(vm, 'PowerOnVM_Task'));
    await vms.until(vm, 'guest.net', /10\.10\.10\.60/);
    await vms.run(on(vm, 'PowerOffVM_Task'));
    await vms.run(on(vm, 'ReconfigVM_Task', `<spec>${metadata('10.10.10.61/24')}</spec>`));
    await vms.run(on(vm, 'PowerOnVM_Task'));
    await vms.until(vm, 'guest.net', /10\.10\.10\.61/);
  });

  test('configures the card of the MAC that metadata match', async () => {
    const { result: vm } = await vms.clone('cloud-1', { network: 'VM Network' });
    const group = simulator.morefs.portGroup('web');
    const add = cardChange('add', { key: -1, backing: distributedBacking(group) });
    await vms.run(on(vm, 'ReconfigVM_Task', `<spec>${add}</spec>`));
    const macs = valuesOf(await vms.read(vm, 'config.hardware.device'), 'macAddress');
    const ethernets = {
      a: { match: { macaddress: macs[1] }, addresses: ['10.10.20.70/24'] },
      b: { match: { macaddress: macs[0] }, addresses: ['10.10.10.70/24'] },
      c: { match: { macaddress: '00:50:56:00:00:01' }, addresses: ['10.10.10.71/24'] },
    };
    const data = option('guestinfo.metadata', JSON.stringify({ network: { version: 2, ethernets } }));
    await vms.run(on(vm, 'ReconfigVM_Task', `<spec>${data}</spec>`));
    await vms.run(on(vm, 'PowerOnVM_Task'));
    await vms.until(vm, 'guest', /guestToolsRunning</);
    expect(await addresses('cloud-1')).toEqual([['10.10.10.70'], ['10.10.20.70']]);
  });
});

describe('power', () => {
  test('a guest with Tools shuts down after its delay; one without them refuses', async () => {
    const vm = simulator.morefs.vm('web-1').value;
    expect((await session.call(on(vm, 'ShutdownGuest'))).status).toBe(200);
    await vms.until(vm, 'runtime.powerState', /poweredOff/);
    expect(await vms.read(vm, 'guest.toolsRunningStatus')).toContain('guestToolsNotRunning');
    expect((await session.call(on(vm, 'ShutdownGuest'))).body).toContain('InvalidPowerStateFault');
    const old = simulator.morefs.vm('old-1').value;
    expect((await session.call(on(old, 'ShutdownGuest'))).body).toContain('ToolsUnavailableFault');
  });

  test('a VM of the estate keeps what it last reported when powered off, a clone does not', async () => {
    const estate = simulator.morefs.vm('web-1').value;
    const clone = await customized('new-1', '10.10.10.50');
    await vms.until(clone, 'guest.net', /10\.10\.10\.50/);
    for (const vm of [estate, clone]) {
      await vms.run(on(vm, 'PowerOffVM_Task'));
      expect(await vms.read(vm, 'guest.toolsRunningStatus')).toContain('guestToolsNotRunning');
    }
    expect(await vms.read(estate, 'guest.net')).toContain('10.10.20.11');
    expect(await vms.read(clone, 'guest.net')).not.toContain('10.10.10.50');
    await vms.run(on(estate, 'PowerOnVM_Task'));
    await vms.until(estate, 'guest.toolsRunningStatus', /guestToolsRunning</);
    expect(await vms.read(estate, 'guest.net')).toContain('10.10.20.11');
  });

  test('a boot that is cut short by a power-off reports nothing, not even into the next', async () => {
    await simulator.setGuestBehaviour({ vm: 'cut', outcome: 'reports', delayMs: 300 });
    const cut = await customized('cut', '10.10.10.50');
    await vms.run(on(cut, 'PowerOffVM_Task'));
    await simulator.setGuestBehaviour({ vm: 'cut', outcome: 'silent' });
    await vms.run(on(cut, 'PowerOnVM_Task'));
    // When this one has come up, the first boot of the other would have as well.
    await simulator.setGuestBehaviour({ vm: 'other', outcome: 'reports', delayMs: 300 });
    await vms.until(await customized('other', '10.10.10.51'), 'guest', /guestToolsRunning</);
    const guest = await vms.read(cut, 'guest');
    expect(guest).toContain('guestToolsNotRunning');
    expect(guest).toContain('TOOLSDEPLOYPKG_PENDING');
  });
});

describe('a running guest', () => {
  test('shows a new card without address, and a removed one no more', async () => {
    const vm = simulator.morefs.vm('db-1').value;
    const add = cardChange('add', {
      key: -1,
      backing: distributedBacking(simulator.morefs.portGroup('web')),
    });
    expect((await vms.run(on(vm, 'ReconfigVM_Task', `<spec>${add}</spec>`))).fault).toBe('');
    expect(await addresses('db-1')).toEqual([['10.10.20.21'], ['10.10.10.21'], []]);
    expect(valuesOf(await vms.read(vm, 'guest.net'), 'deviceConfigId')).toEqual(['4000', '4001', '4002']);
    const remove = cardChange('remove', { key: 4000 });
    expect((await vms.run(on(vm, 'ReconfigVM_Task', `<spec>${remove}</spec>`))).fault).toBe('');
    expect(valuesOf(await vms.read(vm, 'guest.net'), 'deviceConfigId')).toEqual(['4001', '4002']);
    const stack = await vms.read(vm, 'guest.ipStack');
    expect(stack).not.toContain('10.10.20.0');
    expect(stack).toContain('10.10.10.0');
    expect(valuesOf(stack, 'device')).toEqual(['0']);
  });
});
