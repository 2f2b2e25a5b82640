import type { SearchItem, Translate } from '@wirebook/contract';
import type { FoundItem } from '../app/search-items.ts';

/** What stands beside the name, put together into one line. */
export function renderFound({ parts, ...item }: FoundItem, t: Translate): SearchItem {
  const [first = '', ...others] = parts.map(({ code, params }) => t(`search.${code}`, params));
  return {
    ...item,
    detail: others.reduce((before, next) => t('search.and', { first: before, second: next }), first),
  };
}
