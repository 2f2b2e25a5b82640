import type { AddressBlocks, ProblemBody } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allAddresses, hold, reserve, restFrom } from '../support/address-facts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** The address grid of a network, over what really is in the database. Each test has a network of its own. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('web-2', [['web', '10.1.0.12/24']]),
      machine('twin-1', [['web', '10.1.0.12/24']]),
      machine('stray', [['db', '10.1.0.30/24']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

type Query = Record<string, string | number>;
const pathOf = (network: string, query: Query = {}): string =>
  `/api/v1/networks/${encodeURIComponent(network)}/blocks?${new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString()}`;
async function blocksOf(network: string, query: Query = {}): Promise<AddressBlocks> {
  const answer = await lab.controller.call<AddressBlocks>('GET', pathOf(network, query));
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

describe('a grid of single addresses', () => {
  beforeAll(async () => {
    await lab.createNetwork({
      name: 'everything',
      wire: 'web',
      start: '10.1.0.1',
      end: '10.1.0.255',
      prefixLength: 24,
      gateway: '10.1.0.1',
      giving: [{ start: '10.1.0.1', end: '10.1.0.199' }],
    });
    await lab.controller.call('PUT', '/api/v1/networks/everything/excluded-wires', { wires: ['db'] });
    await lab.sql('DELETE FROM claims WHERE ended_at IS NOT NULL');
    await lab.sql('DELETE FROM freed_addresses');
    await hold(lab, 'everything', {
      ip: '10.1.0.21',
      source: 'manual',
      key: 'printer',
      holder: { name: 'Printer 4', owner: 'office', mac: null, note: '' },
    });
    await reserve(lab, 'everything', { start: '10.1.0.40', end: '10.1.0.49', note: 'for later' });
    await restFrom(lab, 'everything', ['10.1.0.60', '10.1.0.61']);
  });

  test('says of each address what the list of addresses says of it', async () => {
    const { items, ...about } = await blocksOf('everything');
    expect(about).toEqual({ start: '10.1.0.1', end: '10.1.0.255', cellSize: '1' });
    expect(items).toHaveLength(255);
    expect(items.map((item) => item.start)).toEqual(
      Array.from({ length: 255 }, (_, nr) => `10.1.0.${nr + 1}`),
    );
    const list = await allAddresses(lab, 'everything', { limit: 500 });
    for (const [nr, item] of items.entries()) {
      const listed = list.find((one) => lastOf(one.start) <= nr + 1 && lastOf(one.end) >= nr + 1);
      expect(item).toEqual({
        ...listed,
        start: item.start,
        end: item.start,
        count: 1,
        states: { [listed?.state ?? '']: 1 },
      });
    }
    expect(items[10]).toMatchObject({ state: 'used', source: 'tools', server: { name: 'web-1' } });
    expect(items[20]).toMatchObject({ state: 'held', key: 'printer', holder: { name: 'Printer 4' } });
  });

  test('of a part of it, as large as is asked', async () => {
    const { items, ...about } = await blocksOf('everything', { from: '10.1.0.10', to: '10.1.0.13' });
    expect(about).toEqual({ start: '10.1.0.10', end: '10.1.0.13', cellSize: '1' });
    expect(items.map((item) => `${item.start} ${item.state}`)).toEqual([
      '10.1.0.10 free',
      '10.1.0.11 used',
      '10.1.0.12 conflict',
      '10.1.0.13 free',
    ]);
  });

  test('of fewer cells than addresses counts them, each cell at a multiple of its size', async () => {
    const { items, ...about } = await blocksOf('everything', { cells: 4 });
    expect(about).toEqual({ start: '10.1.0.1', end: '10.1.0.255', cellSize: '64' });
    expect(items).toMatchObject([
      {
        start: '10.1.0.1',
        end: '10.1.0.63',
        count: 63,
        state: null,
        server: null,
        evidence: null,
        states: { gateway: 1, used: 1, conflict: 1, held: 1, seen: 1, reserved: 10, resting: 2, free: 46 },
      },
      { start: '10.1.0.64', end: '10.1.0.127', count: 64, states: { free: 64 } },
      { start: '10.1.0.128', end: '10.1.0.191', count: 64, states: { free: 64 } },
      {
        start: '10.1.0.192',
        end: '10.1.0.255',
        count: 64,
        states: { free: 8, not_given: 55, gateway: 1 },
      },
    ]);
  });

  test('a cell that is cut to one address tells of it', async () => {
    const { items } = await blocksOf('everything', { from: '10.1.0.11', to: '10.1.0.12', cells: 1 });
    expect(items).toMatchObject([{ start: '10.1.0.11', end: '10.1.0.12', states: { used: 1, conflict: 1 } }]);
    const cut = await blocksOf('everything', { from: '10.1.0.11', to: '10.1.0.17', cells: 4 });
    expect(cut.cellSize).toBe('2');
    expect(cut.items[0]).toMatchObject({
      start: '10.1.0.11',
      end: '10.1.0.11',
      state: 'used',
      states: { used: 1 },
      server: { name: 'web-1' },
    });
  });

  test('requests that can not be answered say why', async () => {
    const refuse = (query: Query): Promise<ProblemBody> =>
      lab.refuse('invalid_input', 'GET', pathOf('everything', query));
    expect((await refuse({ from: '2001:db8::1' })).errors).toMatchObject([{ field: 'from' }]);
    expect((await refuse({ to: 'nowhere' })).errors).toMatchObject([{ field: 'to', value: 'nowhere' }]);
    expect((await refuse({ from: '10.1.1.0' })).errors).toMatchObject([
      { field: 'from', message: expect.stringContaining('10.1.0.255') },
    ]);
    expect((await refuse({ to: '10.0.255.255' })).errors).toMatchObject([{ field: 'to' }]);
    expect((await refuse({ from: '10.1.0.9', to: '10.1.0.8' })).errors).toMatchObject([{ field: 'from' }]);
    for (const cells of [0, 1025, 'many'])
      expect((await refuse({ cells })).errors).toMatchObject([{ field: 'cells' }]);
    await lab.refuse('not_found', 'GET', pathOf('nothing of the kind'));
  });
});

const lastOf = (ip: string): number => Number(ip.split('.')[3]);

describe('a /64', () => {
  test('counts beyond what a number holds, and tells its cells apart', async () => {
    await lab.createNetwork({
      name: 'vast',
      wire: 'web',
      cidr: '2001:db8:1::/64',
      gateway: '2001:db8:1::1',
    });
    await hold(lab, 'vast', { ip: '2001:db8:1:0:ffff::1', source: 'allocated' });
    await reserve(lab, 'vast', { start: '2001:db8:1::1000', end: '2001:db8:1::ffff:ffff' });
    const { items, ...about } = await blocksOf('vast');
    expect(about).toEqual({
      start: '2001:db8:1::1',
      end: '2001:db8:1:0:ffff:ffff:ffff:ffff',
      cellSize: String(2n ** 56n),
    });
    expect(items).toHaveLength(256);
    expect(items[0]).toMatchObject({
      start: '2001:db8:1::1',
      end: '2001:db8:1:0:ff:ffff:ffff:ffff',
      states: { gateway: 1, reserved: 0xffff_f000, free: Number(2n ** 56n - 2n - 0xffff_f000n) },
    });
    expect(items[1]).toMatchObject({ states: { free: 2 ** 56 } });
    expect(items[255]).toMatchObject({ start: '2001:db8:1:0:ff00::', states: { held: 1 } });
    const closer = await blocksOf('vast', {
      from: '2001:db8:1:0:ffff::',
      to: '2001:db8:1:0:ffff::3',
    });
    expect(closer.items.map((item) => item.state)).toEqual(['free', 'held', 'free', 'free']);
  });
});
