import { gunzipSync } from 'node:zlib';
import type { Operation } from '@wirebook/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../support/accounts.ts';
import { type ChangingLab, type Death, running, startChangingLab } from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/** What a guest is told when it is changed, what that leaves as it is, and what becomes of it when the change is taken back. */

let lab: ChangingLab;
beforeAll(async () => {
  lab = await startChangingLab({
    machines: [
      running('foreign', [['web', '10.20.2.1/22']], { gateway: '10.20.0.1' }),
      running('leased', [['web', '10.20.3.201/22']]),
      running('leased-6', [['/rack', '10.23.0.30/24', '2001:db8:23::30/64']]),
      running('leased-fixed', [['web', '10.20.3.203/22']]),
      running('restarted', [['web', '10.20.2.2/22']], { gateway: '10.20.0.1' }),
    ],
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBgDKS0F2p0sTTfvcHk0Ik3ZBzmVTlpXUcBKyEKtKcqp somebody';
const script = '#!/bin/sh\necho the-secret-of-the-first-boot\n';

const made = async (name: string, more: object): Promise<Operation> => {
  const begun = await lab.controller.call<Operation>('POST', '/api/v1/servers', {
    name,
    from: 'ubuntu',
    nics: [{ network: 'web-net' }],
    ...more,
  });
  expect(begun.status, JSON.stringify(begun.body)).toBe(202);
  const operation = await lab.ended(begun.body);
  expectEnd(operation, 'succeeded');
  return operation;
};
/** Begins an operation that is taken back from this point on, whoever goes on with it. */
const cancelledAt = async (death: Death, begin: () => Promise<Operation>): Promise<Operation> => {
  lab.onPoint = async ({ operationId, step, way, moment }) => {
    if (step !== death.step || way !== death.way || moment !== death.moment) return;
    lab.onPoint = null;
    await lab.cancel(operationId);
  };
  return lab.dying(death, begin);
};
const guestinfo = async (server: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    Object.entries((await lab.vm(server)).extraConfig).filter(([name]) => name.startsWith('guestinfo.')),
  );
const unpacked = (value: string | undefined): string =>
  gunzipSync(Buffer.from(value ?? '', 'base64')).toString();
const factsOf = async (operation: Operation): Promise<Record<string, unknown>> => {
  const [row] = await lab.sql<{ facts: Record<string, unknown> }>(
    'SELECT facts FROM operations WHERE id = $1',
    [operation.id],
  );
  return row?.facts ?? {};
};

test('a guest that has never started keeps its keys, its script and its password whatever is changed', async () => {
  await made('unborn', { sshKeys: [key], userData: script, password: 'Correct-Horse-1', powerOn: false });
  const before = await guestinfo('unborn');
  expect(unpacked(before['guestinfo.userdata'])).toContain('the-secret-of-the-first-boot');
  const attached = await lab.ended(lab.attach('unborn', { network: 'app-net' }));
  expectEnd(attached, 'succeeded');
  const ips = attached.result?.servers.flatMap(({ addresses }) => addresses.map(({ ip }) => ip)) ?? [];
  const { nics } = await lab.vm('unborn');
  const after = await guestinfo('unborn');
  expect(unpacked(after['guestinfo.metadata'])).toContain(ips[0] ?? '-');
  expect(after['guestinfo.userdata']).toBe(before['guestinfo.userdata']);
  expect(after['guestinfo.userdata.encoding']).toBe(before['guestinfo.userdata.encoding']);
  expectEnd(await lab.ended(lab.change('unborn', nics[1]?.mac ?? '', { ip: '10.21.0.99' })), 'succeeded');
  expectEnd(await lab.ended(lab.detach('unborn', nics[1]?.mac ?? '')), 'succeeded');
  expect((await guestinfo('unborn'))['guestinfo.userdata']).toBe(before['guestinfo.userdata']);
  // Nor does anything secret lie in what is kept of the operations.
  const kept = JSON.stringify(await lab.sql('SELECT facts FROM operations'));
  expect(kept).toContain('guestinfo.metadata');
  expect(kept).not.toContain(before['guestinfo.userdata']);
});

test('and has it still where the change is taken back, though nobody laid any', async () => {
  await made('unborn-back', { sshKeys: [key], userData: script, powerOn: false });
  const emptied = ['guestinfo.userdata', 'guestinfo.userdata.encoding'];
  for (const without of [false, true]) {
    if (without)
      await lab.reconfigure('unborn-back', {
        extraConfig: emptied.map((name) => ({ key: name, value: '' })),
      });
    const before = await guestinfo('unborn-back');
    const begun = await cancelledAt({ step: 'restart', way: 'act', moment: 'acted' }, () =>
      lab.attach('unborn-back', { network: 'app-net' }),
    );
    expect((await lab.ended(begun)).state).toBe('cancelled');
    expect(await guestinfo('unborn-back')).toEqual(before);
  }
});

test('what a foreign guest has in guestinfo is nothing that an operation keeps', async () => {
  await lab.reconfigure('foreign', {
    extraConfig: [{ key: 'guestinfo.metadata', value: 'c29tZWJvZHkncyBvd24=' }],
  });
  const operation = await lab.ended(lab.change('foreign', '10.20.2.1', { restart: true }));
  expectEnd(operation, 'succeeded');
  const facts = await factsOf(operation);
  expect(facts).toMatchObject({ method: 'customization', told: true });
  expect(JSON.stringify(facts)).not.toContain('c29tZWJvZHkncyBvd24=');
});

test('a guest that was asked to shut down runs again after a cancel, though its Tools stop before its power does', async () => {
  await lab.simulator.setGuestBehaviour({ vm: 'restarted', outcome: 'reports', delayMs: 3_000 });
  await lab.simulator.resetStats();
  const begun = await lab.change('restarted', '10.20.2.2', { restart: true });
  const calls = async (method: string): Promise<number> => (await lab.simulator.stats()).calls[method] ?? 0;
  await waitFor(async () => ((await calls('ShutdownGuest')) > 0 ? true : undefined));
  await lab.simulator.setProperty((await lab.vm('restarted')).ref, {
    path: 'guest.toolsRunningStatus',
    type: 'xsd:string',
    value: 'guestToolsNotRunning',
  });
  expect((await lab.vm('restarted')).powerState).toBe('poweredOn');
  await lab.cancel(begun.id);
  expect((await lab.ended(begun)).state).toBe('cancelled');
  expect(await calls('PowerOnVM_Task')).toBe(1);
  expect((await lab.vm('restarted')).powerState).toBe('poweredOn');
});

const leaseFrom = async (network: string, start: string, end: string): Promise<void> => {
  const made = await lab.controller.call('POST', '/api/v1/reservations', {
    network,
    kind: 'dhcp',
    start,
    end,
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
};

test('a guest that has its address of a DHCP server is told to go on asking it', async () => {
  await leaseFrom('web-net', '10.20.3.200', '10.20.3.220');
  const operation = await lab.ended(lab.attach('leased', { network: 'app-net', restart: true }));
  expectEnd(operation, 'succeeded');
  expect(operation.warnings).toEqual([]);
  const { nics } = await lab.vm('leased');
  const [ip = ''] =
    operation.result?.servers.flatMap(({ addresses }) => addresses.map((one) => one.ip)) ?? [];
  // The simulated network has no DHCP server.
  expect(nics.map(({ addresses }) => addresses)).toEqual([[], [ip]]);
});

test('and is left alone where there is no way to say so', async () => {
  await leaseFrom('dual6-net', '2001:db8:23::30', '2001:db8:23::3f');
  const operation = await lab.ended(lab.attach('leased-6', { network: 'app-net', restart: true }));
  expectEnd(operation, 'succeeded');
  expect(operation.warnings.map(({ code }) => code)).toEqual(['guest_not_told']);
  expect((await lab.vm('leased-6')).nics[0]?.addresses).toEqual(['10.23.0.30', '2001:db8:23::30']);
});

test('unless it is to have an address of its own from now on', async () => {
  const operation = await lab.ended(
    lab.change('leased-fixed', '10.20.3.203', { ip: '10.20.2.99', restart: true }),
  );
  expectEnd(operation, 'succeeded');
  expect((await lab.vm('leased-fixed')).nics[0]?.addresses).toEqual(['10.20.2.99']);
});
