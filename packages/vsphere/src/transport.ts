import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Agent, request } from 'undici';
import { cleanText } from './clean-text.ts';
import type { Trust } from './client-types.ts';
import { createConnector } from './connector.ts';
import { VsphereError } from './errors.ts';
import type { Limits, Timeouts } from './limits.ts';
import { XmlScanner, type ScanHandler } from './scanner.ts';
import type { ServerUrl } from './server-url.ts';
import { toVsphereError } from './transport-errors.ts';
import type { WordTable } from './words.ts';

export interface Exchange {
  method: 'GET' | 'POST';
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  handler: ScanHandler;
  signal: AbortSignal | undefined;
}

export interface Reply {
  status: number;
  /** `Set-Cookie` values. */
  cookies: readonly string[];
  /** Size of the document, decompressed. */
  bytes: number;
}

export interface Transport {
  /**
   * One HTTP exchange. The reply is scanned while it arrives, so it is never held whole; waiting for the scanner is
   * what holds back the server.
   */
  exchange(exchange: Exchange): Promise<Reply>;
  close(): Promise<void>;
}

/** Statuses whose body may be a SOAP reply: 200, and 500 for faults (SOAP 1.1, 6.2). */
const soapStatuses: ReadonlySet<number> = new Set([200, 500]);
const busyStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

async function readExcerpt(body: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    parts.push(chunk.subarray(0, 1024));
    length += chunk.length;
    if (length >= 1024) {
      break;
    }
  }
  return excerptOf(Buffer.concat(parts));
}

/**
 * Gives a body's chunks to `take` as they come, and resolves at its end. Events instead of an async iterator: at 16 kB
 * a chunk the iterator costs as much as a tenth of the scanning.
 */
function consume(body: Readable, take: (chunk: Buffer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  body.on('data', (chunk: Buffer) => {
    try {
      take(chunk);
    } catch (error) {
      reject(error);
      body.destroy();
    }
  });
  body.once('end', resolve);
  body.on('error', reject);
  body.once('close', () => reject(new VsphereError({ kind: 'cut-off', bytes: 0 })));
  return promise;
}

function excerptOf(bytes: Buffer): string {
  return cleanText(bytes.toString('utf8', 0, 1024), 200);
}

function toStrings(header: string | string[] | undefined): readonly string[] {
  return header === undefined ? [] : Array.isArray(header) ? header : [header];
}

export function createTransport(options: {
  url: ServerUrl;
  trust: Trust;
  limits: Limits;
  timeouts: Timeouts;
  words: WordTable;
}): Transport {
  const { limits, timeouts } = options;
  const agent = new Agent({
    connect: createConnector(options.trust, timeouts.connectMs),
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.idleMs,
    connections: 8,
    pipelining: 1,
    maxHeaderSize: 32 * 1024,
  });

  /** Feeds a body to the scanner; returns the number of bytes. Errors of the scanner get what only is known here. */
  async function scan(body: Readable, handler: ScanHandler): Promise<number> {
    const scanner = new XmlScanner(handler, limits, options.words);
    let bytes = 0;
    let head: Buffer = Buffer.alloc(0);
    try {
      await consume(body, (chunk) => {
        bytes += chunk.length;
        if (bytes > limits.replyBytes) {
          throw new VsphereError({
            kind: 'too-large',
            limit: 'replyBytes',
            maximum: limits.replyBytes,
            path: scanner.path,
          });
        }
        if (head.length < 1024) {
          head = Buffer.concat([head, chunk.subarray(0, 1024)]);
        }
        scanner.write(chunk);
      });
      scanner.end();
      return bytes;
    } catch (error) {
      if (error instanceof VsphereError) {
        throw withReply(error, bytes, head);
      }
      throw toVsphereError(error, { phase: 'body', bytes });
    }
  }

  function withReply(error: VsphereError, bytes: number, head: Buffer): VsphereError {
    const { problem } = error;
    if (problem.kind === 'cut-off') {
      return new VsphereError({ ...problem, bytes });
    }
    if (problem.kind === 'malformed') {
      return new VsphereError({ ...problem, excerpt: excerptOf(head) });
    }
    return error;
  }

  return {
    async exchange({ method, path, headers, body, handler, signal }) {
      if (isAborted(signal)) {
        throw new VsphereError({ kind: 'aborted' });
      }
      try {
        const response = await request(options.url.origin + path, {
          dispatcher: agent,
          method,
          headers: { ...headers, 'accept-encoding': 'gzip' },
          body: body ?? null,
          signal: signal ?? null,
        }).catch((error: unknown) => {
          throw toVsphereError(error, { phase: 'headers', bytes: 0 });
        });
        const status = response.statusCode;
        const encoding = response.headers['content-encoding'];
        const plain =
          encoding === 'gzip' ? pipeline(response.body, createGunzip(), () => undefined) : response.body;
        try {
          if (busyStatuses.has(status)) {
            throw new VsphereError({ kind: 'unavailable', status });
          }
          if (!soapStatuses.has(status)) {
            throw new VsphereError({ kind: 'not-vsphere', status, excerpt: await readExcerpt(plain) });
          }
          const bytes = await scan(plain, handler);
          return { status, cookies: toStrings(response.headers['set-cookie']), bytes };
        } finally {
          // A reply that was not read to its end ends its connection.
          response.body.on('error', () => undefined);
          response.body.destroy();
        }
      } catch (error) {
        throw isAborted(signal)
          ? new VsphereError({ kind: 'aborted' })
          : toVsphereError(error, { phase: 'body', bytes: 0 });
      }
    },
    async close() {
      await agent.destroy();
    },
  };
}
