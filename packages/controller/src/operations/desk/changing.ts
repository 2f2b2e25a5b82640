import type { NicAttachInput, NicChangeInput, OperationKindName } from '@wirebook/contract';
import { Problem, quoted, refuseInput } from '../../app/problem.ts';
import type { BeginOptions, Begun, DeskOptions, StoredChangePlan } from '../../app/server-desk.ts';
import { inTransaction } from '../../app/transaction.ts';
import { newId } from '../../domain/ids.ts';
import type { NicBinding } from '../../domain/placement/wires.ts';
import { violatedConstraint } from '../../store/constraints.ts';
import type { Tx } from '../../store/database.ts';
import { recordEvent } from '../../store/events.ts';
import { insertOperations } from '../../store/operations.ts';
import type { ServerSource } from '../../store/placement.ts';
import { findHeldNics, type HeldClaim, type HeldNic, keepAccount } from '../../store/server-changes.ts';
import type { ChangeInput } from '../change-server/facts.ts';
import { findByIdentity, readMachine } from '../machines.ts';
import { findChangeable, findNic, findRewirable, refuseBusy } from './changeable.ts';
import { plannedNic } from './creating.ts';
import { bindOnHost } from './host-binding.ts';
import { askVcenter, beginStep, type DeskParts, keepKey } from './parts.ts';
import { takeAddresses, type TakenAddress } from './taking.ts';
import { type AddressWish, resolveWishes } from './wishes.ts';

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
}

/** What the server's deletion would come to. */
export async function prepareDeletion(
  parts: DeskParts,
  nameOrId: string,
  options: DeskOptions & { powerOff: boolean },
): Promise<PreparedChange> {
  const { server, account } = await findChangeable(parts.db, nameOrId);
  const { signal } = options;
  const { machine, moved } = await askVcenter(parts, account, signal, async (client) => {
    const found = await readMachine(client, server.moref, signal);
    const other =
      found !== null || server.instanceUuid === null
        ? null
        : await findByIdentity(client, server.instanceUuid, signal);
    return { machine: found, moved: other !== null };
  });
  // Registered anew: it runs on, or may, and keeps its addresses.
  if (moved) throw new Problem('server_not_changeable', { server: server.name, why: 'moved' });
  if (machine !== null && machine.powerState !== 'poweredOff' && !options.powerOff)
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
  const { server } = await findRewirable(db, nameOrId);
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
  };
}

const NICS_AT_MOST = 10;

export async function prepareDetachment(
  parts: DeskParts,
  nameOrId: string,
  mac: string,
): Promise<PreparedChange> {
  const { server } = await findRewirable(parts.db, nameOrId);
  const { nic } = await findNic(parts.db, server, mac);
  return { ...plain('detach_nic', server), nic, former: nic.claims };
}

export async function prepareNicChange(
  parts: DeskParts,
  nameOrId: string,
  mac: string,
  input: NicChangeInput,
): Promise<PreparedChange> {
  const { db } = parts;
  const { server } = await findRewirable(db, nameOrId);
  const { nic, named } = await findNic(db, server, mac);
  const home = (named ?? nic.claims[0])?.networkId;
  const network = input.network ?? (input.wire === undefined ? home : undefined);
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
  // Of the networks of a wire its own goes before others.
  const isHome = (pair: readonly AddressWish[]): boolean => pair.some((one) => one.network.id === home);
  const choices = wish.choices.toSorted((a, b) => Number(isHome(b)) - Number(isHome(a)));
  const { wishes, bound } = await bindOnHost(db, server, { ...wish, choices }, nic.wire?.id ?? null);
  return {
    ...plain('change_nic', server),
    ...(bound.wireId === nic.wire?.id
      ? exchange(nic, { named, wishes, isNamed: input.ip !== undefined || input.ip6 !== undefined })
      : { wishes, former: nic.claims }),
    nic,
    bound,
    restart: input.restart ?? false,
    waitSeconds: input.waitSeconds ?? WAIT_SECONDS,
  };
}

/**
 * What a NIC that stays on its wire gets and what it gives for that. In another network it gives all that it has; in one in which it has
 * an address already just that: the one by which it was named, or all of the families that are asked for.
 */
