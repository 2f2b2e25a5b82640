import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { smallEstate, startSimulator, type Simulator } from '../src/index.ts';
import { logIn, textOf, valuesOf, type Session } from './soap.ts';
import { customization, on, option, vmsOf, type Vms } from './vms.ts';

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

const spec = (address: string) => `<spec>${customization(address)}</spec>`;

test('a clone is plugged in elsewhere, customized, and its Tools report what it was given', async () => {
  const { result: vm } = await vms.clone('new-1', { network: 'VM Network' });
  const device = await vms.read(vm, 'config.hardware.device');
  expect(device).toContain('<deviceName>VM Network</deviceName>');
  expect((await vms.run(on(vm, 'CustomizeVM_Task', spec('10.10.10.50')))).state).toBe('success');
  expect((await vms.run(on(vm, 'PowerOnVM_Task'))).state).toBe('success');
  const guest = await vms.until(vm, 'guest', /guestToolsRunning</);
  expect(guest).toContain('<ipAddress>10.10.10.50</ipAddress><prefixLength>23</prefixLength>');
  expect(guest).toContain('TOOLSDEPLOYPKG_SUCCEEDED');
  expect(textOf(guest, 'hostName')).toBe('new-1.lab.example');
  expect(guest).toMatch(
    /<network>0\.0\.0\.0<\/network><prefixLength>0<\/prefixLength><gateway><ipAddress>10\.10\.10\.1</,
  );
});

test('a guest configures itself from guestinfo.metadata, compressed or not', async () => {
  const metadata = JSON.stringify({
    'local-hostname': 'cloud-1.lab.example',
    network: {
      version: 2,
      ethernets: {
        nic0: {
          addresses: ['10.10.10.60/24', '2001:db8::60/64'],
          routes: [{ to: 'default', via: '10.10.10.1' }],
        },
      },
    },
  });
  const forms = {
    base64: Buffer.from(metadata).toString('base64'),
    'gzip+base64': gzipSync(metadata).toString('base64'),
  };
  for (const [encoding, value] of Object.entries(forms)) {
    const config = option('guestinfo.metadata', value) + option('guestinfo.metadata.encoding', encoding);
    const { result: vm } = await vms.clone(`cloud-${encoding.length}`, { network: 'VM Network', config });
    await vms.run(on(vm, 'PowerOnVM_Task'));
    const guest = await vms.until(vm, 'guest', /guestToolsRunning</);
    expect(valuesOf(guest, 'prefixLength').slice(0, 2)).toEqual(['24', '64']);
    expect(textOf(guest, 'hostName')).toBe('cloud-1.lab.example');
  }
});

test('a customization that fails says so and configures nothing', async () => {
  await simulator.setGuestBehaviour({ outcome: 'fails' });
  const { result: vm } = await vms.clone('new-2', { network: 'VM Network' });
  await vms.run(on(vm, 'CustomizeVM_Task', spec('10.10.10.51')));
  await vms.run(on(vm, 'PowerOnVM_Task'));
  const guest = await vms.until(vm, 'guest', /guestToolsRunning</);
  expect(guest).toContain('TOOLSDEPLOYPKG_FAILED');
  expect(guest).not.toContain('10.10.10.51');
});

test('a device change that names an unknown network fails its task and nothing else', async () => {
  const end = await vms.clone('new-3', { network: 'no such network' });
  expect([end.state, end.fault]).toEqual(['error', 'InvalidDeviceBacking']);
  expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
});

test('a clone is powered off and destroyed', async () => {
  const { result: vm } = await vms.clone('new-4', { network: 'VM Network' });
  expect((await session.read('VirtualMachine', ['name'])).size).toBe(6);
  expect((await vms.run(on(vm, 'Destroy_Task'))).state).toBe('success');
  expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
});
