import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as forward } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { deliver, type Behaviour, type UpstreamReply } from './proxy-delivery.ts';
import type { Certificate } from './simulator.ts';

/** Which requests a behaviour applies to. */
export interface When {
  /** Matched against the request's body; the SOAP method's name stands in it. */
  whenBody?: RegExp;
  /** Let so many matching requests pass first. */
  skip?: number;
  /** Apply to so many, then pass again. Default: always. */
  times?: number;
}

export interface RecordedRequest {
  /** SOAP method, '' when the request is none (a GET, say). */
  method: string;
  path: string;
  soapAction: string;
  acceptEncoding: string;
  /** The body with passwords taken out. */
  body: string;
}

/** A TLS-terminating proxy that shows the simulator's certificate and spoils replies on demand. */
export interface CuttingProxy extends AsyncDisposable {
  /** Like the simulator's, on a port of its own. */
  url: string;
  certificate: Certificate;
  /** What came in so far, oldest first. */
  requests: RecordedRequest[];
  /** Adds a rule; of several that match, the oldest one wins. */
  use: (behaviour: Behaviour, when?: When) => void;
  /** Drops all rules: everything passes. */
  pass: () => void;
  /** Closes the port and all connections: connecting is refused. */
  refuseConnections: () => Promise<void>;
  /** Opens the same port again. */
  acceptConnections: () => Promise<void>;
  stop: () => Promise<void>;
}

interface Rule {
  behaviour: Behaviour;
  when: When;
  skipped: number;
  used: number;
}

export async function startCuttingProxy(options: {
  target: { url: string; certificate: Certificate };
  /** Shown instead of the target's, to play a changed certificate. */
  certificate?: Certificate;
}): Promise<CuttingProxy> {
  const { target, certificate = target.certificate } = options;
  const rules: Rule[] = [];
  const requests: RecordedRequest[] = [];
  // TLS sockets can't be reset; the TCP sockets below can, and are found by the client's port.
  const sockets = new Map<number, Socket>();

  const serveRequest = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await readAll(incoming);
    const record = recordOf(incoming, body);
    requests.push(record);
    const behaviour = chooseBehaviour(rules, body.toString('utf8'));
    const socket = sockets.get(incoming.socket.remotePort ?? 0);
    if (behaviour.kind === 'reset' && behaviour.afterBytes === undefined) {
      socket?.resetAndDestroy();
      return;
    }
    const reply =
      behaviour.kind === 'replace'
        ? { status: behaviour.status, headers: behaviour.headers ?? {}, body: Buffer.from(behaviour.body) }
        : await fetchReply(target, incoming, outgoing, body);
    if (reply !== undefined && !outgoing.destroyed)
      await deliver({ behaviour, reply, outgoing, socket, acceptEncoding: record.acceptEncoding });
  };

  const server = createServer({ key: certificate.keyPem, cert: certificate.pem }, (incoming, outgoing) => {
    serveRequest(incoming, outgoing).catch(() => {
      // The simulator or the client went away: so does the connection, as any proxy's would.
      incoming.socket.destroy();
    });
  });
  server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
    // A reset connection reports an error that nobody waits for.
    socket.on('error', () => socket.destroy());
  });

  const listen = (port: number) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
    return promise;
  };
  const close = async () => {
    if (!server.listening) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => {
      resolve();
    });
    for (const socket of sockets.values()) socket.destroy();
    await promise;
  };

  await listen(0);
  const port = portOf(server.address());
  const url = new URL(target.url);
  url.port = String(port);
  return {
    url: url.href,
    certificate,
    requests,
    use: (behaviour, when = {}) => {
      rules.push({ behaviour, when, skipped: 0, used: 0 });
    },
    pass: () => {
      rules.length = 0;
    },
    refuseConnections: close,
    acceptConnections: () => listen(port),
    stop: close,
    [Symbol.asyncDispose]: close,
  };
}

function chooseBehaviour(rules: Rule[], body: string): Behaviour {
  for (const rule of rules) {
    const { whenBody, skip = 0, times = Number.POSITIVE_INFINITY } = rule.when;
    if (whenBody !== undefined && body.search(whenBody) === -1) continue;
    if (rule.used >= times) continue;
    if (rule.skipped < skip) {
      rule.skipped += 1;
      continue;
    }
    rule.used += 1;
    return rule.behaviour;
  }
  return { kind: 'pass' };
}

/** Undefined when the client left before the reply came. */
async function fetchReply(
  target: { url: string; certificate: Certificate },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: Buffer,
): Promise<UpstreamReply | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply | undefined>();
  const { host: _host, 'accept-encoding': _encoding, ...headers } = incoming.headers;
  const upstream = forward(
    new URL(incoming.url ?? '/', target.url),
    {
      method: incoming.method ?? 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
      ca: target.certificate.pem,
      agent: false,
    },
    (response) => {
      readAll(response).then((content) => {
        resolve({ status: response.statusCode ?? 502, headers: response.headers, body: content });
      }, reject);
    },
  );
  upstream.on('error', reject);
  outgoing.once('close', () => {
    upstream.destroy();
    resolve(undefined);
  });
  upstream.end(body);
  return promise;
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function recordOf(incoming: IncomingMessage, body: Buffer): RecordedRequest {
  const text = body.toString('utf8').replaceAll(/(<(?:\w+:)?password(?:\s[^>]*)?>)[^<]*(<\/)/gi, '$1$2');
  return {
    method: /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(text)?.[1] ?? '',
    path: incoming.url ?? '',
    soapAction: String(incoming.headers['soapaction'] ?? ''),
    acceptEncoding: incoming.headers['accept-encoding'] ?? '',
    body: text,
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return address.port;
}
