import type { PlannedNic, ServerInput, SetupMethod } from '@wirebook/contract';
import { resolveName } from '../../app/names.ts';
import { type FieldError, Problem, quoted, refuseInput } from '../../app/problem.ts';
import type { BeginOptions, Begun, DeskOptions, StoredServerPlan } from '../../app/server-desk.ts';
import { inTransaction } from '../../app/transaction.ts';
import { openIdSequence } from '../../domain/ids.ts';
import type { PlacementInput } from '../../domain/placement/facts.ts';
import type { HostPlace, HostVerdict } from '../../domain/placement/placing.ts';
import { type Placement, placeServers } from '../../domain/placement/placing.ts';
import { findAccountConnection } from '../../store/cloud-accounts.ts';
import { recordEvent } from '../../store/events.ts';
import { insertOperations, type NewOperation } from '../../store/operations.ts';
import { keepAccount } from '../../store/server-changes.ts';
import { findMorefOfHost } from '../../store/server-networks.ts';
import type { CreateInput } from '../create-server/facts.ts';
import { type PlacementAsk, readPlacementInput } from '../placement-input.ts';
import { checkGuest, type GuestWish, readGuestWish } from './guest-input.ts';
import { namesOf, refuseTakenNames } from './naming.ts';
import { askVcenter, beginStep, type DeskParts, keepKey } from './parts.ts';
import { findSource, refuseUnfitSource } from './source.ts';
import { takeAddresses, type TakenAddress } from './taking.ts';
import { type AddressWish, combinationsOf, resolveWishes, type WishedNic } from './wishes.ts';

/** What a request comes to once everything that it names is found and vCenter has been looked at. */
interface Prepared {
  readonly input: ServerInput;
  readonly source: {
    readonly id: string;
    readonly name: string;
    readonly moref: string;
    readonly accountId: string;
  };
  readonly names: readonly string[];
  readonly wishes: readonly WishedNic[];
  readonly guest: GuestWish;
  readonly ask: Omit<PlacementAsk, 'nics'>;
  readonly placementInput: PlacementInput;
  /** The networks chosen for each NIC; the first ones asked for where nothing fits. */
  readonly chosen: readonly (readonly AddressWish[])[];
  readonly places: readonly HostPlace[];
  readonly shown: Placement;
  readonly warnings: StoredServerPlan['warnings'];
  /** Those of them that hold once it is made, too. */
  readonly untold: StoredServerPlan['warnings'];
}

/** What a request would come to, host by host and address by address. Nothing is held or made. */
export async function planServers(
  parts: DeskParts,
  input: ServerInput,
  options: DeskOptions,
): Promise<StoredServerPlan> {
  const prepared = await prepare(parts, input, options);
  const { names, places, shown } = prepared;
  const problems = places.length === 0 ? [refuseHosts(shown)] : [];
  let taken: TakenAddress[][] = [];
  try {
    taken = await inTransaction(parts.db, { dryRun: true }, (tx) =>
      takeAddresses(tx, { nics: nicsToTake(prepared), actor: '', note: '', now: new Date() }),
    );
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problems.push(error);
  }
  const count = new Map<string, number>();
  for (const place of places) count.set(place.host.moref, (count.get(place.host.moref) ?? 0) + 1);
  return {
    possible: problems.length === 0,
    servers: names.map((name, index) => ({
      name,
      host: places[index]?.host.name ?? null,
      datastore: places[index]?.datastore.name ?? null,
      nics: prepared.chosen.map((wishes, nic) =>
        plannedNic(
          wishes,
          taken[index * prepared.chosen.length + nic] ?? [],
          places[index]?.nics[nic] ?? null,
        ),
      ),
    })),
    hosts: shown.verdicts.map((verdict) => showVerdict(verdict, prepared.placementInput, count)),
    setup: prepared.guest.setup,
    problems,
    warnings: prepared.warnings,
  };
}

