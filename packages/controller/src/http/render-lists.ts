import type { Comparison, ImportedNetworks, ListDifference, Translate } from '@wirebook/contract';
import type { StoredComparison, StoredDifference } from '../app/comparison/comparison.ts';
import type { StoredImport } from '../app/network-import/import.ts';
import { quoted } from '../app/problem.ts';
import { joinSentences } from './render.ts';

/** Puts words to what came of a list that was kept elsewhere. */

export function renderImport(stored: StoredImport, t: Translate): ImportedNetworks {
  return {
    ...stored,
    items: stored.items.map(({ said, ...item }) => ({
      ...item,
      text: joinSentences(
        said.map(({ section, code, params }) => t(`${section}.${code}`, params)),
        t,
      ),
    })),
  };
}

export function renderComparison(stored: StoredComparison, t: Translate): Comparison {
  return { ...stored, items: stored.items.map((item) => renderDifference(item, t)) };
}

function renderDifference(item: StoredDifference, t: Translate): ListDifference {
  const { other, former, code, ...rest } = item;
  const params = {
    ip: item.ip ?? '-',
    listed: item.listed ?? '-',
    found: item.found ?? t('compare.nobody'),
    network: item.network?.name ?? '-',
    other: other ?? '-',
    name: former?.name ?? '-',
    until: former?.until ?? '-',
    // An address of another space is asked for there.
    asked:
      item.space === null || item.space.name === 'default'
        ? (item.ip ?? '-')
        : `${item.ip} --space ${quoted(item.space.name)}`,
  };
  const variant = former !== null || (item.kind === 'network' && item.network === null) ? '_more' : '';
  const sentences = [
    code === null
      ? t(`compare.${item.kind}.text${variant}`, params)
      : t('compare.unreadable.text', { ...params, why: t(`fields.${code}`) }),
    ...(item.kind === 'ghost' ? [] : item.evidence.slice(0, 1).map((one) => tellPresence(one, t))),
  ];
  return {
    ...rest,
    text: joinSentences(sentences, t) ?? '',
    remedy: t(`compare.${item.kind}.remedy`, params),
  };
}

function tellPresence(presence: ListDifference['evidence'][number], t: Translate): string {
  const { source, name, wire, since } = presence;
  return t(`compare.where.${source}`, {
    name: name ?? t('compare.nobody'),
    wire: wire?.name ?? '-',
    since: since ?? '-',
    context: wire === null ? '' : 'wire',
  });
}
