import { describe, expect, test } from 'vitest';
import { startController, type Route } from './support/controller.ts';
import { effect, idOf, network } from './support/objects.ts';
import { climc, wirebook } from './support/terminal.ts';

const done: Route = () => ({ status: 201, body: effect(network('web')) });
const create = 'POST /api/v1/networks';
const change = 'PATCH /api/v1/networks/web';
const show = 'GET /api/v1/networks/web';
const declare = 'PUT /api/v1/networks/web/additional-wires';

describe('making a network', () => {
  test('sends what was given and nothing else', async () => {
    const { url, seen } = await startController({ [create]: done });
    const { exitCode } = await wirebook(
      [
        'network',
        'create',
        'web',
        '--wire',
        'VM Network',
        '--cidr',
        '10.1.2.0/24',
        '--gateway',
        '10.1.2.1',
        '--dns',
        '10.1.0.53',
        '10.1.0.54',
        '--dns',
        '10.1.0.55',
        '--give',
        '10.1.2.10-10.1.2.99,10.1.2.120',
        '--policy',
        'stepdown',
        '--resting',
        '1h',
        '--tag',
        'env=prod',
        '--tag',
        'note=a=b',
      ],
      { url },
    );
    expect(exitCode).toBe(0);
    expect(seen[0]?.query.get('dryRun')).toBeNull();
    expect(seen[0]?.body).toEqual({
      name: 'web',
      wire: 'VM Network',
      cidr: '10.1.2.0/24',
      gateway: '10.1.2.1',
      dns: ['10.1.0.53', '10.1.0.54', '10.1.0.55'],
      giving: [
        { start: '10.1.2.10', end: '10.1.2.99' },
        { start: '10.1.2.120', end: '10.1.2.120' },
      ],
      allocationPolicy: 'stepdown',
      restingSeconds: 3600,
      tags: { env: 'prod', note: 'a=b' },
    });
  });

  test('--dry-run asks what would be, says so, and shows which NICs it would settle', async () => {
    const { url, seen } = await startController({
      [create]: () => ({
        body: effect(
          network('web', {
            additionalWires: [
              {
                wire: { id: idOf(12), name: 'dmz' },
                origin: 'detected',
                evidence: [],
                servers: 0,
                note: null,
              },
            ],
          }),
          {
            settles: 30,
            nics: [
              { server: { id: idOf(31), name: 'web-01' }, mac: null, ip: '10.1.2.3', change: 'settled' },
            ],
          },
        ),
      }),
    });
    const { out, messages } = await wirebook(
      [
        'network',
        'create',
        'web',
        '--wire',
        'w',
        '--start',
        '10.1.2.1',
        '--end',
        '10.1.2.9',
        '--prefix',
        '24',
        '--dry-run',
      ],
      { url },
    );
    expect(seen[0]?.query.get('dryRun')).toBe('true');
    expect(seen[0]?.body).toMatchObject({ start: '10.1.2.1', end: '10.1.2.9', prefixLength: 24 });
    expect(messages).toContain('Nothing was changed.');
    expect(out).toMatch(/ADDITIONAL WIRES +dmz \(detected\)/);
    expect(out).toMatch(/SETTLES +30/);
    expect(out).toMatch(/web-01 +- +10\.1\.2\.3 +settled/);
    expect(messages).toContain('1 of 30 NICs are shown');
  });

  test("in JSON gives the API's answer", async () => {
    const { url } = await startController({ [create]: done });
    const { out } = await wirebook(['network', 'create', 'web', '--wire', 'w', '--cidr', 'x', '-o', 'json'], {
      url,
    });
    expect(JSON.parse(out)).toEqual(effect(network('web')));
  });
});

describe('changing a network', () => {
  test('none takes a setting away', async () => {
    const { url, seen } = await startController({ [change]: done });
    await wirebook(
      [
        'network',
        'update',
        'web',
        '--gateway',
        'none',
        '--dns',
        'none',
        '--companion',
        'none',
        '--domain',
        'none',
        '--give',
        'none',
      ],
      { url },
    );
    expect(seen[0]?.body).toEqual({ gateway: null, dns: [], companion: null, domain: null, giving: 'none' });
  });

  test('a tag is set or taken away beside the others', async () => {
    const { url, seen } = await startController({
      [show]: () => ({ body: network('web', { tags: { env: 'test', owner: 'ops', old: 'x' } }) }),
      [change]: done,
    });
    await wirebook(['network', 'update', 'web', '--tag', 'env=prod', 'old='], { url });
    expect(seen.at(-1)?.body).toEqual({ tags: { env: 'prod', owner: 'ops' } });
  });
});

