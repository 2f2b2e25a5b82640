import type { OperationKindName } from '@wirebook/contract';
import type { VsphereClient } from '@wirebook/vsphere';
import { Problem } from '../../app/problem.ts';
import type { Seal } from '../../app/sealing.ts';
import type { BeginOptions } from '../../app/server-desk.ts';
import type { AccountConnection } from '../../store/cloud-accounts.ts';
import type { Database, Tx } from '../../store/database.ts';
import { keepOperationOfKey } from '../../store/server-networks.ts';
import type { NewOperation } from '../../store/operations.ts';
import { explain } from '../failure.ts';
import type { Sessions } from '../sessions.ts';

/** What requests for changes of servers are handled with. */
export interface DeskParts {
  readonly db: Database;
  readonly seal: Seal;
  readonly sessions: Sessions;
  /** Wakes whoever carries operations out. */
  readonly wake: () => Promise<void>;
  /** The names of the steps of a kind of operation, in their order. */
  readonly stepsOf: (kind: OperationKindName) => readonly string[];
}

/** Asks an account's vCenter something. What keeps it from answering is a problem of the closed list. */
export async function askVcenter<T>(
  parts: DeskParts,
  account: AccountConnection,
  signal: AbortSignal,
  ask: (client: VsphereClient) => Promise<T>,
): Promise<T> {
  try {
    const client = await parts.sessions.take(account, signal);
    try {
      return await ask(client);
    } finally {
      parts.sessions.giveBack(account);
    }
  } catch (error) {
    const detail = explain(error, account);
    throw (detail === null ? null : problemOf(detail, account.url)) ?? error;
  }
}

const known = [
  'login_refused',
  'privileges_missing',
  'certificate_not_trusted',
  'certificate_changed',
  'unreachable',
  'not_a_vcenter',
  'other_vcenter',
  'reply_unusable',
] as const;

function problemOf(
  detail: { code: string; params: Record<string, string | number> },
  url: string,
): Problem | null {
  if (detail.code === 'task_failed')
    return new Problem('reply_unusable', {
      url,
      cause: `${detail.params['fault']}: ${detail.params['message']}`,
    });
  const code = known.find((one) => one === detail.code);
  return code === undefined ? null : new Problem(code, detail.params);
}

/** Ties the request's key to what it has begun. Problem: `request_in_progress` where it took so long that the same request was sent again. */
export async function keepKey(tx: Tx, options: BeginOptions, operationId: string): Promise<void> {
  const { idempotencyKey: key, actor } = options;
  if (key === null) return;
  if (!(await keepOperationOfKey(tx, { actor: actor.name, key, operationId })))
    throw new Problem('request_in_progress');
}

/** A step as the operation begins: the addresses are taken with the request itself. */
export function beginStep(
  name: string,
  taken: readonly { readonly ip: string }[],
): NewOperation['steps'][number] {
  if (name !== 'address') return { name, done: false };
  const ips = taken.map(({ ip }) => ip).join(', ');
  return { name, done: true, detail: ips === '' ? null : { code: 'address_taken', params: { ips } } };
}
