import { kinds } from './catalogue/zh/kinds.ts';
import { page } from './catalogue/zh/page/index.ts';

/** The texts of the page alone: what a browser loads, of one language. */
export const texts = { ...page, kinds } as const;
