import { theme, type ThemeConfig } from 'antd';

export const looks = ['auto', 'light', 'dark'] as const;
/** `auto`: as the system says. */
export type Look = (typeof looks)[number];

const REMEMBERED = 'wirebook.theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');

export function firstLook(): Look {
  const kept = localStorage.getItem(REMEMBERED);
  return looks.find((look) => look === kept) ?? 'auto';
}

export function rememberLook(look: Look): void {
  localStorage.setItem(REMEMBERED, look);
}

export function isDark(look: Look): boolean {
  return look === 'dark' || (look === 'auto' && systemDark.matches);
}

/** Calls back whenever the system goes from light to dark or back. */
export function watchSystem(onChange: () => void): () => void {
  systemDark.addEventListener('change', onChange);
  return () => systemDark.removeEventListener('change', onChange);
}

/** Contrasts are those of WCAG 2 AA, also for secondary text, placeholders and what is disabled. */
export function controlsTheme(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      borderRadius: 6,
      fontSize: 14,
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      ...(dark
        ? {
            colorPrimary: '#3d8fe0',
            colorLink: '#7db9f5',
            colorLinkHover: '#a9d1fa',
            colorBgLayout: '#101418',
            colorBgContainer: '#181d23',
            colorBgElevated: '#20262d',
            colorText: '#e6eaee',
            colorTextSecondary: '#b4bec8',
            colorTextTertiary: '#a3adb8',
            colorTextDescription: '#a3adb8',
            colorTextPlaceholder: '#98a3ae',
            colorTextDisabled: '#98a3ae',
            colorError: '#f0747b',
            colorSuccess: '#5cc08a',
            colorWarning: '#e0b050',
          }
        : {
            colorPrimary: '#0b5cad',
            colorLink: '#0b5cad',
            colorLinkHover: '#084a8c',
            colorBgLayout: '#f4f6f8',
            colorText: '#1b2733',
            colorTextSecondary: '#4a5866',
            colorTextTertiary: '#566370',
            colorTextDescription: '#566370',
            colorTextPlaceholder: '#657280',
            colorTextDisabled: '#626e7a',
            colorError: '#b3261e',
            colorSuccess: '#1a7a46',
            colorWarning: '#8a5a00',
          }),
    },
    components: {
      Tabs: dark ? { itemSelectedColor: '#7db9f5', itemHoverColor: '#a9d1fa', inkBarColor: '#7db9f5' } : {},
      Button: dark
        ? {
            primaryColor: '#06121e',
            colorPrimary: '#6bb0f5',
            colorPrimaryHover: '#8cc2f8',
            colorPrimaryActive: '#5aa0e6',
          }
        : {},
    },
  };
}
