import type { Role } from '../store/users.ts';

/** Who asks, for the audit trail and for what they may do. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
}

/** By what a request was let through, beside who asks. */
export interface Caller {
  readonly actor: Actor;
  /** Null for a token that belongs to no user. */
  readonly userId: string | null;
  readonly token: { readonly id: string; readonly name: string } | null;
  /** When the token or the session ends by itself, RFC 3339. */
  readonly expiresAt: string | null;
}
