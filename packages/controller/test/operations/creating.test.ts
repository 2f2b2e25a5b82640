import { afterAll, afterEach, beforeAll, test } from 'vitest';
import { type CreatingLab, expectEnd, startCreatingLab } from './creating-lab.ts';

let lab: CreatingLab;
beforeAll(async () => {
  lab = await startCreatingLab();
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(() => lab.agree());

test('a server comes up with its address', async () => {
  const ended = await lab.create({ name: 'web-1', cpus: 4, memoryMib: 2048, diskGib: 20 });
  expectEnd(ended, 'succeeded');
});
