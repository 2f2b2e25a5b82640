import type { Operation } from '@wirebook/contract';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  type ChangingLab,
  type Death,
  running,
  type ServerWorlds,
  startChangingLab,
} from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/**
 * The controller dies at every step of a change, before it acts, after it has acted, and after that is noted, on the way there and on the
 * way back: whoever goes on does nothing twice, and both worlds are as if nothing had happened.
 */

const moments = ['before', 'acted', 'noted'] as const;
const deathsAt = (way: Death['way'], ...steps: string[]): Death[] =>
  steps.flatMap((step) => moments.map((moment) => ({ step, way, moment })));

const scenarios = {
  delete: deathsAt('act', 'power_off', 'destroy', 'release'),
  attach: deathsAt('act', 'attach', 'record', 'restart', 'watch'),
  detach: deathsAt('act', 'detach', 'customize', 'record', 'release'),
  change: deathsAt('act', 'change', 'record', 'restart', 'watch', 'release'),
  'undo-delete': deathsAt('undo', 'destroy', 'power_off'),
  'undo-attach': deathsAt('undo', 'restart', 'record', 'attach', 'address'),
  'undo-change': deathsAt('undo', 'restart', 'record', 'change', 'address'),
  'undo-made': deathsAt('undo', 'customize', 'detach'),
} as const;
type Scenario = keyof typeof scenarios;

const nameOf = (scenario: Scenario, { step, moment }: Death): string =>
  `${scenario}-${step.replaceAll('_', '-')}-${moment}`;
const named = (scenario: Scenario): { name: string; death: Death }[] =>
  scenarios[scenario].map((death) => ({ name: nameOf(scenario, death), death }));

