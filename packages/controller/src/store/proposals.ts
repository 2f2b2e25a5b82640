import { sql } from 'kysely';
import type { Contradiction } from '../domain/additional-wires.ts';
import { parseAddress, parsePrefix } from '../domain/addresses.ts';
import { isUuid } from '../domain/ids.ts';
import { addressKey } from '../domain/matching.ts';
import type { ProposalInput, ProposalUse, ProposalWire } from '../domain/proposals.ts';
import type { KnownRange } from '../domain/subnets.ts';
import type { Queries, Tx } from './database.ts';
import { loadShared } from './matching.ts';
import { readSpan } from './spans.ts';
import { gatewaysOfNic, loadWireFacts, reportsLive } from './wire-detection.ts';

/** What proposals are made of, and what words are put to them with. */
export interface ProposalFacts {
  readonly input: ProposalInput;
  /** Address spaces by name. */
  readonly spaces: ReadonlyMap<string, string>;
  /** `spaceId name` of networks. */
  readonly networkNames: ReadonlySet<string>;
}

/** Everything that proposals ask. What is settled already is not read: it follows the number of addresses without a record. */
export async function loadProposalFacts(db: Queries): Promise<ProposalFacts> {
  const uses = await loadUnsettled(db);
  const wires = await loadProposalWires(db, new Set(uses.map((use) => use.wireId)));
  const { rows } = await sql<{ id: string; name: string }>`SELECT id, name FROM address_spaces`.execute(db);
  const spaces = new Map(rows.map((row) => [row.name, row.id]));
  const networks = await sql<{ spaceId: string; space: string; name: string; span: string; cidr: string }>`
    SELECT n.space_id AS "spaceId", s.name AS space, n.name, n.span::text AS span, n.cidr::text AS cidr
    FROM networks n JOIN address_spaces s ON s.id = n.space_id`.execute(db);
  const shared = await loadShared(db, [...spaces.values()]);
  return {
    spaces,
    networkNames: new Set(networks.rows.map((row) => `${row.spaceId} ${row.name}`)),
    input: {
      uses: uses.filter((use) => wires.has(use.wireId)),
      wires,
      networks: new Map(
        [...Map.groupBy(networks.rows, (row) => row.space)].map(([space, own]) => [
          space,
          own.map(readRange),
        ]),
      ),
      isShared: (space, ip) => shared.has(addressKey(spaces.get(space) ?? '', ip)),
    },
  };
}

function readRange({ span, cidr }: { span: string; cidr: string }): KnownRange {
  const parsed = parsePrefix(cidr);
  if (parsed === null) throw new Error(`the database holds ${cidr}, which is no prefix`);
  return { range: readSpan(span), prefix: parsed.prefix };
}

/** Reasons say which addresses have no record for want of a network on their wire. */
async function loadUnsettled(db: Queries): Promise<ProposalUse[]> {
  const { rows } = await sql<{
    nicId: string;
    serverId: string;
    serverName: string;
    wireId: string;
    text: string;
    prefixLength: number | null;
    firstSeenAt: Date;
    gateways: string[];
    dns: string[];
    domain: string | null;
    covered: boolean;
  }>`
    SELECT DISTINCT ON (n.id, r.ip) n.id AS "nicId", s.server_id AS "serverId", sv.name AS "serverName",
      n.wire_id AS "wireId", host(r.ip) AS text, s.prefix_length AS "prefixLength", s.first_seen_at AS "firstSeenAt",
      ${gatewaysOfNic} AS gateways, ARRAY(SELECT jsonb_array_elements_text(sv.routing -> 'dns')) AS dns,
      sv.routing ->> 'domain' AS domain, r.code = 'other_wire' AS covered
    FROM nic_reasons r JOIN nics n ON n.id = r.nic_id AND n.missing_since IS NULL
    JOIN wires w ON w.id = n.wire_id AND w.purpose = 'vm' AND w.missing_since IS NULL
    JOIN sightings s ON s.nic_id = n.id AND s.ip = r.ip AND s.ended_at IS NULL AND s.candidate
    JOIN servers sv ON sv.id = n.server_id
    WHERE r.code IN ('no_network', 'other_wire') AND ${reportsLive}
    ORDER BY n.id, r.ip, s.first_seen_at`.execute(db);
  return rows.map(({ firstSeenAt, ...row }) => {
    const ip = parseAddress(row.text);
    if (ip === null) throw new Error(`the database holds ${row.text}, which is no address`);
    return { ...row, ip, firstSeenAt: firstSeenAt.getTime() };
  });
}

