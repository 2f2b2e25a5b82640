// Builds the page, unless it is there and made from these sources.
import { ensureInstalled, runScript } from './house.mjs';
import { ensurePage } from './page-build.mjs';

await runScript(() => {
  ensureInstalled();
  ensurePage();
  return 0;
});
