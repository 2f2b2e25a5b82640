import { cleanText } from './clean-text.ts';
import { escapeText } from './xml-text.ts';

/** Fields of requests, by the type that has them, whose values no error, log or answer may repeat. */
const secretFields: Readonly<Record<string, readonly string[]>> = {
  Login: ['password'],
  CustomizationPassword: ['value'],
  CustomizationUserData: ['productId'],
  /** May carry keys and passwords: scripts, answer files, what cloud-init is given. */
  CustomizationGuiRunOnce: ['commandList'],
  CustomizationLinuxPrep: ['scriptText'],
  CustomizationSysprepText: ['value'],
  CustomizationCloudinitPrep: ['metadata', 'userdata'],
};

/** `guestinfo.userdata` and its like, but not `guestinfo.userdata.encoding`. */
const secretOption = /^guestinfo\.(?!.*\.encoding$)/i;

/** @param fields the object's fields: whether an option's value is secret depends on its key */
export function isSecret(type: string, field: string, fields: ReadonlyMap<string, unknown>): boolean {
  if (type === 'OptionValue') {
    return field === 'value' && secretOption.test(String(fields.get('key')));
  }
  return secretFields[type]?.includes(field) ?? false;
}

export type Scrub = (text: string) => string;

/** Lines of a secret that are shorter tell nothing, and would be found everywhere. */
const shortestLine = 6;

/** The ways in which a secret may come back: as it is, without quotes, as it stands in XML, on one line; line by line. */
function* formsOf(secret: string): Generator<string> {
  const lines = secret.split(/\r?\n/);
  const parts = lines.length === 1 ? [] : lines.map((line) => line.trim());
  for (const part of [secret, ...parts.filter((line) => line.length >= shortestLine)]) {
    for (const form of [part, part.replaceAll('"', ''), escapeText(part)]) {
      yield form;
      yield cleanText(form, form.length);
    }
  }
}

/**
 * Takes secrets out of a text that a server sent: one that echoes the request must not get them into an error. A cut
 * text may end within one: that end goes too.
 */
export function scrubber(secrets: readonly string[]): Scrub {
  const forms = new Set(secrets.flatMap((secret) => [...formsOf(secret)]).filter((form) => form !== ''));
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of longestFirst) {
      clean = clean.replaceAll(form, '***');
    }
    for (const form of longestFirst) {
      for (let length = Math.min(form.length - 1, clean.length); length >= 4; length--) {
        if (clean.endsWith(form.slice(0, length))) {
          return `${clean.slice(0, clean.length - length)}***`;
        }
      }
    }
    return clean;
  };
}
