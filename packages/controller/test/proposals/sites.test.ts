import type { Accepted, List, Network, Proposal } from '@wirebook/contract';
import { secondVcenterEstate, demoEstate, startSimulator, type Simulator } from '@wirebook/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addAccount } from '../support/accounts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';

/** Two vCenters whose sites use 10.20.10.0/24, each for itself, with the same addresses and another gateway. */

let lab: EstateController;
let subsidiary: Simulator;
beforeAll(async () => {
  lab = await startEstateController(demoEstate());
  subsidiary = await startSimulator({ estate: secondVcenterEstate() });
  await addAccount(lab.controller, subsidiary, {
    name: 'vc-subsidiary',
    username: subsidiary.username,
    password: subsidiary.password,
  });
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await subsidiary.stop();
});

const call = <T>(method: string, path: string, body?: unknown) =>
  lab.controller.call<T>(method, `/api/v1${path}`, body);
const proposed = async (): Promise<Proposal[]> =>
  (await call<List<Proposal>>('GET', '/proposals?limit=500&q=10.20.10.0')).body.items;
const told = (list: readonly Proposal[]): string[] =>
  list.map((one) => `${one.space.name} ${one.wire.name} ${one.gateway} ${one.settles}`).toSorted();

test('before any network is made, the range is proposed once for each site, in an address space of its own', async () => {
  expect(told(await proposed())).toEqual([
    'default sh-web-prod 10.20.10.1 15',
    'restore-test restore-test 10.20.10.1 1',
    'vc-subsidiary Production 10.20.10.254 4',
  ]);
});

test('a network made for one site takes no wire of the other in silence, and the other is still proposed apart', async () => {
  const { network } = await lab.createNetwork({
    name: 'web',
    wire: 'sh-web-prod',
    cidr: '10.20.10.0/24',
    gateway: '10.20.10.1',
  });
  expect(network.additionalWires.map((one) => one.wire.name)).toEqual(['sh-web-prod-2']);
  expect(network.suggestedWires.map((one) => one.wire.name)).toEqual([
    'Production',
    'VM Network',
    'restore-test',
  ]);
  expect(network.suggestedWires[0]?.contradiction).toContain('10.20.10.254');
  expect(told(await proposed())).toEqual([
    'restore-test restore-test 10.20.10.1 1',
    'vc-subsidiary Production 10.20.10.254 4',
  ]);
});

test('one command makes the space, takes the wire there, and settles its servers beside those of the first site', async () => {
  const [apart] = (await proposed()).filter((one) => one.space.name === 'vc-subsidiary');
  const { body } = await call<Accepted>('POST', '/proposals/accept', { ids: [apart?.id] });
  expect(body).toMatchObject({
    created: 1,
    settles: 4,
    spaces: [{ name: 'vc-subsidiary', wires: [{ name: 'Production' }] }],
  });
  expect(await lab.records('sub-app-01')).toEqual(['10.20.10.11']);
  expect(await lab.records('sh-web-01')).toEqual(['10.20.10.11']);
  const { items } = (await call<List<Network>>('GET', '/networks?ip=10.20.10.11')).body;
  expect(items.map((network) => network.space.name).toSorted()).toEqual(['default', 'vc-subsidiary']);
  const web = await lab.network('web');
  expect(web.suggestedWires.map((one) => one.wire.name)).not.toContain('Production');
});
