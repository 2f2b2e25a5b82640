import { describe, expect, test } from 'vitest';
import { events, page, problem, startController, type Controller, type Route } from './support/controller.ts';
import { changePlan, idOf, madeServer, nic, operation, step, succeeded } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

const mac = '00:50:56:aa:00:01';
const encoded = encodeURIComponent(mac);
const server = '/api/v1/servers/web-01';

/** A controller that begins an operation for this request, and ends it well. */
function changing(line: string, extra: Record<string, Route> = {}): Promise<Controller> {
  const end = succeeded({ kind: 'change_nic' });
  return startController({
    [line]: ({ query }) =>
      query.get('dryRun') === 'true' ? { body: changePlan() } : { status: 202, body: operation(1) },
    [`GET /api/v1/operations/${idOf(90)}/events`]: () => events([{ event: 'end', data: end }]),
    [`GET /api/v1/operations/${idOf(90)}`]: () => ({ body: end }),
    ...extra,
  });
}

/** Every change, its words and its request. */
const changes: [string, string[], string, object | null][] = [
  ['attach-nic', ['web-01', '--network', 'web'], `POST ${server}/nics`, { network: 'web' }],
  ['detach-nic', ['web-01', mac], `DELETE ${server}/nics/${encoded}`, null],
  ['change-ip', ['web-01', mac, '10.1.2.31'], `PATCH ${server}/nics/${encoded}`, { ip: '10.1.2.31' }],
  ['delete', ['web-01'], `DELETE ${server}`, null],
];

