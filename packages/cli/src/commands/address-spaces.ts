import type { AddressSpace } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf, requireDone } from '../api.ts';
import { option, text } from '../options.ts';
import { printObject } from '../output/print.ts';
import { say, type Shell } from '../session.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

export function addSpaceCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'space');
  addList<AddressSpace>(noun, shell, {
    filters: [],
    columns: [{ field: 'name' }, { field: 'counts.wires' }, { field: 'counts.networks' }],
    examples: ['wirebook space list'],
    fetch: (session) => (page) => session.api.GET('/api/v1/address-spaces', { params: { query: page } }),
  });
  addVerb(noun, shell, {
    name: 'create',
    key: 'space.create',
    arguments: ['<name>'],
    examples: ['wirebook space create branch'],
    run: async (session, [name = '']) => {
      const answer = await session.api.POST('/api/v1/address-spaces', { body: { name } });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
  addVerb(noun, shell, {
    name: 'update',
    key: 'space.update',
    arguments: ['<space>'],
    options: [option(t, '--name <name>', 'newName').makeOptionMandatory()],
    examples: ['wirebook space update branch --name branch-north'],
    run: async (session, [id = ''], options) => {
      const answer = await session.api.PATCH('/api/v1/address-spaces/{id}', {
        params: { path: { id } },
        body: { name: text(options, 'name') ?? '' },
      });
      printObject(session.printer, dataOf(answer, session.t));
    },
  });
  addVerb(noun, shell, {
    name: 'delete',
    key: 'space.delete',
    arguments: ['<space>'],
    examples: ['wirebook space delete branch'],
    run: async (session, [id = '']) => {
      requireDone(
        await session.api.DELETE('/api/v1/address-spaces/{id}', { params: { path: { id } } }),
        session.t,
      );
      say(session, session.t('cli.done.deleted', { name: id }));
    },
  });
}
