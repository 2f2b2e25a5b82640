import { describe, expect, test } from 'vitest';
import { page, problem, startController } from './support/controller.ts';
import { givenAddress, idOf, networkAddress } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

const list = 'GET /api/v1/networks/web/addresses';
const take = 'POST /api/v1/networks/web/allocate';
const claim = '/api/v1/networks/web/claims/build-7';

/** The cells of a table, row by row. */
function cells(out: string): string[][] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
}

describe('the addresses of a network', () => {
  const used = networkAddress('10.1.2.3', 'used', {
    server: { id: idOf(31), name: 'web-01' },
    nic: { id: idOf(30), mac: '00:50:56:aa:00:01' },
    source: 'tools',
    since: '2026-01-02T03:04:05Z',
    evidence: 'VMware Tools of web-01 report it.',
  });
  const printer = networkAddress('10.1.2.4', 'held', {
    holder: { name: 'printer', owner: 'ops', mac: '00:11:22:33:44:55', note: '' },
  });
  const free = networkAddress('10.1.2.5', 'free', { end: '10.1.2.254', count: 250 });

  test('stand one under another, a run of free ones in one line', async () => {
    const { url } = await startController({ [list]: () => page([used, printer, free]) });
    const { out, exitCode } = await wirebook(['network', 'addresses', 'web'], { url });
    expect(exitCode).toBe(0);
    const [head = [], first = [], second = [], third = []] = cells(out);
    expect(head).toEqual(['ADDRESS', 'COUNT', 'STATE', 'HOLDER', 'MAC', 'SINCE', 'EVIDENCE']);
    expect(first.toSpliced(5, 1)).toEqual([
      '10.1.2.3',
      '1',
      'used',
      'web-01',
      '00:50:56:aa:00:01',
      'VMware Tools of web-01 report it.',
    ]);
    expect(second).toEqual(['10.1.2.4', '1', 'held', 'printer', '00:11:22:33:44:55', '-', '-']);
    expect(third).toEqual(['10.1.2.5 - 10.1.2.254', '250', 'free', '-', '-', '-', '-']);
  });

  test('show until when, where something ends by itself', async () => {
    const hold = networkAddress('10.1.2.9', 'held', { key: 'build-7', until: '2030-01-02T03:04:05Z' });
    const { url } = await startController({ [list]: () => page([hold, free]) });
    const [head = [], first = []] = cells((await wirebook(['network', 'addresses', 'web'], { url })).out);
    expect(head[6]).toBe('UNTIL');
    expect([first[3], first[6]]).toEqual(['build-7', expect.stringMatching(/^2030-01-0[123] \d\d:\d\d$/)]);
  });

  test('are asked for by state and from an address on, page by page, and never sorted or searched', async () => {
    const { url, seen } = await startController({
      [list]: ({ query }) => (query.get('cursor') === null ? page([used], 'next') : page([free])),
    });
    const words = ['network', 'addresses', 'web', '--state', 'used,free', '--from', '10.1.2.3'];
    const { out } = await wirebook([...words, '-o', 'json'], { url });
    expect(JSON.parse(out)).toEqual([used, free]);
    expect(seen.map(({ query }) => Object.fromEntries(query))).toEqual([
      { limit: '500', state: 'used,free', from: '10.1.2.3' },
      { limit: '500', state: 'used,free', from: '10.1.2.3', cursor: 'next' },
    ]);
    expect((await wirebook([...words, '--sort', 'start'], { url })).exitCode).toBe(2);
  });

  test('in CSV have the fields of the API', async () => {
    const { url } = await startController({ [list]: () => page([printer]) });
    const { out } = await wirebook(['network', 'addresses', 'web', '-o', 'csv'], { url });
    expect(out.split('\r\n').slice(0, 2)).toEqual([
      'start,end,count,state,server.name,nic.mac,holder.name,holder.owner,holder.mac,holder.note,key,source,since,until,evidence',
      '10.1.2.4,10.1.2.4,1,held,,,printer,ops,00:11:22:33:44:55,,,,,,',
    ]);
  });
});

