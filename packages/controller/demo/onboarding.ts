import { cloudAccount, cloudAccountList, server } from '@wirebook/contract';
import { expect } from './stage.ts';
import { account, readFirstRun, readSummary, readWires, type Scene, type Step, wirebook } from './step.ts';

/** A vCenter goes in. */
export const onboarding: readonly Step[] = [
  {
    key: 'refused',
    run: async (scene) => {
      await wirebook(scene, addWords(scene, []), { input: scene.passwordFile, exitCode: 1 });
      const { items } = await scene.stage.read(cloudAccountList, 'cloud-accounts');
      expect(items.length === 0, 'GET cloud-accounts');
    },
  },
  {
    key: 'preview',
    run: async (scene) => {
      await wirebook(scene, addWords(scene, [...trustWords(scene), '--preview']), {
        input: scene.passwordFile,
      });
      const { items } = await scene.stage.read(cloudAccountList, 'cloud-accounts');
      expect(items.length === 0, 'GET cloud-accounts');
    },
  },
  {
    key: 'add',
    run: async (scene) => {
      const words = addWords(scene, [...trustWords(scene), '--fields', 'name,kind,version,url,status']);
      await wirebook(scene, words, { input: scene.passwordFile });
    },
  },
  {
    key: 'sync',
    run: async (scene) => {
      await wirebook(scene, `account sync ${account}`);
      const added = await scene.stage.read(cloudAccount, `cloud-accounts/${account}`);
      expect(added.status === 'ok' && added.lastCompleteSyncAt !== null, 'GET cloud-accounts');
      // The run that began with the account has brought everything, the one asked for nothing more.
      await wirebook(
        scene,
        'sync list --fields account.name,state,trigger,counts.servers,counts.nics,startedAt',
      );
      expect(
        (await readFirstRun(scene)).changes.servers?.created === scene.machines,
        'GET sync-runs: changes',
      );
      await wirebook(scene, 'host list --fields name,managementIp,version,cluster');
    },
  },
  {
    key: 'wires',
    run: async (scene) => {
      await wirebook(scene, 'wire list');
      const [same, one] = [await readWires(scene, 'Production'), await readWires(scene, 'sh-web-prod')];
      expect(same.length === 2 && one.length === 1, 'GET wires');
    },
  },
  {
    key: 'unmatched',
    run: async (scene) => {
      await wirebook(scene, 'nic summary');
      const { nics, settled, unresolved } = await readSummary(scene);
      expect(nics > 0 && settled === 0 && unresolved === nics, 'GET nics/summary');
      await wirebook(scene, 'server list --tag sync_ips --limit 5 --fields name,tags.sync_ips');
      const { tags } = await scene.stage.read(server, 'servers/sh-web-01');
      expect(tags['sync_ips'] === '10.20.10.11', 'GET servers/sh-web-01: tags.sync_ips');
    },
  },
];

function addWords({ simulator }: Scene, more: readonly string[]): string {
  const words = ['account', 'add', account, '--url', simulator.url, '--username', simulator.username];
  return [...words, '--password-stdin', ...more].join(' ');
}

function trustWords({ simulator }: Scene): string[] {
  return ['--trust', simulator.certificate.sha256];
}
