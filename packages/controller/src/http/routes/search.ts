import { searchAnswer, searchQuery } from '@wirebook/contract';
import { search } from '../../app/search.ts';
import { type App, refusals, type RouteParts } from '../app.ts';
import { renderFound } from '../render-search.ts';

export function addSearchRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.get(
    '/search',
    {
      schema: {
        tags: ['search'],
        summary:
          'Look for anything: by name, address, prefix, MAC or UUID; or for many addresses and MACs at once',
        querystring: searchQuery,
        response: { 200: searchAnswer, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const answer = await search(db, request.query);
      return { ...answer, items: answer.items.map((item) => renderFound(item, t)) };
    },
  );
}
