import { networkList, proposalList, server } from '@wirebook/contract';
import { expect } from './stage.ts';
import { readNics, readSummary, type Scene, type Step, wirebook } from './step.ts';

/** From an empty book to one where everybody is settled or explained, by two commands. */
export const proposing: readonly Step[] = [
  {
    key: 'proposed',
    run: async (scene) => {
      await wirebook(scene, 'proposal list');
      const { items } = await scene.stage.read(proposalList, 'proposals?limit=500');
      const web = items.find(({ cidr, space }) => cidr === '10.20.10.0/24' && space.id !== null);
      expect(web?.gateway === '10.20.10.1', 'GET proposals: 10.20.10.0/24');
      expect(
        web.additionalWires.some(({ wire }) => wire.name === 'sh-web-prod-2'),
        'GET proposals: additionalWires',
      );
    },
  },
  {
    key: 'accepted',
    run: async (scene) => {
      const { items } = await scene.stage.read(proposalList, 'proposals?limit=500');
      await wirebook(scene, 'proposal accept --all');
      const made = await scene.stage.read(networkList, 'networks?limit=500');
      expect(made.items.length === items.length, 'GET networks');
      const { nics, settled } = await readSummary(scene);
      expect(settled * 5 > nics * 4, `GET nics/summary: ${settled} / ${nics}`);
      expect(
        (await readNics(scene, { reason: 'no_network', unresolved: 'true' })).length === 0,
        'no_network',
      );
      const { tags } = await scene.stage.read(server, 'servers/sh-web-01');
      expect(tags['sync_ips'] === undefined, 'GET servers/sh-web-01: tags.sync_ips');
    },
  },
  {
    key: 'evidence',
    run: async (scene) => {
      await wirebook(scene, 'network wires sh-web-prod');
      await isNowhere(scene);
    },
  },
];

/** What is accepted is proposed no longer. */
async function isNowhere(scene: Scene): Promise<void> {
  const { items } = await scene.stage.read(proposalList, 'proposals');
  expect(items.length === 0, 'GET proposals');
}
