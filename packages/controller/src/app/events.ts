import type { Event, eventQuery, List } from '@wirebook/contract';
import type { z } from 'zod';
import type { Queries } from '../store/database.ts';
import { listEvents as listEventRows } from '../store/events.ts';

export async function listEvents(db: Queries, query: z.output<typeof eventQuery>): Promise<List<Event>> {
  const { object, from, to, ...rest } = query;
  return listEventRows(db, { ...rest, objectId: object, notBefore: from, before: to });
}
