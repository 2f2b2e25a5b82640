import {
  passwordInput,
  session,
  signedIn,
  signInInput,
  signInLink,
  signInLinkInput,
} from '@wirebook/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../../app/problem.ts';
import { changePassword, type Origin, shownUser, signIn, signOut } from '../../app/sign-in.ts';
import { createSignInLink } from '../../app/sign-in-links.ts';
import { findUserById } from '../../store/users.ts';
import { type App, hashToken, refusals, type RouteParts } from '../app.ts';
import { callerOf } from '../authentication.ts';

const tags = ['sign-in'];

export function addSessionRoutes(app: App, parts: RouteParts): void {
  const { db } = parts;
  const signInParts = { ...parts, hashToken };
  app.post(
    '/session',
    {
      config: { open: true, unkept: true },
      schema: {
        tags,
        summary: 'Sign in, by user name and password or by a link: sets the session cookie',
        security: [],
        body: signInInput,
        response: { 200: signedIn, ...refusals },
      },
    },
    async (request, reply) => {
      const { cookies, ...answer } = await signIn(signInParts, request.body, originOf(request));
      return reply.header('set-cookie', cookies).send(answer);
    },
  );
  app.get(
    '/session',
    {
      schema: {
        tags,
        summary: 'Show who is asking, and by what',
        response: { 200: session, ...refusals },
      },
    },
    async (request) => {
      const { actor, userId, token, expiresAt } = callerOf(request);
      const user = userId === null ? null : await findUserById(db, userId);
      return {
        by: token === null ? ('session' as const) : ('token' as const),
        actor: actor.name,
        role: actor.role,
        user: user === null ? null : shownUser(user),
        token: token === null ? null : { id: token.id, name: token.name },
        expiresAt,
      };
    },
  );
  app.delete(
    '/session',
    {
      config: { role: 'viewer', unkept: true },
      schema: {
        tags,
        summary: 'Sign out',
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { cookie, userId } = sessionOf(request);
      const cookies = await signOut(signInParts, { cookie, userId, username: callerOf(request).actor.name });
      parts.callers.forgetUser(userId);
      return reply.header('set-cookie', cookies).status(204).send(null);
    },
  );
  app.put(
    '/session/password',
    {
      config: { role: 'viewer', unkept: true },
      schema: {
        tags,
        summary: "Change one's password, and end one's other sessions",
        body: passwordInput,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { token, userId } = sessionOf(request);
      await changePassword(signInParts, request.body, { userId, token, from: originOf(request) });
      parts.callers.forgetUser(userId);
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/sign-in-links',
    {
      config: { role: 'administrator', unkept: true },
      schema: {
        tags,
        summary: 'Make a link that signs a user in once',
        body: signInLinkInput,
        response: { 201: signInLink, ...refusals },
      },
    },
    async (request, reply) => {
      const base = parts.publicUrl ?? `${request.protocol}://${request.headers.host ?? ''}`;
      const made = await createSignInLink(
        db,
        { user: request.body.user, base },
        { caller: callerOf(request), hashToken },
      );
      return reply.status(201).send(made);
    },
  );
}

/** The session that a request came with. Problem: `session_needed` for one with a token. */
function sessionOf(request: FastifyRequest): { cookie: string; token: string; userId: string } {
  const { session: held, userId } = callerOf(request);
  if (held === null || userId === null) throw new Problem('session_needed');
  return { ...held, userId };
}

function originOf(request: FastifyRequest): Origin {
  return { address: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 256) };
}
