import type { Nic, NicSummary } from '@wirebook/contract';
import { reasonCodes } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { choice, flagQuery, given, isSet, option, text, type Options } from '../options.ts';
import { type Group, printGroups } from '../output/groups.ts';
import { listTable, printList, printObject, type Column } from '../output/print.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';
import { addNicMendVerb } from './nic-mending.ts';

type Reason = Nic['reasons'][number];

const columns: readonly Column<Nic>[] = [
  { field: 'server.name' },
  { field: 'label' },
  { field: 'mac' },
  { field: 'wire.name' },
  { field: 'records.ip' },
  { field: 'observed.ip' },
  { field: 'reasons.code' },
];

export function addNicCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'nic');
  addList<Nic>(noun, shell, {
    filters: [
      option(t, '--unresolved'),
      option(t, '--reason <code>').choices(reasonCodes),
      option(t, '--account <account>'),
      option(t, '--wire <wire>'),
      option(t, '--server <server>'),
      option(t, '--network <network>'),
      option(t, '--ip <ip>'),
      option(t, '--mac <mac>'),
      option(t, '--missing'),
    ],
    columns,
    examples: [
      'wirebook nic list --unresolved',
      'wirebook nic list --reason other_wire',
      'wirebook nic list --mac 00:50:56:aa:00:01',
    ],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/nics', { params: { query: given({ ...page, ...filters(options) }) } }),
    print: async (session, rows, options) => {
      const { form, fields } = session.printer;
      if (form === 'table' && fields === null && isSet(options, 'unresolved'))
        await printUnresolved(session, rows, options);
      else printList(session.printer, rows, columns);
    },
  });
  addVerb(noun, shell, {
    name: 'summary',
    key: 'nic.summary',
    options: [option(t, '--account <account>')],
    examples: ['wirebook nic summary', 'wirebook nic summary --account vc-berlin -o json'],
    run: async (session, _operands, options) => {
      printObject(session.printer, await readSummary(session, options));
    },
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'nic.show',
    arguments: ['<nic>'],
    examples: ['wirebook nic show 0197f0a4-8f0e-7c3a-9d51-3f7b7c0a1e55'],
    run: async (session, [id = '']) => {
      printObject(
        session.printer,
        dataOf(await session.api.GET('/api/v1/nics/{id}', { params: { path: { id } } }), session.t),
      );
    },
  });
  addNicMendVerb(noun, shell);
}

function filters(options: Options) {
  return {
    unresolved: flagQuery(options, 'unresolved'),
    reason: choice(options, 'reason', reasonCodes),
    account: text(options, 'account'),
    wire: text(options, 'wire'),
    server: text(options, 'server'),
    network: text(options, 'network'),
    ip: text(options, 'ip'),
    mac: text(options, 'mac'),
    missing: flagQuery(options, 'missing'),
  };
}

async function readSummary(session: Session, options: Options): Promise<NicSummary> {
  const answer = await session.api.GET('/api/v1/nics/summary', {
    params: { query: given({ account: text(options, 'account') }) },
  });
  return dataOf(answer, session.t);
}

/** The counts by reason first, where they are known for the whole; then per reason the NICs, and below those that it is for what to do. */
async function printUnresolved(session: Session, rows: readonly Nic[], options: Options): Promise<void> {
  const { printer, terminal, t } = session;
  const { unresolved: _, account: __, ...others } = filters(options);
  if (Object.values(others).every((value) => value === undefined) && text(options, 'search') === undefined) {
    const summary = await readSummary(session, options);
    terminal.out.write(`${t('cli.nic.unresolvedOf', { count: summary.unresolved, nics: summary.nics })}\n`);
    if (summary.unresolved === 0) return;
    terminal.out.write('\n');
    const counted: Column<(typeof summary.reasons)[number]>[] = [
      { field: 'code' },
      { field: 'nics' },
      { field: 'text' },
    ];
    terminal.out.write(listTable(printer, summary.reasons, counted));
  }
  const groups = Map.groupBy(
    rows.flatMap((nic) => nic.reasons.map((reason) => ({ nic, reason }))),
    ({ reason }) => reason.code,
  );
  if (groups.size > 0) terminal.out.write('\n');
  printGroups(
    session,
    reasonCodes.flatMap((code) => {
      const group = groups.get(code);
      return group === undefined ? [] : [groupOf(session, code, group)];
    }),
  );
  if (groups.has('other_wire') || groups.has('outside_range')) say(session, t('cli.mend.hint'));
}

/** The NICs as a table, in the order of what is to be done about them. */
function groupOf(
  session: Session,
  code: Reason['code'],
  group: readonly { nic: Nic; reason: Reason }[],
): Group {
  const { printer, t } = session;
  const remedyOf = group.length === 1 ? (reason: Reason): string => reason.remedy : sharedRemedy;
  const byRemedy = [...Map.groupBy(group, ({ reason }) => remedyOf(reason)).values()].flat();
  const shown = byRemedy.map(({ nic, reason }) => ({
    server: nic.server.name,
    mac: nic.mac,
    wire: nic.wire?.name ?? null,
    ip: reason.ip,
    text: reason.text,
  }));
  const columnsShown = (['server', 'mac', 'wire', 'ip', 'text'] as const).map((field) => ({ field }));
  const [head = '', ...lines] = listTable(printer, shown, columnsShown).trimEnd().split('\n');
  const count = new Set(group.map(({ nic }) => nic.id)).size;
  return {
    title: t('cli.group.nics', { code, count, title: t(`reasons.titles.${code}`) }),
    head,
    items: byRemedy.map(({ reason }, at) => ({ line: lines[at] ?? '', remedy: remedyOf(reason) })),
  };
}

/** What differs from NIC to NIC only in naming it is said once: the table has its server and its MAC. */
function sharedRemedy({ remedy, actions }: Reason): string {
  const own = actions.find(({ placeholders }) => placeholders.includes('IP'));
  return own === undefined ? remedy : remedy.replace(own.command, 'wirebook server fix SERVER MAC=IP');
}
