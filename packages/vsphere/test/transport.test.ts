import { connect, createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { content, response, stringVal } from './support/envelope.ts';
import {
  all,
  credentials,
  problem,
  startFakeVcenter,
  type Answer,
  type FakeRequest,
} from './support/fake-vcenter.ts';

const properties = ['name'] as const;

function onRetrieve(answer: Answer): (request: FakeRequest) => Answer | undefined {
  return ({ method }) => (method === 'RetrievePropertiesEx' ? answer : undefined);
}

function folders(count: number, name = 'a name'): string {
  const objects = Array.from({ length: count }, (_, i) =>
    content('Folder', `f-${i}`, { name: stringVal(`${name} ${i}`) }),
  );
  return response('RetrievePropertiesEx', `<returnval>${objects.join('')}</returnval>`);
}

describe('a reply', () => {
  it('may be compressed', async () => {
    const reply = folders(3000, '漢');
    await using server = await startFakeVcenter((request) =>
      request.method === 'RetrievePropertiesEx'
        ? { headers: { 'content-encoding': 'gzip' }, body: gzipSync(reply) }
        : undefined,
    );
    const client = server.client();
    await client.connect();
    const [page] = await all(client.readObjects({ type: 'Folder', properties }));
    expect(page?.objects).toHaveLength(3000);
    expect(page?.objects[2999]?.props.name).toBe('漢 2999');
    expect(page?.bytes).toBe(Buffer.byteLength(reply));
    expect(server.requests.at(-1)?.headers['accept-encoding']).toBe('gzip');
  });

  it('is limited in size after decompression, however small it came', async () => {
    const bomb = gzipSync(folders(1, ' '.repeat(200_000)));
    expect(bomb.length).toBeLessThan(5000);
    await using server = await startFakeVcenter(
      onRetrieve({ headers: { 'content-encoding': 'gzip' }, body: bomb }),
    );
    const client = server.client({ limits: { replyBytes: 100_000 } });
    await client.connect();
    expect(await problem(all(client.readObjects({ type: 'Folder', properties })))).toMatchObject({
      kind: 'too-large',
      limit: 'replyBytes',
      maximum: 100_000,
    });
  });

  it('with a value of ten megabytes is refused by the default limits, which name the element', async () => {
    await using server = await startFakeVcenter(onRetrieve(folders(1, 'x'.repeat(10_000_000))));
    const client = server.client();
    await client.connect();
    expect(await problem(all(client.readObjects({ type: 'Folder', properties })))).toMatchObject({
      kind: 'too-large',
      limit: 'valueBytes',
      path: 'Envelope/Body/RetrievePropertiesExResponse/returnval/objects/propSet/val',
    });
  });

  it('that declares a document type is refused before any of it counts', async () => {
    const reply = folders(1).replace('<soapenv:Envelope', '<!DOCTYPE x [<!ENTITY a "b">]><soapenv:Envelope');
    await using server = await startFakeVcenter(onRetrieve(reply));
    const client = server.client();
    await client.connect();
    expect(await problem(all(client.readObjects({ type: 'Folder', properties })))).toMatchObject({
      kind: 'malformed',
      reason: 'a document type or other declaration',
    });
  });

  it('that is a page of some proxy is shown by its beginning, cleaned', async () => {
    const body = `<html>\n\t<title>Blocked\u0000</title>${'x'.repeat(5000)}`;
    await using server = await startFakeVcenter(onRetrieve({ body }));
    const client = server.client();
    await client.connect();
    const told = await problem(all(client.readObjects({ type: 'Folder', properties })));
    expect(told).toMatchObject({ kind: 'malformed', reason: 'an element html' });
    expect(told['excerpt']).toMatch(/^<html> <title>Blocked <\/title>x+$/);
    expect(String(told['excerpt'])).toHaveLength(200);
  });

  it('cut off anywhere is told as cut off: by length, by chunk, in gzip, and with sound framing', async () => {
    const reply = folders(500);
    const half = Buffer.from(reply).subarray(0, reply.length / 2);
    const answers: Answer[] = [
      {
        serve: (res) => {
          res.writeHead(200, { 'content-length': String(reply.length) });
          res.write(half, () => res.socket?.destroySoon());
        },
      },
      { serve: (res) => void res.writeHead(200).write(half, () => res.socket?.destroySoon()) },
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(reply).subarray(0, 1000) },
      { body: half },
    ];
    await using server = await startFakeVcenter(({ method }) =>
      method === 'RetrievePropertiesEx' ? answers.shift() : undefined,
    );
    const client = server.client();
    await client.connect();
    while (answers.length > 0) {
      const told = await problem(all(client.readObjects({ type: 'Folder', properties })));
      expect([answers.length, told]).toMatchObject([answers.length, { kind: 'cut-off' }]);
    }
  });

  it('that is no sound gzip is malformed', async () => {
    const headers = { 'content-encoding': 'gzip' };
    await using server = await startFakeVcenter(onRetrieve({ headers, body: 'not compressed at all' }));
    const client = server.client();
    await client.connect();
    expect(await problem(all(client.readObjects({ type: 'Folder', properties })))).toMatchObject({
      kind: 'malformed',
      reason: 'broken gzip',
    });
  });
});

