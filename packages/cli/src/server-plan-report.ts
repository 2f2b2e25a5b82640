import type { HostVerdict, PlannedNic, ServerChangePlan, ServerPlan } from '@wirebook/contract';
import { sizeText } from '@wirebook/contract';
import { cellText } from './output/cells.ts';
import { columnTitle, listTable, printList, printObject, type Column } from './output/print.ts';
import { formatTable } from './output/table.ts';
import { visible, visibleLine } from './output/visible.ts';
import { describeFailure } from './problem.ts';
import { say, type Session } from './session.ts';

const MIB = 1024 ** 2;

/**
 * What a request for servers would come to: every host with why or why not, those that are taken marked, then the addresses that the servers
 * would get. Exit code 1 where something stands in the way.
 */
export function printServerPlan(session: Session, plan: ServerPlan): void {
  const { printer, terminal, t } = session;
  if (printer.form === 'csv' && printer.fields === null) printList(printer, plan.hosts, csvColumns);
  else if (printer.form !== 'table' || printer.fields !== null) printObject(printer, plan);
  else terminal.out.write(planTables(session, plan));
  for (const { text } of plan.warnings) say(session, `${t('cli.operation.warning')}: ${visible(text)}`);
  for (const { text, remedy } of plan.problems)
    terminal.messages.write(describeFailure(text, remedy === '' ? null : remedy, t));
  if (!plan.possible) session.endWith(1);
  say(session, t('cli.done.dryRun'));
}

const csvColumns: readonly Column<HostVerdict>[] = [
  'host.name',
  'cluster',
  'fits',
  'servers',
  'wires',
  'datastore',
  'freeMemoryMib',
  'freeCpuMhz',
  'score',
  'reasons.code',
].map((field) => ({ field }));

function planTables(session: Session, plan: ServerPlan): string {
  const parts = plan.hosts.length === 0 ? [] : [hostTable(session, plan)];
  const rows = plan.servers.flatMap(({ name, host, datastore, nics }) =>
    nics.flatMap((nic, index) =>
      nicRows(nic).map((row) => ({ name, host, datastore, nic: index + 1, ...row })),
    ),
  );
  if (plan.possible && rows.length > 0)
    parts.push(
      listTable(session.printer, rows, [
        { field: 'name' },
        { field: 'host' },
        { field: 'datastore' },
        { field: 'nic' },
        { field: 'network' },
        { field: 'ip' },
        { field: 'gateway' },
        { field: 'wire' },
      ]),
    );
  return parts.join('\n');
}

/** A line for each host, below it a line for each reason: reasons are sentences, and a column would cut them. */
function hostTable({ terminal, t }: Session, plan: ServerPlan): string {
  const several = plan.servers.length > 1;
  const title = (field: string): string => columnTitle(field, t);
  const table = formatTable({
    head: [
      '',
      title('host'),
      title('cluster'),
      title('fitsHost'),
      ...(several ? [title('servers')] : []),
      title('freeMemory'),
      title('freeCpu'),
      title('datastore'),
      title('wires'),
    ],
    rows: plan.hosts.map((verdict) => [
      verdict.servers > 0 ? '*' : ' ',
      visibleLine(verdict.host.name),
      cellText(verdict.cluster, t),
      cellText(verdict.fits, t),
      ...(several ? [cellText(verdict.servers, t)] : []),
      verdict.freeMemoryMib === null ? '-' : sizeText(verdict.freeMemoryMib * MIB),
      verdict.freeCpuMhz === null ? '-' : speedText(verdict.freeCpuMhz),
      cellText(verdict.datastore, t),
      cellText(verdict.wires, t),
    ]),
    columns: terminal.out.columns,
  });
  const [head = '', ...lines] = table.trimEnd().split('\n');
  const told = lines.flatMap((line, index) => [
    line,
    ...(plan.hosts[index]?.reasons ?? []).map(({ text }) => `     ${visibleLine(text)}`),
  ]);
  return `${[head, ...told].join('\n')}\n`;
}

function speedText(mhz: number): string {
  return mhz >= 1000 ? `${Math.round(mhz / 100) / 10} GHz` : `${mhz} MHz`;
}

interface NicRow {
  readonly network: string | null;
  readonly ip: string | null;
  readonly gateway: string | null;
  readonly wire: string | null;
}

/** One row for each address of a NIC, or one for a NIC that gets none. */
function nicRows(nic: PlannedNic): NicRow[] {
  const wire = nic.wire?.name ?? null;
  const { ip6 } = nic;
  const first = {
    network: nic.network?.name ?? null,
    ip: withPrefix(nic.ip, nic.prefixLength),
    gateway: nic.gateway,
    wire,
  };
  if (ip6 === null) return [first];
  return [
    first,
    { network: ip6.network.name, ip: withPrefix(ip6.ip, ip6.prefixLength), gateway: ip6.gateway, wire },
  ];
}

function withPrefix(ip: string | null, prefixLength: number | null): string | null {
  return ip === null || prefixLength === null ? ip : `${ip}/${prefixLength}`;
}

/** What a change of a server would come to. */
export function printChangePlan(session: Session, plan: ServerChangePlan): void {
  const { printer, terminal, t } = session;
  if (printer.form !== 'table' || printer.fields !== null) printObject(printer, plan);
  else {
    const line = (field: string, value: unknown): [string, string] => [
      columnTitle(field, t),
      cellText(value, t),
    ];
    const table = formatTable({
      head: line('server', plan.server),
      rows: [
        ...(plan.releases.length === 0
          ? []
          : [
              line(
                'releases',
                plan.releases.map(({ ip }) => ip),
              ),
            ]),
        line('restarts', plan.restarts),
      ],
      columns: terminal.out.columns,
    });
    const nic = plan.nic === null ? [] : nicRows(plan.nic);
    const fields = ['network', 'ip', 'gateway', 'wire'].map((field) => ({ field }));
    terminal.out.write([table, ...(nic.length === 0 ? [] : [listTable(printer, nic, fields)])].join('\n'));
  }
  for (const { text } of plan.warnings) say(session, `${t('cli.operation.warning')}: ${visible(text)}`);
  say(session, t('cli.done.dryRun'));
}
