import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** What the proxy does with a reply. Bytes are bytes of the reply's body. */
export type Behaviour =
  | { kind: 'pass' }
  /** TCP reset: at once without `afterBytes` (the simulator isn't asked), else after so many. */
  | { kind: 'reset'; afterBytes?: number }
  /** Nothing more after so many bytes, the connection stays open. */
  | { kind: 'stall'; afterBytes?: number }
  /**
   * The reply ends early: `complete` is sound HTTP with a shorter body, `length` closes before
   * Content-Length is reached, `chunked` closes without the last chunk.
   */
  | { kind: 'truncate'; afterBytes: number; framing: 'complete' | 'length' | 'chunked' }
  | { kind: 'slow'; bytesPerSecond: number }
  /** Compressed with Content-Encoding gzip if the client accepts it. */
  | { kind: 'gzip' }
  /** A reply of the test's own; the simulator isn't asked. */
  | { kind: 'replace'; status: number; headers?: Record<string, string>; body: string }
  /** The simulator's reply with its body rewritten. */
  | { kind: 'rewrite'; body: (body: string) => string };

export interface UpstreamReply {
  status: number;
  headers: IncomingHttpHeaders | Record<string, string>;
  body: Buffer;
}

interface Delivery {
  behaviour: Behaviour;
  reply: UpstreamReply;
  outgoing: ServerResponse;
  /** The TCP connection below. */
  socket: Socket | undefined;
  acceptEncoding: string;
}

const slicesPerSecond = 20;

/** Sends the reply as the behaviour says; resolves when all that is ever sent was sent. */
export async function deliver(delivery: Delivery): Promise<void> {
  const { behaviour, reply, outgoing, socket } = delivery;
  switch (behaviour.kind) {
    case 'pass':
    case 'replace':
      sendWhole(outgoing, reply, reply.body);
      return;
    case 'rewrite':
      sendWhole(outgoing, reply, Buffer.from(behaviour.body(reply.body.toString('utf8'))));
      return;
    case 'gzip':
      if (/\bgzip\b/.test(delivery.acceptEncoding)) {
        const body = gzipSync(reply.body);
        sendWhole(outgoing, { ...reply, headers: { ...reply.headers, 'content-encoding': 'gzip' } }, body);
      } else sendWhole(outgoing, reply, reply.body);
      return;
    case 'reset':
      await sendPart(outgoing, reply, behaviour.afterBytes ?? 0, 'length');
      socket?.resetAndDestroy();
      return;
    case 'stall':
      if (behaviour.afterBytes !== undefined) await sendPart(outgoing, reply, behaviour.afterBytes, 'length');
      return;
    case 'truncate':
      if (behaviour.framing === 'complete') {
        sendWhole(outgoing, reply, reply.body.subarray(0, behaviour.afterBytes));
        return;
      }
      await sendPart(outgoing, reply, behaviour.afterBytes, behaviour.framing);
      outgoing.socket?.end();
      return;
    case 'slow':
      await sendSlowly(outgoing, reply, behaviour.bytesPerSecond);
      return;
    default:
      behaviour satisfies never;
  }
}

function headersOf(reply: UpstreamReply, framing: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const {
    'content-length': _length,
    'transfer-encoding': _encoding,
    connection: _connection,
    ...rest
  } = reply.headers;
  return { ...rest, ...framing };
}

function sendWhole(outgoing: ServerResponse, reply: UpstreamReply, body: Buffer): void {
  outgoing.writeHead(reply.status, headersOf(reply, { 'content-length': String(body.length) }));
  outgoing.end(body);
}

/** Head and the first bytes; the reply stays unfinished. */
async function sendPart(
  outgoing: ServerResponse,
  reply: UpstreamReply,
  bytes: number,
  framing: 'length' | 'chunked',
): Promise<void> {
  const how: OutgoingHttpHeaders =
    framing === 'chunked'
      ? { 'transfer-encoding': 'chunked' }
      : { 'content-length': String(reply.body.length) };
  outgoing.writeHead(reply.status, headersOf(reply, how));
  await write(outgoing, reply.body.subarray(0, bytes));
}

async function sendSlowly(
  outgoing: ServerResponse,
  reply: UpstreamReply,
  bytesPerSecond: number,
): Promise<void> {
  outgoing.writeHead(reply.status, headersOf(reply, { 'content-length': String(reply.body.length) }));
  const slice = Math.max(1, Math.round(bytesPerSecond / slicesPerSecond));
  for (let at = 0; at < reply.body.length && !outgoing.destroyed; at += slice) {
    await write(outgoing, reply.body.subarray(at, at + slice));
    await wait(1000 / slicesPerSecond, undefined, { ref: false });
  }
  outgoing.end();
}

function write(outgoing: ServerResponse, data: Buffer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (data.length === 0) {
    outgoing.flushHeaders();
    resolve();
  } else
    outgoing.write(data, () => {
      resolve();
    });
  return promise;
}
