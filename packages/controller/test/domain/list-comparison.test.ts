import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AddressRange,
  formatAddress,
  type IpAddress,
  prefixOf,
  rangeHolds,
} from '../../src/domain/addresses.ts';
import { agreeOnName } from '../../src/domain/host-names.ts';
import { joinRanges } from '../../src/domain/joined-ranges.ts';
import {
  compareList,
  type ComparedNetwork,
  type Difference,
  type KnownAddress,
  type ListedAddress,
  type Presence,
} from '../../src/domain/list-comparison.ts';

const at = (place: number): IpAddress => ({ family: 4, value: 0x0a010200n + BigInt(place) });
const NAMES = ['web', 'web.example', 'WEB.', 'db', 'web.example.org', 'web.other'] as const;
const MACS = ['00:50:56:00:00:01', '00:50:56:00:00:02'] as const;

const presence: fc.Arbitrary<Presence> = fc.record({
  names: fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }),
  mac: fc.constantFrom(null, ...MACS),
});
const known = fc.record({
  place: fc.nat({ max: 12 }),
  presences: fc.array(presence, { maxLength: 3 }),
  kept: fc.boolean(),
});
const row = fc.record({
  place: fc.nat({ max: 12 }),
  prefixLength: fc.constantFrom(null, 24, 25, 32),
  names: fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }),
  mac: fc.constantFrom(null, ...MACS),
  network: fc.constantFrom(null, 'Left', 'right', '10.1.2.0/24', '10.1.2.0/25', 'nowhere'),
  vrf: fc.constantFrom('', 'red'),
  use: fc.constantFrom<ListedAddress['use']>('used', 'used', 'kept', 'free'),
});
/** Two networks of one prefix: places 0 to 4 and 6 to 9. What lies beyond is in none. */
const networks: ComparedNetwork[] = [
  { id: '1', name: 'left', range: { start: at(0), end: at(4) }, prefix: prefixOf(at(0), 24) },
  { id: '2', name: 'right', range: { start: at(6), end: at(9) }, prefix: prefixOf(at(0), 25) },
];
const networkOf = (ip: IpAddress): ComparedNetwork | undefined =>
  networks.find((network) => rangeHolds(network.range, ip));
const isNetwork = (text: string): boolean =>
  ['left', 'right', '10.1.2.0/24', '10.1.2.0/25'].includes(text.toLowerCase());

const world = fc
  .record({
    rows: fc.array(row, { maxLength: 10 }),
    knowns: fc.uniqueArray(known, { maxLength: 10, selector: (one) => one.place }),
    covered: fc.uniqueArray(fc.nat({ max: 12 })),
  })
  .map(({ rows, knowns, covered }) => ({
    rows: rows.map(({ place, ...one }, index): ListedAddress => ({
      ...one,
      index,
      line: index + 2,
      ip: at(place),
    })),
    known: new Map(
      knowns.map(({ place, ...one }): [string, KnownAddress] => [
        formatAddress(at(place)),
        { ...one, ip: at(place) },
      ]),
    ),
    covered: new Set(covered.map((place) => formatAddress(at(place)))),
  }));

/** The rules one by one, each gone through from the beginning. Names agree where the dotted parts of one begin with those of the other. */
function slowly({
  rows,
  known: facts,
  covered,
}: typeof world extends fc.Arbitrary<infer T> ? T : never): string[] {
  const parts = (name: string): string[] => name.toLowerCase().split('.').filter(Boolean);
  const agree = (a: string, b: string): boolean => {
    const [one, two] = [parts(a), parts(b)];
    return one.every((part, index) => two[index] === undefined || two[index] === part);
  };
  const said: string[] = [];
  for (const [index, one] of rows.entries()) {
    const text = formatAddress(one.ip);
    const before = rows.slice(0, index).filter((other) => formatAddress(other.ip) === text);
    const first = before.find((other) => other.vrf === one.vrf);
    if (first !== undefined) said.push(`duplicate ${one.line} of ${first.line}`);
    const fact = facts.get(text);
    const [names, macs] = [
      (fact?.presences ?? []).flatMap((each) => each.names),
      (fact?.presences ?? []).flatMap((each) => each.mac ?? []),
    ];
    const present = (fact?.presences.length ?? 0) > 0;
    if (one.use === 'free') {
      if (present) said.push(`status ${one.line}`);
      continue;
    }
    if (one.use === 'used' && !present && fact?.kept !== true && before.every((each) => each.use !== 'used'))
      said.push(`ghost ${one.line}`);
    if (one.mac !== null && macs.length > 0 && !macs.includes(one.mac)) said.push(`mac ${one.line}`);
    if (one.names.length > 0 && names.length > 0 && !one.names.some((a) => names.some((b) => agree(a, b))))
      said.push(`name ${one.line}`);
    const place = Number(one.ip.value & 0xffn);
    const own = place <= 4 ? 'left 10.1.2.0/24' : place >= 6 && place <= 9 ? 'right 10.1.2.0/25' : '';
    const isOwn = one.network !== null && own.split(' ').includes(one.network.toLowerCase());
    const wrongName = one.network !== null && !isOwn && (own !== '' || one.network !== 'nowhere');
    const wrongLength =
      own !== '' &&
      one.prefixLength !== null &&
      one.prefixLength < 32 &&
      !own.endsWith(`/${one.prefixLength}`);
    if (wrongName || wrongLength) said.push(`network ${one.line}`);
  }
  for (const [text, fact] of facts) {
    if (fact.presences.length > 0 && covered.has(text) && !rows.some((one) => formatAddress(one.ip) === text))
      said.push(`stranger ${text}`);
  }
  return said.toSorted();
}

