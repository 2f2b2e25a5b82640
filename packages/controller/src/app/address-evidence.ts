import type {
  AddressDetails,
  ClaimDetail,
  ConflictDetail,
  PartDetail,
  SightingDetail,
} from '../store/address-details.ts';
import type { ListedReservation } from '../store/network-addresses.ts';
import type { AddressRun } from './address-runs.ts';

/** One sentence of the catalogue `evidence`: what says who has an address, or what it is. */
export interface Evidence {
  readonly code: string;
  readonly params: Record<string, string | number>;
}

/** What a page's details say of one address. */
export interface RunDetails {
  readonly claims: readonly ClaimDetail[];
  readonly sightings: readonly SightingDetail[];
  readonly conflicts: readonly ConflictDetail[];
  readonly parts: readonly PartDetail[];
}

export type DetailsByAddress = { readonly [K in keyof RunDetails]: ReadonlyMap<string, RunDetails[K]> };

export function openDetails(details: AddressDetails): DetailsByAddress {
  return {
    claims: Map.groupBy(details.claims, (one) => one.ip),
    sightings: Map.groupBy(details.sightings, (one) => one.ip),
    conflicts: Map.groupBy(details.conflicts, (one) => one.ip),
    parts: Map.groupBy(details.parts, (one) => one.ip),
  };
}

/** `ip`: canonical. */
export function findOwn(details: DetailsByAddress, ip: string): RunDetails {
  return {
    claims: details.claims.get(ip) ?? [],
    sightings: details.sightings.get(ip) ?? [],
    conflicts: details.conflicts.get(ip) ?? [],
    parts: details.parts.get(ip) ?? [],
  };
}

/** What says that the run is what it is, the weightiest first; nothing of addresses that are merely free. */
export function evidenceOf(of: {
  run: AddressRun;
  reservation: ListedReservation | null;
  details: RunDetails;
  /** For addresses that rest. */
  rest: { since: string; until: string } | null;
}): Evidence[] {
  const { run, reservation, details, rest } = of;
  const { claims, sightings, conflicts, parts } = details;
  const facts = run.about ?? [];
  const countOf = (kind: string): number => facts.find((fact) => fact.kind === kind)?.count ?? 0;
  const said: Evidence[] = [];
  for (const conflict of conflicts) said.push(sayConflict(conflict, claims));
  const shared = countOf('shared');
  if (shared > 1) {
    const names = claims
      .map((claim) => claim.server?.name ?? claim.holder?.name ?? '')
      .filter((name) => name !== '');
    said.push({ code: 'shared', params: { count: shared, names: names.join(', ') } });
  } else {
    for (const claim of claims) said.push(...sayClaim(claim));
  }
  for (const part of parts) said.push({ code: partCode(part.kind), params: { object: part.object } });
  if (reservation !== null) said.push(sayReservation(reservation));
  if (run.state === 'resting' && rest !== null) said.push({ code: 'resting', params: rest });
  // Of an address that a NIC has, its own reports are said with the claim.
  const reported = claims.some((claim) => claim.nic !== null) ? [] : sightings;
  for (const sighting of reported) said.push(saySighting(sighting, countOf('seen')));
  if (claims.length === 0 && countOf('declared') > 0) said.push({ code: 'declared', params: {} });
  return said;
}

function sayConflict(conflict: ConflictDetail, claims: readonly ClaimDetail[]): Evidence {
  const holder = claims[0]?.server?.name ?? claims[0]?.holder?.name ?? claims[0]?.key ?? '-';
  const { claimant, since, kind } = conflict;
  return { code: `conflict_${kind}`, params: { holder, claimant, since } };
}

/** Where a claim came from, and what its NIC says now. */
export function sayClaim(claim: ClaimDetail): Evidence[] {
  const origin: Evidence[] = [];
  if (claim.nic === null) {
    const holder = claim.holder?.name || (claim.source === 'allocated' ? '' : (claim.key ?? ''));
    if (holder !== '') origin.push({ code: 'holder', params: { holder } });
    else if (claim.key !== null) origin.push({ code: 'hold_key', params: { key: claim.key } });
    else origin.push({ code: claim.source === 'allocated' ? 'hold' : 'entered', params: {} });
    if ((claim.holder?.note ?? '') !== '')
      origin.push({ code: 'note', params: { note: claim.holder?.note ?? '' } });
    return origin;
  }
  const server = claim.server?.name ?? '-';
  if (claim.source !== 'tools') origin.push({ code: claim.source, params: {} });
  if (claim.reportedSince !== null)
    return [...origin, { code: 'reported', params: { server, since: claim.reportedSince } }];
  if (claim.contradictedBy.length > 0)
    return [...origin, { code: 'contradicted', params: { server, ips: claim.contradictedBy.join(', ') } }];
  if (claim.reportedUntil !== null)
    return [...origin, { code: 'reported_last', params: { server, until: claim.reportedUntil } }];
  return [...origin, { code: 'never_reported', params: { server } }];
}

function partCode(kind: string): string {
  return kind === 'network' ? 'network_address' : kind;
}

function sayReservation({ kind, note }: ListedReservation): Evidence {
  return note === '' ? { code: kind, params: {} } : { code: `${kind}_noted`, params: { note } };
}

function saySighting(sighting: SightingDetail, count: number): Evidence {
  const params = { server: sighting.server.name, interface: sighting.interface, since: sighting.since };
  return count > 1 ? { code: 'seen_often', params: { ...params, count } } : { code: 'seen', params };
}
