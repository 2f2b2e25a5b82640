import { describe, expect, test } from 'vitest';
import { page, type Route, startController } from './support/controller.ts';
import { idOf, network } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

const accept = 'POST /api/v1/proposals/accept';
const accepted: Route = () => ({
  body: {
    dryRun: false,
    networks: [{ proposal: idOf(5), outcome: 'created', network: network('web') }],
    created: 3,
    unchanged: 0,
    spaces: [{ name: 'branch', wires: [{ id: idOf(6), name: 'branch-lan' }] }],
    settles: 12,
    ends: 0,
    conflicts: 1,
    nics: {
      nics: 20,
      settled: 18,
      unresolved: 2,
      reasons: [
        { code: 'powered_off', nics: 1, text: 'powered off' },
        { code: 'taken', nics: 1, text: 'address taken' },
      ],
    },
  },
});

describe('accepting proposals', () => {
  test.each([
    [['--all'], { all: true }],
    [
      ['--all', '--except', '10.1.0.0/24', 'lab', '--dry-run'],
      { all: true, except: ['10.1.0.0/24', 'lab'], dryRun: true },
    ],
    [['web', '10.2.0.0/24'], { ids: ['web', '10.2.0.0/24'] }],
    [
      [
        'web',
        '--name',
        'front',
        '--gateway',
        'none',
        '--dns',
        '10.0.0.53',
        '--give',
        'all',
        '--also',
        'a',
        'b',
      ],
      {
        ids: ['web'],
        changes: [
          {
            id: 'web',
            name: 'front',
            gateway: null,
            dns: ['10.0.0.53'],
            giving: 'all',
            additionalWires: ['a', 'b'],
          },
        ],
      },
    ],
  ])('%j asks for %j', async (flags, body) => {
    const { url, seen } = await startController({ [accept]: accepted });
    const { exitCode } = await wirebook(['proposal', 'accept', ...flags], { url });
    expect(exitCode).toBe(0);
    expect(seen.map((request) => request.body)).toEqual([body]);
  });

  test.each([
    [[], 'name the proposals, or say --all'],
    [['web', '--all'], 'name the proposals, or say --all'],
    [['web', '--except', 'lab'], '--except goes with --all'],
    [['--all', '--name', 'front'], 'one proposal at a time'],
    [['web', 'lab', '--gateway', '10.1.0.1'], 'one proposal at a time'],
  ])('%j is wrong usage, and nothing is asked', async (flags, words) => {
    const { url, seen } = await startController({ [accept]: accepted });
    const { exitCode, messages } = await wirebook(['proposal', 'accept', ...flags], { url });
    expect(exitCode).toBe(2);
    expect(messages).toContain(words);
    expect(seen).toEqual([]);
  });

  test('tells what was made, which spaces have which wires, and how everybody stands', async () => {
    const { url } = await startController({ [accept]: accepted });
    const { out } = await wirebook(['proposal', 'accept', '--all'], { url });
    expect(out).toMatch(/web +10\.1\.2\.0\/24/);
    expect(out).toContain('2 more');
    expect(out).toContain('Address space "branch" has these wires now: branch-lan');
    expect(out).toContain('18 of 20 NICs are settled; the rest: powered off 1, address taken 1');
  });
});

describe('the list of proposals', () => {
  const proposal = {
    id: idOf(1),
    createdAt: '2026-01-02T03:04:05Z',
    updatedAt: '2026-01-02T03:04:05Z',
    name: 'web',
    space: { id: idOf(2), name: 'default' },
    movesWires: [],
    family: 4,
    cidr: '10.1.2.0/24',
    start: '10.1.2.1',
    end: '10.1.2.254',
    prefixLength: 24,
    gateway: '10.1.2.1',
    dns: [],
    domain: null,
    companion: null,
    wire: { id: idOf(10), name: 'front' },
    additionalWires: [{ wire: { id: idOf(11), name: 'front-2' }, servers: 2, note: null }],
    suggestedWires: [
      { wire: { id: idOf(12), name: 'bubble' }, servers: 1, note: null, contradiction: 'It has no uplink.' },
    ],
    servers: 7,
    settles: 6,
    remaining: [
      { code: 'taken', nics: 1, text: 'One NIC: another has its address.' },
      { code: 'other_wire', nics: 2, text: '2 NICs on "bubble".' },
    ],
    evidence: [],
    objections: [{ code: 'twice', text: '10.1.2.9 is reported twice.' }],
  };

  test('shows where each lies, what it settles and what remains, and says how to accept', async () => {
    const { url } = await startController({ 'GET /api/v1/proposals': () => page([proposal]) });
    const { out, messages } = await wirebook(['proposal', 'list'], { url });
    const [head = '', row = ''] = out.split('\n');
    expect(head.split(/ {2,}/).slice(0, 4)).toEqual(['NAME', 'CIDR', 'GATEWAY', 'WIRE']);
    expect(row.split(/ {2,}/)).toEqual([
      'web',
      '10.1.2.0/24',
      '10.1.2.1',
      'front',
      'front-2',
      'bubble',
      '7',
      '6',
      '3',
      'default',
      'twice',
    ]);
    expect(messages).toContain('wirebook proposal accept --all --dry-run');
  });

  test('says so where there is none', async () => {
    const { url } = await startController({ 'GET /api/v1/proposals': () => page([]) });
    expect((await wirebook(['proposal', 'list'], { url })).messages).toContain('Nothing is proposed');
  });

  test('is filtered by the controller', async () => {
    const { url, seen } = await startController({ 'GET /api/v1/proposals': () => page([proposal]) });
    await wirebook(
      ['proposal', 'list', '--wire', 'front', '--family', '4', '--ip', '10.1.2.3', '--space', 's'],
      { url },
    );
    const query = Object.fromEntries(seen[0]?.query ?? []);
    expect(query).toMatchObject({ wire: 'front', family: '4', ip: '10.1.2.3', space: 's' });
  });
});
