import { describe, expect, test } from 'vitest';
import { page, startController } from './support/controller.ts';
import { finding, idOf, mending } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

const findings = [
  finding('guest_mask'),
  finding('guest_gateway', { id: idOf(61), text: 'One.', remedy: 'Mend the gateway.' }),
  finding('guest_gateway', { id: idOf(62), text: 'Other.', remedy: 'Leave it.' }),
  finding('guest_gateway', { id: idOf(63), text: 'Third.', remedy: 'Mend the gateway.' }),
];

describe('findings', () => {
  test('are told by kind in whole sentences, what to do once below those that it is for', async () => {
    const { url } = await startController({ 'GET /api/v1/findings': () => page(findings) });
    const { out, exitCode } = await wirebook(['finding', 'list'], { url, columns: 40 });
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      'guest_mask: one finding, another prefix length in the guest than in its network',
      'Text of guest_mask.',
      '  what to do: Remedy of guest_mask.',
      '',
      'guest_gateway: 3 findings, another gateway in the guest than in its network',
      'One.',
      'Third.',
      '  what to do: Mend the gateway.',
      'Other.',
      '  what to do: Leave it.',
      '',
    ]);
  });

  test('are filtered by several kinds and by objects', async () => {
    const { url, seen } = await startController({ 'GET /api/v1/findings': () => page([]) });
    const { messages, out } = await wirebook(
      [
        'finding',
        'list',
        '--kind',
        'guest_mask',
        'guest_gateway',
        '--wire',
        'front',
        '--network',
        'web',
        '-q',
        'x',
      ],
      { url },
    );
    expect(Object.fromEntries(seen[0]?.query ?? [])).toEqual({
      limit: '100',
      kind: 'guest_mask,guest_gateway',
      wire: 'front',
      network: 'web',
      q: 'x',
    });
    expect([out, messages]).toEqual(['', 'Nothing was found to be wrong.\n']);
    const { exitCode } = await wirebook(['finding', 'list', '--kind', 'nonsense'], { url });
    expect(exitCode).toBe(2);
  });

  test('are objects in JSON, and rows in CSV', async () => {
    const { url } = await startController({ 'GET /api/v1/findings': () => page(findings) });
    expect(JSON.parse((await wirebook(['finding', 'list', '-o', 'json'], { url })).out)).toEqual(findings);
    const { out } = await wirebook(['finding', 'list', '-o', 'csv'], { url });
    expect(out.split('\r\n')[0]).toBe(
      'kind,server.name,nic.mac,network.name,wire.name,ip,expected,found,text,remedy',
    );
    expect(out.split('\r\n')[1]).toContain('guest_mask,web-01,00:50:56:aa:00:01,web,front,10.1.2.3');
  });

  test('hide nothing from whoever reads them in a terminal', async () => {
    const odd = finding('guest_mask', { text: 'a\u001b[31mb\nc', remedy: 'd\u0007' });
    const { url } = await startController({ 'GET /api/v1/findings': () => page([odd]) });
    const { out } = await wirebook(['finding', 'list'], { url });
    expect(out).toContain(String.raw`a\u001b[31mb\nc`);
    expect(out).toContain(String.raw`d\u0007`);
  });

  test('are counted by kind', async () => {
    const summary = { findings: 3, kinds: [{ kind: 'guest_mask', findings: 3, text: 'Title.' }] };
    const { url, seen } = await startController({
      'GET /api/v1/findings/summary': () => ({ body: summary }),
    });
    const { out } = await wirebook(['finding', 'summary', '--account', 'lab', '-o', 'json'], { url });
    expect(JSON.parse(out)).toEqual(summary);
    expect(seen[0]?.query.get('account')).toBe('lab');
  });
});

