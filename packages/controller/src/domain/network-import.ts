import {
  type AddressRange,
  compareAddresses,
  equalAddresses,
  formatAddress,
  rangesOverlap,
} from './addresses.ts';
import { type BookWire, type BookWires, type RangeUse, sortUses } from './book-wires.ts';
import type { Complaint } from './fix-refusals.ts';

/**
 * Subnets of a book that was kept the old way: a virtual switch was the wire, and a subnet was tied to a port group by its VLAN id. Here a
 * network lies on a wire, and a wire is one port group; so for each row the port group is found that its VLAN id meant.
 */

export interface BookRow {
  /** Its place among the rows of the request, from 0. */
  readonly index: number;
  /** What the reader knows it by: its line. */
  readonly line: number;
  readonly name: string;
  readonly range: AddressRange;
  readonly cidr: string;
  readonly gateway: string | null;
  readonly dns: readonly string[];
  /** 0: frames carry no tag. */
  readonly vlan: number;
  /** Name or id of the virtual switch, where the row names one. */
  readonly switch: string | null;
}

export interface StandingNetwork {
  readonly id: string;
  readonly name: string;
  readonly spaceId: string;
  readonly spaceName: string;
  readonly range: AddressRange;
  readonly cidr: string;
  readonly gateway: string | null;
  readonly dns: readonly string[];
  /** Its wires, the primary one first. */
  readonly wires: readonly { readonly id: string; readonly name: string }[];
}

/** What is known of a row besides the wires. */
export interface RowFacts {
  /** Wires whose NICs are seen with addresses of the range. */
  readonly uses: readonly RangeUse[];
  /** Networks that overlap the range, at most one of each space; one of exactly the range if there is one. */
  readonly overlapping: readonly StandingNetwork[];
  /** Networks that have the row's name, at most one of each space. */
  readonly namesakes: readonly StandingNetwork[];
}

/** A field in which the book and what stands say different things; what a person declared stays. */
export interface Difference {
  readonly field: 'name' | 'prefix' | 'gateway' | 'dns' | 'vlan';
  readonly listed: string;
  readonly stands: string;
}

export type RowPlan =
  | {
      readonly kind: 'create';
      readonly wire: BookWire;
      /** All wires that fit, the chosen one first, with how many of their NICs are seen in the range. */
      readonly fits: readonly { readonly wire: BookWire; readonly nics: number }[];
      /** No other wire is less used than the chosen one: it was taken by its name. */
      readonly tie: boolean;
    }
  | {
      readonly kind: 'standing';
      readonly network: StandingNetwork;
      readonly fills: { readonly gateway: string | null; readonly dns: readonly string[] };
      readonly differences: readonly Difference[];
    }
  | {
      readonly kind: 'unfit';
      /** Wires of other VLANs whose NICs are seen in the range, the most used first. */
      readonly uses: readonly RangeUse[];
      /** The switches that the VLAN is on, where the row names another. */
      readonly switches: readonly string[];
    }
  | ({ readonly kind: 'refused'; readonly field: 'name' | 'start' } & Complaint);

/** What each row comes to, by its place. Rows are held against each other within one space. */
export function planNetworkImport(
  rows: readonly BookRow[],
  facts: { readonly wires: BookWires; readonly ofRow: (row: BookRow) => RowFacts },
): Map<number, RowPlan> {
  const plans = new Map(rows.map((row) => [row.index, planRow(row, facts.wires, facts.ofRow(row))]));
  const placed = rows.flatMap((row) => {
    const spaceId = spaceOf(plans.get(row.index));
    return spaceId === null ? [] : [{ row, spaceId }];
  });
  for (const own of Map.groupBy(placed, ({ spaceId }) => spaceId).values()) {
    const inSpace = own.map(({ row }) => row);
    const fresh = inSpace.filter((row) => plans.get(row.index)?.kind === 'create');
    for (const [index, complaint] of [...refuseOverlaps(inSpace), ...refuseNamesakes(fresh)])
      if (plans.get(index)?.kind !== 'refused') plans.set(index, { kind: 'refused', ...complaint });
  }
  return plans;
}

function spaceOf(plan: RowPlan | undefined): string | null {
  if (plan?.kind === 'create') return plan.wire.spaceId;
  return plan?.kind === 'standing' ? plan.network.spaceId : null;
}

