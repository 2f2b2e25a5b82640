import type { ImportedNetworks, Translate } from '@wirebook/contract';
import type { StoredImport } from '../app/network-import.ts';
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
