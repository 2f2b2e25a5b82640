import { parsePrefix } from '../../src/domain/addresses.ts';
import type {
  Asked,
  FixClaim,
  FixFacts,
  FixNetwork,
  FixNic,
  FixPlan,
  FixServer,
} from '../../src/domain/fixing-facts.ts';
import { ip } from './worlds.ts';

/** Small worlds for the tests of fixing, by short names. */

export function fixNic(id: string, wire: string | null, set: Partial<FixNic> = {}): FixNic {
  return {
    id,
    spaceId: 'default',
    wire: wire === null ? null : { id: wire, name: wire },
    mac: id,
    label: id,
    missing: false,
    reported: new Set(),
    ...set,
  };
}

export function fixServer(id: string, nics: readonly FixNic[], set: Partial<FixServer> = {}): FixServer {
  return { id, accountId: 'vc', name: id, missingSince: null, nics, ...set };
}

/** A network from `first-last/length` on some wires, the first of them the primary one. */
export function fixNetwork(
  name: string,
  range: string,
  wires: readonly [string, ...string[]],
  set: Partial<FixNetwork> = {},
): FixNetwork {
  const [, first = '', last = '', length = ''] = /^(.+)-(.+)\/(\d+)$/.exec(range) ?? [];
  const prefix = parsePrefix(`${first}/${length}`)?.prefix;
  if (prefix === undefined) throw new Error(`${range} is no range`);
  return {
    id: name,
    name,
    spaceId: 'default',
    range: { start: ip(first), end: ip(last) },
    prefix,
    primaryWire: { id: wires[0], name: wires[0] },
    wireIds: new Set(wires),
    ...set,
  };
}

/** A live claim; without `nicId` a hold for nobody in particular. */
export function fixClaim(id: string, text: string, set: Partial<FixClaim> = {}): FixClaim {
  return {
    id,
    spaceId: 'default',
    ip: ip(text),
    text,
    network: { id: 'low', name: 'low' },
    nicId: null,
    serverId: null,
    source: 'manual',
    shared: false,
    key: null,
    mac: null,
    holder: id,
    plain: set.nicId === undefined || set.nicId === null,
    expired: false,
    ...set,
  };
}

export function fixFacts(
  set: Partial<Omit<FixFacts, 'servers'>> & { servers: readonly FixServer[] },
): FixFacts {
  return {
    networks: [],
    claims: [],
    shared: new Set(),
    seen: new Map(),
    ...set,
    servers: new Map(set.servers.map((server) => [server.id, server])),
  };
}

export function asked(at: number, text: string | null, mac: string | null = null): Asked {
  return { at, ip: text === null ? null : { value: ip(text), text }, mac, field: `rows[${at}].ip` };
}

/** The facts after the plan was carried out. */
export function applyFixes(facts: FixFacts, plan: FixPlan): FixFacts {
  const gone = new Set(plan.expired.map((claim) => claim.id));
  const adopted = new Map<string, { nic: FixNic; server: FixServer }>();
  const made: FixClaim[] = [];
  for (const [nr, { effect, nic, server, ip: text, network }] of plan.changes.entries()) {
    if (effect.kind === 'end') gone.add(effect.claim.id);
    if (effect.kind === 'adopt') adopted.set(effect.claim.id, { nic, server });
    if (effect.kind === 'create')
      made.push(
        fixClaim(`made-${nr}-${nic.id}-${text}`, text, {
          spaceId: nic.spaceId,
          network,
          nicId: nic.id,
          serverId: server.id,
          mac: nic.mac,
          shared: effect.shared,
          key: effect.moved?.key ?? null,
          plain: false,
        }),
      );
  }
  const kept = facts.claims
    .filter((claim) => !gone.has(claim.id))
    .map((claim): FixClaim => {
      const taker = adopted.get(claim.id);
      return taker === undefined
        ? claim
        : { ...claim, nicId: taker.nic.id, serverId: taker.server.id, plain: false };
    });
  return { ...facts, claims: [...kept, ...made] };
}
