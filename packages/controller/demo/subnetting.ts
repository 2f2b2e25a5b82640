import { conflictList, networkList, server } from '@wirebook/contract';
import { expect } from './stage.ts';
import {
  readNetwork,
  readNics,
  readSummary,
  readWires,
  type Scene,
  type Step,
  wirebook,
  wireWord,
} from './step.ts';
import { office, others, production, type Subnet, web } from './subnets.ts';

const additionalWire = 'sh-web-prod-2';
const short = ['--fields', 'network.name,settles,conflicts'];

/** Networks are made, and NICs get their records. */
export const subnetting: readonly Step[] = [
  {
    key: 'dryRun',
    run: async (scene) => {
      await createNetwork(scene, web, ['--dry-run']);
      expect((await scene.stage.read(networkList, 'networks')).items.length === 0, 'GET networks');
    },
  },
  {
    key: 'create',
    run: async (scene) => {
      await createNetwork(scene, web, []);
      const { nics, tags } = await scene.stage.read(server, 'servers/sh-web-01');
      const records = nics.flatMap((nic) => nic.records);
      expect(
        records.some(({ ip, network }) => ip === '10.20.10.11' && network.name === web.name),
        'records',
      );
      expect(tags['sync_ips'] === undefined, 'GET servers/sh-web-01: tags.sync_ips');
      await wirebook(scene, 'server show sh-web-01 --fields name,host.name,nics,tags');
    },
  },
  {
    key: 'ambiguous',
    run: async (scene) => {
      const words = ['network', 'create', production.name, '--wire', production.wire];
      await scene.stage.run([...words, '--cidr', production.cidr], { exitCode: 1 });
      await wirebook(scene, `wire list --name ${production.wire} --fields id,name,datacenter,vlan`);
      await createNetwork(scene, production, short);
      expect((await readNetwork(scene, production.name)).counts.used > 0, 'GET networks: counts.used');
    },
  },
  {
    key: 'range',
    run: async (scene) => {
      const { name, wire, start, end, prefixLength, gateway } = office;
      const range = `--start ${start} --end ${end} --prefix ${prefixLength} --gateway ${gateway}`;
      await wirebook(scene, `network create ${name} --wire ${wire} ${range} ${short.join(' ')}`);
      await wirebook(scene, 'nic list --reason outside_range --unresolved');
      const [left] = await readNics(scene, { reason: 'outside_range', unresolved: 'true' });
      const remedy = left?.reasons.find(({ code }) => code === 'outside_range')?.remedy ?? '';
      // The remedy ends with a command line; this pastes it.
      const [, words] = /wirebook (.*)$/.exec(remedy) ?? [];
      expect(words !== undefined, 'GET nics: remedy');
      await wirebook(scene, `${words} ${short.join(' ')}`);
      const after = await readNics(scene, { reason: 'outside_range', unresolved: 'true' });
      expect(after.length === 0, 'GET nics?reason=outside_range');
    },
  },
  {
    key: 'others',
    run: async (scene) => {
      for (const subnet of others) await createNetwork(scene, subnet, short);
      const { items } = await scene.stage.read(networkList, 'networks?limit=500');
      expect(items.length === others.length + 3, 'GET networks');
      expect(
        (await readNics(scene, { reason: 'no_network', unresolved: 'true' })).length === 0,
        'no_network',
      );
    },
  },
  {
    key: 'overlap',
    run: async (scene) => {
      await scene.stage.run(
        ['network', 'create', 'sh-web-copy', '--wire', additionalWire, '--cidr', '10.20.10.128/25'],
        { exitCode: 1 },
      );
    },
  },
  {
    key: 'additionalWire',
    run: async (scene) => {
      const [wire] = await readWires(scene, additionalWire);
      expect(wire !== undefined, additionalWire);
      const before = await readSummary(scene);
      await scene.stage.run(['network-sync-additional-wires', web.name, '--wire-ids', wire.id], {
        program: 'climc',
      });
      const after = await readSummary(scene);
      expect(after.settled - before.settled === wire.counts.nics, 'GET nics/summary: settled');
    },
  },
  {
    key: 'reasons',
    run: async (scene) => {
      await wirebook(scene, 'nic list --unresolved');
      const nics = await readNics(scene, { unresolved: 'true' });
      expect(nics.length > 0 && nics.every(({ reasons }) => reasons.length > 0), 'GET nics?unresolved=true');
    },
  },
  {
    key: 'conflicts',
    run: async (scene) => {
      await wirebook(scene, 'conflict list');
      const { items } = await scene.stage.read(conflictList, 'conflicts?ip=10.20.20.50');
      const names = items.flatMap(({ holders, claimants }) =>
        [...holders, ...claimants].map((side) => side.server?.name),
      );
      expect(names.includes('sh-dup-a') && names.includes('sh-dup-b'), 'GET conflicts');
      await wirebook(scene, 'address show 10.20.20.50');
    },
  },
];

async function createNetwork(scene: Scene, subnet: Subnet, more: readonly string[]): Promise<void> {
  const wire = await wireWord(scene, subnet);
  const words = ['network', 'create', subnet.name, '--wire', wire, '--cidr', subnet.cidr];
  if (subnet.gateway !== null) words.push('--gateway', subnet.gateway);
  if (subnet.companion !== undefined) words.push('--companion', subnet.companion);
  await scene.stage.run([...words, ...more]);
}
