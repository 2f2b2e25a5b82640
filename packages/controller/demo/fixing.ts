import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { address, conflictList, server as serverSchema, why } from '@wirebook/contract';
import { expect } from './stage.ts';
import { type Scene, type Step, wirebook } from './step.ts';
import { app } from './subnets.ts';

/** Its Tools are stopped; its card is on the wire of 10.20.20.0/24. */
const silent = { name: 'sh-tools-stopped', ip: '10.20.20.201', elsewhere: '10.20.30.201' };
const printer = '10.20.20.230';
const rows = [
  'ip,name,owner,mac,note',
  `${printer},printer-3f,Facilities,00:17:c8:0a:1b:2c,"third floor, by the lift"`,
  '10.20.20.231,idrac-db-01,Operations,d0:94:66:12:34:56,',
];
const contended = '10.20.20.50';
const balanced = { ip: '10.20.10.100', servers: ['sh-lb-01', 'sh-lb-02'] };

/** What nobody reports is said by hand, and what two report is decided. */
export const fixing: readonly Step[] = [
  {
    key: 'fixed',
    run: async (scene) => {
      const { id } = await readServer(scene);
      await fix(scene, [id, silent.elsewhere], 1);
      await fix(scene, [id, silent.ip, '--dry-run'], 0);
      expect((await readRecords(scene)).length === 0, 'fix-nics?dryRun=true');
      await fix(scene, [id, silent.ip], 0);
      const records = await readRecords(scene);
      expect(
        records.some(({ ip, source }) => ip === silent.ip && source === 'manual'),
        `GET servers/${silent.name}: records`,
      );
      await wirebook(
        scene,
        `nic list --server ${silent.name} --fields server.name,mac,wire.name,records,reasons`,
      );
      // The address is taken now.
      await wirebook(scene, `network allocate ${app} --ip ${silent.ip}`, { exitCode: 1 });
    },
  },
  {
    key: 'holders',
    run: async (scene) => {
      const { stage, folder } = scene;
      const file = join(folder, 'printers.csv');
      await writeFile(file, `${rows.join('\n')}\n`);
      await stage.say(stage.t('demo.file', { file, text: rows.join('\n  ') }));
      await wirebook(scene, `import addresses ${file} --dry-run`);
      expect((await stage.read(address, `addresses/${printer}`)).state === 'free', 'imports?dryRun=true');
      await wirebook(scene, `import addresses ${file}`);
      const { holder, state } = await stage.read(address, `addresses/${printer}`);
      expect(state === 'held' && holder?.name === 'printer-3f', `GET addresses/${printer}: ${state}`);
    },
  },
  {
    key: 'why',
    run: async (scene) => {
      for (const subject of [printer, silent.name]) {
        await wirebook(scene, `why ${subject}`);
        const { answer } = await scene.stage.read(why, `why?of=${subject}`);
        expect(
          answer.includes(subject === printer ? 'printer-3f' : silent.ip),
          `GET why?of=${subject}: ${answer}`,
        );
      }
    },
  },
  {
    key: 'decided',
    run: async (scene) => {
      const [disputed] = await readConflicts(scene, contended);
      const [shared] = await readConflicts(scene, balanced.ip);
      expect(disputed !== undefined && shared !== undefined, 'GET conflicts');
      await wirebook(scene, `conflict resolve ${disputed.id} --keep`);
      await wirebook(scene, `conflict resolve ${shared.id} --share`);
      await wirebook(scene, `nic list --ip ${balanced.ip} --fields server.name,mac,wire.name,records`);
      for (const name of balanced.servers) {
        const records = await readRecords(scene, name);
        expect(
          records.some(({ ip }) => ip === balanced.ip),
          `GET servers/${name}: records`,
        );
      }
      await wirebook(scene, 'conflict list');
      const waiting = [
        ...(await readConflicts(scene, contended)),
        ...(await readConflicts(scene, balanced.ip)),
      ];
      expect(waiting.length === 0, 'GET conflicts');
    },
  },
];

async function fix(scene: Scene, words: readonly string[], exitCode: number): Promise<void> {
  await scene.stage.run(['server-sync-fix-nics', ...words], { program: 'climc', exitCode });
}

function readServer({ stage }: Scene, name = silent.name) {
  return stage.read(serverSchema, `servers/${name}`);
}

async function readRecords(scene: Scene, name = silent.name) {
  return (await readServer(scene, name)).nics.flatMap((nic) => nic.records);
}

async function readConflicts({ stage }: Scene, ip: string) {
  return (await stage.read(conflictList, `conflicts?ip=${ip}`)).items;
}
