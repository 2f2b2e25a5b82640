import type { Translate, Why } from '@wirebook/contract';
import { cellText } from './output/cells.ts';
import { columnTitle, listTable, printObject, type Column } from './output/print.ts';
import { formatTable } from './output/table.ts';
import { visible, visibleLine } from './output/visible.ts';
import type { Session } from './session.ts';

type AddressWhy = Why['addresses'][number];
type NicWhy = Why['nics'][number];

/** The answer in sentences, what to do, then the facts that it rests on. JSON and YAML have it as the API answers it. */
export function printWhy(session: Session, why: Why): void {
  const { printer, terminal, t } = session;
  if (printer.form !== 'table' || printer.fields !== null) return printObject(printer, why);
  const [only, ...others] = why.addresses;
  const addresses =
    only === undefined
      ? []
      : others.length === 0
        ? addressParts(session, only)
        : addressListParts(session, why.addresses);
  const answer = [visible(why.answer), ...(why.remedy === null ? [] : [remedyLine(why.remedy, t)])];
  const parts = [`${answer.join('\n')}\n`, ...addresses, ...nicParts(session, why.nics)];
  return terminal.out.write(parts.join('\n'));
}

/** One address with all that is known of it. */
function addressParts(session: Session, address: AddressWhy): string[] {
  const { t } = session;
  const facts: [string, unknown][] = [
    ['ip', address.ip],
    ['state', address.state],
    ['network', address.network],
    ['space', address.space],
    ['wires', address.wires.map((wire) => wireText(wire, t))],
    ['server', address.server],
    ['mac', address.nic?.mac ?? address.holder?.mac],
    ['holder', address.holder],
    ['owner', address.holder?.owner],
    ['note', address.holder?.note],
    ['key', address.key],
    ['source', address.source],
    ['since', address.since],
    ['expiresAt', address.expiresAt],
  ];
  return [
    factList(session, facts),
    ...hindrances(session, [address]),
    ...section(session, 'seenOn', address.seenOn, [
      { field: 'server.name' },
      { field: 'wire.name' },
      { field: 'interface' },
      { field: 'since' },
    ]),
    ...section(session, 'history', address.history, [
      { field: 'holder', show: ({ server, holder, key }) => server ?? (holder?.name || key || holder) },
      { field: 'mac', show: ({ nic, holder }) => nic?.mac ?? holder?.mac },
      { field: 'network.name' },
      { field: 'source' },
      { field: 'from' },
      { field: 'to' },
      { field: 'ended' },
    ]),
  ];
}

/** Several addresses beside one another; the whole of each is asked for by itself. */
function addressListParts(session: Session, addresses: readonly AddressWhy[]): string[] {
  return [
    ...section(session, 'addresses', addresses, [
      { field: 'ip' },
      { field: 'state' },
      { field: 'network.name' },
      { field: 'mac', show: ({ nic, holder }) => nic?.mac ?? holder?.mac },
      { field: 'source' },
      { field: 'since' },
      { field: 'space.name' },
    ]),
    ...hindrances(session, addresses),
  ];
}

/** Whole and beside the tables: a command in a remedy is there to be pasted. */
function hindrances(session: Session, addresses: readonly AddressWhy[]): string[] {
  const { t } = session;
  const obstacles = addresses.flatMap((address) =>
    // Who has it stands above already; and whoever asks why need not be told to.
    address.obstacles
      .filter(({ code }) => code !== 'used')
      .flatMap(({ code, text, remedy }) => [
        `- ${visible(text)}`,
        ...(code === 'seen' ? [] : [remedyLine(remedy, t)]),
      ]),
  );
  const conflicts = addresses.flatMap((address) =>
    address.conflicts.flatMap(({ id, text, since }) => [
      `- ${visible(text)} (${t('cli.why.since', { since: cellText(since, t) })})`,
      remedyLine(t('cli.why.resolve', { id }), t),
    ]),
  );
  return [
    ...(obstacles.length === 0 ? [] : [`${t('cli.why.notFree')}\n${obstacles.join('\n')}\n`]),
    ...(conflicts.length === 0 ? [] : [`${columnTitle('conflicts', t)}\n${conflicts.join('\n')}\n`]),
  ];
}

