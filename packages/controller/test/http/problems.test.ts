import { languages, openCatalogue, problemCodes, problemStatus } from '@wirebook/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem, refuseInput } from '../../src/app/problem.ts';
import { checkInput } from '../../src/http/input.ts';
import { renderProblem, toProblem } from '../../src/http/problems.ts';
import { ListRequestError } from '../../src/store/listing.ts';

const words = openCatalogue();
const en = words('en');

/** What a schema's refusal of some data becomes. */
function refusalOf(schema: z.ZodType, data: unknown): Problem | null {
  const checked = checkInput(schema, data, 'body');
  return 'error' in checked ? toProblem(checked.error, 'id') : null;
}
const errorsOf = (schema: z.ZodType, data: unknown): string[] =>
  (refusalOf(schema, data)?.errors ?? []).map((error) => `${error.field}: ${error.code}`);

describe('an error becomes a problem', () => {
  test('of the closed list, or a fault without a word of its cause', () => {
    const { status, body } = renderProblem(toProblem(new Error('secret cause'), 'request-7'), en);
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'internal', type: '/docs/problems/internal' });
    expect(body.detail).toContain('request-7');
    expect(JSON.stringify(body)).not.toContain('secret cause');
    expect(toProblem(undefined_(), 'x').code).toBe('internal');
  });

  test('a problem stays what it is', () => {
    const problem = new Problem('forbidden', { role: 'viewer', needed: 'operator' });
    expect(toProblem(problem, 'x')).toBe(problem);
  });

  test.each([
    [{ code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }, 'payload_too_large'],
    [{ code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }, 'unsupported_media_type'],
    [{ code: 'FST_ERR_BAD_URL', statusCode: 400 }, 'not_found'],
    [{ code: 'FST_ERR_MAX_PARAM_LENGTH', statusCode: 414 }, 'not_found'],
    [{ code: 'FST_ERR_CTP_EMPTY_JSON_BODY', statusCode: 400, message: 'empty' }, 'malformed_request'],
    [{ statusCode: 404 }, 'not_found'],
    [{ statusCode: 500 }, 'internal'],
    [{ code: 'ECONNREFUSED' }, 'internal'],
    [Object.assign(new Error('x'), { code: '57P01' }), 'database_unavailable'],
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' }), 'database_unavailable'],
    [Object.assign(new Error('x'), { code: '42703' }), 'internal'],
  ])('%o is %s', (error, code) => {
    expect(toProblem(error, 'x').code).toBe(code);
  });

  test('a list asked wrongly names the fields it can be sorted by', () => {
    const { body } = renderProblem(toProblem(new ListRequestError('sort', 'x', ['name', 'start']), 'x'), en);
    expect(body.errors).toEqual([
      { field: 'sort', value: 'x', message: expect.stringContaining('name, start') as unknown },
    ]);
  });
});

describe('what a schema refuses', () => {
  const schema = z.strictObject({
    name: z.string().min(1).max(3),
    size: z.number().int().min(1).max(9).optional(),
    kind: z.enum(['a', 'b']).optional(),
    list: z
      .array(z.strictObject({ ip: z.string() }))
      .max(2)
      .optional(),
    either: z.union([z.enum(['all', 'none']), z.array(z.strictObject({ start: z.string() }))]).optional(),
    text: z.string().optional(),
    bag: z.record(z.string(), z.string()).optional(),
  });

  test.each<[unknown, string[]]>([
    [{ name: 'ok' }, []],
    [undefined, ['body: required']],
    [null, ['body: not_null']],
    [[], ['body: wrong_type']],
    [{}, ['name: required']],
    [{ name: null }, ['name: not_null']],
    [{ name: 5 }, ['name: wrong_type']],
    [{ name: '' }, ['name: empty']],
    [{ name: 'long' }, ['name: too_long']],
    [{ name: 'ok', size: 0 }, ['size: too_small']],
    [{ name: 'ok', size: 10 }, ['size: too_big']],
    [{ name: 'ok', size: 1.5 }, ['size: wrong_type']],
    [{ name: 'ok', kind: 'c' }, ['kind: not_one_of']],
    [{ name: 'ok', list: [{ ip: 'x' }, { ip: 5 }] }, ['list[1].ip: wrong_type']],
    [{ name: 'ok', list: [{}, {}, {}] }, ['list: too_long']],
    [{ name: 'ok', either: [{ start: 5 }] }, ['either[0].start: wrong_type']],
    [{ name: 'ok', surprise: 1, other: 2 }, ['surprise: unknown', 'other: unknown']],
    [{ name: 'ok', text: 'a\u0000' }, ['text: not_text']],
    [{ name: 'ok', text: '\ud83d' }, ['text: not_text']],
    [{ name: 'ok', text: '\ud83d\ude00' }, []],
    [{ name: 'ok', bag: { k: '\udc00' } }, ['bag.k: not_text']],
    [{ name: 'ok', bag: { 'k\u0000': 'v' } }, ['bag: not_text']],
  ])('%o: %o', (data, errors) => {
    expect(errorsOf(schema, data).toSorted()).toEqual(errors.toSorted());
  });

  test('an empty parameter is refused where it would filter nothing, and a search for nothing is not', () => {
    const query = z.object({ vlan: z.coerce.number().optional(), q: z.string().optional() });
    expect(checkInput(query, { vlan: '' }, 'querystring')).toHaveProperty('error');
    expect(checkInput(query, { q: '' }, 'querystring')).toEqual({ value: { q: '' } });
  });
});

describe('the answer', () => {
  test('never repeats a password, whatever was wrong with it, nor what stood in a field nobody knows', () => {
    const schema = z.strictObject({
      password: z.string().min(100),
      trust: z.strictObject({ sha256: z.string() }).optional(),
    });
    for (const data of [
      { password: 'Hunter-22' },
      { password: 'x'.repeat(100), passwort: 'Hunter-22' },
      { password: ['Hunter-22'] },
    ]) {
      const problem = refusalOf(schema, data);
      expect(problem).not.toBeNull();
      if (problem !== null) expect(JSON.stringify(renderProblem(problem, en).body)).not.toContain('Hunter');
    }
  });

  test('cuts a long value and shows no object', () => {
    const { body } = renderProblem(
      refuseInput([
        { field: 'a', value: 'x'.repeat(5000), code: 'too_long', params: { maximum: 3 } },
        { field: 'b', value: { deep: 'Hunter-22' }, code: 'wrong_type', params: { expected: 'string' } },
      ]),
      en,
    );
    expect(String(body.errors?.[0]?.value)).toHaveLength(201);
    expect(body.errors?.[1]?.value).toBeNull();
    expect(body.detail).toContain('2');
  });

  test('has its words in both languages, with a status of its own code', () => {
    for (const language of languages) {
      const t = words(language);
      for (const code of problemCodes) {
        const { status, body } = renderProblem(new Problem(code, { count: 2 }), t);
        expect(status).toBe(problemStatus[code]);
        for (const text of [body.title, body.remedy]) {
          expect(text, `${language} ${code}`).not.toBe('');
          expect(text, `${language} ${code}`).not.toMatch(/^problems\./);
        }
        expect(body.detail, `${language} ${code}`).not.toMatch(/^problems\./);
      }
    }
  });
});

/** A value thrown that is no error at all. */
function undefined_(): unknown {
  return {};
}
