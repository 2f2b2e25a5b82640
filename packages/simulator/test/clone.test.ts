import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { smallEstate, startSimulator, type Simulator } from '../src/index.ts';
import { logIn, textOf, valuesOf, type Session } from './soap.ts';

let simulator: Simulator;
let session: Session;

beforeEach(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
  session = await logIn(simulator);
});
afterEach(async () => {
  await simulator.stop();
});

/** Runs a task to its end. @returns its info as XML. */
async function runTask(body: string): Promise<string> {
  const reply = await session.call(body);
  expect(reply.status).toBe(200);
  const task = { type: 'Task', value: textOf(reply.body, 'returnval') };
  for (;;) {
    const info = await session.property(task, 'info');
    if (['success', 'error'].includes(textOf(info, 'state'))) return info;
  }
}

async function cloneTemplate(
  name: string,
  options: { network: string; extraConfig?: string },
): Promise<string> {
  const { morefs } = simulator;
  const nic =
    '<deviceChange><operation>edit</operation><device xsi:type="VirtualVmxnet3"><key>4000</key>' +
    `<backing xsi:type="VirtualEthernetCardNetworkBackingInfo"><deviceName>${options.network}</deviceName></backing>` +
    '<controllerKey>100</controllerKey><unitNumber>7</unitNumber></device></deviceChange>';
  const location = `<location><host type="HostSystem">${morefs.host('esx-01.lab.example').value}</host><pool type="ResourcePool">${morefs.resourcePool('Lab-Cluster').value}</pool>${nic}</location>`;
  const config = options.extraConfig === undefined ? '' : `<config>${options.extraConfig}</config>`;
  return runTask(
    `<CloneVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">${morefs.vm('ubuntu-template').value}</_this><folder type="Folder">${morefs.folder('Web').value}</folder><name>${name}</name><spec>${location}<template>false</template>${config}<powerOn>false</powerOn></spec></CloneVM_Task>`,
  );
}

function on(vm: string, method: string, content = ''): string {
  return `<${method} xmlns="urn:vim25"><_this type="VirtualMachine">${vm}</_this>${content}</${method}>`;
}

function customization(address: string): string {
  return `<spec><identity xsi:type="CustomizationLinuxPrep"><hostName xsi:type="CustomizationFixedName"><name>new-1</name></hostName><domain>lab.example</domain></identity><globalIPSettings><dnsServerList>10.10.20.53</dnsServerList></globalIPSettings><nicSettingMap><adapter><ip xsi:type="CustomizationFixedIp"><ipAddress>${address}</ipAddress></ip><subnetMask>255.255.254.0</subnetMask><gateway>10.10.10.1</gateway></adapter></nicSettingMap></spec>`;
}

/** Reads a property until it looks as wanted; the test's own time-out ends it otherwise. */
async function awaitProperty(vm: string, path: string, wanted: RegExp): Promise<string> {
  for (;;) {
    const xml = await session.property({ type: 'VirtualMachine', value: vm }, path);
    if (wanted.test(xml)) return xml;
  }
}

test('a clone is plugged in elsewhere, customized, and its Tools report what it was given', async () => {
  const vm = textOf(await cloneTemplate('new-1', { network: 'VM Network' }), 'result');
  const device = await session.property({ type: 'VirtualMachine', value: vm }, 'config.hardware.device');
  expect(device).toContain('<deviceName>VM Network</deviceName>');
  expect(textOf(await runTask(on(vm, 'CustomizeVM_Task', customization('10.10.10.50'))), 'state')).toBe(
    'success',
  );
  expect(textOf(await runTask(on(vm, 'PowerOnVM_Task')), 'state')).toBe('success');
  const guest = await awaitProperty(vm, 'guest', /guestToolsRunning</);
  expect(guest).toContain('<ipAddress>10.10.10.50</ipAddress><prefixLength>23</prefixLength>');
  expect(guest).toContain('TOOLSDEPLOYPKG_SUCCEEDED');
  expect(textOf(guest, 'hostName')).toBe('new-1.lab.example');
  expect(guest).toMatch(
    /<network>0\.0\.0\.0<\/network><prefixLength>0<\/prefixLength><gateway><ipAddress>10\.10\.10\.1</,
  );
});

test('a guest configures itself from guestinfo.metadata, compressed or not', async () => {
  const option = (key: string, value: string) =>
    `<extraConfig xsi:type="OptionValue"><key>${key}</key><value xsi:type="xsd:string">${value}</value></extraConfig>`;
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
    const extraConfig = option('guestinfo.metadata', value) + option('guestinfo.metadata.encoding', encoding);
    const name = `cloud-${encoding.length}`;
    const vm = textOf(await cloneTemplate(name, { network: 'VM Network', extraConfig }), 'result');
    await runTask(on(vm, 'PowerOnVM_Task'));
    const guest = await awaitProperty(vm, 'guest', /guestToolsRunning</);
    expect(valuesOf(guest, 'prefixLength').slice(0, 2)).toEqual(['24', '64']);
    expect(textOf(guest, 'hostName')).toBe('cloud-1.lab.example');
  }
});

test('a customization that fails says so and configures nothing', async () => {
  await simulator.setGuestBehaviour({ outcome: 'fails' });
  const vm = textOf(await cloneTemplate('new-2', { network: 'VM Network' }), 'result');
  await runTask(on(vm, 'CustomizeVM_Task', customization('10.10.10.51')));
  await runTask(on(vm, 'PowerOnVM_Task'));
  const guest = await awaitProperty(vm, 'guest', /guestToolsRunning</);
  expect(guest).toContain('TOOLSDEPLOYPKG_FAILED');
  expect(guest).not.toContain('10.10.10.51');
});

test('a device change that names an unknown network fails its task and nothing else', async () => {
  const info = await cloneTemplate('new-3', { network: 'no such network' });
  expect(textOf(info, 'state')).toBe('error');
  expect(info).toContain('InvalidDeviceBacking');
  expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
});

test('a clone is powered off and destroyed', async () => {
  const vm = textOf(await cloneTemplate('new-4', { network: 'VM Network' }), 'result');
  expect((await session.read('VirtualMachine', ['name'])).size).toBe(6);
  expect(textOf(await runTask(on(vm, 'Destroy_Task')), 'state')).toBe('success');
  expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
});
