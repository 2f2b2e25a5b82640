import {
  finding,
  findingList,
  findingParams,
  findingQuery,
  findingSummary,
  findingSummaryQuery,
} from '@wirebook/contract';
import { listFindings, showFinding, summarizeFindings } from '../../app/findings.ts';
import { renderFinding } from '../render-findings.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['findings'];

export function addFindingRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.get(
    '/findings',
    {
      schema: {
        tags,
        summary: 'What the observations show to be wrong, with what to do',
        querystring: findingQuery,
        response: { 200: findingList, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const list = await listFindings(db, request.query);
      return { ...list, items: list.items.map((item) => renderFinding(item, t)) };
    },
  );
  app.get(
    '/findings/summary',
    {
      schema: {
        tags,
        summary: 'How many findings there are of each kind',
        querystring: findingSummaryQuery,
        response: { 200: findingSummary, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const { findings, kinds } = await summarizeFindings(db, request.query);
      return { findings, kinds: kinds.map((one) => ({ ...one, text: t(`findings.titles.${one.kind}`) })) };
    },
  );
  app.get(
    '/findings/:id',
    {
      schema: {
        tags,
        summary: 'Show a finding, while it lasts',
        params: findingParams,
        response: { 200: finding, ...refusals },
      },
    },
    async (request) => renderFinding(await showFinding(db, request.params.id), words.of(request)),
  );
}
