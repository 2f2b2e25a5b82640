import { formatAddress } from '../../domain/addresses.ts';
import type { Proposal } from '../../domain/proposals.ts';
import type { ProposalFacts } from '../../store/proposals.ts';

/** The longest name that leaves room for what tells it from others; the contract takes 128 characters. */
const WIRE_NAME_AT_MOST = 64;

/**
 * The names that networks made of proposals would get: their wire's, with the address family or the network address where that alone would
 * not tell them apart. Unique in each space, and none that a network there has.
 */
export function nameProposals(proposals: readonly Proposal[], facts: ProposalFacts): string[] {
  const used = new Set<string>();
  const wiresByName = Map.groupBy(new Set(proposals.map((one) => one.primaryWireId)), (id) =>
    cleaned(facts.input.wires.get(id)?.name ?? ''),
  );
  return proposals.map((proposal) => {
    const { spaceName, prefix } = proposal;
    const wire = cleaned(facts.input.wires.get(proposal.primaryWireId)?.name ?? '');
    const address = formatAddress(prefix.network);
    const candidates = [
      // Two port groups may have one name: then it tells nothing by itself.
      ...((wiresByName.get(wire)?.length ?? 0) > 1
        ? []
        : [prefix.network.family === 4 ? wire : `${wire}-v6`]),
      `${wire}-${address}`,
      `${wire}-${address}-${prefix.length}`,
      `${wire}-${formatAddress(proposal.range.start)}-${prefix.length}`,
    ];
    const spaceId = facts.spaces.get(spaceName) ?? '';
    const isFree = (name: string): boolean =>
      !used.has(`${spaceName} ${name}`) && !facts.networkNames.has(`${spaceId} ${name}`);
    let name = candidates.find(isFree);
    for (let number = 2; name === undefined; number += 1) {
      const numbered = `${wire}-${address}-${prefix.length}-${number}`;
      if (isFree(numbered)) name = numbered;
    }
    used.add(`${spaceName} ${name}`);
    return name;
  });
}

function cleaned(name: string): string {
  return (
    name
      .replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, WIRE_NAME_AT_MOST)
      .trim()
      .toWellFormed() || 'network'
  );
}
