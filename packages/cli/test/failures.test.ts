import { describe, expect, test } from 'vitest';
import { page, problem, startController } from './support/controller.ts';
import { statusBody, wire } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

describe('a refusal of the controller', () => {
  test('is printed to stderr with its fields, objects and remedy, and ends with 1', async () => {
    const { url } = await startController({
      'GET /api/v1/wires/front': () => ({
        status: 409,
        body: problem('ambiguous', {
          title: 'Name is not unique',
          detail: '2 objects (wire) have the name "front".',
          remedy: 'Use the id.',
          errors: [{ field: 'id', value: 'front\u001b[2J', message: 'Not unique.' }],
          objects: [{ kind: 'wire', id: 'abc', name: 'front' }],
        }),
      }),
    });
    const { exitCode, out, messages } = await wirebook(['wire', 'show', 'front'], { url });
    expect(exitCode).toBe(1);
    expect(out).toBe('');
    expect(messages).toBe(
      [
        'error: Name is not unique',
        '  2 objects (wire) have the name "front".',
        '  id front\\u001b[2J: Not unique.',
        '  wire front (abc)',
        '  what to do: Use the id.',
        '',
      ].join('\n'),
    );
  });

  test('with a code that is not known yet is still told in its own words', async () => {
    const { url } = await startController({
      'GET /api/v1/status': () => ({ status: 422, body: problem('brand_new', { title: 'Something new' }) }),
    });
    const { exitCode, messages } = await wirebook(['status'], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('error: Something new\n  Detail of brand_new.');
  });

  test('in the middle of a list prints nothing on stdout', async () => {
    const { url } = await startController({
      'GET /api/v1/wires': ({ query }) =>
        query.get('cursor') === null
          ? page([wire('a')], 'next')
          : { status: 503, body: problem('database_unavailable') },
    });
    const { exitCode, out } = await wirebook(['wire', 'list', '-o', 'json'], { url });
    expect(exitCode).toBe(1);
    expect(out).toBe('');
  });
});

describe('no controller', () => {
  test('at all: said with what to do, exit code 1', async () => {
    const { exitCode, messages } = await wirebook(['status']);
    expect(exitCode).toBe(1);
    expect(messages).toContain('no controller is known');
    expect(messages).toContain('wirebook login --url URL');
  });

  test('that answers: the cause is named, without a stack trace', async () => {
    const { url } = await startController({});
    const closed = url.replace(/:\d+$/, ':1');
    const { exitCode, messages } = await wirebook(['status', '--url', closed]);
    expect(exitCode).toBe(1);
    expect(messages).toContain(`the controller at ${closed} does not answer: `);
    expect(messages).not.toMatch(/^\s+at /m);
  });

  test('but something else that answers: the status is named, the page is not printed', async () => {
    const { url } = await startController({
      'GET /api/v1/status': () => ({ status: 502, body: '<html>Bad gateway</html>', type: 'text/html' }),
    });
    const { exitCode, messages } = await wirebook(['status'], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('answered 502, and not as a controller does');
    expect(messages).not.toContain('<html>');
  });

  test('but a page that answers 200 with something else than JSON is a failure, not a crash', async () => {
    const { url } = await startController({
      'GET /api/v1/status': () => ({ body: '<html>Welcome</html>', type: 'text/html' }),
    });
    const { exitCode, messages } = await wirebook(['status'], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('not as a controller does');
  });

  test('but a redirect is not followed: the token stays here', async () => {
    const other = await startController({ 'GET /api/v1/status': () => ({ body: statusBody() }) });
    const { url } = await startController({
      'GET /api/v1/status': () => ({
        stream: (response) => response.writeHead(302, { Location: `${other.url}/api/v1/status` }).end(),
      }),
    });
    const { exitCode } = await wirebook(['status'], { url });
    expect(exitCode).toBe(1);
    expect(other.seen).toEqual([]);
  });
});

describe('wrong usage ends with 2, is told in the language of the user, and asks nothing of the controller', () => {
  test.each([
    [['wire', 'lits'], 'there is no command "lits"'],
    [['wire', 'list', '--vlna', '1'], 'there is no option --vlna here'],
    [['wire', 'show'], 'wire is missing'],
    [['wire', 'list', '--vlan'], '--vlan <id> needs a value'],
    [['wire', 'list', '--vlan', 'x'], '--vlan takes a whole number, not "x"'],
    [['wire', 'list', '--limit', '0'], '--limit takes a number from 1 on, or all, not "0"'],
    [['wire', 'list', '-o', 'xml'], 'does not take "xml", but one of: table, json, yaml, csv'],
    [['wire', 'list', 'extra'], 'more words were given than the command takes'],
    [['wire', 'update', 'front'], '--space <space> is needed'],
    [['network', 'update', 'web'], 'nothing to change was given'],
    [
      ['network', 'create', 'web', '--wire', 'w', '--cidr', '10.0.0.0/24', '--start', '10.0.0.1'],
      'exclude one another',
    ],
    [['network', 'create', 'web', '--wire', 'w', '--give', '1-2-3'], '--give takes all, none, or ranges'],
    [['network', 'update', 'web', '--resting', 'soon'], '--resting takes a time such as'],
    [['status', '--url', 'ftp://x'], 'is not the http or https URL'],
    [['status', '--url', 'http://user:pass@x'], 'is not the http or https URL'],
    [['allocate'], 'there is no command "allocate"'],
  ])('%j: %s', async (words, expected) => {
    const { url, seen } = await startController({});
    const { exitCode, out, messages } = await wirebook(words, { url });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(messages).toContain(expected);
    expect(seen).toEqual([]);
  });

  test('a slip of the keys gets a hint', async () => {
    const { messages } = await wirebook(['wire', 'lits']);
    expect(messages).toContain('perhaps list was meant');
  });

  test('in Chinese by --lang, or by the locale', async () => {
    expect((await wirebook(['wire', 'lits', '--lang', 'zh'])).messages).toContain('没有命令“lits”');
    expect((await wirebook(['wire', 'lits'], { environment: { LANG: 'zh_CN.UTF-8' } })).messages).toContain(
      '没有命令“lits”',
    );
    expect(
      (await wirebook(['wire', 'lits'], { environment: { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' } })).messages,
    ).toContain('there is no command');
  });

  test('a noun without a verb shows its help on stderr', async () => {
    const { exitCode, out, messages } = await wirebook(['wire']);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(messages).toContain('list the wires');
  });

  test('help that was asked for goes to stdout, with examples, and ends with 0', async () => {
    const { exitCode, out } = await wirebook(['wire', 'list', '--help']);
    expect(exitCode).toBe(0);
    expect(out).toContain('Examples:\n  wirebook wire list');
    expect((await wirebook(['wire', 'list', '--help', '--lang', 'zh'])).out).toContain('示例：');
  });
});

describe('doctor', () => {
  const health = { 'GET /healthz': () => ({ body: { status: 'ok', version: '0.1.0' } }) };
  const ready = { 'GET /readyz': () => ({ body: { status: 'ready', reasons: [] } }) };

  test('says what is up and ends with 0', async () => {
    const { url } = await startController({
      ...health,
      ...ready,
      'GET /api/v1/status': () => ({ body: statusBody() }),
    });
    const { exitCode, out } = await wirebook(['doctor'], { url });
    expect(exitCode).toBe(0);
    expect(out).toContain(`the controller answers at ${url} (WIREBOOK_URL), version 0.1.0`);
    expect(out).not.toContain('WRONG');
  });

  test('names what is wrong, from readiness and from what needs attention, each with what to do', async () => {
    const { url } = await startController({
      ...health,
      'GET /readyz': () => ({
        status: 503,
        body: { status: 'not_ready', reasons: [{ part: 'workers', text: 'The workers are not running.' }] },
      }),
      'GET /api/v1/status': () => ({
        body: statusBody({ attention: [{ kind: 'account', text: 'vc is down.', remedy: 'Look at vc.' }] }),
      }),
    });
    const { exitCode, out } = await wirebook(['doctor'], { url });
    expect(exitCode).toBe(1);
    expect(out).toContain('WRONG  The workers are not running.');
    expect(out).toContain('WRONG  vc is down.\n    what to do: Look at vc.');
  });

  test('tells a refused token from a dead controller', async () => {
    const { url } = await startController({
      ...health,
      ...ready,
      'GET /api/v1/status': () => ({ status: 401, body: problem('unauthorized') }),
    });
    const { exitCode, out } = await wirebook(['doctor', '-o', 'json'], { url });
    expect(exitCode).toBe(1);
    const checks: { check: string; ok: boolean }[] = JSON.parse(out);
    expect(checks.map(({ check, ok }) => [check, ok])).toEqual([
      ['controller', true],
      ['ready', true],
      ['token', false],
    ]);
    const dead = await wirebook(['doctor', '--url', url.replace(/:\d+$/, ':1')]);
    expect(dead.exitCode).toBe(1);
    expect(dead.out).toContain('does not answer');
  });
});
