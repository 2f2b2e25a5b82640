import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { given, option, text } from '../options.ts';
import type { Shell } from '../session.ts';
import { addVerb } from '../verbs.ts';
import { printWhy } from '../why-report.ts';

/** One question about an address, a MAC or a server, answered whole. */
export function addWhyCommand(program: Command, shell: Shell): void {
  addVerb(program, shell, {
    name: 'why',
    key: 'why',
    arguments: ['<subject>'],
    options: [option(shell.t, '--space <space>')],
    examples: ['wirebook why 10.1.2.3', 'wirebook why 00:50:56:aa:00:01', 'wirebook why web-01 -o json'],
    run: async (session, [of = ''], options) => {
      const answer = await session.api.GET('/api/v1/why', {
        params: { query: { of, ...given({ space: text(options, 'space') }) } },
      });
      printWhy(session, dataOf(answer, session.t));
    },
  });
}
