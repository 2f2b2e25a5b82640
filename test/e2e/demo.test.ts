import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../../packages/controller/test/support/temporary-folder.ts';
import { runProcess } from './support/process.ts';

const MINUTES = 60_000;

test(
  'the demo does what each of its steps says, and at its end every NIC is settled or says why not',
  async () => {
    const ended = await runProcess('scripts/demo.mjs', ['--', '--once']);
    expect(ended, ended.messages).toMatchObject({ code: 0 });
    const [, settled, nics, rest = ''] =
      /^(\d+) of (\d+) NICs settled; the rest: (.*)\.$/m.exec(ended.out) ?? [];
    const unsettled = [...rest.matchAll(/ (\d+)(?:,|$)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(Number(settled)).toBeGreaterThan(0);
    expect(Number(settled) + unsettled).toBe(Number(nics));
    // Its password goes by a file: it is never seen.
    expect(ended.out + ended.messages).not.toContain('wirebook-Test-1');
  },
  5 * MINUTES,
);

test('the demo empties no folder that it has not made', async () => {
  const folder = await createTemporaryFolder();
  try {
    await writeFile(join(folder.path, 'letter.txt'), 'dear reader');
    const ended = await runProcess('scripts/demo.mjs', ['--once', '--data', folder.path]);
    expect(ended.code).toBe(1);
    expect(ended.messages).toContain(folder.path);
    expect(await readdir(folder.path)).toEqual(['letter.txt']);
    expect(await readFile(join(folder.path, 'letter.txt'), 'utf8')).toBe('dear reader');
  } finally {
    await folder.remove();
  }
});

test('a flag that the demo does not know ends it with code 2', async () => {
  const ended = await runProcess('scripts/demo.mjs', ['--forever']);
  expect(ended.code).toBe(2);
  expect(ended.messages).toContain('--once');
});
