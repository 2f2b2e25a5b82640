import type { Address, Conflict, List } from '@wirebook/contract';
import { makeMachine } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Desktops come and go, and a DHCP server gives their addresses to the next ones. */

const DESKTOPS = 40;
const addressOf = (index: number): string => `10.1.1.${index + 1}`;
const desktop = (round: number, index: number): string => `desktop-${round}-${index}`;

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      ...Array.from({ length: DESKTOPS }, (_, index) =>
        machine(desktop(0, index), [['web', `${addressOf(index)}/16`]]),
      ),
      machine('swap-a', [['web', '10.1.2.1/16']]),
      machine('swap-b', [['web', '10.1.2.2/16']]),
      machine('sleeper', [['web', '10.1.2.10/16']]),
      machine('waking', [['web', '10.1.2.11/16']]),
      machine('beside', [['web', '10.1.9.1/16']]),
      machine('heir', [['web', '10.1.9.2/16']]),
    ]),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
  for (const [start, end] of [
    ['10.1.1.1', '10.1.1.40'],
    ['10.1.2.0', '10.1.2.255'],
  ]) {
    const made = await lab.controller.call('POST', '/api/v1/reservations', {
      network: 'web',
      kind: 'dhcp',
      start,
      end,
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  }
});
afterAll(() => lab[Symbol.asyncDispose]());

const report = (vm: string, ...ips: string[]): Promise<void> =>
  lab.simulator.setGuestNet(vm, [
    { deviceConfigId: 4000, connected: true, addresses: ips.map((ip) => ({ ip, prefixLength: 16 })) },
  ]);
const openConflicts = async (): Promise<Conflict[]> =>
  (await lab.controller.call<List<Conflict>>('GET', '/api/v1/conflicts?limit=500')).body.items;
const history = async (ip: string): Promise<string[]> => {
  const { body } = await lab.controller.call<Address>('GET', `/api/v1/addresses/${ip}`);
  return body.history.map((one) => `${one.server?.name ?? '-'} ${one.ended ?? 'lives'}`);
};
/** Who has the addresses of the pool, in their order. */
const holders = async (): Promise<string[]> =>
  (
    await lab.sql<{ name: string }>(
      `SELECT s.name FROM claims c JOIN servers s ON s.id = c.server_id
       WHERE c.ended_at IS NULL AND c.ip BETWEEN '10.1.1.1' AND '10.1.1.40' ORDER BY c.ip`,
    )
  ).map((row) => row.name);

describe('a pool that is made anew', () => {
  test('with other MACs and the addresses of the old, in another order: each has its record at once, and nobody quarrels', async () => {
    expect(await holders()).toEqual(Array.from({ length: DESKTOPS }, (_, index) => desktop(0, index)));
    for (const round of [1, 2, 3]) {
      for (let index = 0; index < DESKTOPS; index += 1) {
        await lab.simulator.removeVm(desktop(round - 1, index));
        await lab.simulator.addVm(
          'Lab',
          makeMachine({
            ...machine(desktop(round, index), [['web', `${addressOf((index + round) % DESKTOPS)}/16`]]),
            host: 'esx-01.lab.example',
            number: 1000 * round + index,
          }),
        );
      }
      await lab.sync();
      expect(await openConflicts()).toEqual([]);
      expect(await holders()).toEqual(
        Array.from({ length: DESKTOPS }, (_, index) => desktop(round, (index - round + DESKTOPS) % DESKTOPS)),
      );
    }
    expect(await lab.reasons(desktop(3, 0))).toEqual([]);
    const told = await history(addressOf(5));
    expect(told).toHaveLength(4);
    expect(told[0]).toBe(`${desktop(3, 2)} lives`);
    expect(told.slice(1).every((line) => line.endsWith(' missing'))).toBe(true);
  });

  test('what the old ones let go of rests not', async () => {
    for (let index = 0; index < DESKTOPS; index += 1) await lab.simulator.removeVm(desktop(3, index));
    await lab.sync();
    expect(await holders()).toEqual([]);
    const rows = await lab.sql<{ freed_at: string }>(
      `SELECT DISTINCT freed_at::text FROM freed_addresses WHERE ip BETWEEN '10.1.1.1' AND '10.1.1.40'`,
    );
    expect(rows).toEqual([{ freed_at: '-infinity' }]);
  });
});

describe('a lease', () => {
  test('that two swap is swapped in one sync', async () => {
    await report('swap-a', '10.1.2.2');
    await report('swap-b', '10.1.2.1');
    await lab.sync();
    expect(await lab.records('swap-a')).toEqual(['10.1.2.2']);
    expect(await lab.records('swap-b')).toEqual(['10.1.2.1']);
    expect(await openConflicts()).toEqual([]);
  });

  test('of a desktop that is off stays with it until another has it', async () => {
    await lab.simulator.setPowerState('sleeper', 'poweredOff');
    await lab.sync();
    expect(await lab.records('sleeper')).toEqual(['10.1.2.10']);
    await report('waking', '10.1.2.10');
    await lab.sync();
    expect(await lab.records('waking')).toEqual(['10.1.2.10']);
    expect(await lab.records('sleeper')).toEqual([]);
    expect(await openConflicts()).toEqual([]);
    // Its last report says so still, but it is off.
    await lab.sync();
    expect(await history('10.1.2.10')).toEqual(['waking lives', 'sleeper yielded']);
  });

  test('of one that runs and says it has the address is a conflict like any other', async () => {
    await lab.simulator.setPowerState('sleeper', 'poweredOn');
    await lab.sync();
    expect(await openConflicts()).toMatchObject([
      {
        ip: '10.1.2.10',
        holders: [{ server: { name: 'waking' } }],
        claimants: [{ server: { name: 'sleeper' } }],
      },
    ]);
    await report('sleeper', '10.1.2.12');
    await lab.sync();
    expect(await openConflicts()).toEqual([]);
  });
});

describe('outside of DHCP ranges', () => {
  test('a server that is gone keeps its record, and yields to one that has the address now', async () => {
    await lab.simulator.removeVm('beside');
    await lab.sync();
    await lab.sync();
    expect(await history('10.1.9.1')).toEqual(['beside lives']);
    await report('heir', '10.1.9.1');
    await lab.sync();
    expect(await history('10.1.9.1')).toEqual(['heir lives', 'beside yielded']);
    expect(await openConflicts()).toEqual([]);
  });
});
