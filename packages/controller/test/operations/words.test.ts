import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogues, languages, problemStatus } from '@wirebook/contract';
import { expect, test } from 'vitest';
import { operationKinds } from '../../src/operations/kinds.ts';

const source = join(import.meta.dirname, '../../src');
const operationFiles = filesBelow(join(source, 'operations'));
const refusalFiles = ['placement', 'guest-setup'].flatMap((name) => filesBelow(join(source, 'domain', name)));
const storeFile = readFileSync(join(source, 'store/operations.ts'), 'utf8');
const everything = [...operationFiles, ...refusalFiles, storeFile].join('\n');

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

function found(texts: readonly string[], pattern: RegExp): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')))];
}

/** What steps fail with, and what they tell. */
const failures = found(operationFiles, /(?:StepFailure|naming)\(\s*'(\w+)'/g);
const told = found(operationFiles, /\.(?:log|warn)\(\{\s*code: '(\w+)'/g);
/** Why a host can't have a server; the type lists them all. */
const hostReasons = found(
  [readFileSync(join(source, 'domain/placement/reasons.ts'), 'utf8')],
  /readonly code: '(\w+)'/g,
);

test.each(languages)('whatever operations tell and fail with has its words (%s)', (language) => {
  const { operations, problems } = catalogues[language];
  expect(failures.length).toBeGreaterThan(15);
  expect(told.length).toBeGreaterThan(8);
  expect(hostReasons.length).toBeGreaterThan(20);
  expect(failures.filter((code) => !(code in operations.failures) && !(code in problems))).toEqual([]);
  expect(told.filter((code) => !(code in operations.lines))).toEqual([]);
  expect(hostReasons.filter((code) => !(code in operations.hosts))).toEqual([]);
});

test.each(languages)('every step of every operation has its title, and no other has (%s)', (language) => {
  const { steps } = catalogues[language].operations;
  const names = [...new Set(operationKinds.flatMap((kind) => kind.steps.map(({ name }) => name)))];
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !(name in steps))).toEqual([]);
  expect(Object.keys(steps).filter((name) => !names.includes(name))).toEqual([]);
});

test('no words are kept that no operation uses', () => {
  const { lines, failures: failed, hosts } = catalogues.en.operations;
  const unused = [...Object.keys(lines), ...Object.keys(failed), ...Object.keys(hosts)].filter(
    (code) => !everything.includes(`'${code}'`) && !(code in problemStatus),
  );
  expect(unused).toEqual([]);
});
