// Takes pictures of every page, in both languages and both themes, at a controller beside a simulated vCenter.
//   npm run screenshots -- --out DIR --width 1440,1024 --only NAME,NAME --language zh --theme dark --servers 10000
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled, requireGo, runScript, runToEnd, scriptArguments } from './house.mjs';
import { ensurePage } from './page-build.mjs';

await runScript(() => {
  ensureInstalled();
  requireGo();
  ensureChromium();
  ensurePage();
  return runToEnd('test/page/screenshots/main.ts', scriptArguments());
});
