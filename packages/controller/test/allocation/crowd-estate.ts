import type { List, Nic, Reservation } from '@wirebook/contract';
import type { Estate, Simulator } from '@wirebook/simulator';
import { expect } from 'vitest';
import { labEstate, machine } from '../support/lab-estate.ts';
import { CONTESTED, KEPT, LAST_PLACE } from './crowd-operations.ts';
import type { Call } from './order.ts';

/** A network that many want addresses of. */
export interface CrowdedNetwork {
  readonly name: string;
  readonly wire: string;
  readonly at: (place: number) => string;
  readonly placeOf: (ip: string) => number;
}

const kinds = [
  { name: 'up', wire: 'web', family: 4, policy: 'stepup' },
  { name: 'down', wire: 'db', family: 4, policy: 'stepdown' },
  { name: 'anyhow', wire: 'spare', family: 4, policy: 'random' },
  { name: 'six', wire: 'web', family: 6, policy: 'stepup' },
] as const;

/** In the first ones nothing is done that makes giving begin anew: what is lost there stays lost. */
const sketches = ['calm', 'churned'].flatMap((temper, group) =>
  kinds.map((kind, nr) => ({ ...kind, name: `${temper} ${kind.name}`, nr: group * kinds.length + nr })),
);
export const FIRST_CHURNED = kinds.length;
const prefixOf = (nr: number): Record<4 | 6, string> => ({ 4: `10.61.${nr}.`, 6: `2001:db8:61:${nr}::` });

export const crowdedNetworks: readonly CrowdedNetwork[] = sketches.map(({ name, wire, family, nr }) => {
  const prefix = prefixOf(nr)[family];
  const radix = family === 4 ? 10 : 16;
  return {
    name,
    wire,
    at: (place) => `${prefix}${place.toString(radix)}`,
    placeOf: (ip) => Number.parseInt(ip.slice(prefix.length), radix),
  };
});

const MUTES = 3;
const mutes = (wire: string): string[] => Array.from({ length: MUTES }, (_, nr) => `mute-${wire}-${nr}`);
const roamer = (network: CrowdedNetwork): string => `roamer of ${network.name}`;

/** Machines whose Tools are silent on each wire, one that wanders about each network, and a stranger that uses addresses of all. */
export const crowdEstate: Estate = labEstate([
  ...[...new Set(kinds.map((kind) => kind.wire))].flatMap((wire) =>
    mutes(wire).map((name) => machine(name, [[wire], [wire]], { tools: 'notInstalled' })),
  ),
  ...crowdedNetworks.map((network) =>
    machine(roamer(network), [[network.wire, withPrefix(network.at(CONTESTED.first))]]),
  ),
  machine('stranger', [['twin', ...crowdedNetworks.map((one) => withPrefix(one.at(KEPT.stranger)))]]),
]);

function withPrefix(ip: string): string {
  return `${ip}/${ip.includes(':') ? 64 : 24}`;
}

const ADDRESSES_EACH = 3;

/** The guests of the wanderers come to other places. */
export async function wander(simulator: Simulator, round: number): Promise<void> {
  const places = CONTESTED.last - CONTESTED.first + 1;
  await Promise.all(
    crowdedNetworks.map((network, nr) => {
      const addresses = Array.from({ length: ADDRESSES_EACH }, (_, one) => {
        const ip = network.at(CONTESTED.first + ((round * 7 + nr * 3 + one * 4) % places));
        return { ip, prefixLength: ip.includes(':') ? 64 : 24 };
      });
      return simulator.setGuestNet(roamer(network), [{ deviceConfigId: 4000, connected: true, addresses }]);
    }),
  );
}

/** A server whose addresses are fixed by hand, and the MACs of its cards. */
export interface MuteServer {
  readonly name: string;
  readonly macs: readonly string[];
}

/** Makes the networks, each with a part that is kept back for good; answers the mute servers by wire. */
export async function makeCrowdedNetworks(call: Call): Promise<ReadonlyMap<string, MuteServer[]>> {
  for (const [nr, { name, wire, at }] of crowdedNetworks.entries()) {
    const { policy, family } = sketches[nr] ?? kinds[0];
    const made = await call('POST', '/api/v1/networks', {
      name,
      wire,
      start: at(1),
      end: at(LAST_PLACE),
      prefixLength: family === 4 ? 24 : 64,
      gateway: at(KEPT.gateway),
      allocationPolicy: policy,
      restingSeconds: 0,
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const [start, end] = KEPT.reserved.map(at);
    const kept = await call<Reservation>('POST', '/api/v1/reservations', { network: name, start, end });
    expect(kept.status, JSON.stringify(kept.body)).toBe(201);
  }
  const nics = (await call<List<Nic>>('GET', '/api/v1/nics?limit=500')).body.items;
  return new Map(
    [...new Set(kinds.map((kind) => kind.wire))].map((wire) => [
      wire,
      mutes(wire).map((name) => ({
        name,
        macs: nics.flatMap((nic) => (nic.server.name === name && nic.mac !== null ? [nic.mac] : [])),
      })),
    ]),
  );
}
