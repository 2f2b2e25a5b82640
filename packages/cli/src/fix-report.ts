import type { FixResult, NicFix } from '@wirebook/contract';
import { listTable, printList, printObject, type Column } from './output/print.ts';
import { say, type Session } from './session.ts';

/** How many changed addresses a table shows of a file's; the whole is in the JSON. */
const SHOWN = 50;

const columns: readonly Column<NicFix>[] = [
  { field: 'nic.label' },
  { field: 'nic.mac' },
  { field: 'wire.name' },
  { field: 'ip' },
  { field: 'network.name' },
  { field: 'change' },
];

/**
 * Which addresses a fix gave to which NICs, or would give, the counts on stderr. Of many servers a table leaves out what was so before.
 */
export function printFixes(session: Session, result: FixResult, about: { servers: 'one' | 'many' }): void {
  const { printer, terminal, t } = session;
  const many = about.servers === 'many';
  const shownColumns: readonly Column<NicFix>[] = many ? [{ field: 'server.name' }, ...columns] : columns;
  if (printer.form === 'csv' && printer.fields === null) printList(printer, result.items, shownColumns);
  else if (printer.form !== 'table' || printer.fields !== null) printObject(printer, result);
  else {
    const rows = many ? result.items.filter(({ change }) => change !== 'kept') : result.items;
    const shown = many ? rows.slice(0, SHOWN) : rows;
    if (shown.length > 0) terminal.out.write(listTable(printer, shown, shownColumns));
    if (rows.length > shown.length)
      say(session, t('cli.import.moreRows', { shown: shown.length, all: rows.length }));
  }
  const { fixed, kept, cleared } = result;
  say(session, t('cli.fix.counts', { fixed, kept, cleared }));
  if (result.dryRun) say(session, t('cli.done.dryRun'));
}
