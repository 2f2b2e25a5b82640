import type { List, operationQuery } from '@wirebook/contract';
import type { z } from 'zod';
import { isUuid } from '../domain/ids.ts';
import type { Database, Queries } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { listOperations as list, type StoredOperation } from '../store/operation-list.ts';
import { findOperationInTheWay, requestOperationCancel } from '../store/operations.ts';
import type { Actor } from './actor.ts';
import { resolveOptional } from './names.ts';
import { Problem } from './problem.ts';
import { inTransaction } from './transaction.ts';

/** Wakes whoever carries operations out; what there is to do stands in the database. */
export type WakeOperations = () => Promise<void>;

export async function listOperations(
  db: Queries,
  query: z.output<typeof operationQuery>,
): Promise<List<StoredOperation>> {
  const { account, server, parent, ...rest } = query;
  return list(db, {
    ...rest,
    parentId: parent,
    accountId: await resolveOptional(db, 'cloud_account', account),
    serverId: await resolveOptional(db, 'server', server),
  });
}

export async function showOperation(db: Queries, id: string): Promise<StoredOperation> {
  const [found] = isUuid(id) ? (await list(db, { ids: [id], limit: 1 })).items : [];
  if (found === undefined)
    throw new Problem('not_found', { kind: 'operation', name: id, command: 'operation' });
  return found;
}

/**
 * Asks an operation to stop: what it has done is taken back. One that failed and left something behind is taken back from where it stands.
 * Problems: `not_running`, and `server_busy` where another operation changes the server now.
 */
export async function cancelOperation(
  parts: { db: Database; wakeOperations: WakeOperations },
  id: string,
  options: { actor: Actor },
): Promise<StoredOperation> {
  const { db } = parts;
  const found = await showOperation(db, id);
  await inTransaction(db, { dryRun: false }, async (tx) => {
    const inTheWay = await findOperationInTheWay(tx, id);
    if (inTheWay !== null)
      throw new Problem('server_busy', { server: inTheWay.server, operation: inTheWay.id });
    if (!(await requestOperationCancel(tx, id)))
      throw new Problem('not_running', { kind: 'operation', state: found.state });
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'cancel',
      kind: 'operation',
      id,
      name: found.server?.name ?? null,
    });
  });
  await parts.wakeOperations();
  return showOperation(db, id);
}