describe('taking addresses', () => {
  test('next shows what would be given, and says when there are fewer', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/networks/web/next': () => ({ body: { items: [{ ip: '10.1.2.3' }, { ip: '10.1.2.4' }] } }),
    });
    const { out, messages } = await wirebook(['network', 'next', 'web', '--count', '3'], { url });
    expect(seen[0]?.query.get('count')).toBe('3');
    expect(out).toBe('IP\n10.1.2.3\n10.1.2.4\n');
    expect(messages).toBe('Only 2 more are free.\n');
  });

  test('allocate sends what was given and prints what a machine needs', async () => {
    const { url, seen } = await startController({
      [take]: () => ({ status: 201, body: { items: [givenAddress('10.1.2.3'), givenAddress('10.1.2.4')] } }),
    });
    const { out } = await wirebook(['network', 'allocate', 'web', '--count', '2', '--note', 'two'], { url });
    expect(seen[0]?.body).toEqual({ count: 2, note: 'two' });
    expect(cells(out)).toEqual([
      ['IP', 'PREFIX LENGTH', 'GATEWAY', 'DNS', 'DOMAIN'],
      ['10.1.2.3', '24', '10.1.2.1', '10.1.0.53, 10.1.0.54', '-'],
      ['10.1.2.4', '24', '10.1.2.1', '10.1.0.53, 10.1.0.54', '-'],
    ]);
    await wirebook(['network', 'allocate', 'web'], { url });
    expect(seen[1]?.body).toEqual({});
  });

  test('--for counts from now', async () => {
    const { url, seen } = await startController({
      [take]: () => ({ status: 201, body: { items: [givenAddress('10.1.2.3')] } }),
    });
    const before = Date.now();
    await wirebook(['network', 'allocate', 'web', '--ip', '10.1.2.3', '--for', '2h'], { url });
    const after = Date.now();
    const { ip, expiresAt } = seen[0]?.body ?? {};
    expect(ip).toBe('10.1.2.3');
    const at = Date.parse(String(expiresAt)) - 2 * 3600 * 1000;
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(after);
  });

  test.each([
    ['2030-12-31T18:00Z', '2030-12-31T18:00:00.000Z'],
    ['2030-12-31T18:00:30+02:00', '2030-12-31T16:00:30.000Z'],
    ['2031-01-01 00:30-05:30', '2031-01-01T06:00:00.000Z'],
    ['2028-02-29 10:05', new Date(2028, 1, 29, 10, 5).toISOString()],
    // A day lasts to its end.
    ['2030-12-31', new Date(2031, 0, 1).toISOString()],
    ['none', null],
  ])('--until %s is %s', async (typed, expiresAt) => {
    const { url, seen } = await startController({
      [take]: () => ({ status: 201, body: { items: [givenAddress('10.1.2.3')] } }),
    });
    await wirebook(['network', 'allocate', 'web', '--until', typed], { url });
    expect(seen[0]?.body).toEqual({ expiresAt });
  });

  test.each(['tomorrow', '2030-02-30', '2030-13-01', '2030-01-01 25:00', '31.12.2030'])(
    '--until %s is no time, and nothing is sent',
    async (typed) => {
      const { url, seen } = await startController({});
      const { exitCode, messages } = await wirebook(['network', 'allocate', 'web', '--until', typed], {
        url,
      });
      expect(exitCode).toBe(2);
      expect(messages).toContain(`not "${typed}"`);
      expect(seen).toEqual([]);
    },
  );

  test.each([
    [['--ip', '10.1.2.3', '--count', '2']],
    [['--for', '2h', '--until', '2030-01-01']],
    [['--count', 'x']],
    [['--for', 'long']],
    [['--for', '99999999d']],
  ])('%j is wrong usage', async (flags) => {
    const { url, seen } = await startController({});
    expect((await wirebook(['network', 'allocate', 'web', ...flags], { url })).exitCode).toBe(2);
    expect(seen).toEqual([]);
  });

  test('a refusal says why, and what to do', async () => {
    const { url } = await startController({
      [take]: () => ({
        status: 409,
        body: problem('address_not_free', {
          detail: '10.1.2.3 belongs to web-01.',
          remedy: 'wirebook why 10.1.2.3',
        }),
      }),
    });
    const { exitCode, out, messages } = await wirebook(['network', 'allocate', 'web', '--ip', '10.1.2.3'], {
      url,
    });
    expect([exitCode, out]).toEqual([1, '']);
    expect(messages).toContain('10.1.2.3 belongs to web-01.\n  what to do: wirebook why 10.1.2.3\n');
  });

  test('release tells of each whether somebody had it', async () => {
    const items = [
      { ip: '10.1.2.3', released: true },
      { ip: '10.1.2.4', released: false },
    ];
    const { url, seen } = await startController({
      'POST /api/v1/networks/web/release': () => ({ body: { items } }),
    });
    const { out } = await wirebook(['network', 'release', 'web', '10.1.2.3', '10.1.2.4'], { url });
    expect(seen[0]?.body).toEqual({ ips: ['10.1.2.3', '10.1.2.4'] });
    expect(cells(out)).toEqual([
      ['IP', 'RELEASED'],
      ['10.1.2.3', 'yes'],
      ['10.1.2.4', 'no'],
    ]);
  });
});

