import type { Accepted, Proposal } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { WrongUsage } from '../failures.ts';
import {
  choice,
  given,
  isSet,
  option,
  text,
  textOrNone,
  texts,
  textsOrNone,
  wholeNumber,
  type Options,
} from '../options.ts';
import { listTable, printObject, type Column } from '../output/print.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

const giving = ['all', 'none'] as const;
/** How many networks a table shows of an acceptance; the whole is in the JSON. */
const SHOWN = 50;

export function addProposalCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'proposal');
  const columns: readonly Column<Proposal>[] = [
    { field: 'name' },
    { field: 'cidr' },
    { field: 'gateway' },
    { field: 'wire.name' },
    { field: 'additionalWires.wire.name' },
    { field: 'suggestedWires.wire.name' },
    { field: 'servers' },
    { field: 'settles' },
    { field: 'remaining', show: (one) => one.remaining.reduce((sum, { nics }) => sum + nics, 0) },
    { field: 'space.name' },
    { field: 'objections', show: (one) => one.objections.map(({ code }) => code) },
  ];
  addList<Proposal>(noun, shell, {
    filters: [
      option(t, '--space <space>'),
      option(t, '--wire <wire>'),
      option(t, '--family <family>').choices(['4', '6']),
      option(t, '--ip <ip>', 'ipWithin'),
    ],
    columns,
    examples: ['wirebook proposal list', 'wirebook proposal list --wire "VM Network" -o json'],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/proposals', {
        params: {
          query: given({
            ...page,
            space: text(options, 'space'),
            wire: text(options, 'wire'),
            family: wholeNumber(options, 'family', session.t),
            ip: text(options, 'ip'),
          }),
        },
      }),
    foot: (session, rows) =>
      say(session, session.t(rows.length === 0 ? 'cli.proposal.none' : 'cli.proposal.next')),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'proposal.show',
    arguments: ['<proposal>'],
    examples: ['wirebook proposal show 10.1.2.0/24', 'wirebook proposal show web'],
    run: async (session, [id = '']) => {
      const answer = await session.api.GET('/api/v1/proposals/{id}', { params: { path: { id } } });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
  addVerb(noun, shell, {
    name: 'accept',
    key: 'proposal.accept',
    arguments: ['[proposals...]'],
    options: [
      option(t, '--all', 'allProposals'),
      option(t, '--except <proposals...>'),
      option(t, '--dry-run'),
      option(t, '--name <name>', 'newName'),
      option(t, '--wire <wire>', 'primaryWire'),
      option(t, '--also <wires...>', 'alsoWires'),
      option(t, '--start <ip>'),
      option(t, '--end <ip>'),
      option(t, '--prefix <length>'),
      option(t, '--gateway <ip>'),
      option(t, '--dns <ips...>'),
      option(t, '--domain <domain>'),
      option(t, '--description <text>'),
      option(t, '--give <parts>', 'giveAccepted').choices(giving),
    ],
    examples: [
      'wirebook proposal accept --all --dry-run',
      'wirebook proposal accept 10.1.2.0/24 --name web --gateway 10.1.2.1 --give all',
      'wirebook proposal accept --all --except 192.168.7.0/24',
    ],
    run: async (session, ids, options) => {
      const body = readAcceptance(session, ids, options);
      const answer = await session.api.POST('/api/v1/proposals/accept', { body });
      printAccepted(session, dataOf(answer, session.t));
    },
  });
}

function readAcceptance(session: Session, ids: readonly string[], options: Options) {
  const { t } = session;
  const all = isSet(options, 'all');
  if (all === ids.length > 0) throw new WrongUsage(t('cli.usage.acceptWhich'));
  const except = texts(options, 'except');
  if (except !== undefined && !all) throw new WrongUsage(t('cli.usage.exceptNeedsAll'));
  const dryRun = isSet(options, 'dryRun') ? true : undefined;
  const changes = given({
    name: text(options, 'name'),
    wire: text(options, 'wire'),
    additionalWires: texts(options, 'also'),
    start: text(options, 'start'),
    end: text(options, 'end'),
    prefixLength: wholeNumber(options, 'prefix', t),
    gateway: textOrNone(options, 'gateway'),
    dns: textsOrNone(options, 'dns'),
    domain: textOrNone(options, 'domain'),
    description: text(options, 'description'),
    giving: choice(options, 'give', giving),
  });
  const [only = ''] = ids;
  const changed = Object.keys(changes).length > 0;
  if (changed && ids.length !== 1) throw new WrongUsage(t('cli.usage.changeOne'));
  return given({
    all: all ? (true as const) : undefined,
    ids: all ? undefined : [...ids],
    except,
    dryRun,
    changes: changed ? [{ id: only, ...changes }] : undefined,
  });
}

/** What accepting made, and how everybody stands afterwards. JSON and YAML have it as the API answers it. */
function printAccepted(session: Session, accepted: Accepted): void {
  const { printer, terminal, t } = session;
  if (accepted.dryRun) say(session, t('cli.network.dryRun'));
  if (printer.form !== 'table' || printer.fields !== null) return printObject(printer, accepted);
  const shown = accepted.networks.slice(0, SHOWN);
  if (shown.length > 0) {
    terminal.out.write(
      listTable(printer, shown, [
        { field: 'network.name' },
        { field: 'network.cidr' },
        { field: 'network.start', show: ({ network }) => `${network.start}-${network.end}` },
        { field: 'network.gateway' },
        { field: 'network.giving' },
        { field: 'network.wire.name' },
        {
          field: 'network.additionalWires',
          show: ({ network }) => network.additionalWires.map(({ wire }) => wire.name),
        },
        { field: 'network.space.name' },
        { field: 'outcome' },
      ]),
    );
  }
  const more = accepted.created + accepted.unchanged - shown.length;
  if (more > 0) terminal.out.write(`${t('cli.sync.moreObjects', { count: more })}\n`);
  for (const { name, wires } of accepted.spaces) {
    const names = wires.map((wire) => wire.name).join(', ');
    terminal.out.write(`${t('cli.proposal.space', { name, wires: names })}\n`);
  }
  const { nics, settled, reasons } = accepted.nics;
  const rest = reasons.map((reason) => `${reason.text} ${reason.nics}`).join(', ');
  const { settles, conflicts } = accepted;
  terminal.out.write(
    [
      '',
      t('cli.proposal.records', { settles, conflicts }),
      t(rest === '' ? 'cli.proposal.allSettled' : 'cli.proposal.settled', { nics, settled, rest }),
      '',
    ].join('\n'),
  );
}
