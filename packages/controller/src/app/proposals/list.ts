import { hash } from 'node:crypto';
import type { List, Proposal as ProposalObject, proposalQuery } from '@wirebook/contract';
import type { z } from 'zod';
import type { Contradiction, WireLink } from '../../domain/additional-wires.ts';
import { compareAddresses, formatAddress, formatPrefix, rangeHolds } from '../../domain/addresses.ts';
import { type Proposal, type ProposalUse, proposalKey, propose } from '../../domain/proposals.ts';
import type { Objection } from '../../domain/proposal-objections.ts';
import type { Queries } from '../../store/database.ts';
import { loadProposalFacts, type ProposalFacts } from '../../store/proposals.ts';
import { addressOfFilter } from '../inventory.ts';
import { resolveOptional } from '../names.ts';
import { pageOf } from '../pages.ts';
import { Problem } from '../problem.ts';
import { nameProposals } from './names.ts';

/** A proposal as it is answered, but for the words. */
export type StoredProposal = Omit<
  ProposalObject,
  'additionalWires' | 'suggestedWires' | 'remaining' | 'objections'
> & {
  additionalWires: (Omit<ProposalObject['additionalWires'][number], 'note'> & { note: WireLink['note'] })[];
  suggestedWires: (Omit<ProposalObject['suggestedWires'][number], 'note' | 'contradiction'> & {
    note: WireLink['note'];
    contradictions: readonly Contradiction[];
  })[];
  remaining: { code: 'taken' | 'other_wire'; nics: number; wire: string | null }[];
  objections: readonly Objection[];
};

/** A proposal with what accepting it asks. */
export interface OpenProposal {
  readonly shown: StoredProposal;
  readonly proposal: Proposal;
}

const EVIDENCE_SHOWN = 20;

export async function listProposals(
  db: Queries,
  query: z.output<typeof proposalQuery>,
): Promise<List<StoredProposal>> {
  const { space, wire, family, ip, q, ...position } = query;
  const address = addressOfFilter('ip', ip);
  const wireId = await resolveOptional(db, 'wire', wire);
  const text = q?.toLowerCase();
  const found = (await makeProposals(db)).filter(
    ({ shown, proposal }) =>
      (space === undefined || shown.space.name === space || shown.space.id === space) &&
      (family === undefined || shown.family === family) &&
      (address === undefined || rangeHolds(proposal.range, address)) &&
      (wireId === undefined ||
        shown.wire.id === wireId ||
        shown.additionalWires.some((one) => one.wire.id === wireId)) &&
      (text === undefined || `${shown.name} ${shown.cidr} ${shown.wire.name}`.toLowerCase().includes(text)),
  );
  return pageOf(
    found.map((one) => one.shown),
    position,
    {
      servers: (one) => one.servers,
      settles: (one) => one.settles,
      name: (one) => one.name,
      createdAt: (one) => one.createdAt,
    },
  );
}

/** By its id, name or prefix. Problems: `not_found`, `ambiguous`. */
export async function showProposal(db: Queries, asked: string): Promise<StoredProposal> {
  return pickProposal(await makeProposals(db), asked).shown;
}

export function pickProposal(open: readonly OpenProposal[], asked: string): OpenProposal {
  const found = open.filter(
    ({ shown }) => shown.id === asked.toLowerCase() || shown.name === asked || shown.cidr === asked,
  );
  const [only] = found;
  if (only === undefined)
    throw new Problem('not_found', { kind: 'proposal', name: asked, command: 'proposal' });
  if (found.length > 1) {
    throw new Problem(
      'ambiguous',
      { kind: 'proposal', name: asked, count: found.length },
      {
        objects: found
          .slice(0, 11)
          .map(({ shown }) => ({ kind: 'proposal', id: shown.id, name: shown.name })),
      },
    );
  }
  return only;
}

