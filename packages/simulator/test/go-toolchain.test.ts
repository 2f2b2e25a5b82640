import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildSimulator, goToolchain } from '../src/index.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebook-go-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function pretendGo(version: string): Promise<void> {
  await writeFile(join(folder, 'go'), `#!/bin/sh\necho go${version}\n`);
  await chmod(join(folder, 'go'), 0o755);
}

test('a missing Go is reported with what to install and why', async () => {
  await expect(goToolchain({ PATH: folder }, [])).rejects.toThrow(
    /No go command was found\. Install Go 1\.25 or later .*Only the test vCenter needs it/,
  );
});

test('a Go too old is reported with its place and version', async () => {
  await pretendGo('1.22.5');
  await expect(goToolchain({ PATH: folder }, [])).rejects.toThrow(
    `The Go found is too old: ${join(folder, 'go')} is 1.22.5.`,
  );
});

test('a Go of the next major version or a later minor one will do', async () => {
  await pretendGo('1.31.0');
  expect(await goToolchain({ PATH: folder }, [])).toEqual({ command: join(folder, 'go'), version: '1.31.0' });
});

test('two builds at once give the same program', async () => {
  const [one, other] = await Promise.all([buildSimulator(), buildSimulator()]);
  expect(one).toBe(other);
});
