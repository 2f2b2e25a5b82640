import { ensureInstalled, requireGo, runScript, runServer, scriptArguments } from './house.mjs';

await runScript(() => {
  ensureInstalled();
  requireGo();
  return runServer('packages/controller/demo/main.ts', scriptArguments());
});
