import { type Browser, type BrowserContext, chromium } from 'playwright-core';

export const languages = ['en', 'zh'] as const;
export const themes = ['light', 'dark'] as const;

/** How the page is looked at. */
export interface Look {
  readonly language: (typeof languages)[number];
  readonly theme: (typeof themes)[number];
}

export const looks: readonly Look[] = languages.flatMap((language) =>
  themes.map((theme) => ({ language, theme })),
);

/** A controller that a browser can be signed in at. */
export interface Serving {
  readonly url: string;
  /** An administrator's. */
  readonly token: string;
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    // Chromium doesn't sandbox what root runs, and wants to be told so; containers give it little shared memory.
    args: ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

/** A browser of somebody whose system speaks the language and has the theme, and who has never been here before. */
export function openContext(
  browser: Browser,
  options: Look & { readonly url: string; readonly width?: number; readonly height?: number },
): Promise<BrowserContext> {
  return browser.newContext({
    baseURL: options.url,
    locale: options.language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: options.theme,
    timezoneId: 'UTC',
    // What moves is never where it was when it was looked at.
    reducedMotion: 'reduce',
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
  });
}

/** Signs the browser in as the administrator. */
export async function signIn(context: BrowserContext, controller: Serving): Promise<void> {
  await context.setExtraHTTPHeaders({ authorization: `Bearer ${controller.token}` });
  await context.route('**/api/v1/session', (route) =>
    route.fulfill({
      json: { user: { id: 'administrator', name: 'administrator', role: 'administrator' } },
    }),
  );
}
