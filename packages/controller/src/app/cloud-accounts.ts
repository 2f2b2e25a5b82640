import { isDeepStrictEqual } from 'node:util';
import type {
  AccountPreview,
  CloudAccountInput,
  CloudAccountPatch,
  cloudAccountQuery,
  List,
  PreviewInput,
  ServerCertificate,
} from '@wirebook/contract';
import type { z } from 'zod';
import { newId } from '../domain/ids.ts';
import {
  type AccountColumns,
  deleteAccount as deleteAccountRows,
  findNetworksOfAccount,
  findOperationsUnderWay,
  holdAccount,
  findServersRefusedFor,
  insertAccount,
  listAccounts,
  type StoredAccount,
  updateAccount as updateAccountRow,
} from '../store/account-list.ts';
import { findAccountConnection, findSpacesOfAccount, setAccountStatus } from '../store/cloud-accounts.ts';
import { violatedConstraint } from '../store/constraints.ts';
import type { Database, Queries, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { keepKnownAddresses } from '../store/known-addresses.ts';
import { lockAccount, lockSpaces } from '../store/locks.ts';
import type { Actor } from './actor.ts';
import { matchServers } from './matching.ts';
import { resolveName } from './names.ts';
import { Problem, quoted, refuseInput } from './problem.ts';
import type { Seal } from './sealing.ts';
import { inTransaction } from './transaction.ts';
import { type Connection, GateError, type VcenterGate, type VcenterIdentity } from './vcenter-gate.ts';

export interface AccountParts {
  readonly db: Database;
  readonly gate: VcenterGate;
  readonly seal: Seal;
}

const DEFAULT_SYNC_EVERY = 900;

export async function listCloudAccounts(
  db: Queries,
  query: z.output<typeof cloudAccountQuery>,
): Promise<List<StoredAccount>> {
  return listAccounts(db, query);
}

export async function showCloudAccount(db: Queries, nameOrId: string): Promise<StoredAccount> {
  const { id } = await resolveName(db, 'cloud_account', nameOrId);
  return readAccount(db, id);
}

async function readAccount(db: Queries, id: string): Promise<StoredAccount> {
  const [account] = (await listAccounts(db, { ids: [id], limit: 1 })).items;
  if (account === undefined)
    throw new Problem('not_found', { kind: 'cloud_account', name: id, command: 'account' });
  return account;
}

/** Reads a vCenter once and says what an account would bring. Writes nothing. */
export async function previewAccount(
  parts: AccountParts,
  input: PreviewInput,
  signal: AbortSignal,
): Promise<AccountPreview> {
  const preview = await explainGate(() => parts.gate.preview(readConnection(input), signal));
  return {
    kind: preview.kind,
    name: preview.name,
    version: preview.version,
    instanceUuid: preview.instanceUuid,
    certificate: preview.certificate,
    knownAs: await findByInstance(parts.db, preview.instanceUuid),
    counts: preview.counts,
    missingPrivileges: preview.missingPrivileges,
  };
}

/** The certificate that is shown at a URL, to be compared and trusted before any password is sent there. */
export function readServerCertificate(
  parts: AccountParts,
  url: string,
  signal: AbortSignal,
): Promise<ServerCertificate> {
  const { url: read } = readConnection({ url, username: '-', password: '-', insecure: true });
  return explainGate(() => parts.gate.certificate(read, signal));
}

/** Tests and adds an account. Its first sync is the caller's to begin. */
export async function addAccount(
  parts: AccountParts,
  input: CloudAccountInput,
  options: { actor: Actor; signal: AbortSignal },
): Promise<StoredAccount> {
  const { db } = parts;
  const connection = readConnection(input);
  const space = await resolveName(db, 'address_space', input.space ?? 'default');
  const found = await explainGate(() => parts.gate.identify(connection, options.signal));
  const id = newId();
  return inTransaction(db, { dryRun: false }, async (tx) => {
    await explainAccountConstraints(tx, { name: input.name, instanceUuid: found.instanceUuid }, () =>
      insertAccount(tx, {
        id,
        name: input.name,
        kind: found.kind,
        instanceUuid: found.instanceUuid,
        url: connection.url,
        username: connection.username,
        sealedPassword: parts.seal.seal(connection.password, id),
        trustSha256: connection.trustSha256,
        insecure: connection.insecure,
        version: found.version,
        spaceId: space.id,
        enabled: true,
        syncEvery: input.syncEvery ?? DEFAULT_SYNC_EVERY,
      }),
    );
    const account = await readAccount(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'create',
      kind: 'cloud_account',
      id,
      name: input.name,
      after: toldFields(account),
    });
    return account;
  });
}

