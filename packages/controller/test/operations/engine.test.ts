import { VsphereError } from '@wirebook/vsphere';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSeal } from '../../src/app/sealing.ts';
import { newId } from '../../src/domain/ids.ts';
import { carryOn, type EnginePoint } from '../../src/operations/engine.ts';
import { StepFailure } from '../../src/operations/failure.ts';
import { Died } from '../../src/operations/logbook.ts';
import { openSessions } from '../../src/operations/sessions.ts';
import { operationKind, type Step } from '../../src/operations/step.ts';
import { openDatabase, type OpenDatabase } from '../../src/store/database.ts';
import { listOperations, type StoredOperation } from '../../src/store/operation-list.ts';
import {
  insertOperations,
  layDownOperations,
  requestOperationCancel,
  takeOperations,
} from '../../src/store/operations.ts';
import { createTestDatabase } from '../support/test-database.ts';

/** An operation that puts papers on a table, one per step, and takes them off again: what is on the table is what was done. */
const names = ['first', 'second', 'third'] as const;
let database: { url: string; drop(): Promise<void> };
let open: OpenDatabase;
let table: string[];
/** How often each paper was put down or taken off. */
let acts: string[];
let onAct: (name: string, signal: AbortSignal) => Promise<void> | void;
let onUndo: (name: string) => void;
let diesAt: ((point: EnginePoint) => boolean) | null;

beforeEach(async () => {
  database = await createTestDatabase();
  open = openDatabase({ url: database.url, onError: () => undefined });
  table = [];
  acts = [];
  onAct = () => undefined;
  onUndo = () => undefined;
  diesAt = null;
});
afterEach(async () => {
  await open.close();
  await database.drop();
});

const step = (name: string): Step<{ put: string }> => ({
  name,
  act: async (run) => {
    await onAct(name, run.signal);
    if (!table.includes(name)) {
      table.push(name);
      acts.push(`+${name}`);
    }
    await run.remember({ put: name });
  },
  undo: (run) => {
    onUndo(name);
    if (table.includes(name)) {
      table.splice(table.indexOf(name), 1);
      acts.push(`-${name}`);
      expect(run.facts.put).toBeDefined();
    }
    return Promise.resolve();
  },
  remains: () => [{ code: 'paper', params: { name } }],
});
const kind = operationKind('create_server', names.map(step));

async function begin(more: { keepOnFailure?: boolean; parentId?: string } = {}): Promise<string> {
  const id = newId();
  await open.db.transaction().execute((tx) =>
    insertOperations(tx, [
      {
        id,
        kind: 'create_server',
        parentId: more.parentId ?? null,
        accountId: null,
        serverId: null,
        serverName: 'paper',
        requestedBy: 'tester',
        input: {},
        sealed: openSeal(Buffer.alloc(32)).seal('{"password":"s3cret"}', id),
        facts: {},
        keepOnFailure: more.keepOnFailure ?? false,
        steps: names.map((name) => ({ name, done: false })),
        addresses: [],
      },
    ]),
  );
  return id;
}

/** One life of a controller: takes what there is to take and carries it on. */
async function live(controllerId: string, stop = new AbortController().signal): Promise<void> {
  const ids = await takeOperations(open.db, { controllerId, atOnce: 8, room: 8 });
  for (const operationId of ids) {
    const cancel = new AbortController();
    await carryOn(
      {
        db: open.db,
        seal: openSeal(Buffer.alloc(32)),
        sessions: openSessions(() => {
          throw new Error('papers need no vCenter');
        }),
        kinds: [kind],
        logError: (error) => {
          throw error;
        },
        patienceMs: 200,
        atPoint: (point) => {
          if (diesAt?.(point) === true) {
            diesAt = null;
            throw new Died();
          }
        },
      },
      { operationId, controllerId, cancel: cancel.signal, stop },
    ).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
  }
}

