import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChangingLab, running, startChangingLab, stopped } from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/** Servers that are unregistered in vCenter and registered again, with another reference, since the book has seen them last. */

const servers = [1, 2, 3, 4] as const;

let lab: ChangingLab;
beforeAll(async () => {
  lab = await startChangingLab({
    machines: [
      running('moved-1', [['web', '10.20.2.1/22']]),
      ...servers.slice(1).map((number) => stopped(`moved-${number}`, ['web'])),
      // What those are under their new references.
      ...servers.map((number) => stopped(`anew-${number}`, [])),
    ],
  });
  for (const number of servers.slice(1)) {
    const fixed = await lab.controller.call('POST', `/api/v1/servers/moved-${number}/fix-nics`, {
      ips: [`10.20.2.${number}`],
    });
    expect(fixed.status, JSON.stringify(fixed.body)).toBe(200);
  }
});
afterAll(() => lab[Symbol.asyncDispose]());

/** The VM that the server is from now on. */
const anew = async (number: number) => {
  const [row] = await lab.sql<{ uuid: string }>('SELECT instance_uuid AS uuid FROM servers WHERE name = $1', [
    `moved-${number}`,
  ]);
  const { ref } = await lab.vm(`anew-${number}`);
  return {
    object: ref,
    properties: [{ path: 'config.instanceUuid', type: 'xsd:string', value: row?.uuid ?? '' }],
  };
};
const registerAnew = async (number: number): Promise<void> => {
  const { object, properties } = await anew(number);
  await lab.simulator.removeObject((await lab.vm(`moved-${number}`)).ref);
  await lab.simulator.setProperties(object, properties);
};
const holds = async (number: number): Promise<boolean> =>
  (await lab.holders(`10.20.2.${number}`)).some((line) => line.includes(`moved-${number}`));

test('such a server is not deleted, and keeps its addresses, until the account is synced', async () => {
  await registerAnew(1);
  const refusal = await lab.refuseChange('server_not_changeable', 'DELETE', '/api/v1/servers/moved-1');
  expect(refusal.detail).toContain('registered again');
  expect(refusal.remedy).toContain('wirebook account sync');
  expect(await holds(1)).toBe(true);
});

test('nor where that happens while it is being deleted', async () => {
  lab.onPoint = async ({ step, way, moment }) => {
    if (step !== 'destroy' || way !== 'act' || moment !== 'before') return;
    lab.onPoint = null;
    await registerAnew(2);
  };
  const operation = await lab.ended(lab.remove('moved-2'));
  expectEnd(operation, 'undone');
  expect(operation.error?.code).toBe('server_moved');
  expect(await holds(2)).toBe(true);
});

test('nor at the very moment at which it is to be destroyed', async () => {
  const { ref } = await lab.vm('moved-3');
  await lab.simulator.setPropertiesAtCall({ method: 'Destroy_Task', changes: [await anew(3)] });
  await lab.simulator.removeObjectsAtCall({ method: 'Destroy_Task', objects: [ref] });
  const operation = await lab.ended(lab.remove('moved-3'));
  expectEnd(operation, 'undone');
  expect(operation.error?.code).toBe('server_moved');
  expect(await holds(3)).toBe(true);
});

test('and no NIC of it is said to be detached', async () => {
  await registerAnew(4);
  const operation = await lab.ended(lab.detach('moved-4', '10.20.2.4'));
  expect(operation.error?.code).toBe('server_moved');
  expect(await holds(4)).toBe(true);
});
