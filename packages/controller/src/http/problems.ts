import { type ProblemBody, type ProblemCode, problemStatus, type Translate } from '@wirebook/contract';
import type { FastifyError } from 'fastify';
import type { z } from 'zod';
import { type FieldError, Problem } from '../app/problem.ts';
import { isDatabaseAway } from '../store/constraints.ts';
import { ListRequestError } from '../store/listing.ts';

/** The values of these fields are never sent back. */
const SECRET_FIELD = /password|secret|token|userData|sshKey|^current$|^link$/i;
const VALUE_AT_MOST = 200;
/** Of a request with more faults than these nobody reads the rest. */
const ERRORS_SHOWN = 1000;

/** The problem that an error is; anything unknown is `internal`, and its cause is for the log alone. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InputRefused) return fromIssues(error);
  if (error instanceof ListRequestError) {
    return new Problem(
      'invalid_input',
      { count: 1 },
      {
        errors: [
          {
            field: error.field,
            value: error.value,
            code: error.field === 'sort' ? 'not_sortable' : 'bad_cursor',
            params: { fields: error.sortable.join(', ') },
          },
        ],
      },
    );
  }
  if (isDatabaseAway(error)) return new Problem('database_unavailable');
  return fromFastify(error as FastifyError) ?? new Problem('internal', { requestId });
}

function fromFastify(error: Partial<FastifyError>): Problem | null {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('payload_too_large');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported_media_type');
    // A path that can't be decoded, or that no name is long enough for: nothing lies there.
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Problem('not_found', { kind: 'path', name: '', command: '' });
    default:
      break;
  }
  // 412: a condition (If-Match) on one of the page's files.
  if (error.statusCode === 400 || error.statusCode === 412)
    return new Problem('malformed_request', { cause: error.message ?? '' });
  // 403: a path that leads out of the page's folder, or is written in more than one way.
  if (error.statusCode === 403 || error.statusCode === 404)
    return new Problem('not_found', { kind: 'path', name: '', command: '' });
  return null;
}

/** What a schema refused of one part of a request. */
export class InputRefused extends Error {
  readonly issues: readonly z.core.$ZodIssue[];
  readonly part: string;
  /** The part as it came. */
  readonly data: unknown;
  constructor(issues: readonly z.core.$ZodIssue[], part: string, data: unknown) {
    super('the request was refused by its schema');
    this.issues = issues;
    this.part = part;
    this.data = data;
  }
}

function fromIssues({ issues, part, data }: InputRefused): Problem {
  const errors = issues.flatMap((issue) =>
    toFieldErrors(issue, part).map((error) => ({ ...error, line: lineAt(data, issue.path) })),
  );
  return new Problem('invalid_input', { count: errors.length }, { errors: errors.slice(0, ERRORS_SHOWN) });
}

function toFieldErrors(issue: z.core.$ZodIssue, part: string): FieldError[] {
  const field = fieldName(issue.path);
  const value = issue.input;
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return [{ field: field || part, value: null, code: 'required' }];
      if (value === null) return [{ field: field || part, value: null, code: 'not_null' }];
      return [{ field: field || part, value, code: 'wrong_type', params: { expected: issue.expected } }];
    case 'too_big':
      return [
        {
          field,
          value,
          code: issue.origin === 'string' || issue.origin === 'array' ? 'too_long' : 'too_big',
          params: { maximum: Number(issue.maximum) },
        },
      ];
    case 'too_small':
      if (issue.origin === 'string' && value === '') return [{ field, value, code: 'empty' }];
      return [
        {
          field,
          value,
          code: issue.origin === 'string' || issue.origin === 'array' ? 'too_short' : 'too_small',
          params: { minimum: Number(issue.minimum) },
        },
      ];
    case 'unrecognized_keys':
      // The value of a field we don't know may be anything, a mistyped password too.
      return issue.keys.map((key) => ({
        field: fieldName([...issue.path, key]),
        value: null,
        code: 'unknown',
      }));
    case 'invalid_value':
      return [{ field, value, code: 'not_one_of', params: { values: issue.values.map(String).join(', ') } }];
    case 'invalid_union': {
      // The branch that got furthest into the value says most.
      const branches = issue.errors.toSorted((a, b) => deepest(b) - deepest(a));
      const nested = (branches[0] ?? []).flatMap((inner) =>
        toFieldErrors({ ...inner, path: [...issue.path, ...inner.path] }, part),
      );
      return nested.length > 0 ? nested : [{ field, value, code: 'not_the_form' }];
    }
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return [{ field, value, code: 'not_the_form' }];
  }
}

