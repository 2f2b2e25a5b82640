import { setTimeout as pause } from 'node:timers/promises';
import { dataOf } from './api.ts';
import { Failed } from './failures.ts';
import { readServerEvents } from './server-events.ts';
import type { Session } from './session.ts';

/** How long after a broken stream to ask again, and how often in a row to do so in vain. */
const RETRY_MILLISECONDS = 1000;
const RETRIES = 10;

type Answer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** Something that the controller works on for a while, and how to learn how far it is. */
export interface LongWork<T> {
  /** Opens its stream of server-sent events. */
  readonly events: (request: { headers: Record<string, string>; signal: AbortSignal }) => Answer<unknown>;
  readonly read: (signal: AbortSignal) => Answer<T>;
  /** An event's JSON; null where it isn't the object. */
  readonly parse: (json: unknown) => T | null;
  readonly hasEnded: (object: T) => boolean;
  readonly progress: { show: (object: T) => void; end: () => void };
}

/**
 * Shows the progress of a work until it ends, and answers how it did. Ctrl-C ends the watching, not the work: null then, after
 * `onInterrupt` has said so.
 */
export async function followToEnd<T>(
  session: Session,
  started: T,
  work: LongWork<T>,
  onInterrupt: () => void,
): Promise<T | null> {
  const interruption = new AbortController();
  const stopListening = session.terminal.onInterrupt(() => interruption.abort());
  try {
    return await watch(session, started, work, interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    work.progress.end();
    onInterrupt();
    return null;
  } finally {
    stopListening();
    work.progress.end();
  }
}

async function watch<T>(session: Session, started: T, work: LongWork<T>, signal: AbortSignal): Promise<T> {
  let object = started;
  let lastEventId: string | null = null;
  let failures = 0;
  work.progress.show(object);
  while (!work.hasEnded(object)) {
    try {
      for await (const event of openEvents(session, work, lastEventId, signal)) {
        lastEventId = event.id ?? lastEventId;
        object = parseEvent(work, event.data) ?? object;
        failures = 0;
        work.progress.show(object);
        if (event.event === 'end') break;
      }
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (failures > RETRIES || !(error instanceof Failed || error instanceof TypeError)) throw error;
    }
    if (!work.hasEnded(object)) {
      // The stream ended before the work did, as when the controller restarts.
      await pause(RETRY_MILLISECONDS, undefined, { signal });
      object = await readNow(session, work, object, signal);
      work.progress.show(object);
    }
  }
  // The last event may be older than the stored end.
  return readNow(session, work, object, signal);
}

async function* openEvents<T>(
  session: Session,
  work: LongWork<T>,
  lastEventId: string | null,
  signal: AbortSignal,
) {
  const answer = await work.events({
    headers: {
      Accept: 'text/event-stream',
      ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }),
    },
    signal,
  });
  const body = dataOf(answer, session.t);
  if (body instanceof ReadableStream) yield* readServerEvents(body);
}

/** The object as it stands; where the controller does not answer just now, as it stood. */
async function readNow<T>(session: Session, work: LongWork<T>, object: T, signal: AbortSignal): Promise<T> {
  try {
    return dataOf(await work.read(signal), session.t);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failed) return object;
    throw error;
  }
}

function parseEvent<T>(work: LongWork<T>, data: string): T | null {
  try {
    return work.parse(JSON.parse(data));
  } catch {
    return null;
  }
}
