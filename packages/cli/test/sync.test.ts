import { describe, expect, test } from 'vitest';
import { events, problem, startController, type Route } from './support/controller.ts';
import { idOf, syncRun } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

const start = 'POST /api/v1/cloud-accounts/vc/sync';
const follow = `GET /api/v1/sync-runs/${idOf(40)}/events`;
const read = `GET /api/v1/sync-runs/${idOf(40)}`;
const started: Route = () => ({ status: 202, body: syncRun() });
const progress = (phase: string, done: number, total: number | null): object =>
  syncRun({ phase, progress: { done, total } });
const succeeded = syncRun({
  state: 'succeeded',
  phase: 'apply',
  endedAt: '2026-01-02T03:04:15Z',
  counts: { wires: 4, servers: 200 },
  changes: {
    wires: { created: 1, updated: 0, missing: 0, returned: 0 },
    records: { created: 7, ended: 0 },
    objects: [{ kind: 'wire', name: 'front', change: 'created', fields: [] }],
  },
  errors: [{ object: 'web-01', kind: 'server', text: 'Its configuration could not be read.' }],
});

function following(end: object, ...steps: object[]): Record<string, Route> {
  return {
    [start]: started,
    [follow]: () =>
      events([
        ...steps.map((data, index) => ({ id: String(index), event: 'progress', data })),
        { event: 'end', data: end },
      ]),
    [read]: () => ({ body: end }),
  };
}

describe('a sync', () => {
  test('is followed phase by phase on stderr, and its outcome printed on stdout', async () => {
    const { url, seen } = await startController(
      following(
        succeeded,
        progress('servers', 5, 200),
        progress('servers', 90, 200),
        progress('apply', 0, null),
      ),
    );
    const { exitCode, out, messages } = await wirebook(['account', 'sync', 'vc'], { url });
    expect(exitCode).toBe(0);
    expect(messages.split('\n')).toEqual(['vc-berlin: reading servers', 'vc-berlin: writing', '']);
    expect(out).toMatch(/STATE +succeeded/);
    expect(out).toMatch(/SECONDS +10/);
    expect(out).toMatch(/WIRES +4 +1 +0 +0 +0/);
    expect(out).toMatch(/SERVERS +200 +- +-/);
    expect(out).toContain('NIC records: 7 created, 0 ended');
    expect(out).toMatch(/created +wire +front/);
    expect(out).toMatch(/Could not be read \(1\):\nOBJECT.*\nweb-01/);
    expect(seen[0]?.body).toEqual({ dryRun: false });
  });

  test('on a terminal its progress is one line, cleared at the end', async () => {
    const { url } = await startController(following(succeeded, progress('servers', 90, 200)));
    const { messages } = await wirebook(['account', 'sync', 'vc'], { url, answers: [], columns: 40 });
    expect(messages).toContain('\r\u001b[2Kvc-berlin: reading servers 90/200');
    expect(messages).not.toContain('\n');
    expect(messages.endsWith('\r\u001b[2K')).toBe(true);
  });

  test('in JSON is the run, and --dry-run asks for no more than a plan', async () => {
    const { url, seen } = await startController(following(succeeded));
    const { out } = await wirebook(['account', 'sync', 'vc', '--dry-run', '-o', 'json'], { url });
    expect(JSON.parse(out)).toEqual(succeeded);
    expect(seen[0]?.body).toEqual({ dryRun: true });
  });

  test('with --no-wait is only started', async () => {
    const { url, seen } = await startController({ [start]: started });
    const { exitCode, out } = await wirebook(['account', 'sync', 'vc', '--no-wait', '-o', 'json'], { url });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual(syncRun());
    expect(seen).toHaveLength(1);
  });

  test.each(['failed', 'cancelled'])(
    'that %s ends with 1, its reason and remedy on stderr',
    async (state) => {
      const failure = { code: 'unreachable', text: 'vc does not answer.', remedy: 'Look at its firewall.' };
      const { url } = await startController(following(syncRun({ state, failure })));
      const { exitCode, messages } = await wirebook(['account', 'sync', 'vc'], { url });
      expect(exitCode).toBe(1);
      expect(messages).toContain('vc does not answer.\n  what to do: Look at its firewall.');
    },
  );

  test('that is refused ends with 1', async () => {
    const { url } = await startController({ [start]: () => ({ status: 422, body: problem('unreachable') }) });
    expect((await wirebook(['account', 'sync', 'vc'], { url })).exitCode).toBe(1);
  });

  test('whose stream breaks is followed on from the last event', async () => {
    let calls = 0;
    const { url, seen } = await startController({
      [start]: started,
      [follow]: () => {
        calls += 1;
        return calls === 1
          ? events([{ id: '17', event: 'progress', data: progress('servers', 1, 2) }])
          : events([{ event: 'end', data: succeeded }]);
      },
      [read]: () => ({ body: calls < 2 ? progress('servers', 1, 2) : succeeded }),
    });
    const { exitCode, out } = await wirebook(['account', 'sync', 'vc', '-o', 'json'], { url });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual(succeeded);
    const opened = seen.filter(({ line }) => line === follow);
    expect(opened.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '17']);
  });

  test('goes on when Ctrl-C ends the waiting, and the user is told how to cancel it', async () => {
    const { url, seen } = await startController({
      [start]: started,
      [follow]: () => events([{ event: 'progress', data: progress('apply', 1, 2) }], { stayOpen: true }),
      [`POST /api/v1/sync-runs/${idOf(40)}/cancel`]: () => ({ body: syncRun() }),
    });
    const { exitCode, out, messages } = await wirebook(['account', 'sync', 'vc'], {
      url,
      onMessage: (all, interrupt) => {
        if (all.includes('writing')) interrupt();
      },
    });
    expect(exitCode).toBe(1);
    expect(out).toBe('');
    expect(messages).toContain('The sync of "vc-berlin" goes on.');
    expect(messages).toContain(`wirebook sync cancel ${idOf(40)}`);
    expect(seen.some(({ line }) => line.endsWith('/cancel'))).toBe(false);
  });

  test('that failed can be looked at without failing', async () => {
    const run = syncRun({ state: 'failed', failure: { code: 'x', text: 'It failed.', remedy: '' } });
    const { url } = await startController({ [read]: () => ({ body: run }) });
    const { exitCode, out } = await wirebook(['sync', 'show', idOf(40), '-o', 'json'], { url });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual(run);
  });
});
