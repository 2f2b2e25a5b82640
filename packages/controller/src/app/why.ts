import type { Translate, Why, whyQuery } from '@wirebook/contract';
import type { z } from 'zod';
import type { Queries } from '../store/database.ts';

export function explain(_db: Queries, _query: z.output<typeof whyQuery>, _t: Translate): Promise<Why> {
  throw new Error('not built yet');
}
