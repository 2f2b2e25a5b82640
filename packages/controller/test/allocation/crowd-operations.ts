import fc from 'fast-check';

/** What one of many callers asks for next. Places are addresses of a network, counted from its first; picks choose among what there is. */
export type Operation =
  | { do: 'allocate'; network: number; count: number; expires: boolean }
  | { do: 'wish'; network: number; place: number }
  | { do: 'claim'; network: number; key: string; place: number | null }
  | { do: 'delete claim'; network: number; key: string }
  | { do: 'release'; pick: number; atMost: number }
  | { do: 'let expire'; pick: number }
  | { do: 'fix'; network: number; server: number; how: 'order' | 'mac' | 'clear'; place: number }
  | {
      do: 'reserve';
      network: number;
      kind: 'reserved' | 'dhcp';
      place: number;
      size: number;
      expires: boolean;
    }
  | { do: 'change reservation'; pick: number; place: number; size: number }
  | { do: 'delete reservation'; pick: number }
  | { do: 'let reservation expire'; pick: number }
  | { do: 'give'; network: number; parts: [number, number][] }
  | { do: 'resize'; network: number; end: number }
  | { do: 'turn'; network: number; policy: 'stepup' | 'stepdown' | 'random' }
  | { do: 'rest'; network: number; seconds: number };

/** Places of the range that nobody's changes touch: kept back for good, the gateway, and one that a stranger reports. */
export const KEPT = { reserved: [1, 4], gateway: 5, stranger: 6 } as const;
/** Where guests wander and addresses are fixed by hand: what is given there may become a NIC's. */
export const CONTESTED = { first: 10, last: 29 } as const;
/** The range ends here at first; it shrinks and grows around it. */
export const LAST_PLACE = 90;
const SMALLEST_END = 80;
const LARGEST_END = 100;
/** Where reservations come and go. */
const RESERVABLE = { first: 60, last: 78 } as const;

const KEYS = ['alpha', 'beta', 'gamma', 'delta'] as const;

/** `networks`: how many there are; those from `firstChurned` on may also be kept back in part, resized and turned round. */
function operation(networks: number, firstChurned: number): fc.Arbitrary<Operation> {
  const network = fc.nat(networks - 1);
  const churned = fc.integer({ min: firstChurned, max: networks - 1 });
  const pick = fc.nat(999);
  const place = fc.integer({ min: 1, max: LARGEST_END });
  const contested = fc.integer({ min: CONTESTED.first, max: CONTESTED.last });
  const reservable = fc.integer({ min: RESERVABLE.first, max: RESERVABLE.last });
  const half = SMALLEST_END / 2;
  const parts = fc
    .tuple(fc.integer({ min: 1, max: half - 15 }), fc.integer({ min: 5, max: 15 }), fc.boolean())
    .map(([first, size, both]): [number, number][] =>
      both
        ? [
            [first, first + size],
            [first + half, first + half + size],
          ]
        : [[first, first + size]],
    );
  const weighted: [number, fc.Arbitrary<Operation>][] = [
    [
      22,
      fc.record({
        do: fc.constant('allocate'),
        network,
        count: fc.constantFrom(1, 1, 1, 1, 2, 3, 7),
        expires: fc.integer({ min: 0, max: 3 }).map((nr) => nr === 0),
      }),
    ],
    [8, fc.record({ do: fc.constant('wish'), network, place: fc.oneof(place, contested) })],
    [
      14,
      fc.record({
        do: fc.constant('claim'),
        network,
        key: fc.constantFrom(...KEYS),
        place: fc.option(place, { freq: 4, nil: null }),
      }),
    ],
    [6, fc.record({ do: fc.constant('delete claim'), network, key: fc.constantFrom(...KEYS) })],
    [20, fc.record({ do: fc.constant('release'), pick, atMost: fc.constantFrom(1, 1, 3) })],
    [5, fc.record({ do: fc.constant('let expire'), pick })],
    [
      6,
      fc.record({
        do: fc.constant('fix'),
        network,
        server: pick,
        how: fc.constantFrom('order', 'mac', 'mac', 'clear'),
        place: contested,
      }),
    ],
    [
      4,
      fc.record({
        do: fc.constant('reserve'),
        network: churned,
        kind: fc.constantFrom('reserved', 'dhcp'),
        place: reservable,
        size: fc.nat(4),
        expires: fc.boolean(),
      }),
    ],
    [2, fc.record({ do: fc.constant('change reservation'), pick, place: reservable, size: fc.nat(4) })],
    [2, fc.record({ do: fc.constant('delete reservation'), pick })],
    [2, fc.record({ do: fc.constant('let reservation expire'), pick })],
    [
      2,
      fc.record({
        do: fc.constant('give'),
        network: churned,
        parts,
      }),
    ],
    [
      3,
      fc.record({
        do: fc.constant('resize'),
        network: churned,
        end: fc.integer({ min: SMALLEST_END, max: LARGEST_END }),
      }),
    ],
    [
      1,
      fc.record({
        do: fc.constant('turn'),
        network: churned,
        policy: fc.constantFrom('stepup', 'stepdown', 'random'),
      }),
    ],
    [3, fc.record({ do: fc.constant('rest'), network, seconds: fc.constantFrom(0, 0, 3600) })],
  ];
  return fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** What each caller does, one after another; the same for the same seed. */
export function plansOf(options: {
  callers: number;
  each: number;
  networks: number;
  firstChurned: number;
  seed: number;
}): Operation[][] {
  const { callers, each, networks, firstChurned, seed } = options;
  return fc.sample(
    fc.array(operation(networks, firstChurned), { minLength: each, maxLength: each, size: 'max' }),
    { numRuns: callers, seed },
  );
}
