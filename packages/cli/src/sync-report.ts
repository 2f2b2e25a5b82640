import type { SyncRun } from '@wirebook/contract';
import { cellText } from './output/cells.ts';
import { columnTitle, listTable, printObject } from './output/print.ts';
import { formatTable } from './output/table.ts';
import { describeFailure } from './problem.ts';
import { say, type Session } from './session.ts';

const kinds = ['hosts', 'virtualSwitches', 'wires', 'servers', 'nics'] as const;
const kindsOfChange = ['created', 'updated', 'missing', 'returned'] as const;
/** How many changed objects a table shows; the whole is in the JSON. */
const SHOWN = 50;

/** What a run read, changed and could not read. JSON and YAML have it as the API answers it. */
export function printSync(session: Session, run: SyncRun): void {
  const { printer, terminal, t } = session;
  if (printer.form !== 'table' || printer.fields !== null) printObject(printer, run);
  else terminal.out.write(syncTables(session, run));
  if (run.state === 'held') say(session, t('cli.sync.held'));
  if (run.failure !== null)
    terminal.messages.write(describeFailure(run.failure.text, run.failure.remedy || null, t));
  if (run.state === 'failed' || run.state === 'cancelled') session.endWith(1);
}

function syncTables(session: Session, run: SyncRun): string {
  const { printer, terminal, t } = session;
  const { columns } = terminal.out;
  const line = (field: string, value: unknown): [string, string] => [
    columnTitle(field, t),
    cellText(value, t),
  ];
  const seconds = run.endedAt === null ? null : (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000;
  const parts = [
    formatTable({
      head: line('account', run.account),
      rows: [
        line('id', run.id),
        line('state', t(`cli.syncState.${run.state}`)),
        line('dryRun', run.dryRun),
        line('startedAt', run.startedAt),
        line('seconds', seconds),
      ],
      columns,
    }),
  ];
  const rows = kinds.flatMap((kind) => {
    const changed = run.changes[kind];
    const count = run.counts[kind];
    if (changed === undefined && count === undefined) return [];
    return [
      [
        columnTitle(kind, t),
        cellText(count, t),
        ...kindsOfChange.map((name) => cellText(changed?.[name], t)),
      ],
    ];
  });
  if (rows.length > 0)
    parts.push(
      formatTable({
        head: ['', columnTitle('read', t), ...kindsOfChange.map((name) => columnTitle(name, t))],
        rows,
        columns,
      }),
    );
  const others = otherCounts(session, run);
  if (others.length > 0) parts.push(`${others.join('\n')}\n`);
  const objects = run.changes.objects ?? [];
  if (objects.length > 0) {
    const shown = objects.slice(0, SHOWN);
    parts.push(
      listTable(printer, shown, [
        { field: 'change' },
        { field: 'kind' },
        { field: 'name' },
        { field: 'fields' },
      ]),
    );
    if (objects.length > SHOWN)
      parts.push(`${t('cli.sync.moreObjects', { count: objects.length - SHOWN })}\n`);
  }
  if (run.errors.length > 0)
    parts.push(
      `${t('cli.sync.errors', { count: run.errors.length })}\n${listTable(printer, run.errors, [
        { field: 'object' },
        { field: 'kind' },
        { field: 'text' },
      ])}`,
    );
  return parts.join('\n');
}

function otherCounts(session: Session, run: SyncRun): string[] {
  const { t } = session;
  const { sightings, records, additionalWires } = run.changes;
  return [
    ...(sightings === undefined ? [] : [t('cli.sync.sightings', sightings)]),
    ...(records === undefined ? [] : [t('cli.sync.records', records)]),
    ...(additionalWires === undefined ? [] : [t('cli.sync.additionalWires', additionalWires)]),
  ];
}
