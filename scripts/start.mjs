import { ensureInstalled, runScript, runServer, scriptArguments } from './house.mjs';

await runScript(() => {
  ensureInstalled();
  return runServer('packages/controller/src/main.ts', scriptArguments());
});
