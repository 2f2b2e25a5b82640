import type { Database } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { lockAdministrator } from '../store/locks.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import { endLinks } from '../store/sign-in-links.ts';
import { findOnlyAdministrator, findUserByName, hasWayIn, makeFirstAdministrator } from '../store/users.ts';
import type { SignInEngine } from './sign-in-engine.ts';
import { makeLink } from './sign-in-links.ts';

const FIRST = 'admin';
/** What the setting was when it was last put into force, as the digest of a key that the database doesn't hold. */
const APPLIED = 'admin_password_digest';

/**
 * Sees to it that there is an administrator. A password given by a setting becomes theirs when it is a new one: one that was changed on the
 * page since stays, until the setting changes too.
 */
export async function settleAdministrator(
  db: Database,
  options: { password: string | null; engine: SignInEngine; digest: (text: string) => Buffer },
): Promise<void> {
  const { password, engine } = options;
  await makeFirstAdministrator(db, FIRST);
  if (password === null) return;
  const digest = options.digest(`admin password ${password}`).toString('hex');
  await db.transaction().execute(async (tx) => {
    // Of several controllers that start at once with a new setting one puts it into force; the engine's writes are none of this transaction.
    await lockAdministrator(tx);
    if ((await readSetting<string>(tx, APPLIED)) === digest) return;
    const user = await findUserByName(tx, FIRST);
    if (user === null) return;
    await engine.setPassword(user.id, password);
    await engine.endSessions(user.id, null);
    await endLinks(tx, user.id);
    await writeSetting(tx, APPLIED, digest);
    await recordEvent(tx, {
      actor: 'controller',
      action: 'change_password',
      kind: 'user',
      id: user.id,
      name: user.username,
    });
  });
}

/** A link for the administrator, as long as nobody could come in without one; else null. */
export async function makeStartLink(
  db: Database,
  options: { base: string; hashToken: (token: string) => Buffer },
): Promise<string | null> {
  if (await hasWayIn(db)) return null;
  const user = (await findUserByName(db, FIRST)) ?? (await findOnlyAdministrator(db));
  if (user === null || user.disabled) return null;
  return (await makeLink(db, { ...options, user, actor: 'controller' })).url;
}
