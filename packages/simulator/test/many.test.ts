import { request } from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { smallEstate, startSimulator, type Simulator } from '../src/index.ts';
import { logIn, valuesOf, type Session } from './soap.ts';
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

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const made = async () => (await simulator.listVms()).filter((vm) => vm.made);

/** From clone to address, as a client would make a server. */
async function make(name: string, address: string): Promise<string> {
  const { result: vm } = await vms.clone(name, { config: option('wirebook.operation', name) });
  const group = simulator.morefs.portGroup('web');
  const add = cardChange('add', { key: -1, backing: distributedBacking(group) });
  expect((await vms.run(on(vm, 'ReconfigVM_Task', `<spec>${add}</spec>`))).fault).toBe('');
  const spec = `<spec>${customization(address, address.replace('10.10', '10.11'))}</spec>`;
  expect((await vms.run(on(vm, 'CustomizeVM_Task', spec))).fault).toBe('');
  expect((await vms.run(on(vm, 'PowerOnVM_Task'))).fault).toBe('');
  await vms.until(vm, 'guest.net', new RegExp(`>${address}<`));
  return vm;
}

async function unmake(vm: string): Promise<void> {
  await vms.run(on(vm, 'PowerOffVM_Task'));
  expect((await vms.run(on(vm, 'Destroy_Task'))).fault).toBe('');
}

test('a hundred servers are made side by side while others read, and are destroyed again', async () => {
  const before = await simulator.listVms();
  const done = new AbortController();
  const reader = (async () => {
    while (!done.signal.aborted) {
      await session.read('VirtualMachine', ['name', 'network', 'guest.net', 'config.extraConfig']);
      await session.read('HostSystem', ['vm']);
    }
  })();
  const refs = await Promise.all(numbers(100).map((n) => make(`new-${n}`, `10.10.${n}.10`)));
  const servers = await made();
  expect(new Set(refs).size).toBe(100);
  expect(servers.map((vm) => vm.name).toSorted()).toEqual(
    numbers(100)
      .map((n) => `new-${n}`)
      .toSorted(),
  );
  const nics = servers.flatMap((vm) => vm.nics);
  expect(new Set(nics.map((nic) => nic.mac)).size).toBe(200);
  expect(new Set(nics.map((nic) => nic.portKey)).size).toBe(200);
  for (const vm of servers) {
    const octet = vm.name.slice('new-'.length);
    expect(vm.extraConfig['wirebook.operation']).toBe(vm.name);
    expect(vm.nics.map((nic) => nic.addresses)).toEqual([[`10.10.${octet}.10`], [`10.11.${octet}.10`]]);
  }
  await Promise.all(refs.map(unmake));
  done.abort();
  await reader;
  expect(await simulator.listVms()).toEqual(before);
  const { ref } = simulator.morefs.portGroup('web');
  const present = before.filter((vm) => vm.nics.some((nic) => nic.networkName === 'web'));
  expect(valuesOf(await session.property(ref, 'vm'), 'ManagedObjectReference').toSorted()).toEqual(
    present.map((vm) => vm.ref.value).toSorted(),
  );
});

test('many who ask for one name get one VM', async () => {
  const ends = await Promise.all(numbers(20).map(() => vms.clone('new-1')));
  expect(ends.filter((end) => end.state === 'success')).toHaveLength(1);
  expect(new Set(ends.map((end) => end.fault))).toEqual(new Set(['', 'DuplicateName']));
  expect(await made()).toHaveLength(1);
});

test('clients that are cut off mid-call leave no trouble', async () => {
  await simulator.injectFault({ method: 'CloneVM_Task', delayMs: 20, probability: 0.5 });
  await Promise.all(
    numbers(40).map(async (n) => {
      const body = `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soapenv:Body>${vms.cloneBody(`cut-${n}`)}</soapenv:Body></soapenv:Envelope>`;
      const call = request(simulator.url, {
        method: 'POST',
        ca: simulator.certificate.pem,
        agent: false,
        headers: { cookie: session.cookie, 'content-type': 'text/xml; charset=utf-8' },
      });
      call.on('error', () => undefined);
      // Some go while they send, some before the answer, some while it comes.
      if (n % 4 === 0) call.write(body.slice(0, body.length / 2));
      else call.end(body);
      await setTimeout(n);
      call.destroy();
    }),
  );
  await simulator.clearFaults();
  await Promise.all(numbers(5).map((n) => make(`new-${n}`, `10.10.${n}.10`)));
  // A clone whose client is gone may still come.
  for (let left = await made(); left.length > 0; left = await made())
    for (const { ref, powerState } of left)
      await (powerState === 'poweredOn' ? unmake(ref.value) : vms.run(on(ref.value, 'Destroy_Task')));
});
