import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensurePage, stampPage } from '../../scripts/page-build.mjs';

let folder: string;
const said: string[] = [];

/** The little of a repository that a page is built from. */
const sources: Readonly<Record<string, string>> = {
  'package-lock.json': '{}',
  'packages/web/package.json': '{ "type": "module" }',
  'packages/web/vite.config.ts': 'export default { build: { manifest: true } };\n',
  'packages/web/index.html': '<!doctype html><script type="module" src="/src/main.ts"></script>',
  'packages/web/src/main.ts': `import { words } from '../../contract/src/catalogue/en/page/words.ts';\ndocument.title = words.join();\n`,
  'packages/web/public/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'packages/contract/src/catalogue/en/page/words.ts': `export const words = ${JSON.stringify(
    Array.from({ length: 500 }, (_, index) => `word ${index}`),
  )};\n`,
};

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebook-test-'));
  for (const [path, content] of Object.entries(sources)) await write(path, content);
  said.length = 0;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

test('the page is built once, and again when what it is made of has changed', async () => {
  ensurePage({ folder });
  expect(said).toEqual(['Building the page\n']);
  const dist = join(folder, 'packages/web/dist');
  const first = await readFile(join(dist, 'index.html'), 'utf8');
  const asset = /src="\/(assets\/[^"]+)"/.exec(first)?.[1] ?? '';
  const script = await readFile(join(dist, asset), 'utf8');
  expect(script).toContain('word 499');
  expect(brotliDecompressSync(await readFile(join(dist, `${asset}.br`))).toString()).toBe(script);
  expect(gunzipSync(await readFile(join(dist, `${asset}.gz`))).toString()).toBe(script);

  const { ino } = await stat(dist);
  ensurePage({ folder });
  expect((await stat(dist)).ino).toBe(ino);
  expect(said).toHaveLength(1);

  await write('packages/contract/src/catalogue/en/page/words.ts', `export const words = ['other'];\n`);
  ensurePage({ folder });
  expect(said).toHaveLength(2);
  expect(await readFile(join(dist, 'index.html'), 'utf8')).not.toBe(first);
  // Nothing lies beside it but what was there before.
  expect((await readdir(join(folder, 'packages/web'))).toSorted()).toEqual(
    ['dist', 'index.html', 'package.json', 'public', 'src', 'vite.config.ts'].toSorted(),
  );
});

test('a page that cannot be built is a refusal with the reason, and the one from before stays', async () => {
  ensurePage({ folder });
  const before = await readFile(join(folder, 'packages/web/dist/index.html'), 'utf8');
  await write('packages/web/src/main.ts', `import './nowhere.ts';\n`);
  expect(() => ensurePage({ folder })).toThrow(/nowhere\.ts/);
  expect(await readFile(join(folder, 'packages/web/dist/index.html'), 'utf8')).toBe(before);
  // And is tried again the next time.
  expect(() => ensurePage({ folder })).toThrow(/nowhere\.ts/);
});

test('the stamp tells of every source, its name and its content, and of nothing else', async () => {
  const stamps = new Set([stampPage(folder)]);
  for (const path of Object.keys(sources)) {
    await write(path, `${sources[path] ?? ''}\n`);
    stamps.add(stampPage(folder));
  }
  await write('packages/web/src/more/other.tsx', '');
  stamps.add(stampPage(folder));
  await rm(join(folder, 'packages/web/public/icon.svg'));
  stamps.add(stampPage(folder));
  await cp(join(folder, 'packages/web/src/main.ts'), join(folder, 'packages/web/src/copy.ts'));
  stamps.add(stampPage(folder));
  expect(stamps.size).toBe(Object.keys(sources).length + 4);

  const last = stampPage(folder);
  await utimes(join(folder, 'packages/web/src/main.ts'), 0, 0);
  await write('packages/controller/src/main.ts', '');
  await write('packages/web/dist/index.html', '');
  expect(stampPage(folder)).toBe(last);
});
