import type { Host } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { given, option, text } from '../options.ts';
import { printObject } from '../output/print.ts';
import type { Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

export function addHostCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'host');
  addList<Host>(noun, shell, {
    filters: [
      option(t, '--account <account>'),
      option(t, '--name <name>'),
      option(t, '--management-ip <ip>'),
      option(t, '--cluster <cluster>'),
    ],
    columns: [
      { field: 'name' },
      { field: 'managementIp' },
      { field: 'version' },
      { field: 'state' },
      { field: 'maintenance' },
      { field: 'cluster' },
      { field: 'account.name' },
      { field: 'missingSince' },
    ],
    examples: [
      'wirebook host list',
      'wirebook host list --account vc-berlin --fields name,managementIp -o csv',
    ],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/hosts', {
        params: {
          query: given({
            ...page,
            account: text(options, 'account'),
            name: text(options, 'name'),
            managementIp: text(options, 'managementIp'),
            cluster: text(options, 'cluster'),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'host.show',
    arguments: ['<host>'],
    examples: ['wirebook host show esx-01.example'],
    run: async (session, [id = '']) => {
      printObject(
        session.printer,
        dataOf(await session.api.GET('/api/v1/hosts/{id}', { params: { path: { id } } }), session.t),
      );
    },
  });
}
