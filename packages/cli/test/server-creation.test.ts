import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { events, problem, startController, type Controller, type Route } from './support/controller.ts';
import {
  hostVerdict,
  idOf,
  madeServer,
  operation,
  plannedNic,
  serverPlan,
  step,
  stepNames,
  succeeded,
} from './support/objects.ts';
import { emptyFolder, wirebook, type Session, type Setting } from './support/terminal.ts';

const create = 'POST /api/v1/servers';
const follow = `GET /api/v1/operations/${idOf(90)}/events`;
const read = `GET /api/v1/operations/${idOf(90)}`;
const list = 'GET /api/v1/operations';
const begun: Route = () => ({ status: 202, body: operation(1) });

/** A controller that begins an operation, tells these states of it, and ends it. */
function making(end: object, ...states: object[]): Promise<Controller> {
  return startController({
    [create]: begun,
    [follow]: () =>
      events([
        ...states.map((data, index) => ({ id: String(index), event: 'progress', data })),
        { event: 'end', data: end },
      ]),
    [read]: () => ({ body: end }),
    [list]: () => ({ body: { items: [], nextCursor: null, total: 0 } }),
  });
}

const simple = ['server', 'create', 'web-01', '--from', 'debian', '--network', 'web'];

/** What the API is sent for these words after the name. */
async function bodyOf(words: readonly string[], setting: Setting = {}): Promise<unknown> {
  const { url, seen } = await making(succeeded());
  const session = await wirebook(['server', 'create', 'web-01', '--from', 'debian', ...words], {
    url,
    ...setting,
  });
  expect(session.messages).not.toContain('error');
  expect(session.exitCode).toBe(0);
  return seen[0]?.body;
}

/** A command line that is refused before anything is sent. */
async function refused(words: readonly string[], setting: Setting = {}): Promise<Session> {
  const { url, seen } = await making(succeeded());
  const session = await wirebook(['server', 'create', 'web-01', '--from', 'debian', ...words], {
    url,
    ...setting,
  });
  expect(seen).toEqual([]);
  return session;
}

const asked = { name: 'web-01', from: 'debian' };

describe('the NICs of a new server', () => {
  test.each<[string, object]>([
    ['web', { network: 'web' }],
    ['web=10.1.2.30', { network: 'web', ip: '10.1.2.30' }],
    ['web=10.1.2.30,fd00:2::30', { network: 'web', ip: '10.1.2.30', ip6: 'fd00:2::30' }],
    ['web=,fd00:2::30', { network: 'web', ip6: 'fd00:2::30' }],
    ['web@front', { network: 'web', wire: 'front' }],
    ['web@VM Network=10.1.2.30', { network: 'web', wire: 'VM Network', ip: '10.1.2.30' }],
    ['web 6=fd00:2::30', { network: 'web 6', ip: 'fd00:2::30' }],
  ])('--network %s', async (value, nic) => {
    expect(await bodyOf(['--network', value])).toEqual({ ...asked, nics: [nic] });
  });

  test.each<[string, object]>([
    ['front', { wire: 'front' }],
    ['VM Network=10.1.2.30', { wire: 'VM Network', ip: '10.1.2.30' }],
    ['front=10.1.2.30,fd00:2::30', { wire: 'front', ip: '10.1.2.30', ip6: 'fd00:2::30' }],
  ])('--wire %s', async (value, nic) => {
    expect(await bodyOf(['--wire', value])).toEqual({ ...asked, nics: [nic] });
  });

  test('come in the order in which they stand on the command line, whatever names them', async () => {
    const words = [
      '--wire',
      'bare',
      '--network',
      'web=10.1.2.30',
      'backup',
      '--tag',
      'env=prod',
      '--network',
      'dmz',
    ];
    expect(await bodyOf(words)).toEqual({
      ...asked,
      nics: [
        { wire: 'bare' },
        { network: 'web', ip: '10.1.2.30' },
        { network: 'backup' },
        { tag: 'env=prod' },
        { network: 'dmz' },
      ],
    });
  });

  test.each(['web=', '=10.1.2.3', '@front', 'web=1=2', 'web@a@b', 'web=10.1.2.3,fd00::1,fd00::2', 'web=,'])(
    'are not taken from --network %s',
    async (value) => {
      const { exitCode, messages } = await refused(['--network', value]);
      expect(exitCode).toBe(2);
      expect(messages).toContain(`"${value}"`);
      expect(messages).toContain('NET@WIRE');
    },
  );

  test('have to be named', async () => {
    const { exitCode, messages } = await refused([]);
    expect(exitCode).toBe(2);
    expect(messages).toContain('--network NET');
  });
});

