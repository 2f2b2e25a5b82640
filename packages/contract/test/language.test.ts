import { expect, test } from 'vitest';
import { languageOf, languages, openCatalogue, sizeText } from '../src/index.ts';
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
  const params = (text: string): string[] => [...new Set(text.match(/\{\{[^}]+\}\}/g) ?? [])].toSorted();
  const raws = { en: texts(en), zh: texts(zh) };
  for (const path of keysOf(en, '')) {
    const key = path.slice(1);
    if (/_(?:one|other)$/.test(key)) continue;
    const read = (language: 'en' | 'zh'): string =>
      t[language]?.(key, { interpolation: { skipOnVariables: true } }) ?? '';
    const raw = (language: 'en' | 'zh'): string => raws[language].get(key) ?? '';
    expect(params(raw('zh')), key).toEqual(params(raw('en')));
    expect(read('zh'), key).not.toBe('');
  }
});

test.each<[number, string]>([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [512 * 1024 ** 2, '512 MiB'],
  [1.5 * 1024 ** 3, '1.5 GiB'],
  [2.96 * 1024 ** 4, '3 TiB'],
  [3000 * 1024 ** 5, '3000 PiB'],
])('%d bytes are told as %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test('a sentence says how much in units that people use, and calls a state by its word', () => {
  const t = openCatalogue();
  const full = { datastore: 'nvme', needed: 40 * 1024 ** 3, free: 3 * 1024 ** 3 };
  expect(t('en')('operations.hosts.datastore_full', full)).toBe('On nvme 3 GiB are free; 40 GiB are needed.');
  expect(t('zh')('operations.hosts.datastore_full', full)).toBe('nvme 剩余 3 GiB，需要 40 GiB。');
  const state = { state: 'notResponding' };
  expect(t('en')('operations.hosts.not_connected', state)).toContain('(not responding)');
  expect(t('zh')('operations.hosts.not_connected', state)).toContain('（无响应）');
});

test('a state that the words do not know is called as vCenter calls it, an event as any other', () => {
  const t = openCatalogue()('en');
  expect(t('operations.hosts.not_connected', { state: 'toString' })).toContain('(toString)');
  const other = t('operations.failures.customization_failed.remedy', { event: 'CustomizationOfTomorrow' });
  expect(other).toContain('VMware Tools in the template');
  expect(other).not.toContain('Tomorrow');
});

test('a word may be a clause that takes values of its sentence', () => {
  const t = openCatalogue();
  const why = { why: 'guestinfo_too_large', bytes: 70_000, max: 65_000 };
  expect(t('en')('problems.setup_unfit.detail', why)).toBe(
    'The guest can not be set up as asked: what cloud-init has to be told takes 68.4 KiB, and at most 63.5 KiB get through.',
  );
  const several = { why: 'customization_several_ipv4', nic: 2, count: 3 };
  expect(t('zh')('problems.setup_unfit.detail', several)).toContain('网卡 2 会有 3 个 IPv4 地址');
});
