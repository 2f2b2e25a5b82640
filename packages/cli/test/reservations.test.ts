import { describe, expect, test } from 'vitest';
import { page, startController } from './support/controller.ts';
import { idOf, reservation } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

describe('reservations', () => {
  const add = 'POST /api/v1/reservations';
  const one = `/api/v1/reservations/${idOf(60)}`;

  test.each([
    [
      ['10.1.2.240-10.1.2.250', '--note', 'firewall'],
      { start: '10.1.2.240', end: '10.1.2.250', note: 'firewall' },
    ],
    [['10.1.2.100 - 10.1.2.199', '--dhcp'], { start: '10.1.2.100', end: '10.1.2.199', kind: 'dhcp' }],
    [['fd00::7'], { start: 'fd00::7' }],
  ])('%j is kept back as it was given', async (words, body) => {
    const { url, seen } = await startController({
      [add]: () => ({ status: 201, body: reservation('10.1.2.240', '10.1.2.250') }),
    });
    const { exitCode, out } = await wirebook(['reservation', 'add', 'web', ...words], { url });
    expect(exitCode).toBe(0);
    expect(out).toContain(idOf(60));
    expect(seen[0]?.body).toEqual({ network: 'web', ...body });
  });

  test.each(['10.1.2.1-', '-10.1.2.1', 'a-b-c'])('%s is no range', async (range) => {
    const { url, seen } = await startController({});
    const { exitCode, messages } = await wirebook(['reservation', 'add', 'web', '--', range], { url });
    expect(exitCode).toBe(2);
    expect(messages).toContain(`not "${range}"`);
    expect(seen).toEqual([]);
  });

  test('are listed, changed and taken away by id, which no narrow terminal cuts', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/reservations': () =>
        page([reservation('10.1.2.240', '10.1.2.250', { note: 'x'.repeat(80) })]),
      [`PATCH ${one}`]: () => ({ body: reservation('10.1.2.240', '10.1.2.254') }),
      [`DELETE ${one}`]: () => ({ status: 204 }),
    });
    const { out } = await wirebook(['reservation', 'list', '--kind', 'dhcp', '--ip', '10.1.2.241'], {
      url,
      columns: 80,
    });
    expect(out).toContain(`${idOf(60)}  `);
    expect(out).toContain('…');
    await wirebook(['reservation', 'update', idOf(60), '--end', '10.1.2.254', '--until', 'none'], { url });
    await wirebook(['reservation', 'remove', idOf(60)], { url });
    expect(seen.map(({ line, body }) => [line, body])).toEqual([
      ['GET /api/v1/reservations', null],
      [`PATCH ${one}`, { end: '10.1.2.254', expiresAt: null }],
      [`DELETE ${one}`, null],
    ]);
    expect(Object.fromEntries(seen[0]?.query ?? [])).toMatchObject({ kind: 'dhcp', ip: '10.1.2.241' });
    expect((await wirebook(['reservation', 'update', idOf(60)], { url })).exitCode).toBe(2);
  });
});
