import type { NetworkChangeEffect, Translate } from '@wirebook/contract';
import { printNics } from './network-effect.ts';
import { cellText } from './output/cells.ts';
import { columnTitle, listTable, printObject } from './output/print.ts';
import { formatTable } from './output/table.ts';
import { say, type Session } from './session.ts';

/** What splitting, merging or moving did, or would do. JSON and YAML have it as the API answers it. */
export function printChange(session: Session, effect: NetworkChangeEffect, about: { dryRun: boolean }): void {
  const { printer, terminal, t } = session;
  if (about.dryRun) say(session, t('cli.network.dryRun'));
  if (printer.form !== 'table' || printer.fields !== null) return printObject(printer, effect);
  if (about.dryRun && effect.nicsMoved !== null) say(session, effect.nicsMoved.text);
  const rows = effect.networks.map((network) => ({
    ...network,
    range: `${network.start}-${network.end}`,
    giving: network.giving.map(({ start, end }) => (start === end ? start : `${start}-${end}`)),
    additionalWires: network.additionalWires.map(({ wire, origin }) => `${wire.name} (${origin})`),
  }));
  terminal.out.write(
    listTable(printer, rows, [
      { field: 'name' },
      { field: 'cidr' },
      { field: 'range' },
      { field: 'giving' },
      { field: 'gateway' },
      { field: 'wire.name' },
      { field: 'additionalWires' },
    ]),
  );
  terminal.out.write('\n');
  const [head = ['', ''], ...counts] = linesOf(effect, t).map(([field, value]) => [
    columnTitle(field, t),
    cellText(value, t),
  ]);
  terminal.out.write(formatTable({ head, rows: counts, columns: terminal.out.columns }));
  printNics(session, effect);
}

/** What becomes of records, and of all else what there is. */
function linesOf(effect: NetworkChangeEffect, t: Translate): [string, unknown][] {
  const lines: [string, unknown][] = [
    ['gone', effect.gone],
    ['claims', effect.claims],
    ['keys', effect.keys],
    ['reservations', effect.reservations],
    ['cutReservations', effect.cutReservations.map(({ start, end }) => `${start}-${end}`)],
    [
      'notKept',
      effect.notKept.map(({ network, field, value }) => `${network.name}: ${columnTitle(field, t)} ${value}`),
    ],
    [
      'keptWires',
      effect.keptWires.map(({ network, wire, nics }) => `${network.name}: ${wire.name} (${nics})`),
    ],
    ['settles', effect.settles],
    ['ends', effect.ends],
    ['conflicts', effect.conflicts],
  ];
  const always = ['settles', 'ends', 'conflicts'];
  return lines.filter(
    ([field, value]) => always.includes(field) || (Array.isArray(value) ? value.length > 0 : value !== 0),
  );
}
