import type { components, paths } from '@wirebook/contract/api';
import createClient from 'openapi-fetch';

/** The objects that the API answers, by the names that its OpenAPI document gives them. */
export type Schemas = components['schemas'];
export type Ref = Schemas['Ref'];
export type ProblemBody = Schemas['Problem'];

/** A refusal of the controller, with all that it says about it. */
export class Refused extends Error {
  readonly problem: ProblemBody;
  constructor(problem: ProblemBody) {
    super(problem.detail);
    this.name = 'Refused';
    this.problem = problem;
  }
}

/** The controller doesn't answer, or something else answers in its place. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('the controller does not answer', { cause });
    this.name = 'Unreachable';
  }
}

let language = 'en';
/** The language in which the controller's sentences come. */
export function speak(wanted: string): void {
  language = wanted;
}

const whenSignedOut = new Set<() => void>();
/** Calls back when an answer says that nobody is signed in. */
export function onSignedOut(callback: () => void): () => void {
  whenSignedOut.add(callback);
  return () => whenSignedOut.delete(callback);
}

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  redirect: 'error',
  fetch: async (request) => {
    request.headers.set('Accept-Language', language);
    try {
      return await fetch(request);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Unreachable(error);
    }
  },
});

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer that went well; throws `Refused` or `Unreachable` otherwise. */
export async function ask<T>(answering: Promise<Answer<T>>): Promise<T> {
  const answer = await answering;
  requireOk(answer);
  // Where the document says that there is a body, a good answer has one.
  return answer.data as T;
}

/** For requests that are answered by no body. */
export async function tell(answering: Promise<Answer<unknown>>): Promise<void> {
  requireOk(await answering);
}

function requireOk({ error, response }: Answer<unknown>): void {
  if (response.ok) return;
  if (!isProblem(error)) throw new Unreachable(`status ${response.status}`);
  if (error.code === 'unauthorized') for (const callback of whenSignedOut) callback();
  throw new Refused(error);
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && 'remedy' in body;
}

/** A request that an action of the API describes whole: sent as it is. Throws like {@link ask}. */
export async function send(
  request: { method: string; path: string; body: Record<string, unknown> | null },
  options: { readonly dryRun?: boolean } = {},
): Promise<unknown> {
  const url = new URL(request.path, location.origin);
  if (options.dryRun === true) url.searchParams.set('dryRun', 'true');
  const response = await fetch(url, {
    method: request.method,
    credentials: 'same-origin',
    headers: {
      'Accept-Language': language,
      ...(request.body !== null && { 'Content-Type': 'application/json' }),
    },
    ...(request.body !== null && { body: JSON.stringify(request.body) }),
  }).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  const body: unknown = await response.json().catch(() => null);
  requireOk({ error: body, response });
  return body;
}
