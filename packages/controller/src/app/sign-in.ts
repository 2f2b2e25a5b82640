import type { PasswordInput, SignInInput, SignedIn, SignedInUser } from '@wirebook/contract';
import type { Database, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { endLinks, findLink, useLink } from '../store/sign-in-links.ts';
import { type Counted, countAttempt, forgetAttempts, takeAttemptBack } from '../store/sign-in-failures.ts';
import { findUserById, findUserByName, type StoredUser } from '../store/users.ts';
import { guessing } from './guessing.ts';
import { Problem, refuseInput } from './problem.ts';
import type { Seal } from './sealing.ts';
import type { OpenedSession, SignInEngine } from './sign-in-engine.ts';

export interface SignInParts {
  readonly db: Database;
  readonly seal: Seal;
  readonly signInEngine: SignInEngine;
  readonly hashToken: (token: string) => Buffer;
}

/** Where a request comes from. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
}

/**
 * Signs somebody in by name and password, or by a link that works once. Problems: `sign_in_refused` (the same for whatever was wrong),
 * `sign_in_link_used`, `sign_in_link_expired`, `sign_in_throttled`.
 */
export async function signIn(
  parts: SignInParts,
  input: SignInInput,
  from: Origin,
): Promise<SignedIn & { cookies: readonly string[] }> {
  const { username, password, link } = input;
  if (link !== undefined) {
    const double = (['username', 'password'] as const).find((field) => input[field] !== undefined);
    if (double !== undefined)
      throw refuseInput([
        { field: double, value: null, code: 'one_of_two', params: { first: 'link', second: double } },
      ]);
    return signInByLink(parts, link, from);
  }
  if (username === undefined || password === undefined)
    throw refuseInput([
      { field: username === undefined ? 'username' : 'password', value: null, code: 'required' },
    ]);
  return signInByPassword(parts, { username: username.trim(), password }, from);
}

async function signInByPassword(
  parts: SignInParts,
  given: { username: string; password: string },
  from: Origin,
): Promise<SignedIn & { cookies: readonly string[] }> {
  const { db, seal, signInEngine: engine } = parts;
  const counted = guessing(seal, { address: from.address, username: given.username });
  await refuseThrottled(db, counted.all);
  const user = await findUserByName(db, given.username);
  const right = await engine.checkPassword(user?.id ?? null, given.password);
  const opened =
    user === null || user.disabled || right === null
      ? null
      : await engine.openSession(user.id, { ...from, proof: right.proof });
  if (user === null || opened === null) {
    // Of somebody unknown not even the name is kept: it may be a password, typed into the wrong field.
    await noteRefusal(db, user, from);
    throw new Problem('sign_in_refused');
  }
  await db.transaction().execute(async (tx) => {
    await takeAttemptBack(tx, counted.all);
    await forgetAttempts(tx, counted.ofUser.key);
    await noteSignIn(tx, user, { by: 'password', from });
  });
  return signedInAs(user, opened);
}

async function signInByLink(
  parts: SignInParts,
  link: string,
  from: Origin,
): Promise<SignedIn & { cookies: readonly string[] }> {
  const { db, seal, signInEngine: engine, hashToken } = parts;
  const { all } = guessing(seal, { address: from.address, username: null });
  await refuseThrottled(db, all);
  const hash = hashToken(link);
  const userId = await db.transaction().execute((tx) => useLink(tx, hash));
  const user = userId === null ? null : await findUserById(db, userId);
  if (user === null) {
    const known = await findLink(db, hash);
    const owner = known === null ? null : await findUserById(db, known.userId);
    await noteRefusal(db, owner, from);
    if (known === null) throw new Problem('sign_in_refused');
    // Whoever has a link that was one is not guessing.
    await db.transaction().execute((tx) => takeAttemptBack(tx, all));
    if (known.usedAt !== null) throw new Problem('sign_in_link_used', { at: known.usedAt });
    if (known.expired) throw new Problem('sign_in_link_expired', { at: known.expiresAt });
    throw new Problem('sign_in_refused');
  }
  const opened = await engine.openSession(user.id, { ...from, proof: null });
  if (opened === null) throw new Problem('sign_in_refused');
  await db.transaction().execute(async (tx) => {
    await takeAttemptBack(tx, all);
    await noteSignIn(tx, user, { by: 'link', from });
  });
  return signedInAs(user, opened);
}

/** Ends the session of a cookie. Answers the cookies that clear it. */
export async function signOut(
  parts: SignInParts,
  session: { cookie: string; username: string; userId: string },
): Promise<readonly string[]> {
  const cookies = await parts.signInEngine.closeSession(session.cookie);
  await parts.db.transaction().execute((tx) =>
    recordEvent(tx, {
      actor: session.username,
      action: 'sign_out',
      kind: 'user',
      id: session.userId,
      name: session.username,
    }),
  );
  return cookies;
}

/**
 * Sets a user's password and ends their other sessions and unused links. Problems: `password_wrong`, `sign_in_throttled`, `invalid_input` where the current
 * one is missing.
 */
export async function changePassword(
  parts: SignInParts,
  input: PasswordInput,
  session: { userId: string; token: string; from: Origin },
): Promise<void> {
  const { db, seal, signInEngine: engine } = parts;
  const user = await findUserById(db, session.userId);
  if (user === null) throw new Problem('unauthorized');
  if (user.hasPassword) {
    const { current } = input;
    if (current === undefined || current === null)
      throw refuseInput([{ field: 'current', value: null, code: 'required' }]);
    const counted = guessing(seal, { address: session.from.address, username: user.username });
    await refuseThrottled(db, counted.all);
    if ((await engine.checkPassword(user.id, current)) === null) throw new Problem('password_wrong');
    await db.transaction().execute(async (tx) => {
      await takeAttemptBack(tx, counted.all);
      await forgetAttempts(tx, counted.ofUser.key);
    });
  }
  await engine.setPassword(user.id, input.password);
  await engine.endSessions(user.id, session.token);
  await db.transaction().execute(async (tx) => {
    await endLinks(tx, user.id);
    await recordEvent(tx, {
      actor: user.username,
      action: 'change_password',
      kind: 'user',
      id: user.id,
      name: user.username,
    });
  });
}

/** Counts an attempt that is about to be made. Problem: `sign_in_throttled`. */
async function refuseThrottled(db: Database, counted: readonly Counted[]): Promise<void> {
  const blocked = await db.transaction().execute((tx) => countAttempt(tx, counted));
  if (blocked !== null)
    throw new Problem('sign_in_throttled', { at: blocked.until, seconds: blocked.seconds });
}

async function noteSignIn(tx: Tx, user: StoredUser, about: { by: string; from: Origin }): Promise<void> {
  await recordEvent(tx, {
    actor: user.username,
    action: 'sign_in',
    kind: 'user',
    id: user.id,
    name: user.username,
    after: { by: about.by, address: about.from.address },
  });
}

async function noteRefusal(db: Database, user: StoredUser | null, from: Origin): Promise<void> {
  await db.transaction().execute((tx) =>
    recordEvent(tx, {
      actor: user?.username ?? 'unknown',
      action: 'refuse_sign_in',
      kind: 'user',
      id: user?.id ?? null,
      name: user?.username ?? null,
      after: { address: from.address },
    }),
  );
}

function signedInAs(user: StoredUser, opened: OpenedSession): SignedIn & { cookies: readonly string[] } {
  return { user: shownUser(user), ...opened };
}

export function shownUser({ id, name, username, role, hasPassword }: StoredUser): SignedInUser {
  return { id, name, username, role, hasPassword };
}
