import type { Language, ProblemBody, Translate } from '@wirebook/contract';
import { problem } from '@wirebook/contract';
import createClient from 'openapi-fetch';
import type { Connection } from './connection.ts';
import { Failed, Refused, WrongUsage } from './failures.ts';
import type { paths } from '@wirebook/contract/api';

export type Api = ReturnType<typeof createClient<paths>>;

/** The controller's HTTP API with this connection's token, in the user's language. */
export function openApi(
  connection: Connection,
  language: Language,
  t: Translate,
  more: Readonly<Record<string, string>> = {},
): Api {
  const headers: Record<string, string> = { 'Accept-Language': language, ...more };
  if (connection.token !== null) headers['Authorization'] = `Bearer ${connection.token}`;
  const client = createClient<paths>({
    baseUrl: connection.url,
    headers,
    // A redirect could carry the token to another place; none is ever answered by a controller.
    redirect: 'error',
    fetch: async (request) => {
      const response = await fetch(request).catch((error: unknown) => unreachable(error, connection, t));
      if (response.ok && !isReadable(response)) throw notWirebook(response, t);
      return response;
    },
  });
  client.use({
    onRequest: ({ params }) => {
      for (const name of Object.values(params.path ?? {})) requireName(name, t);
    },
  });
  return client;
}

/** In a URL a step `.` or `..` leads elsewhere, and an empty one nowhere, however they are encoded. */
function requireName(name: unknown, t: Translate): void {
  if (name === '' || name === '.' || name === '..')
    throw new WrongUsage(t('cli.usage.notAName', { value: name }));
}

/** What a controller answers with: JSON, a stream of events, or nothing. */
function isReadable(response: Response): boolean {
  const type = response.headers.get('Content-Type') ?? '';
  return response.status === 204 || /^(?:application\/json|text\/event-stream)\b/i.test(type);
}

function notWirebook({ url, status }: Response, t: Translate): Failed {
  return new Failed(t('cli.connection.notWirebook', { url, status }), t('cli.connection.notWirebookRemedy'));
}

function unreachable(error: unknown, connection: Connection, t: Translate): never {
  if (error instanceof Error && error.name === 'AbortError') throw error;
  throw new Failed(
    t('cli.connection.unreachable', { url: connection.url, cause: causeOf(error) }),
    t('cli.connection.unreachableRemedy'),
  );
}

/** What fetch hides: the system's own word, as in `connect ECONNREFUSED 127.0.0.1:8787`. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

/** The body of an answer that went well; throws {@link Refused} with the problem of one that did not. */
export function dataOf<T>(answer: { data?: T; error?: unknown; response: Response }, t: Translate): T {
  if (answer.response.ok && answer.data !== undefined) return answer.data;
  throw refusalOf(answer, t);
}

/** For requests that are answered by no body (204). */
export function requireDone(answer: { error?: unknown; response: Response }, t: Translate): void {
  if (!answer.response.ok) throw refusalOf(answer, t);
}

function refusalOf(answer: { error?: unknown; response: Response }, t: Translate): Error {
  const parsed = problem.safeParse(answer.error);
  if (parsed.success) return new Refused(parsed.data);
  const loose = looseProblem(answer.error);
  if (loose !== null) return new Refused(loose);
  return notWirebook(answer.response, t);
}

/** A problem whose code this program does not know yet: a newer controller. Its texts are still good. */
function looseProblem(body: unknown): ProblemBody | null {
  const parsed = problem.extend({ code: problem.shape.type }).safeParse(body);
  return parsed.success ? { ...parsed.data, code: 'internal' } : null;
}
