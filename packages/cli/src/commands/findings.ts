import { type Finding, findingKinds } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { given, option, text, texts } from '../options.ts';
import { type Group, printGroups } from '../output/groups.ts';
import { printList, printObject, type Column } from '../output/print.ts';
import { visibleLine } from '../output/visible.ts';
import { say, type Session, type Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

const columns: readonly Column<Finding>[] = [
  { field: 'kind' },
  { field: 'server.name' },
  { field: 'nic.mac' },
  { field: 'network.name' },
  { field: 'wire.name' },
  { field: 'ip' },
  { field: 'expected' },
  { field: 'found' },
  { field: 'text' },
  { field: 'remedy' },
];

export function addFindingCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'finding');
  addList<Finding>(noun, shell, {
    filters: [
      option(t, '--kind <kinds...>', 'findingKinds').choices(findingKinds),
      option(t, '--account <account>'),
      option(t, '--space <space>'),
      option(t, '--server <server>'),
      option(t, '--network <network>'),
      option(t, '--wire <wire>'),
    ],
    columns,
    examples: [
      'wirebook finding list',
      'wirebook finding list --kind guest_mask guest_gateway --network web',
      'wirebook finding list --kind vlan_disagreement -o json',
    ],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/findings', {
        params: {
          query: given({
            ...page,
            kind: texts(options, 'kind')?.join(','),
            account: text(options, 'account'),
            space: text(options, 'space'),
            server: text(options, 'server'),
            network: text(options, 'network'),
            wire: text(options, 'wire'),
          }),
        },
      }),
    print: (session, rows) => {
      const { form, fields } = session.printer;
      if (form !== 'table' || fields !== null) printList(session.printer, rows, columns);
      else if (rows.length === 0) say(session, session.t('cli.finding.none'));
      else printByKind(session, rows);
      return Promise.resolve();
    },
  });
  addVerb(noun, shell, {
    name: 'summary',
    key: 'finding.summary',
    options: [option(t, '--account <account>'), option(t, '--space <space>')],
    examples: ['wirebook finding summary', 'wirebook finding summary --account vc-berlin -o json'],
    run: async (session, _operands, options) => {
      const answer = await session.api.GET('/api/v1/findings/summary', {
        params: { query: given({ account: text(options, 'account'), space: text(options, 'space') }) },
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
}

/** Whole sentences: they say what was expected, what was found and where. */
function printByKind(session: Session, rows: readonly Finding[]): void {
  const { t } = session;
  const groups = Map.groupBy(rows, (row) => row.kind);
  printGroups(
    session,
    findingKinds.flatMap((code): Group[] => {
      const group = groups.get(code);
      if (group === undefined) return [];
      const byRemedy = [...Map.groupBy(group, ({ remedy }) => remedy).values()].flat();
      return [
        {
          title: t('cli.group.findings', {
            code,
            count: group.length,
            title: t(`findings.titles.${code}`),
          }),
          head: null,
          items: byRemedy.map(({ text: line, remedy }) => ({ line: visibleLine(line), remedy })),
        },
      ];
    }),
  );
}