function deepest(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

/** The line of its file that an imported row gives, where the path leads into one. */
export function lineAt(data: unknown, path: readonly PropertyKey[]): number | undefined {
  const [list, index] = path;
  if (list !== 'rows' || typeof index !== 'number') return undefined;
  const rows: unknown = typeof data === 'object' && data !== null && 'rows' in data ? data.rows : null;
  const row: unknown = Array.isArray(rows) ? rows[index] : null;
  const line: unknown = typeof row === 'object' && row !== null && 'line' in row ? row.line : undefined;
  return typeof line === 'number' && Number.isSafeInteger(line) ? line : undefined;
}

/** `dns[0]`, `trust.sha256`: where in a request. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

/** The body of the answer, in the reader's language. `base` is where the documentation of problems is served. */
export function renderProblem(problem: Problem, t: Translate): { status: number; body: ProblemBody } {
  const { code, errors, objects, certificate, obstacle } = problem;
  const named = inWords(problem.params, t);
  const params =
    obstacle === null
      ? named
      : {
          ...named,
          why: t(`obstacles.${obstacle.code}.text`, obstacle.params),
          fix: t(`obstacles.${obstacle.code}.remedy`, obstacle.params),
        };
  const status = problemStatus[code];
  return {
    status,
    body: {
      type: `/docs/problems/${code}`,
      code,
      title: t(`problems.${code}.title`),
      status,
      detail: t(`problems.${code}.detail`, params),
      remedy: t(`problems.${code}.remedy`, params),
      ...(errors.length > 0 && {
        errors: errors.map((error) => ({
          ...renderFieldError(error, t),
          ...(error.line !== undefined && { line: error.line }),
        })),
      }),
      ...(objects.length > 0 && { objects: objects.map((object) => ({ ...object })) }),
      ...(certificate !== null && { certificate: { ...certificate } }),
    },
  };
}

/** One refused field, with what is wrong with it in the reader's language. */
export function renderFieldError(
  error: FieldError,
  t: Translate,
): { field: string; value: unknown; message: string } {
  const { field, code, params = {} } = error;
  const words = inWords(params, t);
  const messages = {
    problems: () =>
      t('evidence.and', {
        first: t(`problems.${code}.detail`, words),
        second: t(`problems.${code}.remedy`, words),
      }),
    hosts: () => t(`operations.hosts.${code}`, params),
    fields: () => t(`fields.${code}`, { ...params }),
  };
  return { field, value: shownValue(error), message: messages[error.of ?? 'fields']() };
}

/** A kind of object as a sentence names it. */
function inWords(params: Record<string, string | number>, t: Translate): Record<string, string | number> {
  const { kind } = params;
  return kind === undefined
    ? params
    : { ...params, kind: t(`kinds.${kind}`, { defaultValue: String(kind) }) };
}

function shownValue(error: FieldError): unknown {
  const { field, value } = error;
  if (SECRET_FIELD.test(field)) return null;
  if (typeof value === 'string')
    return value.length > VALUE_AT_MOST ? `${value.slice(0, VALUE_AT_MOST)}…` : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  // Objects may carry a secret somewhere inside.
  return null;
}

export function isBug(code: ProblemCode): boolean {
  return code === 'internal';
}
