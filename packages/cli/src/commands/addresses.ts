import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { given, option, text } from '../options.ts';
import { printObject } from '../output/print.ts';
import type { Shell } from '../session.ts';
import { addNoun, addVerb } from '../verbs.ts';

export function addAddressCommands(program: Command, shell: Shell): void {
  const noun = addNoun(program, shell, 'address');
  addVerb(noun, shell, {
    name: 'show',
    key: 'address.show',
    arguments: ['<ip>'],
    options: [option(shell.t, '--space <space>')],
    examples: ['wirebook address show 10.1.2.3', 'wirebook address show fd00::7 --space branch'],
    run: async (session, [ip = ''], options) => {
      const answer = await session.api.GET('/api/v1/addresses/{ip}', {
        params: { path: { ip }, query: given({ space: text(options, 'space') }) },
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
}
