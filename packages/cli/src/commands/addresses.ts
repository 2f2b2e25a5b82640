import type { TakenAddress } from '@wirebook/contract';
import { claimSources } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { choice, given, option, text } from '../options.ts';
import { printObject } from '../output/print.ts';
import type { Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

const states = ['used', 'held', 'conflict'] as const;

export function addAddressCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'address');
  addList<TakenAddress>(noun, shell, {
    filters: [
      option(t, '--space <space>'),
      option(t, '--network <network>'),
      option(t, '--server <server>'),
      option(t, '--ip <ip>'),
      option(t, '--mac <mac>'),
      option(t, '--key <key>', 'claimKey'),
      option(t, '--source <source>').choices(claimSources),
      option(t, '--state <state>').choices(states),
    ],
    columns: [
      { field: 'ip' },
      { field: 'state' },
      { field: 'server.name' },
      { field: 'nic.mac' },
      { field: 'holder.name' },
      { field: 'key' },
      { field: 'network.name' },
      { field: 'source' },
      { field: 'since' },
      { field: 'expiresAt' },
      { field: 'space.name' },
    ],
    examples: [
      'wirebook address list',
      'wirebook address list --network web --state held',
      'wirebook address list --source manual -o csv',
    ],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/addresses', {
        params: {
          query: given({
            ...page,
            space: text(options, 'space'),
            network: text(options, 'network'),
            server: text(options, 'server'),
            ip: text(options, 'ip'),
            mac: text(options, 'mac'),
            key: text(options, 'key'),
            source: choice(options, 'source', claimSources),
            state: choice(options, 'state', states),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'address.show',
    arguments: ['<ip>'],
    options: [option(t, '--space <space>')],
    examples: ['wirebook address show 10.1.2.3', 'wirebook address show fd00::7 --space branch'],
    run: async (session, [ip = ''], options) => {
      const answer = await session.api.GET('/api/v1/addresses/{ip}', {
        params: { path: { ip }, query: given({ space: text(options, 'space') }) },
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
}
