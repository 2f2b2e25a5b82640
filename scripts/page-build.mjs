// Builds the page: what a browser loads, out of packages/web. Plain JavaScript, like house.mjs beside it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { nodePath, readIfPresent, Refusal, root } from './house.mjs';

/** What the page is made of, from the root of the repository. */
const sources = [
  'packages/web/src',
  'packages/web/public',
  'packages/web/index.html',
  'packages/web/vite.config.ts',
  'packages/web/tsconfig.json',
  'packages/web/package.json',
  'packages/contract/src',
  'packages/contract/package.json',
  'package-lock.json',
];
/** Smaller than this, a compressed file saves no packet. */
const COMPRESSED_FROM_BYTES = 1024;
const compressible = new Set(['.css', '.html', '.js', '.json', '.svg']);
/** Lies in the built folder once everything else does, and says what that was made from. */
const stampName = '.wirebook-built';

/**
 * Builds the page unless packages/web/dist is there and made from these very sources. Says on stderr that it does.
 * `folder` is the root of the repository; it is another in tests.
 */
export function ensurePage({ folder = root } = {}) {
  const stamp = stampPage(folder);
  const built = join(folder, 'packages/web/dist');
  if (readIfPresent(join(built, stampName)) === stamp) return;
  process.stderr.write('Building the page\n');
  // Beside its place and then into it: a half-built page is never served, nor one built by two at a time.
  const making = join(folder, `packages/web/dist.${process.pid}`);
  try {
    runVite(join(folder, 'packages/web'), making);
    compress(making);
    writeFileSync(join(making, stampName), stamp);
    rmSync(built, { recursive: true, force: true });
    putInPlace({ making, built, stamp });
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** A fingerprint of everything that the page is made of. */
export function stampPage(folder) {
  const sum = createHash('sha256');
  for (const source of sources) {
    for (const file of listFiles(join(folder, source))) {
      const content = readFileSync(file);
      sum.update(`${relative(folder, file).replaceAll(sep, '/')} ${content.length}\n`).update(content);
    }
  }
  return sum.digest('hex');
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function runVite(cwd, outDir) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { status, stdout, stderr, error } = spawnSync(
    nodePath,
    [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
    // Whatever NODE_ENV says: a page made for development is several times as large.
    { cwd, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (error !== undefined) throw new Refusal(`The page could not be built: ${error.message}`);
  if (status !== 0) throw new Refusal(`The page could not be built:\n${stdout}${stderr}`);
}

/** Beside each text its gzip and brotli forms: made once, as small as they get, instead of at each request. */
function compress(folder) {
  for (const file of listFiles(folder)) {
    if (!compressible.has(extname(file))) continue;
    const content = readFileSync(file);
    if (content.length < COMPRESSED_FROM_BYTES) continue;
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
  }
}

function putInPlace({ making, built, stamp }) {
  try {
    renameSync(making, built);
  } catch (error) {
    // Somebody else has just put the same page there.
    if (readIfPresent(join(built, stampName)) !== stamp) throw error;
  }
}
