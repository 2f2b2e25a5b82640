import { hostName, type NetworkInput, type NetworkPatch } from '@wirebook/contract';
import {
  type AddressRange,
  bitsOf,
  formatAddress,
  formatPrefix,
  type IpAddress,
  isIpv4Mapped,
  isLinkLocal,
  isRoutableUnicast,
  parseAddress,
  parsePrefix,
  type Prefix,
  prefixHolds,
  prefixOf,
  rangeHolds,
  rangesOverlap,
  unmapAddress,
  usableRange,
} from '../domain/addresses.ts';
import type { NetworkColumns } from '../store/networks.ts';
import { readSpan, readSpans, writeSpan, writeSpans } from '../store/spans.ts';
import { type FieldError, Problem, refuseInput } from './problem.ts';

/** The values of a network as they stand before a change. */
export type NetworkBefore = NetworkColumns;

/** Reads the request for a new network. Problems: `invalid_input` with every refused field, `*_outside_*`. */
export function readNetworkInput(input: NetworkInput): NetworkColumns {
  const errors: FieldError[] = [];
  const place = readPlace(input, errors);
  if (place === null) throw refuseInput(errors);
  const settings = readSettings(input, place, null, errors);
  if (errors.length > 0) throw refuseInput(errors);
  return { name: input.name, ...placeColumns(place), ...settings };
}

/** Reads the request to change a network. */
export function readNetworkPatch(patch: NetworkPatch, before: NetworkBefore): NetworkColumns {
  const errors: FieldError[] = [];
  if (Object.values(patch).every((value) => value === undefined))
    throw refuseInput([{ field: '', value: {}, code: 'nothing_to_change' }]);
  const range = readSpan(before.span);
  const moved = patch.start !== undefined || patch.end !== undefined || patch.prefixLength !== undefined;
  const place = moved
    ? readRange(
        {
          start: patch.start ?? formatAddress(range.start),
          end: patch.end ?? formatAddress(range.end),
          prefixLength: patch.prefixLength ?? Number(before.cidr.split('/')[1]),
        },
        errors,
      )
    : { range, prefix: storedPrefix(before.cidr) };
  if (place === null) throw refuseInput(errors);
  if (place.range.start.family !== before.family)
    errors.push({
      field: 'start',
      value: patch.start ?? null,
      code: 'family_mixed',
      params: { other: formatAddress(range.start) },
    });
  if (errors.length > 0) throw refuseInput(errors);
  const settings = readSettings(patch, place, { before, range }, errors);
  if (errors.length > 0) throw refuseInput(errors);
  return { name: patch.name ?? before.name, ...placeColumns(place), ...settings };
}

interface Place {
  readonly range: AddressRange;
  readonly prefix: Prefix;
}

function placeColumns(place: Place): Pick<NetworkColumns, 'family' | 'span' | 'cidr'> {
  return {
    family: place.range.start.family,
    span: writeSpan(place.range),
    cidr: formatPrefix(place.prefix),
  };
}

export function storedPrefix(cidr: string): Prefix {
  const parsed = parsePrefix(cidr);
  if (parsed === null) throw new Error(`the database holds ${cidr}, which is no prefix`);
  return parsed.prefix;
}

function readPlace(input: NetworkInput, errors: FieldError[]): Place | null {
  if (input.cidr !== undefined) {
    for (const field of ['start', 'end', 'prefixLength'] as const)
      if (input[field] !== undefined) errors.push({ field, value: input[field], code: 'cidr_or_range' });
    return errors.length > 0 ? null : readCidr(input.cidr, errors);
  }
  const { start, end, prefixLength } = input;
  if (start === undefined || end === undefined || prefixLength === undefined) {
    for (const field of ['start', 'end', 'prefixLength'] as const)
      if (input[field] === undefined) errors.push({ field, value: null, code: 'cidr_or_range' });
    return null;
  }
  return readRange({ start, end, prefixLength }, errors);
}

