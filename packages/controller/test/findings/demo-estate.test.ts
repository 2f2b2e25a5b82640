import { type Finding, type FindingSummary, type List } from '@wirebook/contract';
import { demoEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAll } from '../support/accounts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';

/** The demo's estate with its networks as an administrator would make them: what is wrong in it is found, and nothing else. */

const networks: [name: string, wire: string, net: string][] = [
  ['web', 'sh-web-prod', '10.20.10'],
  ['blue', 'sh-web/blue', '10.20.11'],
  ['app', 'sh-app-prod', '10.20.20'],
  ['db', 'sh-db-prod', '10.20.30'],
  ['k8s', 'sh-k8s', '10.20.50'],
  ['backup', 'Backup', '10.20.70'],
  ['nsx', 'seg-web', '10.20.80'],
  ['dmz', 'DMZ/Legacy', '172.16.30'],
  ['fr-web', 'fr-web', '10.30.10'],
  ['fr-db', 'fr-db', '10.30.20'],
];

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(demoEstate());
  for (const [name, wire, net] of networks)
    await lab.createNetwork({ name, wire, cidr: `${net}.0/24`, gateway: `${net}.1` });
});
afterAll(() => lab[Symbol.asyncDispose]());

async function find(query = ''): Promise<Finding[]> {
  return (await lab.controller.call<List<Finding>>('GET', `/api/v1/findings?limit=500${query}`)).body.items;
}
const tell = ({ kind, server, network, wire, found }: Finding): string =>
  `${kind} ${server?.name ?? network?.name ?? wire?.name}: ${found ?? wire?.name}`;

test('everything that is wrong is found, each once, and nothing else', async () => {
  const found = await find();
  expect(found.map(tell).toSorted()).toEqual(
    [
      'guest_mask sh-wrong-mask: /16',
      'guest_gateway sh-wrong-gateway: 10.20.20.254',
      'link_local_address sh-apipa: 169.254.13.7',
      'duplicate_address sh-dad-failed: sh-app-01',
      'vlan_disagreement Backup: VLAN 71 on sh-esx-03.corp.example',
      // What detection could not decide.
      'wire_suggested web: VM Network',
      'wire_suggested web: restore-test',
      'wire_suggested app: sh-trunk-firewall',
      'wire_suggested db: sh-trunk-firewall',
    ].toSorted(),
  );
});

test('a wrong mask: what the guest says, what its network has, where, and both ways to mend it', async () => {
  const [finding] = await find('&kind=guest_mask');
  const app = await lab.network('app');
  const nic = (await lab.nics('sh-wrong-mask'))[0];
  expect(finding).toMatchObject({
    ip: '10.20.20.54',
    expected: '/24',
    found: '/16',
    server: { name: 'sh-wrong-mask' },
    network: { id: app.id },
    wire: { name: 'sh-app-prod' },
    nic: { id: nic?.id, mac: nic?.mac },
    account: { name: 'lab' },
    space: { name: 'default' },
  });
  expect(finding?.text).toBe(
    `sh-wrong-mask (${nic?.mac}) reports 10.20.20.54/16 on "sh-app-prod"; the prefix length of the network "app" is /24.`,
  );
  expect(finding?.remedy).toContain(`wirebook network update ${app.id} --prefix 16`);
});

test('a wrong gateway, an address that nobody gave, and one that another has', async () => {
  const [gateway] = await find('&kind=guest_gateway');
  expect(gateway).toMatchObject({ ip: '10.20.20.55', expected: '10.20.20.1', network: { name: 'app' } });
  const [apipa] = await find('&kind=link_local_address');
  expect(apipa).toMatchObject({
    ip: '169.254.13.7',
    network: { name: 'app' },
    wire: { name: 'sh-app-prod' },
  });
  expect(apipa?.remedy).toContain('wirebook network next');
  const [duplicate] = await find('&kind=duplicate_address');
  expect(duplicate).toMatchObject({ ip: '10.20.20.11', network: { name: 'app' } });
  expect(duplicate?.remedy).toContain('wirebook why 10.20.20.11');
});

test('hosts that disagree about a VLAN: which, and what to type on them', async () => {
  const [finding] = await find('&kind=vlan_disagreement');
  expect(finding).toMatchObject({
    wire: { name: 'Backup' },
    server: null,
    nic: null,
    ip: null,
    expected: 'VLAN 70',
    vlans: [{ vlan: { kind: 'id', id: 70 } }, { vlan: { kind: 'id', id: 71 } }],
  });
  expect(finding?.vlans[0]?.hosts).toHaveLength(5);
  expect(finding?.vlans[1]?.hosts.map((host) => host.name)).toEqual(['sh-esx-03.corp.example']);
  expect(finding?.text).toBe('"Backup" has VLAN 70 on 5 of 6 hosts, but VLAN 71 on sh-esx-03.corp.example.');
  expect(finding?.remedy).toContain('esxcli network vswitch standard portgroup set -p Backup -v 70');
});

