import { randomUUID } from 'node:crypto';
import type { Operation } from '@wirebook/contract';
import type { Option } from 'commander';
import { dataOf } from './api.ts';
import { Failed } from './failures.ts';
import { followOperation } from './operation-following.ts';
import { printOutcome } from './operation-report.ts';
import { duration, isSet, option, text, type Options } from './options.ts';
import { printObject } from './output/print.ts';
import { say, type Session, type Shell } from './session.ts';

/** `--wait TIME` says how long the guest has to show its address, `--no-wait` that nobody waits for the operation here. */
export function waitingOptions({ t }: Shell): Option[] {
  const wait = option(t, '--wait <time>', 'waitForAddress');
  // Both can be given, and commander would have the one take the other's place.
  wait.attributeName = () => 'waitForAddress';
  return [wait, option(t, '--no-wait', 'noWaitForOperation')];
}

export function waitSeconds(session: Session, options: Options): number | undefined {
  const value = text(options, 'waitForAddress');
  return value === undefined ? undefined : duration({ wait: value }, 'wait', session.t);
}

/** A key makes a request that is sent again the same request: what it began is answered, and nothing is begun twice. */
export function idempotencyOption({ t }: Shell): Option {
  return option(t, '--idempotency-key <key>');
}

type Answer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** What goes with a request that begins an operation, or only says what it would come to. */
export interface Asking {
  readonly headers: Record<string, string>;
  readonly query: { dryRun?: 'true' };
}

/**
 * Sends a request that begins an operation, waits for the operation unless told otherwise, and prints what it came to; with `--dry-run`
 * prints what it would come to.
 */
export async function runOperation<Plan extends { dryRun: true }>(
  session: Session,
  options: Options,
  about: {
    send: (asking: Asking) => Answer<Operation | Plan>;
    printPlan: (plan: Plan) => void;
  },
): Promise<void> {
  if (isSet(options, 'dryRun')) {
    const plan = dataOf(await about.send({ headers: {}, query: { dryRun: 'true' } }), session.t);
    if ('dryRun' in plan) about.printPlan(plan);
    return;
  }
  const started = await begin(session, text(options, 'idempotencyKey') ?? randomUUID(), about.send);
  if ('dryRun' in started) return;
  if (options['wait'] === false) {
    printObject(session.printer, started);
    say(session, session.t('cli.operation.begun', { id: started.id }));
    return;
  }
  await waitAndPrint(session, started);
}

/** Follows an operation to its end. */
export async function waitAndPrint(session: Session, operation: Operation): Promise<void> {
  const ended = await followOperation(session, operation);
  if (ended === null) session.endWith(1);
  else await printOutcome(session, ended);
}

async function begin<T>(session: Session, key: string, send: (asking: Asking) => Answer<T>): Promise<T> {
  const { t } = session;
  try {
    return dataOf(await send({ headers: { 'Idempotency-Key': key }, query: {} }), t);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    // Whether it was begun is not known here.
    const remedy = [error.remedy, t('cli.operation.sameKey', { key })].filter((one) => one !== null);
    throw new Failed(error.message, remedy.join('; '));
  }
}