function readCidr(text: string, errors: FieldError[]): Place | null {
  const parsed = parsePrefix(text);
  if (parsed === null) {
    errors.push({ field: 'cidr', value: text, code: 'not_a_prefix' });
    return null;
  }
  const { prefix, hostBitsSet } = parsed;
  if (isIpv4Mapped(prefix.network)) {
    const address = formatAddress(unmapAddress(prefix.network));
    errors.push({ field: 'cidr', value: text, code: 'ipv4_mapped', params: { address } });
    return null;
  }
  if (prefix.length === 0) {
    errors.push({ field: 'cidr', value: text, code: 'zero_prefix' });
    return null;
  }
  if (hostBitsSet) {
    errors.push({
      field: 'cidr',
      value: text,
      code: 'host_bits_set',
      params: { prefix: formatPrefix(prefix) },
    });
    return null;
  }
  const range = usableRange(prefix);
  if (!isRoutableUnicast(range.start) || !isRoutableUnicast(range.end)) {
    errors.push({ field: 'cidr', value: text, code: 'not_a_unicast' });
    return null;
  }
  return { range, prefix };
}

function readRange(
  input: { start: string; end: string; prefixLength: number },
  errors: FieldError[],
): Place | null {
  const start = readAddress('start', input.start, errors);
  const end = readAddress('end', input.end, errors);
  if (start === null || end === null) return null;
  if (start.family !== end.family) {
    errors.push({ field: 'end', value: input.end, code: 'family_mixed', params: { other: 'start' } });
    return null;
  }
  const bits = bitsOf(start.family);
  if (input.prefixLength > bits) {
    errors.push({
      field: 'prefixLength',
      value: input.prefixLength,
      code: 'prefix_too_long',
      params: { family: start.family, maximum: bits },
    });
    return null;
  }
  if (start.value > end.value) {
    errors.push({ field: 'start', value: input.start, code: 'range_reversed' });
    return null;
  }
  const prefix = prefixOf(start, input.prefixLength);
  if (!prefixHolds(prefix, end)) {
    throw new Problem('range_outside_prefix', {
      start: formatAddress(start),
      end: formatAddress(end),
      cidr: formatPrefix(prefix),
    });
  }
  return { range: { start, end }, prefix };
}

/** One unicast address of the request, or null with the complaint added. */
export function readAddress(field: string, text: string, errors: FieldError[]): IpAddress | null {
  const address = parseAddress(text);
  if (address === null) {
    errors.push({ field, value: text, code: 'not_an_address' });
    return null;
  }
  if (isIpv4Mapped(address)) {
    errors.push({
      field,
      value: text,
      code: 'ipv4_mapped',
      params: { address: formatAddress(unmapAddress(address)) },
    });
    return null;
  }
  if (!isRoutableUnicast(address) && !isLinkLocal(address)) {
    errors.push({ field, value: text, code: 'not_a_unicast' });
    return null;
  }
  return address;
}

type Settings = Omit<NetworkColumns, 'name' | 'family' | 'span' | 'cidr'>;

function readSettings(
  input: NetworkInput | NetworkPatch,
  place: Place,
  old: { before: NetworkBefore; range: AddressRange } | null,
  errors: FieldError[],
): Settings {
  return {
    giving: readGiving(input.giving, place, old, errors),
    gateway: readGateway(input.gateway, place, old?.before.gateway ?? null, errors),
    dns:
      input.dns === undefined
        ? (old?.before.dns ?? [])
        : input.dns.flatMap((text, index) => {
            const address = readAddress(`dns[${index}]`, text, errors);
            return address === null ? [] : [formatAddress(address)];
          }),
    domain: input.domain === undefined ? (old?.before.domain ?? null) : input.domain,
    ntp:
      input.ntp === undefined
        ? (old?.before.ntp ?? [])
        : input.ntp.flatMap((text, index) => {
            const address = parseAddress(text);
            if (address !== null) return [formatAddress(address)];
            if (hostName.safeParse(text).success) return [text.toLowerCase()];
            errors.push({ field: `ntp[${index}]`, value: text, code: 'not_a_host' });
            return [];
          }),
    allocationPolicy: input.allocationPolicy ?? old?.before.allocationPolicy ?? 'stepup',
    restingSeconds: input.restingSeconds ?? old?.before.restingSeconds ?? 1800,
    description: input.description ?? old?.before.description ?? '',
    tags: input.tags ?? old?.before.tags ?? {},
  };
}