function nicParts(session: Session, nics: readonly NicWhy[]): string[] {
  const { t } = session;
  const told = nics.flatMap(({ nic }) =>
    nic.reasons.flatMap((reason) => [
      `- ${visibleLine(`${nic.server.name}, ${nic.label}`)}: ${visible(reason.text)}`,
      remedyLine(reason.remedy, t),
    ]),
  );
  const neighbours = nics.flatMap(({ host, neighbours }) => neighbours.map((one) => ({ host, ...one })));
  // Cards of one server have the same uplinks.
  const apart = new Map(neighbours.map((one) => [`${one.host?.id} ${one.device} ${one.neighbour}`, one]));
  return [
    ...nicFacts(session, nics),
    ...(told.length === 0 ? [] : [`${columnTitle('reasons', t)}\n${told.join('\n')}\n`]),
    ...section(
      session,
      'neighbours',
      [...apart.values()],
      [{ field: 'host.name' }, { field: 'device' }, { field: 'neighbour' }],
    ),
  ];
}

/** One card line by line; several in a table, above it what they have in common. */
function nicFacts(session: Session, nics: readonly NicWhy[]): string[] {
  if (nics.length === 0) return [];
  const { t } = session;
  const columns: readonly (Column<NicWhy> & { readonly show: (one: NicWhy) => unknown })[] = [
    { field: 'server', show: ({ nic }) => nic.server },
    { field: 'host', show: ({ host }) => host },
    { field: 'powerState', show: ({ powerState }) => powerState },
    { field: 'label', show: ({ nic }) => nic.label },
    { field: 'mac', show: ({ nic }) => nic.mac },
    { field: 'connected', show: ({ nic }) => nic.connected },
    { field: 'wire', show: ({ wire }) => wire },
    { field: 'vlan', show: ({ wire }) => wire?.vlan },
    { field: 'virtualSwitch', show: ({ wire }) => wire?.virtualSwitch },
    { field: 'port', show: ({ port }) => port },
    { field: 'records', show: ({ nic }) => nic.records.map(({ ip }) => ip) },
    { field: 'observed', show: ({ nic }) => nic.observed.map(({ ip }) => ip) },
  ];
  const common = columns.filter(({ show }) => new Set(nics.map((one) => cellText(show(one), t))).size === 1);
  const [first] = nics;
  const facts =
    first === undefined ? [] : common.map(({ field, show }): [string, unknown] => [field, show(first)]);
  const differing = columns.filter((column) => !common.includes(column));
  return [
    ...(facts.length === 0 ? [] : [factList(session, facts)]),
    ...(differing.length === 0 ? [] : section(session, 'nics', nics, differing)),
  ];
}

/** Facts line by line, without those of which nothing is known. */
function factList(session: Session, facts: readonly (readonly [string, unknown])[]): string {
  const { terminal, t } = session;
  const [head = ['', ''], ...rows] = facts
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([field, value]) => [columnTitle(field, t), cellText(value, t)]);
  return formatTable({ head, rows, columns: terminal.out.columns });
}

function section<Row extends object>(
  session: Session,
  title: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string[] {
  if (rows.length === 0) return [];
  return [`${columnTitle(title, session.t)}\n${listTable(session.printer, rows, columns)}`];
}

function wireText(wire: AddressWhy['wires'][number], t: Translate): string {
  const where = [wire.vlan, wire.virtualSwitch?.name];
  const inBrackets = where.filter(Boolean).join(', ');
  return `${cellText(wire, t)}${inBrackets === '' ? '' : ` (${inBrackets})`}`;
}

function remedyLine(remedy: string, t: Translate): string {
  return `  ${t('cli.problem.remedy')}: ${visible(remedy)}`;
}