/** Changes an account. A new address, user or trust is tried before it is kept, and must lead to the same vCenter. */
export async function updateAccount(
  parts: AccountParts,
  nameOrId: string,
  patch: CloudAccountPatch,
  options: { actor: Actor; signal: AbortSignal },
): Promise<StoredAccount> {
  const { db } = parts;
  if (Object.values(patch).every((value) => value === undefined))
    throw refuseInput([{ field: '', value: {}, code: 'nothing_to_change' }]);
  const { id } = await resolveName(db, 'cloud_account', nameOrId);
  const space = patch.space === undefined ? null : await resolveName(db, 'address_space', patch.space);
  const old = await readConnectionOf(parts, db, id);
  const insecure = patch.insecure ?? (patch.trust ? false : old.connection.insecure);
  const connection = readConnection({
    url: patch.url ?? old.connection.url,
    username: patch.username ?? old.connection.username,
    password: patch.password ?? old.connection.password,
    trust:
      patch.trust === undefined
        ? insecure || old.connection.trustSha256 === null
          ? null
          : { sha256: old.connection.trustSha256 }
        : patch.trust,
    insecure,
  });
  const reconnects =
    patch.url !== undefined ||
    patch.username !== undefined ||
    patch.password !== undefined ||
    patch.trust !== undefined ||
    patch.insecure !== undefined;
  let found: VcenterIdentity | null = null;
  if (reconnects) {
    found = await explainGate(() => parts.gate.identify(connection, options.signal));
    if (found.instanceUuid !== old.instanceUuid) {
      throw new Problem('other_vcenter', {
        url: connection.url,
        actual: found.instanceUuid,
        expected: old.instanceUuid,
      });
    }
  }
  return inTransaction(db, { dryRun: false }, async (tx) => {
    await holdAccount(tx, id);
    const current = await readConnectionOf(parts, tx, id);
    // Somebody changed it while we tried ours: written over, theirs would be lost.
    if (reconnects && !isDeepStrictEqual(current.connection, old.connection))
      throw new Problem('request_in_progress');
    const kept = reconnects ? connection : current.connection;
    const before = await readAccount(tx, id);
    const columns: AccountColumns = {
      name: patch.name ?? before.name,
      url: kept.url,
      username: kept.username,
      sealedPassword: parts.seal.seal(kept.password, id),
      trustSha256: kept.trustSha256,
      insecure: kept.insecure,
      version: found?.version ?? before.version,
      spaceId: space?.id ?? before.space.id,
      enabled: patch.enabled ?? before.enabled,
      syncEvery: patch.syncEvery ?? before.syncEvery,
    };
    await explainAccountConstraints(tx, { name: columns.name, instanceUuid: old.instanceUuid }, () =>
      updateAccountRow(tx, id, columns),
    );
    if (found !== null) await setAccountStatus(tx, id, { status: 'ok', detail: null });
    // Those of its hosts lie in the account's space.
    if (columns.spaceId !== before.space.id) await keepKnownAddresses(tx, id);
    const after = await readAccount(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'update',
      kind: 'cloud_account',
      id,
      name: after.name,
      before: toldFields(before),
      after: { ...toldFields(after), ...(patch.password === undefined ? {} : { password: 'changed' }) },
    });
    return after;
  });
}

/** Signs in with what is stored and writes down how that went. */
export async function testAccount(
  parts: AccountParts,
  nameOrId: string,
  signal: AbortSignal,
): Promise<{ ok: boolean; name: string; version: string; apiVersion: string }> {
  const { id } = await resolveName(parts.db, 'cloud_account', nameOrId);
  const { connection } = await readConnectionOf(parts, parts.db, id);
  const found = await explainGate(() => parts.gate.identify(connection, signal));
  await setAccountStatus(parts.db, id, { status: 'ok', detail: null, version: found.version });
  return { ok: true, name: found.name, version: found.version, apiVersion: found.apiVersion };
}

/** Removes an account with its mirror. Refused while networks lie on its wires. */
export async function removeAccount(
  parts: AccountParts,
  nameOrId: string,
  options: { actor: Actor },
): Promise<void> {
  const { db } = parts;
  const { id, name } = await resolveName(db, 'cloud_account', nameOrId);
  await inTransaction(db, { dryRun: false }, async (tx) => {
    await lockAccount(tx, id);
    await lockSpaces(tx, await findSpacesOfAccount(tx, id));
    // Whoever begins an operation just now keeps it until that is seen here, or comes too late.
    await holdAccount(tx, id);
    await refuseUnderWay(tx, { id, name });
    const before = await readAccount(tx, id);
    const networks = await findNetworksOfAccount(tx, id);
    if (networks.length > 0) {
      throw new Problem(
        'in_use',
        { name },
        { objects: networks.map((network) => ({ kind: 'network', ...network })) },
      );
    }
    const refused = await findServersRefusedFor(tx, id);
    await deleteAccountRows(tx, id);
    await matchServers(tx, { serverIds: refused, run: null, now: new Date() });
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'delete',
      kind: 'cloud_account',
      id,
      name,
      before: toldFields(before),
    });
  });
}