/** What could be accepted now, those of most servers first. Reads only. */
export async function makeProposals(db: Queries): Promise<OpenProposal[]> {
  const facts = await loadProposalFacts(db);
  const proposals = propose(facts.input);
  const names = nameProposals(proposals, facts);
  const ids = proposals.map(proposalId);
  const companions = companionsOf(proposals);
  return proposals.map((proposal, index) => {
    const companion = companions.get(index);
    return {
      proposal,
      shown: describe(proposal, facts, {
        id: ids[index] ?? '',
        name: names[index] ?? '',
        companion: companion === undefined ? null : (ids[companion] ?? null),
      }),
    };
  });
}

/** The same for the same space and range, whenever and wherever it is made (RFC 9562, version 8). */
function proposalId(proposal: Proposal): string {
  const digest = hash('sha256', proposalKey(proposal), 'hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** The only two of a wire, one of each address family, are for each other. By index. */
function companionsOf(proposals: readonly Proposal[]): Map<number, number> {
  const byWire = Map.groupBy(proposals.keys(), (index) => proposals[index]?.primaryWireId ?? '');
  const companions = new Map<number, number>();
  for (const [one, other, more] of byWire.values()) {
    if (one === undefined || other === undefined || more !== undefined) continue;
    if (proposals[one]?.prefix.network.family === proposals[other]?.prefix.network.family) continue;
    companions.set(one, other).set(other, one);
  }
  return companions;
}

function describe(
  proposal: Proposal,
  facts: ProposalFacts,
  named: { id: string; name: string; companion: string | null },
): StoredProposal {
  const { prefix, range, uses } = proposal;
  const { wires } = facts.input;
  const refOf = (id: string): { id: string; name: string } => ({ id, name: wires.get(id)?.name ?? '' });
  const seen = uses.map((use) => use.firstSeenAt);
  const linksOf = (origin: WireLink['origin']): WireLink[] =>
    proposal.links.filter((link) => link.origin === origin);
  return {
    ...named,
    createdAt: new Date(seen.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER)).toISOString(),
    updatedAt: new Date(seen.reduce((a, b) => Math.max(a, b), 0)).toISOString(),
    space: { id: facts.spaces.get(proposal.spaceName) ?? null, name: proposal.spaceName },
    movesWires: proposal.moves.map(refOf),
    family: prefix.network.family,
    cidr: formatPrefix(prefix),
    start: formatAddress(range.start),
    end: formatAddress(range.end),
    prefixLength: prefix.length,
    gateway: proposal.gateway,
    dns: [...proposal.dns],
    domain: proposal.domain,
    wire: refOf(proposal.primaryWireId),
    additionalWires: linksOf('detected').map(({ wireId, servers, note }) => ({
      wire: refOf(wireId),
      servers,
      note,
    })),
    suggestedWires: linksOf('suggested').map(({ wireId, servers, note, contradictions }) => ({
      wire: refOf(wireId),
      servers,
      note,
      contradictions,
    })),
    servers: proposal.servers,
    settles: countNics(proposal.settles),
    remaining: remainingOf(proposal, refOf),
    evidence: uses
      .toSorted((a, b) => compareAddresses(a.ip, b.ip))
      .slice(0, EVIDENCE_SHOWN)
      .map((use) => ({
        server: { id: use.serverId, name: use.serverName },
        wire: refOf(use.wireId),
        ip: use.text,
        prefixLength: use.prefixLength,
        gateways: [...use.gateways],
      })),
    objections: proposal.objections,
  };
}

function remainingOf(
  proposal: Proposal,
  refOf: (id: string) => { name: string },
): StoredProposal['remaining'] {
  const taken = countNics(proposal.taken);
  return [
    ...(taken === 0 ? [] : [{ code: 'taken' as const, nics: taken, wire: null }]),
    ...[...Map.groupBy(proposal.unsettled, (use) => use.wireId)].map(([wireId, own]) => ({
      code: 'other_wire' as const,
      nics: countNics(own),
      wire: refOf(wireId).name,
    })),
  ];
}

function countNics(uses: readonly ProposalUse[]): number {
  return new Set(uses.map((use) => use.nicId)).size;
}
