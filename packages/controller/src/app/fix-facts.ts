import type { FixFacts, FixNic } from '../domain/fixing-facts.ts';
import { addressKey, type MatchNic, reportsLive } from '../domain/matching.ts';
import type { Tx } from '../store/database.ts';
import { findClaimsForFixing, findFixNames, findWireNames } from '../store/fixes.ts';
import { loadMatchInput } from '../store/matching.ts';
import { findObstacles } from '../store/obstacles.ts';
import { Problem } from './problem.ts';

/**
 * All that fixing must know. The transaction holds the spaces and the networks of these addresses. Problems: `request_in_progress` where a
 * NIC has gone to another space since they were looked up.
 */
export async function loadFixFacts(
  tx: Tx,
  options: {
    serverIds: readonly string[];
    spaceIds: readonly string[];
    ips: readonly string[];
    now: Date;
  },
): Promise<FixFacts> {
  const { serverIds, spaceIds, ips, now } = options;
  const sightings = await findStraySightings(tx, options);
  // Matching knows which servers report live, and which networks their wires have.
  const input = await loadMatchInput(tx, {
    serverIds: [...new Set([...serverIds, ...sightings.map((one) => one.serverId)])],
    run: null,
    now,
  });
  const names = await findFixNames(tx, serverIds);
  if (names.nics.some((nic) => !spaceIds.includes(nic.spaceId))) throw new Problem('request_in_progress');
  const wireNames = await findWireNames(tx, [
    ...new Set(input.networks.map((network) => network.primaryWireId)),
  ]);
  const { claims, shared } = await findClaimsForFixing(tx, { serverIds, spaceIds, ips, now });

  const matched = new Map(input.nics.map((nic) => [nic.id, nic]));
  const nicsByServer = Map.groupBy(names.nics, (nic) => nic.serverId);
  const speaking = new Set(input.nics.filter(isSpeaking).map((nic) => nic.server.id));
  const seen = new Map<string, { serverId: string; name: string }[]>();
  for (const { spaceId, ip, serverId, nicId, name } of sightings) {
    const card = nicId === null ? undefined : matched.get(nicId);
    if (card === undefined ? !speaking.has(serverId) : !isSpeaking(card)) continue;
    const key = addressKey(spaceId, ip);
    const list = seen.get(key);
    if (list === undefined) seen.set(key, [{ serverId, name }]);
    else list.push({ serverId, name });
  }
  return {
    servers: new Map(
      names.servers.map((server) => [
        server.id,
        {
          ...server,
          nics: (nicsByServer.get(server.id) ?? []).map((nic): FixNic => ({
            ...nic,
            reported: reportedOn(matched.get(nic.id)),
          })),
        },
      ]),
    ),
    networks: input.networks.map(({ id, name, spaceId, range, prefix, primaryWireId, wireIds }) => ({
      id,
      name,
      spaceId,
      range,
      prefix,
      wireIds,
      primaryWire: { id: primaryWireId, name: wireNames.get(primaryWireId) ?? '-' },
    })),
    claims,
    shared,
    seen,
  };
}

/** What a server that is off, or a card that is gone, reported last says nothing about now. */
function isSpeaking(nic: MatchNic): boolean {
  return !nic.missing && reportsLive(nic.server);
}

function reportedOn(nic: MatchNic | undefined): ReadonlySet<string> {
  return new Set(nic !== undefined && isSpeaking(nic) ? nic.addresses.map((address) => address.text) : []);
}

interface StraySighting {
  readonly spaceId: string;
  readonly ip: string;
  readonly serverId: string;
  readonly nicId: string | null;
  readonly name: string;
}

/** Interfaces that report one of the addresses without having it. */
async function findStraySightings(
  tx: Tx,
  options: { spaceIds: readonly string[]; ips: readonly string[]; now: Date },
): Promise<StraySighting[]> {
  const found: StraySighting[] = [];
  for (const spaceId of options.spaceIds) {
    const obstacles = await findObstacles(tx, { spaceId, ips: options.ips, now: options.now });
    for (const [ip, list] of obstacles)
      for (const { code, serverId, nicId, params } of list)
        if (code === 'seen' && serverId !== null)
          found.push({ spaceId, ip, serverId, nicId, name: String(params['object']) });
  }
  return found;
}
