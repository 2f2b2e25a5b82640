import {
  type DeclaredNic,
  type DeclaredWire,
  importDeclarationsInput,
  type ImportDeclarationsInput,
} from '@wirebook/contract';
import { dataOf } from '../api.ts';
import { WrongUsage } from '../failures.ts';
import type { Session } from '../session.ts';

/**
 * Puts other accounts in place of those that a document names, as `OLD=NEW`: OLD by its name or instance UUID there, NEW by its name or id
 * here. In another vCenter ids mean other things, so what lies in it is then found by its names. A document that can't be read stays as it
 * is: the controller says what is wrong with it.
 */
export async function mapAccounts(
  session: Session,
  document: unknown,
  pairs: readonly string[],
): Promise<unknown> {
  const parsed = importDeclarationsInput.safeParse(document);
  if (!parsed.success || pairs.length === 0) return document;
  const instances = new Map<string, string>();
  for (const pair of pairs) {
    const [, old = '', next = ''] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
    if (old === '') throw new WrongUsage(session.t('cli.usage.accountMap', { value: pair }));
    const known = parsed.data.accounts ?? [];
    const meant = known.find((account) => account.instanceUuid === old || account.name === old);
    if (meant === undefined)
      throw new WrongUsage(
        session.t('cli.usage.accountNotThere', {
          value: old,
          known: known.map((account) => account.name).join(', ') || '-',
        }),
      );
    const answer = await session.api.GET('/api/v1/cloud-accounts/{id}', { params: { path: { id: next } } });
    instances.set(meant.instanceUuid, dataOf(answer, session.t).instanceUuid);
  }
  return replaceAccounts(parsed.data, instances);
}

function replaceAccounts(
  document: ImportDeclarationsInput,
  instances: ReadonlyMap<string, string>,
): ImportDeclarationsInput {
  const wire = <Wire extends DeclaredWire>(named: Wire): Wire => {
    const account = instances.get(named.account);
    return account === undefined ? named : { ...named, account, portGroupId: null };
  };
  const nic = (named: DeclaredNic): DeclaredNic => {
    const account = instances.get(named.account);
    return account === undefined ? named : { ...named, account, moref: null };
  };
  const ofNic = <Row extends { nic: DeclaredNic }>(row: Row): Row => ({ ...row, nic: nic(row.nic) });
  const { accounts, wires, networks, nicAddresses, keptConflicts } = document;
  return {
    ...document,
    ...(accounts && {
      accounts: accounts.map((account) => ({
        ...account,
        instanceUuid: instances.get(account.instanceUuid) ?? account.instanceUuid,
      })),
    }),
    ...(wires && { wires: wires.map(wire) }),
    ...(networks && {
      networks: networks.map((network) => ({
        ...network,
        wire: wire(network.wire),
        ...(network.declaredWires && { declaredWires: network.declaredWires.map(wire) }),
        ...(network.excludedWires && { excludedWires: network.excludedWires.map(wire) }),
      })),
    }),
    ...(nicAddresses && { nicAddresses: nicAddresses.map(ofNic) }),
    ...(keptConflicts && { keptConflicts: keptConflicts.map(ofNic) }),
  };
}
