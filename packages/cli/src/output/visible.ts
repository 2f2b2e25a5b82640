/** Control characters but tab and line feed, line separators, and the marks that turn the direction of text round. */
const UNSEEN = /(?![\t\n])\p{Cc}|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text without anything that a terminal would obey: a name in vCenter may hold an escape sequence, and printed raw it could
 * move the cursor, change the title or hide what follows. What is not seen is written as `\u001b`.
 */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, escapeCharacter);
}

/** The same for one line of a table: tabs and line feeds too. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', ' ');
}

function escapeCharacter(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
