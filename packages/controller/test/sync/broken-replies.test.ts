import type { Server, SyncRun } from '@wirebook/contract';
import {
  type CuttingProxy,
  generateEstate,
  type Simulator,
  smallEstate,
  startCuttingProxy,
  startSimulator,
} from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  addAccount,
  beginSync,
  listAll,
  showAccount,
  syncAccount,
  waitForCall,
  waitForRun,
} from '../support/accounts.ts';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { renamed, withoutPrivilege } from '../support/reply-edits.ts';

const readingServers = /<RetrievePropertiesEx [\s\S]*<type>VirtualMachine<\/type>/;
const readingHosts = /<RetrievePropertiesEx [\s\S]*<type>HostSystem<\/type>/;

let simulator: Simulator;
let proxy: CuttingProxy;
let controller: TestController;
let book: Book;

beforeAll(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
  proxy = await startCuttingProxy({ target: simulator });
  controller = await startTestController();
  book = await openBook(controller.databaseUrl);
  await addAccount(controller, proxy);
  const made = await controller.call('POST', '/api/v1/networks', {
    name: 'web-net',
    wire: 'web',
    cidr: '10.10.20.0/24',
  });
  expect(made.status).toBe(201);
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await controller.stop();
  await proxy.stop();
  await simulator.stop();
});
afterEach(async () => {
  proxy.pass();
  await simulator.clearFaults();
  // Whatever went wrong: the next sync is fine, the account too, and nothing was lost.
  const run = await syncAccount(controller, 'lab');
  expect(run).toMatchObject({ state: 'succeeded', failure: null, changes: {} });
  expect(await showAccount(controller, 'lab')).toMatchObject({ status: 'ok', statusText: null });
});

/** Syncs while something is wrong: the run fails and says why, the account too, and the book is what it was. */
async function failSync(): Promise<SyncRun> {
  const before = await book.digests();
  const run = await syncAccount(controller, 'lab');
  expect(run).toMatchObject({ state: 'failed', changes: {}, phase: 'ended' });
  expect(run.endedAt).not.toBeNull();
  expect(run.failure?.text).not.toBe('');
  expect(run.failure?.remedy).not.toBe('');
  expect(await book.digests()).toEqual(before);
  const account = await showAccount(controller, 'lab');
  expect(account).toMatchObject({
    statusText: run.failure?.text,
    statusRemedy: run.failure?.remedy,
    lastSync: { id: run.id, state: 'failed' },
  });
  expect(account.status).not.toBe('ok');
  return run;
}

describe('a reply that is cut off', () => {
  test.each([
    ['in a sound frame', { kind: 'truncate', afterBytes: 9_000, framing: 'complete' }],
    ['before its announced length', { kind: 'truncate', afterBytes: 9_000, framing: 'length' }],
    ['without its last chunk', { kind: 'truncate', afterBytes: 9_000, framing: 'chunked' }],
    ['by a reset', { kind: 'reset', afterBytes: 9_000 }],
  ] as const)('%s leaves the last good state', async (_, behaviour) => {
    proxy.use(behaviour, { whenBody: readingServers });
    const run = await failSync();
    expect(['reply_unusable', 'unreachable']).toContain(run.failure?.code);
  });

  test('while hosts are read leaves the last good state as well', async () => {
    proxy.use({ kind: 'truncate', afterBytes: 2_000, framing: 'complete' }, { whenBody: readingHosts });
    expect((await failSync()).failure?.code).toBe('reply_unusable');
  });

  test('after the last VM but before its end is no whole reply', async () => {
    proxy.use(
      {
        kind: 'rewrite',
        body: (body) => body.slice(0, body.lastIndexOf('</objects>') + '</objects>'.length),
      },
      { whenBody: readingServers },
    );
    expect((await failSync()).failure?.code).toBe('reply_unusable');
  });

  test('by a reset before anything is unreachable', async () => {
    proxy.use({ kind: 'reset' }, { whenBody: readingServers });
    expect((await failSync()).failure?.code).toBe('unreachable');
  });
});

describe('a reply that makes no sense', () => {
  test.each([
    ['is not XML', '{"servers":[]}'],
    ['is a web page', '<html><body>Service maintenance<br></body></html>'],
    ['is broken XML', '<?xml version="1.0"?><soapenv:Envelope><a></b></soapenv:Envelope>'],
    ['is XML of another kind', '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>'],
    [
      'answers another question',
      '<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><LogoutResponse xmlns="urn:vim25"/></soapenv:Body></soapenv:Envelope>',
    ],
    [
      'defines entities',
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>&a;</soapenv:Body></soapenv:Envelope>',
    ],
  ])('because it %s leaves the last good state', async (_, body) => {
    proxy.use(
      { kind: 'replace', status: 200, headers: { 'content-type': 'text/xml' }, body },
      { whenBody: readingServers },
    );
    const run = await failSync();
    expect(['reply_unusable', 'not_a_vcenter']).toContain(run.failure?.code);
  });

  test.each([502, 503])('because a gateway answers %i leaves the last good state', async (status) => {
    proxy.use({ kind: 'replace', status, body: 'upstream is gone' }, { whenBody: readingServers });
    const run = await failSync();
    expect(run.failure?.code).toBe('unreachable');
    expect(run.failure?.text).toContain(String(status));
  });

  test('because a VM’s name has 10 MB leaves the last good state', async () => {
    proxy.use(
      {
        kind: 'rewrite',
        body: (body) => renamed(body, simulator.morefs.vm('web-1'), 'x'.repeat(10 * 1024 * 1024)),
      },
      { whenBody: readingServers },
    );
    expect((await failSync()).failure?.code).toBe('reply_unusable');
  });
});