test('a suggested wire is told with what speaks against it and the decisions there are', async () => {
  const web = await lab.network('web');
  const found = await find(`&kind=wire_suggested&network=${web.id}`);
  for (const { wire, text, remedy } of found) {
    const suggested = web.suggestedWires.find((one) => one.wire.id === wire?.id);
    expect(text).toContain(suggested?.contradiction ?? 'a contradiction');
    expect(remedy).toContain(`wirebook network wires ${web.id} --add ${wire?.id}`);
    expect(remedy).toContain(`wirebook network wires ${web.id} --exclude ${wire?.id}`);
  }
  expect(found).toHaveLength(2);
});

test('every filter narrows the list, alone and with others', async () => {
  const names = async (query: string): Promise<string[]> => (await find(query)).map(tell);
  expect(await names('&server=sh-apipa')).toEqual(['link_local_address sh-apipa: 169.254.13.7']);
  expect(await names('&network=app&kind=guest_mask,guest_gateway')).toHaveLength(2);
  expect(await names('&wire=Backup')).toHaveLength(1);
  expect(await names('&account=lab')).toHaveLength(9);
  expect(await names('&space=default&server=sh-wrong-mask')).toHaveLength(1);
  expect(await names('&network=web&kind=guest_mask')).toEqual([]);
  expect(await names('&q=wrong')).toHaveLength(2);
  expect(await names('&q=10.20.20.11')).toEqual(['duplicate_address sh-dad-failed: sh-app-01']);
  const mac = (await lab.nics('sh-apipa'))[0]?.mac ?? '';
  expect(await names(`&q=${encodeURIComponent(mac.toUpperCase())}`)).toHaveLength(1);
  await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'elsewhere' });
  expect(await names('&space=elsewhere')).toEqual([]);
  const refused = await lab.refuse('invalid_input', 'GET', '/api/v1/findings?kind=guest_mask,nonsense');
  expect(refused.errors?.[0]).toMatchObject({ field: 'kind', value: 'guest_mask,nonsense' });
});

test('an id lasts as long as the finding, pages by it, and shows it alone', async () => {
  const first = await find();
  await lab.sync();
  expect((await find()).map((one) => one.id)).toEqual(first.map((one) => one.id));
  expect(new Set(first.map((one) => one.id)).size).toBe(first.length);
  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: List<Finding> = (
      await lab.controller.call<List<Finding>>(
        'GET',
        `/api/v1/findings?limit=2${cursor && `&cursor=${cursor}`}`,
      )
    ).body;
    paged.push(...page.items.map((one) => one.id));
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(first.map((one) => one.id));
  for (const one of first)
    expect((await lab.controller.call('GET', `/api/v1/findings/${one.id}`)).body).toEqual(one);
  await lab.refuse('not_found', 'GET', '/api/v1/findings/00000000-0000-7000-8000-000000000000');
});

test('the summary counts them by kind, with a title', async () => {
  const { body } = await lab.controller.call<FindingSummary>('GET', '/api/v1/findings/summary');
  expect(body.findings).toBe(9);
  expect(body.kinds.map(({ kind, findings }) => [kind, findings])).toEqual([
    ['wire_suggested', 4],
    ['duplicate_address', 1],
    ['guest_gateway', 1],
    ['guest_mask', 1],
    ['link_local_address', 1],
    ['vlan_disagreement', 1],
  ]);
  for (const { text } of body.kinds) expect(text).not.toContain('findings.');
});

test('words come in Chinese to those who ask for them', async () => {
  const { body } = await lab.controller.call<List<Finding>>('GET', '/api/v1/findings', undefined, {
    'accept-language': 'zh-CN',
  });
  expect(body.items).toHaveLength(9);
  for (const { text, remedy } of body.items) {
    expect(text).toMatch(/[一-鿿]/);
    expect(`${text} ${remedy}`).not.toMatch(/\{\{|undefined|findings\./);
  }
});

test('what a remedy names is there: pasted into a shell it finds its objects', async () => {
  let looked = 0;
  for (const { remedy } of await listAll<Finding>(lab.controller, '/api/v1/findings')) {
    expect(remedy).not.toMatch(/\{\{|undefined|null| - |''|findings\./);
    for (const [, noun = '', id = ''] of remedy.matchAll(/wirebook (network|wire|reservation) \w+ (\S+)/g)) {
      const path = noun === 'wire' ? 'wires' : 'networks';
      expect((await lab.controller.call('GET', `/api/v1/${path}/${id}`)).status, remedy).toBe(200);
      looked += 1;
    }
  }
  // Both decisions of each of the four suggested wires at least.
  expect(looked).toBeGreaterThanOrEqual(8);
});

test('a guest that stops running is no finding any more', async () => {
  for (const name of ['sh-wrong-mask', 'sh-wrong-gateway', 'sh-apipa', 'sh-dad-failed'])
    await lab.simulator.setProperty(lab.simulator.morefs.vm(name), {
      path: 'runtime.powerState',
      type: 'VirtualMachinePowerState',
      value: 'poweredOff',
    });
  await lab.sync();
  expect((await find()).map((one) => one.kind)).not.toContain('guest_mask');
  expect(await find('&kind=guest_mask,guest_gateway,link_local_address,duplicate_address')).toEqual([]);
  expect(await find('&kind=vlan_disagreement')).toHaveLength(1);
});
