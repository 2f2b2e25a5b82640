import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { choice, option } from '../options.ts';
import { printList } from '../output/print.ts';
import type { Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';

const purposes = ['read', 'create', 'change', 'delete'] as const;

/** `account privileges`: what the account may have to be granted in vCenter, and where. */
export function addAccountPrivilegesVerb(noun: Command, shell: Shell): void {
  addVerb(noun, shell, {
    name: 'privileges',
    key: 'account.privileges',
    options: [option(shell.t, '--for <purpose>', 'purposeOfPrivilege').choices(purposes)],
    examples: [
      'wirebook account privileges',
      'wirebook account privileges --for create',
      'wirebook account privileges --for read -o csv --fields privilege',
    ],
    run: async (session, _operands, options) => {
      const wanted = choice(options, 'for', purposes);
      const { items } = dataOf(await session.api.GET('/api/v1/privileges'), session.t);
      printList(
        session.printer,
        items.filter((item) => wanted === undefined || item.purposes.includes(wanted)),
        [{ field: 'privilege' }, { field: 'purposes', show: ({ text }) => text }, { field: 'object' }],
      );
    },
  });
}
