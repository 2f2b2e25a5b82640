import type { VirtualSwitch } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { choice, given, option, text } from '../options.ts';
import { printObject } from '../output/print.ts';
import type { Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

const kinds = ['standard', 'distributed'] as const;

export function addSwitchCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'switch');
  addList<VirtualSwitch>(noun, shell, {
    filters: [
      option(t, '--account <account>'),
      option(t, '--name <name>'),
      option(t, '--kind <kind>').choices(kinds),
      option(t, '--host <host>'),
    ],
    columns: [
      { field: 'name' },
      { field: 'kind' },
      { field: 'mtu' },
      { field: 'hosts' },
      { field: 'account.name' },
      { field: 'missingSince' },
    ],
    examples: ['wirebook switch list', 'wirebook switch list --kind distributed'],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/virtual-switches', {
        params: {
          query: given({
            ...page,
            account: text(options, 'account'),
            name: text(options, 'name'),
            kind: choice(options, 'kind', kinds),
            host: text(options, 'host'),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'switch.show',
    arguments: ['<switch>'],
    examples: ['wirebook switch show dvs-prod'],
    run: async (session, [id = '']) => {
      printObject(
        session.printer,
        dataOf(
          await session.api.GET('/api/v1/virtual-switches/{id}', { params: { path: { id } } }),
          session.t,
        ),
      );
    },
  });
}
