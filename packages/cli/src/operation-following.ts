import { operation, type Operation } from '@wirebook/contract';
import { followToEnd } from './following.ts';
import { showOperationProgress } from './operation-progress.ts';
import { say, type Session } from './session.ts';

export function hasEnded({ state }: Operation): boolean {
  return state !== 'queued' && state !== 'running';
}

/** Shows an operation step by step until it ends, and answers how it did. Ctrl-C ends the watching, not the operation: null then. */
export function followOperation(session: Session, started: Operation): Promise<Operation | null> {
  const { api, t, terminal } = session;
  const { id } = started;
  const params = { path: { id } };
  return followToEnd<Operation>(
    session,
    started,
    {
      events: (request) =>
        api.GET('/api/v1/operations/{id}/events', { params, parseAs: 'stream', ...request }),
      read: (signal) => api.GET('/api/v1/operations/{id}', { params, signal }),
      parse: (json) => operation.safeParse(json).data ?? null,
      hasEnded,
      progress: showOperationProgress(terminal.messages, t),
    },
    () => {
      say(session, t('cli.operation.goesOn', { name: started.server?.name ?? id }));
      say(session, t('cli.operation.goesOnRemedy', { id }));
    },
  );
}
