import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { signalOf } from './authentication.ts';

const LOOK_EVERY_MS = 250;
const HEARTBEAT_EVERY = 60;

/**
 * Answers with server-sent events: `progress` with the object as JSON whenever it has changed, `end` with the last of it. The state is
 * sent at once on every connection, so that whoever comes again misses nothing.
 */
export async function followObject<T extends { updatedAt: string }>(
  request: FastifyRequest,
  reply: FastifyReply,
  following: {
    /** As it stands; refuses before anything is sent. */
    load: () => Promise<T>;
    hasEnded: (object: T) => boolean;
    stopping: () => boolean;
  },
): Promise<void> {
  const { load, hasEnded, stopping } = following;
  let object = await load();
  const gone = signalOf(reply);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  let sent = '';
  let quiet = 0;
  try {
    for (;;) {
      const text = JSON.stringify(object);
      const ended = hasEnded(object);
      if (text !== sent || ended) {
        raw.write(`id: ${object.updatedAt}\nevent: ${ended ? 'end' : 'progress'}\ndata: ${text}\n\n`);
        sent = text;
        quiet = 0;
      } else if ((quiet += 1) % HEARTBEAT_EVERY === 0) raw.write(': still there\n\n');
      if (ended || gone.aborted || stopping()) break;
      await sleep(LOOK_EVERY_MS, undefined, { signal: gone });
      object = await load();
    }
  } catch (error) {
    // The answer is under way: all that is left is to end it. The reader comes again by itself.
    if (!gone.aborted) request.log.warn({ err: error }, 'following failed');
  } finally {
    raw.end();
  }
}
