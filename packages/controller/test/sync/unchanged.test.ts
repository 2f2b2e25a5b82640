import type { List, Wire } from '@wirebook/contract';
import { demoEstate, type Simulator, startSimulator } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addAccount, syncAccount } from '../support/accounts.ts';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';

let simulator: Simulator;
let controller: TestController;
let book: Book;

beforeAll(async () => {
  simulator = await startSimulator({ estate: demoEstate() });
  controller = await startTestController();
  book = await openBook(controller.databaseUrl);
  await addAccount(controller, simulator);
  // The networks that an administrator would make, so that records, reasons and conflicts exist.
  for (const [wire, cidr] of [
    ['sh-web-prod', '10.20.10.0/24'],
    ['sh-app-prod', '10.20.20.0/24'],
    ['sh-db-prod', '10.20.30.0/24'],
    ['Backup', '10.20.70.0/24'],
    ['fr-web', '10.30.10.0/24'],
  ] as const) {
    const wires = await controller.call<List<Wire>>('GET', `/api/v1/wires?name=${encodeURIComponent(wire)}`);
    const made = await controller.call('POST', '/api/v1/networks', {
      name: wire,
      wire: wires.body.items[0]?.id,
      cidr,
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  }
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await controller.stop();
  await simulator.stop();
});

/**
 * Rows written while something is done. Idle sessions hold their counts back for a while, ended ones don't: the controller's are ended,
 * and its pool opens others.
 */
async function countWrites(work: () => Promise<void>): Promise<Record<string, number>> {
  const settled = async (): Promise<Record<string, number>> => {
    await book.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'wirebook' AND state = 'idle'
         AND query NOT LIKE 'LISTEN%'`,
    );
    await book.query('SELECT pg_stat_force_next_flush()');
    await book.query('SELECT pg_stat_clear_snapshot()');
    return book.writes();
  };
  const before = await settled();
  await work();
  const after = await settled();
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, writes]) => [name, writes - (before[name] ?? 0)] as const)
      .filter(([, writes]) => writes !== 0),
  );
}

describe('the same inventory read twice', () => {
  test('changes nothing, says so and writes nothing', async () => {
    // The second run may still end what the first one could not know; from then on nothing moves.
    await syncAccount(controller, 'lab');
    const digests = await book.digests();
    let changes: unknown;
    const written = await countWrites(async () => {
      const run = await syncAccount(controller, 'lab');
      expect(run).toMatchObject({ state: 'succeeded', counts: { servers: expect.any(Number) } });
      changes = run.changes;
    });
    expect(changes).toEqual({});
    // That somebody asked for a sync is an event.
    expect(written).toEqual({ events: 1 });
    expect(await book.digests()).toEqual(digests);
  });

  test('and one VM changed writes the rows of that VM alone', async () => {
    await simulator.renameVm('fr-web-01', 'fr-web-01-new');
    const written = await countWrites(async () => {
      const run = await syncAccount(controller, 'lab');
      expect(run.changes).toMatchObject({
        servers: { created: 0, updated: 1, missing: 0, returned: 0 },
        objects: [{ kind: 'server', name: 'fr-web-01-new', change: 'updated', fields: ['name'] }],
      });
    });
    expect(written['servers']).toBe(1);
    expect(Object.values(written).reduce((sum, rows) => sum + rows, 0)).toBeLessThan(10);
  });
});
