import type { Accepted, Proposal, Translate } from '@wirebook/contract';
import type { StoredAcceptance } from '../app/proposals/acceptance.ts';
import type { StoredProposal } from '../app/proposals/list.ts';
import { renderContradictions, renderNetwork, renderNicCounts, renderNote } from './render.ts';

/** Puts words to proposals, in the reader's language. */

export function renderProposal(proposal: StoredProposal, t: Translate): Proposal {
  return {
    ...proposal,
    additionalWires: proposal.additionalWires.map((one) => ({ ...one, note: renderNote(one.note, t) })),
    suggestedWires: proposal.suggestedWires.map(({ contradictions, ...one }) => ({
      ...one,
      note: renderNote(one.note, t),
      contradiction: renderContradictions(contradictions, t),
    })),
    remaining: proposal.remaining.map(({ wire, ...one }) => ({
      ...one,
      text: t(`proposals.remaining.${one.code}`, { count: one.nics, wire: wire ?? '' }),
    })),
    objections: proposal.objections.map(({ code, params, contradictions = [] }) => ({
      code,
      text: t(`proposals.objection.${code}`, {
        ...params,
        contradiction: renderContradictions(contradictions, t),
      }),
    })),
  };
}

export function renderAcceptance(acceptance: StoredAcceptance, t: Translate): Accepted {
  return {
    ...acceptance,
    networks: acceptance.networks.map((one) => ({ ...one, network: renderNetwork(one.network, t) })),
    nics: renderNicCounts(acceptance.nics, t),
  };
}
