import type { FixResult, ImportedAddresses } from '@wirebook/contract';
import type { Command } from 'commander';
import { printFixes } from '../fix-report.ts';
import { answeredOf } from '../import-file/answer.ts';
import { readRows } from '../import-file/rows.ts';
import { dryRunQuery } from '../network-effect.ts';
import { given, option, text } from '../options.ts';
import { listTable, printList, printObject } from '../output/print.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addNoun, addVerb } from '../verbs.ts';
import { addNetworkImportVerb } from './network-import.ts';
import { addDeclarationsImport } from './exports.ts';

/** How many changed addresses a table shows; the whole is in the JSON. */
const SHOWN = 50;

const addresses = { columns: ['ip', 'name', 'owner', 'mac', 'note'], needed: ['ip'] };
// Without a column of addresses every row would take away what was fixed.
const fixes = { columns: ['server', 'mac', 'ip'], needed: ['server', 'ip'] };

/** What people keep in tables, taken over as a whole or not at all. */
export function addImportCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'import');
  addNetworkImportVerb(noun, shell);
  addVerb(noun, shell, {
    name: 'addresses',
    key: 'import.addresses',
    arguments: ['<file>'],
    options: [option(t, '--space <space>', 'importSpace'), option(t, '--dry-run')],
    examples: [
      'wirebook import addresses printers.csv --dry-run',
      'wirebook import addresses printers.json --space branch',
    ],
    run: async (session, [file = ''], options) => {
      const rows = await readRows(session, file, addresses);
      const answer = await session.api.POST('/api/v1/imports/addresses', {
        params: { query: dryRunQuery(options) },
        body: {
          ...given({ space: text(options, 'space') }),
          rows: rows.map(({ line, cells }) => ({ ip: '', ...cells, line })),
        },
      });
      printImported(session, answeredOf(session, answer, file, rows));
    },
  });
  addVerb(noun, shell, {
    name: 'fixes',
    key: 'import.fixes',
    arguments: ['<file>'],
    options: [option(t, '--dry-run')],
    examples: ['wirebook import fixes fixes.csv --dry-run', 'wirebook import fixes - < fixes.csv'],
    run: async (session, [file = ''], options) => {
      const rows = await readRows(session, file, fixes);
      const answer = await session.api.POST('/api/v1/imports/fixes', {
        params: { query: dryRunQuery(options) },
        body: { rows: rows.map(({ line, cells }) => ({ server: '', ...cells, line })) },
      });
      const result: FixResult = answeredOf(session, answer, file, rows);
      printFixes(session, result, { servers: 'many' });
    },
  });
  addDeclarationsImport(noun, shell);
}

const addressColumns = (['line', 'ip', 'network.name', 'name', 'change'] as const).map((field) => ({
  field,
}));

function printImported(session: Session, result: ImportedAddresses): void {
  const { printer, terminal, t } = session;
  const changed = result.created + result.updated;
  if (printer.form === 'csv' && printer.fields === null) printList(printer, result.items, addressColumns);
  else if (printer.form !== 'table' || printer.fields !== null) printObject(printer, result);
  else if (result.items.length > 0) {
    const shown = result.items.slice(0, SHOWN);
    terminal.out.write(listTable(printer, shown, addressColumns));
    if (changed > shown.length) say(session, t('cli.import.moreRows', { shown: shown.length, all: changed }));
  }
  const { created, updated, unchanged } = result;
  say(session, t('cli.import.counts', { created, updated, unchanged }));
  if (result.dryRun) say(session, t('cli.done.dryRun'));
}
