import { createInstance, type FormatterModule, type TFunction } from 'i18next';
import { en } from './en/index.ts';
import { zh } from './zh/index.ts';

export const languages = ['en', 'zh'] as const;
/** The texts themselves, by language. */
export const catalogues = { en, zh } as const;
export type Language = (typeof languages)[number];
export type Translate = TFunction;

/** The texts of both languages, and a function per language that looks a text up and fills it in. Built once by whoever starts. */
export function openCatalogue(): (language: Language) => Translate {
  const catalogue = createInstance({
    lng: 'en',
    fallbackLng: false,
    supportedLngs: [...languages],
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false, alwaysFormat: true },
    initAsync: false,
  });
  catalogue.use(readable);
  void catalogue.init();
  const fixed = { en: catalogue.getFixedT('en'), zh: catalogue.getFixedT('zh') };
  return (language) => fixed[language];
}

/** What a value is in a sentence: `{{free, size}}` bytes, `{{state, hostState}}` one of a group of words, and a time to the minute. */
const readable: FormatterModule = {
  type: 'formatter',
  init: () => undefined,
  add: () => undefined,
  addCached: () => undefined,
  format: (value: unknown, format?: string, language?: string, values?: object) => {
    if (format === 'size') return sizeText(Number(value));
    if (format !== undefined)
      return wordFor(String(value), { group: format, language, values: values ?? {} });
    if (typeof value !== 'string') return String(value);
    const [, day, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$/.exec(value) ?? [];
    return day === undefined ? value : `${day} ${minute} UTC`;
  },
};

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes as people write them: `512 MiB`, `1.5 TiB`. Units of 1024, as vCenter counts. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size >= 100 ? Math.round(size) : Math.round(size * 10) / 10} ${UNITS[unit] ?? ''}`;
}

/**
 * What a value is called, by its group in `operations.words`; what the group doesn't know is called as it is, or as the group's `other`. A word
 * may be a clause with values of the whole sentence in it.
 */
function wordFor(
  value: string,
  about: { group: string; language: string | undefined; values: object },
): string {
  const { words } = catalogues[about.language === 'zh' ? 'zh' : 'en'].operations;
  const groups: Readonly<Record<string, Readonly<Record<string, string>>>> = words;
  const group = groups[about.group] ?? {};
  const word = Object.hasOwn(group, value) ? group[value] : group['other'];
  if (word === undefined) return value;
  return word.replaceAll(/\{\{(\w+)(?:, (size))?\}\}/g, (_, name: string, format?: string) => {
    const filled: unknown = Reflect.get(about.values, name);
    if (typeof filled === 'number') return format === 'size' ? sizeText(filled) : String(filled);
    return typeof filled === 'string' ? filled : '';
  });
}

/** The language that an `Accept-Language` header (RFC 9110) or a locale such as `zh_CN.UTF-8` asks for; English where it names neither. */
export function languageOf(wanted: string | undefined): Language {
  let best: { language: Language; weight: number } | null = null;
  for (const part of (wanted ?? '').slice(0, 256).split(',')) {
    const [tag = '', ...parameters] = part.trim().split(';');
    const language = languages.find((known) => new RegExp(`^${known}(?:[-_.]|$)`, 'i').test(tag.trim()));
    const quality = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find(Boolean);
    const weight = quality === undefined ? 1 : Number(quality);
    if (language !== undefined && weight > (best?.weight ?? 0)) best = { language, weight };
  }
  return best?.language ?? 'en';
}
