import {
  accepted,
  acceptInput,
  dryRunQuery,
  nameOrIdParams,
  proposal,
  proposalList,
  proposalQuery,
} from '@wirebook/contract';
import { acceptProposals } from '../../app/proposals/acceptance.ts';
import { listProposals, showProposal } from '../../app/proposals/list.ts';
import { actorOf } from '../authentication.ts';
import { renderAcceptance, renderProposal } from '../render-proposals.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['proposals'];

/** Networks as an administrator would type them in, from what guests report. */
export function addProposalRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.get(
    '/proposals',
    {
      schema: {
        tags,
        summary: 'List the networks that what guests report speaks for',
        querystring: proposalQuery,
        response: { 200: proposalList, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const list = await listProposals(db, request.query);
      return { ...list, items: list.items.map((item) => renderProposal(item, t)) };
    },
  );
  app.get(
    '/proposals/:id',
    {
      schema: {
        tags,
        summary: 'Show a proposed network, by its id, name or prefix',
        params: nameOrIdParams,
        response: { 200: proposal, ...refusals },
      },
    },
    async (request) => renderProposal(await showProposal(db, request.params.id), words.of(request)),
  );
  app.post(
    '/proposals/accept',
    {
      schema: {
        tags,
        summary: 'Make proposed networks, and the address spaces that they need, all of them or none',
        querystring: dryRunQuery,
        body: acceptInput,
        response: { 200: accepted, ...refusals },
      },
    },
    async (request) =>
      renderAcceptance(
        await acceptProposals(db, request.body, {
          actor: actorOf(request),
          dryRun: request.query.dryRun === true || request.body.dryRun === true,
        }),
        words.of(request),
      ),
  );
}
