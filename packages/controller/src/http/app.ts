import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { problem as problemSchema } from '@wirebook/contract';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Allocator } from '../app/allocation.ts';
import type { AccountParts } from '../app/cloud-accounts.ts';
import type { WakeOperations } from '../app/operations.ts';
import type { SignInEngine } from '../app/sign-in-engine.ts';
import type { ServerDesk } from '../app/server-desk.ts';
import type { SimulatedVcenterHost } from '../app/simulated-vcenter.ts';
import type { WakeSync } from '../app/sync-runs.ts';
import type { Callers } from './callers.ts';
import type { Words } from './words.ts';

/** What tells whether the process is fit to serve. */
export interface Health {
  readonly startedAt: Date;
  workersReady(): boolean;
  stopping(): boolean;
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface HttpParts extends AccountParts {
  readonly wakeSync: WakeSync;
  readonly wakeOperations: WakeOperations;
  readonly servers: ServerDesk;
  readonly allocator: Allocator;
  readonly signInEngine: SignInEngine;
  /** Where people reach the controller; null where that is the address it listens to. */
  readonly publicUrl: string | null;
  /** Proxies that say truly where a request comes from. */
  readonly trustedProxies: readonly string[];
  readonly simulatedVcenter: SimulatedVcenterHost;
  readonly health: Health;
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  /** Where the built page lies; there may be none. */
  readonly pageFolder: string;
  /** Whether /metrics answers without a token. */
  readonly openMetrics: boolean;
  /** Holds every answer against its schema; for tests. */
  readonly checkAnswers?: boolean;
}

export interface RouteParts extends HttpParts {
  readonly words: Words;
  readonly callers: Callers;
}

/** The refusals that every route may answer with. */
export const refusals = { '4xx': problemSchema, '5xx': problemSchema } as const;

export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
