import type { Locale } from 'antd/es/locale';
import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { texts as englishTexts } from '@wirebook/contract/page/en';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof englishTexts };
  }
}

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** What a language is called by those who speak it. */
export const languageNames: Record<Language, string> = { en: 'English', zh: '中文' };

const REMEMBERED = 'wirebook.language';

/** The language chosen before, or the one that the browser asks for. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(REMEMBERED);
  const known = languages.find((language) => language === kept);
  return known ?? (navigator.languages.some((tag) => /^zh\b/i.test(tag)) ? 'zh' : 'en');
}

/** Loads the texts of one language and nothing of the other. */
const texts: Record<Language, () => Promise<Record<string, unknown>>> = {
  en: async () => (await import('@wirebook/contract/page/en')).texts,
  zh: async () => (await import('@wirebook/contract/page/zh')).texts,
};

/** The words of Ant Design's own controls. */
const controls: Record<Language, () => Promise<{ default: Locale }>> = {
  en: () => import('antd/es/locale/en_US'),
  zh: () => import('antd/es/locale/zh_CN'),
};

/** The texts of the page in one language; another is loaded when it is asked for. */
export async function openTexts(language: Language): Promise<i18n> {
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await texts[language]() } },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  nameLanguage(language);
  return instance;
}

/** Turns the page to another language and remembers it. Returns the words of the controls. */
export async function turnTo(instance: i18n, language: Language): Promise<Locale> {
  const [loaded, locale] = await Promise.all([texts[language](), loadControls(language)]);
  instance.addResourceBundle(language, 'translation', loaded, true, true);
  await instance.changeLanguage(language);
  localStorage.setItem(REMEMBERED, language);
  nameLanguage(language);
  return locale;
}

export async function loadControls(language: Language): Promise<Locale> {
  return (await controls[language]()).default;
}

function nameLanguage(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
