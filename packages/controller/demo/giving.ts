import { address, nextAddresses, type Address } from '@wirebook/contract';
import { expect } from './stage.ts';
import { readNetwork, type Scene, type Step, wirebook } from './step.ts';
import { app as network, voice, web } from './subnets.ts';

const six = 'sh-web-prod-v6';
const short = '--fields network.name,network.giving';
const inUse = '10.20.10.200';
const kept = { network: web.name, start: '10.20.10.240', end: '10.20.10.250' };
const leased = { network: voice, start: '10.30.30.40', end: '10.30.30.59' };

/** Addresses are given out, or it is said why not. */
export const giving: readonly Step[] = [
  {
    key: 'next',
    run: async (scene) => {
      await wirebook(scene, `network next ${network}`, { exitCode: 1 });
      for (const name of [network, six]) await wirebook(scene, `network update ${name} --give all ${short}`);
      const before = await readNetwork(scene, network);
      await wirebook(scene, `network next ${network} --count 3`);
      const after = await readNetwork(scene, network);
      expect(after.counts.free === before.counts.free, 'GET networks: counts.free');
      // 18,446,744,073,709,551,616 addresses, and nobody walks them.
      await wirebook(scene, `network next ${six} --count 2`);
    },
  },
  {
    key: 'allocate',
    run: async (scene) => {
      const { stage } = scene;
      const { items } = await stage.read(nextAddresses, `networks/${network}/next?count=1`);
      const [next] = items;
      expect(next !== undefined, 'GET networks/next');
      await stage.run(['network', 'allocate', network, '--for', '2h', '--note', 'a new front end']);
      const given = await readAddress(scene, next.ip);
      expect(given.state === 'held' && given.expiresAt !== null, `GET addresses/${next.ip}: ${given.state}`);
      await wirebook(scene, `address list --network ${network} --state held`);
    },
  },
  {
    key: 'byKey',
    run: async (scene) => {
      const fields = ['--fields', 'key,ip,network.name,since'];
      const words = ['network', 'claim', network, 'build-7', ...fields];
      await scene.stage.run(words);
      const { free } = (await readNetwork(scene, network)).counts;
      await scene.stage.run(words);
      expect((await readNetwork(scene, network)).counts.free === free, 'PUT networks/claims');
    },
  },
  {
    key: 'wished',
    run: async (scene) => {
      await wirebook(scene, `network allocate ${web.name} --ip ${web.gateway}`, { exitCode: 1 });
      // It lies in the range of a network, and is used on a wire that the network doesn't have.
      await wirebook(scene, `network allocate ${web.name} --ip ${inUse}`, { exitCode: 1 });
      expect((await readAddress(scene, inUse)).state === 'seen', `GET addresses/${inUse}`);
    },
  },
  {
    key: 'reservation',
    run: async (scene) => {
      const range = `${kept.start}-${kept.end}`;
      await scene.stage.run(['reservation', 'add', kept.network, range, '--note', 'for the new firewall']);
      await wirebook(scene, `network allocate ${kept.network} --ip ${kept.end}`, { exitCode: 1 });
      await wirebook(scene, `reservation add ${leased.network} ${leased.start}-${leased.end} --dhcp`);
      await wirebook(scene, `network addresses ${kept.network} --from ${inUse}`);
      const states = [await readAddress(scene, kept.end), await readAddress(scene, leased.start)];
      expect(states[0]?.state === 'reserved' && states[1]?.state === 'dhcp', 'GET addresses: state');
    },
  },
];

function readAddress({ stage }: Scene, ip: string): Promise<Address> {
  return stage.read(address, `addresses/${ip}?space=default`);
}
