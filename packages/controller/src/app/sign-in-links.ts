import { randomBytes } from 'node:crypto';
import type { SignInLink } from '@wirebook/contract';
import { isUuid } from '../domain/ids.ts';
import type { Database } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { insertLink } from '../store/sign-in-links.ts';
import { findOnlyAdministrator, findUserById, findUserByName, type StoredUser } from '../store/users.ts';
import type { Caller } from './actor.ts';
import { Problem, refuseInput } from './problem.ts';

const LINK_SECONDS = 3600;

/**
 * Makes a link that signs a user in once, within the hour. `base` is where people reach the controller. Problems: `not_found`, `invalid_input`
 * for a caller who is no user and names none.
 */
export async function createSignInLink(
  db: Database,
  wish: { user: string | undefined; base: string },
  options: { caller: Caller; hashToken: (token: string) => Buffer },
): Promise<SignInLink> {
  const { caller } = options;
  const wished = wish.user ?? caller.userId;
  const user = wished === null ? await findOnlyAdministrator(db) : await findWished(db, wished);
  // The command line beside a controller is nobody in particular; where there is one administrator, that one is meant.
  if (user === null) throw refuseInput([{ field: 'user', value: null, code: 'required' }]);
  return makeLink(db, { ...options, user, base: wish.base, actor: caller.actor.name });
}

async function findWished(db: Database, user: string): Promise<StoredUser> {
  const found =
    (isUuid(user) ? await findUserById(db, user) : null) ?? (await findUserByName(db, user.trim()));
  if (found === null || found.disabled)
    throw new Problem('not_found', { kind: 'user', name: user, command: 'user' });
  return found;
}

/** The same for whoever was found. The secret stands in the fragment, which browsers send to nobody. */
export async function makeLink(
  db: Database,
  link: { user: StoredUser; base: string; actor: string; hashToken: (token: string) => Buffer },
): Promise<SignInLink> {
  const { user, base, actor, hashToken } = link;
  const secret = randomBytes(32).toString('base64url');
  const { expiresAt } = await db.transaction().execute(async (tx) => {
    const made = await insertLink(tx, { userId: user.id, hash: hashToken(secret), seconds: LINK_SECONDS });
    await recordEvent(tx, {
      actor,
      action: 'create',
      kind: 'sign_in_link',
      id: made.id,
      name: user.username,
      after: { expiresAt: made.expiresAt },
    });
    return made;
  });
  return {
    url: `${base.replace(/\/+$/, '')}/sign-in#link=${secret}`,
    user: { id: user.id, name: user.username },
    expiresAt,
  };
}
