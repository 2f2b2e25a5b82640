import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const canaries = join(root, 'test/boundaries/canaries');

/** What a tool of ours prints, whatever its exit code. */
async function readOutput(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'node_modules', program), ...args],
      { cwd: root },
      (_error, stdout) => {
        resolve(stdout);
      },
    );
  });
}

/** "line: name" for each comment of the form `// NAME ...`, with the line below it. */
function readMarks(text: string, form: RegExp): string[] {
  return text.split('\n').flatMap((line, index) => {
    const name = form.exec(line)?.[1];
    return name === undefined ? [] : [`${index + 2}: ${name}`];
  });
}

describe('the compiler settings', () => {
  test('refuse what they were chosen to refuse', async () => {
    const text = await readFile(join(canaries, 'compiler.ts'), 'utf8');
    const output = await readOutput('typescript/bin/tsc', ['-p', canaries, '--pretty', 'false']);
    const raised = [...output.matchAll(/compiler\.ts\((\d+),\d+\): error (TS\d+)/g)].map(
      ([, line, code]) => `${line}: ${code}`,
    );
    const expected = readMarks(text, /^ *\/\/ (TS\d+) /);
    expect(expected.length).toBeGreaterThan(0);
    expect(raised.toSorted()).toEqual(expected.toSorted());
  });
});

describe('the lint rules', () => {
  test('refuse a promise left alone and the other things that only types show', async () => {
    const file = join(canaries, 'lint.ts');
    const folder = await mkdtemp(join(tmpdir(), 'wirebook-test-'));
    try {
      // Our rules, but for the line that keeps the deliberate violations out of the usual run.
      const rules: Record<string, unknown> = JSON.parse(await readFile(join(root, '.oxlintrc.json'), 'utf8'));
      const config = join(folder, '.oxlintrc.json');
      await writeFile(config, JSON.stringify({ ...rules, ignorePatterns: [] }));
      const output = await readOutput('oxlint/bin/oxlint', ['-c', config, '--format', 'unix', file]);
      const raised = [...output.matchAll(/lint\.ts:(\d+):\d+: .*\[Error\/(.+)\]$/gm)].map(
        ([, line, rule]) => `${line}: ${rule}`,
      );
      const expected = readMarks(await readFile(file, 'utf8'), /^ *\/\/ (\w+\(.+\))$/);
      expect(expected.length).toBeGreaterThan(0);
      expect(raised.toSorted()).toEqual(expected.toSorted());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