describe('a reply that looks odd', () => {
  test('because it is compressed is read', async () => {
    proxy.use({ kind: 'gzip' });
    const run = await syncAccount(controller, 'lab');
    expect(run).toMatchObject({ state: 'succeeded', changes: {}, counts: { servers: 5 } });
    expect(proxy.requests.at(-1)?.acceptEncoding).toContain('gzip');
  });

  test('because a VM’s name is very long is read, the name cut and told', async () => {
    proxy.use(
      { kind: 'rewrite', body: (body) => renamed(body, simulator.morefs.vm('web-1'), 'y'.repeat(5_000)) },
      { whenBody: readingServers },
    );
    const run = await syncAccount(controller, 'lab');
    expect(run).toMatchObject({ state: 'succeeded', changes: { servers: { updated: 1 } } });
    expect(run.errors.map(({ object }) => object)).toEqual(['y'.repeat(255)]);
    proxy.pass();
    expect(await syncAccount(controller, 'lab')).toMatchObject({ changes: { servers: { updated: 1 } } });
  });
});

describe('a vCenter that refuses', () => {
  test('for want of a privilege fails the run and names it', async () => {
    await simulator.injectFault({
      method: 'RetrievePropertiesEx',
      reading: 'VirtualMachine',
      fault: 'NoPermission',
      fields: { privilegeId: 'System.Read' },
    });
    const run = await failSync();
    expect(run.failure?.code).toBe('privileges_missing');
    expect(run.failure?.text).toContain('System.Read');
    expect(await showAccount(controller, 'lab')).toMatchObject({ status: 'refused' });
  });

  test('one property of one VM is complained of by name and privilege, and costs nothing else', async () => {
    const vm = simulator.morefs.vm('web-1');
    proxy.use(
      { kind: 'rewrite', body: (body) => withoutPrivilege(body, vm, 'guest.net', 'VirtualMachine.Interact') },
      { whenBody: readingServers },
    );
    const run = await syncAccount(controller, 'lab');
    expect(run).toMatchObject({ state: 'succeeded', counts: { servers: 5 } });
    expect(run.errors).toMatchObject([{ object: 'web-1', kind: 'server' }]);
    expect(run.errors[0]?.text).toContain('VirtualMachine.Interact');
    proxy.pass();
    await syncAccount(controller, 'lab');
  });

  test('to be reached at all is unreachable', async () => {
    await proxy.refuseConnections();
    const run = await failSync();
    expect(run.failure?.code).toBe('unreachable');
    expect(run.failure?.text).toContain('ECONNREFUSED');
    expect(await showAccount(controller, 'lab')).toMatchObject({ status: 'unreachable' });
    await proxy.acceptConnections();
  });
});

describe('a session that expires', () => {
  test('before anything is read, is no empty inventory', async () => {
    await simulator.resetStats();
    await simulator.injectFault({ method: 'CreateContainerView', delayMs: 1_500, maxCount: 1 });
    const { id } = await beginSync(controller, 'lab');
    await waitForCall(simulator, 'CreateContainerView');
    await simulator.terminateSessions();
    expect(await waitForRun(controller, id)).toMatchObject({
      state: 'succeeded',
      changes: {},
      counts: { servers: 5, hosts: 1 },
    });
    expect((await simulator.stats()).calls['Login']).toBe(2);
  });

  test('as properties refused with an answer of 200, is no empty inventory', async () => {
    await simulator.resetStats();
    await simulator.injectFault({
      method: 'RetrievePropertiesEx',
      reading: 'VirtualMachine',
      delayMs: 1_500,
      maxCount: 1,
    });
    const { id } = await beginSync(controller, 'lab');
    // Nine types are read, each through a view of its own, VMs the last.
    await waitForCall(simulator, 'CreateContainerView', 9);
    await simulator.terminateSessions();
    expect(await waitForRun(controller, id)).toMatchObject({
      state: 'succeeded',
      changes: {},
      counts: { servers: 5 },
    });
    expect((await simulator.stats()).calls['Login']).toBe(2);
  });

  test('each time anew is a refusal and no endless loop', async () => {
    await simulator.injectFault({
      method: 'RetrievePropertiesEx',
      reading: 'VirtualMachine',
      fault: 'NotAuthenticated',
    });
    const run = await failSync();
    expect(run.failure?.code).toBe('login_refused');
  });

  test('between two pages of VMs costs none of them', async () => {
    const vms = 620;
    await using large = await startSimulator({
      estate: generateEstate({ vms, hosts: 5, portGroups: 20, seed: 7 }),
    });
    await large.injectFault({ method: 'ContinueRetrievePropertiesEx', delayMs: 1_500, maxCount: 1 });
    const added = addAccount(controller, large, { name: 'large' });
    await waitForCall(large, 'ContinueRetrievePropertiesEx');
    await large.terminateSessions();
    const { run } = await added;
    expect(run.counts['servers']).toBe(vms);
    const servers = await listAll<Server>(controller, '/api/v1/servers?account=large');
    expect(servers).toHaveLength(vms);
    expect(await syncAccount(controller, 'large')).toMatchObject({ state: 'succeeded', changes: {} });
    await controller.call('DELETE', '/api/v1/cloud-accounts/large');
  });
});
