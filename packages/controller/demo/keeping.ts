import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findingList, networkList } from '@wirebook/contract';
import { expect } from './stage.ts';
import { readNetwork, type Step, wirebook } from './step.ts';
import { app } from './subnets.ts';

/** What somebody has kept in a spreadsheet until now: one right, one under another name, one that is nowhere. */
const rows = [
  'ip,hostname,mac,owner',
  '10.20.20.11,sh-app-01,,Web',
  '10.20.20.12,old-name,,Web',
  '10.20.20.99,ghost,,?',
];

/** A settled book is kept: what is wrong is found, networks change, lists are compared, and all of it is written out. */
export const keeping: readonly Step[] = [
  {
    key: 'findings',
    run: async (scene) => {
      await wirebook(scene, 'finding list');
      const { items } = await scene.stage.read(findingList, 'findings?kind=guest_mask,vlan_disagreement');
      const kinds = new Set(items.map(({ kind }) => kind));
      expect(kinds.size === 2, 'GET findings');
    },
  },
  {
    key: 'split',
    run: async (scene) => {
      const before = await readNetwork(scene, app);
      await wirebook(scene, `network split ${app} --at 10.20.20.128 --name sh-app-upper --dry-run`);
      await wirebook(scene, `network split ${app} --at 10.20.20.128 --name sh-app-upper`);
      await wirebook(scene, `network merge sh-app-upper --into ${app}`);
      const after = await readNetwork(scene, app);
      const same =
        [after.start, after.end, after.counts.used].join() ===
        [before.start, before.end, before.counts.used].join();
      expect(same, `GET networks/${app}`);
    },
  },
  {
    key: 'compared',
    run: async (scene) => {
      const { stage, folder } = scene;
      const file = join(folder, 'spreadsheet.csv');
      await writeFile(file, `${rows.join('\n')}\n`);
      await stage.say(stage.t('demo.file', { file, text: rows.join('\n  ') }));
      await wirebook(scene, `compare ${file} --exit-code`, { exitCode: 1 });
    },
  },
  {
    key: 'declarations',
    run: async (scene) => {
      const file = join(scene.folder, 'declarations.json');
      await wirebook(scene, `export declarations ${file}`);
      const document: unknown = JSON.parse(await readFile(file, 'utf8'));
      const { items } = await scene.stage.read(networkList, 'networks?limit=500');
      expect(countOf(document, 'networks') === items.length, 'GET declarations: networks');
      await wirebook(scene, `import declarations ${file} --dry-run`);
    },
  },
];

function countOf(document: unknown, list: string): number {
  const found: unknown =
    typeof document === 'object' && document !== null ? Reflect.get(document, list) : null;
  return Array.isArray(found) ? found.length : -1;
}
