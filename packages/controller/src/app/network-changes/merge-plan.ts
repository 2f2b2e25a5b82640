import {
  type AddressRange,
  formatAddress,
  formatPrefix,
  isLinkLocal,
  parseAddress,
  type Prefix,
  prefixHolds,
} from '../../domain/addresses.ts';
import { commonPrefix, hullOf, joinPrefixes } from '../../domain/network-changes.ts';
import { joinRanges } from '../../domain/joined-ranges.ts';
import type { NetworkColumns, StoredNetwork } from '../../store/networks.ts';
import { readSpan, readSpans, writeSpan, writeSpans } from '../../store/spans.ts';
import { checkLength, notKept, type NotKept, prefixAround } from './change.ts';
import { storedPrefix } from '../network-input.ts';
import { columnsOf } from '../networks.ts';
import { type FieldError, Problem, quoted, refuseInput } from '../problem.ts';

/** A network that goes, and the one that it becomes part of, as they stand before. */
export interface Pair {
  readonly gone: StoredNetwork;
  readonly kept: StoredNetwork;
}

/**
 * The columns of the one that stays, for both. Problems: `prefix_needed`, `range_outside_prefix`, `gateway_outside_prefix`.
 */
export function planMerge(pair: Pair, prefixLength: number | undefined): NetworkColumns {
  const [gone, kept] = [columnsOf(pair.gone), columnsOf(pair.kept)];
  const range = hullOf(readSpan(gone.span), readSpan(kept.span));
  const prefix = prefixOfBoth(pair, range, prefixLength);
  const gateway = parseAddress(kept.gateway ?? gone.gateway ?? '');
  const fits = gateway === null || isLinkLocal(gateway) || prefixHolds(prefix, gateway);
  if (!fits && kept.gateway !== null)
    throw new Problem('gateway_outside_prefix', { gateway: kept.gateway, cidr: formatPrefix(prefix) });
  return {
    ...kept,
    span: writeSpan(range),
    cidr: formatPrefix(prefix),
    giving: writeSpans(joinRanges([...readSpans(kept.giving), ...readSpans(gone.giving)])),
    gateway: gateway === null || !fits ? null : formatAddress(gateway),
    dns: kept.dns.length > 0 ? kept.dns : gone.dns,
    domain: kept.domain ?? gone.domain,
    ntp: kept.ntp.length > 0 ? kept.ntp : gone.ntp,
    description: kept.description === '' ? gone.description : kept.description,
    tags: { ...gone.tags, ...kept.tags },
  };
}

function prefixOfBoth(pair: Pair, range: AddressRange, wanted: number | undefined): Prefix {
  const [own, other] = [storedPrefix(pair.kept.cidr), storedPrefix(pair.gone.cidr)];
  if (wanted === undefined) {
    const joined = joinPrefixes(own, other, range);
    if (joined !== null) return joined;
    const needed = commonPrefix(own, other).length;
    throw new Problem(
      'prefix_needed',
      {
        ...namesOf(pair),
        cidr: pair.gone.cidr,
        intoCidr: pair.kept.cidr,
        needed,
        context: needed === 0 ? 'apart' : '',
      },
      { objects: [objectOf(pair.kept)] },
    );
  }
  const errors: FieldError[] = [];
  checkLength(range.start.family, wanted, errors);
  if (errors.length > 0) throw refuseInput(errors);
  return prefixAround(range, wanted);
}

/** What the network that goes said and the one that stays doesn't say. */
export function findNotKept(
  { gone, kept }: Pair,
  after: NetworkColumns,
  about: { companionKept: boolean },
): NotKept[] {
  const lost: NotKept[] = [];
  const compare = (
    field: NotKept['field'],
    before: string | readonly string[] | number | null,
    now: unknown,
  ): void => {
    const said = before !== null && before !== '' && !(Array.isArray(before) && before.length === 0);
    if (said && JSON.stringify(before) !== JSON.stringify(now))
      lost.push(notKept(gone, field, Array.isArray(before) ? before.join(', ') : String(before)));
  };
  compare('gateway', gone.gateway, after.gateway);
  compare('dns', gone.dns, after.dns);
  compare('domain', gone.domain, after.domain);
  compare('ntp', gone.ntp, after.ntp);
  compare('allocationPolicy', gone.allocationPolicy, after.allocationPolicy);
  compare('restingSeconds', gone.restingSeconds, after.restingSeconds);
  compare('description', gone.description, after.description);
  const tags = Object.entries(gone.tags).filter(
    ([key, value]) => kept.tags[key] !== undefined && kept.tags[key] !== value,
  );
  for (const [key, value] of tags) lost.push(notKept(gone, 'tags', `${key}=${value}`));
  if (!about.companionKept && gone.companion !== null)
    lost.push(notKept(gone, 'companion', gone.companion.name));
  return lost;
}

/** The names of both, for problems. */
export function namesOf({ gone, kept }: Pair): Record<string, string> {
  return {
    name: gone.name,
    quoted: quoted(gone.name),
    into: kept.name,
    intoQuoted: quoted(kept.name),
  };
}

/** A network as the object that is in the way. */
export function objectOf(network: { id: string; name: string }): { kind: string; id: string; name: string } {
  return { kind: 'network', id: network.id, name: network.name };
}
