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

/** Signs the browser in as the administrator, by a link made for it. */
export async function signIn(context: BrowserContext, { url, token }: Serving): Promise<void> {
  const made = await fetch(new URL('/api/v1/sign-in-links', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  if (!made.ok) throw new Error(`no sign-in link was made: ${made.status} ${await made.text()}`);
  const { url: link }: { url: string } = JSON.parse(await made.text());
  // The cookie of the answer is the browser's from here on.
  const answer = await context.request.post(new URL('/api/v1/session', url).href, {
    headers: { origin: new URL(url).origin },
    data: { link: new URLSearchParams(new URL(link).hash.slice(1)).get('link') },
  });
  if (!answer.ok()) throw new Error(`nobody was signed in: ${answer.status()} ${await answer.text()}`);
}
