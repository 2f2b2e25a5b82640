import type { Event, List } from '@wirebook/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChangingLab, running, startChangingLab, stopped } from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/** A server goes, in vCenter and in the book, and its addresses with it. */

let lab: ChangingLab;
beforeAll(async () => {
  lab = await startChangingLab({
    machines: [
      stopped('off', ['web']),
      stopped('off-refused', ['web']),
      running('on', [['web', '10.20.2.1/22']]),
      running('on-refused', [['web', '10.20.2.2/22']]),
      running('many', [
        ['web', '10.20.2.3/22', '10.20.2.4/22'],
        ['app', '10.21.0.9/24'],
        ['web'],
        ['/rack', '10.23.0.9/24', '2001:db8:23::9/64'],
      ]),
      running('gone', [['web', '10.20.2.5/22']]),
      running('suspended', [['web', '10.20.2.6/22']], { powerState: 'suspended' }),
      running('plain', [['web', '10.20.2.7/22']]),
      running('started', [['web', '10.20.2.8/22']], { powerState: 'poweredOff' }),
      running('other', [['web', '10.20.2.9/22']]),
    ],
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

const exists = async (name: string): Promise<boolean> =>
  (await lab.simulator.listVms()).some((vm) => vm.name === name);
const isMissing = async (name: string): Promise<boolean> => {
  const [row] = await lab.sql<{ missing: boolean }>(
    `SELECT missing_since IS NOT NULL AS missing FROM servers WHERE name = $1`,
    [name],
  );
  return row?.missing === true;
};
const fix = async (server: string, ip: string): Promise<void> => {
  const answer = await lab.controller.call('POST', `/api/v1/servers/${server}/fix-nics`, { ips: [ip] });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
};

test('a server that is powered off goes with the address that was set for it by hand', async () => {
  await fix('off', '10.20.1.1');
  expect(await lab.holders('10.20.1.1')).toMatchObject([expect.stringContaining('manual off')]);
  const operation = await lab.ended(lab.remove('off'));
  expectEnd(operation, 'succeeded');
  expect(operation.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'power_off done',
    'destroy done',
    'release done',
  ]);
  expect(operation.log.map(({ text }) => text)).toEqual([
    'off is deleted in vCenter.',
    'Given back: 10.20.1.1.',
  ]);
  expect(await exists('off')).toBe(false);
  expect(await isMissing('off')).toBe(true);
  expect(await lab.history('10.20.1.1')).toEqual(['off server_deleted']);
  await lab.agree();
});

test('one that runs is powered off first where that is allowed', async () => {
  const operation = await lab.ended(lab.remove('on', { powerOff: true }));
  expectEnd(operation, 'succeeded');
  expect(operation.log.map(({ text }) => text)).toEqual([
    'Powered off.',
    'on is deleted in vCenter.',
    'Given back: 10.20.2.1.',
  ]);
  expect(await exists('on')).toBe(false);
  expect(await lab.holders('10.20.2.1')).toEqual([]);
  // Nothing of it is found again by a complete run, nor anything else to be done.
  await lab.sync();
  expect(await isMissing('on')).toBe(true);
  await lab.agree();
});

test('and otherwise it is refused before anything is done', async () => {
  const refusal = await lab.refuseChange('server_running', 'DELETE', '/api/v1/servers/on-refused');
  expect(refusal.remedy).toContain('wirebook server delete on-refused --power-off');
  expect((await lab.vm('on-refused')).powerState).toBe('poweredOn');
});

test('one that is suspended takes the same permission', async () => {
  await lab.refuseChange('server_running', 'DELETE', '/api/v1/servers/suspended');
  expectEnd(await lab.ended(lab.remove('suspended', { powerOff: true })), 'succeeded');
  expect(await exists('suspended')).toBe(false);
});

test('the addresses of all its NICs go, wherever they came from, and the history says why', async () => {
  const given = await lab.controller.call<{ items: { ip: string }[] }>(
    'POST',
    '/api/v1/networks/db-net/allocate',
    {},
  );
  expect(given.status).toBe(201);
  await fix('many', '10.20.1.3');
  const ips = ['10.20.2.3', '10.20.2.4', '10.20.1.3', '10.21.0.9', '10.23.0.9', '2001:db8:23::9'];
  for (const ip of ips) expect(await lab.holders(ip), ip).toHaveLength(1);
  const operation = await lab.ended(lab.remove('many', { powerOff: true }));
  expectEnd(operation, 'succeeded');
  for (const ip of ips) {
    expect(await lab.holders(ip), ip).toEqual([]);
    expect((await lab.history(ip))[0], ip).toBe('many server_deleted');
  }
  // What somebody else holds stays.
  expect(await lab.holders(given.body.items[0]?.ip ?? '')).toHaveLength(1);
  const why = await lab.controller.call('GET', '/api/v1/why?of=10.20.2.3');
  expect(JSON.stringify(why.body)).toContain('its server was deleted');
  await lab.agree();
});

test('one that has gone from vCenter already goes from the book', async () => {
  await lab.simulator.removeVm('gone');
  const operation = await lab.ended(lab.remove('gone'));
  expectEnd(operation, 'succeeded');
  expect(await lab.holders('10.20.2.5')).toEqual([]);
  expect(await isMissing('gone')).toBe(true);
  await lab.agree();
});

test('one that somebody started meanwhile is left alone', async () => {
  const power = { type: 'VirtualMachinePowerState', value: 'poweredOn' };
  await lab.simulator.setPropertiesAtCall({
    method: 'Destroy_Task',
    object: 'started',
    changes: [
      { object: (await lab.vm('started')).ref, properties: [{ path: 'runtime.powerState', ...power }] },
    ],
  });
  const operation = await lab.ended(lab.remove('started'));
  expectEnd(operation, 'undone');
  expect(operation.error?.code).toBe('destroy_failed');
  expect((await lab.vm('started')).powerState).toBe('poweredOn');
  await lab.refuseChange('server_running', 'DELETE', '/api/v1/servers/started');
});

test('another that has its reference in vCenter by now is none of ours', async () => {
  const { ref } = await lab.vm('other');
  await lab.simulator.setProperty(ref, {
    path: 'config.instanceUuid',
    type: 'xsd:string',
    value: '50300000-0000-4000-8000-00000000abcd',
  });
  const operation = await lab.ended(lab.remove('other', { powerOff: true }));
  expectEnd(operation, 'undone');
  expect(operation.error?.code).toBe('server_changed');
  expect(await exists('other')).toBe(true);
  expect(await lab.holders('10.20.2.9')).toHaveLength(1);
});

test('the audit trail says who asked for it, what went, and which addresses', async () => {
  const before = await lab.sql<{ count: string }>('SELECT count(*) FROM events');
  const operation = await lab.ended(lab.remove('plain', { powerOff: true }));
  expectEnd(operation, 'succeeded');
  const { body } = await lab.controller.call<List<Event>>('GET', '/api/v1/events?limit=50');
  const own = body.items.filter(({ object }) => object.name === 'plain');
  expect(before[0]?.count).toBeDefined();
  expect(own.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    'administrator delete',
    'administrator delete_server',
  ]);
  expect(JSON.stringify(own)).toContain('10.20.2.7');
  expect(JSON.stringify(own)).toContain(operation.id);
});
