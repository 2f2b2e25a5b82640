import type { NicWishInput } from '@wirebook/contract';
import { resolveName } from '../../app/names.ts';
import { type FieldError, Problem, refuseInput } from '../../app/problem.ts';
import { type IpAddress, isRoutableUnicast, parseAddress } from '../../domain/addresses.ts';
import type { Queries } from '../../store/database.ts';
import {
  findNetworksOfServers,
  findNetworksOfWire,
  findNetworksTagged,
  type NetworkOfServer,
} from '../../store/server-networks.ts';

/** An address that a NIC is to have: the next free one of a network, or this one. */
export interface AddressWish {
  readonly network: NetworkOfServer;
  readonly ip: IpAddress | null;
}

/** What is asked of a NIC. */
export interface WishedNic {
  /** Any of these will do, the first rather than others: a network, with its companion where it has one. Empty: no address. */
  readonly choices: readonly (readonly AddressWish[])[];
  readonly wire: { readonly id: string; readonly name: string } | null;
}

/** Of so many networks with one tag one will do. */
const CHOICES_AT_MOST = 16;

/**
 * Finds the networks and wires that are named. Problems: `not_found`, `ambiguous`, `tag_unknown` for a tag that no network has, and
 * `invalid_input` for addresses that can't be of the networks named. `field` is where the wishes stand in the request, '' where a single
 * one is the request itself.
 */
export async function resolveWishes(
  db: Queries,
  inputs: readonly NicWishInput[],
  field: string,
): Promise<WishedNic[]> {
  const errors: FieldError[] = [];
  const wishes: WishedNic[] = [];
  for (const [index, input] of inputs.entries()) {
    const at = field === '' ? '' : `${field}[${index}].`;
    const ips = (['ip', 'ip6'] as const).flatMap((name) => {
      const text = input[name];
      if (text === undefined) return [];
      const ip = parseAddress(text.trim());
      if (ip !== null && isRoutableUnicast(ip)) return [{ field: `${at}${name}`, text, ip }];
      errors.push({
        field: `${at}${name}`,
        value: text,
        code: ip === null ? 'not_an_address' : 'not_a_unicast',
      });
      return [];
    });
    const wire = input.wire === undefined ? null : await resolveName(db, 'wire', input.wire);
    const ids = await idsOf(db, input, wire);
    const networks = await findNetworksOfServers(db, ids);
    const pairs = ids.slice(0, CHOICES_AT_MOST).flatMap((id) => {
      const network = networks.get(id);
      if (network === undefined) return [];
      const companion = network.companionId === null ? undefined : networks.get(network.companionId);
      return [companion === undefined ? [network] : [network, companion]];
    });
    const choices = pairs.map((pair) =>
      pair.flatMap((network, position): AddressWish[] => {
        const ip = ips.find((one) => one.ip.family === network.family)?.ip ?? null;
        // A companion that gives nothing out keeps nobody from an address of the network asked for.
        if (position > 0 && ip === null && !network.gives) return [];
        return [{ network, ip }];
      }),
    );
    for (const { field: name, text, ip } of ips) {
      if (pairs.some((pair) => pair.some((network) => network.family === ip.family))) continue;
      errors.push({ field: name, value: text, code: 'no_network_of_family', params: { family: ip.family } });
    }
    wishes.push({ choices: unrepeated(choices), wire });
  }
  if (errors.length > 0) throw refuseInput(errors);
  return wishes;
}

async function idsOf(
  db: Queries,
  input: NicWishInput,
  wire: { id: string } | null,
): Promise<readonly string[]> {
  if (input.network !== undefined) return [(await resolveName(db, 'network', input.network)).id];
  if (input.tag !== undefined) {
    const [key = '', ...value] = input.tag.split('=');
    const found = await findNetworksTagged(db, { key, value: value.length === 0 ? null : value.join('=') });
    if (found.length === 0) throw new Problem('tag_unknown', { tag: input.tag });
    return found;
  }
  return wire === null ? [] : findNetworksOfWire(db, wire.id);
}

/** Two companions that both have the tag, or both lie on the wire, are one choice. */
function unrepeated(choices: readonly (readonly AddressWish[])[]): (readonly AddressWish[])[] {
  const seen = new Set<string>();
  return choices.filter((pair) => {
    const key = pair
      .map(({ network }) => network.id)
      .toSorted()
      .join(' ');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Every way to choose a network for each NIC, those with the first choices first; no more than are worth trying. */
export function combinationsOf(wishes: readonly WishedNic[]): (readonly (readonly AddressWish[])[])[] {
  let combinations: (readonly (readonly AddressWish[])[])[] = [[]];
  for (const { choices } of wishes) {
    const options = choices.length === 0 ? [[]] : choices;
    combinations = combinations
      .flatMap((before) => options.map((option) => [...before, option]))
      .slice(0, COMBINATIONS_AT_MOST);
  }
  return combinations;
}

const COMBINATIONS_AT_MOST = 64;