describe('what a new server is made of', () => {
  test('is sent as it was asked for, and nothing of what was not', async () => {
    const placed =
      '--host esx-1 --cluster prod --datastore nvme --folder Production/Web --pool web --linked --count 3';
    const made = '--network web --cpu 4 --memory 8G --disk 100 --host-name w1 --setup cloud_init';
    const words = `${made} ${placed} --no-power-on --keep-on-failure --wait 15m`.split(' ');
    expect(await bodyOf(words)).toEqual({
      ...asked,
      nics: [{ network: 'web' }],
      cpus: 4,
      memoryMib: 8192,
      diskGib: 100,
      host: 'esx-1',
      cluster: 'prod',
      datastore: 'nvme',
      folder: 'Production/Web',
      resourcePool: 'web',
      linked: true,
      hostName: 'w1',
      setup: 'cloud_init',
      count: 3,
      powerOn: false,
      keepOnFailure: true,
      waitSeconds: 900,
    });
  });

  test.each<[string, number]>([
    ['4096', 4096],
    ['512M', 512],
    ['512MiB', 512],
    ['4G', 4096],
    ['4g', 4096],
    ['4GB', 4096],
    ['4 GiB', 4096],
    ['1.5G', 1536],
    ['1T', 1_048_576],
  ])('--memory %s is %d MiB', async (value, memoryMib) => {
    expect(await bodyOf(['--network', 'web', '--memory', value])).toMatchObject({ memoryMib });
  });

  test.each<[string, number]>([
    ['40', 40],
    ['40G', 40],
    ['2048M', 2],
    ['1TiB', 1024],
  ])('--disk %s is %d GiB', async (value, diskGib) => {
    expect(await bodyOf(['--network', 'web', '--disk', value])).toMatchObject({ diskGib });
  });

  test.each([
    ['--memory', 'much'],
    ['--memory', '4P'],
    ['--memory', '0.3M'],
    ['--disk', '100M'],
    ['--disk', '-1'],
    ['--cpu', 'two'],
    ['--count', '1.5'],
    ['--wait', 'long'],
    ['--setup', 'magic'],
  ])('%s %s is refused before anything is sent', async (flag, value) => {
    const { exitCode, messages } = await refused(['--network', 'web', `${flag}=${value}`]);
    expect(exitCode).toBe(2);
    expect(messages).toContain(value);
  });

  test('needs something to be cloned', async () => {
    const { url, seen } = await making(succeeded());
    const { exitCode, messages } = await wirebook(['server', 'create', 'web-01', '--network', 'web'], {
      url,
    });
    expect(exitCode).toBe(2);
    expect(messages).toContain('--from');
    expect(seen).toEqual([]);
  });
});

