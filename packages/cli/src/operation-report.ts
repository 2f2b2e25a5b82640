import type { Operation, Translate } from '@wirebook/contract';
import { dataOf } from './api.ts';
import { cellText } from './output/cells.ts';
import { columnTitle, listTable, printList, printObject, type Column } from './output/print.ts';
import { formatTable } from './output/table.ts';
import { visible, visibleLine } from './output/visible.ts';
import { hasEnded } from './operation-following.ts';
import { describeFailure } from './problem.ts';
import { say, type Session } from './session.ts';

/** An address of a server that an operation is about; a server without any has one row all the same. */
interface AddressRow {
  readonly server: string;
  readonly state: string;
  readonly ip: string | null;
  readonly network: string | null;
  readonly mac: string | null;
  readonly wire: string | null;
}

const addressColumns: readonly Column<AddressRow>[] = [
  { field: 'server' },
  { field: 'state' },
  { field: 'ip' },
  { field: 'network' },
  { field: 'mac' },
  { field: 'wire' },
];

/**
 * What an operation came to: its servers with their addresses on stdout, on stderr what to look at, why it failed and what is left. Any end
 * but a good one is exit code 1; a warning isn't. JSON and YAML have the operation as the API answers it.
 */
export async function printOutcome(session: Session, operation: Operation): Promise<void> {
  printServers(session, operation);
  for (const one of [operation, ...(await readParts(session, operation))])
    tellTrouble(session, one, operation);
  if (operation.state === 'cancelled') say(session, session.t('cli.operation.cancelled'));
  if (hasEnded(operation) && operation.state !== 'succeeded') session.endWith(1);
}

function printServers({ printer, t }: Session, operation: Operation): void {
  const { form, fields } = printer;
  if (fields !== null || form === 'json' || form === 'yaml') return printObject(printer, operation);
  const rows = addressRows(operation, form === 'table' ? t : null);
  // Of what takes no address there is nothing to show: its steps have said what it did.
  const shown = operation.kind.startsWith('create_') || rows.some(({ ip }) => ip !== null);
  if (shown || form === 'csv') printList(printer, rows, addressColumns);
}

/** States are words in a table, codes for programs. */
function addressRows(operation: Operation, t: Translate | null): AddressRow[] {
  return (operation.result?.servers ?? []).flatMap(({ server, state, addresses }): AddressRow[] => {
    const about = { server: server.name, state: t === null ? state : t(`cli.operation.state.${state}`) };
    if (addresses.length === 0) return [{ ...about, ip: null, network: null, mac: null, wire: null }];
    return addresses.map(({ ip, network, mac, wire }) => ({
      ...about,
      ip,
      network: network?.name ?? null,
      mac,
      wire: wire?.name ?? null,
    }));
  });
}

/** The operations that make the servers of one that makes several: each has its own warnings and its own reason for failing. */
async function readParts(session: Session, operation: Operation): Promise<Operation[]> {
  if (operation.kind !== 'create_servers' || !hasEnded(operation)) return [];
  const answer = await session.api.GET('/api/v1/operations', {
    params: { query: { parent: operation.id, limit: 500, sort: 'createdAt' } },
  });
  return dataOf(answer, session.t).items;
}

function tellTrouble(session: Session, operation: Operation, whole: Operation): void {
  const { t, terminal } = session;
  const name = operation.server?.name ?? operation.id;
  const named = (text: string): string => (operation === whole ? text : `${name}: ${text}`);
  for (const { text } of operation.warnings)
    say(session, `${t('cli.operation.warning')}: ${visible(named(text))}`);
  if (operation.error !== null) {
    const { text, remedy } = operation.error;
    terminal.messages.write(describeFailure(named(text), remedy === '' ? null : remedy, t));
  }
  for (const { text } of operation.left) say(session, `${t('cli.operation.left')}: ${visible(named(text))}`);
}

/** An operation with its steps, its servers and its log. */
export function printOperation(session: Session, operation: Operation): void {
  const { printer, terminal } = session;
  if (printer.form !== 'table' || printer.fields !== null) return printObject(printer, operation);
  terminal.out.write(operationTables(session, operation));
  tellTrouble(session, operation, operation);
}

function operationTables(session: Session, operation: Operation): string {
  const { printer, terminal, t } = session;
  const { columns } = terminal.out;
  const line = (field: string, value: unknown): [string, string] => [
    columnTitle(field, t),
    cellText(value, t),
  ];
  const { done, total } = operation.progress;
  const parts = [
    formatTable({
      head: line('id', operation.id),
      rows: [
        line('kind', t(`cli.operation.kind.${operation.kind}`)),
        line('state', t(`cli.operation.state.${operation.state}`)),
        line('server', operation.server),
        line('account', operation.account),
        line('progress', `${done}/${total}`),
        line('requestedBy', operation.requestedBy),
        line('startedAt', operation.startedAt),
        line('endedAt', operation.endedAt),
        ...(operation.parent === null ? [] : [line('parent', operation.parent)]),
        ...(operation.cancelRequested ? [line('cancelRequested', true)] : []),
      ],
      columns,
    }),
    listTable(printer, operation.steps, [
      { field: 'title' },
      { field: 'state', show: ({ state }) => t(`cli.operation.stepState.${state}`) },
      { field: 'seconds', show: ({ startedAt, endedAt }) => secondsBetween(startedAt, endedAt) },
      { field: 'detail' },
    ]),
  ];
  const rows = addressRows(operation, t);
  if (rows.length > 0) parts.push(listTable(printer, rows, addressColumns));
  if (operation.log.length > 0)
    parts.push(operation.log.map(({ at, text }) => `${cellText(at, t)}  ${visibleLine(text)}\n`).join(''));
  return parts.join('\n');
}

function secondsBetween(start: string | null, end: string | null): number | null {
  return start === null || end === null ? null : Math.round((Date.parse(end) - Date.parse(start)) / 1000);
}
