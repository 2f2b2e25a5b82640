import { ConfigProvider } from 'antd';
import type { Locale } from 'antd/es/locale';
import type { i18n } from 'i18next';
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { speak } from './api.ts';
import { firstLanguage, type Language, turnTo } from './language.ts';
import { controlsTheme, firstLook, isDark, type Look, rememberLook, watchSystem } from './theme.ts';

interface LooksOfPage {
  readonly language: Language;
  readonly look: Look;
  readonly dark: boolean;
  readonly setLanguage: (language: Language) => void;
  readonly setLook: (look: Look) => void;
}

const LooksContext = createContext<LooksOfPage | null>(null);

/** Language and theme of the page, remembered in this browser. */
export function useLooks(): LooksOfPage {
  const looks = use(LooksContext);
  if (looks === null) throw new Error('looks are asked for outside the page');
  return looks;
}

/** Gives the page its language and its theme, and lets both be changed. */
export function Looks(props: { texts: i18n; controls: Locale; children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState(firstLanguage);
  const [controls, setControls] = useState(props.controls);
  const [look, setLook] = useState(firstLook);
  const dark = useSyncExternalStore(watchSystem, () => isDark(look));
  useEffect(() => {
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  }, [dark]);
  const { texts } = props;
  const looks = useMemo<LooksOfPage>(
    () => ({
      language,
      look,
      dark,
      setLanguage: (wanted) => {
        speak(wanted);
        void turnTo(texts, wanted).then((locale) => {
          setControls(locale);
          setLanguage(wanted);
        });
      },
      setLook: (wanted) => {
        rememberLook(wanted);
        setLook(wanted);
      },
    }),
    [language, look, dark, texts],
  );
  const theme = useMemo(() => controlsTheme(dark), [dark]);
  return (
    <LooksContext value={looks}>
      <ConfigProvider
        locale={controls}
        theme={theme}
        button={{ autoInsertSpace: false }}
        wave={{ disabled: true }}
      >
        {props.children}
      </ConfigProvider>
    </LooksContext>
  );
}
