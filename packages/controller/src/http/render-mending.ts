import type { Mending, Translate } from '@wirebook/contract';
import type { StoredMending, StoredRefusal } from '../app/mending.ts';
import { renderContradictions } from './render.ts';

/** Puts words to what was mended and what was not, in the reader's language. */
export function renderMending(mending: StoredMending, t: Translate): Mending {
  return {
    ...mending,
    refused: mending.refused.map((refusal) => renderRefusal(refusal, t)),
    remaining: mending.remaining.map((one) => ({ ...one, text: t(`reasons.titles.${one.code}`) })),
  };
}

function renderRefusal(refusal: StoredRefusal, t: Translate): Mending['refused'][number] {
  const { network, wire, nics, ips } = refusal;
  const params = {
    network: network.name,
    networkQuoted: network.id,
    wire: wire?.name ?? '-',
    wireQuoted: wire?.id ?? '-',
    ...wordsOf(refusal, t),
  };
  return {
    network,
    wire,
    nics,
    ips,
    text: t(`mending.${refusal.why}.text`, params),
    remedy: t(`mending.${refusal.why}.remedy`, params),
  };
}

function wordsOf(refusal: StoredRefusal, t: Translate): Record<string, string> {
  switch (refusal.why) {
    case 'suggested':
      return { contradiction: renderContradictions(refusal.contradictions, t) };
    case 'overlap': {
      const { id, name, start, end } = refusal.inTheWay;
      return { other: name, otherQuoted: id, start, end };
    }
    case 'excluded':
      return {};
  }
}
