import type { Session } from '../session.ts';
import { visible, visibleLine } from './visible.ts';

/** Lines that belong together. Those with the same remedy stand one after another. */
export interface Group {
  readonly title: string;
  /** Titles over the lines, where they are a table's. */
  readonly head: string | null;
  /** Lines are ready to be shown. */
  readonly items: readonly { readonly line: string; readonly remedy: string }[];
}

/**
 * Prints groups, a blank line between them: what to do stands once, whole, below the lines that it is for, so that a command in it can be
 * pasted and nobody has to guess whose it is.
 */
export function printGroups(session: Session, groups: readonly Group[]): void {
  session.terminal.out.write(groups.map((group) => groupText(session, group)).join('\n'));
}

export function groupText({ t }: Session, group: Group): string {
  const lines = [visibleLine(group.title)];
  if (group.head !== null) lines.push(group.head);
  for (const [at, { line, remedy }] of group.items.entries()) {
    lines.push(line);
    if (group.items[at + 1]?.remedy !== remedy)
      lines.push(`  ${t('cli.problem.remedy')}: ${visible(remedy)}`);
  }
  return `${lines.join('\n')}\n`;
}