/** Takes the addresses, all of them or none, and leaves an operation for each server. */
export async function createServers(
  parts: DeskParts,
  input: ServerInput,
  options: BeginOptions,
): Promise<Begun> {
  const prepared = await prepare(parts, input, options);
  const { names, places, shown, source, guest, chosen } = prepared;
  if (places.length === 0) throw refuseHosts(shown);
  const begun = await inTransaction(parts.db, { dryRun: false }, async (tx) => {
    if (!(await keepAccount(tx, source.accountId)))
      throw new Problem('not_found', { kind: 'server', name: input.from, command: 'server' });
    const taken = await takeAddresses(tx, {
      nics: nicsToTake(prepared),
      actor: options.actor.name,
      note: '',
      now: new Date(),
    });
    // Whoever lists the parts finds them in the order of their names.
    const nextId = openIdSequence();
    const parentId = names.length > 1 ? nextId() : null;
    const common = { accountId: source.accountId, requestedBy: options.actor.name };
    const operations = names.map((name, index): NewOperation => {
      const id = nextId();
      const own = chosen.map((_, nic) => taken[index * chosen.length + nic] ?? []);
      const place = places[index];
      const created: CreateInput = {
        name,
        source: { id: source.id, name: source.name, moref: source.moref },
        nics: own.map((addresses, nic) => ({
          wireId: prepared.wishes[nic]?.wire?.id ?? null,
          addresses: addresses.map(({ claimId, ip, networkId }) => ({ claimId, ip, networkId })),
        })),
        place: prepared.ask.place,
        need: {
          cpus: prepared.placementInput.wish.cpus,
          memoryMib: prepared.placementInput.wish.memoryMib,
          disk: prepared.placementInput.wish.disk,
        },
        cpus: input.cpus ?? null,
        memoryMib: input.memoryMib ?? null,
        diskGib: input.diskGib ?? null,
        linked: input.linked ?? false,
        hostName: guest.hostName,
        setup: guest.setup,
        powerOn: input.powerOn ?? true,
        waitSeconds: input.waitSeconds ?? WAIT_SECONDS,
      };
      return {
        id,
        kind: 'create_server',
        parentId,
        ...common,
        serverId: null,
        serverName: name,
        input: created,
        sealed: parts.seal.seal(JSON.stringify(guest.secrets), id),
        facts:
          place === undefined
            ? {}
            : {
                preferred: {
                  host: place.host.moref,
                  datastore: place.datastore.moref,
                  folder: place.folder,
                },
              },
        warnings: prepared.untold,
        keepOnFailure: input.keepOnFailure ?? false,
        steps: parts.stepsOf('create_server').map((step) => beginStep(step, own.flat())),
        addresses: own.flat(),
      };
    });
    const whole: NewOperation[] =
      parentId === null
        ? []
        : [
            {
              id: parentId,
              kind: 'create_servers',
              parentId: null,
              ...common,
              serverId: null,
              serverName: input.name,
              input: { count: names.length },
              sealed: null,
              facts: {},
              keepOnFailure: false,
              steps: [],
              addresses: [],
            },
          ];
    await insertOperations(tx, [...whole, ...operations]);
    const operationId = parentId ?? operations[0]?.id ?? '';
    await keepKey(tx, options, operationId);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'create',
      kind: 'server',
      id: null,
      name: input.name,
      after: {
        operation: operationId,
        from: source.name,
        servers: operations.map(({ serverName, addresses }) => ({
          name: serverName,
          ips: addresses.map(({ ip }) => ip),
        })),
      },
    });
    return { id: operationId };
  });
  await parts.wake();
  return begun;
}

const WAIT_SECONDS = 600;

