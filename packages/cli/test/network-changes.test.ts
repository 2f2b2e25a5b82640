import { describe, expect, test } from 'vitest';
import { startController, type Route } from './support/controller.ts';
import { idOf, network } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

const nothing = {
  networks: [network('web')],
  gone: [],
  settles: 0,
  ends: 0,
  conflicts: 0,
  nics: [],
  claims: 0,
  keys: [],
  reservations: 0,
  cutReservations: [],
  notKept: [],
  keptWires: [],
  nicsMoved: null,
};
const done: Route = () => ({ body: nothing });

describe('splitting, merging and moving', () => {
  test.each([
    ['split', ['--at', '10.1.2.128'], { at: '10.1.2.128' }],
    [
      'split',
      ['--at', '10.1.2.128', '--name', 'upper', '--prefix', '25', '--gateway', '10.1.2.129'],
      { at: '10.1.2.128', name: 'upper', prefixLength: 25, gateway: '10.1.2.129' },
    ],
    ['split', ['--at', '10.1.2.128', '--gateway', 'none'], { at: '10.1.2.128', gateway: null }],
    ['merge', ['--into', 'lab'], { into: 'lab' }],
    ['merge', ['--into', 'lab', '--prefix', '22'], { into: 'lab', prefixLength: 22 }],
    ['move', ['--wire', 'VDS-prod'], { wire: 'VDS-prod' }],
    ['move', [], {}],
  ])('network %s web %j sends %j', async (verb, flags, body) => {
    const { url, seen } = await startController({ [`POST /api/v1/networks/web/${verb}`]: done });
    const { exitCode } = await wirebook(['network', verb, 'web', ...flags], { url });
    expect(exitCode).toBe(0);
    expect(seen.map((one) => one.body)).toEqual([body]);
    expect(seen[0]?.query.get('dryRun')).toBeNull();
    const dry = await wirebook(['network', verb, 'web', ...flags, '--dry-run'], { url });
    expect(dry.messages).toContain('Nothing was changed.');
    expect(seen.at(-1)?.query.get('dryRun')).toBe('true');
  });

  test.each([['split'], ['merge']])('network %s without its target is wrong usage', async (verb) => {
    expect((await wirebook(['network', verb, 'web'])).exitCode).toBe(2);
  });

  test('shows the networks as they are then, what goes along, and what is not kept', async () => {
    const { url } = await startController({
      'POST /api/v1/networks/web/merge': () => ({
        body: {
          ...nothing,
          networks: [network('lab', { start: '10.1.2.1', end: '10.1.2.254', cidr: '10.1.2.0/24' })],
          gone: [{ id: idOf(21), name: 'web' }],
          claims: 12,
          keys: ['printer'],
          reservations: 2,
          cutReservations: [{ start: '10.1.2.120', end: '10.1.2.140' }],
          notKept: [{ network: { id: idOf(21), name: 'web' }, field: 'gateway', value: '10.1.2.254' }],
          ends: 1,
          nics: [{ server: { id: idOf(31), name: 'web-01' }, mac: null, ip: '10.1.2.3', change: 'ended' }],
        },
      }),
    });
    const { out } = await wirebook(['network', 'merge', 'web', '--into', 'lab'], { url });
    expect(out).toMatch(/lab +10\.1\.2\.0\/24 +10\.1\.2\.1-10\.1\.2\.254/);
    expect(out).toMatch(/GONE +web/);
    expect(out).toMatch(/CLAIMS THAT GO ALONG +12/);
    expect(out).toMatch(/KEYS +printer/);
    expect(out).toMatch(/RESERVATIONS CUT IN TWO +10\.1\.2\.120-10\.1\.2\.140/);
    expect(out).toMatch(/NOT KEPT +web: GATEWAY 10\.1\.2\.254/);
    expect(out).not.toContain('WIRES KEPT');
    expect(out).toMatch(/web-01 +- +10\.1\.2\.3 +ended/);
  });

  test('says where the NICs went, and which wire is kept for whom', async () => {
    const [from, to] = [
      { id: idOf(11), name: 'front' },
      { id: idOf(12), name: 'VDS-prod' },
    ];
    const text =
      '91 of 92 NICs with addresses of "web" are on "VDS-prod" by now, not on "front": move the network?';
    const effect = {
      ...nothing,
      keptWires: [{ network: { id: idOf(21), name: 'web' }, wire: from, nics: 1 }],
      nicsMoved: { from, to, moved: 91, total: 92, text },
    };
    const { url } = await startController({ 'POST /api/v1/networks/web/move': () => ({ body: effect }) });
    const { out, messages } = await wirebook(['network', 'move', 'web', '--dry-run'], { url });
    expect(messages).toContain(text);
    expect(out).not.toContain('GO ALONG');
    expect(out).toMatch(/WIRES KEPT \(NICS\) +web: front \(1\)/);
    // Once it is done there is nothing to ask.
    expect((await wirebook(['network', 'move', 'web'], { url })).messages).not.toContain(text);
    const json = await wirebook(['network', 'move', 'web', '--dry-run', '-o', 'json'], { url });
    expect(JSON.parse(json.out)).toEqual(effect);
  });
});
