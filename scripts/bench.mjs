import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ensureInstalled, Refusal, root, runScript, runToEnd, scriptArguments } from './house.mjs';
import { ensurePage } from './page-build.mjs';

await runScript(() => {
  ensureInstalled();
  const [name, ...args] = scriptArguments();
  const names = readdirSync(join(root, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .toSorted();
  if (name !== undefined && !names.includes(name)) {
    throw new Refusal(`There is no benchmark "${name}". There are: ${names.join(', ') || 'none'}.`);
  }
  // The controllers that they start serve it.
  ensurePage();
  let failed = 0;
  for (const one of name === undefined ? names : [name]) {
    process.stdout.write(`== ${one}\n`);
    if (runToEnd(`bench/${one}.ts`, args) !== 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
});
