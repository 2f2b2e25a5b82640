import type { PlacedLoad, PlacementInput } from './facts.ts';
import { judgeHosts, type StaticVerdict } from './judging.ts';
import { groupReasons, isElsewhere, type PlacementReason, type ReasonGroup } from './reasons.ts';
import { judgeRoom, type Loads, pickDatastore, sumLoads } from './room.ts';
import { primaryShare, type ScoreParts, scoreOf } from './weighing.ts';
import { compareTexts, type NicBinding } from './wires.ts';

/** Which host gets a server: for each host why or why not, then the best of those that can. Pure. */

export interface VerdictHost {
  readonly moref: string;
  /** The book's; null for a host that it doesn't have yet. */
  readonly id: string | null;
  readonly name: string;
}

/** A place where the server can be. */
export interface HostPlace {
  readonly host: VerdictHost & { readonly id: string };
  readonly ok: true;
  readonly reasons: readonly [];
  /** By NIC, in the order asked for. */
  readonly nics: readonly NicBinding[];
  readonly datastore: { readonly moref: string; readonly name: string };
  readonly pool: string;
  readonly folder: string;
  readonly near: boolean;
  readonly score: number;
  readonly scoreParts: ScoreParts;
}

/** A host that can't have it; what fits of it is told all the same. */
export interface HostRefusal {
  readonly host: VerdictHost;
  readonly ok: false;
  readonly reasons: readonly PlacementReason[];
  readonly nics: readonly (NicBinding | null)[];
  readonly datastore: { readonly moref: string; readonly name: string } | null;
  readonly pool: string | null;
  readonly folder: string | null;
  readonly near: boolean;
  readonly score: null;
  readonly scoreParts: null;
}

export type HostVerdict = HostPlace | HostRefusal;

export interface Placement {
  /** Every host of the account: those that can have the server first, the best of them at the top; then by name. */
  readonly verdicts: readonly HostVerdict[];
  readonly choice: HostPlace | null;
  /** Why hosts can't have it, each reason with its hosts, whether or not one can. */
  readonly refusals: readonly ReasonGroup[];
}

export function placeServer(input: PlacementInput): Placement {
  return weigh(input, judgeHosts(input), input.placed);
}

/** Places of several alike, or what kept the first that found none from having one. */
export type PlacementOfMany =
  | { readonly ok: true; readonly places: readonly HostPlace[]; readonly first: Placement }
  | { readonly ok: false; readonly placed: number; readonly failed: Placement };

/** Places `count` servers one after the other, each with the load of those before it: all of them, or none. */
export function placeServers(input: PlacementInput, count: number): PlacementOfMany {
  const judged = judgeHosts(input);
  const loads: PlacedLoad[] = [...input.placed];
  const places: HostPlace[] = [];
  let first: Placement | null = null;
  while (places.length < count) {
    const placement = weigh(input, judged, loads);
    first ??= placement;
    const { choice } = placement;
    if (choice === null) return { ok: false, placed: places.length, failed: placement };
    places.push(choice);
    loads.push(loadOf(input, choice));
  }
  return { ok: true, places, first: first ?? weigh(input, judged, loads) };
}

/** What a server takes at its place, for those that are placed after it. */
export function loadOf(
  { wish }: Pick<PlacementInput, 'wish'>,
  place: Pick<HostPlace, 'host' | 'datastore'>,
): PlacedLoad {
  const { cpus, memoryMib, disk } = wish;
  const { host, datastore } = place;
  return { host: host.moref, datastore: datastore.moref, cpus, memoryMib, disk, sameRequest: true };
}

function weigh(
  input: PlacementInput,
  judged: readonly StaticVerdict[],
  placed: readonly PlacedLoad[],
): Placement {
  const loads = sumLoads(placed);
  const verdicts = judged.map((verdict) => weighHost(input, verdict, loads));
  const places = verdicts.filter((verdict) => verdict.ok).toSorted(byScore);
  const refusals = verdicts.filter((verdict) => !verdict.ok);
  return {
    verdicts: [...places, ...refusals],
    choice: places[0] ?? null,
    refusals: groupReasons(refusals),
  };
}

function byScore(a: HostPlace, b: HostPlace): number {
  return (
    Number(b.near) - Number(a.near) ||
    b.score - a.score ||
    compareTexts(a.host.name, b.host.name) ||
    compareTexts(a.host.moref, b.host.moref)
  );
}

function weighHost({ wish }: PlacementInput, judged: StaticVerdict, loads: Loads): HostVerdict {
  const { host, hostId, nics, pool, folder, near } = judged;
  const shown = { moref: host.moref, id: hostId, name: host.name };
  const room = judgeRoom(host, wish, loads);
  const stored = pickDatastore(judged.datastores, wish, loads);
  const reasons = [...judged.reasons];
  // What a host that doesn't answer, or wasn't asked for, has room for is not the question.
  if (!reasons.some((reason) => isElsewhere(reason) || SILENT.has(reason.code)))
    reasons.push(...stored.reasons, ...room.reasons);
  const datastore =
    stored.datastore === null ? null : { moref: stored.datastore.moref, name: stored.datastore.name };
  const bound = nics.filter((nic) => nic !== null);
  if (
    reasons.length > 0 ||
    hostId === null ||
    datastore === null ||
    pool === null ||
    folder === null ||
    bound.length < nics.length
  ) {
    return {
      host: shown,
      ok: false,
      reasons,
      nics,
      datastore,
      pool,
      folder,
      near,
      score: null,
      scoreParts: null,
    };
  }
  const together = loads.hosts.get(host.moref)?.sameRequest ?? 0;
  const scoreParts: ScoreParts = {
    memory: room.memoryShare ?? 0,
    cpu: room.cpuShare ?? 0,
    datastore: stored.share,
    primary: primaryShare(nics),
    spread: 1 / (1 + together),
  };
  return {
    host: { ...shown, id: hostId },
    ok: true,
    reasons: [],
    nics: bound,
    datastore,
    pool,
    folder,
    near,
    score: scoreOf(scoreParts),
    scoreParts,
  };
}

const SILENT: ReadonlySet<PlacementReason['code']> = new Set(['not_connected', 'powered_off', 'standby']);