const mend = 'POST /api/v1/nics/mend';
const done = mending({
  settled: 3,
  wires: [
    {
      network: { id: idOf(20), name: 'web' },
      wire: { id: idOf(10), name: 'front' },
      origin: 'detected',
      nics: 2,
    },
  ],
  ranges: [
    {
      network: { id: idOf(20), name: 'web' },
      before: { start: '10.1.2.10', end: '10.1.2.20' },
      after: { start: '10.1.2.10', end: '10.1.2.99' },
      nics: 1,
    },
  ],
  refused: [
    {
      network: { id: idOf(20), name: 'web' },
      wire: { id: idOf(11), name: 'bubble' },
      nics: 1,
      ips: ['10.1.2.5'],
      text: 'This speaks against it.',
      remedy: 'Decide.',
    },
  ],
  awaitingNetwork: 4,
  remaining: [{ code: 'no_network', nics: 4, text: 'no network holds the address' }],
});

describe('mending many at once', () => {
  test('shows what would be done and asks; after a yes it is done', async () => {
    const { url, seen } = await startController({ [mend]: () => ({ body: done }) });
    const { out, messages, exitCode } = await wirebook(['nic', 'mend', '--network', 'web', 'db'], {
      url,
      answers: ['y'],
    });
    expect(exitCode).toBe(0);
    expect(seen.map(({ query, body }) => [query.get('dryRun'), body])).toEqual([
      ['true', { networks: ['web', 'db'] }],
      [null, { networks: ['web', 'db'] }],
    ]);
    expect(messages).toContain('Nothing was changed. This is what would be:');
    expect(messages).toMatch(/web +front +detected +2/);
    expect(messages).toMatch(/web +10\.1\.2\.10-10\.1\.2\.20 +10\.1\.2\.10-10\.1\.2\.99 +1/);
    expect(messages).toMatch(/Do this\? \[y\/N\] $/);
    expect(out).toContain('3 NICs have a record by it.');
    expect(out).toContain('This speaks against it. (10.1.2.5)\n  what to do: Decide.');
    expect(out).toContain('4 NICs have addresses that no network holds');
    expect(out).toMatch(/no_network +4 +no network holds the address/);
  });

  test.each([[''], ['n'], ['yess']])('after the answer "%s" nothing is done, exit code 1', async (answer) => {
    const { url, seen } = await startController({ [mend]: () => ({ body: done }) });
    const { exitCode, messages, out } = await wirebook(['nic', 'mend'], { url, answers: [answer] });
    expect([exitCode, out, seen.length]).toEqual([1, '', 1]);
    expect(messages).toContain('nothing was changed');
  });

  test('without a terminal it is refused unless --yes or --dry-run is said', async () => {
    const { url, seen } = await startController({ [mend]: () => ({ body: done }) });
    const refused = await wirebook(['nic', 'mend'], { url });
    expect([refused.exitCode, refused.out, seen.length]).toEqual([2, '', 0]);
    expect(refused.messages).toContain('--yes');
    expect((await wirebook(['nic', 'mend', '--yes', '-o', 'json'], { url })).exitCode).toBe(0);
    expect((await wirebook(['nic', 'mend', '--dry-run'], { url })).exitCode).toBe(0);
    expect(seen.map(({ query }) => query.get('dryRun'))).toEqual([null, 'true']);
    expect((await wirebook(['nic', 'mend', '--yes', '--dry-run'], { url })).exitCode).toBe(2);
  });

  test('where there is nothing to do nobody is asked', async () => {
    const { url, seen } = await startController({ [mend]: () => ({ body: mending({ dryRun: true }) }) });
    const { out, exitCode } = await wirebook(['nic', 'mend'], { url, answers: [] });
    expect([exitCode, seen.length]).toEqual([0, 1]);
    expect(out).toContain('nothing here that can be mended without a decision of yours');
  });

  test('what was asked for goes into the request, the answer comes out whole in JSON', async () => {
    const { url, seen } = await startController({ [mend]: () => ({ body: done }) });
    const { out } = await wirebook(
      [
        'nic',
        'mend',
        '--reason',
        'outside_range',
        'other_wire',
        '--wire',
        'a b',
        '--account',
        'lab',
        '--suggested',
        '-y',
        '-o',
        'json',
      ],
      { url },
    );
    expect(seen[0]?.body).toEqual({
      reason: ['other_wire', 'outside_range'],
      wires: ['a b'],
      account: 'lab',
      suggested: true,
    });
    expect(JSON.parse(out)).toEqual(done);
  });
});
