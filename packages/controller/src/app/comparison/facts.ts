import { DIFFERENCES_TOLD } from '@wirebook/contract';
import {
  type AddressRange,
  bitsOf,
  formatAddress,
  formatPrefix,
  type IpAddress,
  lastAddressOf,
  parseAddress,
  parsePrefix,
  prefixOf,
} from '../../domain/addresses.ts';
import { joinRanges } from '../../domain/joined-ranges.ts';
import {
  type ComparedNetwork,
  type ComparisonFacts,
  compareList,
  type Difference,
  type KnownAddress,
  type ListedAddress,
} from '../../domain/list-comparison.ts';
import { indexByRange } from '../../domain/range-index.ts';
import {
  findComparedNetworks,
  findKept,
  findPresences,
  findStrangers,
  type StoredPresence,
} from '../../store/comparison.ts';
import type { Tx } from '../../store/database.ts';

/** Rows of one space. `scope`: strangers are looked for where the list has addresses, in all the space, or in one network. */
export interface ComparedRows {
  readonly space: { readonly id: string; readonly name: string };
  readonly rows: readonly ListedAddress[];
  readonly scope: 'list' | 'space' | { readonly networkId: string };
}

export type FoundDifference = Difference<StoredPresence> & { readonly space: ComparedRows['space'] };

/** What differs in one space: all of it, but of the strangers only as many as are told. */
export async function compareSpace(
  tx: Tx,
  about: ComparedRows,
  now: Date,
): Promise<{
  differences: FoundDifference[];
  networks: readonly ComparedNetwork[];
  /** How many there are. */
  strangers: number;
}> {
  const { space, rows, scope } = about;
  const networks = await findComparedNetworks(tx, space.id);
  const networkOf = indexByRange(networks);
  const covered = coveredNetworks(networks, about, networkOf);
  const ranges = joinRanges([
    ...covered.map(({ range }) => range),
    ...(typeof scope === 'string' ? listedPrefixes(rows, networkOf) : []),
  ]);
  const ips = [...new Set(rows.map(({ ip }) => formatAddress(ip)))];
  const here = { spaceId: space.id, ips, now };
  const strangers = await findStrangers(tx, { ...here, ranges, take: DIFFERENCES_TOLD });
  const presences = await findPresences(tx, { ...here, ips: [...ips, ...strangers.ips] });
  const kept = new Set(await findKept(tx, here));
  const inRange = indexByRange(ranges.map((range) => ({ range })));
  const facts: ComparisonFacts<StoredPresence> = {
    known: knownOf([...ips, ...strangers.ips], presences, kept),
    networkOf,
    isNetwork: nameTest(networks),
    isCovered: (ip) => inRange(ip) !== undefined,
  };
  return {
    differences: compareList(rows, facts).map((one) => ({ ...one, space })),
    networks: covered,
    strangers: strangers.count,
  };
}

function coveredNetworks(
  networks: readonly ComparedNetwork[],
  { rows, scope }: ComparedRows,
  networkOf: (ip: IpAddress) => ComparedNetwork | undefined,
): readonly ComparedNetwork[] {
  if (scope === 'space') return networks;
  const ids =
    scope === 'list'
      ? new Set(rows.flatMap(({ ip }) => networkOf(ip)?.id ?? []))
      : new Set([scope.networkId]);
  return networks.filter(({ id }) => ids.has(id));
}

/** Before there are networks, the list itself says by its prefixes what it is about. */
function listedPrefixes(
  rows: readonly ListedAddress[],
  networkOf: (ip: IpAddress) => ComparedNetwork | undefined,
): AddressRange[] {
  const prefixes = new Map<string, AddressRange>();
  for (const { ip, prefixLength } of rows) {
    if (prefixLength === null || prefixLength === 0 || prefixLength >= bitsOf(ip.family)) continue;
    if (networkOf(ip) !== undefined) continue;
    const prefix = prefixOf(ip, prefixLength);
    prefixes.set(formatPrefix(prefix), { start: prefix.network, end: lastAddressOf(prefix) });
  }
  return [...prefixes.values()];
}

function knownOf(
  ips: readonly string[],
  presences: readonly StoredPresence[],
  kept: ReadonlySet<string>,
): Map<string, KnownAddress<StoredPresence>> {
  const byIp = Map.groupBy(presences, (presence) => presence.ip);
  return new Map(
    ips.flatMap((text): [string, KnownAddress<StoredPresence>][] => {
      const ip = parseAddress(text);
      const known = { presences: byIp.get(text) ?? [], kept: kept.has(text) };
      return ip === null ? [] : [[text, { ip, ...known }]];
    }),
  );
}

function nameTest(networks: readonly ComparedNetwork[]): (text: string) => boolean {
  const known = new Set(
    networks.flatMap(({ name, prefix }) => [`name ${name.toLowerCase()}`, `prefix ${formatPrefix(prefix)}`]),
  );
  return (text) => {
    const parsed = parsePrefix(text);
    return (
      known.has(`name ${text.toLowerCase()}`) ||
      (parsed !== null && known.has(`prefix ${formatPrefix(parsed.prefix)}`))
    );
  };
}