describe('what the guest is told', () => {
  const key = 'ssh-ed25519 AAAAC3Nza ann@example';

  test('keys are given as text or as files, of which each line is one', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'team.pub'), `# the team\r\n${key}\r\n\r\necdsa-sha2-nistp256 BBBB bob\n`);
    const words = ['--network', 'web', '--ssh-key', 'ssh-rsa CCCC carol', '--ssh-key', 'team.pub'];
    expect(await bodyOf(words, { folder })).toMatchObject({
      sshKeys: ['ssh-rsa CCCC carol', key, 'ecdsa-sha2-nistp256 BBBB bob'],
    });
  });

  test('a private key is not sent', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'id_ed25519'), '-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n');
    const { exitCode, messages } = await refused(['--network', 'web', '--ssh-key', 'id_ed25519'], { folder });
    expect(exitCode).toBe(1);
    expect(messages).toContain('private key');
    expect(messages).toContain('.pub');
    expect(messages).not.toContain('c2VjcmV0');
    const text = '-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0';
    const given = await refused(['--network', 'web', '--ssh-key', text]);
    expect(given.exitCode).toBe(1);
    expect(given.messages).toContain('private key');
    expect(given.messages).not.toContain('c2VjcmV0');
  });

  test('a file without a key, or none at all, is said to be so', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'empty.pub'), '# nothing\n');
    const empty = await refused(['--network', 'web', '--ssh-key', 'empty.pub'], { folder });
    expect(empty).toMatchObject({ exitCode: 1, messages: expect.stringContaining('no key') });
    const absent = await refused(['--network', 'web', '--ssh-key', 'absent.pub'], { folder });
    expect(absent).toMatchObject({ exitCode: 1, messages: expect.stringContaining('absent.pub') });
  });

  test('user data comes from a file as it is, or from standard input', async () => {
    const folder = emptyFolder();
    const script = '#!/bin/sh\r\necho 你好\n';
    writeFileSync(join(folder, 'first.sh'), script);
    const fromFile = await bodyOf(['--network', 'web', '--user-data', 'first.sh'], { folder });
    expect(fromFile).toMatchObject({ userData: script });
    const piped = await bodyOf(['--network', 'web', '--user-data', '-'], { input: '#cloud-config\n' });
    expect(piped).toMatchObject({ userData: '#cloud-config\n' });
  });

  test('the password comes from standard input, or is typed unseen, and is shown nowhere', async () => {
    const words = ['--network', 'web', '--password-stdin'];
    expect(await bodyOf(words, { input: 's3cret\n' })).toMatchObject({ password: 's3cret' });
    expect(await bodyOf(words, { answers: ['s3cret'], columns: 80 })).toMatchObject({ password: 's3cret' });
  });

  test('a password on the command line is refused, and so are two things from one standard input', async () => {
    const open = await refused(['--network', 'web', '--password', 's3cret']);
    expect(open.exitCode).toBe(2);
    expect(open.messages).not.toContain('s3cret');
    const both = await refused(['--network', 'web', '--password-stdin', '--user-data', '-'], { input: 'x' });
    expect(both).toMatchObject({ exitCode: 2, messages: expect.stringContaining('standard input') });
  });
});

