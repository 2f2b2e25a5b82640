import { IMPORT_NETWORKS_AT_MOST, type ImportedNetwork, type ImportedNetworks } from '@wirebook/contract';
import type { Command } from 'commander';
import { answeredOf } from '../import-file/answer.ts';
import { readRows } from '../import-file/rows.ts';
import { dryRunQuery } from '../network-effect.ts';
import { given, isSet, option, text } from '../options.ts';
import { listTable, printList, printObject, type Column } from '../output/print.ts';
import { visible } from '../output/visible.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

const shape = {
  columns: ['name', 'start', 'end', 'prefix', 'gateway', 'dns', 'vlan', 'switch'],
  // Without a column of VLAN ids every subnet would be looked for where frames carry no tag.
  needed: ['name', 'start', 'end', 'prefix', 'vlan'],
  atMost: IMPORT_NETWORKS_AT_MOST,
};

/** `import networks`: subnets that a book ties to port groups by VLAN id. */
export function addNetworkImportVerb(noun: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(noun, shell, {
    name: 'networks',
    key: 'import.networks',
    arguments: ['<file>'],
    options: [
      option(t, '--space <space>', 'importWires'),
      option(t, '--account <account>', 'importAccount'),
      option(t, '--skip-unfit'),
      option(t, '--dry-run'),
    ],
    examples: [
      'wirebook import networks subnets.csv --dry-run',
      'wirebook import networks subnets.json --account vc-berlin --skip-unfit',
    ],
    run: async (session, [file = ''], options) => {
      const rows = await readRows(session, file, shape);
      const answer = await session.api.POST('/api/v1/imports/networks', {
        params: { query: dryRunQuery(options) },
        body: {
          ...given({ space: text(options, 'space'), account: text(options, 'account') }),
          ...(isSet(options, 'skipUnfit') && { skipUnfit: true }),
          rows: rows.map(({ line, cells }) => ({ name: '', start: '', end: '', prefix: '', ...cells, line })),
        },
      });
      printImport(session, answeredOf(session, answer, file, rows), file);
    },
  });
}

const columns: readonly Column<ImportedNetwork>[] = [
  { field: 'line' },
  { field: 'name' },
  { field: 'range', show: ({ start, end }) => `${start}-${end}` },
  { field: 'outcome' },
  { field: 'wire.name' },
  { field: 'additionalWires.name' },
  { field: 'settles' },
];
const csvColumns: readonly Column<ImportedNetwork>[] = [
  ...columns.flatMap((column) =>
    column.field === 'range' ? [{ field: 'start' }, { field: 'end' }] : [column],
  ),
  { field: 'text' },
];

/** The rows that come to something or are spoken of; the others are counted. A dry run of what would be refused ends like the refusal. */
function printImport(session: Session, result: ImportedNetworks, file: string): void {
  const { printer, terminal, t } = session;
  if (printer.form === 'csv' && printer.fields === null) printList(printer, result.items, csvColumns);
  else if (printer.form !== 'table' || printer.fields !== null) printObject(printer, result);
  else {
    const shown = result.items.filter(({ outcome, text: said }) => outcome !== 'unchanged' || said !== null);
    if (shown.length > 0) terminal.out.write(listTable(printer, shown, columns));
    for (const { line, text: said } of shown) {
      if (said !== null) say(session, visible(line === undefined ? said : `${file}:${line}: ${said}`));
    }
  }
  const { counts, settles, ends, conflicts } = result;
  say(session, t('cli.import.networkCounts', { ...counts }));
  say(session, t('cli.import.effect', { settles, ends, conflicts }));
  if (result.dryRun) say(session, t('cli.done.dryRun'));
  if (!result.refused) return;
  say(session, t('cli.import.wouldBeRefused'));
  session.endWith(1);
}
