import { betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { deleteSessionCookie, parseCookies, setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import type { OpenedSession, SignInEngine } from '../app/sign-in-engine.ts';
import { newId } from '../domain/ids.ts';
import type { Database } from '../store/database.ts';

const COOKIE = 'wirebook_session';
const SESSION_SECONDS = 7 * 24 * 3600;
/** A session that is used is made longer at most this often. */
const RENEWED_EVERY_SECONDS = 24 * 3600;

/**
 * Passwords and sessions by better-auth, on our database. Its own routes are not served: it is called from ours. `secret` signs the session
 * cookies; with another one nobody is signed in any more.
 */
export function openSignInEngine(parts: {
  db: Database;
  secret: string;
  publicUrl: string | null;
  passwordLength: { least: number; most: number };
  logError: (message: string) => void;
}): SignInEngine {
  const auth = betterAuth({
    appName: 'Wirebook',
    // Where nothing is served from, the scheme of this alone counts: Secure cookies or not.
    baseURL: parts.publicUrl ?? 'http://127.0.0.1',
    secret: parts.secret,
    database: { db: parts.db, type: 'postgres' },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { level: 'error', log: (_level, message) => parts.logError(message) },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: parts.passwordLength.least,
      maxPasswordLength: parts.passwordLength.most,
    },
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        username: { type: 'string', input: false },
        role: { type: 'string', input: false, defaultValue: 'viewer' },
        disabledAt: { type: 'date', input: false, required: false, fieldName: 'disabled_at' },
      },
    },
    session: {
      modelName: 'sessions',
      expiresIn: SESSION_SECONDS,
      updateAge: RENEWED_EVERY_SECONDS,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      modelName: 'user_identities',
      fields: {
        userId: 'user_id',
        providerId: 'provider_id',
        accountId: 'account_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    advanced: {
      database: { generateId: () => newId() },
      cookies: { session_token: { name: COOKIE } },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'strict' },
    },
    plugins: [sessionEndpoints()],
  });
  const context = auth.$context;
  // As better-auth calls it: Secure cookies have a prefix that keeps plain http from setting them.
  const cookieName = `${parts.publicUrl?.startsWith('https:') === true ? '__Secure-' : ''}${COOKIE}`;

  return {
    cookieName,
    checkPassword: async (userId, password) => {
      const { internalAdapter, password: passwords } = await context;
      const stored = userId === null ? null : await internalAdapter.findCredentialAccount(userId);
      const hash = stored?.password ?? null;
      // Nobody's password takes as long to refuse as somebody's.
      if (hash === null) {
        await passwords.hash(password);
        return null;
      }
      return (await passwords.verify({ hash, password })) ? { proof: hash } : null;
    },
    setPassword: async (userId, password) => {
      const { internalAdapter, password: passwords } = await context;
      const hash = await passwords.hash(password);
      if ((await internalAdapter.findCredentialAccount(userId)) !== null)
        await internalAdapter.updatePassword(userId, hash);
      else
        await internalAdapter.createAccount({
          userId,
          providerId: 'credential',
          accountId: userId,
          password: hash,
        });
    },
    openSession: async (userId, { proof, ...from }) => {
      const { internalAdapter } = await context;
      const { response, headers } = await auth.api.openSession({
        body: { userId, ...from },
        returnHeaders: true,
      });
      // Whoever changes the password ends what sessions there are: one that began beside that must not be left over.
      if (proof !== null && (await internalAdapter.findCredentialAccount(userId))?.password !== proof) {
        await internalAdapter.deleteSession(response.token);
        return null;
      }
      return opened(response.expiresAt, headers);
    },
    cookieOf: (header) => {
      if (header === undefined) return null;
      const value = parseCookies(header).get(cookieName);
      return value === undefined || value === '' ? null : `${cookieName}=${value}`;
    },
    readSession: async (cookie) => {
      const { response, headers } = await auth.api.readSession({
        headers: new Headers({ cookie }),
        returnHeaders: true,
      });
      if (response === null) return null;
      const { userId, token, expiresAt } = response;
      return { userId, token, ...opened(expiresAt, headers) };
    },
    closeSession: async (cookie) => {
      const { headers } = await auth.api.closeSession({
        headers: new Headers({ cookie }),
        returnHeaders: true,
      });
      // What better-auth clears beside it was never set.
      return headers.getSetCookie().filter((one) => one.startsWith(`${cookieName}=`));
    },
    endSessions: async (userId, except) => {
      const { internalAdapter } = await context;
      const sessions = await internalAdapter.listSessions(userId);
      const ended = sessions.map(({ token }) => token).filter((token) => token !== except);
      if (ended.length > 0) await internalAdapter.deleteSessions(ended);
    },
  };
}

function opened(expiresAt: Date, headers: Headers): OpenedSession {
  return { expiresAt: expiresAt.toISOString(), cookies: headers.getSetCookie() };
}

/**
 * Sessions for a user whom our own routes have let in. Unlike better-auth's routes of the kind these let errors of the database through as
 * they are, so that they are told from refusals.
 */
function sessionEndpoints() {
  return {
    id: 'wirebook-sessions',
    endpoints: {
      openSession: createAuthEndpoint.serverOnly(
        {
          method: 'POST',
          body: z.object({ userId: z.string(), address: z.string(), userAgent: z.string() }),
        },
        async (ctx) => {
          const { userId, address, userAgent } = ctx.body;
          const { internalAdapter } = ctx.context;
          const user = await internalAdapter.findUserById(userId);
          if (user === null) throw new Error('a session for nobody');
          const session = await internalAdapter.createSession(userId, false, {
            ipAddress: address,
            userAgent,
          });
          await setSessionCookie(ctx, { session, user });
          return { token: session.token, expiresAt: session.expiresAt };
        },
      ),
      readSession: createAuthEndpoint.serverOnly({ method: 'POST', requireHeaders: true }, async (ctx) => {
        const { internalAdapter, authCookies, secret } = ctx.context;
        const token = await ctx.getSignedCookie(authCookies.sessionToken.name, secret);
        const found =
          token === null || token === false || token === '' ? null : await internalAdapter.findSession(token);
        if (found === null || found.session.expiresAt <= new Date()) return null;
        const { session, user } = found;
        const renewable = Date.now() + (SESSION_SECONDS - RENEWED_EVERY_SECONDS) * 1000;
        if (session.expiresAt.getTime() > renewable) return session;
        const renewed = await internalAdapter.updateSession(session.token, {
          expiresAt: new Date(Date.now() + SESSION_SECONDS * 1000),
          updatedAt: new Date(),
        });
        // Ended by somebody meanwhile.
        if (renewed === null) return null;
        await setSessionCookie(ctx, { session: renewed, user });
        return renewed;
      }),
      closeSession: createAuthEndpoint.serverOnly({ method: 'POST', requireHeaders: true }, async (ctx) => {
        const { internalAdapter, authCookies, secret } = ctx.context;
        const token = await ctx.getSignedCookie(authCookies.sessionToken.name, secret);
        if (typeof token === 'string' && token !== '') await internalAdapter.deleteSession(token);
        deleteSessionCookie(ctx);
        return null;
      }),
    },
  };
}
