import type { Nic, NicSummary } from '@wirebook/contract';
import { reasonCodes } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { choice, flagQuery, given, isSet, option, text, type Options } from '../options.ts';
import { visible, visibleLine } from '../output/visible.ts';
import { listTable, printList, printObject, type Column } from '../output/print.ts';
import type { Session, Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

/** How many different remedies are shown for one reason. */
const REMEDIES = 10;

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

/** The counts by reason first, where they are known for the whole; then per reason the NICs, with what to do. */
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
  for (const code of reasonCodes) {
    const group = groups.get(code);
    if (group === undefined) continue;
    const shown = group.map(({ nic, reason }) => ({
      server: nic.server.name,
      mac: nic.mac,
      wire: nic.wire?.name ?? null,
      ip: reason.ip,
      text: reason.text,
    }));
    terminal.out.write(`\n${visibleLine(code)}\n`);
    terminal.out.write(
      listTable(
        printer,
        shown,
        (['server', 'mac', 'wire', 'ip', 'text'] as const).map((field) => ({ field })),
      ),
    );
    // Beside the table and whole: a command in it is there to be pasted.
    const remedies = [...new Set(group.map(({ reason }) => reason.remedy))];
    for (const remedy of remedies.slice(0, REMEDIES))
      terminal.out.write(`  ${t('cli.problem.remedy')}: ${visible(remedy)}\n`);
    if (remedies.length > REMEDIES)
      terminal.out.write(`  ${t('cli.nic.moreRemedies', { count: remedies.length - REMEDIES })}\n`);
  }
}
