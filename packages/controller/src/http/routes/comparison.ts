import { compareInput, comparison } from '@wirebook/contract';
import { compareWithList } from '../../app/comparison/comparison.ts';
import { type App, refusals, type RouteParts } from '../app.ts';
import { renderComparison } from '../render-lists.ts';

/** A list from elsewhere held against what is. */
export function addComparisonRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.post(
    '/compare',
    {
      // It only reads; the list is too long for a URL.
      config: { role: 'viewer' },
      schema: {
        tags: ['compare'],
        summary: 'Hold a list of addresses against who has or shows them; changes nothing',
        body: compareInput,
        response: { 200: comparison, ...refusals },
      },
    },
    async (request) => renderComparison(await compareWithList(db, request.body), words.of(request)),
  );
}