/** Controllers come and go until nothing is left to do. */
async function liveUntilEnded(id: string): Promise<StoredOperation> {
  for (;;) {
    await layDownOperations(open.db, { controllerId: newId(), isWorkingOn: () => false });
    await live(newId());
    const shown = await show(id);
    if (!['queued', 'running'].includes(shown.state)) return shown;
  }
}

async function show(id: string): Promise<StoredOperation> {
  const [found] = (await listOperations(open.db, { ids: [id], limit: 1 })).items;
  if (found === undefined) throw new Error('the operation is gone');
  return found;
}

const cancel = (id: string): Promise<boolean> =>
  open.db.transaction().execute((tx) => requestOperationCancel(tx, id));

const moments = ['before', 'acted', 'noted'] as const;

test('goes step by step to its end, and what was sealed is gone then', async () => {
  const id = await begin();
  const ended = await liveUntilEnded(id);
  expect(ended).toMatchObject({ state: 'succeeded', error: null, progress: { done: 3, total: 3 } });
  expect(table).toEqual([...names]);
  const { rows } = await open.pool.query<{ sealed: Buffer | null }>('SELECT sealed FROM operations');
  expect(rows[0]?.sealed).toBeNull();
});

test.each(names.flatMap((name) => moments.map((moment) => [name, moment] as const)))(
  'goes on after a death in step %s, %s, and does nothing twice',
  async (name, moment) => {
    diesAt = (point) => point.step === name && point.moment === moment;
    const ended = await liveUntilEnded(await begin());
    expect(ended.state).toBe('succeeded');
    expect(acts).toEqual(names.map((one) => `+${one}`));
  },
);

test.each(names)('takes everything back when step %s fails', async (name) => {
  onAct = (one) => {
    if (one === name) throw new StepFailure('paper_missing', { name });
  };
  const ended = await liveUntilEnded(await begin());
  expect(ended).toMatchObject({
    state: 'undone',
    error: { code: 'paper_missing', params: { name } },
    left: [],
  });
  expect(table).toEqual([]);
});

test.each(names.slice(0, 2).flatMap((name) => moments.map((moment) => [name, moment] as const)))(
  'goes on taking back after a death in undoing %s, %s, and takes nothing back twice',
  async (name, moment) => {
    onAct = (one) => {
      if (one === 'third') throw new StepFailure('paper_missing', { name: one });
    };
    diesAt = (point) => point.way === 'undo' && point.step === name && point.moment === moment;
    const ended = await liveUntilEnded(await begin());
    expect(ended.state).toBe('undone');
    expect(table).toEqual([]);
    expect(acts).toEqual(['+first', '+second', '-second', '-first']);
  },
);

test('a step is tried again while what it fails with passes', async () => {
  let failures = 3;
  onAct = (name) => {
    if (name !== 'second' || failures === 0) return;
    failures -= 1;
    throw new VsphereError({ kind: 'connection', code: 'ECONNREFUSED' });
  };
  const ended = await liveUntilEnded(await begin());
  expect(ended.state).toBe('succeeded');
  expect(ended.log.map(({ line }) => line)).toEqual([
    { code: 'retrying', params: { fault: 'ECONNREFUSED' } },
  ]);
});

test('what does not pass in the time allowed is the reason, and everything is taken back', async () => {
  onAct = (name) => {
    if (name === 'second') throw new VsphereError({ kind: 'connection', code: 'ECONNREFUSED' });
  };
  const ended = await liveUntilEnded(await begin());
  expect(ended).toMatchObject({ state: 'undone', error: { code: 'unreachable' } });
  expect(table).toEqual([]);
});

test('what was cancelled before it began is never done', async () => {
  const id = await begin();
  expect(await cancel(id)).toBe(true);
  expect((await liveUntilEnded(id)).state).toBe('cancelled');
  expect(acts).toEqual([]);
});

