import type { Network, NetworkEffect, Translate } from '@wirebook/contract';
import { dataOf } from './api.ts';
import { isSet, type Options } from './options.ts';
import { formatTable } from './output/table.ts';
import { cellText } from './output/cells.ts';
import { columnTitle, listTable, printObject } from './output/print.ts';
import { say, type Session } from './session.ts';

/** How many NICs a table shows of an effect; the whole is in the JSON. */
const SHOWN = 20;

/** What a change to a network did, or would do. JSON and YAML have it as the API answers it. */
export function printEffect(session: Session, effect: NetworkEffect, about: { dryRun: boolean }): void {
  const { printer, terminal, t } = session;
  if (about.dryRun) say(session, t('cli.network.dryRun'));
  if (printer.form !== 'table' || printer.fields !== null) return printObject(printer, effect);
  const { network } = effect;
  const lines: [string, unknown][] = [
    ['name', network.name],
    ['id', network.id],
    ['cidr', network.cidr],
    ['range', `${network.start}-${network.end}`],
    ['gateway', network.gateway],
    ['wire', network.wire],
    ['additionalWires', network.additionalWires.map((one) => describeWire(one, t))],
    [
      'suggestedWires',
      network.suggestedWires.map(({ wire, contradiction }) => `${wire.name}: ${contradiction}`),
    ],
    ['excludedWires', network.excludedWires.map(({ wire }) => wire.name)],
    ['settles', effect.settles],
    ['ends', effect.ends],
    ['conflicts', effect.conflicts],
  ];
  const [head = ['', ''], ...rows] = lines
    .filter(
      ([field, value]) =>
        !(['suggestedWires', 'excludedWires'].includes(field) && Array.isArray(value) && value.length === 0),
    )
    .map(([field, value]) => [columnTitle(field, t), cellText(value, t)]);
  terminal.out.write(formatTable({ head, rows, columns: terminal.out.columns }));
  printNics(session, effect);
}

/** The first NICs whose records come or end. */
export function printNics(session: Session, effect: Pick<NetworkEffect, 'settles' | 'ends' | 'nics'>): void {
  const { printer, terminal, t } = session;
  if (effect.nics.length === 0) return;
  const shown = effect.nics.slice(0, SHOWN);
  terminal.out.write('\n');
  terminal.out.write(
    listTable(printer, shown, [
      { field: 'server.name' },
      { field: 'mac' },
      { field: 'ip' },
      { field: 'change' },
    ]),
  );
  const all = effect.settles + effect.ends;
  if (all > shown.length) say(session, t('cli.network.moreNics', { shown: shown.length, all }));
}

function describeWire({ wire, origin, servers }: Network['additionalWires'][number], t: Translate): string {
  if (servers === 0) return `${wire.name} (${origin})`;
  return t('cli.network.usedOn', { wire: wire.name, origin, count: servers });
}

export async function readNetwork(session: Session, id: string): Promise<Network> {
  return dataOf(await session.api.GET('/api/v1/networks/{id}', { params: { path: { id } } }), session.t);
}

export function dryRunQuery(options: Options): { dryRun?: 'true' } {
  return isSet(options, 'dryRun') ? { dryRun: 'true' } : {};
}
