import { escapeText } from './request-writer.ts';

export type Scrub = (text: string) => string;

/**
 * Takes secrets out of a text that a server sent: one that echoes the request must not get them into an error. Each is
 * looked for as it is, without quotes, and as it stands in XML. A cut text may end within one: that end goes too.
 */
export function scrubber(secrets: readonly string[]): Scrub {
  const forms = new Set<string>();
  for (const secret of secrets) {
    const bare = secret.replaceAll('"', '');
    for (const form of [secret, bare, escapeText(secret)]) {
      if (form.length >= 1) {
        forms.add(form);
      }
    }
  }
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of longestFirst) {
      clean = clean.replaceAll(form, '***');
    }
    for (const form of longestFirst) {
      for (let length = form.length - 1; length >= 4; length--) {
        if (clean.endsWith(form.slice(0, length))) {
          return `${clean.slice(0, clean.length - length)}***`;
        }
      }
    }
    return clean;
  };
}
