import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSeal, type Seal } from './app/sealing.ts';
import type { Queries } from './store/database.ts';
import { settleSetting } from './store/settings.ts';

const KEY_FILE = 'secret.key';
const KEY_BYTES = 32;
const KEY_TEXT = /^[0-9a-f]{64}$/;

/** The database was sealed with another key: going on would lose every stored password. */
export class WrongSecretKey extends Error {
  constructor(source: string) {
    super(
      `${source} is not the key that this database's credentials are sealed with. ` +
        'Start with the key that was used before; without it the accounts have to be added again.',
    );
    this.name = 'WrongSecretKey';
  }
}

/** The key material: as given, or made once and kept in the data folder, readable by its owner alone. */
export async function loadSecret(options: {
  given: string | null;
  dataDir: string;
}): Promise<{ secret: Buffer; source: string }> {
  if (options.given !== null) {
    // What another controller's key file holds may be given as it stands there: then both open the same seals.
    const given = options.given.trim();
    const secret = KEY_TEXT.test(given) ? Buffer.from(given, 'hex') : Buffer.from(options.given);
    return { secret, source: 'WIREBOOK_SECRET_KEY' };
  }
  const path = join(options.dataDir, KEY_FILE);
  await mkdir(options.dataDir, { recursive: true });
  try {
    // Only one of two that start at once makes the file; the other reads it.
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(KEY_BYTES).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = (await readFile(path, 'utf8')).trim();
  if (!KEY_TEXT.test(text))
    throw new Error(
      `${path} does not hold a key; put the one back that was there, or remove it to make a new one.`,
    );
  return { secret: Buffer.from(text, 'hex'), source: path };
}

/** The seal for stored credentials. Throws `WrongSecretKey` when the database knows another key's fingerprint. */
export async function unlockSeal(db: Queries, key: { secret: Buffer; source: string }): Promise<Seal> {
  const seal = openSeal(key.secret);
  const stored = await settleSetting(db, 'secret_key_fingerprint', seal.fingerprint);
  if (stored !== seal.fingerprint) throw new WrongSecretKey(key.source);
  return seal;
}

/** What the command line on this machine signs in with: `{url, token}`, readable by its owner alone. */
export async function writeCliFile(dataDir: string, contents: { url: string; token: string }): Promise<void> {
  const path = join(dataDir, 'cli.json');
  const next = `${path}.${process.pid}`;
  await writeFile(next, `${JSON.stringify(contents, null, 2)}\n`, { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, path);
}

/** The token of the last start, so that scripts that hold it go on working; null where there is none. */
export async function readCliToken(dataDir: string): Promise<string | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(dataDir, 'cli.json'), 'utf8'));
    const token = (parsed as { token?: unknown } | null)?.token;
    return typeof token === 'string' && token.length >= 32 ? token : null;
  } catch {
    return null;
  }
}
