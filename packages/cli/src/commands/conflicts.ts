import type { Conflict } from '@wirebook/contract';
import type { Command } from 'commander';
import { given, option, text } from '../options.ts';
import type { Shell } from '../session.ts';
import { addList, addNoun } from '../verbs.ts';

export function addConflictCommands(program: Command, shell: Shell): void {
  const noun = addNoun(program, shell, 'conflict');
  addList<Conflict>(noun, shell, {
    filters: [option(shell.t, '--ip <ip>')],
    columns: [
      { field: 'ip' },
      { field: 'space.name' },
      { field: 'network.name' },
      { field: 'holders', show: (conflict) => conflict.holders.map(sideText) },
      { field: 'claimants', show: (conflict) => conflict.claimants.map(sideText) },
      { field: 'since' },
    ],
    examples: ['wirebook conflict list', 'wirebook conflict list --ip 10.1.2.3 -o json'],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/conflicts', {
        params: { query: given({ ...page, ip: text(options, 'ip') }) },
      }),
  });
}

function sideText(side: Conflict['holders'][number]): string {
  return [side.server?.name, side.nic?.mac].filter(Boolean).join(' ') || '?';
}
