import type { NicAttachInput, NicChangeInput, OperationKindName } from '@wirebook/contract';
import { resolveName } from '../../app/names.ts';
import { type FieldError, Problem, quoted, refuseInput } from '../../app/problem.ts';
import type { BeginOptions, Begun, DeskOptions, StoredChangePlan } from '../../app/server-desk.ts';
import { inTransaction } from '../../app/transaction.ts';
import { parseMac } from '../../domain/addresses.ts';
import { newId } from '../../domain/ids.ts';
import { candidatesOf, countUses, type NicBinding, pickPortGroup } from '../../domain/placement/wires.ts';
import { type AccountConnection, findAccountConnection } from '../../store/cloud-accounts.ts';
import type { Database, Tx } from '../../store/database.ts';
import { recordEvent } from '../../store/events.ts';
import { insertOperations } from '../../store/operations.ts';
import { findServerSources, loadPlacementBook, type ServerSource } from '../../store/placement.ts';
import { findHeldNics, findOpenOperation, type HeldNic } from '../../store/server-changes.ts';
import { keepOperationOfKey } from '../../store/server-networks.ts';
import type { ChangeInput } from '../change-server/facts.ts';
import { readMachine } from '../machines.ts';
import { plannedNic } from './creating.ts';
import { askVcenter, type DeskParts } from './parts.ts';
import { takeAddresses } from './taking.ts';
import { type AddressWish, resolveWishes, type WishedNic } from './wishes.ts';

const WAIT_SECONDS = 600;

/** A change that was looked at and can begin. */
interface PreparedChange {
  readonly kind: OperationKindName;
  readonly server: ServerSource;
  readonly nic: HeldNic | null;
  readonly wishes: readonly AddressWish[];
  readonly bound: NicBinding | null;
  readonly former: HeldNic['claims'];
  readonly restart: boolean;
  readonly powerOff: boolean;
  readonly waitSeconds: number;
  readonly warnings: StoredChangePlan['warnings'];
}

/** What the server's deletion would come to. */
export async function prepareDeletion(
  parts: DeskParts,
  nameOrId: string,
  options: DeskOptions & { powerOff: boolean },
): Promise<PreparedChange> {
  const { server, account } = await findChangeable(parts.db, nameOrId);
  const machine = await askVcenter(parts, account, options.signal, (client) =>
    readMachine(client, server.moref, options.signal),
  );
  if (machine?.powerState === 'poweredOn' && !options.powerOff)
    throw new Problem('server_running', { server: server.name, quoted: quoted(server.name) });
  const nics = await findHeldNics(parts.db, server.id);
  return {
    ...plain('delete_server', server),
    former: nics.flatMap(({ claims }) => claims),
    powerOff: options.powerOff,
  };
}

export async function prepareAttachment(
  parts: DeskParts,
  nameOrId: string,
  input: NicAttachInput,
): Promise<PreparedChange> {
  const { db } = parts;
  const { server } = await findChangeable(db, nameOrId);
  const nics = await findHeldNics(db, server.id);
  if (nics.length >= NICS_AT_MOST)
    throw new Problem('server_not_changeable', { server: server.name, why: 'nics' });
  const [wish] = await resolveWishes(db, [input], '');
  if (wish === undefined) throw new Error('one wish was asked for');
  const { wishes, bound } = await bindOnHost(db, server, wish);
  return {
    ...plain('attach_nic', server),
    wishes,
    bound,
    restart: input.restart ?? false,
    waitSeconds: input.waitSeconds ?? WAIT_SECONDS,
    warnings: toldWarnings(server, input.restart ?? false, wishes),
  };
}

const NICS_AT_MOST = 10;

export async function prepareDetachment(
  parts: DeskParts,
  nameOrId: string,
  mac: string,
): Promise<PreparedChange> {
  const { server } = await findChangeable(parts.db, nameOrId);
  const nic = await findNic(parts.db, server, mac);
  return { ...plain('detach_nic', server), nic, former: nic.claims };
}