function tell({ kind, row: listed, ip, other }: Difference): string {
  if (listed === null) return `${kind} ${formatAddress(ip)}`;
  return `${kind} ${listed.line}${other === null ? '' : ` of ${other}`}`;
}

describe('a comparison', () => {
  test('finds what going through the rules one by one finds', () => {
    fc.assert(
      fc.property(world, (here) => {
        const found = compareList(here.rows, {
          known: here.known,
          networkOf,
          isNetwork,
          isCovered: (ip) => here.covered.has(formatAddress(ip)),
        });
        expect(found.map(tell).toSorted()).toEqual(slowly(here));
      }),
      { numRuns: 2000 },
    );
  });

  test('of a list that was made from what is finds nothing', () => {
    fc.assert(
      fc.property(world, ({ known: facts }) => {
        const rows = [...facts.values()].flatMap(({ ip, presences }, index): ListedAddress[] => {
          const network = networkOf(ip);
          return presences.length === 0
            ? []
            : [
                {
                  index,
                  line: index + 2,
                  ip,
                  prefixLength: network?.prefix.length ?? null,
                  names: presences[0]?.names.slice(0, 1) ?? [],
                  mac: presences[0]?.mac ?? null,
                  network: network?.name ?? null,
                  vrf: '',
                  use: 'used',
                },
              ];
        });
        expect(
          compareList(rows, { known: facts, networkOf, isNetwork, isCovered: () => true }).map(tell),
        ).toEqual([]);
      }),
    );
  });

  test('tells strangers by address, not by the order of what is known', () => {
    const facts = [9, 1, 5].map((place): [string, KnownAddress] => [
      formatAddress(at(place)),
      { ip: at(place), presences: [{ names: [], mac: null }], kept: false },
    ]);
    const found = compareList([], {
      known: new Map(facts),
      networkOf,
      isNetwork,
      isCovered: () => true,
    });
    expect(found.map(tell)).toEqual(['stranger 10.1.2.1', 'stranger 10.1.2.5', 'stranger 10.1.2.9']);
  });
});

test.each([
  ['web-1', 'WEB-1', true],
  ['web-1', 'web-1.corp.example', true],
  ['Web-1.Corp.Example.', 'web-1', true],
  ['web-1.corp', 'web-1.corp.example', true],
  ['web-1.corp', 'web-1.other', false],
  ['web-1', 'web-10', false],
  ['web-1', 'web-1-old', false],
  ['数据库', '数据库', true],
])('%s and %s are one machine: %s', (one, other, agrees) => {
  expect(agreeOnName(one, other)).toBe(agrees);
  expect(agreeOnName(other, one)).toBe(agrees);
});

test('joined ranges hold the same addresses, and lie apart', () => {
  const range = fc
    .tuple(fc.nat({ max: 30 }), fc.nat({ max: 5 }))
    .map(([start, length]): AddressRange => ({ start: at(start), end: at(start + length) }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 8 }), (ranges) => {
      const joined = joinRanges(ranges);
      for (let place = 0; place < 40; place += 1) {
        const holds = (each: AddressRange): boolean => rangeHolds(each, at(place));
        expect(joined.filter(holds).length).toBe(ranges.some(holds) ? 1 : 0);
      }
      for (const [index, each] of joined.entries()) {
        const next = joined[index + 1];
        if (next !== undefined) expect(next.start.value).toBeGreaterThan(each.end.value + 1n);
      }
    }),
  );
});
