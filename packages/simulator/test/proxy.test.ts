import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  smallEstate,
  startCuttingProxy,
  startSimulator,
  type CuttingProxy,
  type Simulator,
} from '../src/index.ts';
import { logIn, post, type Session } from './soap.ts';

let simulator: Simulator;
let proxy: CuttingProxy;
let session: Session;

beforeAll(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
});
afterAll(async () => {
  await simulator.stop();
});
beforeEach(async () => {
  proxy = await startCuttingProxy({ target: simulator });
  session = await logIn(simulator, proxy);
});
afterEach(async () => {
  await proxy.stop();
});

const currentTime =
  '<CurrentTime xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></CurrentTime>';

test('what isn’t spoiled passes, under the same certificate', async () => {
  expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
  expect(proxy.certificate.sha256).toBe(simulator.certificate.sha256);
});

test('requests are recorded by method, without the password', () => {
  expect(proxy.requests.map((one) => one.method)).toEqual(['RetrieveServiceContent', 'Login']);
  const login = proxy.requests[1];
  expect(login?.soapAction).toBe('urn:vim25/8.0.3.0');
  expect(login?.body).toContain(simulator.username);
  expect(JSON.stringify(proxy.requests)).not.toContain(simulator.password);
});

test('a connection is reset before any byte of the reply', async () => {
  proxy.use({ kind: 'reset' });
  await expect(session.call(currentTime)).rejects.toThrow(/ECONNRESET|socket hang up/);
});

test('a connection is reset after some bytes of the reply', async () => {
  proxy.use({ kind: 'reset', afterBytes: 100 });
  await expect(session.call(currentTime)).rejects.toThrow(/ECONNRESET|aborted|cut off/);
});

test('only the asked-for request is spoiled', async () => {
  proxy.use({ kind: 'reset' }, { whenBody: /CurrentTime/, skip: 1, times: 1 });
  expect((await session.call(currentTime)).status).toBe(200);
  expect((await session.read('VirtualMachine', ['name'])).size).toBe(5);
  await expect(session.call(currentTime)).rejects.toThrow();
  expect((await session.call(currentTime)).status).toBe(200);
});

test('a reply stops short of its Content-Length', async () => {
  proxy.use({ kind: 'truncate', afterBytes: 80, framing: 'length' });
  await expect(session.call(currentTime)).rejects.toThrow(/aborted|cut off/);
});

test('a chunked reply ends without its last chunk', async () => {
  proxy.use({ kind: 'truncate', afterBytes: 80, framing: 'chunked' });
  await expect(session.call(currentTime)).rejects.toThrow(/aborted|cut off/);
});

test('a reply is cut although its framing is sound', async () => {
  proxy.use({ kind: 'truncate', afterBytes: 80, framing: 'complete' });
  const reply = await session.call(currentTime);
  expect(reply.status).toBe(200);
  expect(reply.body).toHaveLength(80);
});

test('a stalled reply neither comes nor ends', async () => {
  proxy.use({ kind: 'stall', afterBytes: 10 }, { times: 1 });
  let settled = false;
  const stalled = session.call(currentTime).finally(() => {
    settled = true;
  });
  stalled.catch(() => undefined);
  // Another request goes all the way while the first one stands still.
  expect((await session.call(currentTime)).status).toBe(200);
  expect((await session.call(currentTime)).status).toBe(200);
  expect(settled).toBe(false);
  await proxy.stop();
  await expect(stalled).rejects.toThrow();
});

test('a slow reply comes whole', async () => {
  proxy.use({ kind: 'slow', bytesPerSecond: 4000 });
  const reply = await session.call(currentTime);
  expect(reply.body).toMatch(/<\/soapenv:Envelope>$/);
});

test('a reply is compressed for those who accept it', async () => {
  proxy.use({ kind: 'gzip' });
  const plain = await session.call(currentTime);
  expect(plain.headers['content-encoding']).toBeUndefined();
  const packed = await session.call(currentTime, { headers: { 'accept-encoding': 'gzip, deflate' } });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(Buffer.from(packed.body, 'latin1')).toString()).toContain('CurrentTimeResponse');
});

test('a reply is replaced without asking the simulator', async () => {
  await simulator.resetStats();
  proxy.use({ kind: 'replace', status: 503, headers: { 'retry-after': '5' }, body: 'busy' });
  const reply = await session.call(currentTime);
  expect([reply.status, reply.body, reply.headers['retry-after']]).toEqual([503, 'busy', '5']);
  expect((await simulator.stats()).calls).toEqual({});
});

test('a reply is rewritten', async () => {
  proxy.use({ kind: 'rewrite', body: (body) => body.replaceAll('"', "'") });
  expect((await session.call(currentTime)).body).toContain("<?xml version='1.0'");
});

test('connections are refused and then accepted on the same port', async () => {
  await proxy.refuseConnections();
  await expect(session.call(currentTime)).rejects.toThrow(/ECONNREFUSED/);
  await proxy.acceptConnections();
  expect((await session.call(currentTime)).status).toBe(200);
});

test('another certificate is shown when given', async () => {
  await using other = await startSimulator({ estate: smallEstate() });
  await using swapped = await startCuttingProxy({ target: simulator, certificate: other.certificate });
  await expect(post({ url: swapped.url, certificate: simulator.certificate }, currentTime)).rejects.toThrow(
    /certificate/,
  );
  expect((await post(swapped, currentTime)).status).toBe(500);
});