function exchange(
  nic: HeldNic,
  asked: { named: HeldClaim | null; wishes: readonly AddressWish[]; isNamed: boolean },
): Pick<PreparedChange, 'wishes' | 'former'> {
  const { named, wishes } = asked;
  const isOf = (claim: HeldClaim, all: readonly AddressWish[]): boolean =>
    all.some(({ network }) => network.id === claim.networkId);
  if (!nic.claims.some((claim) => isOf(claim, wishes))) return { wishes, former: nic.claims };
  // The companion's address is no business of somebody who says which other of this family it shall be.
  const wanted = asked.isNamed
    ? wishes.filter(({ ip }) => ip !== null)
    : named === null
      ? wishes
      : wishes.filter(({ network }) => network.id === named.networkId);
  const chosen = wanted.length === 0 ? wishes : wanted;
  const former = nic.claims.filter(
    (claim) => isOf(claim, chosen) && (named?.networkId !== claim.networkId || named === claim),
  );
  return { wishes: chosen, former };
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
  };
}

/** Shown, not done: the address that would be given now, and what would become free. */
export async function planChange(parts: DeskParts, change: PreparedChange): Promise<StoredChangePlan> {
  const { server } = change;
  const [taken = []] = await inTransaction(parts.db, { dryRun: true }, (tx) => take(tx, change, ''));
  const changesNic = change.kind === 'attach_nic' || change.kind === 'change_nic';
  const runs = server.powerState === 'poweredOn';
  const isTold = !changesNic || (taken.length > 0 && (change.restart || !runs));
  return {
    server: { id: server.id, name: server.name },
    nic: changesNic ? plannedNic(change.wishes, taken, change.bound ?? wireOf(change.nic)) : null,
    releases: isTold
      ? change.former.map(({ ip, networkId, networkName }) => ({
          ip,
          network: { id: networkId, name: networkName },
        }))
      : [],
    restarts: change.restart && runs,
    warnings: isTold ? [] : untoldWarnings(taken, change.former),
  };
}

/** A guest that runs and may not be restarted learns nothing. */
function untoldWarnings(
  taken: readonly TakenAddress[],
  former: readonly HeldClaim[],
): StoredChangePlan['warnings'] {
  const ipsOf = (list: readonly { ip: string }[]): string => list.map(({ ip }) => ip).join(', ');
  return [
    ...(taken.length === 0 ? [] : [{ code: 'guest_not_told', params: { ip: ipsOf(taken) } }]),
    ...(former.length === 0 ? [] : [{ code: 'former_address_kept', params: { ips: ipsOf(former) } }]),
  ];
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
  const work = async (tx: Tx): Promise<void> => {
    if (!(await keepAccount(tx, server.accountId)))
      throw new Problem('not_found', { kind: 'server', name: server.name, command: 'server' });
    await refuseBusy(tx, server);
    const [taken = []] = await take(tx, change, options.actor.name);
    const input: ChangeInput = {
      server: {
        id: server.id,
        name: server.name,
        moref: server.moref,
        instanceUuid: server.instanceUuid,
      },
      nic: nic === null ? null : { id: nic.id, deviceKey: nic.deviceKey, label: nic.label, mac: nic.mac },
      bound:
        bound === null
          ? null
          : {
              wireId: bound.wireId,
              wireName: bound.wireName,
              binding: bound.binding,
              host: server.host?.moref ?? null,
            },
      addresses: taken.map(({ claimId, ip, networkId }) => ({ claimId, ip, networkId })),
      former: change.former.map(({ claimId, ip, networkId, source, leased }) => ({
        claimId,
        ip,
        networkId,
        source,
        leased,
      })),
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
        steps: parts.stepsOf(kind).map((step) => beginStep(step, taken)),
        addresses: taken,
      },
    ]);
    await keepKey(tx, options, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: kind,
      kind: 'server',
      id: server.id,
      name: server.name,
      before: { ips: change.former.map(({ ip }) => ip) },
      after: { operation: id, ips: taken.map(({ ip }) => ip) },
    });
  };
  try {
    await inTransaction(parts.db, { dryRun: false }, work);
  } catch (error) {
    // Another was begun at the same moment.
    if (violatedConstraint(error) === 'operations_one_per_server') await refuseBusy(parts.db, server);
    throw error;
  }
  await parts.wake();
  return { id };
}