let lab: ChangingLab;
beforeAll(async () => {
  let number = 0;
  lab = await startChangingLab({
    machines: (['delete', 'attach', 'detach', 'change', 'undo-delete', 'undo-attach', 'undo-change'] as const)
      .flatMap((scenario) => named(scenario))
      .map(({ name }) => {
        number += 1;
        return running(
          name,
          [
            ['web', `10.20.2.${number}/22`],
            ...(name.startsWith('detach') ? [['app', `10.21.0.${100 + number}/24`] as const] : []),
          ],
          { gateway: '10.20.0.1' },
        );
      }),
  });
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(() => lab.expectNoStrayWires());

/** All of a kind at once: each dies at a place of its own. */
async function dieEverywhere(
  scenario: Scenario,
  begin: (name: string) => Promise<Operation>,
): Promise<{ name: string; operation: Operation }[]> {
  const begun = [];
  for (const { name, death } of named(scenario))
    begun.push({ name, operation: await lab.dying(death, () => begin(name)) });
  const ended = [];
  for (const { name, operation } of begun) {
    ended.push({ name, operation: await lab.ended(operation) });
    expect(
      lab.deaths.filter((id) => id === operation.id),
      name,
    ).toHaveLength(1);
  }
  return ended;
}

const callsOf = async (method: string): Promise<number> => (await lab.simulator.stats()).calls[method] ?? 0;
const ipsOf = (operation: Operation): string[] =>
  operation.result?.servers.flatMap(({ addresses }) => addresses.map(({ ip }) => ip)) ?? [];
const ipOf = (name: string, position = 0): Promise<string> =>
  lab.records(name, position).then(([ip]) => ip ?? '');

/** A guest that was started again takes a moment to show what it shows. */
async function expectAsBefore(
  before: ReadonlyMap<string, ServerWorlds>,
  options = { reports: true },
): Promise<void> {
  for (const [name, worlds] of before)
    await expect.poll(() => lab.worlds(name, options), { timeout: 20_000, message: name }).toEqual(worlds);
  await lab.sync();
  for (const [name, worlds] of before) expect(await lab.worlds(name, options), name).toEqual(worlds);
  await lab.agree();
}
async function worldsOf(
  names: readonly string[],
  options = { reports: true },
): Promise<Map<string, ServerWorlds>> {
  const worlds = new Map<string, ServerWorlds>();
  for (const name of names) worlds.set(name, await lab.worlds(name, options));
  return worlds;
}

test('a server is deleted, and its address released, wherever the controller dies', async () => {
  const ips = new Map<string, string>();
  for (const { name } of named('delete')) ips.set(name, await ipOf(name));
  await lab.simulator.resetStats();
  for (const { name, operation } of await dieEverywhere('delete', (one) =>
    lab.remove(one, { powerOff: true }),
  )) {
    expectEnd(operation, 'succeeded');
    expect(await lab.holders(ips.get(name) ?? ''), name).toEqual([]);
    expect(await lab.history(ips.get(name) ?? ''), name).toEqual([`${name} server_deleted`]);
  }
  expect(await callsOf('PowerOffVM_Task')).toBe(scenarios.delete.length);
  expect(await callsOf('Destroy_Task')).toBe(scenarios.delete.length);
  const left = (await lab.simulator.listVms()).filter(({ name }) => name.startsWith('delete-'));
  expect(left).toEqual([]);
  await lab.agree();
});

test('one NIC is attached, and the guest restarted once, wherever the controller dies', async () => {
  await lab.simulator.resetStats();
  const ended = await dieEverywhere('attach', (name) =>
    lab.attach(name, { network: 'app-net', restart: true }),
  );
  for (const { name, operation } of ended) {
    expectEnd(operation, 'succeeded');
    expect(operation.warnings, name).toEqual([]);
    const vm = await lab.vm(name);
    expect(vm.powerState).toBe('poweredOn');
    expect(
      vm.nics.map(({ networkName }) => networkName),
      name,
    ).toEqual(['web', 'app']);
    expect(vm.nics[1]?.addresses, name).toEqual(ipsOf(operation));
    expect(await lab.records(name, 1), name).toEqual(ipsOf(operation));
  }
  expect(await callsOf('ReconfigVM_Task')).toBe(ended.length);
  expect(await callsOf('CustomizeVM_Task')).toBe(ended.length);
  expect(await callsOf('PowerOnVM_Task')).toBe(ended.length);
  await lab.agree();
});

test('a NIC is detached, and its address released, wherever the controller dies', async () => {
  const ips = new Map<string, string>();
  for (const { name } of named('detach')) ips.set(name, await ipOf(name, 1));
  await lab.simulator.resetStats();
  const ended = await dieEverywhere('detach', (name) => lab.detach(name, ips.get(name) ?? ''));
  for (const { name, operation } of ended) {
    expectEnd(operation, 'succeeded');
    expect(
      (await lab.vm(name)).nics.map(({ networkName }) => networkName),
      name,
    ).toEqual(['web']);
    expect(await lab.history(ips.get(name) ?? ''), name).toEqual([`${name} nic_detached`]);
    expect(await lab.records(name), name).toHaveLength(1);
  }
  expect(await callsOf('ReconfigVM_Task')).toBe(ended.length);
  await lab.agree();
});

test('a NIC is bound to another wire, and its guest restarted once, wherever the controller dies', async () => {
  const ips = new Map<string, string>();
  for (const { name } of named('change')) ips.set(name, await ipOf(name));
  await lab.simulator.resetStats();
  const ended = await dieEverywhere('change', (name) =>
    lab.change(name, ips.get(name) ?? '', { network: 'app-net', restart: true }),
  );
  for (const { name, operation } of ended) {
    expectEnd(operation, 'succeeded');
    expect(operation.warnings, name).toEqual([]);
    const vm = await lab.vm(name);
    expect(vm.nics, name).toMatchObject([{ networkName: 'app', addresses: ipsOf(operation) }]);
    expect(await lab.records(name), name).toEqual(ipsOf(operation));
    expect(await lab.history(ips.get(name) ?? ''), name).toEqual([`${name} address_changed`]);
  }
  expect(await callsOf('ReconfigVM_Task')).toBe(ended.length);
  expect(await callsOf('PowerOnVM_Task')).toBe(ended.length);
  await lab.agree();
});

test('a server that can not be deleted runs again, wherever the controller dies on the way back', async () => {
  const before = await worldsOf(named('undo-delete').map(({ name }) => name));
  for (const { name } of named('undo-delete'))
    await lab.simulator.injectFault({
      method: 'Destroy_Task',
      object: name,
      fault: 'ResourceInUse',
      inTask: true,
    });
  const ended = await dieEverywhere('undo-delete', (name) => lab.remove(name, { powerOff: true }));
  await lab.simulator.clearFaults();
  for (const { name, operation } of ended) {
    expectEnd(operation, 'undone');
    expect(operation.error?.code, name).toBe('destroy_failed');
    expect(operation.left, name).toEqual([]);
    expect((await lab.vm(name)).powerState, name).toBe('poweredOn');
  }
  // It was switched off and on by an API: whether its Tools run by now is the guest's affair.
  await expectAsBefore(before);
});

test('a NIC that can not be made known to its guest goes again, wherever the controller dies on the way back', async () => {
  const before = await worldsOf(named('undo-attach').map(({ name }) => name));
  for (const { name } of named('undo-attach'))
    await lab.simulator.injectFault({
      method: 'PowerOnVM_Task',
      object: name,
      fault: 'GenericVmConfigFault',
      maxCount: 1,
    });
  const ended = await dieEverywhere('undo-attach', (name) =>
    lab.attach(name, { network: 'app-net', restart: true }),
  );
  await lab.simulator.clearFaults();
  for (const { name, operation } of ended) {
    expectEnd(operation, 'undone');
    expect(operation.error?.code, name).toBe('power_on_failed');
    for (const ip of ipsOf(operation)) {
      expect(await lab.holders(ip), name).toEqual([]);
      expect((await lab.history(ip))[0], name).toContain('operation_undone');
    }
  }
  await expectAsBefore(before);
});

test('a NIC whose change can not be made known is as it was, wherever the controller dies on the way back', async () => {
  const before = await worldsOf(named('undo-change').map(({ name }) => name));
  for (const { name } of named('undo-change'))
    await lab.simulator.injectFault({
      method: 'PowerOnVM_Task',
      object: name,
      fault: 'GenericVmConfigFault',
      maxCount: 1,
    });
  const ips = new Map<string, string>();
  for (const { name } of named('undo-change')) ips.set(name, await ipOf(name));
  const ended = await dieEverywhere('undo-change', (name) =>
    lab.change(name, ips.get(name) ?? '', { network: 'app-net', restart: true }),
  );
  await lab.simulator.clearFaults();
  for (const { name, operation } of ended) {
    expectEnd(operation, 'undone');
    expect(operation.error?.code, name).toBe('power_on_failed');
    for (const ip of ipsOf(operation)) expect(await lab.holders(ip), name).toEqual([]);
  }
  await expectAsBefore(before);
});

test('a NIC of a guest that reads guestinfo is as it was, with its MAC, and so is what the guest reads', async () => {
  const deaths = scenarios['undo-made'];
  const answer = await lab.controller.call<Operation>('POST', '/api/v1/servers', {
    name: 'made',
    from: 'wide',
    nics: [{ network: 'web-net' }, { network: 'app-net' }],
    setup: 'cloud_init',
    count: deaths.length,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  const made = await lab.ended(answer.body);
  expectEnd(made, 'succeeded');
  const names = made.result?.servers.map(({ server }) => server.name) ?? [];
  expect(names).toHaveLength(deaths.length);
  await lab.sync();
  // A guest whose card came back configures it by itself, or when it starts next.
  const reports = false;
  const before = await worldsOf(names, { reports });
  for (const name of names)
    await lab.simulator.injectFault({
      method: 'ReconfigVM_Task',
      object: name,
      fault: 'GenericVmConfigFault',
      skipCount: 1,
      maxCount: 1,
    });
  const begun = [];
  for (const [index, death] of deaths.entries()) {
    const name = names[index] ?? '';
    const ip = await ipOf(name, 1);
    begun.push({ name, operation: await lab.dying(death, () => lab.detach(name, ip)) });
  }
  for (const { name, operation } of begun) {
    const ended = await lab.ended(operation);
    expectEnd(ended, 'undone');
    expect(ended.error?.code, name).toBe('configure_failed');
    expect(
      lab.deaths.filter((id) => id === operation.id),
      name,
    ).toHaveLength(1);
  }
  await lab.simulator.clearFaults();
  await expectAsBefore(before, { reports });
});
