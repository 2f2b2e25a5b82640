import type { Page } from 'playwright-core';

export interface FaultOptions {
  /** Answers of the controller that this test expects, as `503 /api/v1/cloud-accounts`; others from 500 on are faults. */
  readonly mayFail?: RegExp;
}

/** Collects what must not happen on a page, as sentences, while it is looked at. */
export function watchFaults(page: Page, options: FaultOptions = {}): readonly string[] {
  const faults: string[] = [];
  const own = (url: string): boolean => /^(?:data|blob|about):/.test(url) || isAt(page, url);
  page.on('pageerror', (error) => faults.push(`an error in the page: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'assert') return;
    // The browser says so of each refusal (409 and its kin), which the page then explains to its reader.
    if (message.text().startsWith('Failed to load resource') && message.location().url.includes('/api/v1/'))
      return;
    faults.push(`an error in the console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', (request) => {
    if (!own(request.url())) faults.push(`a request to another host: ${request.url()}`);
  });
  page.on('websocket', (socket) => faults.push(`a web socket: ${socket.url()}`));
  page.on('response', (response) => {
    if (response.status() < 500) return;
    const said = `${response.status()} ${new URL(response.url()).pathname}`;
    if (options.mayFail?.test(said) !== true) faults.push(`an answer that tells of a fault: ${said}`);
  });
  return faults;
}

function isAt(page: Page, url: string): boolean {
  // The first request comes from an empty page: what it asks for is where we are going.
  if (!/^https?:/.test(page.url())) return /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url);
  return new URL(url).host === new URL(page.url()).host;
}
