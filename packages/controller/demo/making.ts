import { address, network, operationList, server as serverSchema, serverList } from '@wirebook/contract';
import { expect } from './stage.ts';
import { type Scene, type Step, wirebook } from './step.ts';
import { web } from './subnets.ts';

const name = 'sh-web-90';
const template = 'tpl-ubuntu-2404';
const create = `server create ${name} --from ${template} --network ${web.name}`;

/** Two addresses can be used of its prefix; one is the gateway's, the other is kept back. */
const full = { name: 'sh-full', cidr: '10.20.98.0/30', gateway: '10.20.98.1', kept: '10.20.98.2' };
const inMaintenance = 'sh-esx-04.corp.example';

/** A server that comes up with its address; one that can't is refused before anything is made. */
export const making: readonly Step[] = [
  {
    key: 'placed',
    run: async (scene) => {
      await wirebook(scene, `${create} --dry-run`);
      expect((await findServers(scene)).length === 0, `GET servers?name=${name}`);
    },
  },
  {
    key: 'made',
    run: async (scene) => {
      await wirebook(scene, create);
      await wirebook(
        scene,
        `server show ${name} --fields name,host.name,powerState,toolsStatus,guestHostName,nics`,
      );
      const { nics } = await readServer(scene);
      const [nic, ...others] = nics;
      expect(nic !== undefined && others.length === 0, `GET servers/${name}: nics`);
      const [record] = nic.records;
      expect(record?.network.name === web.name, `GET servers/${name}: records`);
      expect(
        nic.observed.some(({ ip }) => ip === record.ip),
        `GET servers/${name}: observed`,
      );
    },
  },
  {
    key: 'refusedServer',
    run: async (scene) => {
      const before = await countOperations(scene);
      const { stage } = scene;
      const words = ['network', 'create', full.name, '--wire', web.wire, '--cidr', full.cidr];
      await stage.run([
        ...words,
        '--gateway',
        full.gateway,
        '--fields',
        'network.name,network.cidr,network.gateway',
      ]);
      await stage.run(['reservation', 'add', full.name, full.kept, '--note', 'for a second router']);
      const { counts } = await stage.read(network, `networks/${full.name}`);
      expect(counts.free === 0, `GET networks/${full.name}: counts.free`);
      await wirebook(scene, `server create sh-full-1 --from ${template} --network ${full.name}`, {
        exitCode: 1,
      });
      await wirebook(
        scene,
        `server create sh-idle-1 --from ${template} --network ${web.name} --host ${inMaintenance}`,
        {
          exitCode: 1,
        },
      );
      expect((await countOperations(scene)) === before, 'GET operations');
    },
  },
  {
    key: 'deleted',
    run: async (scene) => {
      const [record] = (await readServer(scene)).nics.flatMap(({ records }) => records);
      expect(record !== undefined, `GET servers/${name}: records`);
      await wirebook(scene, `server delete ${name}`, { exitCode: 1 });
      await wirebook(scene, `server delete ${name} --power-off`);
      expect((await findServers(scene)).length === 0, `GET servers?name=${name}`);
      await wirebook(scene, `address show ${record.ip} --space default`);
      const { state } = await scene.stage.read(address, `addresses/${record.ip}?space=default`);
      expect(state === 'resting', `GET addresses/${record.ip}: ${state}`);
    },
  },
];

function readServer({ stage }: Scene) {
  return stage.read(serverSchema, `servers/${name}`);
}

async function findServers({ stage }: Scene) {
  return (await stage.read(serverList, `servers?name=${name}&missing=false`)).items;
}

async function countOperations({ stage }: Scene) {
  return (await stage.read(operationList, 'operations?limit=500')).items.length;
}