async function loadProposalWires(db: Queries, ids: ReadonlySet<string>): Promise<Map<string, ProposalWire>> {
  const facts = await loadWireFacts(db, ids);
  const { rows } = await sql<{
    id: string;
    spaceName: string;
    reporting: number;
    bound: boolean;
    apartFrom: { accountId: string; datacenter: string | null; contradictions: Contradiction[] }[];
  }>`
    SELECT w.id, s.name AS "spaceName",
      (SELECT count(DISTINCT o.server_id) FROM nics n JOIN sightings o ON o.nic_id = n.id AND o.ended_at IS NULL
        AND o.candidate WHERE n.wire_id = w.id AND n.missing_since IS NULL) AS reporting,
      EXISTS (SELECT FROM network_wires l WHERE l.wire_id = w.id AND l.origin IN ('primary', 'declared', 'detected')) AS bound,
      coalesce((SELECT json_agg(json_build_object('accountId', p.account_id, 'datacenter', p.datacenter,
          'contradictions', l.contradiction) ORDER BY l.evidence_count DESC, l.network_id)
        FROM network_wires l JOIN network_wires o ON o.network_id = l.network_id AND o.origin = 'primary'
        JOIN wires p ON p.id = o.wire_id
        WHERE l.wire_id = w.id AND l.origin = 'suggested' AND l.contradiction IS NOT NULL), '[]') AS "apartFrom"
    FROM wires w JOIN address_spaces s ON s.id = w.space_id WHERE w.id = ANY(${[...ids]}::uuid[])`.execute(
    db,
  );
  return new Map(
    rows.flatMap(({ apartFrom, ...row }) => {
      const own = facts.get(row.id);
      if (own === undefined) return [];
      const apart = apartFrom.map(({ contradictions, ...primary }) => ({ primary, contradictions }));
      return [[row.id, { ...own, ...row, apartFrom: apart }] as const];
    }),
  );
}

/** A network that was made from a proposal. */
export interface AcceptedNetwork {
  readonly id: string;
  readonly name: string;
  readonly cidr: string;
  readonly proposalId: string;
}

/** The networks that were made from these proposals, by the ids of the proposals, or by their own names or prefixes. */
export async function findAccepted(db: Queries, proposals: readonly string[]): Promise<AcceptedNetwork[]> {
  const { rows } = await sql<AcceptedNetwork>`
    SELECT id, name, cidr::text AS cidr, proposal_id AS "proposalId" FROM networks
    WHERE proposal_id IN (SELECT p::uuid FROM unnest(${proposals.filter(isUuid)}::text[]) p)
      OR (proposal_id IS NOT NULL AND (name = ANY(${[...proposals]}) OR cidr::text = ANY(${[...proposals]})))`.execute(
    db,
  );
  return rows;
}

export async function rememberProposal(tx: Tx, networkId: string, proposalId: string): Promise<void> {
  await sql`UPDATE networks SET proposal_id = ${proposalId} WHERE id = ${networkId}`.execute(tx);
}

/** The network of the other family on the same wire that has no companion yet, if there is exactly one. */
export async function findCompanionFor(tx: Tx, networkId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    SELECT o.id FROM networks n JOIN network_wires l ON l.network_id = n.id AND l.origin = 'primary'
    JOIN network_wires k ON k.wire_id = l.wire_id AND k.origin = 'primary' AND k.network_id <> n.id
    JOIN networks o ON o.id = k.network_id
    WHERE n.id = ${networkId} AND n.companion_id IS NULL AND o.family <> n.family AND o.companion_id IS NULL
      AND (SELECT count(*) FROM network_wires x JOIN networks y ON y.id = x.network_id
        WHERE x.wire_id = l.wire_id AND x.origin = 'primary' AND y.family = n.family) = 1
    LIMIT 2`.execute(tx);
  const [only, second] = rows;
  return only === undefined || second !== undefined ? null : only.id;
}
