// Writes the OpenAPI document and the client types made from it; with --check, fails if the committed ones differ.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureInstalled, readOutput, Refusal, root, runScript, scriptArguments } from './house.mjs';

const documentPath = 'packages/contract/openapi.json';
const typesPath = 'packages/contract/src/generated/api.ts';

await runScript(() => {
  ensureInstalled();
  const document = JSON.parse(readOutput(join(root, 'packages/controller/src/write-openapi.ts')));
  const written = { [documentPath]: `${JSON.stringify(document, undefined, 2)}\n` };
  written[typesPath] = generateTypes(written[documentPath]);
  if (scriptArguments().includes('--check')) return check(written);
  for (const [path, content] of Object.entries(written)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    process.stdout.write(`${path} written\n`);
  }
  return 0;
});

function generateTypes(document) {
  // The generator needs TypeScript 5 and lies in a workspace of its own for that.
  const require = createRequire(join(root, 'tools/openapi-types/package.json'));
  const generator = join(dirname(require.resolve('openapi-typescript/package.json')), 'bin/cli.js');
  const folder = mkdtempSync(join(tmpdir(), 'wirebook-openapi-'));
  try {
    const [input, output] = [join(folder, 'openapi.json'), join(folder, 'api.ts')];
    writeFileSync(input, document);
    readOutput(generator, [input, '--output', output]);
    return readFileSync(output, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function check(written) {
  const differing = Object.entries(written).flatMap(([path, content]) => {
    const committed = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
    return committed === content ? [] : [path];
  });
  if (differing.length > 0) {
    throw new Refusal(
      `${differing.join(' and ')} do not say what the routes say: run "npm run openapi" and commit the result.`,
    );
  }
  process.stdout.write('The OpenAPI document and the client types are what the routes say.\n');
  return 0;
}
