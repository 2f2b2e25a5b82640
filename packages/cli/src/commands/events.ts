import type { Event } from '@wirebook/contract';
import type { Command } from 'commander';
import { given, option, text } from '../options.ts';
import type { Shell } from '../session.ts';
import { addList, addNoun } from '../verbs.ts';

export function addEventCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'event');
  addList<Event>(noun, shell, {
    filters: [
      option(t, '--actor <actor>'),
      option(t, '--action <action>'),
      option(t, '--object-kind <kind>'),
      option(t, '--object <id>'),
    ],
    columns: [
      { field: 'at' },
      { field: 'actor' },
      { field: 'action' },
      { field: 'object.kind' },
      { field: 'object.name' },
    ],
    examples: ['wirebook event list', 'wirebook event list --object-kind network --sort -at'],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/events', {
        params: {
          query: given({
            ...page,
            actor: text(options, 'actor'),
            action: text(options, 'action'),
            objectKind: text(options, 'objectKind'),
            object: text(options, 'object'),
          }),
        },
      }),
  });
}
