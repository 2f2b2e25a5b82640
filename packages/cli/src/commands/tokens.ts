import type { Token } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf, requireDone } from '../api.ts';
import { expiryOptions, readExpiry } from '../expiry.ts';
import { choice, flagQuery, given, option } from '../options.ts';
import { printObject } from '../output/print.ts';
import { say, type Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

const roles = ['viewer', 'operator', 'administrator'] as const;

export function addTokenCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'token');
  addList<Token>(noun, shell, {
    filters: [option(t, '--all', 'allTokens'), option(t, '--role <role>', 'onlyRole').choices(roles)],
    columns: [
      { field: 'id' },
      { field: 'name' },
      { field: 'role' },
      { field: 'owner.name' },
      { field: 'kind' },
      { field: 'current' },
      { field: 'createdAt' },
      { field: 'expiresAt' },
    ],
    examples: ['wirebook token list', 'wirebook token list --all --role administrator'],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/tokens', {
        params: {
          query: given({ ...page, all: flagQuery(options, 'all'), role: choice(options, 'role', roles) }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'create',
    key: 'token.create',
    arguments: ['<name>'],
    options: [option(t, '--role <role>', 'newRole').choices(roles), ...expiryOptions(t)],
    examples: [
      'wirebook token create backup-script --role viewer',
      'wirebook token create "pipeline of the lab" --role operator --for 30d -o json',
    ],
    run: async (session, [name = ''], options) => {
      const answer = await session.api.POST('/api/v1/tokens', {
        body: given({
          name,
          role: choice(options, 'role', roles),
          expiresAt: readExpiry(options, session.t),
        }),
      });
      const made = dataOf(answer, session.t);
      printObject(session.printer, made);
      say(session, session.t('cli.token.once'));
    },
  });
  addVerb(noun, shell, {
    name: 'revoke',
    key: 'token.revoke',
    arguments: ['<token>'],
    examples: ['wirebook token revoke backup-script'],
    run: async (session, [id = '']) => {
      requireDone(await session.api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }), session.t);
      say(session, session.t('cli.token.revoked', { name: id }));
    },
  });
}
