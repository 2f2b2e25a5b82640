import { address as addressSchema } from '@wirebook/contract';
import { address } from '@wirebook/simulator';
import { expect } from './stage.ts';
import { account, readLastRun, readNics, readWires, type Scene, type Step, wirebook } from './step.ts';

const renamed = { from: 'sh-k8s', to: 'sh-kubernetes' };
const moved = { machine: 'sh-app-06', from: '10.20.20.16', to: '10.20.20.116', prefixLength: 24 };

/** The vCenter is read again, unchanged and changed. */
export const changes: readonly Step[] = [
  {
    key: 'unchanged',
    run: async (scene) => {
      await wirebook(scene, `account sync ${account}`);
      expect(await hasChangedNothing(scene), 'GET sync-runs: changes');
    },
  },
  {
    key: 'plan',
    run: async (scene) => {
      const { simulator, stage } = scene;
      await simulator.renamePortGroup(renamed.from, renamed.to);
      const nic = { deviceConfigId: await deviceKey(scene), connected: true };
      await simulator.setGuestNet(moved.machine, [
        { ...nic, addresses: [address(`${moved.to}/${moved.prefixLength}`)] },
      ]);
      await stage.say(stage.t('demo.inVcenter', { ...renamed, machine: moved.machine, ip: moved.to }));
      await wirebook(scene, `account sync ${account} --dry-run`);
      expect(!(await hasChangedNothing(scene)), 'GET sync-runs: changes');
      expect((await readWires(scene, renamed.to)).length === 0, 'GET wires');
    },
  },
  {
    key: 'applied',
    run: async (scene) => {
      await wirebook(scene, `account sync ${account}`);
      const [wire] = await readWires(scene, renamed.to);
      expect(wire?.counts.networks === 1, 'GET wires: counts.networks');
      await wirebook(scene, `wire list --name ${renamed.to}`);
      // One report may be incomplete: only the second without the address ends its record.
      await wirebook(scene, `account sync ${account}`);
    },
  },
  {
    key: 'history',
    run: async (scene) => {
      await wirebook(scene, `address show ${moved.from}`);
      const old = await scene.stage.read(addressSchema, `addresses/${moved.from}`);
      expect(
        old.history.some(({ server, ended }) => server?.name === moved.machine && ended !== null),
        'GET addresses: history',
      );
      await wirebook(scene, `address show ${moved.to}`);
      const now = await scene.stage.read(addressSchema, `addresses/${moved.to}`);
      expect(now.server?.name === moved.machine, 'GET addresses: server');
    },
  },
];

async function deviceKey(scene: Scene): Promise<number> {
  const [nic] = await readNics(scene, { server: moved.machine });
  expect(nic !== undefined, moved.machine);
  return nic.deviceKey;
}

async function hasChangedNothing(scene: Scene): Promise<boolean> {
  const { state, changes } = await readLastRun(scene);
  expect(state === 'succeeded', `GET sync-runs: ${state}`);
  return Object.keys(changes).length === 0;
}
