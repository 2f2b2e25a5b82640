import { resolveName } from '../../app/names.ts';
import { Problem, quoted } from '../../app/problem.ts';
import { formatAddress, parseAddress, parseMac } from '../../domain/addresses.ts';
import { type AccountConnection, findAccountConnection } from '../../store/cloud-accounts.ts';
import type { Database, Queries } from '../../store/database.ts';
import { findServerSources, type ServerSource } from '../../store/placement.ts';
import { findHeldNics, findOpenOperation, type HeldClaim, type HeldNic } from '../../store/server-changes.ts';

/** A server that may be changed. Problems: `not_found`, `ambiguous`, `server_not_changeable`, `account_disabled`. */
export async function findChangeable(
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
  await refuseBusy(db, server);
  return { server, account };
}

/** The same, whose hardware can be changed. */
export async function findRewirable(
  db: Database,
  nameOrId: string,
): Promise<{ server: ServerSource; account: AccountConnection }> {
  const found = await findChangeable(db, nameOrId);
  // vCenter changes nothing of one whose memory lies on disk.
  if (found.server.powerState === 'suspended')
    throw new Problem('server_not_changeable', { server: found.server.name, why: 'suspended' });
  return found;
}

export async function refuseBusy(db: Queries, server: ServerSource): Promise<void> {
  const open = await findOpenOperation(db, server);
  if (open !== null) throw new Problem('server_busy', { server: server.name, operation: open });
}

/** The NIC of a server that has this MAC, or this address, and that address. Problem: `not_found`. */
export async function findNic(
  db: Database,
  server: ServerSource,
  macOrIp: string,
): Promise<{ nic: HeldNic; named: HeldClaim | null }> {
  const nics = await findHeldNics(db, server.id);
  const address = parseAddress(macOrIp);
  const ip = address === null ? null : formatAddress(address);
  // The digits of an address could be taken for those of a MAC.
  const mac = address === null ? parseMac(macOrIp) : null;
  for (const nic of nics) {
    const named = nic.claims.find((claim) => claim.ip === ip) ?? null;
    if ((mac !== null && nic.mac === mac) || nic.id === macOrIp || named !== null) return { nic, named };
  }
  throw new Problem('not_found', { kind: 'nic', name: macOrIp, command: 'nic' });
}
