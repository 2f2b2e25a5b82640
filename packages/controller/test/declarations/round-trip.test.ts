import { declarationKinds, type Event, type List } from '@wirebook/contract';
import { demoEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { declareEverything, exportFrom, importInto, tellBook, tellWrites, without } from './declaring.ts';

/** What was declared in one Wirebook, taken into another that knows the same vCenter and nothing besides. */

let first: EstateController;
let second: EstateController;
beforeAll(async () => {
  first = await startEstateController(demoEstate());
  second = await startEstateController(demoEstate());
  await declareEverything(first);
});
afterAll(async () => {
  await first[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
});

describe('an export', () => {
  test('has every kind of declaration, each item in a line of its own', async () => {
    const document = await exportFrom(first);
    const response = await fetch(`${first.controller.url}/api/v1/declarations`, {
      headers: { authorization: `Bearer ${first.controller.token}` },
    });
    const lines = (await response.text()).split('\n');
    for (const kind of declarationKinds) {
      expect(document[kind].length, kind).toBeGreaterThan(0);
      const at = lines.indexOf(`"${kind}":[`) + 1;
      expect(at, kind).toBeGreaterThan(0);
      for (const [index, item] of document[kind].entries())
        expect(JSON.parse(lines[at + index]?.replace(/,$/, '') ?? ''), kind).toEqual(item);
    }
  });

  test('of the same state is the same text but for its time', async () => {
    const [one, other] = [await exportFrom(first), await exportFrom(first)];
    expect(JSON.stringify(without(other))).toBe(JSON.stringify(without(one)));
  });
});

describe('an import into an empty Wirebook', () => {
  test('as a dry run answers what would be, and leaves no trace', async () => {
    const before = [await tellWrites(second), await tellBook(second)];
    const done = await importInto(second, await exportFrom(first), '?dryRun=true');
    expect(done).toMatchObject({ dryRun: true, counts: { networks: { created: 5 } }, notes: [] });
    expect(done.settles).toBeGreaterThan(20);
    expect([await tellWrites(second), await tellBook(second)]).toEqual(before);
  });

  test('gives the same', async () => {
    const document = await exportFrom(first);
    const done = await importInto(second, document);
    expect(done.notes).toEqual([]);
    expect(Object.values(done.counts).map((count) => count.skipped)).toEqual(declarationKinds.map(() => 0));
    expect(without(await exportFrom(second))).toEqual(without(document));
    expect(await tellBook(second)).toEqual(await tellBook(first));
    const { body } = await second.controller.call<List<Event>>('GET', '/api/v1/events?action=import');
    expect(body.items).toMatchObject([
      { object: { kind: 'declarations' }, after: { networks: { created: 5, updated: 0 } } },
    ]);
  });

  test('repeated changes nothing, and writes nothing', async () => {
    const before = await tellWrites(second);
    const done = await importInto(second, await exportFrom(first));
    for (const [kind, count] of Object.entries(done.counts))
      expect(count, kind).toMatchObject({ created: 0, updated: 0, skipped: 0 });
    expect(done).toMatchObject({ settles: 0, ends: 0, conflicts: 0, items: [], notes: [] });
    expect(await tellWrites(second)).toEqual(before);
    // Nor to who declared it.
    const own = await tellWrites(first);
    await importInto(first, await exportFrom(first));
    expect(await tellWrites(first)).toEqual(own);
  });

  test('stays as it is through the syncs that follow', async () => {
    const before = await tellBook(first);
    await first.sync();
    await second.sync();
    expect(await tellBook(second)).toEqual(await tellBook(first));
    expect(await tellBook(second)).toEqual(before);
  });
});