export async function prepareNicChange(
  parts: DeskParts,
  nameOrId: string,
  mac: string,
  input: NicChangeInput,
): Promise<PreparedChange> {
  const { db } = parts;
  const { server } = await findChangeable(db, nameOrId);
  const nic = await findNic(db, server, mac);
  const network = input.network ?? nic.claims[0]?.networkId;
  if (network === undefined && input.wire === undefined)
    throw refuseInput([{ field: 'network', value: null, code: 'required' }]);
  const [wish] = await resolveWishes(
    db,
    [
      {
        ...(network !== undefined && { network }),
        ...(input.wire !== undefined && { wire: input.wire }),
        ...(input.ip !== undefined && { ip: input.ip }),
        ...(input.ip6 !== undefined && { ip6: input.ip6 }),
      },
    ],
    '',
  );
  if (wish === undefined) throw new Error('one wish was asked for');
  const { wishes, bound } = await bindOnHost(db, server, wish, nic.wire?.id ?? null);
  return {
    ...plain('change_nic', server),
    nic,
    wishes,
    bound: bound.wireId === nic.wire?.id ? null : bound,
    former: nic.claims,
    restart: input.restart ?? false,
    waitSeconds: input.waitSeconds ?? WAIT_SECONDS,
    warnings: toldWarnings(server, input.restart ?? false, wishes),
  };
}

function plain(kind: OperationKindName, server: ServerSource): PreparedChange {
  return {
    kind,
    server,
    nic: null,
    wishes: [],
    bound: null,
    former: [],
    restart: false,
    powerOff: false,
    waitSeconds: WAIT_SECONDS,
    warnings: [],
  };
}

/** Shown, not done: the address that would be given now, and what would become free. */
export async function planChange(parts: DeskParts, change: PreparedChange): Promise<StoredChangePlan> {
  const [taken = []] = await inTransaction(parts.db, { dryRun: true }, (tx) => take(tx, change, ''));
  const changesNic = change.kind === 'attach_nic' || change.kind === 'change_nic';
  return {
    server: { id: change.server.id, name: change.server.name },
    nic: changesNic ? plannedNic(change.wishes, taken, change.bound ?? wireOf(change.nic)) : null,
    releases: change.former.map(({ ip, networkId, networkName }) => ({
      ip,
      network: { id: networkId, name: networkName },
    })),
    restarts: change.restart && change.server.powerState === 'poweredOn',
    warnings: change.warnings,
  };
}

function wireOf(nic: HeldNic | null): { wireId: string; wireName: string } | null {
  return nic?.wire == null ? null : { wireId: nic.wire.id, wireName: nic.wire.name };
}

function take(tx: Tx, change: PreparedChange, actor: string) {
  return takeAddresses(tx, {
    nics: [{ serverName: change.server.name, wishes: change.wishes }],
    actor,
    note: '',
    now: new Date(),
  });
}

/** Takes the address and leaves the operation. Problems: `server_busy`, and those of giving. */
export async function beginChange(
  parts: DeskParts,
  change: PreparedChange,
  options: BeginOptions,
): Promise<Begun> {
  const { server, nic, bound, kind } = change;
  const id = newId();
  await inTransaction(parts.db, { dryRun: false }, async (tx) => {
    const open = await findOpenOperation(tx, server.id);
    if (open !== null) throw new Problem('server_busy', { server: server.name, operation: open });
    const [taken = []] = await take(tx, change, options.actor.name);
    const input: ChangeInput = {
      server: { id: server.id, name: server.name, moref: server.moref },
      nic: nic === null ? null : { id: nic.id, deviceKey: nic.deviceKey, label: nic.label, mac: nic.mac },
      bound:
        bound === null ? null : { wireId: bound.wireId, wireName: bound.wireName, binding: bound.binding },
      addresses: taken.map(({ claimId, ip, networkId }) => ({ claimId, ip, networkId })),
      former: change.former.map(({ claimId, ip, networkId, source }) => ({ claimId, ip, networkId, source })),
      restart: change.restart,
      powerOff: change.powerOff,
      waitSeconds: change.waitSeconds,
    };
    await insertOperations(tx, [
      {
        id,
        kind,
        parentId: null,
        accountId: server.accountId,
        serverId: server.id,
        serverName: server.name,
        requestedBy: options.actor.name,
        input,
        sealed: null,
        facts: {},
        keepOnFailure: false,
        steps: parts.stepsOf(kind).map((step) => ({ name: step, done: step === 'address' })),
        addresses: taken,
      },
    ]);
    if (options.idempotencyKey !== null)
      await keepOperationOfKey(tx, {
        actor: options.actor.name,
        key: options.idempotencyKey,
        operationId: id,
      });
    await recordEvent(tx, {
      actor: options.actor.name,
      action: kind,
      kind: 'server',
      id: server.id,
      name: server.name,
      before: { ips: change.former.map(({ ip }) => ip) },
      after: { operation: id, ips: taken.map(({ ip }) => ip) },
    });
  });
  await parts.wake();
  return { id };
}

