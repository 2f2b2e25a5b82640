import {
  type Comparison,
  DIFFERENCES_TOLD,
  type DifferenceKind,
  differenceKinds,
  type ListDifference,
} from '@wirebook/contract';
import type { Command } from 'commander';
import { Failed } from '../failures.ts';
import { answeredOf } from '../import-file/answer.ts';
import { addressList } from '../import-file/address-list.ts';
import type { FileRow } from '../import-file/file-row.ts';
import { readRows } from '../import-file/rows.ts';
import { given, isSet, option, text } from '../options.ts';
import { listTable, printList, printObject, type Column } from '../output/print.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

/** More of a cell than this is no name. */
const CELL_AT_MOST = 1000;
/** How many differences of a kind a table shows; the whole is in the JSON. */
const SHOWN = 50;

/** A list from elsewhere held against what is. */
export function addCompareCommand(program: Command, shell: Shell): void {
  const { t } = shell;
  addVerb(program, shell, {
    name: 'compare',
    key: 'compare',
    arguments: ['<list>'],
    options: [
      option(t, '--space <space>', 'compareSpace').conflicts('network'),
      option(t, '--network <network>', 'compareNetwork'),
      option(t, '--exit-code'),
    ],
    examples: [
      'wirebook compare addresses.csv',
      'wirebook compare netbox-ip-addresses.json --network web -o csv',
      'wirebook compare addresses.csv --exit-code',
    ],
    run: async (session, [file = ''], options) => {
      const all = await readRows(session, file, addressList);
      const rows = all.filter(({ cells }) => cells['ip'] !== undefined);
      if (rows.length === 0) throw new Failed(`${file}: ${t('cli.file.noRows')}`);
      if (rows.length < all.length)
        say(session, t('cli.compare.withoutAddress', { count: all.length - rows.length }));
      const answer = await session.api.POST('/api/v1/compare', {
        body: {
          ...given({ space: text(options, 'space'), network: text(options, 'network') }),
          rows: rows.map(toRow),
        },
      });
      const result: Comparison = answeredOf(session, answer, file, rows);
      printComparison(session, result);
      if (isSet(options, 'exitCode') && countAll(result) > 0) session.endWith(1);
    },
  });
}

function toRow({ line, cells }: FileRow) {
  const cell = (column: string): string | undefined => cells[column]?.slice(0, CELL_AT_MOST);
  return {
    line,
    ip: cell('ip') ?? '',
    ...given({
      mac: cell('mac'),
      name: cell('name'),
      dnsName: cell('dnsname'),
      network: cell('network'),
      vrf: cell('vrf'),
      status: cell('status'),
    }),
  };
}

function countAll({ counts }: Comparison): number {
  return differenceKinds.reduce((sum, kind) => sum + counts[kind], 0);
}

const column = (field: string): Column<ListDifference> => ({ field });
const WHERE = ['evidence.wire.name', 'evidence.since'];
const csvColumns = [
  'kind',
  'line',
  'ip',
  'listed',
  'found',
  'network.name',
  'evidence.name',
  ...WHERE,
  'text',
  'remedy',
].map(column);

/** Everybody who has or shows the address, where, and since when at the latest. */
const found: Column<ListDifference> = {
  field: 'found',
  show: ({ found: one, evidence }) => {
    const names = new Set(evidence.flatMap(({ name }) => name ?? []));
    return names.size > 1 ? [...names] : one;
  },
};
const where: readonly Column<ListDifference>[] = [
  {
    field: 'evidence.wire.name',
    show: ({ evidence }) => [...new Set(evidence.flatMap(({ wire }) => wire?.name ?? []))],
  },
  {
    field: 'evidence.since',
    show: ({ evidence }) =>
      evidence.flatMap(({ since }) => since ?? []).toSorted((one, other) => (one < other ? -1 : 1))[0],
  },
];

/** What a table shows of each kind: who has the address is told where somebody has. */
function columnsOf(kind: DifferenceKind): Column<ListDifference>[] {
  switch (kind) {
    case 'ghost':
      return ['line', 'ip', 'listed', 'text'].map(column);
    case 'stranger':
      return [column('ip'), found, column('network.name'), ...where];
    case 'mac':
    case 'name':
    case 'network':
    case 'status':
      return [...['line', 'ip', 'listed'].map(column), found, ...where];
    case 'duplicate':
      return ['line', 'ip', 'text'].map(column);
    case 'unreadable':
      return ['line', 'text'].map(column);
  }
}

/** Kind by kind, and all in one line at the end. */
function printComparison(session: Session, result: Comparison): void {
  const { printer, terminal, t } = session;
  const { items, counts } = result;
  if (printer.form === 'csv' && printer.fields === null) printList(printer, items, csvColumns);
  else if (printer.form !== 'table' || printer.fields !== null) printObject(printer, result);
  else {
    for (const [kind, own] of Map.groupBy(items, (item) => item.kind)) {
      terminal.out.write(`${t(`cli.compare.kind.${kind}`)} (${counts[kind]})\n`);
      terminal.out.write(`${listTable(printer, own.slice(0, SHOWN), columnsOf(kind))}\n`);
      if (counts[kind] > SHOWN)
        say(
          session,
          t('cli.compare.more', { shown: SHOWN, all: counts[kind], kind: t(`cli.compare.kind.${kind}`) }),
        );
    }
  }
  if (!result.complete) say(session, t('cli.compare.capped', { maximum: DIFFERENCES_TOLD }));
  say(session, t('cli.compare.summary', { ...counts }));
}