/** The gateway that a network gets: as given, or else as before. Problem: `gateway_outside_prefix`. */
export function readGateway(
  text: string | null | undefined,
  place: Place,
  before: string | null,
  errors: FieldError[],
): string | null {
  if (text === null) return null;
  const wanted = text ?? before;
  if (wanted === null) return null;
  const gateway = readAddress('gateway', wanted, errors);
  if (gateway === null) return null;
  const { family } = place.range.start;
  if (gateway.family !== family) {
    errors.push({ field: 'gateway', value: wanted, code: 'family_mixed', params: { other: 'start' } });
    return null;
  }
  const linkLocal = family === 6 && isLinkLocal(gateway);
  if (!linkLocal && !prefixHolds(place.prefix, gateway)) {
    throw new Problem('gateway_outside_prefix', {
      gateway: formatAddress(gateway),
      cidr: formatPrefix(place.prefix),
    });
  }
  return formatAddress(gateway);
}

function readGiving(
  giving: NetworkInput['giving'],
  place: Place,
  old: { before: NetworkBefore; range: AddressRange } | null,
  errors: FieldError[],
): string {
  if (giving === 'none') return writeSpans([]);
  if (giving === 'all') return writeSpans([place.range]);
  if (giving === undefined) {
    if (old === null) return writeSpans([place.range]);
    return writeSpans(keepGiving(readSpans(old.before.giving), old.range, place.range));
  }
  const parts: AddressRange[] = [];
  for (const [index, part] of giving.entries()) {
    const start = readAddress(`giving[${index}].start`, part.start, errors);
    const end = readAddress(`giving[${index}].end`, part.end, errors);
    if (start === null || end === null) continue;
    if (start.family !== end.family || start.value > end.value) {
      errors.push({ field: `giving[${index}].start`, value: part.start, code: 'range_reversed' });
      continue;
    }
    const range = { start, end };
    if (!rangeHolds(place.range, start) || !rangeHolds(place.range, end))
      throw givingOutside(range, place.range);
    if (parts.some((other) => rangesOverlap(other, range)))
      errors.push({ field: `giving[${index}]`, value: part, code: 'giving_overlaps' });
    parts.push(range);
  }
  return writeSpans(parts);
}

function givingOutside(part: AddressRange, range: AddressRange): Problem {
  return new Problem('giving_outside_range', {
    start: formatAddress(part.start),
    end: formatAddress(part.end),
    rangeStart: formatAddress(range.start),
    rangeEnd: formatAddress(range.end),
  });
}

/**
 * When the range changes and giving isn't named: what was all of the range is all of the new one; parts are cut to it. Where nothing would
 * be left of them, the network would give nothing and nobody has said so: `giving_outside_range`.
 */
function keepGiving(
  parts: readonly AddressRange[],
  before: AddressRange,
  after: AddressRange,
): AddressRange[] {
  const [only] = parts;
  const wasAll =
    parts.length === 1 && only?.start.value === before.start.value && only.end.value === before.end.value;
  if (wasAll) return [after];
  const left = parts.filter((part) => rangesOverlap(part, after));
  if (only !== undefined && left.length === 0) throw givingOutside(only, after);
  return left.map((part) => ({
    start: part.start.value < after.start.value ? after.start : part.start,
    end: part.end.value > after.end.value ? after.end : part.end,
  }));
}