async function prepare(parts: DeskParts, input: ServerInput, options: DeskOptions): Promise<Prepared> {
  const { db } = parts;
  const { name: sourceName, ...source } = await findSource(db, input.from);
  const account = await findAccountConnection(db, source.accountId);
  if (account === null)
    throw new Problem('not_found', { kind: 'server', name: input.from, command: 'server' });
  if (!account.enabled)
    throw new Problem('account_disabled', { name: account.name, quoted: quoted(account.name) });
  if (account.kind === 'esxi') throw new Problem('source_unusable', { name: sourceName, why: 'esxi' });
  const names = namesOf(input);
  const wishes = await resolveWishes(db, input.nics, 'nics');
  const errors: FieldError[] = [];
  if (names.length > 1) {
    for (const [index, nic] of input.nics.entries())
      for (const field of ['ip', 'ip6'] as const)
        if (nic[field] !== undefined)
          errors.push({ field: `nics[${index}].${field}`, value: nic[field], code: 'ips_with_count' });
  }
  if (errors.length > 0) throw refuseInput(errors);
  const host = input.host === undefined ? null : await hostOf(parts, input.host);
  const ask = {
    accountId: account.id,
    source: source.moref,
    place: {
      host,
      compute: input.cluster ?? null,
      datastore: input.datastore ?? null,
      pool: input.resourcePool ?? null,
      folder: input.folder ?? null,
    },
    cpus: input.cpus ?? null,
    memoryMib: input.memoryMib ?? null,
    diskGib: input.diskGib ?? null,
    linked: input.linked ?? false,
  };
  const nics = wishes.map(({ choices, wire }) => ({
    networkIds: choices.flatMap((pair) => pair.map(({ network }) => network.id)),
    wireId: wire?.id ?? null,
  }));
  const read = await askVcenter(parts, account, options.signal, (client) =>
    readPlacementInput({ db, client, signal: options.signal }, { ...ask, nics }),
  );
  if (!read.ok) {
    if (read.why === 'places') throw refusePlaces(read.refusals);
    const why = read.why === 'source_gone' ? 'missing' : 'unreadable';
    throw new Problem('source_unusable', { name: sourceName, why });
  }
  refuseUnfitSource(read.source, { name: sourceName, linked: ask.linked, diskGib: ask.diskGib });
  const guest = readGuestWish(input, read.source);
  // Placement was read for all the networks that would do; each way to choose among them is looked at by itself.
  const withNetworks = (combination: readonly (readonly AddressWish[])[]): PlacementInput => ({
    ...read.input,
    wish: {
      ...read.input.wish,
      nics: read.input.wish.nics.map((nic, index) => ({
        ...nic,
        networks: nic.networks.filter((network) =>
          combination[index]?.some((wish) => wish.network.id === network.id),
        ),
      })),
    },
  });
  let chosen: readonly (readonly AddressWish[])[] | null = null;
  let shown: Placement | null = null;
  let places: readonly HostPlace[] = [];
  let placementInput = read.input;
  for (const combination of combinationsOf(wishes)) {
    const tried = withNetworks(combination);
    const placed = placeServers(tried, names.length);
    if (chosen === null || placed.ok) {
      chosen = combination;
      placementInput = tried;
      shown = placed.ok ? placed.first : placed.failed;
    }
    if (!placed.ok) continue;
    places = placed.places;
    break;
  }
  if (chosen === null || shown === null) throw new Error('there is always one way to choose');
  if (places[0] !== undefined)
    await refuseTakenNames(db, {
      accountId: account.id,
      facts: read.input.facts,
      folder: places[0].folder,
      names,
    });
  const untold = await checkGuest(db, {
    name: names[0] ?? input.name,
    wish: guest,
    guestId: read.source.guestId,
    nics: chosen,
  });
  return {
    input,
    source: { id: source.id, name: sourceName, moref: source.moref, accountId: account.id },
    names,
    wishes,
    guest,
    ask,
    placementInput,
    chosen,
    places,
    shown,
    warnings: [...warningsOf(chosen, guest.setup, sourceName), ...untold],
    untold,
  };
}

/** The host's managed object id, by the names that Wirebook has for it; or what was asked for, for vCenter to know. */
async function hostOf(parts: DeskParts, nameOrId: string): Promise<string> {
  const { id } = await resolveName(parts.db, 'host', nameOrId);
  return (await findMorefOfHost(parts.db, id)) ?? nameOrId;
}

const fieldNames: Record<string, string> = { compute: 'cluster', pool: 'resourcePool' };

function refusePlaces(
  refusals: readonly {
    readonly field: string;
    readonly code: 'unknown' | 'ambiguous';
    readonly value: string;
    readonly candidates?: readonly { readonly path: string }[];
  }[],
): Problem {
  return refuseInput(
    refusals.map(({ field, code, value, candidates = [] }): FieldError => {
      const name = fieldNames[field] ?? field;
      return code === 'unknown'
        ? { field: name, value, code: 'place_unknown', params: { kind: name } }
        : {
            field: name,
            value,
            code: 'place_ambiguous',
            params: {
              count: candidates.length,
              candidates: candidates
                .slice(0, 10)
                .map(({ path }) => path)
                .join(', '),
            },
          };
    }),
  );
}

