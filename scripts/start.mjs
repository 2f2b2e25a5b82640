import { ensureInstalled, runScript, runServer, scriptArguments } from './house.mjs';
import { ensurePage } from './page-build.mjs';

await runScript(() => {
  ensureInstalled();
  ensurePage();
  return runServer('packages/controller/src/main.ts', scriptArguments());
});