describe('making a server', () => {
  test('is told step by step on stderr, each with what it came to, and ends with the address on stdout', async () => {
    const details = ['Taken: 10.1.2.30.', 'On the host esx-1, datastore nvme.'];
    const steps = (done: number): object[] =>
      stepNames.map((name, index) =>
        step(name, index < done ? 'done' : index === done ? 'running' : 'pending', details[index] ?? null),
      );
    const at = (done: number): object => operation(done, { steps: steps(done) });
    const { url } = await making(succeeded({ steps: steps(8) }), at(1), at(2), at(5));
    const { exitCode, out, messages } = await wirebook(simple, { url });
    expect(exitCode).toBe(0);
    expect(messages.split('\n').slice(0, 6)).toEqual([
      'web-01: 1/8 title of address',
      'web-01: 2/8 title of place',
      '  On the host esx-1, datastore nvme.',
      'web-01: 3/8 title of clone',
      'web-01: 4/8 title of configure',
      'web-01: 5/8 title of record',
    ]);
    expect(out.split('\n')[0]).toMatch(/SERVER +STATE +IP +NETWORK +MAC +WIRE/);
    expect(out).toMatch(/web-01 +succeeded +10\.1\.2\.30 +web +00:50:56:aa:00:01 +front/);
  });

  test('on a terminal has one line for what is being done, below those of what is done', async () => {
    const { url } = await making(succeeded(), operation(2), operation(3));
    const { messages } = await wirebook(simple, { url, answers: [], columns: 60 });
    expect(messages).toContain('web-01: 2/8 title of place: done\n');
    expect(messages).toContain('\r\u001b[2Kweb-01: 4/8 title of configure');
    expect(messages).not.toContain('title of configure\n');
    expect(messages.endsWith('\r\u001b[2K')).toBe(true);
  });

  test('in Chinese is told in Chinese', async () => {
    const { url, seen } = await making(succeeded(), operation(2));
    const { out, messages } = await wirebook([...simple, '--lang', 'zh'], { url });
    expect(out).toMatch(/虚拟机 +状态 +IP/);
    expect(out).toContain('成功');
    expect(messages).toContain('web-01: 3/8');
    expect(seen[0]?.headers['accept-language']).toBe('zh');
  });

  test('in JSON is the operation as the API has it, in CSV a row for each address', async () => {
    const end = succeeded();
    const { url } = await making(end);
    expect(JSON.parse((await wirebook([...simple, '-o', 'json'], { url })).out)).toEqual(end);
    expect((await wirebook([...simple, '-o', 'csv'], { url })).out.split('\r\n')).toEqual([
      'server,state,ip,network,mac,wire',
      'web-01,succeeded,10.1.2.30,web,00:50:56:aa:00:01,front',
      '',
    ]);
  });

  test('that nobody waits for answers the operation at once, and how to follow it', async () => {
    const { url, seen } = await making(succeeded());
    const words = [...simple, '--wait', '20m', '--no-wait', '-o', 'json'];
    const { exitCode, out, messages } = await wirebook(words, { url });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual(operation(1));
    expect(messages).toContain(`wirebook operation wait ${idOf(90)}`);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.body).toMatchObject({ waitSeconds: 1200 });
  });

  test('with an address that is not seen is done, with a warning', async () => {
    const text = 'VMware Tools have not shown 10.1.2.30 within 600 s.';
    const { url } = await making(succeeded({ warnings: [{ code: 'no_address_seen', text }] }));
    const { exitCode, out, messages } = await wirebook(simple, { url });
    expect(exitCode).toBe(0);
    expect(out).toContain('10.1.2.30');
    expect(messages).toContain(`warning: ${text}`);
  });

  test('that fails tells what is taken back, why it failed and what to do, and ends with 1', async () => {
    const steps = (...states: string[]): object[] =>
      stepNames.map((name, index) =>
        step(name, states[index] ?? 'pending', states[index] === 'failed' ? 'No room.' : null),
      );
    const undoing = operation(0, { steps: steps('undoing', 'failed') });
    const end = operation(0, {
      state: 'undone',
      steps: steps('undone', 'failed'),
      error: { code: 'no_room', text: 'There was no room.', remedy: 'Ask for less.' },
      result: { servers: [madeServer('web-01', 'undone')] },
    });
    const { url } = await making(end, undoing);
    const { exitCode, out, messages } = await wirebook(simple, { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('web-01: 2/8 title of place\n  failed: No room.\n');
    expect(messages).toContain('web-01: taking back: title of address\n');
    expect(messages).toContain('There was no room.\n  what to do: Ask for less.');
    expect(out).toContain('undone');
  });

  test('that fails and leaves something says what is left', async () => {
    const { url } = await making(
      operation(3, {
        state: 'failed',
        steps: [step('clone', 'not_undone', 'vCenter does not answer.')],
        error: { code: 'not_undone', text: 'Could not be taken back.', remedy: '' },
        left: [{ code: 'server_left', text: 'The server web-01 (vm-7) is still in vCenter.' }],
      }),
    );
    const { exitCode, messages } = await wirebook(simple, { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('web-01: taking back: title of clone\n  failed: vCenter does not answer.');
    expect(messages).toContain('still there: The server web-01 (vm-7) is still in vCenter.');
    expect(messages).not.toContain('what to do');
  });

  test('that is refused makes nothing, and tells why for every host', async () => {
    const refusal = problem('no_host_fits', {
      status: 409,
      detail: 'None of the 2 hosts can take it.',
      errors: [
        { field: 'host', value: 'esx-1', message: 'In maintenance mode.' },
        { field: 'host', value: 'esx-2', message: 'NIC 1: it has no wire of web.' },
      ],
      objects: [
        { kind: 'host', id: idOf(80), name: 'esx-1' },
        { kind: 'host', id: idOf(82), name: 'esx-3' },
      ],
    });
    const { url, seen } = await startController({ [create]: () => ({ status: 409, body: refusal }) });
    const { exitCode, out, messages } = await wirebook(simple, { url });
    expect(exitCode).toBe(1);
    expect(out).toBe('');
    expect(messages).toContain('None of the 2 hosts can take it.');
    expect(messages).toContain('host esx-1: In maintenance mode.');
    expect(messages).toContain('host esx-2: NIC 1: it has no wire of web.');
    // What an error names already isn't named once more.
    expect(messages).not.toContain(idOf(80));
    expect(messages).toContain(`host esx-3 (${idOf(82)})`);
    expect(seen).toHaveLength(1);
  });

  test('goes on when Ctrl-C ends the waiting, and the user is told how to cancel it', async () => {
    const { url, seen } = await startController({
      [create]: begun,
      [follow]: () => events([{ event: 'progress', data: operation(3) }], { stayOpen: true }),
    });
    const { exitCode, out, messages } = await wirebook(simple, {
      url,
      onMessage: (all, interrupt) => {
        if (all.includes('title of configure')) interrupt();
      },
    });
    expect(exitCode).toBe(1);
    expect(out).toBe('');
    expect(messages).toContain('The operation on web-01 goes on.');
    expect(messages).toContain(`wirebook operation cancel ${idOf(90)}`);
    expect(seen.some(({ line }) => line.endsWith('/cancel'))).toBe(false);
  });

  test('whose stream breaks is followed on from the last event', async () => {
    let calls = 0;
    const { url, seen } = await startController({
      [create]: begun,
      [follow]: () => {
        calls += 1;
        return calls === 1
          ? events([{ id: '17', event: 'progress', data: operation(2) }])
          : events([{ event: 'end', data: succeeded() }]);
      },
      [read]: () => ({ body: calls < 2 ? operation(4) : succeeded() }),
    });
    const { exitCode, messages } = await wirebook(simple, { url });
    expect(exitCode).toBe(0);
    expect(messages).toContain('5/8');
    const opened = seen.filter(({ line }) => line === follow);
    expect(opened.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '17']);
  });
});

describe('the key that makes a request one request', () => {
  const keyOf = ({ seen }: Controller): unknown => seen[0]?.headers['idempotency-key'];

  test('is another one with every call, unless it is given', async () => {
    const keys: unknown[] = [];
    for (const words of [[], [], ['--idempotency-key', 'build-7']]) {
      const controller = await making(succeeded());
      await wirebook([...simple, ...words], { url: controller.url });
      keys.push(keyOf(controller));
    }
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[2]).toBe('build-7');
  });

  test('does not go with a dry run, which begins nothing', async () => {
    const controller = await startController({ [create]: () => ({ body: serverPlan() }) });
    await wirebook([...simple, '--dry-run', '--idempotency-key', 'build-7'], { url: controller.url });
    expect(keyOf(controller)).toBeUndefined();
  });

  test('is told where the answer is lost, so that the request can be sent again', async () => {
    const { url } = await startController({ [create]: () => ({ stream: (response) => response.destroy() }) });
    const { exitCode, messages } = await wirebook([...simple, '--idempotency-key', 'build-7'], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('--idempotency-key build-7');
  });
});

describe('several servers at once', () => {
  const parts = (...states: string[]): object[] =>
    states.map((state, index) => ({
      ...step('', state),
      name: `web-${index + 1}`,
      title: `web-${index + 1}`,
    }));
  const whole = (done: number, states: string[], set: object = {}): object =>
    operation(0, {
      kind: 'create_servers',
      server: { id: null, name: 'web' },
      steps: parts(...states),
      progress: { done, total: states.length },
      ...set,
    });

  test('have a line each when they have ended, and their own warnings and reasons', async () => {
    const end = whole(2, ['done', 'undone'], {
      state: 'failed',
      error: { code: 'parts_failed', text: '1 of 2 servers were not made.', remedy: 'See why.' },
      result: {
        servers: [madeServer('web-1', 'succeeded'), madeServer('web-2', 'undone', { addresses: [] })],
      },
    });
    const first = succeeded({
      server: { id: idOf(31), name: 'web-1' },
      warnings: [{ code: 'no_address_seen', text: 'Not seen.' }],
    });
    const second = operation(0, {
      state: 'undone',
      server: { id: null, name: 'web-2' },
      error: { code: 'no_room', text: 'There was no room.', remedy: 'Ask for less.' },
    });
    const { url, seen } = await startController({
      [create]: () => ({ status: 202, body: whole(0, ['running', 'pending']) }),
      [follow]: () =>
        events([
          { event: 'progress', data: whole(1, ['done', 'running']) },
          { event: 'end', data: end },
        ]),
      [read]: () => ({ body: end }),
      [list]: () => ({ body: { items: [first, second], nextCursor: null, total: 2 } }),
    });
    const words = ['server', 'create', 'web', '--from', 'debian', '--network', 'web', '--count', '2'];
    const { exitCode, out, messages } = await wirebook(words, { url });
    expect(exitCode).toBe(1);
    expect(messages.split('\n').slice(0, 2)).toEqual(['web: 1/2 web-1: done', 'web: 2/2 web-2: undone']);
    expect(messages).toContain('warning: web-1: Not seen.');
    expect(messages).toContain('web-2: There was no room.\n  what to do: Ask for less.');
    expect(out).toMatch(/web-1 +succeeded +10\.1\.2\.30/);
    expect(out).toMatch(/web-2 +undone +- +-/);
    const listed = seen.find(({ line }) => line === list);
    expect(listed?.query.get('parent')).toBe(idOf(90));
  });
});

describe('a dry run', () => {
  const plan = serverPlan({
    servers: [
      {
        name: 'web-01',
        host: 'esx-2',
        datastore: 'nvme',
        nics: [
          plannedNic('10.1.2.30', {
            ip6: {
              network: { id: idOf(21), name: 'web6' },
              ip: 'fd00:2::30',
              prefixLength: 64,
              gateway: 'fe80::1',
            },
          }),
          plannedNic('', { network: null, ip: null, prefixLength: null, gateway: null }),
        ],
      },
    ],
    hosts: [
      hostVerdict('esx-2', { servers: 1 }),
      hostVerdict('esx-1', { freeMemoryMib: 512, freeCpuMhz: 800 }),
      hostVerdict('esx-3', {
        fits: false,
        cluster: null,
        datastore: null,
        freeMemoryMib: null,
        freeCpuMhz: null,
        score: null,
        wires: [null],
        reasons: [
          { code: 'maintenance', text: 'In maintenance mode.' },
          { code: 'no_wire', text: 'NIC 1: it has no wire of web (those are front).' },
        ],
      }),
    ],
    warnings: [{ code: 'tools_absent', text: 'debian shows no VMware Tools.' }],
  });

  test('shows every host with why or why not, the chosen one marked, then the addresses', async () => {
    const { url, seen } = await startController({ [create]: () => ({ body: plan }) });
    const { exitCode, out, messages } = await wirebook([...simple, '--dry-run'], { url });
    expect(exitCode).toBe(0);
    const [hosts = '', addresses = ''] = out.split('\n\n');
    const lines = hosts.split('\n');
    expect(lines[0]).toMatch(/^ +HOST +CLUSTER +FITS +FREE MEMORY +FREE CPU +DATASTORE +WIRES$/);
    expect(lines[1]).toMatch(/^\* +esx-2 +prod +yes +120 GiB +30\.4 GHz +nvme +front$/);
    expect(lines[2]).toMatch(/^ +esx-1 +prod +yes +512 MiB +800 MHz +nvme +front$/);
    expect(lines[3]).toMatch(/^ +esx-3 +- +no +- +- +- +-$/);
    expect(lines[4]).toBe('     In maintenance mode.');
    expect(lines[5]).toBe('     NIC 1: it has no wire of web (those are front).');
    expect(addresses).toMatch(/web-01 +esx-2 +nvme +1 +web +10\.1\.2\.30\/24 +10\.1\.2\.1 +front/);
    expect(addresses).toMatch(/web-01 +esx-2 +nvme +1 +web6 +fd00:2::30\/64 +fe80::1 +front/);
    expect(addresses).toMatch(/web-01 +esx-2 +nvme +2 +- +- +- +front/);
    expect(messages).toContain('warning: debian shows no VMware Tools.');
    expect(messages).toContain('dry run');
    expect(seen[0]?.query.get('dryRun')).toBe('true');
    expect(seen).toHaveLength(1);
  });

  test('tells the reasons whole however narrow the terminal is', async () => {
    const { url } = await startController({ [create]: () => ({ body: plan }) });
    const { out } = await wirebook([...simple, '--dry-run'], { url, columns: 40, answers: [] });
    expect(out).toContain('     NIC 1: it has no wire of web (those are front).');
  });

  test('of what can not be made says what stands in the way, and ends with 1', async () => {
    const impossible = serverPlan({
      possible: false,
      servers: [{ name: 'web-01', host: null, datastore: null, nics: [plannedNic('10.1.2.30')] }],
      hosts: [
        hostVerdict('esx-1', {
          fits: false,
          reasons: [{ code: 'maintenance', text: 'In maintenance mode.' }],
        }),
      ],
      problems: [{ code: 'no_host_fits', text: 'The only host can not take it.', remedy: 'Ask for less.' }],
    });
    const { url } = await startController({ [create]: () => ({ body: impossible }) });
    const { exitCode, out, messages } = await wirebook([...simple, '--dry-run'], { url });
    expect(exitCode).toBe(1);
    expect(out).toContain('In maintenance mode.');
    expect(out).not.toContain('10.1.2.30');
    expect(messages).toContain('The only host can not take it.\n  what to do: Ask for less.');
  });

  test('of several counts how many each host would get', async () => {
    const several = serverPlan({
      servers: ['web-1', 'web-2', 'web-3'].map((name, index) => ({
        name,
        host: 'esx-1',
        datastore: 'nvme',
        nics: [plannedNic(`10.1.2.3${index}`)],
      })),
      hosts: [
        hostVerdict('esx-1', { servers: 2 }),
        hostVerdict('esx-2', { servers: 1 }),
        hostVerdict('esx-3'),
      ],
    });
    const { url } = await startController({ [create]: () => ({ body: several }) });
    const { out } = await wirebook([...simple, '--count', '3', '--dry-run'], { url });
    expect(out).toMatch(/FITS +SERVERS +FREE MEMORY/);
    expect(out).toMatch(/^\* +esx-1 +prod +yes +2 /m);
    expect(out).toMatch(/^ +esx-3 +prod +yes +0 /m);
    expect(out).toContain('10.1.2.32/24');
  });

  test('in JSON is the plan, in CSV a row for each host, in Chinese it is Chinese', async () => {
    const { url } = await startController({ [create]: () => ({ body: plan }) });
    const words = [...simple, '--dry-run'];
    expect(JSON.parse((await wirebook([...words, '-o', 'json'], { url })).out)).toEqual(plan);
    const [head, first] = (await wirebook([...words, '-o', 'csv'], { url })).out.split('\r\n');
    expect(head).toBe(
      'host.name,cluster,fits,servers,wires,datastore,freeMemoryMib,freeCpuMhz,score,reasons.code',
    );
    expect(first).toMatch(/^esx-2,prod,true,1,/);
    const chinese = await wirebook([...words, '--lang', 'zh'], { url });
    expect(chinese.out).toMatch(/宿主机 +集群 +可用 +空闲内存/);
    expect(chinese.messages).toContain('警告: debian');
  });
});
