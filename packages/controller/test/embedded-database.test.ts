import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { locateBinaries, makeReachable } from '../src/embedded-database/binaries.ts';
import { initialiseCluster, keepPassword, locateCluster } from '../src/embedded-database/cluster.ts';
import { lockDataFolder, startEmbeddedDatabase } from '../src/embedded-database/index.ts';
import { endLeftoverPostmaster, readPostmaster } from '../src/embedded-database/postmaster.ts';
import { isAlive, isPostmasterOf, readStartMark } from '../src/embedded-database/process-identity.ts';
import { createTemporaryFolder } from './support/temporary-folder.ts';

const stranger = { uid: 54_321, gid: 54_321 };
const cleanups: (() => Promise<unknown>)[] = [];
let root = '';

beforeEach(async () => {
  const folder = await createTemporaryFolder();
  cleanups.push(() => folder.remove());
  root = folder.path;
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(dataDir: string): Promise<{ url: string; stop(): Promise<void>; lines: string[] }> {
  const lines: string[] = [];
  const database = await startEmbeddedDatabase({ dataDir, log: (line) => lines.push(line) });
  cleanups.push(() => database.stop());
  return { url: database.url, stop: () => database.stop(), lines };
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}

/** Asks until it answers: for a server that is coming back. */
async function queryOnceBack(url: string, text: string): Promise<unknown[]> {
  for (;;) {
    try {
      return await query(url, text);
    } catch {
      await wait(20);
    }
  }
}

/** Another Node process that locks the folder and runs its database. */
async function startHolder(dataDir: string): Promise<{ process: ChildProcess; url: string }> {
  const script = fileURLToPath(new URL('./support/hold-database.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'ignore'] });
  cleanups.push(() => kill(child));
  for await (const line of createInterface({ input: child.stdout })) {
    const message: unknown = JSON.parse(line);
    if (typeof message === 'object' && message !== null && 'url' in message) {
      return { process: child, url: String(message.url) };
    }
  }
  throw new Error('the holder ended before it was ready');
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('the embedded database', () => {
  test('starts in a folder whose path has spaces, on 127.0.0.1 alone, durable, without its password in the log', async () => {
    const dataDir = join(root, 'a folder with spaces', "and 'quotes'");
    await mkdir(dirname(dataDir), { mode: 0o711 });
    const { url, lines } = await start(dataDir);
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(
      await query(
        url,
        `SELECT current_database() AS name, current_setting('fsync') AS fsync, current_setting('listen_addresses') AS addresses,
           current_setting('server_encoding') AS encoding, current_setting('data_checksums') AS checksums`,
      ),
    ).toEqual([{ name: 'wirebook', fsync: 'on', addresses: '127.0.0.1', encoding: 'UTF8', checksums: 'on' }]);
    const password = (await readFile(join(dataDir, 'postgres.password'), 'utf8')).trim();
    expect(new URL(url).password).toBe(password);
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toContain(password);
  });

  test('refuses a wrong password, keeps failed statements out of its log, and may be stopped twice', async () => {
    const database = await start(root);
    const wrong = new URL(database.url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await expect(query(database.url, "SELECT 'a-secret-value'::int")).rejects.toMatchObject({
      code: '22P02',
    });
    await Promise.all([database.stop(), database.stop()]);
    await database.stop();
    expect(database.lines.join('\n')).not.toContain('a-secret-value');
  });

  test('keeps its data over a stop and a second start, and leaves no process behind', async () => {
    const first = await start(root);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const postmaster = await readPostmaster(await clusterOf(root));
    await first.stop();
    expect(postmaster).toBeDefined();
    expect(await isAlive(postmaster?.pid ?? 0)).toBe(false);
    const second = await start(root);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('runs for two data folders at once, each with its own data', async () => {
    const [one, other] = await Promise.all([start(join(root, 'one')), start(join(root, 'other'))]);
    await query(one.url, 'CREATE TABLE only_in_one (id int)');
    expect(await query(other.url, "SELECT to_regclass('only_in_one')::text AS found")).toEqual([
      { found: null },
    ]);
  });

  test('starts again after its controller was killed, ending the server that was left, with all that was committed', async () => {
    const holder = await startHolder(root);
    await query(holder.url, 'CREATE TABLE committed AS SELECT 7 AS answer');
    const clusterDir = await clusterOf(root);
    const left = await readPostmaster(clusterDir);
    await kill(holder.process);
    expect(await isPostmasterOf({ pid: left?.pid ?? 0, clusterDir })).toBe(true);

    const again = await start(root);
    expect(await isAlive(left?.pid ?? 0)).toBe(false);
    expect(await query(again.url, 'SELECT answer FROM committed')).toEqual([{ answer: 7 }]);
  });

  test('comes back at the same place with all that was committed when its server process dies', async () => {
    const { url, lines } = await start(root);
    await query(url, 'CREATE TABLE committed AS SELECT 7 AS answer');
    const before = await readPostmaster(await clusterOf(root));
    process.kill(before?.pid ?? 0, 'SIGKILL');
    expect(await queryOnceBack(url, 'SELECT answer FROM committed')).toEqual([{ answer: 7 }]);
    const after = await readPostmaster(await clusterOf(root));
    expect(after?.pid).not.toBe(before?.pid);
    expect(lines).toContain('PostgreSQL ended by itself; starting it again');
  });

  test('removes what a killed first start left half made, and nothing else', async () => {
    await mkdir(join(root, 'postgres.initialising-abc', 'cluster'), { recursive: true });
    await writeFile(join(root, 'postgres.initialising-abc', 'cluster', 'PG_VERSION'), '18\n');
    await writeFile(join(root, 'notes.txt'), 'mine');
    const { url } = await start(root);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(root)).toSorted()).toEqual(['notes.txt', 'postgres', 'postgres.password']);
  });

  test("never touches a process that a stale postmaster.pid names but that isn't its server", async () => {
    const innocent = spawn('sleep', ['600'], { stdio: 'ignore' });
    cleanups.push(() => kill(innocent));
    const clusterDir = join(root, 'postgres');
    await mkdir(clusterDir);
    await writeFile(join(clusterDir, 'postmaster.pid'), `${innocent.pid}\n${clusterDir}\n`);
    await endLeftoverPostmaster({ clusterDir, log: () => undefined });
    expect(await isAlive(innocent.pid ?? 0)).toBe(true);
    expect(await readdir(clusterDir)).toEqual([]);
  });

  test('refuses a cluster of another major release, naming both', async () => {
    const clusterDir = join(root, 'postgres');
    await mkdir(clusterDir);
    await writeFile(join(clusterDir, 'PG_VERSION'), '15\n');
    const binaries = await locateBinaries();
    await expect(
      initialiseCluster({ binaries, account: undefined, clusterDir, password: 'x', log: () => undefined }),
    ).rejects.toThrow(/made by PostgreSQL 15 and this is 18/);
    expect(await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).toBe('15\n');
  });

  test('refuses to make a new password for a cluster that has one, naming the missing file', async () => {
    const clusterDir = join(root, 'postgres');
    await mkdir(clusterDir);
    await writeFile(join(clusterDir, 'PG_VERSION'), '18\n');
    await expect(keepPassword({ dataDir: root, clusterDir })).rejects.toThrow(
      join(root, 'postgres.password'),
    );
  });
});

describe("folders that the database's account can't enter", () => {
  test('a closed installation is copied once to a place it can reach', async () => {
    const binaries = await locateBinaries();
    const closed = join(root, 'closed');
    await mkdir(join(closed, 'native', 'bin'), { recursive: true });
    await mkdir(join(closed, 'native', 'share', 'postgresql'), { recursive: true });
    await cp(join(binaries.folder, 'bin', 'initdb'), join(closed, 'native', 'bin', 'postgres'));
    await writeFile(join(closed, 'native', 'share', 'postgresql', 'postgres.bki'), 'catalogue', {
      mode: 0o600,
    });
    await chmod(closed, 0o700);
    const cacheDir = join(root, 'cache');
    const installed = { folder: join(closed, 'native'), release: '18.4.0' };

    const copy = await makeReachable({ binaries: installed, account: stranger, cacheDir });
    expect(dirname(copy.folder)).toBe(cacheDir);
    expect(basename(copy.folder)).toMatch(/^postgres-18\.4\.0-[0-9a-f]{12}$/);
    expect((await stat(join(copy.folder, 'bin', 'postgres'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(copy.folder, 'share', 'postgresql', 'postgres.bki'))).mode & 0o777).toBe(0o644);
    expect(await makeReachable({ binaries: installed, account: stranger, cacheDir })).toEqual(copy);
    expect(await readdir(cacheDir)).toEqual([basename(copy.folder)]);
  });

  test('an open installation is used in place', async () => {
    const open = join(root, 'open');
    await mkdir(join(open, 'bin'), { recursive: true, mode: 0o755 });
    await mkdir(join(open, 'share', 'postgresql'), { recursive: true, mode: 0o755 });
    await writeFile(join(open, 'bin', 'postgres'), '', { mode: 0o755 });
    await writeFile(join(open, 'share', 'postgresql', 'postgres.bki'), '', { mode: 0o644 });
    const binaries = { folder: open, release: '18' };
    expect(await makeReachable({ binaries, account: stranger, cacheDir: join(root, 'cache') })).toEqual(
      binaries,
    );
  });

  test('where neither the installation nor the copy can be reached, the message names both and the remedy', async () => {
    const binaries = { folder: join(root, 'closed'), release: '18' };
    await mkdir(join(binaries.folder, 'bin'), { recursive: true });
    await writeFile(join(binaries.folder, 'bin', 'postgres'), '');
    await chmod(binaries.folder, 0o700);
    await expect(
      makeReachable({ binaries, account: stranger, cacheDir: join(binaries.folder, 'cache') }),
    ).rejects.toThrow(/neither .*closed nor a copy in .*closed\/cache.*chmod o\+rx.*DATABASE_URL/);
  });

  test('a data folder below a closed one keeps its cluster elsewhere, and remembers where', async () => {
    // Our own ids: giving a folder to another group takes root's rights.
    const account = { uid: stranger.uid, gid: process.getgid?.() ?? 0 };
    const dataDir = join(root, 'closed', 'data');
    await mkdir(dataDir, { recursive: true });
    await chmod(join(root, 'closed'), 0o700);
    const fallbackDir = join(root, 'elsewhere');

    const clusterDir = await locateCluster({ dataDir, account, fallbackDir });
    expect(dirname(dirname(clusterDir))).toBe(fallbackDir);
    expect((await readFile(join(dataDir, 'postgres.location'), 'utf8')).trim()).toBe(clusterDir);
    expect(await locateCluster({ dataDir, account, fallbackDir: join(root, 'unused') })).toBe(clusterDir);
    expect((await stat(dirname(clusterDir))).mode & 0o007).toBe(0);
  });

  test('a data folder that is private itself lets the account pass through and nobody list it', async () => {
    const account = { uid: stranger.uid, gid: process.getgid?.() ?? 0 };
    const dataDir = join(root, 'private');
    const clusterDir = await locateCluster({ dataDir, account, fallbackDir: join(root, 'elsewhere') });
    expect(clusterDir).toBe(join(dataDir, 'postgres'));
    expect((await stat(dataDir)).mode & 0o777).toBe(0o710);
  });

  test('a remembered place that is gone is an error, not a new empty database', async () => {
    await writeFile(join(root, 'postgres.location'), `${join(root, 'gone', 'postgres')}\n`);
    await expect(locateCluster({ dataDir: root, account: undefined, fallbackDir: root })).rejects.toThrow(
      /is gone: restore it/,
    );
  });
});

describe('the lock of a data folder', () => {
  const describeUs = { describe: () => 'wirebook start' };

  test('tells who holds the folder, where it answers and since when', async () => {
    const before = Date.now();
    const lock = await lockDataFolder(root, describeUs);
    await lock.update({ url: 'http://127.0.0.1:8080' });
    const refused = lockDataFolder(root, describeUs);
    await expect(refused).rejects.toMatchObject({
      name: 'DataFolderHeld',
      dataDir: root,
      pid: process.pid,
      url: 'http://127.0.0.1:8080',
    });
    await expect(refused).rejects.toThrow('wirebook start');
    const since: unknown = await refused.catch((error: unknown) => Reflect.get(Object(error), 'since'));
    expect(since).toBeInstanceOf(Date);
    expect(Number(since)).toBeGreaterThanOrEqual(before - 1);
    await lock.release();
    expect(await readdir(root)).toEqual([]);
  });

  test('is free again after release', async () => {
    await (await lockDataFolder(root, describeUs)).release();
    const again = await lockDataFolder(root, describeUs);
    await again.release();
  });

  test('is held by a living process and taken over from a killed one', async () => {
    const holder = await startHolder(root);
    await expect(lockDataFolder(root, describeUs)).rejects.toMatchObject({
      name: 'DataFolderHeld',
      pid: holder.process.pid,
      url: 'http://127.0.0.1:1',
    });
    await kill(holder.process);
    const lock = await lockDataFolder(root, describeUs);
    await endLeftoverPostmaster({ clusterDir: await clusterOf(root), log: () => undefined });
    await lock.release();
  });

  test('is taken over when the process id now belongs to another process', async () => {
    const startMark = await readStartMark(process.pid);
    await writeFile(
      join(root, 'controller.lock'),
      JSON.stringify({
        pid: process.pid,
        startMark: `${startMark}-earlier`,
        since: new Date(0).toISOString(),
      }),
    );
    const taken = lockDataFolder(root, describeUs);
    if (startMark === undefined) {
      await expect(taken).rejects.toMatchObject({ name: 'DataFolderHeld' });
      return;
    }
    await (await taken).release();
  });

  test('of many that want a folder whose holder is gone, exactly one gets it', async () => {
    await writeFile(join(root, 'controller.lock'), '{"pid": 4194999, "since": "2026-01-01T00:00:00.000Z"}');
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => lockDataFolder(root, describeUs)),
    );
    const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(locks).toHaveLength(1);
    for (const lock of locks) await lock.release();
    expect(await readdir(root)).toEqual([]);
  });
});

test('a lock whose successor died while taking over is taken over all the same', async () => {
  const path = join(root, 'controller.lock');
  const gone = '{"pid": 4194999, "since": "2026-01-01T00:00:00.000Z"}';
  const goneToo = '{"pid": 4194998, "since": "2026-01-01T00:00:01.000Z"}';
  await writeFile(path, gone);
  await writeFile(`${path}.after-${createHash('sha256').update(gone).digest('hex').slice(0, 16)}`, goneToo);
  const lock = await lockDataFolder(root, { describe: () => 'wirebook start' });
  expect(await readdir(root)).toEqual(['controller.lock']);
  await lock.release();
});

async function clusterOf(dataDir: string): Promise<string> {
  return locateCluster({ dataDir, account: undefined, fallbackDir: dataDir });
}