test('a cancel in the middle of a step takes everything back', async () => {
  const id = await begin();
  onAct = async (name) => {
    if (name !== 'second') return;
    // The step is broken off by the signal; here the process ends meanwhile, and the next one finds the wish.
    await cancel(id);
    throw new Died();
  };
  const ended = await liveUntilEnded(id);
  expect(ended).toMatchObject({ state: 'cancelled', error: null });
  expect(table).toEqual([]);
});

test('what is kept on failure says what is left, and can be taken back later', async () => {
  const id = await begin({ keepOnFailure: true });
  onAct = (name) => {
    if (name === 'third') throw new StepFailure('paper_missing', { name });
  };
  const kept = await liveUntilEnded(id);
  expect(kept.state).toBe('failed');
  expect(kept.left.map(({ params }) => params['name'])).toEqual(['first', 'second', 'third']);
  expect(table).toEqual(['first', 'second']);
  expect(await cancel(id)).toBe(true);
  expect(await liveUntilEnded(id)).toMatchObject({ state: 'undone', left: [] });
  expect(table).toEqual([]);
});

test('what cannot be taken back stays, with all that it stands on, until somebody asks again', async () => {
  const id = await begin();
  let stuck = true;
  onAct = (name) => {
    if (name === 'third') throw new StepFailure('paper_missing', { name });
  };
  onUndo = (name) => {
    if (name === 'second' && stuck) throw new StepFailure('paper_glued', {});
  };
  const failed = await liveUntilEnded(id);
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'paper_missing' } });
  expect(failed.left.map(({ params }) => params['name'])).toEqual(['first', 'second']);
  expect(table).toEqual(['first', 'second']);
  stuck = false;
  expect(await cancel(id)).toBe(true);
  expect((await liveUntilEnded(id)).state).toBe('undone');
  expect(table).toEqual([]);
  expect(await cancel(id)).toBe(false);
});

test('a controller that was taken for dead notes nothing more', async () => {
  const id = await begin();
  const late = newId();
  onAct = async (name) => {
    if (name !== 'second') return;
    // Another has taken the operation over while this one was held up.
    await open.pool.query('UPDATE operations SET controller_id = $1 WHERE id = $2', [newId(), id]);
  };
  await live(late);
  const shown = await show(id);
  expect(shown.state).toBe('running');
  expect(shown.steps.map(({ state }) => state)).toEqual(['done', 'running', 'pending']);
});

test('several controllers together have no more of an account under way than allowed', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, () => begin()));
  const taken = await Promise.all(
    Array.from({ length: 5 }, () => takeOperations(open.db, { controllerId: newId(), atOnce: 4, room: 8 })),
  );
  expect(taken.flat()).toHaveLength(4);
  expect(new Set(taken.flat()).size).toBe(4);
  expect(ids).toEqual(expect.arrayContaining(taken.flat()));
});

test('a whole ends with its last part', async () => {
  const whole = newId();
  await open.db.transaction().execute((tx) =>
    insertOperations(tx, [
      {
        id: whole,
        kind: 'create_servers',
        parentId: null,
        accountId: null,
        serverId: null,
        serverName: null,
        requestedBy: 'tester',
        input: {},
        sealed: null,
        facts: {},
        keepOnFailure: false,
        steps: [],
        addresses: [],
      },
    ]),
  );
  const parts = [await begin({ parentId: whole }), await begin({ parentId: whole })];
  let first = true;
  onAct = (name) => {
    if (name === 'third' && first) {
      first = false;
      throw new StepFailure('paper_missing', { name });
    }
  };
  const ended = await liveUntilEnded(whole);
  expect(ended).toMatchObject({
    state: 'failed',
    progress: { done: 2, total: 2 },
    error: { code: 'parts_failed', params: { count: 1, total: 2 } },
  });
  expect(ended.steps.map(({ state }) => state).toSorted()).toEqual(['done', 'undone']);
  expect(ended.result?.servers.map(({ operation }) => operation)).toEqual(parts);
});