const HOSTS_SHOWN = 50;

function refuseHosts({ verdicts, refusals }: Placement): Problem {
  // Hosts that were not asked for say nothing that anybody wants to know.
  const concerned = new Set(refusals.flatMap(({ hosts }) => hosts));
  const shown = verdicts.filter(({ host }) => concerned.has(host.name)).slice(0, HOSTS_SHOWN);
  return new Problem(
    'no_host_fits',
    { count: concerned.size },
    {
      errors: shown.flatMap(({ host, reasons }) =>
        reasons.map(({ code, params }): FieldError => ({
          field: 'host',
          value: host.name,
          code,
          of: 'hosts',
          params: { ...params },
        })),
      ),
      objects: shown.map(({ host }) => ({ kind: 'host', id: host.id, name: host.name })),
    },
  );
}

function nicsToTake({ names, chosen }: Pick<Prepared, 'names' | 'chosen'>) {
  return names.flatMap((serverName) => chosen.map((wishes) => ({ serverName, wishes })));
}

export function plannedNic(
  wishes: readonly AddressWish[],
  taken: readonly { readonly ip: string; readonly networkId: string }[],
  bound: { readonly wireId: string; readonly wireName: string } | null,
): PlannedNic {
  const [first, companion] = wishes.map(({ network }) => ({
    network: { id: network.id, name: network.name },
    ip: taken.find(({ networkId }) => networkId === network.id)?.ip ?? null,
    prefixLength: network.prefixLength,
    gateway: network.gateway,
  }));
  return {
    network: first?.network ?? null,
    ip: first?.ip ?? null,
    prefixLength: first?.prefixLength ?? null,
    gateway: first?.gateway ?? null,
    ip6: companion?.ip == null ? null : { ...companion, ip: companion.ip },
    wire: bound === null ? null : { id: bound.wireId, name: bound.wireName },
  };
}

const MIB = 1024 ** 2;

function showVerdict(
  verdict: HostVerdict,
  input: PlacementInput,
  count: ReadonlyMap<string, number>,
): StoredServerPlan['hosts'][number] {
  const live = input.facts.hosts.find(({ moref }) => moref === verdict.host.moref);
  const compute = input.facts.computes.find(({ moref }) => moref === live?.compute);
  const left = (total: number | null | undefined, used: number | null | undefined): number | null =>
    total == null || used == null ? null : Math.max(0, total - used);
  const memory = left(live?.memoryTotal, live?.memoryUsed);
  return {
    host: { id: verdict.host.id, name: verdict.host.name },
    cluster: compute?.kind === 'cluster' ? compute.name : null,
    fits: verdict.ok,
    reasons: verdict.reasons.map(({ code, params }) => ({ code, params: { ...params } })),
    wires: verdict.nics.map((nic) => (nic === null ? null : { id: nic.wireId, name: nic.wireName })),
    datastore: verdict.datastore?.name ?? null,
    freeMemoryMib: memory === null ? null : Math.floor(memory / MIB),
    freeCpuMhz: left(live?.cpuTotal, live?.cpuUsed),
    score: verdict.score,
    servers: count.get(verdict.host.moref) ?? 0,
  };
}

/** What an administrator may want to know before: a guest without a default route or name servers. */
function warningsOf(
  chosen: readonly (readonly AddressWish[])[],
  setup: SetupMethod,
  source: string,
): StoredServerPlan['warnings'] {
  const networks = chosen.flat().map(({ network }) => network);
  const withoutGateway = networks.every(({ gateway }) => gateway === null) ? networks.slice(0, 1) : [];
  const withoutDns = networks.every(({ dns }) => dns.length === 0) ? networks.slice(0, 1) : [];
  return [
    ...withoutGateway.map(({ name }) => ({ code: 'no_gateway', params: { network: name } })),
    ...withoutDns.map(({ name }) => ({ code: 'no_dns', params: { network: name } })),
    ...(setup === 'cloud_init' ? [{ code: 'cloud_init_assumed', params: { source } }] : []),
  ];
}
