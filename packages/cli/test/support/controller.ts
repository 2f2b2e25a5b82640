import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface SeenRequest {
  /** `GET /api/v1/wires`, as sent: still encoded, without the query. */
  readonly line: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>> | null;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly type?: string;
  /** Instead of a body: writes the answer itself. */
  readonly stream?: (response: ServerResponse) => void;
}

export type Route = (request: SeenRequest) => Answer;

export interface Controller {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

/** A stand-in for the controller that answers by hand. Routes are `METHOD /path`; it ends with the test. */
export async function startController(routes: Readonly<Record<string, Route>>): Promise<Controller> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://controller');
      const text = Buffer.concat(chunks).toString('utf8');
      const entry: SeenRequest = {
        line: `${request.method} ${url.pathname}`,
        query: url.searchParams,
        headers: request.headers,
        body: text === '' ? null : JSON.parse(text),
      };
      seen.push(entry);
      const answer = routes[entry.line]?.(entry) ?? notFound(entry.line);
      if (answer.stream !== undefined) return answer.stream(response);
      const status = answer.status ?? 200;
      const problem = status >= 400 ? 'application/problem+json' : 'application/json';
      response.writeHead(status, { 'Content-Type': answer.type ?? problem });
      response.end(
        answer.body === undefined || typeof answer.body === 'string'
          ? answer.body
          : JSON.stringify(answer.body),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}`, seen };
}

function notFound(line: string): Answer {
  return { status: 404, body: problem('not_found', { detail: `No route for ${line}.` }) };
}

export function problem(code: string, set: object = {}): object {
  return {
    type: `/docs/problems/${code}`,
    code,
    title: `Title of ${code}`,
    status: 400,
    detail: `Detail of ${code}.`,
    remedy: `Remedy of ${code}.`,
    ...set,
  };
}

export function page(items: readonly object[], nextCursor: string | null = null): Answer {
  return { body: { items, nextCursor, total: nextCursor === null ? items.length : 1234 } };
}

/** A stream of server-sent events that ends after them, or stays open. */
export function events(
  list: readonly { id?: string; event: string; data: object }[],
  options: { stayOpen?: boolean } = {},
): Answer {
  return {
    stream: (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      for (const { id, event, data } of list)
        response.write(
          `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
        );
      if (options.stayOpen !== true) response.end();
    },
  };
}
