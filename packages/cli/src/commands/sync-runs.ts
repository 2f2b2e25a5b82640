import type { SyncRun } from '@wirebook/contract';
import type { Command } from 'commander';
import { dataOf } from '../api.ts';
import { choice, given, option, text } from '../options.ts';
import { say, type Shell } from '../session.ts';
import { printSync } from '../sync-report.ts';
import { addList, addNoun, addVerb } from '../verbs.ts';

const states = ['running', 'succeeded', 'failed', 'held', 'cancelled'] as const;

export function addSyncCommands(program: Command, shell: Shell): void {
  const { t } = shell;
  const noun = addNoun(program, shell, 'sync');
  addList<SyncRun>(noun, shell, {
    filters: [option(t, '--account <account>'), option(t, '--state <state>').choices(states)],
    columns: [
      { field: 'id' },
      { field: 'account.name' },
      { field: 'state' },
      { field: 'phase' },
      { field: 'dryRun' },
      { field: 'trigger' },
      { field: 'startedAt' },
      { field: 'endedAt' },
    ],
    examples: ['wirebook sync list', 'wirebook sync list --account vc-berlin --state failed'],
    fetch: (session, options) => (page) =>
      session.api.GET('/api/v1/sync-runs', {
        params: {
          query: given({
            ...page,
            account: text(options, 'account'),
            state: choice(options, 'state', states),
          }),
        },
      }),
  });
  addVerb(noun, shell, {
    name: 'show',
    key: 'sync.show',
    arguments: ['<run>'],
    examples: ['wirebook sync show 0197f0a4-8f0e-7c3a-9d51-3f7b7c0a1e55'],
    run: async (session, [id = '']) => {
      const run = dataOf(
        await session.api.GET('/api/v1/sync-runs/{id}', { params: { path: { id } } }),
        session.t,
      );
      // Showing a failed run is no failure.
      printSync({ ...session, endWith: () => {} }, run);
    },
  });
  addVerb(noun, shell, {
    name: 'cancel',
    key: 'sync.cancel',
    arguments: ['<run>'],
    examples: ['wirebook sync cancel 0197f0a4-8f0e-7c3a-9d51-3f7b7c0a1e55'],
    run: async (session, [id = '']) => {
      dataOf(
        await session.api.POST('/api/v1/sync-runs/{id}/cancel', { params: { path: { id } } }),
        session.t,
      );
      say(session, session.t('cli.sync.cancelled'));
    },
  });
}