describe('the claim of a key', () => {
  const made = givenAddress('10.1.2.7', {
    key: 'build-7',
    holder: { name: '', owner: null, mac: null, note: 'a note' },
  });

  test('is made, or is as it was: what is given is sent, none takes away', async () => {
    const { url, seen } = await startController({ [`PUT ${claim}`]: () => ({ body: made }) });
    const { out } = await wirebook(
      ['network', 'claim', 'web', 'build-7', '--owner', 'none', '--mac', 'none', '--note', 'a note'],
      { url },
    );
    expect(seen[0]?.body).toEqual({ owner: null, mac: null, note: 'a note' });
    expect(out).toMatch(/^IP +10\.1\.2\.7$/m);
    expect(out).toMatch(/^HOLDER +a note$/m);
  });

  test('is shown, and given back', async () => {
    const { url, seen } = await startController({
      [`GET ${claim}`]: () => ({ body: made }),
      [`DELETE ${claim}`]: () => ({ status: 204 }),
    });
    const shown = await wirebook(['network', 'claim', 'web', 'build-7', '--show', '-o', 'json'], { url });
    expect(JSON.parse(shown.out)).toEqual(made);
    const released = await wirebook(['network', 'claim', 'web', 'build-7', '--release'], { url });
    expect([released.exitCode, released.out, released.messages]).toEqual([
      0,
      '',
      'The key build-7 has no address any more.\n',
    ]);
    expect(seen.map(({ line }) => line)).toEqual([`GET ${claim}`, `DELETE ${claim}`]);
  });

  test('a key may hold what a path does not; one that would lead elsewhere is not sent', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/networks/web/claims/a%2Fb%20%E5%90%8D': () => ({ body: made }),
    });
    expect((await wirebook(['network', 'claim', 'web', 'a/b 名', '--show'], { url })).exitCode).toBe(0);
    for (const key of ['.', '..', '']) {
      const { exitCode, messages } = await wirebook(['network', 'claim', 'web', key, '--release'], { url });
      expect(exitCode).toBe(2);
      expect(messages).toContain(`"${key}" names nothing`);
    }
    expect(seen).toHaveLength(1);
  });

  test('is not asked for in two ways at once', async () => {
    const { url } = await startController({});
    for (const flags of [
      ['--show', '--release'],
      ['--release', '--note', 'x'],
      ['--show', '--for', '2h'],
    ])
      expect((await wirebook(['network', 'claim', 'web', 'k', ...flags], { url })).exitCode).toBe(2);
  });
});

test('address list asks over all networks', async () => {
  const taken = {
    ip: '10.1.2.3',
    space: { id: idOf(2), name: 'default' },
    network: { id: idOf(20), name: 'web' },
    state: 'held',
    server: null,
    nic: null,
    holder: { name: 'printer', owner: null, mac: null, note: '' },
    key: 'printer-3',
    source: 'manual',
    since: '2026-01-02T03:04:05Z',
    expiresAt: null,
  };
  const { url, seen } = await startController({ 'GET /api/v1/addresses': () => page([taken]) });
  const { out } = await wirebook(
    ['address', 'list', '--network', 'web', '--state', 'held', '--source', 'manual', '--key', 'printer-3'],
    { url },
  );
  expect(Object.fromEntries(seen[0]?.query ?? [])).toEqual({
    limit: '100',
    network: 'web',
    state: 'held',
    source: 'manual',
    key: 'printer-3',
  });
  expect(cells(out)[1]?.slice(0, 7)).toEqual(['10.1.2.3', 'held', '-', '-', 'printer', 'printer-3', 'web']);
});
