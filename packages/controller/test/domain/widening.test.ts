import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddress, type IpAddress, rangeHolds, rangesOverlap } from '../../src/domain/addresses.ts';
import { planWidening, type WideningNetwork, type WideningWish } from '../../src/domain/widening.ts';

const at = (last: number): IpAddress => ({ family: 4, value: 0x0a000000n + BigInt(last) });
const network = (id: string, start: number, end: number, spaceId = 'space'): WideningNetwork => ({
  id,
  spaceId,
  start: at(start),
  end: at(end),
});
const wish = (networkId: string, last: number): WideningWish => ({ networkId, ip: at(last) });
const tell = ({ id, start, end }: WideningNetwork): string =>
  `${id} ${formatAddress(start)}-${formatAddress(end)}`;

test('a range grows at both ends, as far as the farthest of its addresses', () => {
  const plan = planWidening([network('a', 10, 20)], [wish('a', 25), wish('a', 22), wish('a', 5)]);
  expect(plan.widened.map(tell)).toEqual(['a 10.0.0.5-10.0.0.25']);
  expect(plan.refused).toEqual([]);
});

test('never over another range: what lies beyond is refused with the name of that one', () => {
  const plan = planWidening(
    [network('a', 10, 20), network('b', 30, 40), network('c', 22, 24, 'elsewhere')],
    [wish('a', 25), wish('a', 50), wish('a', 45)],
  );
  expect(plan.widened.map(tell)).toEqual(['a 10.0.0.10-10.0.0.25']);
  expect(plan.refused.map(({ wish: { ip }, inTheWay }) => `${formatAddress(ip)} ${inTheWay}`)).toEqual([
    '10.0.0.45 b',
    '10.0.0.50 b',
  ]);
});

test('two that grow towards each other each take what is nearer, in whatever order they are asked', () => {
  const networks = [network('a', 10, 20), network('b', 40, 50)];
  const wishes = [wish('a', 32), wish('a', 24), wish('b', 34), wish('b', 30)];
  for (const order of [wishes, wishes.toReversed()]) {
    const plan = planWidening(networks, order);
    expect(plan.widened.map(tell)).toEqual(['a 10.0.0.10-10.0.0.24', 'b 10.0.0.30-10.0.0.50']);
    // What one wished is the other's by now.
    expect(plan.refused).toEqual([]);
  }
});

const worlds = fc
  .uniqueArray(fc.integer({ min: 0, max: 120 }), { minLength: 2, maxLength: 12 })
  .map((ends) => ends.toSorted((a, b) => a - b))
  .map((ends) =>
    Array.from({ length: Math.floor(ends.length / 2) }, (_, index) =>
      network(`n${index}`, ends[index * 2] ?? 0, ends[index * 2 + 1] ?? 0),
    ),
  )
  .chain((networks) =>
    fc.record({
      networks: fc.constant(networks),
      wishes: fc.array(
        fc.record({
          networkId: fc.constantFrom(...networks.map(({ id }) => id)),
          ip: fc.integer({ min: 0, max: 120 }).map(at),
        }),
        { maxLength: 12 },
      ),
    }),
  );

test('whatever is asked: ranges only grow, never meet, and every address is in one or refused', () => {
  fc.assert(
    fc.property(worlds, ({ networks, wishes }) => {
      const plan = planWidening(networks, wishes);
      const grown = new Map(plan.widened.map((one) => [one.id, one]));
      const after = networks.map((one) => grown.get(one.id) ?? one);
      for (const [index, one] of after.entries()) {
        const before = networks[index];
        if (before === undefined) throw new Error('a network is missing');
        expect(one.start.value <= before.start.value && one.end.value >= before.end.value).toBe(true);
        for (const other of after.slice(index + 1)) expect(rangesOverlap(one, other)).toBe(false);
      }
      const refused = new Set(plan.refused.map((one) => one.wish));
      for (const asked of wishes) {
        const held = after.some((one) => rangeHolds(one, asked.ip));
        if (!held) expect(refused.has(asked)).toBe(true);
      }
      for (const { wish: asked, inTheWay } of plan.refused) expect(inTheWay).not.toBe(asked.networkId);
      // No farther than asked.
      for (const one of plan.widened) {
        const before = networks.find(({ id }) => id === one.id);
        const asked = wishes.filter(({ networkId }) => networkId === one.id).map(({ ip }) => ip.value);
        expect(one.start.value === before?.start.value || asked.includes(one.start.value)).toBe(true);
        expect(one.end.value === before?.end.value || asked.includes(one.end.value)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