describe('the wires of a network', () => {
  const evidence = [{ server: { id: idOf(31), name: 'web-01' }, ip: '10.1.2.3' }];
  const web = network('web', {
    additionalWires: [
      { wire: { id: idOf(11), name: 'dmz-a' }, origin: 'declared', evidence: [], servers: 0, note: null },
      {
        wire: { id: idOf(12), name: 'dmz-b' },
        origin: 'detected',
        evidence,
        servers: 1,
        note: 'VLAN 4 here.',
      },
    ],
    excludedWires: [{ wire: { id: idOf(14), name: 'lab' } }],
    suggestedWires: [
      {
        wire: { id: idOf(13), name: 'trunk' },
        evidence,
        servers: 1,
        note: null,
        contradiction: 'It is a trunk.',
      },
    ],
  });
  const routes = { [show]: (() => ({ body: web })) as Route, [declare]: done };

  test.each([
    [
      ['--exclude', 'x', 'y'],
      [idOf(14), 'x', 'y'],
    ],
    [['--include', 'lab'], []],
    [['--include', idOf(14), '--exclude', 'x'], ['x']],
  ])('%j excludes %j: those excluded before stay so', async (flags, wires) => {
    const exclude = 'PUT /api/v1/networks/web/excluded-wires';
    const { url, seen } = await startController({ ...routes, [exclude]: done });
    const { exitCode } = await wirebook(['network', 'wires', 'web', ...flags, '--dry-run'], { url });
    expect(exitCode).toBe(0);
    expect(seen.at(-1)?.line).toBe(exclude);
    expect(seen.at(-1)?.query.get('dryRun')).toBe('true');
    expect(seen.at(-1)?.body).toEqual({ wires });
  });

  test('that are not excluded can not be included: that is said, and nothing is changed', async () => {
    const { url, seen } = await startController(routes);
    const { exitCode, messages } = await wirebook(['network', 'wires', 'web', '--include', 'dmz-a'], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('not excluded');
    expect(seen.map((request) => request.line)).toEqual([show]);
  });

  test('are shown with where each comes from and the evidence', async () => {
    const { url } = await startController(routes);
    const { out } = await wirebook(['network', 'wires', 'web'], { url });
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['WIRE', 'ORIGIN', 'SERVERS', 'EVIDENCE', 'NOTE', 'CONTRADICTION'],
      ['front', 'primary', '-', '-', '-', '-'],
      ['dmz-a', 'declared', '0', '-', '-', '-'],
      ['dmz-b', 'detected', '1', 'web-01 10.1.2.3', 'VLAN 4 here.', '-'],
      ['trunk', 'suggested', '1', 'web-01 10.1.2.3', '-', 'It is a trunk.'],
      ['lab', 'excluded', '-', '-', '-', '-'],
      [''],
    ]);
  });

  test.each([
    [
      ['--set', 'a', 'b'],
      ['a', 'b'],
    ],
    [['--set'], []],
    [
      ['--add', 'dmz-c', '--add', 'dmz-d'],
      [idOf(11), 'dmz-c', 'dmz-d'],
    ],
    [['--remove', 'dmz-a'], []],
    [['--remove', idOf(11), '--add', 'dmz-c'], ['dmz-c']],
  ])('%j declares %j: what was detected is not declared along', async (flags, wires) => {
    const { url, seen } = await startController(routes);
    const { exitCode } = await wirebook(['network', 'wires', 'web', ...flags, '--dry-run'], { url });
    expect(exitCode).toBe(0);
    expect(seen.at(-1)?.line).toBe(declare);
    expect(seen.at(-1)?.query.get('dryRun')).toBe('true');
    expect(seen.at(-1)?.body).toEqual({ wires });
  });

  test('a wire that is not declared can not be removed, and nothing is sent', async () => {
    const { url, seen } = await startController(routes);
    const { exitCode, messages } = await wirebook(['network', 'wires', 'web', '--remove', 'dmz-b'], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('"dmz-b" is not declared');
    expect(seen.map(({ line }) => line)).toEqual([show]);
  });
});

describe('climc', () => {
  test.each([[['--wire-ids', 'A', '--wire-ids', 'B']], [['--wire-ids', 'A', 'B']]])(
    'network-sync-additional-wires web %j declares A and B',
    async (flags) => {
      const { url, seen } = await startController({ [declare]: done });
      const { exitCode } = await climc(['network-sync-additional-wires', 'web', ...flags], { url });
      expect(exitCode).toBe(0);
      expect(seen.map(({ line, body }) => [line, body])).toEqual([[declare, { wires: ['A', 'B'] }]]);
    },
  );

  test('without wires is wrong usage, as is a command that it does not have', async () => {
    expect((await climc(['network-sync-additional-wires', 'web'])).exitCode).toBe(2);
    const unknown = await climc(['server-delete', 'web-01']);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.messages).toContain('there is no command "server-delete"');
  });
});
