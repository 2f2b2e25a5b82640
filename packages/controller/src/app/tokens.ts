import { randomBytes } from 'node:crypto';
import type { List, NewToken, Token, TokenInput, tokenQuery } from '@wirebook/contract';
import type { z } from 'zod';
import {
  insertToken,
  listTokens as listTokenRows,
  revokeToken as revokeTokenRow,
  type TokenScope,
} from '../store/api-tokens.ts';
import { isUuid } from '../domain/ids.ts';
import type { Database, Queries } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import type { Role } from '../store/users.ts';
import type { Caller } from './actor.ts';
import { readExpiry } from './expiry.ts';
import { Problem, refuseInput } from './problem.ts';

const rank: Record<Role, number> = { viewer: 0, operator: 1, administrator: 2 };

/** The caller's own tokens; of a token that belongs to nobody, itself. Problem: `forbidden` for all of them without being an administrator. */
export async function listTokens(
  db: Queries,
  query: z.output<typeof tokenQuery>,
  caller: Caller,
): Promise<List<Token>> {
  const { all = false, ...rest } = query;
  if (all && caller.actor.role !== 'administrator')
    throw new Problem('forbidden', { role: caller.actor.role, needed: 'administrator' });
  const page = await listTokenRows(db, { ...rest, scope: { ...ownScope(caller), all } });
  return { ...page, items: page.items.map((item) => ({ ...item, current: item.id === caller.token?.id })) };
}

/** Makes a token for the caller. Problems: `forbidden` for a role above one's own, `expires_in_the_past`, `invalid_input`. */
export async function createToken(
  db: Database,
  input: TokenInput,
  options: { caller: Caller; hashToken: (token: string) => Buffer },
): Promise<NewToken> {
  const { caller, hashToken } = options;
  const role = input.role ?? caller.actor.role;
  if (rank[role] > rank[caller.actor.role])
    throw new Problem('forbidden', { role: caller.actor.role, needed: role });
  const expiresAt = expiryOf(input.expiresAt ?? null, caller);
  const secret = `wb_${randomBytes(32).toString('base64url')}`;
  return db.transaction().execute(async (tx) => {
    const id = await insertToken(tx, {
      name: input.name,
      role,
      hash: hashToken(secret),
      userId: caller.userId,
      expiresAt,
    });
    const made = await tokenInScope(tx, id, { ...ownScope(caller), all: true });
    await recordEvent(tx, {
      actor: caller.actor.name,
      action: 'create',
      kind: 'token',
      id,
      name: input.name,
      after: { role, owner: made.owner?.name ?? null, expiresAt },
    });
    return { ...made, current: false, token: secret };
  });
}

/** A token that ends makes none that outlive it: otherwise it would never end. */
function expiryOf(wished: string | null, caller: Caller): string | null {
  const latest = caller.token === null ? null : caller.expiresAt;
  const expiresAt = readExpiry(wished ?? latest);
  if (latest !== null && expiresAt !== null && expiresAt > latest)
    throw refuseInput([{ field: 'expiresAt', value: wished, code: 'too_big', params: { maximum: latest } }]);
  return expiresAt;
}

/**
 * Ends one of the caller's tokens, by its id or name, or as an administrator anybody's by its id. Answers the id. Problems: `ambiguous`,
 * `not_found`, also for one that is somebody else's.
 */
export async function revokeToken(db: Database, nameOrId: string, caller: Caller): Promise<string> {
  const all = isUuid(nameOrId) && caller.actor.role === 'administrator';
  return db.transaction().execute(async (tx) => {
    const token = await tokenInScope(tx, nameOrId, { ...ownScope(caller), all });
    const { id } = token;
    if (!(await revokeTokenRow(tx, id))) throw notFound(nameOrId);
    await recordEvent(tx, {
      actor: caller.actor.name,
      action: 'revoke',
      kind: 'token',
      id,
      name: token.name,
      before: { role: token.role, owner: token.owner?.name ?? null },
    });
    return id;
  });
}

function ownScope(caller: Caller): TokenScope {
  return {
    userId: caller.userId,
    tokenId: caller.userId === null ? (caller.token?.id ?? null) : null,
    all: false,
  };
}

async function tokenInScope(
  db: Queries,
  nameOrId: string,
  scope: TokenScope,
): Promise<Omit<Token, 'current'>> {
  const { items } = await listTokenRows(db, { limit: 20, scope, nameOrId });
  const [token] = items;
  if (token === undefined) throw notFound(nameOrId);
  if (items.length > 1)
    throw new Problem(
      'ambiguous',
      { kind: 'token', name: nameOrId, count: items.length },
      { objects: items.map(({ id, name }) => ({ kind: 'token', id, name })) },
    );
  return token;
}

function notFound(nameOrId: string): Problem {
  return new Problem('not_found', { kind: 'token', name: nameOrId, command: 'token' });
}
