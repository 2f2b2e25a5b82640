import type { IpAddress } from '../../src/domain/addresses.ts';
import { parseAddress, parsePrefix } from '../../src/domain/addresses.ts';
import type {
  MatchAddress,
  MatchClaim,
  MatchInput,
  MatchNetwork,
  MatchNic,
  MatchPlan,
  MatchServer,
} from '../../src/domain/matching.ts';

/** Small worlds for the tests of matching: servers, NICs, networks and claims by short names. */

export function ip(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return address;
}

export function server(name: string, set: Partial<MatchServer> = {}): MatchServer {
  return {
    id: name,
    accountId: 'vc',
    name,
    morefNumber: 100,
    poweredOn: true,
    template: false,
    readable: true,
    placeholder: false,
    tools: 'running',
    interfaceCount: 1,
    ...set,
  };
}

/** An address seen at the given time. */
export function seen(text: string, firstSeenAt = 1): MatchAddress {
  return { ip: ip(text), text, firstSeenAt };
}

export function nic(
  id: string,
  on: MatchServer,
  wireId: string | null,
  addresses: readonly (string | MatchAddress)[] = [],
  set: Partial<MatchNic> = {},
): MatchNic {
  return {
    id,
    server: on,
    spaceId: 'default',
    wireId,
    mac: null,
    position: 0,
    connected: true,
    missing: false,
    addresses: addresses.map((address) => (typeof address === 'string' ? seen(address) : address)),
    ...set,
  };
}

/** A network from `first-last/length` on a wire, and on the additional wires after it. */
export function network(
  name: string,
  range: string,
  wires: readonly [string, ...string[]],
  set: Partial<MatchNetwork> = {},
): MatchNetwork {
  const [, first = '', last = '', length = ''] = /^(.+)-(.+)\/(\d+)$/.exec(range) ?? [];
  const prefix = parsePrefix(`${first}/${length}`)?.prefix;
  if (prefix === undefined) throw new Error(`${range} is no range`);
  return {
    id: name,
    name,
    spaceId: 'default',
    family: ip(first).family,
    range: { start: ip(first), end: ip(last) },
    prefix,
    primaryWireId: wires[0],
    wireIds: new Set(wires),
    dhcpRanges: [],
    ...set,
  };
}

export function claim(
  id: string,
  text: string,
  holder: MatchNic | null,
  set: Partial<MatchClaim> = {},
): MatchClaim {
  return {
    id,
    spaceId: holder?.spaceId ?? 'default',
    ip: ip(text),
    text,
    networkId: 'web',
    nicId: holder?.id ?? null,
    serverId: holder?.server.id ?? null,
    mac: null,
    expired: false,
    source: 'tools',
    absentSinceRun: null,
    contradictedBy: [],
    ...set,
  };
}

export function world(set: Partial<MatchInput>): MatchInput {
  return { nics: [], networks: [], claims: [], shared: new Set(), runId: 'run-1', ...set };
}

/** The world after the plan was carried out: what a store would hold then. */
export function applyPlan(input: MatchInput, plan: MatchPlan): MatchInput {
  const ended = new Set(plan.end.map(({ claim }) => claim.id));
  const absent = new Map(plan.absent.map(({ claim, sinceRun }) => [claim.id, sinceRun]));
  const contradicted = new Map(plan.contradicted.map(({ claim, by }) => [claim.id, by]));
  const adopted = new Map(plan.adopt.map(({ claim, nic }) => [claim.id, nic]));
  const kept = input.claims
    .filter((claim) => !ended.has(claim.id))
    .map((claim): MatchClaim => {
      const taker = adopted.get(claim.id);
      const since = absent.get(claim.id);
      return {
        ...claim,
        ...(taker === undefined ? {} : { nicId: taker.id, serverId: taker.server.id, mac: null }),
        absentSinceRun: since === undefined ? claim.absentSinceRun : since,
        contradictedBy: contradicted.get(claim.id) ?? claim.contradictedBy,
      };
    });
  const made = plan.create.map((record, index): MatchClaim => ({
    id: `made-${index}-${record.nic.id}-${record.ip}`,
    spaceId: record.nic.spaceId,
    ip: ip(record.ip),
    text: record.ip,
    networkId: record.network.id,
    nicId: record.nic.id,
    serverId: record.nic.server.id,
    mac: null,
    expired: false,
    source: 'tools',
    absentSinceRun: null,
    contradictedBy: [],
  }));
  return { ...input, claims: [...kept, ...made] };
}
