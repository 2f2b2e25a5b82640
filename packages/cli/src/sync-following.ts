import { setTimeout as pause } from 'node:timers/promises';
import type { SyncRun } from '@wirebook/contract';
import { syncRun } from '@wirebook/contract';
import { dataOf } from './api.ts';
import { Failed } from './failures.ts';
import { showProgress } from './progress.ts';
import { readServerEvents } from './server-events.ts';
import { say, type Session } from './session.ts';

/** How long after a broken stream to ask again, and how often in a row to do so in vain. */
const RETRY_MILLISECONDS = 1000;
const RETRIES = 10;

/**
 * Shows the progress of a run until it ends, and answers how it did. Ctrl-C ends the watching, not the run: null then.
 */
export async function followSync(session: Session, started: SyncRun): Promise<SyncRun | null> {
  const { t, terminal } = session;
  const interruption = new AbortController();
  const stopListening = terminal.onInterrupt(() => interruption.abort());
  const progress = showProgress(terminal.messages, t);
  try {
    return await watch(session, started, progress.show, interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    progress.end();
    say(session, t('cli.sync.goesOn', { account: started.account.name }));
    say(session, t('cli.sync.goesOnRemedy', { id: started.id }));
    return null;
  } finally {
    stopListening();
    progress.end();
  }
}

async function watch(
  session: Session,
  started: SyncRun,
  show: (run: SyncRun) => void,
  signal: AbortSignal,
): Promise<SyncRun> {
  let run = started;
  let lastEventId: string | null = null;
  let failures = 0;
  show(run);
  while (run.state === 'running') {
    try {
      for await (const event of openEvents(session, run.id, lastEventId, signal)) {
        lastEventId = event.id ?? lastEventId;
        const parsed = parseRun(event.data);
        if (parsed !== null) run = parsed;
        failures = 0;
        show(run);
        if (event.event === 'end') break;
      }
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (failures > RETRIES || !(error instanceof Failed || error instanceof TypeError)) throw error;
    }
    if (run.state === 'running') {
      // The stream ended before the run did, as when the controller restarts.
      await pause(RETRY_MILLISECONDS, undefined, { signal });
      run = await readRun(session, run, signal);
    }
  }
  // The last event may be older than the stored end of the run.
  return readRun(session, run, signal);
}

async function* openEvents(session: Session, id: string, lastEventId: string | null, signal: AbortSignal) {
  const answer = await session.api.GET('/api/v1/sync-runs/{id}/events', {
    params: { path: { id } },
    headers: {
      Accept: 'text/event-stream',
      ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }),
    },
    parseAs: 'stream',
    signal,
  });
  const body = dataOf<ReadableStream<Uint8Array> | null>(answer, session.t);
  if (body !== null) yield* readServerEvents(body);
}

/** The run as it stands; where the controller does not answer just now, as it stood. */
async function readRun(session: Session, run: SyncRun, signal: AbortSignal): Promise<SyncRun> {
  try {
    const answer = await session.api.GET('/api/v1/sync-runs/{id}', {
      params: { path: { id: run.id } },
      signal,
    });
    return dataOf(answer, session.t);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failed) return run;
    throw error;
  }
}

function parseRun(data: string): SyncRun | null {
  try {
    const parsed = syncRun.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
