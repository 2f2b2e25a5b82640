import type { Server } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { flagQuery, given, option, text } from '../options.ts';
import { printObject } from '../output/print.ts';
import type { Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';
import { addServerChangeVerbs } from './server-changes.ts';
import { addServerCreateVerb } from './server-creation.ts';
import { addServerFixVerb } from './server-fixing.ts';

export function addServerCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'server');
  addList<Server>(noun, shell, {
    filters: [
      option(t, '--account <account>'),
      option(t, '--name <name>'),
      option(t, '--host <host>'),
      option(t, '--wire <wire>'),
      option(t, '--network <network>'),
      option(t, '--power-state <state>'),
      option(t, '--template', 'template'),
      option(t, '--instance-uuid <uuid>'),
      option(t, '--bios-uuid <uuid>'),
      option(t, '--tag <tag>', 'tagFilter'),
      option(t, '--missing'),
    ],
    columns: [
      { field: 'name' },
      { field: 'powerState' },
      { field: 'toolsStatus' },
      { field: 'nics.records.ip' },
      { field: 'tags.sync_ips' },
      { field: 'host.name' },
      { field: 'account.name' },
      { field: 'missingSince' },
    ],
    examples: [
      'wirebook server list',
      'wirebook server list --wire "VM Network" --fields name,nics.mac,nics.records.ip',
      'wirebook server list -q 10.1.2.3',
    ],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/servers', {
        params: {
          query: given({
            ...page,
            account: text(options, 'account'),
            name: text(options, 'name'),
            host: text(options, 'host'),
            wire: text(options, 'wire'),
            network: text(options, 'network'),
            powerState: text(options, 'powerState'),
            template: flagQuery(options, 'template'),
            instanceUuid: text(options, 'instanceUuid'),
            biosUuid: text(options, 'biosUuid'),
            tag: text(options, 'tag'),
            missing: flagQuery(options, 'missing'),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'server.show',
    arguments: ['<server>'],
    examples: ['wirebook server show web-01', 'wirebook server show web-01 -o yaml'],
    run: async (session, [id = '']) => {
      const server = dataOf(
        await session.api.GET('/api/v1/servers/{id}', { params: { path: { id } } }),
        session.t,
      );
      printObject(session.printer, server);
    },
  });
  addServerFixVerb(noun, shell);
  addServerCreateVerb(noun, shell);
  addServerChangeVerbs(noun, shell);
}
