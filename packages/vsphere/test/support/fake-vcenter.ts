import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { createHash, X509Certificate } from 'node:crypto';
import {
  createVsphereClient,
  VsphereError,
  type ClientOptions,
  type VsphereClient,
} from '../../src/index.ts';
import { fault, response } from './envelope.ts';

export interface FakeRequest {
  /** SOAP method; '' for a GET. */
  method: string;
  path: string;
  body: string;
  headers: IncomingHttpHeaders;
}

export type Answer =
  | string
  | { status?: number; headers?: Record<string, string>; body: string | Buffer }
  | { serve: (reply: ServerResponse) => void };

/** An HTTPS server whose replies a test writes itself, with the replies to connecting and views filled in. */
export interface FakeVcenter extends AsyncDisposable {
  url: string;
  sha256: string;
  pem: string;
  requests: FakeRequest[];
  /** Methods called so far, in order, without the GET. */
  methods(): string[];
  /** A client of this server that trusts it by its fingerprint. It is closed with the server. */
  client(options?: Partial<ClientOptions>): VsphereClient;
}

export const credentials = { username: 'reader@vsphere.local', password: 'correct <horse> & "battery"' };

const serviceContent =
  '<returnval><rootFolder type="Folder">group-d1</rootFolder><propertyCollector type="PropertyCollector">propertyCollector</propertyCollector>' +
  '<viewManager type="ViewManager">ViewManager</viewManager><about><name>VMware vCenter Server</name><fullName>VMware vCenter Server 8.0.2 build-1</fullName>' +
  '<vendor>VMware, Inc.</vendor><version>8.0.2</version><build>1</build><localeVersion>INTL</localeVersion><osType>linux-x64</osType><productLineId>vpx</productLineId>' +
  '<apiType>VirtualCenter</apiType><apiVersion>8.0.2.0</apiVersion><instanceUuid>0f8fad5b-d9cb-469f-a165-70867728950e</instanceUuid></about>' +
  '<setting type="OptionManager">VpxSettings</setting><sessionManager type="SessionManager">SessionManager</sessionManager></returnval>';

export const versions =
  '<?xml version="1.0" encoding="UTF-8" ?>\n<namespaces version="1.0">\n<namespace><name>urn:vim25</name><version>8.0.2.0</version>' +
  '<priorVersions><version>8.0.1.0</version><version>6.5</version></priorVersions></namespace>\n' +
  '<namespace><name>urn:other</name><version>9.0.0.0</version></namespace>\n</namespaces>';

/** What a server answers when the test has nothing else to say. */
function usual(request: FakeRequest): Answer {
  switch (request.method) {
    case '':
      return request.path.endsWith('vimServiceVersions.xml') ? versions : { status: 404, body: 'Not found' };
    case 'RetrieveServiceContent':
      return response('RetrieveServiceContent', serviceContent);
    case 'Login':
      return {
        headers: { 'set-cookie': 'vmware_soap_session="5a1f-52"; Path=/; HttpOnly; Secure' },
        body: response('Login', '<returnval><key>52</key><userName>reader</userName></returnval>'),
      };
    case 'CreateContainerView':
      return response('CreateContainerView', '<returnval type="ContainerView">session[52]view-1</returnval>');
    case 'Logout':
    case 'DestroyView':
    case 'CancelRetrievePropertiesEx':
      return response(request.method);
    default:
      return { status: 500, body: fault('NotSupported') };
  }
}

export async function startFakeVcenter(
  answer: (request: FakeRequest) => Answer | undefined | Promise<Answer | undefined>,
  certificate: 'one' | 'two' = 'one',
): Promise<FakeVcenter> {
  const folder = new URL('../testdata/', import.meta.url);
  const pem = await readFile(new URL(`${certificate}.cert.pem`, folder), 'utf8');
  const key = await readFile(new URL(`${certificate}.key.pem`, folder), 'utf8');
  const requests: FakeRequest[] = [];
  const server = createServer({ cert: pem, key }, (incoming, reply) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('error', () => reply.destroy());
    incoming.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const method = /<soapenv:Body><(\w+)/.exec(body)?.[1] ?? '';
      const request = { method, path: incoming.url ?? '', body, headers: incoming.headers };
      requests.push(request);
      void (async () => {
        const given = (await answer(request)) ?? usual(request);
        if (typeof given === 'string') {
          // A fault comes with status 500.
          reply
            .writeHead(given.includes('<soapenv:Fault>') ? 500 : 200, { 'content-type': 'text/xml' })
            .end(given);
        } else if ('serve' in given) {
          given.serve(reply);
        } else {
          reply.writeHead(given.status ?? 200, given.headers ?? {}).end(given.body);
        }
      })();
    });
  });
  server.on('tlsClientError', () => undefined);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `https://127.0.0.1:${port}/sdk`;
  const sha256 = createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');
  const clients: VsphereClient[] = [];
  return {
    url,
    sha256,
    pem,
    requests,
    methods: () => requests.map(({ method }) => method).filter((method) => method !== ''),
    client: (options = {}) => {
      const client = createVsphereClient({
        url,
        ...credentials,
        trust: { kind: 'fingerprint', sha256 },
        ...options,
      });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await Promise.all(clients.map((client) => client.close()));
      await closed.promise;
    },
  };
}

/** The problem of a rejected promise; fails when it does not reject with one. */
export async function problem(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof VsphereError) {
      return { ...error.problem, message: error.message };
    }
    throw error;
  }
  throw new Error('It did not fail.');
}

/** All that a generator gives. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) {
    list.push(item);
  }
  return list;
}
