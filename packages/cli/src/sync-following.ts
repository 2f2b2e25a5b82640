import type { SyncRun } from '@wirebook/contract';
import { syncRun } from '@wirebook/contract';
import { followToEnd } from './following.ts';
import { showProgress } from './progress.ts';
import { say, type Session } from './session.ts';

/**
 * Shows the progress of a run until it ends, and answers how it did. Ctrl-C ends the watching, not the run: null then.
 */
export function followSync(session: Session, started: SyncRun): Promise<SyncRun | null> {
  const { api, t, terminal } = session;
  const params = { path: { id: started.id } };
  return followToEnd<SyncRun>(
    session,
    started,
    {
      events: (request) =>
        api.GET('/api/v1/sync-runs/{id}/events', { params, parseAs: 'stream', ...request }),
      read: (signal) => api.GET('/api/v1/sync-runs/{id}', { params, signal }),
      parse: (json) => syncRun.safeParse(json).data ?? null,
      hasEnded: ({ state }) => state !== 'running',
      progress: showProgress(terminal.messages, t),
    },
    () => {
      say(session, t('cli.sync.goesOn', { account: started.account.name }));
      say(session, t('cli.sync.goesOnRemedy', { id: started.id }));
    },
  );
}
