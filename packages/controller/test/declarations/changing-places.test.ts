import type { Declarations, ProblemBody } from '@wirebook/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { exportFrom, IMPORT, importInto } from './declaring.ts';

/** What a document gives to one of two is what the other has here: whichever comes first, both get what it says. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(labEstate([machine('web-1', [['web', '10.1.0.11/24']])]));
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(async () => {
  await lab.sql('DELETE FROM claims');
  await lab.sql('DELETE FROM networks');
});

const declared = async (): Promise<Pick<Declarations, 'networks' | 'holders'>> => {
  const { networks, holders } = await exportFrom(lab);
  return { networks, holders };
};
const document = (lists: object): object => ({ format: 'wirebook-declarations', version: 1, ...lists });
const refused = (lists: object): Promise<ProblemBody> =>
  lab.refuse('declarations_refused', 'POST', IMPORT, document(lists));

test('keys of addresses', async () => {
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
  for (const key of ['a', 'b']) await lab.controller.call('PUT', `/api/v1/networks/web/claims/${key}`, {});
  const before = await declared();
  const keys = (before.holders ?? []).map(({ key }) => key);
  expect(keys).toEqual(['a', 'b']);
  const holders = (before.holders ?? []).map((holder, index) => ({ ...holder, key: keys[1 - index] }));
  expect((await refused({ holders })).errors?.map(({ field }) => field)).toEqual([
    'holders[0].key',
    'holders[1].key',
  ]);
  expect(await declared()).toEqual(before);
  const done = await importInto(lab, document({ holders }), '?overwrite=true');
  expect(done.counts.holders.updated).toBe(2);
  expect((await declared()).holders?.map(({ key }) => key)).toEqual(['b', 'a']);
});

test('a key that an address has no more goes to one that comes', async () => {
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
  await lab.controller.call('PUT', '/api/v1/networks/web/claims/a', { ip: '10.1.0.50' });
  const [first] = (await declared()).holders ?? [];
  const holders = [
    { ...first, ip: '10.1.0.60' },
    { ...first, key: 'other' },
  ];
  await importInto(lab, document({ holders }), '?overwrite=true');
  expect((await declared()).holders?.map(({ ip, key }) => `${ip} ${key}`)).toEqual([
    '10.1.0.50 other',
    '10.1.0.60 a',
  ]);
});

test('companions of networks', async () => {
  await lab.createNetwork({ name: 'four-a', wire: 'web', cidr: '10.1.0.0/24' });
  await lab.createNetwork({ name: 'four-b', wire: 'web', cidr: '10.1.1.0/24' });
  await lab.createNetwork({ name: 'six-a', wire: 'web', cidr: '2001:db8:1::/64', companion: 'four-a' });
  await lab.createNetwork({ name: 'six-b', wire: 'web', cidr: '2001:db8:2::/64', companion: 'four-b' });
  const before = await declared();
  const swapped: Record<string, string> = {
    'four-a': 'six-b',
    'four-b': 'six-a',
    'six-a': 'four-b',
    'six-b': 'four-a',
  };
  const networks = (before.networks ?? []).map((one) => ({ ...one, companion: swapped[one.name] }));
  expect((await refused({ networks })).errors).toHaveLength(4);
  expect(await declared()).toEqual(before);
  await importInto(lab, document({ networks }), '?overwrite=true');
  const after = Object.fromEntries(
    ((await declared()).networks ?? []).map((one) => [one.name, one.companion]),
  );
  expect(after).toEqual(swapped);
});
