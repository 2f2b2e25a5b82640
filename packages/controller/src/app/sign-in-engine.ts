/** What keeps passwords and sessions: better-auth, handed in by `compose`. */
export interface SignInEngine {
  readonly cookieName: string;
  /**
   * Whether it is the user's password. Takes about the same work for a user without one, and for null, nobody. The proof says what
   * password it was, for `openSession`.
   */
  checkPassword(userId: string | null, password: string): Promise<{ proof: string } | null>;
  setPassword(userId: string, password: string): Promise<void>;
  /** Begins a session; null when the password that it was asked for with has been changed meanwhile. */
  openSession(
    userId: string,
    from: { address: string; userAgent: string; proof: string | null },
  ): Promise<OpenedSession | null>;
  /** Of a request's `Cookie` header, what belongs to a session; null where nothing does. */
  cookieOf(header: string | undefined): string | null;
  /** The session of a cookie, made longer when it is due: then `cookies` is to be set. Null when there is none (any more). */
  readSession(cookie: string): Promise<(OpenedSession & { userId: string; token: string }) | null>;
  /** Ends the session and answers the cookies that clear its own. */
  closeSession(cookie: string): Promise<readonly string[]>;
  /** Ends a user's sessions, but for the one named. */
  endSessions(userId: string, except: string | null): Promise<void>;
}

export interface OpenedSession {
  /** RFC 3339. */
  readonly expiresAt: string;
  /** `Set-Cookie` header values. */
  readonly cookies: readonly string[];
}
