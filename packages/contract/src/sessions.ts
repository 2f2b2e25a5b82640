import { z } from 'zod';
import { ref, time } from './common.ts';

export const role = z
  .enum(['viewer', 'operator', 'administrator'])
  .meta({ description: 'What somebody may do: look, change networks and servers, everything.' });
export type Role = z.infer<typeof role>;

export const PASSWORD_AT_LEAST = 12;
export const PASSWORD_AT_MOST = 128;

const username = z.string().min(1).max(128);
/** What is held against a stored password: any that could ever have been set, and no longer. */
const password = z.string().min(1).max(PASSWORD_AT_MOST);
const newPassword = z.string().min(PASSWORD_AT_LEAST).max(PASSWORD_AT_MOST);

export const signedInUser = z
  .object({
    id: z.uuid(),
    name: z.string(),
    username: z.string(),
    role,
    hasPassword: z.boolean().meta({ description: 'False for whoever has only ever come by a link.' }),
  })
  .meta({ id: 'SignedInUser' });
export type SignedInUser = z.infer<typeof signedInUser>;

export const signInInput = z
  .strictObject({
    username: username.optional(),
    password: password.optional(),
    link: z.string().min(1).max(256).optional().meta({
      description: 'What stands behind `#link=` in a sign-in link. Either this, or username and password.',
    }),
  })
  .meta({ id: 'SignIn' });
export type SignInInput = z.infer<typeof signInInput>;

export const signedIn = z.object({ user: signedInUser, expiresAt: time }).meta({ id: 'SignedIn' });
export type SignedIn = z.infer<typeof signedIn>;

export const session = z
  .object({
    by: z.enum(['session', 'token']).meta({ description: 'What the request was let through by.' }),
    actor: z.string().meta({ description: 'The name that the audit trail has for the caller.' }),
    role: role.meta({ description: 'What this request may do: of a token its own role, not its owner’s.' }),
    user: signedInUser.nullable().meta({ description: 'Null for a token that belongs to no user.' }),
    token: ref.nullable(),
    expiresAt: time.nullable(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

export const passwordInput = z
  .strictObject({
    current: password
      .nullish()
      .meta({ description: 'The password until now. Left out only by a user who has none yet.' }),
    password: newPassword,
  })
  .meta({ id: 'PasswordChange' });
export type PasswordInput = z.infer<typeof passwordInput>;

export const signInLinkInput = z
  .strictObject({
    user: username.optional().meta({ description: 'User name or id. Left out: the caller.' }),
  })
  .meta({ id: 'NewSignInLink' });
export type SignInLinkInput = z.infer<typeof signInLinkInput>;

export const signInLink = z
  .object({
    url: z.string().meta({ description: 'Works once. Shown this once: only its hash is stored.' }),
    user: ref,
    expiresAt: time,
  })
  .meta({ id: 'SignInLink' });
export type SignInLink = z.infer<typeof signInLink>;