/** What is under way in vCenter could neither go on nor be taken back without the account. */
async function refuseUnderWay(tx: Tx, { id, name }: { id: string; name: string }): Promise<void> {
  const open = await findOperationsUnderWay(tx, id);
  const [first] = open;
  if (first === undefined) return;
  throw new Problem(
    'account_busy',
    { name, count: open.length, operation: first.id },
    { objects: open.map((operation) => ({ kind: 'operation', ...operation })) },
  );
}

function readConnection(input: PreviewInput): Connection {
  const url = readUrl(input.url);
  if (input.insecure === true && input.trust)
    throw refuseInput([{ field: 'insecure', value: true, code: 'insecure_and_trust' }]);
  return {
    url,
    username: input.username,
    password: input.password,
    trustSha256: input.trust ? input.trust.sha256.replaceAll(':', '').toLowerCase() : null,
    insecure: input.insecure ?? false,
  };
}

/** The SDK's address. A bare host gets the usual path; a user name or password inside is refused, it would end up in lists. */
function readUrl(text: string): string {
  const refuse = (): Problem => refuseInput([{ field: 'url', value: text, code: 'not_a_url' }]);
  if (!URL.canParse(text)) throw refuse();
  const url = new URL(text);
  if (url.protocol !== 'https:' || url.hostname === '' || url.username !== '' || url.password !== '')
    throw refuse();
  url.search = '';
  url.hash = '';
  if (url.pathname === '/' || url.pathname === '') url.pathname = '/sdk';
  return url.href.replace(/\/$/, '');
}

async function readConnectionOf(
  parts: AccountParts,
  db: Queries,
  id: string,
): Promise<{ connection: Connection; instanceUuid: string }> {
  const account = await findAccountConnection(db, id);
  if (account === null)
    throw new Problem('not_found', { kind: 'cloud_account', name: id, command: 'account' });
  return {
    instanceUuid: account.instanceUuid,
    connection: {
      url: account.url,
      username: account.username,
      password: parts.seal.open(account.sealedPassword, id),
      trustSha256: account.trustSha256,
      insecure: account.insecure,
    },
  };
}

const gateProblems = new Set([
  'certificate_not_trusted',
  'certificate_changed',
  'login_refused',
  'privileges_missing',
  'unreachable',
  'not_a_vcenter',
  'reply_unusable',
] as const);

async function explainGate<T>(talk: () => Promise<T>): Promise<T> {
  try {
    return await talk();
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    const code = [...gateProblems].find((known) => known === error.detail.code);
    if (code === undefined) throw error;
    throw new Problem(
      code,
      error.detail.params,
      error.certificate === null ? {} : { certificate: error.certificate },
    );
  }
}

async function findByInstance(
  db: Queries,
  instanceUuid: string,
): Promise<{ id: string; name: string } | null> {
  const row = await db
    .selectFrom('cloud_accounts')
    .select(['id', 'name'])
    .where('instance_uuid', '=', instanceUuid)
    .executeTakeFirst();
  return row ?? null;
}

async function explainAccountConstraints(
  tx: Tx,
  account: { name: string; instanceUuid: string },
  write: () => Promise<void>,
): Promise<void> {
  const other = await findByInstance(tx, account.instanceUuid);
  try {
    await write();
  } catch (error) {
    switch (violatedConstraint(error)) {
      case 'cloud_accounts_name_unique':
        throw new Problem('name_taken', { kind: 'cloud_account', name: account.name });
      case 'cloud_accounts_instance_unique':
        throw new Problem(
          'account_exists',
          {
            instanceUuid: account.instanceUuid,
            name: other?.name ?? '-',
            quoted: quoted(other?.name ?? '-'),
          },
          { objects: other === null ? [] : [{ kind: 'cloud_account', ...other }] },
        );
      default:
        throw error;
    }
  }
}

/** What of an account belongs into the audit trail: never the password. */
function toldFields(account: StoredAccount): Record<string, unknown> {
  const { lastSync: _, lastCompleteSyncAt: __, statusDetail: ___, ...told } = account;
  return told;
}