describe('a server that does not answer', () => {
  it('in time is told as a time-out, before the reply and within it', async () => {
    const answers: Answer[] = [
      { serve: () => undefined },
      { serve: (res) => void res.writeHead(200).write(folders(10).slice(0, 300)) },
    ];
    await using server = await startFakeVcenter(({ method }) =>
      method === 'RetrievePropertiesEx' ? answers.shift() : undefined,
    );
    const client = server.client({ timeouts: { headersMs: 300, idleMs: 300 } });
    await client.connect();
    const read = () => problem(all(client.readObjects({ type: 'Folder', properties })));
    expect(await read()).toMatchObject({ kind: 'timeout', phase: 'headers' });
    expect(await read()).toMatchObject({ kind: 'timeout', phase: 'body' });
  });

  it('is left when the caller says so, while waiting and while reading', async () => {
    const stop = [new AbortController(), new AbortController()];
    const answers: Answer[] = [
      { serve: () => stop[0]?.abort() },
      { serve: (res) => void res.writeHead(200).write(folders(10).slice(0, 300), () => stop[1]?.abort()) },
    ];
    await using server = await startFakeVcenter(({ method }) =>
      method === 'RetrievePropertiesEx' ? answers.shift() : undefined,
    );
    const client = server.client();
    await client.connect();
    for (const { signal } of stop) {
      expect(await problem(all(client.readObjects({ type: 'Folder', properties, signal })))).toMatchObject({
        kind: 'aborted',
      });
    }
    const { signal } = new AbortController();
    expect(await problem(client.connect({ signal: AbortSignal.abort() }))).toMatchObject({ kind: 'aborted' });
    await client.connect({ signal });
  });

  it('since nobody listens, is told as no connection', async () => {
    const server = await startFakeVcenter(() => undefined);
    const client = server.client();
    await server[Symbol.asyncDispose]();
    const other = server.client();
    expect(await problem(other.connect())).toMatchObject({ kind: 'connection', code: 'ECONNREFUSED' });
    await Promise.all([client.close(), other.close()]);
  });

  it('since its name is none, is told as no connection', async () => {
    await using server = await startFakeVcenter(() => undefined);
    const client = server.client({ url: 'https://nowhere.invalid/sdk' });
    expect(await problem(client.connect())).toMatchObject({
      kind: 'connection',
      code: expect.stringMatching(/^(?:ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  it('but breaks the connection before the reply, is told as no connection', async () => {
    await using server = await startFakeVcenter(onRetrieve({ serve: (res) => res.socket?.destroy() }));
    const client = server.client();
    await client.connect();
    expect(await problem(all(client.readObjects({ type: 'Folder', properties })))).toMatchObject({
      kind: 'connection',
    });
  });

  it('but speaks something else than TLS, is told as no connection', async () => {
    const plain = createServer((socket) => socket.end('220 mail.example.org ready\r\n'));
    const { promise, resolve } = Promise.withResolvers<void>();
    plain.listen(0, '127.0.0.1', resolve);
    await promise;
    const address: AddressInfo | string | null = plain.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await using server = await startFakeVcenter(() => undefined);
    expect(await problem(server.client({ url: `https://127.0.0.1:${port}` }).connect())).toMatchObject({
      kind: 'connection',
    });
    plain.close();
  });
});

describe('the certificate', () => {
  it('must be the pinned one; otherwise no byte of a request is sent and both fingerprints are told', async () => {
    await using other = await startFakeVcenter(() => undefined, 'two');
    await using server = await startFakeVcenter(() => undefined);
    const client = server.client({ trust: { kind: 'fingerprint', sha256: other.sha256 } });
    expect(await problem(client.connect())).toMatchObject({
      kind: 'certificate',
      expected: other.sha256,
      actual: server.sha256,
      caProblem: null,
    });
    expect(server.requests).toEqual([]);
  });

  it('that sends nothing to a changed server is also true of a raw look at the wire', async () => {
    await using server = await startFakeVcenter(() => undefined);
    const received: Buffer[] = [];
    // Passes all bytes on, and keeps those that the client sends.
    const tap = createServer((socket) => {
      const onward = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.on('data', (bytes) => received.push(bytes));
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
      socket.pipe(onward).pipe(socket);
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    tap.listen(0, '127.0.0.1', resolve);
    await promise;
    const address: AddressInfo | string | null = tap.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const sizes: number[] = [];
    for (const sha256 of [server.sha256, 'ab'.repeat(32)]) {
      received.length = 0;
      const client = server.client({
        url: `https://127.0.0.1:${port}`,
        trust: { kind: 'fingerprint', sha256 },
      });
      await client.connect().catch(() => undefined);
      await client.close();
      sizes.push(Buffer.concat(received).length);
    }
    tap.close();
    // A handshake and an alert against a handshake and three requests.
    expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) - 1000);
    expect(server.methods()).toEqual(['RetrieveServiceContent', 'Login', 'Logout']);
  });

  it('may be pinned with colons and capitals', async () => {
    await using server = await startFakeVcenter(() => undefined);
    const sha256 = server.sha256.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
    await server.client({ trust: { kind: 'fingerprint', sha256 } }).connect();
  });

  it('is believed when an authority vouches for it under that name, and only then', async () => {
    await using server = await startFakeVcenter(() => undefined);
    const byName = server.url.replace('127.0.0.1', 'localhost');
    const trust = { kind: 'ca', pem: server.pem } as const;
    await server.client({ url: byName, trust }).connect();
    expect(await problem(server.client({ trust }).connect())).toMatchObject({
      kind: 'certificate',
      caProblem: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(await problem(server.client({ url: byName, trust: { kind: 'ca' } }).connect())).toMatchObject({
      kind: 'certificate',
      expected: null,
      caProblem: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(server.methods()).toEqual(['RetrieveServiceContent', 'Login']);
  });

  it('is not looked at when the caller says so', async () => {
    await using server = await startFakeVcenter(() => undefined);
    expect(await server.client({ trust: { kind: 'insecure' } }).connect()).toMatchObject({
      version: '8.0.2',
    });
  });
});

describe('no problem', () => {
  it('carries password or cookie, whatever goes wrong', async () => {
    const kinds: Answer[] = [
      { body: `<echo>${credentials.password} 5a1f-52</echo>` },
      { status: 404, body: `"5a1f-52" ${credentials.password}` },
      response('x').replace(
        '<xResponse xmlns="urn:vim25"></xResponse>',
        `<soapenv:Fault><faultstring>vmware_soap_session="5a1f-52" correct &lt;horse&gt; &amp; "battery"</faultstring></soapenv:Fault>`,
      ),
    ];
    await using server = await startFakeVcenter(({ method }) =>
      method === 'RetrievePropertiesEx' ? kinds.shift() : undefined,
    );
    const client = server.client();
    await client.connect();
    while (kinds.length > 0) {
      const told = JSON.stringify(await problem(all(client.readObjects({ type: 'Folder', properties }))));
      expect(told).toContain('***');
      expect(told).not.toMatch(/horse|battery|5a1f/);
    }
  });
});
