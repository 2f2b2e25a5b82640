import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const canaries = join(root, 'test/boundaries/canaries');

type Violation = { from: string; to: string; rule: { name: string } };
type Graph = {
  modules: { source: string; dependencies: unknown[] }[];
  summary: {
    violations: Violation[];
    totalDependenciesCruised: number;
    ruleSetUsed: { forbidden: { name: string }[] };
  };
};

async function cruise(cwd: string, args: readonly string[]): Promise<Graph> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const configPath = join(root, '.dependency-cruiser.mjs');
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [program, '--config', configPath, '--output-type', 'json', ...args],
      { cwd, maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        // The exit code is the number of violations: only an empty answer is a failure here.
        if (stdout === '')
          reject(new Error(`dependency-cruiser gave no answer: ${stderr}`, { cause: error }));
        else resolve(stdout);
      },
    );
  });
  const graph: Graph = JSON.parse(output);
  return graph;
}

describe('the imports of the code', () => {
  test('are all read, TypeScript and its type imports too, and break no rule', async () => {
    const folders = ['packages', 'bench', 'scripts'];
    const graph = await cruise(root, folders);
    const files = (await readdir(join(root, 'packages'), { recursive: true }))
      .filter((name) => /\/src\/.*\.tsx?$/.test(name) && !name.includes('node_modules'))
      .map((name) => join('packages', name));
    const read = new Set(graph.modules.map(({ source }) => source));
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((name) => !read.has(name))).toEqual([]);
    expect(graph.summary.totalDependenciesCruised).toBeGreaterThan(files.length);
    expect(
      graph.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).toSorted(),
    ).toEqual([]);
  });
});

describe('every rule about imports', () => {
  test('has a deliberate violation that it catches, and lets allowed imports be', async () => {
    const expected = await readExpectations();
    // What lies outside is the real code: named, not read.
    const graph = await cruise(canaries, ['--do-not-follow', '(^|/)node_modules/|^[.][.]/', 'packages']);
    const caught = graph.summary.violations.map(({ rule, from }) => `${from}: ${rule.name}`);
    for (const { file, rule } of expected) {
      if (rule !== 'nothing') expect(caught).toContain(`${file}: ${rule}`);
      else expect(caught.filter((one) => one.startsWith(`${file}:`))).toEqual([]);
    }
    const rules = graph.summary.ruleSetUsed.forbidden.map(({ name }) => name);
    const tried = new Set(expected.map(({ rule }) => rule));
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((name) => !tried.has(name))).toEqual([]);
  });
});

/** Each file of the canaries says in its first line which rule must catch it. */
async function readExpectations(): Promise<{ file: string; rule: string }[]> {
  const names = await readdir(join(canaries, 'packages'), { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => join('packages', name));
  const expectations = await Promise.all(
    files.map(async (file) => {
      const rule = /^\/\/ caught by: (\S+)/.exec(await readFile(join(canaries, file), 'utf8'))?.[1];
      return rule === undefined ? [] : [{ file, rule }];
    }),
  );
  return expectations.flat();
}
