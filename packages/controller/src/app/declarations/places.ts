import type { DeclaredWire, ImportDeclarationsInput } from '@wirebook/contract';
import {
  type AccountPlace,
  findAccountPlaces,
  findSpacePlaces,
  findWirePlaces,
  insertSpaces,
  type WirePlace,
} from '../../store/declarations/places.ts';
import { recordEvents } from '../../store/events.ts';
import { lockAccount, lockSpaces } from '../../store/locks.ts';
import { carryOutMoves, planMoves } from './moves.ts';
import type { DeclarationReport } from './report.ts';
import type { DeclarationImport, Places } from './work.ts';
import { Problem, quoted } from '../problem.ts';

/** Makes the spaces, holds all that the document is about, and puts accounts and wires into their spaces. */
export async function settlePlaces(work: DeclarationImport): Promise<Places> {
  const { tx, report } = work;
  const accounts = new Map(
    (await findAccountPlaces(tx, accountsNamed(work.document))).map((account) => [
      account.instanceUuid,
      account,
    ]),
  );
  const accountIds = [...accounts.values()].map((account) => account.id).toSorted();
  for (const id of accountIds) await lockAccount(tx, id);
  const spaces = await settleSpaces(work);
  const seen = await findWirePlaces(tx, accountIds);
  const spaceIds = [
    ...new Set([
      ...[...spaces.values()].map((space) => space.id),
      ...[...accounts.values()].map((account) => account.spaceId),
      ...seen.map((wire) => wire.spaceId),
    ]),
  ];
  await lockSpaces(tx, spaceIds);
  const wires = await findWirePlaces(tx, accountIds);
  if (wires.some((wire) => !spaceIds.includes(wire.spaceId))) throw new Problem('request_in_progress');
  let index = indexWires(wires);
  const names = new Map(work.document.accounts?.map((account) => [account.instanceUuid, account.name]));
  const lackAccount: Places['lackAccount'] = (field, instanceUuid) => {
    const name = names.get(instanceUuid);
    const params = { account: name ?? instanceUuid, quoted: name === undefined ? 'NAME' : quoted(name) };
    report.lack(
      { field, value: instanceUuid, code: 'declared_no_account', params },
      `account ${instanceUuid}`,
    );
  };
  const lookup = (named: DeclaredWire, field: string): WirePlace | null => {
    const account = accounts.get(named.account);
    if (account !== undefined) return findWire(report, index, { account, named, field });
    lackAccount(`${field}.account`, named.account);
    return null;
  };
  for (const [at, { instanceUuid }] of (work.document.accounts ?? []).entries())
    if (!accounts.has(instanceUuid)) lackAccount(`accounts[${at}].instanceUuid`, instanceUuid);
  const moves = planMoves(work, { accounts, spaces, wires, lookup });
  if (moves.length > 0 && !report.refused) {
    await carryOutMoves(work, moves);
    index = indexWires(await findWirePlaces(tx, accountIds));
  }
  return {
    space: (name) => spaces.get(name),
    spaceIds,
    account: (instanceUuid) => accounts.get(instanceUuid),
    lackAccount,
    wire: lookup,
  };
}

function accountsNamed(document: ImportDeclarationsInput): string[] {
  const { accounts = [], wires = [], networks = [], nicAddresses = [], keptConflicts = [] } = document;
  return [
    ...new Set([
      ...accounts.map((account) => account.instanceUuid),
      ...wires.map((wire) => wire.account),
      ...networks.flatMap(({ wire, declaredWires = [], excludedWires = [] }) =>
        [wire, ...declaredWires, ...excludedWires].map((one) => one.account),
      ),
      ...[...nicAddresses, ...keptConflicts].map(({ nic }) => nic.account),
    ]),
  ];
}

/** The spaces by name: those of the document, which are made where they lack, and those that it names besides. */
async function settleSpaces(work: DeclarationImport): Promise<Map<string, { id: string; name: string }>> {
  const { tx, document, report, actor } = work;
  const { spaces = [], accounts = [], wires = [], networks = [], reservations = [] } = document;
  const { sharedAddresses = [], holders = [], nicAddresses = [], keptConflicts = [] } = document;
  const declared = [...new Set(spaces.map((space) => space.name))];
  const created = new Map((await insertSpaces(tx, declared)).map((space) => [space.name, space]));
  for (const [index, { name }] of spaces.entries()) {
    const made = created.get(name);
    report.tell('spaces', made === undefined ? 'unchanged' : 'created', { field: `spaces[${index}]`, name });
    if (made === undefined) continue;
    created.delete(name);
    await recordEvents(tx, [
      { actor: actor.name, action: 'create', kind: 'address_space', id: made.id, name, after: { name } },
    ]);
  }
  const named = [
    accounts,
    wires,
    networks,
    reservations,
    sharedAddresses,
    holders,
    nicAddresses,
    keptConflicts,
  ];
  const names = new Set([...declared, ...named.flatMap((list) => list.map(({ space }) => space))]);
  return new Map((await findSpacePlaces(tx, [...names])).map((space) => [space.name, space]));
}

interface WireIndex {
  readonly byPortGroup: ReadonlyMap<string, WirePlace>;
  readonly byName: ReadonlyMap<string, readonly WirePlace[]>;
}

function indexWires(wires: readonly WirePlace[]): WireIndex {
  return {
    byPortGroup: new Map(wires.map((wire) => [`${wire.accountId} ${wire.portGroupId}`, wire])),
    byName: Map.groupBy(
      wires.filter((wire) => wire.missingSince === null),
      (wire) => `${wire.accountId} ${wire.name}`,
    ),
  };
}

/** By its port group; where that is gone or was not said, the only one of its name, in its datacenter if that was said. */
function findWire(
  report: DeclarationReport,
  wires: WireIndex,
  asked: { account: AccountPlace; named: DeclaredWire; field: string },
): WirePlace | null {
  const { account, named, field } = asked;
  const byId = wires.byPortGroup.get(`${account.id} ${named.portGroupId ?? ''}`);
  if (byId !== undefined) return byId;
  const ofName = wires.byName.get(`${account.id} ${named.name}`) ?? [];
  const near = ofName.filter((wire) => wire.datacenter === (named.datacenter ?? null));
  // Another vCenter may call its datacenters otherwise; within one and the same the datacenter tells wires apart.
  const fitting = near.length === 0 && named.portGroupId == null ? ofName : near;
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) {
    if (named.portGroupId != null)
      report.note({
        field,
        value: named.portGroupId,
        code: 'declared_wire_by_name',
        params: { wire: named.name, portGroupId: only.portGroupId },
      });
    return only;
  }
  report.lack(
    {
      field,
      value: named.name,
      code: fitting.length === 0 ? 'declared_no_wire' : 'declared_wire_ambiguous',
      params: {
        wire: named.name,
        wireQuoted: quoted(named.name),
        account: account.name,
        accountQuoted: quoted(account.name),
        count: fitting.length,
      },
    },
    `wire ${account.id} ${named.portGroupId ?? ''} ${named.name}`,
  );
  return null;
}