describe.each(changes)('server %s', (verb, words, line, body) => {
  test('sends what was asked for with a key, and follows what it began', async () => {
    const { url, seen } = await changing(line);
    const { exitCode, out, messages } = await wirebook(['server', verb, ...words], { url });
    expect(exitCode).toBe(0);
    expect(seen[0]).toMatchObject({ line, body });
    expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(messages).toContain('web-01: 8/8 title of watch');
    expect(out).toContain('10.1.2.30');
  });

  test('with --dry-run says what would be, and begins nothing', async () => {
    const { url, seen } = await changing(line);
    const { exitCode, out, messages } = await wirebook(['server', verb, ...words, '--dry-run'], { url });
    expect(exitCode).toBe(0);
    expect(seen.map((request) => request.line)).toEqual([line]);
    expect(seen[0]?.query.get('dryRun')).toBe('true');
    expect(seen[0]?.headers['idempotency-key']).toBeUndefined();
    expect(out).toMatch(/web +10\.1\.2\.31\/24 +10\.1\.2\.1 +front/);
    expect(messages).toContain('dry run');
  });

  test('with --no-wait answers the operation', async () => {
    const { url, seen } = await changing(line);
    const { out } = await wirebook(['server', verb, ...words, '--no-wait', '-o', 'json'], { url });
    expect(JSON.parse(out)).toEqual(operation(1));
    expect(seen).toHaveLength(1);
  });

  test('that is refused ends with 1 and changes nothing', async () => {
    const { url } = await startController({
      [line]: () => ({
        status: 409,
        body: problem('server_busy', { detail: 'Another operation changes it.' }),
      }),
    });
    const { exitCode, messages } = await wirebook(['server', verb, ...words], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('Another operation changes it.');
  });

  test('takes a key of its own', async () => {
    const { url, seen } = await changing(line);
    await wirebook(['server', verb, ...words, '--idempotency-key', 'k-1', '--no-wait'], { url });
    expect(seen[0]?.headers['idempotency-key']).toBe('k-1');
  });
});

describe('attaching a NIC', () => {
  const line = `POST ${server}/nics`;

  test('takes every way of saying where, and how the guest learns of it', async () => {
    const { url, seen } = await changing(line);
    const words = ['--network', 'web@front=10.1.2.40,fd00:2::40', '--restart', '--wait', '2m'];
    await wirebook(['server', 'attach-nic', 'web-01', ...words], { url });
    expect(seen[0]?.body).toEqual({
      network: 'web',
      wire: 'front',
      ip: '10.1.2.40',
      ip6: 'fd00:2::40',
      restart: true,
      waitSeconds: 120,
    });
  });

  test.each([[[]], [['--network', 'web', 'db']], [['--network', 'web', '--wire', 'front']]])(
    'is refused for %j: it is one at a time',
    async (words) => {
      const { url, seen } = await changing(line);
      const { exitCode, messages } = await wirebook(['server', 'attach-nic', 'web-01', ...words], { url });
      expect(exitCode).toBe(2);
      expect(messages).toContain('exactly one NIC');
      expect(seen).toEqual([]);
    },
  );
});

describe('a NIC that is named by an address', () => {
  const nics = 'GET /api/v1/nics';
  const line = `DELETE ${server}/nics/${encoded}`;
  const words = ['server', 'detach-nic', 'web-01', '10.1.2.3'];

  test('is the one of the server that has it', async () => {
    const { url, seen } = await changing(line, { [nics]: () => page([nic('web-01')]) });
    expect((await wirebook(words, { url })).exitCode).toBe(0);
    expect(Object.fromEntries(seen[0]?.query ?? [])).toMatchObject({ server: 'web-01', ip: '10.1.2.3' });
    expect(seen[1]?.line).toBe(line);
  });

  test('has to exist', async () => {
    const { url, seen } = await changing(line, { [nics]: () => page([]) });
    const { exitCode, messages } = await wirebook(words, { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('web-01 has no NIC with the address 10.1.2.3');
    expect(seen).toHaveLength(1);
  });

  test('has to be one: of several their MACs are told', async () => {
    const { url, seen } = await changing(line, {
      [nics]: () => page([nic('web-01'), nic('web-01', { mac: '00:50:56:aa:00:02' })]),
    });
    const { exitCode, messages } = await wirebook(words, { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('00:50:56:aa:00:01, 00:50:56:aa:00:02');
    expect(seen).toHaveLength(1);
  });

  test.each(['00:50:56:AA:00:01', '00-50-56-aa-00-01', '0050.56aa.0001'])(
    'is not looked for where %s is a MAC',
    async (written) => {
      const own = `DELETE ${server}/nics/${encodeURIComponent(written)}`;
      const { url, seen } = await changing(own);
      await wirebook(['server', 'detach-nic', 'web-01', written], { url });
      expect(seen[0]?.line).toBe(own);
    },
  );
});

describe('changing an address', () => {
  const line = `PATCH ${server}/nics/${encoded}`;

  test.each<[string[], object]>([
    [[], {}],
    [['10.1.2.31,fd00:2::31'], { ip: '10.1.2.31', ip6: 'fd00:2::31' }],
    [[',fd00:2::31'], { ip6: 'fd00:2::31' }],
    [
      ['--network', 'dmz', '--wire', 'back', '--restart', '--wait', '30'],
      { network: 'dmz', wire: 'back', restart: true, waitSeconds: 30 },
    ],
  ])('%j is sent as %j', async (words, body) => {
    const { url, seen } = await changing(line);
    expect((await wirebook(['server', 'change-ip', 'web-01', mac, ...words], { url })).exitCode).toBe(0);
    expect(seen[0]?.body).toEqual(body);
  });

  test('says what is given back, whether the guest restarts, and what to do by hand', async () => {
    const plan = changePlan({
      releases: [{ ip: '10.1.2.30', network: { id: idOf(20), name: 'web' } }],
      restarts: true,
      warnings: [{ code: 'guest_not_told', text: 'Configure it by hand.' }],
    });
    const { url } = await startController({ [line]: () => ({ body: plan }) });
    const words = ['server', 'change-ip', 'web-01', mac, '--dry-run'];
    const { out, messages } = await wirebook(words, { url });
    expect(out).toMatch(/GIVEN BACK +10\.1\.2\.30/);
    expect(out).toMatch(/RESTARTS +yes/);
    expect(messages).toContain('warning: Configure it by hand.');
    expect(JSON.parse((await wirebook([...words, '-o', 'json'], { url })).out)).toEqual(plan);
    const chinese = await wirebook([...words, '--lang', 'zh'], { url });
    expect(chinese.out).toMatch(/归还 +10\.1\.2\.30/);
  });
});

describe('deleting a server', () => {
  const line = `DELETE ${server}`;

  test('powers it off only if told to', async () => {
    const { url, seen } = await changing(line);
    await wirebook(['server', 'delete', 'web-01', '--no-wait'], { url });
    await wirebook(['server', 'delete', 'web-01', '--power-off', '--no-wait'], { url });
    expect(seen.map(({ query }) => query.get('powerOff'))).toEqual([null, 'true']);
  });

  test('has nothing to show but its steps', async () => {
    const end = succeeded({
      kind: 'delete_server',
      steps: [step('destroy', 'done', 'web-01 is deleted in vCenter.')],
      result: { servers: [madeServer('web-01', 'succeeded', { addresses: [] })] },
    });
    const { url } = await startController({
      [line]: () => ({ status: 202, body: operation(0, { kind: 'delete_server' }) }),
      [`GET /api/v1/operations/${idOf(90)}/events`]: () => events([{ event: 'end', data: end }]),
      [`GET /api/v1/operations/${idOf(90)}`]: () => ({ body: end }),
    });
    const { exitCode, out, messages } = await wirebook(['server', 'delete', 'web-01'], { url });
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: '' });
    expect(messages).toContain('web-01 is deleted in vCenter.');
  });

  test('that would need it to be off says how', async () => {
    const body = problem('server_running', { remedy: 'wirebook server delete web-01 --power-off' });
    const { url } = await startController({ [line]: () => ({ status: 409, body }) });
    const { exitCode, messages } = await wirebook(['server', 'delete', 'web-01'], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('wirebook server delete web-01 --power-off');
  });
});

describe('operations', () => {
  const id = idOf(90);
  const one = `GET /api/v1/operations/${id}`;
  const cancel = `POST /api/v1/operations/${id}/cancel`;
  const follow = `${one}/events`;

  test('are listed with how far they are, filtered by every field', async () => {
    const { url, seen } = await startController({ 'GET /api/v1/operations': () => page([operation(3)]) });
    const words =
      `--kind create_server --state running --account vc --server web-01 --parent ${idOf(91)} --parts`.split(
        ' ',
      );
    const { exitCode, out } = await wirebook(['operation', 'list', ...words], { url });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/create_server +web-01 +running +3\/8/);
    expect(Object.fromEntries(seen[0]?.query ?? [])).toMatchObject({
      kind: 'create_server',
      state: 'running',
      account: 'vc',
      server: 'web-01',
      parent: idOf(91),
      parts: 'true',
    });
    const { out: json } = await wirebook(['operation', 'list', '-o', 'json'], { url });
    expect(JSON.parse(json)).toEqual([operation(3)]);
  });

  test('are shown with their steps, servers, log and trouble, and looking at a failed one is no failure', async () => {
    const failed = operation(1, {
      state: 'failed',
      steps: [step('address', 'done', 'Taken: 10.1.2.30.'), step('place', 'failed', 'No room.')],
      log: [{ at: '2026-01-02T03:04:05Z', text: 'It began.' }],
      error: { code: 'no_room', text: 'There was no room.', remedy: 'Ask for less.' },
      left: [{ code: 'server_left', text: 'web-01 is still in vCenter.' }],
      cancelRequested: true,
      parent: idOf(91),
    });
    const { url } = await startController({ [one]: () => ({ body: failed }) });
    const { exitCode, out, messages } = await wirebook(['operation', 'show', id], { url });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/STATE +failed/);
    expect(out).toMatch(/PART OF +0{8}/);
    expect(out).toMatch(/title of address +done +12 +Taken: 10\.1\.2\.30\./);
    expect(out).toMatch(/title of place +failed +12 +No room\./);
    expect(out).toContain('It began.');
    expect(messages).toContain('There was no room.\n  what to do: Ask for less.');
    expect(messages).toContain('still there: web-01 is still in vCenter.');
    const { out: json } = await wirebook(['operation', 'show', id, '-o', 'json'], { url });
    expect(JSON.parse(json)).toEqual(failed);
    const { out: chinese } = await wirebook(['operation', 'show', id, '--lang', 'zh'], { url });
    expect(chinese).toMatch(/状态 +失败/);
  });

  test('can be waited for, and that of an ended one answers at once', async () => {
    const end = operation(0, { state: 'undone', error: { code: 'x', text: 'It failed.', remedy: '' } });
    let followed = false;
    const running = await startController({
      [follow]: () => {
        followed = true;
        return events([{ event: 'end', data: end }]);
      },
      [one]: () => ({ body: followed ? end : operation(3) }),
    });
    const waited = await wirebook(['operation', 'wait', id], { url: running.url });
    expect(waited).toMatchObject({ exitCode: 1, messages: expect.stringContaining('It failed.') });
    const ended = await startController({ [one]: () => ({ body: succeeded() }) });
    expect((await wirebook(['operation', 'wait', id], { url: ended.url })).exitCode).toBe(0);
    expect(ended.seen.some(({ line }) => line === follow)).toBe(false);
  });

  test('are cancelled and taken back before the eyes: then nothing is left, and that is well', async () => {
    const end = operation(0, {
      state: 'cancelled',
      steps: [step('address', 'undone')],
    });
    const { url } = await startController({
      [cancel]: () => ({ status: 202, body: operation(1, { cancelRequested: true }) }),
      [follow]: () =>
        events([
          { event: 'progress', data: operation(0, { steps: [step('address', 'undoing')] }) },
          { event: 'end', data: end },
        ]),
      [one]: () => ({ body: end }),
    });
    const { exitCode, messages } = await wirebook(['operation', 'cancel', id], { url });
    expect(exitCode).toBe(0);
    expect(messages).toContain('web-01: taking back: title of address');
    expect(messages).toContain('Cancelled; nothing of it is left.');
  });

  test('that were done before they could be stopped, or that leave something, end with 1', async () => {
    const ends = [
      [succeeded(), 'done before it could be stopped'],
      [
        operation(0, { state: 'failed', left: [{ code: 'server_left', text: 'web-01 is still there.' }] }),
        'web-01 is still there.',
      ],
    ] as const;
    for (const [end, words] of ends) {
      const { url } = await startController({
        [cancel]: () => ({ status: 202, body: operation(1) }),
        [follow]: () => events([{ event: 'end', data: end }]),
        [one]: () => ({ body: end }),
      });
      const { exitCode, messages } = await wirebook(['operation', 'cancel', id], { url });
      expect(exitCode).toBe(1);
      expect(messages).toContain(words);
    }
  });

  test('that somebody else has cancelled say so, and end with 1', async () => {
    const { url } = await startController({ [one]: () => ({ body: operation(0, { state: 'cancelled' }) }) });
    const { exitCode, messages } = await wirebook(['operation', 'wait', id], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('Cancelled; nothing of it is left.');
  });

  test('are only asked to stop with --no-wait', async () => {
    const { url, seen } = await startController({ [cancel]: () => ({ status: 202, body: operation(1) }) });
    const { exitCode, out } = await wirebook(['operation', 'cancel', id, '--no-wait', '-o', 'json'], { url });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual(operation(1));
    expect(seen).toHaveLength(1);
  });

  test('that have ended can not be cancelled', async () => {
    const { url } = await startController({
      [cancel]: () => ({ status: 409, body: problem('not_running') }),
    });
    expect((await wirebook(['operation', 'cancel', id], { url })).exitCode).toBe(1);
  });

  test('name the addresses of each server, also of one that got none', async () => {
    const bare = succeeded({ result: { servers: [madeServer('web-01', 'succeeded', { addresses: [] })] } });
    const { url } = await startController({ [one]: () => ({ body: bare }) });
    const { out } = await wirebook(['operation', 'wait', id], { url });
    expect(out).toMatch(/web-01 +succeeded +- +- +- +-/);
  });
});

describe('account privileges', () => {
  const items = [
    { privilege: 'System.Read', object: 'the vCenter itself', purposes: ['read'], text: 'reading' },
    {
      privilege: 'VirtualMachine.Inventory.Delete',
      object: 'servers',
      purposes: ['create', 'delete'],
      text: 'making, deleting',
    },
  ];
  const routes = { 'GET /api/v1/privileges': () => ({ body: { items } }) };

  test('are listed with what they are for and where', async () => {
    const { url } = await startController(routes);
    const { exitCode, out } = await wirebook(['account', 'privileges'], { url });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/PRIVILEGE +FOR +OBJECT/);
    expect(out).toMatch(/System\.Read +reading +the vCenter itself/);
    expect(out).toMatch(/VirtualMachine\.Inventory\.Delete +making, deleting +servers/);
  });

  test('can be narrowed to a purpose, and written for programs', async () => {
    const { url } = await startController(routes);
    const { out } = await wirebook(['account', 'privileges', '--for', 'delete', '-o', 'json'], { url });
    expect(JSON.parse(out)).toEqual([items[1]]);
    const { out: csv } = await wirebook(['account', 'privileges', '-o', 'csv'], { url });
    expect(csv).toContain('VirtualMachine.Inventory.Delete,create delete,servers');
  });
});
