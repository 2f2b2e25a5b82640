import { conflictList, networkList, server } from '@wirebook/contract';
import { expect } from './stage.ts';
import { readNetwork, readNics, readWires, type Scene, type Step, wirebook } from './step.ts';
import { ambiguousWire, office, web } from './subnets.ts';

/** A network made by hand, and what keeps one from being made or changed. */
export const subnetting: readonly Step[] = [
  {
    key: 'dryRun',
    run: async (scene) => {
      await wirebook(scene, `network delete ${web.proposed}`);
      await createWeb(scene, ['--dry-run']);
      const { items } = await scene.stage.read(networkList, 'networks?limit=500');
      expect(!items.some(({ name }) => name === web.name), 'GET networks');
    },
  },
  {
    key: 'create',
    run: async (scene) => {
      await createWeb(scene, []);
      const { nics, tags } = await scene.stage.read(server, 'servers/sh-web-01');
      const records = nics.flatMap((nic) => nic.records);
      expect(
        records.some(({ ip, network }) => ip === '10.20.10.11' && network.name === web.name),
        'records',
      );
      expect(tags['sync_ips'] === undefined, 'GET servers/sh-web-01: tags.sync_ips');
      const { additionalWires } = await readNetwork(scene, web.name);
      expect(
        additionalWires.some(({ wire, origin }) => wire.name === web.additionalWire && origin === 'detected'),
        'GET networks: additionalWires',
      );
      await wirebook(scene, 'server show sh-web-01 --fields name,host.name,nics,tags');
    },
  },
  {
    key: 'additionalWire',
    run: async (scene) => {
      const [wire] = await readWires(scene, web.additionalWire);
      expect(wire !== undefined, web.additionalWire);
      await scene.stage.run(['network-sync-additional-wires', web.name, '--wire-ids', wire.id], {
        program: 'climc',
      });
      const { additionalWires } = await readNetwork(scene, web.name);
      expect(
        additionalWires.some((one) => one.wire.id === wire.id && one.origin === 'declared'),
        'GET networks: additionalWires',
      );
    },
  },
  {
    key: 'excluded',
    run: async (scene) => {
      await wirebook(scene, `network wires ${web.name}`);
      const words = ['network', 'wires', web.name, '--exclude', web.suggestedWire];
      await scene.stage.run([...words, '--fields', 'network.name,network.excludedWires,ends']);
      const { suggestedWires } = await readNetwork(scene, web.name);
      expect(suggestedWires.length === 0, 'GET networks: suggestedWires');
    },
  },
  {
    key: 'ambiguous',
    run: async (scene) => {
      await wirebook(scene, `network create lab --wire ${ambiguousWire} --cidr 10.20.99.0/24`, {
        exitCode: 1,
      });
      await wirebook(scene, `wire list --name ${ambiguousWire} --fields id,name,datacenter,vlan`);
    },
  },
  {
    key: 'range',
    run: async (scene) => {
      const before = await readNetwork(scene, office.name);
      await wirebook(scene, `network update ${office.name} --end ${office.end}`, { exitCode: 1 });
      expect((await readNetwork(scene, office.name)).end === before.end, 'GET networks: end');
    },
  },
  {
    key: 'overlap',
    run: async (scene) => {
      await scene.stage.run(
        ['network', 'create', 'sh-web-copy', '--wire', web.additionalWire, '--cidr', '10.20.10.128/25'],
        { exitCode: 1 },
      );
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
      await wirebook(scene, 'address show 10.20.20.50 --fields ip,network.name,server.name,since');
    },
  },
];

async function createWeb(scene: Scene, more: readonly string[]): Promise<void> {
  const words = [
    'network',
    'create',
    web.name,
    '--wire',
    web.wire,
    '--cidr',
    web.cidr,
    '--gateway',
    web.gateway,
  ];
  await scene.stage.run([...words, ...more]);
}
