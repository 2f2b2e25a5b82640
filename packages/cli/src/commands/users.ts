import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { printObject } from '../output/print.ts';
import type { Shell } from '../session.ts';
import { addNoun, addVerb } from '../verbs.ts';

export function addUserCommands(program: Command, shell: Shell): void {
  const noun = addNoun(program, shell, 'user');
  addVerb(noun, shell, {
    name: 'link',
    key: 'user.link',
    arguments: ['[user]'],
    examples: ['wirebook user link', 'wirebook user link admin -o json'],
    run: async (session, [user]) => {
      const answer = await session.api.POST('/api/v1/sign-in-links', {
        body: user === undefined ? {} : { user },
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
}
