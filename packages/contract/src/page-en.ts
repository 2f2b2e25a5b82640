import { kinds } from './catalogue/en/kinds.ts';
import { page } from './catalogue/en/page/index.ts';

/** The texts of the page alone: what a browser loads, of one language. */
export const texts = { ...page, kinds } as const;
