import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readCertificate } from '../src/index.ts';
import { problem, startFakeVcenter } from './support/fake-vcenter.ts';

describe('reading a certificate', () => {
  it('tells fingerprint, names, validity and why no authority vouches for it, and sends no request', async () => {
    await using server = await startFakeVcenter(() => undefined);
    const told = await readCertificate({ url: server.url });
    expect(told).toMatchObject({
      sha256: server.sha256,
      subject: 'O=Wirebook tests, CN=server-one',
      issuer: 'O=Wirebook tests, CN=server-one',
      trustedByCa: false,
      caProblem: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(told.validFrom).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    expect(Date.parse(told.validTo) - Date.parse(told.validFrom)).toBe(36500 * 24 * 3600 * 1000);
    expect(server.requests).toEqual([]);
  });

  it('tells when nobody answers, when the name is none and when the URL is none', async () => {
    const server = await startFakeVcenter(() => undefined);
    await server[Symbol.asyncDispose]();
    expect(await problem(readCertificate({ url: server.url }))).toMatchObject({
      kind: 'connection',
      code: 'ECONNREFUSED',
    });
    expect(await problem(readCertificate({ url: 'https://nowhere.invalid' }))).toMatchObject({
      kind: 'connection',
    });
    expect(await problem(readCertificate({ url: 'http://localhost' }))).toMatchObject({
      kind: 'invalid-url',
    });
  });

  it('gives up after its time and when it is told to', async () => {
    const silent = createServer(() => undefined);
    const { promise, resolve } = Promise.withResolvers<void>();
    silent.listen(0, '127.0.0.1', resolve);
    await promise;
    const address = silent.address();
    const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    expect(await problem(readCertificate({ url, timeoutMs: 50 }))).toEqual({
      kind: 'timeout',
      phase: 'connect',
      message: 'The server did not take the connection in time.',
    });
    const stop = new AbortController();
    silent.once('connection', () => stop.abort());
    expect(await problem(readCertificate({ url, signal: stop.signal }))).toMatchObject({ kind: 'aborted' });
    expect(await problem(readCertificate({ url, signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'aborted',
    });
    silent.close();
  });
});