/** A server that may be changed. Problems: `not_found`, `ambiguous`, `server_not_changeable`, `account_disabled`. */
async function findChangeable(
  db: Database,
  nameOrId: string,
): Promise<{ server: ServerSource; account: AccountConnection }> {
  const { id, name } = await resolveName(db, 'server', nameOrId);
  const [server] = await findServerSources(db, [id]);
  const account = server === undefined ? null : await findAccountConnection(db, server.accountId);
  if (server === undefined || account === null)
    throw new Problem('not_found', { kind: 'server', name: nameOrId, command: 'server' });
  const why = server.missing
    ? 'missing'
    : server.managedBy !== null
      ? 'managed'
      : server.template
        ? 'template'
        : server.readable
          ? null
          : 'unreadable';
  if (why !== null) throw new Problem('server_not_changeable', { server: name, why });
  if (!account.enabled)
    throw new Problem('account_disabled', { name: account.name, quoted: quoted(account.name) });
  const open = await findOpenOperation(db, server.id);
  if (open !== null) throw new Problem('server_busy', { server: name, operation: open });
  return { server, account };
}

/** The NIC of a server that has this MAC, or this address. Problem: `not_found`. */
async function findNic(db: Database, server: ServerSource, macOrIp: string): Promise<HeldNic> {
  const nics = await findHeldNics(db, server.id);
  const mac = parseMac(macOrIp);
  const found = nics.find(
    (nic) =>
      (mac !== null && nic.mac === mac) || nic.id === macOrIp || nic.claims.some(({ ip }) => ip === macOrIp),
  );
  if (found === undefined) throw new Problem('not_found', { kind: 'nic', name: macOrIp, command: 'nic' });
  return found;
}

/** The first of the networks that would do whose wire the server's host has. Problem: `no_host_fits`. */
async function bindOnHost(
  db: Database,
  server: ServerSource,
  wish: WishedNic,
  /** The wire that the NIC is on already: where that will do it stays there. */
  present: string | null = null,
): Promise<{ wishes: readonly AddressWish[]; bound: NicBinding }> {
  const choices = wish.choices.length === 0 ? [[]] : wish.choices;
  const book = await loadPlacementBook(db, {
    accountId: server.accountId,
    networkIds: [...new Set(choices.flatMap((pair) => pair.map(({ network }) => network.id)))],
    wireIds: wish.wire === null ? [] : [wish.wire.id],
  });
  const hostId = server.host?.id ?? '';
  const presence = new Map(
    book.presence.flatMap((one) => (one.hostId === hostId ? [[one.wireId, one] as const] : [])),
  );
  const errors: FieldError[] = [];
  for (const wishes of choices) {
    const networks = wishes.flatMap(({ network }) => book.networks.find(({ id }) => id === network.id) ?? []);
    const nicWish = { networks, wire: wish.wire };
    const all = candidatesOf(nicWish);
    const staying = all.filter(({ wireId }) => wireId === present);
    for (const candidates of staying.length > 0 ? [staying, all] : [all]) {
      const verdict = pickPortGroup({
        nic: 1,
        wish: nicWish,
        candidates,
        hostId,
        presence,
        uses: countUses(nicWish, book.uses, () => ''),
      });
      if (verdict.binding !== null) return { wishes, bound: verdict.binding };
      errors.push(
        ...verdict.reasons.map(({ code, params }): FieldError => ({
          field: 'host',
          value: server.host?.name ?? null,
          code,
          of: 'hosts',
          params: { ...params },
        })),
      );
    }
  }
  throw new Problem(
    'no_host_fits',
    { count: 1 },
    {
      errors,
      objects: server.host === null ? [] : [{ kind: 'host', id: server.host.id, name: server.host.name }],
    },
  );
}

/** Before anything is done: a guest that runs and may not be restarted learns nothing. */
function toldWarnings(
  server: ServerSource,
  restart: boolean,
  wishes: readonly AddressWish[],
): StoredChangePlan['warnings'] {
  if (restart || wishes.length === 0 || server.powerState !== 'poweredOn') return [];
  return [{ code: 'guest_not_told', params: { ip: wishes.map(({ network }) => network.name).join(', ') } }];
}
