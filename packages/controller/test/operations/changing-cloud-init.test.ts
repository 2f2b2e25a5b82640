import { gunzipSync } from 'node:zlib';
import type { Event, List, Operation } from '@wirebook/contract';
import { createVsphereClient } from '@wirebook/vsphere';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../support/accounts.ts';
import { type ChangingLab, type Death, startChangingLab } from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/** Guests that take up their settings from guestinfo each time they start: what they find there is what holds, whoever starts them. */

const moments = ['before', 'acted', 'noted'] as const;
const deaths = (['act', 'undo'] as const).flatMap((way) =>
  moments.map((moment): Death => ({ step: 'restart', way, moment })),
);

let lab: ChangingLab;
let names: string[];
beforeAll(async () => {
  lab = await startChangingLab({ machines: [] });
  const begun = await lab.controller.call<Operation>('POST', '/api/v1/servers', {
    name: 'ci',
    from: 'ubuntu',
    nics: [{ network: 'web-net' }],
    setup: 'cloud_init',
    count: 5 + deaths.length,
  });
  expect(begun.status, JSON.stringify(begun.body)).toBe(202);
  const made = await lab.ended(begun.body);
  expectEnd(made, 'succeeded');
  names = made.result?.servers.map(({ server }) => server.name) ?? [];
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(async () => {
  await lab.simulator.clearFaults();
  await lab.agree();
  await lab.expectNoStrayWires();
});

const fresh = (): string => names.pop() ?? '';
const ipsOf = (operation: Operation): string[] =>
  operation.result?.servers.flatMap(({ addresses }) => addresses.map(({ ip }) => ip)) ?? [];
const codes = (list: readonly { code: string }[]): string[] => list.map(({ code }) => code);

interface Metadata {
  'instance-id': string;
  network: { ethernets: Record<string, { match: { macaddress: string }; addresses?: string[] }> };
}
const metadataOf = async (server: string): Promise<Metadata> => {
  const { extraConfig } = await lab.vm(server);
  return JSON.parse(gunzipSync(Buffer.from(extraConfig['guestinfo.metadata'] ?? '', 'base64')).toString());
};
/** What the guest will have when it starts: addresses by MAC. */
const told = async (server: string): Promise<Record<string, string[]>> =>
  Object.fromEntries(
    Object.values((await metadataOf(server)).network.ethernets).map(({ match, addresses = [] }) => [
      match.macaddress,
      addresses.map((address) => address.split('/')[0] ?? ''),
    ]),
  );
const has = async (server: string): Promise<Record<string, string[]>> =>
  Object.fromEntries((await lab.vm(server)).nics.map(({ mac, addresses }) => [mac, addresses]));
const isUp = (server: string): Promise<true> =>
  waitFor(async () => ((await lab.vm(server)).toolsRun ? true : undefined));

/** As somebody does in vCenter. */
async function reset(server: string): Promise<void> {
  const { url, username, password, certificate } = lab.simulator;
  const trust = { kind: 'fingerprint', sha256: certificate.sha256 } as const;
  const client = createVsphereClient({ url, username, password, trust });
  await client.connect();
  try {
    const { ref } = await lab.vm(server);
    const power = async (on: boolean): Promise<void> => {
      await (on ? client.call('PowerOnVM_Task', ref, {}) : client.call('PowerOffVM_Task', ref, {}));
      await waitFor(async () =>
        (await lab.vm(server)).powerState === (on ? 'poweredOn' : 'poweredOff') ? true : undefined,
      );
    };
    await power(false);
    await power(true);
    await isUp(server);
  } finally {
    await client.close();
  }
}

test('a NIC that is attached is told to the guest, which comes up with both addresses when it may be restarted', async () => {
  const server = fresh();
  const id = (await metadataOf(server))['instance-id'];
  const operation = await lab.ended(lab.attach(server, { network: 'app-net', restart: true }));
  expectEnd(operation, 'succeeded');
  expect(operation.warnings).toEqual([]);
  expect(Object.values(await has(server)).slice(1)).toEqual([ipsOf(operation)]);
  expect(await told(server)).toEqual(await has(server));
  // It is no new guest: what has run once for it doesn't run again.
  expect((await metadataOf(server))['instance-id']).toBe(id);
  expect((await lab.simulator.stats()).calls['CustomizeVM_Task'] ?? 0).toBe(0);
});

test('one that goes on running has it when somebody restarts it', async () => {
  const server = fresh();
  const operation = await lab.ended(lab.attach(server, { network: 'app-net' }));
  expectEnd(operation, 'succeeded');
  expect(codes(operation.warnings)).toEqual(['guest_not_told']);
  expect(Object.values(await has(server))[1]).toEqual([]);
  await reset(server);
  expect(Object.values(await has(server))[1]).toEqual(ipsOf(operation));
});

test('an address that it was to leave does not come back when somebody restarts it', async () => {
  const server = fresh();
  const [former = ''] = await lab.records(server);
  const operation = await lab.ended(lab.change(server, former, { ip: '10.20.3.77' }));
  expectEnd(operation, 'succeeded');
  expect(codes(operation.warnings)).toEqual(['guest_not_told', 'former_address_kept']);
  expect(Object.values(await has(server))).toEqual([[former]]);
  await reset(server);
  expect(Object.values(await has(server))).toEqual([['10.20.3.77']]);
});

test('a change with a restart is taken up, on another wire too', async () => {
  const server = fresh();
  const [former = ''] = await lab.records(server);
  const operation = await lab.ended(lab.change(server, former, { network: 'dual-net', restart: true }));
  expectEnd(operation, 'succeeded');
  expect(operation.warnings).toEqual([]);
  expect(Object.values(await has(server))).toEqual([ipsOf(operation)]);
  expect(ipsOf(operation)).toHaveLength(2);
  expect(await lab.history(former)).toContain(`${server} address_changed`);
});

test('a card that has gone is no longer told of, so that no guest waits for it', async () => {
  const server = fresh();
  const attached = await lab.ended(lab.attach(server, { network: 'app-net', restart: true }));
  const before = await told(server);
  expect(Object.keys(before)).toHaveLength(2);
  const detached = await lab.ended(lab.detach(server, ipsOf(attached)[0] ?? ''));
  expectEnd(detached, 'succeeded');
  expect(detached.log.map(({ text }) => text)).toContain('The settings for cloud-init are in guestinfo.');
  expect(Object.entries(await told(server))).toEqual(Object.entries(before).slice(0, 1));
  expect((await lab.vm(server)).powerState).toBe('poweredOn');
  await reset(server);
  expect(await has(server)).toEqual(await told(server));
});

test('wherever the controller dies, the guest is restarted once, or finds what it found before', async () => {
  const begun = [];
  await lab.simulator.resetStats();
  for (const death of deaths) {
    const server = fresh();
    const [former = ''] = await lab.records(server);
    const before = await lab.worlds(server);
    if (death.way === 'undo')
      await lab.simulator.injectFault({
        method: 'PowerOnVM_Task',
        object: server,
        fault: 'GenericVmConfigFault',
        maxCount: 1,
      });
    const input = { network: 'app-net', restart: true };
    const operation = await lab.dying(death, () => lab.change(server, former, input));
    begun.push({ death, server, before, operation });
  }
  for (const { death, server, before, operation } of begun) {
    const ended = await lab.ended(operation);
    expect(lab.deaths).toContain(operation.id);
    if (death.way === 'act') {
      expectEnd(ended, 'succeeded');
      expect(ended.warnings).toEqual([]);
      expect(Object.values(await has(server))).toEqual([ipsOf(ended)]);
    } else {
      expectEnd(ended, 'undone');
      expect(ended.error?.code).toBe('power_on_failed');
      await expect.poll(() => lab.worlds(server), { timeout: 20_000, message: server }).toEqual(before);
    }
  }
  // Each once; and of those that were taken back the one that failed, too.
  expect((await lab.simulator.stats()).calls['PowerOnVM_Task']).toBe(9);
});

test('the audit trail says who asked for which change, with the addresses before and after', async () => {
  const { body } = await lab.controller.call<List<Event>>(
    'GET',
    '/api/v1/events?limit=500&objectKind=server',
  );
  for (const action of ['attach_nic', 'detach_nic', 'change_nic']) {
    const found = body.items.find((event) => event.action === action);
    expect(found, action).toMatchObject({ actor: 'administrator', object: { kind: 'server' } });
    const { before, after } = found ?? {};
    expect(before).toMatchObject({ ips: action === 'attach_nic' ? [] : [expect.any(String)] });
    expect(after).toMatchObject({ ips: action === 'detach_nic' ? [] : [expect.any(String)] });
  }
});
