import type { TFunction } from 'i18next';
import type { Schemas } from '../../../api.ts';

export type Block = Schemas['AddressBlock'];
export type State = NonNullable<Block['state']>;

/** In the order of the legend; where a block has as many of two, the earlier one gives it its colour. */
export const states: readonly State[] = [
  'conflict',
  'used',
  'held',
  'seen',
  'reserved',
  'dhcp',
  'gateway',
  'resting',
  'free',
  'not_given',
];
const untaken: ReadonlySet<State> = new Set(['free', 'not_given']);

function countOf(block: Block, state: State): number {
  return block.states[state] ?? 0;
}

/**
 * What a cell looks like. A block has the colour of what most of its taken addresses are: a /24 with three servers in it shows that they are there;
 * how many is the strip at its foot.
 */
export function lookOf(block: Block): { state: State; taken: number | null; conflict: boolean } {
  if (block.state !== null) return { state: block.state, taken: null, conflict: false };
  let state: State = countOf(block, 'free') >= countOf(block, 'not_given') ? 'free' : 'not_given';
  let most = 0;
  let left = 0;
  for (const one of states) {
    const count = countOf(block, one);
    if (untaken.has(one)) left += count;
    else if (count > most) {
      most = count;
      state = one;
    }
  }
  return {
    state,
    // Of a huge block with one server in it the strip is still to be seen.
    taken: most === 0 ? 0 : Math.max(0.06, Math.min(1, 1 - left / block.count)),
    conflict: countOf(block, 'conflict') > 0,
  };
}

/** Who has an address, by name. */
export function whoHas(item: Pick<Block, 'server' | 'holder' | 'key'>): string | null {
  return item.server?.name ?? item.holder?.name ?? item.key;
}

/** The number in a cell: its last octet, or the octet that counts the blocks. */
export function numberIn(family: 4 | 6, value: bigint, bits: bigint): string {
  const octet = (value >> bits) & 0xffn;
  return family === 4 ? octet.toString() : octet.toString(16).padStart(2, '0');
}

/** A cell in words: what is said on hovering, and to a screen reader. */
export function describeCells(
  t: TFunction,
  count: (count: number) => string,
): (block: Block, name: string) => string {
  const words = new Map(states.map((state) => [state, t(`states.address.${state}`)]));
  const sources = {
    tools: t('states.source.tools'),
    manual: t('states.source.manual'),
    allocated: t('states.source.allocated'),
  };
  return (block, name) => {
    const parts =
      block.state === null
        ? states.flatMap((state) =>
            countOf(block, state) === 0 ? [] : [`${words.get(state)} ${count(countOf(block, state))}`],
          )
        : [
            words.get(block.state),
            whoHas(block),
            block.source === null ? null : sources[block.source],
          ].filter((part) => part !== null && part !== undefined);
    return `${name} · ${parts.join(' · ')}`;
  };
}
