import type { NetworkAddress } from '@wirebook/contract';
import { addressStates } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { fetchList } from '../list.ts';
import { given, option, text, wholeNumber } from '../options.ts';
import { printList, type Column } from '../output/print.ts';
import { say, type Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

/** For people: whoever has it in one column, a run of neighbours in one cell. */
const shownColumns: readonly Column<NetworkAddress>[] = [
  { field: 'address', show: ({ start, end }) => (start === end ? start : `${start} - ${end}`) },
  { field: 'count' },
  { field: 'state' },
  { field: 'holder', show: ({ server, holder, key }) => server ?? (holder?.name || key || holder) },
  { field: 'mac', show: ({ nic, holder }) => nic?.mac ?? holder?.mac },
  { field: 'since' },
  { field: 'until' },
  { field: 'evidence' },
];

/** For programs: the fields of the API. */
const fieldColumns: readonly Column<NetworkAddress>[] = (
  [
    'start',
    'end',
    'count',
    'state',
    'server.name',
    'nic.mac',
    'holder.name',
    'holder.owner',
    'holder.mac',
    'holder.note',
    'key',
    'source',
    'since',
    'until',
    'evidence',
  ] as const
).map((field) => ({ field }));

/** `network addresses` and `network next`: what is taken, and what would be given. */
export function addNetworkAddressVerbs(noun: Command, shell: Shell): void {
  const { t } = shell;
  const state = option(t, '--state <states>');
  state.description = t('cli.option.addressStates', { states: addressStates.join(', ') });
  addVerb(noun, shell, {
    name: 'addresses',
    key: 'network.addresses',
    arguments: ['<network>'],
    options: [state, option(t, '--from <ip>', 'fromAddress'), option(t, '--limit <n>')],
    examples: [
      'wirebook network addresses web',
      'wirebook network addresses web --state used,held,conflict',
      'wirebook network addresses web --from 10.1.2.100 --limit 20 -o csv',
    ],
    run: async (session, [id = ''], options) => {
      const { printer } = session;
      const rows = await fetchList<NetworkAddress>(session, options, ({ limit, cursor }) =>
        session.api.GET('/api/v1/networks/{id}/addresses', {
          params: {
            path: { id },
            query: given({ limit, cursor, state: text(options, 'state'), from: text(options, 'from') }),
          },
        }),
      );
      if (printer.form !== 'table') return printList(printer, rows, fieldColumns);
      // Most networks have nothing that ends by itself.
      const ends = rows.some(({ until }) => until !== null);
      const columns = shownColumns.filter(({ field }) => field !== 'until' || ends);
      return printList(printer, rows, columns);
    },
  });
  addVerb(noun, shell, {
    name: 'next',
    key: 'network.next',
    arguments: ['<network>'],
    options: [option(t, '--count <n>', 'nextCount')],
    examples: ['wirebook network next web', 'wirebook network next web --count 5 -o json'],
    run: async (session, [id = ''], options) => {
      const count = wholeNumber(options, 'count', session.t) ?? 1;
      const answer = await session.api.GET('/api/v1/networks/{id}/next', {
        params: { path: { id }, query: { count } },
      });
      const { items } = dataOf(answer, session.t);
      printList(session.printer, items, [{ field: 'ip' }]);
      if (items.length < count) say(session, session.t('cli.address.noMore', { count: items.length }));
    },
  });
}
