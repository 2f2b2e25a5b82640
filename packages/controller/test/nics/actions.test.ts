import type { Action, Nic, ReasonCode } from '@wirebook/contract';
import { demoEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';

/** What a reason's actions say is done by sending them as they are. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(demoEstate());
  await lab.createNetwork({
    name: 'web',
    wire: 'sh-web-prod',
    start: '10.20.10.1',
    end: '10.20.10.99',
    prefixLength: 24,
    gateway: '10.20.10.1',
  });
  await lab.createNetwork({ name: 'app', wire: 'sh-app-prod', cidr: '10.20.20.0/24', gateway: '10.20.20.1' });
});
afterAll(() => lab[Symbol.asyncDispose]());

async function reasonOf(server: string, code: ReasonCode, position = 0): Promise<Nic['reasons'][number]> {
  const nic = (await lab.nics(server))[position];
  const found = nic?.reasons.find((one) => one.code === code);
  if (found === undefined) throw new Error(`${server}: ${(await lab.reasons(server, position)).join()}`);
  return found;
}
async function send({ request }: Action, status = 200): Promise<void> {
  if (request === null) throw new Error('there is no request to send');
  const answer = await lab.controller.call(request.method, request.path, request.body ?? undefined);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
}
const startsWith = (actions: readonly Action[], text: string): Action => {
  const found = actions.find(({ command }) => command.startsWith(text));
  if (found === undefined) throw new Error(`none of ${actions.map((one) => one.command).join('; ')}`);
  return found;
};

test('NICs without a record are narrowed to a network by the reason that names it', async () => {
  const list = async (more: string): Promise<Nic[]> =>
    (await lab.controller.call<{ items: Nic[] }>('GET', `/api/v1/nics?unresolved=true&limit=500${more}`)).body
      .items;
  const names = (nics: readonly Nic[]): string[] => nics.map(({ id }) => id).toSorted();
  const ofApp = (await list('')).filter(({ reasons }) =>
    reasons.some(({ network }) => network?.name === 'app'),
  );
  expect(ofApp.length).toBeGreaterThan(0);
  expect(names(await list('&network=app'))).toEqual(names(ofApp));
});

test('every action has a label in both languages, and names nothing that is not there', async () => {
  for (const language of ['en', 'zh']) {
    const { body } = await lab.controller.call<{ items: Nic[] }>('GET', '/api/v1/nics?limit=500', undefined, {
      'accept-language': language,
    });
    const actions = body.items.flatMap((nic) => nic.reasons.flatMap((one) => one.actions));
    expect(actions.length).toBeGreaterThan(50);
    for (const { label, command, placeholders, request } of actions) {
      expect(label).not.toMatch(/^actions\.|\{\{|undefined/);
      expect(command).toMatch(/^wirebook \w+/);
      expect(`${command} ${JSON.stringify(request)}`).not.toMatch(/undefined|null\b.*path|NaN/);
      for (const word of placeholders) expect(command).toContain(word);
      if (placeholders.length > 0) expect(request).toBeNull();
      expect(/[一-鿿]/.test(label)).toBe(language === 'zh');
    }
  }
});

test('what only vCenter or the guest can mend is read again, or told by hand: what is to be filled in is marked', async () => {
  await lab.simulator.setProperty(lab.simulator.morefs.vm('sh-kiosk-01'), {
    path: 'runtime.connectionState',
    type: 'VirtualMachineConnectionState',
    value: 'disconnected',
  });
  await lab.sync();
  const cases: [string, ReasonCode, number?][] = [
    ['sh-off-stale', 'powered_off'],
    ['sh-appliance', 'tools_not_installed'],
    ['sh-tools-stopped', 'tools_not_running'],
    ['sh-no-address', 'tools_no_address'],
    ['sh-db-04', 'disconnected', 2],
    ['sh-kiosk-01', 'vm_unreadable'],
  ];
  for (const [server, code, position = 0] of cases) {
    const { nics, id } = await lab.server(server);
    const actions = nics[position]?.reasons.find((one) => one.code === code)?.actions ?? [];
    expect(actions, code).toMatchObject([
      { command: 'wirebook account sync lab', placeholders: [] },
      { placeholders: ['IP'], request: null },
    ]);
    const mac = nics[position]?.mac ?? null;
    expect(actions[1]?.command).toBe(`wirebook server fix ${id} ${mac === null ? '' : `${mac}=`}IP`);
  }
  await send(
    startsWith((await reasonOf('sh-off-stale', 'powered_off')).actions, 'wirebook account sync'),
    202,
  );
  expect((await reasonOf('sh-lost-std', 'no_wire')).actions).toHaveLength(1);
  expect((await reasonOf('tpl-ubuntu-2404', 'template')).actions).toEqual([]);
});

test('an address without a network: its network is made as the guest describes it', async () => {
  const { actions } = await reasonOf('sh-erp-01', 'no_network');
  const wire = (await lab.nics('sh-erp-01'))[0]?.wire;
  const make = startsWith(actions, 'wirebook network create');
  expect(make).toMatchObject({
    command: `wirebook network create 10.20.40.0/24 --wire ${wire?.id} --cidr 10.20.40.0/24`,
    placeholders: [],
    request: { method: 'POST', path: '/api/v1/networks' },
  });
  await send(make, 201);
  for (const nr of [1, 2, 3]) expect(await lab.records(`sh-erp-0${nr}`)).toEqual([`10.20.40.1${nr}`]);
  await send(startsWith(actions, 'wirebook proposal list --ip 10.20.40.11'));
});

test('on a trunk no network is made: which VLAN the address is of nobody knows', async () => {
  const { actions, text } = await reasonOf('sh-fw-01', 'no_network');
  expect(text).toContain('carries many VLANs');
  expect(actions.map((one) => one.command)).toEqual(['wirebook proposal list --ip 10.20.30.1']);
});

test('an address outside the range: the range grows, the other way too', async () => {
  await send(startsWith((await reasonOf('sh-lb-01', 'outside_range')).actions, 'wirebook network update'));
  expect((await lab.network('web')).end).toBe('10.20.10.101');
  expect(await lab.records('sh-lb-01')).toContain('10.20.10.101');
  await lab.sql(`UPDATE networks SET span = '[10.20.20.12,10.20.20.254]', giving = '{}' WHERE name = 'app'`);
  await lab.sql(
    `UPDATE claims SET ended_at = now(), end_reason = 'test' WHERE ip = '10.20.20.11' AND ended_at IS NULL`,
  );
  await lab.sql(`UPDATE servers SET digest = '' WHERE name = 'sh-app-01'`);
  await lab.sync();
  await send(startsWith((await reasonOf('sh-app-01', 'outside_range')).actions, 'wirebook network update'));
  expect((await lab.network('app')).start).toBe('10.20.20.11');
});

test('an address that another has: each decision as a request, and afterwards those that are left', async () => {
  const { actions } = await reasonOf('sh-dup-b', 'taken');
  const [conflict] = await lab.sql<{ id: string }>(
    `SELECT id FROM conflicts WHERE ip = '10.20.20.50' AND ended_at IS NULL`,
  );
  expect(actions.map((one) => one.command)).toEqual([
    'wirebook conflict list --all --ip 10.20.20.50',
    ...['keep', 'give', 'share'].map((one) => `wirebook conflict resolve ${conflict?.id} --${one}`),
  ]);
  expect(actions[1]?.label).toBe('sh-dup-a keeps 10.20.20.50');
  await send(startsWith(actions, 'wirebook conflict list'));
  await send(startsWith(actions, `wirebook conflict resolve ${conflict?.id} --keep`));
  const left = (await reasonOf('sh-dup-b', 'taken')).actions.map((one) => one.command);
  expect(left).not.toContain(`wirebook conflict resolve ${conflict?.id} --keep`);
  await send(startsWith(actions, `wirebook conflict resolve ${conflict?.id} --give`));
  expect(await lab.records('sh-dup-b')).toEqual(['10.20.20.50']);
});

test('a wire that something speaks against: both decisions, whatever else was decided meanwhile', async () => {
  const { actions, text, remedy } = await reasonOf('sh-web-01-restore', 'other_wire');
  const web = await lab.network('web');
  const wire = (await lab.nics('sh-web-01-restore'))[0]?.wire;
  const contradiction = web.suggestedWires.find((one) => one.wire.id === wire?.id)?.contradiction;
  expect(text).toContain(contradiction ?? 'a contradiction');
  expect(remedy).toContain('--exclude');
  expect(actions.at(-1)).toMatchObject({ command: 'wirebook proposal list', placeholders: [] });
  // Others are declared and excluded after the reasons were read: they stay.
  await lab.controller.call('PUT', '/api/v1/networks/web/additional-wires', { wires: ['sh-web/blue'] });
  await lab.controller.call('PUT', '/api/v1/networks/web/excluded-wires', { wires: ['sh-k8s'] });
  await send(startsWith(actions, `wirebook network wires ${web.id} --exclude`));
  let now = await lab.network('web');
  expect(now.excludedWires.map((one) => one.wire.name).toSorted()).toEqual(['restore-test', 'sh-k8s']);
  const excluded = await reasonOf('sh-web-01-restore', 'other_wire');
  expect(excluded.text).toContain('excluded from it by a person');
  expect(excluded.actions).toHaveLength(1);
  await send(startsWith(excluded.actions, `wirebook network wires ${web.id} --add`));
  now = await lab.network('web');
  expect(now.additionalWires.filter((one) => one.origin === 'declared').map((one) => one.wire.name)).toEqual(
    expect.arrayContaining(['restore-test', 'sh-web/blue']),
  );
  expect(now.excludedWires.map((one) => one.wire.name)).toEqual(['sh-k8s']);
  // The wire is the network's now; that both have the address is a conflict.
  expect(await lab.reasons('sh-web-01-restore')).toEqual(['taken 10.20.10.11']);
  const events = await lab.sql<{ action: string }>(
    `SELECT action FROM events WHERE object_name = 'web' ORDER BY id DESC LIMIT 2`,
  );
  expect(events.map((one) => one.action)).toEqual(['set_additional_wires', 'set_excluded_wires']);
});

test('where a network has a part of the prefix it is widened: one beside it would be refused', async () => {
  const { actions, text } = await reasonOf('sh-stray', 'no_network');
  expect(text).toContain('"web" has the part 10.20.10.1 to 10.20.10.101 of 10.20.10.0/24');
  expect(actions.map((one) => one.command)).not.toContainEqual(expect.stringContaining('network create'));
  await send(startsWith(actions, 'wirebook network update'));
  // Its gateway is another one: that the wire is the network's as well is for a person to say.
  const next = await reasonOf('sh-stray', 'other_wire');
  expect(next.text).toContain('10.20.10.254');
});

test('a guest whose prefix would swallow another network is not told to make it', async () => {
  await lab.controller.call('POST', '/api/v1/networks/app/release', { ips: ['10.20.20.50'] });
  expect((await lab.controller.call('DELETE', '/api/v1/networks/app')).status).toBe(204);
  const { actions, text } = await reasonOf('sh-wrong-mask', 'no_network');
  expect(text).toContain('10.20.0.0/16');
  expect(actions.map((one) => one.command)).toEqual(['wirebook proposal list --ip 10.20.20.54']);
});
