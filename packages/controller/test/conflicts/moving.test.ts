import type { Address, Conflict, List } from '@wirebook/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Addresses that two servers hand to each other, as clusters do. Each test has addresses of its own. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('left', [['web', '10.1.0.11/16']]),
      machine('right', [['web', '10.1.0.12/16']]),
      machine('third', [['web', '10.1.0.13/16']]),
    ]),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
});
afterAll(() => lab[Symbol.asyncDispose]());

const own = { left: '10.1.0.11', right: '10.1.0.12', third: '10.1.0.13' };
type Name = keyof typeof own;

/** Syncs after each of these has the address alone. */
async function pass(ip: string, ...names: Name[]): Promise<void> {
  for (const name of names) {
    for (const [other, first] of Object.entries(own))
      await lab.simulator.setGuestNet(other, [
        {
          deviceConfigId: 4000,
          connected: true,
          addresses: (other === name ? [first, ip] : [first]).map((one) => ({ ip: one, prefixLength: 16 })),
        },
      ]);
    await lab.sync();
    expect(await lab.records(name)).toContain(ip);
  }
}
async function conflicts(ip: string, more = ''): Promise<Conflict[]> {
  return (await lab.controller.call<List<Conflict>>('GET', `/api/v1/conflicts?ip=${ip}${more}`)).body.items;
}
async function theOne(ip: string, more = ''): Promise<Conflict> {
  const [one] = await conflicts(ip, more);
  if (one === undefined) throw new Error(`there is no conflict about ${ip}`);
  return one;
}
async function decide(id: string, resolution: string): Promise<Conflict> {
  const path = `/api/v1/conflicts/${id}/resolve`;
  const answer = await lab.controller.call<Conflict>('POST', path, { resolution });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const sides = (one: Conflict): string =>
  `${one.kind} ${one.holders[0]?.server?.name} ${one.claimants[0]?.server?.name}`;

test('an address that moves once, and back, is nothing to speak of', async () => {
  await pass('10.1.1.1', 'left', 'right', 'left');
  expect(await conflicts('10.1.1.1', '&resolved=any')).toEqual([]);
});

test('one that goes to and fro is proposed as shared, once, whoever has it; then both keep a record of it', async () => {
  const ip = '10.1.1.2';
  await pass(ip, 'left', 'right', 'left', 'right');
  const first = await theOne(ip);
  expect(sides(first)).toBe('moving right left');
  expect(first).toMatchObject({
    proposal: 'share',
    network: { name: 'web' },
    text: `${ip} goes to and fro between right and left.`,
    holders: [{ reporting: true }],
    claimants: [{ reporting: false }],
  });
  await pass(ip, 'left');
  const turned = await theOne(ip);
  expect(sides(turned)).toBe('moving left right');
  expect(turned).toMatchObject({ id: first.id, since: first.since });
  expect(await conflicts(ip, '&resolved=any')).toHaveLength(1);

  expect(await decide(turned.id, 'share')).toMatchObject({ resolution: 'share', proposal: null });
  await pass(ip, 'right', 'left', 'right', 'left', 'right');
  const { body } = await lab.controller.call<Address>('GET', `/api/v1/addresses/${ip}`);
  const live = body.history.filter((one) => one.ended === null);
  expect(live.map((one) => one.server?.name)).toContain('right');
  expect(await conflicts(ip)).toEqual([]);
});

test('kept as it is, nobody asks again while it goes on', async () => {
  const ip = '10.1.1.3';
  await pass(ip, 'left', 'right', 'left', 'right');
  const { id } = await theOne(ip);
  await decide(id, 'keep');
  await pass(ip, 'left', 'right');
  expect(await conflicts(ip)).toEqual([]);
  expect(await theOne(ip, '&resolved=true')).toMatchObject({ id, endedAt: null, resolution: 'keep' });
});

test('given to the other one, it goes nowhere any more', async () => {
  const ip = '10.1.1.4';
  await pass(ip, 'left', 'right', 'left', 'right');
  await decide((await theOne(ip)).id, 'give');
  expect(await lab.records('left')).toContain(ip);
  await lab.sync();
  // It is right that reports it still: that was decided.
  expect(await conflicts(ip)).toEqual([]);
  expect(await lab.records('left')).toContain(ip);
  expect(await lab.records('right')).not.toContain(ip);
});

test('a day of rest is the end of it, and so is a third that has it', async () => {
  const ip = '10.1.1.5';
  await pass(ip, 'left', 'right', 'left', 'right');
  await lab.sql(
    `UPDATE claims SET started_at = started_at - interval '25 hours' WHERE ip = $1 AND ended_at IS NULL`,
    [ip],
  );
  await lab.sync();
  expect(await conflicts(ip)).toEqual([]);
  expect(await theOne(ip, '&resolved=any')).toMatchObject({ resolution: null, endedAt: expect.any(String) });

  await pass('10.1.1.6', 'left', 'right', 'left', 'right');
  await pass('10.1.1.6', 'third');
  expect(await conflicts('10.1.1.6')).toEqual([]);
});

test('changes of long ago count no more', async () => {
  const ip = '10.1.1.7';
  await pass(ip, 'left', 'right', 'left');
  await lab.sql(
    `UPDATE claims SET started_at = started_at - interval '25 hours', ended_at = ended_at - interval '25 hours'
     WHERE ip = $1 AND ended_at IS NOT NULL`,
    [ip],
  );
  await pass(ip, 'right');
  expect(await conflicts(ip)).toEqual([]);
});

test('in a DHCP range addresses change hands as they like', async () => {
  const made = await lab.controller.call('POST', '/api/v1/reservations', {
    network: 'web',
    kind: 'dhcp',
    start: '10.1.2.0',
    end: '10.1.2.255',
  });
  expect(made.status).toBe(201);
  await pass('10.1.2.1', 'left', 'right', 'left', 'right', 'left');
  expect(await conflicts('10.1.2.1', '&resolved=any')).toEqual([]);
});
