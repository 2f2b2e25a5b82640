import type { Caller } from '../app/actor.ts';
import { openRemembering, type Remembering } from './remembering.ts';

/** Who asks, and the session that the request came with. */
export interface KnownCaller extends Caller {
  /** Null for a token. */
  readonly session: { readonly cookie: string; readonly token: string } | null;
}

/** Who was let through a moment ago. What is ended on this controller is forgotten at once. */
export interface Callers extends Remembering<KnownCaller> {
  forgetUser(userId: string): void;
  forgetToken(id: string): void;
}

/** A token or session that was ended on another controller works this long at most. */
const REMEMBERED_MS = 5_000;

export function openCallers(): Callers {
  const remembering = openRemembering<KnownCaller>({
    ms: REMEMBERED_MS,
    until: ({ expiresAt }) => (expiresAt === null ? null : Date.parse(expiresAt)),
  });
  return {
    ...remembering,
    forgetUser: (userId) => remembering.forget((caller) => caller.userId === userId),
    forgetToken: (id) => remembering.forget((caller) => caller.token?.id === id),
  };
}
