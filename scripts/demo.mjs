import { ensureInstalled, requireGo, runScript, runServer, scriptArguments } from './house.mjs';
import { ensurePage } from './page-build.mjs';

await runScript(() => {
  ensureInstalled();
  requireGo();
  ensurePage();
  return runServer('packages/controller/demo/main.ts', scriptArguments());
});
