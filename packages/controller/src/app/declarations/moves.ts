import { violatedConstraint } from '../../store/constraints.ts';
import {
  type AccountPlace,
  findTiesOfWires,
  setAccountSpace,
  type WirePlace,
} from '../../store/declarations/places.ts';
import { recordEvents } from '../../store/events.ts';
import { keepKnownAddresses } from '../../store/known-addresses.ts';
import { findServersAround } from '../../store/matching.ts';
import { moveWiresToSpace } from '../../store/wires.ts';
import type { DeclarationReport } from './report.ts';
import { type DeclarationImport, lackSpace, type Places } from './work.ts';
import { rangeOf } from '../matching.ts';

interface Target {
  readonly space: { id: string; name: string };
  /** Where in the document it stands. */
  readonly field: string;
}
type WireMove = Target & { readonly wire: WirePlace };
/** What goes to another space. */
export type Move = WireMove | (Target & { readonly account: AccountPlace });

/**
 * Which wires go where. What carries nothing yet goes as the document says; what somebody put elsewhere on purpose, or has networks, only
 * where the document is to have its way.
 */
export function planMoves(
  work: DeclarationImport,
  found: {
    accounts: Map<string, AccountPlace>;
    spaces: ReadonlyMap<string, { id: string; name: string }>;
    wires: readonly WirePlace[];
    lookup: Places['wire'];
  },
): Move[] {
  const { document, report } = work;
  const moves: Move[] = [];
  const listed = new Set<string>();
  for (const [index, declared] of (document.wires ?? []).entries()) {
    const field = `wires[${index}]`;
    const wire = found.lookup(declared, field);
    const space = found.spaces.get(declared.space);
    if (space === undefined) lackSpace(report, `${field}.space`, declared.space);
    if (wire === null || space === undefined) {
      report.tell('wires', 'skipped');
      continue;
    }
    if (listed.has(wire.id)) {
      report.complain({ field, value: declared.name, code: 'declared_twice' });
      continue;
    }
    listed.add(wire.id);
    const account = found.accounts.get(declared.account);
    const free = !wire.linked && wire.spaceId === account?.spaceId;
    if (wire.spaceId === space.id) report.tell('wires', 'unchanged');
    else if (free || report.differs({ field: `${field}.space`, value: space.name }, wire.spaceName)) {
      report.tell('wires', 'updated', { field, name: wire.name });
      moves.push({ wire, space, field });
    }
  }
  for (const [index, declared] of (document.accounts ?? []).entries()) {
    const field = `accounts[${index}]`;
    const account = found.accounts.get(declared.instanceUuid);
    const space = found.spaces.get(declared.space);
    if (space === undefined) lackSpace(report, `${field}.space`, declared.space);
    if (account === undefined || space === undefined) {
      report.tell('accounts', 'skipped');
      continue;
    }
    if (account.spaceId === space.id) {
      report.tell('accounts', 'unchanged');
      continue;
    }
    const followers = found.wires.filter(
      (wire) => wire.accountId === account.id && wire.spaceId === account.spaceId && !listed.has(wire.id),
    );
    const free = account.spaceName === 'default' && !followers.some((wire) => wire.linked);
    if (!free && !report.differs({ field: `${field}.space`, value: space.name }, account.spaceName)) continue;
    report.tell('accounts', 'updated', { field, name: account.name });
    moves.push({ account, space, field });
    for (const wire of followers) moves.push({ wire, space, field });
  }
  return moves;
}

/** Puts accounts and wires into their spaces. Networks go along with their primary wires. */
export async function carryOutMoves(work: DeclarationImport, moves: readonly Move[]): Promise<void> {
  const { tx, report, actor } = work;
  const accounts = moves.flatMap((move) => ('account' in move ? [move] : []));
  const wires = moves.flatMap((move) => ('wire' in move ? [move] : []));
  for (const { account, space } of accounts) await setAccountSpace(tx, { id: account.id, spaceId: space.id });
  for (const [space, own] of Map.groupBy(wires, (move) => move.space)) {
    const wireIds = own.map(({ wire }) => wire.id);
    const { networks, ties } = await findTiesOfWires(tx, wireIds);
    for (const { wire, field } of own) {
      const tied = ties.filter((tie) => tie.wireId === wire.id).map((tie) => tie.network);
      if (tied.length > 0)
        report.complain({
          field,
          value: wire.name,
          code: 'declared_wire_tied',
          params: { wire: wire.name, networks: tied.join(', ') },
        });
    }
    if (report.refused) return;
    const around = {
      ranges: networks.map((network) => rangeOf(network.cidr)),
      networkIds: networks.map((network) => network.id),
    };
    const lookAround = async (spaceId: string): Promise<void> => {
      for (const id of await findServersAround(tx, { spaceId, ...around })) work.serverIds.add(id);
    };
    for (const id of new Set(own.map(({ wire }) => wire.spaceId))) await lookAround(id);
    await explainMove(report, own, async () => {
      const onWires = await moveWiresToSpace(tx, {
        wireIds,
        spaceId: space.id,
        networkIds: around.networkIds,
      });
      for (const id of onWires) work.serverIds.add(id);
    });
    await lookAround(space.id);
  }
  const touched = new Set([
    ...accounts.map(({ account }) => account.id),
    ...wires.map(({ wire }) => wire.accountId),
  ]);
  for (const id of touched) await keepKnownAddresses(tx, id);
  await recordEvents(
    tx,
    moves.map((move) => {
      const [kind, object] =
        'wire' in move ? (['wire', move.wire] as const) : (['cloud_account', move.account] as const);
      return {
        actor: actor.name,
        action: 'update',
        kind,
        id: object.id,
        name: object.name,
        before: { space: object.spaceName },
        after: { space: move.space.name },
      };
    }),
  );
}

/** A network in the new space that has the range, the name or an address already refuses the whole: nothing can be looked up after that. */
async function explainMove(
  report: DeclarationReport,
  moves: readonly WireMove[],
  move: () => Promise<void>,
): Promise<void> {
  try {
    await move();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === null || !/^(?:networks_|claims_|reservations_)/.test(constraint)) throw error;
    for (const { wire, field, space } of moves.filter((one) => one.wire.linked))
      report.complain({
        field,
        value: wire.name,
        code: 'declared_wire_meets',
        params: { wire: wire.name, space: space.name },
      });
    report.settle();
  }
}
