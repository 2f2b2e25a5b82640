import { expect, test } from 'vitest';
import { languageOf, languages, openCatalogue } from '../src/index.ts';
import { en } from '../src/catalogue/en/index.ts';
import { zh } from '../src/catalogue/zh/index.ts';

test.each<[string | undefined, 'en' | 'zh']>([
  [undefined, 'en'],
  ['', 'en'],
  ['zh', 'zh'],
  ['zh-CN', 'zh'],
  ['zh_CN.UTF-8', 'zh'],
  ['ZH-Hans-CN', 'zh'],
  ['en', 'en'],
  ['en_US.UTF-8', 'en'],
  ['C', 'en'],
  ['de', 'en'],
  ['de, zh;q=0.5, en;q=0.4', 'zh'],
  ['en;q=0.5, zh;q=0.9', 'zh'],
  ['en, zh', 'en'],
  ['zh;q=0', 'en'],
  ['zh;q=0, en;q=0', 'en'],
  ['*', 'en'],
  ['zhx', 'en'],
  ['english', 'en'],
  [' zh ; q=0.7 , en ; q=0.2 ', 'zh'],
  ['zh;q=nonsense', 'zh'],
  [`${'x,'.repeat(5000)}zh`, 'en'],
])('%s asks for %s', (wanted, language) => {
  expect(languageOf(wanted)).toBe(language);
});

/** Every text of a catalogue by its key. */
function texts(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]]);
  return new Map(
    Object.entries(value ?? {}).flatMap(([key, item]) => [
      ...texts(item, path === '' ? key : `${path}.${key}`),
    ]),
  );
}
function keysOf(value: unknown, path: string): string[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => keysOf(item, `${path}.${key}`))
    : [path];
}

test('both languages have the same texts, and each fills in the same values', () => {
  const t = Object.fromEntries(languages.map((language) => [language, openCatalogue()(language)]));
  // Chinese has no plural: what English says twice, it says once.
  const singular = (keys: string[]): string[] =>
    [...new Set(keys.map((key) => key.replace(/_(?:one|other)$/, '')))].toSorted();
  expect(singular(keysOf(zh, ''))).toEqual(singular(keysOf(en, '')));
  const params = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].toSorted();
  for (const path of keysOf(en, '')) {
    const key = path.slice(1);
    if (/_(?:one|other)$/.test(key)) continue;
    const read = (language: 'en' | 'zh'): string =>
      t[language]?.(key, { interpolation: { skipOnVariables: true } }) ?? '';
    const raw = (catalogue: object): string => texts(catalogue).get(key) ?? '';
    expect(params(raw(zh)), key).toEqual(params(raw(en)));
    expect(read('zh'), key).not.toBe('');
  }
});