function planRow(row: BookRow, wires: BookWires, facts: RowFacts): RowPlan {
  const fits = wires.fitting(row.vlan, row.switch);
  const spaces = new Set(fits.map((wire) => wire.spaceId));
  const standing = facts.overlapping.find(
    (network) => sameRange(network.range, row.range) && (fits.length === 0 || spaces.has(network.spaceId)),
  );
  if (standing !== undefined) return compareStanding(row, standing, fits);
  const nicsOf = new Map(facts.uses.map(({ wire, nics }) => [wire.id, nics]));
  const ranked = sortUses(fits.map((wire) => ({ wire, nics: nicsOf.get(wire.id) ?? 0 })));
  const [first, second] = ranked;
  if (first === undefined) {
    const switches = row.switch === null ? [] : wires.switchesOf(row.vlan);
    return { kind: 'unfit', uses: sortUses(facts.uses), switches };
  }
  const { spaceId } = first.wire;
  const other = facts.overlapping.find((network) => network.spaceId === spaceId);
  if (other !== undefined)
    return { kind: 'refused', field: 'start', code: 'import_overlap', params: describe(other) };
  const namesake = facts.namesakes.find((network) => network.spaceId === spaceId);
  if (namesake !== undefined)
    return { kind: 'refused', field: 'name', code: 'import_name_taken', params: describe(namesake) };
  return { kind: 'create', wire: first.wire, fits: ranked, tie: second?.nics === first.nics };
}

function sameRange(a: AddressRange, b: AddressRange): boolean {
  return equalAddresses(a.start, b.start) && equalAddresses(a.end, b.end);
}

function describe(network: StandingNetwork): Record<string, string> {
  return {
    other: network.name,
    otherStart: formatAddress(network.range.start),
    otherEnd: formatAddress(network.range.end),
    otherQuoted: network.id,
    space: network.spaceName,
  };
}

/** A network that stands already is brought up to date only where nobody has said anything yet. */
function compareStanding(row: BookRow, network: StandingNetwork, fits: readonly BookWire[]): RowPlan {
  const differences: Difference[] = [];
  const differ = (field: Difference['field'], listed: string, stands: string): void => {
    if (listed !== stands) differences.push({ field, listed, stands });
  };
  differ('name', row.name, network.name);
  differ('prefix', row.cidr, network.cidr);
  const onItsWires = network.wires.some((wire) => fits.some((fit) => fit.id === wire.id));
  if (!onItsWires) differ('vlan', describePlace(row), network.wires[0]?.name ?? '-');
  // A gateway of another prefix could not even be written.
  const fillsGateway = network.gateway === null && row.cidr === network.cidr;
  if (row.gateway !== null && !fillsGateway) differ('gateway', row.gateway, network.gateway ?? '-');
  if (row.dns.length > 0 && network.dns.length > 0) differ('dns', row.dns.join(' '), network.dns.join(' '));
  return {
    kind: 'standing',
    network,
    fills: {
      gateway: fillsGateway ? row.gateway : null,
      dns: network.dns.length === 0 ? row.dns : [],
    },
    differences,
  };
}

function describePlace(row: BookRow): string {
  return row.switch === null ? String(row.vlan) : `${row.vlan} (${row.switch})`;
}

type RowComplaint = readonly [index: number, Complaint & { field: 'name' | 'start' }];

/**
 * The rows that overlap one that begins before them, with that one; of rows that begin together the first of the book counts as first.
 * Without them none of the others overlap.
 */
export function findOverlapping(rows: readonly BookRow[]): Map<number, BookRow> {
  const found = new Map<number, BookRow>();
  // Whatever of the rows before reaches a row, the one that reaches furthest does.
  let furthest: BookRow | null = null;
  for (const row of rows.toSorted(
    (a, b) => compareAddresses(a.range.start, b.range.start) || a.index - b.index,
  )) {
    if (furthest !== null && rangesOverlap(furthest.range, row.range)) found.set(row.index, furthest);
    if (furthest === null || compareAddresses(furthest.range.end, row.range.end) < 0) furthest = row;
  }
  return found;
}

function refuseOverlaps(rows: readonly BookRow[]): RowComplaint[] {
  return [...findOverlapping(rows)].map(([index, other]): RowComplaint => [
    index,
    { field: 'start', code: 'import_overlap_line', params: describeRow(other) },
  ]);
}

function refuseNamesakes(rows: readonly BookRow[]): RowComplaint[] {
  const firstOf = new Map<string, BookRow>();
  return rows.flatMap((row): RowComplaint[] => {
    const first = firstOf.get(row.name);
    if (first === undefined) firstOf.set(row.name, row);
    return first === undefined
      ? []
      : [[row.index, { field: 'name', code: 'import_same_name', params: { other: first.line } }]];
  });
}

function describeRow(row: BookRow): Record<string, string | number> {
  return {
    other: row.line,
    otherStart: formatAddress(row.range.start),
    otherEnd: formatAddress(row.range.end),
  };
}
