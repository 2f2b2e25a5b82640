import type { OperationKindName, OperationState, StepState } from '@wirebook/contract';
import { sql } from 'kysely';
import type { Database, Queries, Tx } from './database.ts';
import type { StatusDetail } from './tables.ts';

/** What an operation leaves behind or asks to be looked at: a sentence of the catalogue by code, with its values. */
export type Sentence = StatusDetail;

export interface NewOperation {
  readonly id: string;
  readonly kind: OperationKindName;
  readonly parentId: string | null;
  readonly accountId: string | null;
  readonly serverId: string | null;
  readonly serverName: string | null;
  readonly requestedBy: string;
  /** Without secrets. */
  readonly input: unknown;
  readonly sealed: Buffer | null;
  readonly facts: unknown;
  /** What is known beforehand that somebody should look at. */
  readonly warnings?: readonly Sentence[];
  readonly keepOnFailure: boolean;
  /** In their order. `done` is what the request itself has done. */
  readonly steps: readonly { name: string; done: boolean; detail?: Sentence | null }[];
  readonly addresses: readonly OperationAddress[];
}

export interface OperationAddress {
  readonly claimId: string;
  readonly ip: string;
  readonly networkId: string;
  readonly networkName: string;
}

/** Writes operations, which whoever takes them then carries out. */
export async function insertOperations(tx: Tx, operations: readonly NewOperation[]): Promise<void> {
  const rows = operations.map((operation) => ({
    id: operation.id,
    kind: operation.kind,
    parent_id: operation.parentId,
    account_id: operation.accountId,
    server_id: operation.serverId,
    server_name: operation.serverName,
    requested_by: operation.requestedBy,
    input: operation.input,
    sealed: operation.sealed?.toString('base64') ?? null,
    facts: operation.facts,
    warnings: operation.warnings ?? [],
    keep_on_failure: operation.keepOnFailure,
  }));
  await sql`
    INSERT INTO operations (id, kind, state, parent_id, account_id, server_id, server_name, requested_by, input, sealed, facts,
      warnings, keep_on_failure)
    SELECT id, kind, 'queued', parent_id, account_id, server_id, server_name, requested_by, input, decode(sealed, 'base64'), facts,
      warnings, keep_on_failure
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, kind text, parent_id uuid, account_id uuid,
      server_id uuid, server_name text, requested_by text, input jsonb, sealed text, facts jsonb, warnings jsonb,
      keep_on_failure boolean)`.execute(tx);
  const steps = operations.flatMap(({ id, steps: own }) =>
    own.map(({ name, done, detail = null }, position) => ({
      operation_id: id,
      position,
      name,
      state: done ? 'done' : 'pending',
      detail,
    })),
  );
  await sql`
    INSERT INTO operation_steps (operation_id, position, name, state, started_at, ended_at, detail)
    SELECT operation_id, position, name, state, CASE state WHEN 'done' THEN now() END, CASE state WHEN 'done' THEN now() END, detail
    FROM json_to_recordset(${JSON.stringify(steps)}::json)
      AS r(operation_id uuid, position integer, name text, state text, detail jsonb)`.execute(tx);
  const addresses = operations.flatMap(({ id, addresses: own }) =>
    own.map((address, position) => ({
      operation_id: id,
      position,
      claim_id: address.claimId,
      ip: address.ip,
      network_id: address.networkId,
      network_name: address.networkName,
    })),
  );
  await sql`
    INSERT INTO operation_addresses (operation_id, position, claim_id, ip, network_id, network_name)
    SELECT operation_id, position, claim_id, ip, network_id, network_name
    FROM json_to_recordset(${JSON.stringify(addresses)}::json) AS r(operation_id uuid, position integer, claim_id uuid,
      ip inet, network_id uuid, network_name text)`.execute(tx);
}

export interface StoredStep {
  readonly position: number;
  readonly name: string;
  readonly state: StepState;
}

/** An operation as whoever carries it out needs it. */
export interface OpenOperation {
  readonly id: string;
  readonly kind: OperationKindName;
  readonly state: OperationState;
  readonly undoing: boolean;
  readonly accountId: string | null;
  readonly serverId: string | null;
  readonly serverName: string | null;
  readonly requestedBy: string;
  readonly input: unknown;
  readonly sealed: Buffer | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly error: StatusDetail | null;
  readonly keepOnFailure: boolean;
  readonly cancelRequested: boolean;
  readonly startedAt: Date;
  readonly steps: readonly StoredStep[];
  readonly addresses: readonly OperationAddress[];
}

/**
 * Takes waiting operations for a controller, the oldest first, no more of an account at a time than `atOnce`, counted over all
 * controllers; `room` in all. Answers their ids.
 */
export async function takeOperations(
  db: Database,
  work: { controllerId: string; atOnce: number; room: number },
): Promise<string[]> {
  const waiting = await sql<{ accountId: string | null }>`
    SELECT DISTINCT account_id AS "accountId" FROM operations
    WHERE state IN ('queued', 'running') AND kind <> 'create_servers' AND controller_id IS NULL`.execute(db);
  const taken: string[] = [];
  for (const { accountId } of waiting.rows) {
    const room = work.room - taken.length;
    if (room <= 0) break;
    const ids = await db.transaction().execute(async (tx) => {
      // Two controllers that count at the same time would both find room.
      await sql`SELECT pg_advisory_xact_lock(${TAKING}, hashtext(${accountId ?? ''}))`.execute(tx);
      const { rows } = await sql<{ id: string }>`
        UPDATE operations SET controller_id = ${work.controllerId}, state = 'running', updated_at = now(),
          started_at = coalesce(started_at, now())
        WHERE id IN (
          SELECT id FROM operations
          WHERE account_id IS NOT DISTINCT FROM ${accountId}::uuid AND state IN ('queued', 'running')
            AND kind <> 'create_servers' AND controller_id IS NULL
          -- What was begun goes before what waits.
          ORDER BY state DESC, id
          LIMIT least(${room}, greatest(0, ${work.atOnce} - (SELECT count(*) FROM operations
            WHERE account_id IS NOT DISTINCT FROM ${accountId}::uuid AND state = 'running' AND controller_id IS NOT NULL)))
          FOR UPDATE SKIP LOCKED)
        RETURNING id`.execute(tx);
      await sql`
        UPDATE operations SET state = 'running', updated_at = now(), started_at = coalesce(started_at, now())
        WHERE state = 'queued' AND id IN (SELECT parent_id FROM operations WHERE id = ANY(${rows.map((row) => row.id)}::uuid[]))`.execute(
        tx,
      );
      return rows.map((row) => row.id);
    });
    taken.push(...ids);
  }
  return taken;
}

const TAKING = 0x4f50;

export async function loadOperation(db: Queries, id: string): Promise<OpenOperation | null> {
  const { rows } = await sql<
    Omit<OpenOperation, 'steps' | 'addresses'> & { steps: StoredStep[]; addresses: OperationAddress[] }
  >`
    SELECT o.id, o.kind, o.state, o.undoing, o.account_id AS "accountId", o.server_id AS "serverId",
      o.server_name AS "serverName", o.requested_by AS "requestedBy", o.input, o.sealed, o.facts, o.error,
      o.keep_on_failure AS "keepOnFailure", o.cancel_requested AS "cancelRequested",
      coalesce(o.started_at, o.created_at) AS "startedAt",
      (SELECT coalesce(json_agg(json_build_object('position', s.position, 'name', s.name, 'state', s.state)
        ORDER BY s.position), '[]') FROM operation_steps s WHERE s.operation_id = o.id) AS steps,
      (SELECT coalesce(json_agg(json_build_object('claimId', a.claim_id, 'ip', host(a.ip), 'networkId', a.network_id,
        'networkName', a.network_name) ORDER BY a.position), '[]')
        FROM operation_addresses a WHERE a.operation_id = o.id) AS addresses
    FROM operations o WHERE o.id = ${id}`.execute(db);
  return rows[0] ?? null;
}

export interface StepNote {
  readonly operationId: string;
  readonly controllerId: string;
  readonly position?: number;
  readonly state?: StepState;
  readonly detail?: Sentence | null;
  /** Put into the facts, key by key. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly log?: Sentence;
  readonly warning?: Sentence;
  readonly serverId?: string;
}

/**
 * Notes what a step is about to do or has done, all of it at once. False when the operation is another controller's by now: then nothing
 * is noted, and nothing more may be done.
 */
export async function noteStep(db: Queries, note: StepNote): Promise<boolean> {
  const warning = JSON.stringify(note.warning === undefined ? [] : [note.warning]);
  const { rows } = await sql`
    WITH held AS (
      UPDATE operations SET updated_at = now(), facts = facts || ${JSON.stringify(note.facts ?? {})}::jsonb,
        -- A step that is done again says it once.
        warnings = warnings || CASE WHEN warnings @> ${warning}::jsonb THEN '[]' ELSE ${warning}::jsonb END,
        server_id = coalesce(${note.serverId ?? null}::uuid, server_id)
      WHERE id = ${note.operationId} AND controller_id = ${note.controllerId} AND state = 'running' RETURNING id),
    stepped AS (
      UPDATE operation_steps SET state = ${note.state ?? 'pending'},
        started_at = CASE WHEN ${note.state ?? ''} IN ('running') THEN now() ELSE started_at END,
        ended_at = CASE WHEN ${note.state ?? ''} IN ('done', 'failed', 'undone', 'not_undone', 'skipped') THEN now() END,
        detail = CASE WHEN ${note.detail !== undefined} THEN ${note.detail == null ? null : JSON.stringify(note.detail)}::jsonb
          ELSE detail END
      WHERE operation_id IN (SELECT id FROM held) AND position = ${note.position ?? -1} AND ${note.state !== undefined}),
    logged AS (
      INSERT INTO operation_log (operation_id, line)
      SELECT id, ${JSON.stringify(note.log ?? null)}::jsonb FROM held WHERE ${note.log !== undefined})
    SELECT id FROM held`.execute(db);
  return rows.length === 1;
}

/** Begins a step from which there is no way back, unless somebody has asked to stop before: one of the two comes first. */
export async function beginFinalStep(
  db: Queries,
  work: { operationId: string; controllerId: string; position: number },
): Promise<'begun' | 'cancelled' | 'lost'> {
  const { rows } = await sql<{ cancelled: boolean }>`
    WITH held AS (
      SELECT id, cancel_requested FROM operations
      WHERE id = ${work.operationId} AND controller_id = ${work.controllerId} AND state = 'running' FOR UPDATE),
    begun AS (
      UPDATE operation_steps SET state = 'running', started_at = now()
      WHERE operation_id IN (SELECT id FROM held WHERE NOT cancel_requested) AND position = ${work.position})
    SELECT cancel_requested AS cancelled FROM held`.execute(db);
  const [row] = rows;
  if (row === undefined) return 'lost';
  return row.cancelled ? 'cancelled' : 'begun';
}

/** From here on the operation is taken back; `error` says why, null where it was cancelled. */
export async function beginUndoing(
  db: Queries,
  work: { operationId: string; controllerId: string; error: StatusDetail | null },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE operations SET undoing = true, updated_at = now(),
      error = coalesce(error, ${work.error === null ? null : JSON.stringify(work.error)}::jsonb)
    WHERE id = ${work.operationId} AND controller_id = ${work.controllerId} AND state = 'running'`.execute(
    db,
  );
  return numAffectedRows === 1n;
}

/** Ends an operation and, if it was the last part of another, that too. False when it is another controller's by now. */
export async function endOperation(
  tx: Tx,
  work: {
    operationId: string;
    controllerId: string;
    state: Exclude<OperationState, 'queued' | 'running'>;
    error: StatusDetail | null;
    remains: readonly Sentence[];
  },
): Promise<boolean> {
  const { rows } = await sql<{ parent_id: string | null }>`
    UPDATE operations SET state = ${work.state}, undoing = false, cancel_requested = false, updated_at = now(), ended_at = now(),
      error = ${work.error === null ? null : JSON.stringify(work.error)}::jsonb,
      remains = ${JSON.stringify(work.remains)}::jsonb, controller_id = NULL,
      sealed = NULL
    WHERE id = ${work.operationId} AND controller_id = ${work.controllerId} AND state = 'running'
    RETURNING parent_id`.execute(tx);
  const [row] = rows;
  if (row === undefined) return false;
  if (row.parent_id !== null) await endParent(tx, row.parent_id);
  return true;
}

/** The last of several that end at the same moment ends the whole: the parent's row makes them wait for each other. */
async function endParent(tx: Tx, parentId: string): Promise<void> {
  await sql`SELECT FROM operations WHERE id = ${parentId} FOR UPDATE`.execute(tx);
  await sql`
    UPDATE operations p SET updated_at = now(), ended_at = now(), cancel_requested = false,
      state = CASE WHEN c.succeeded = c.parts THEN 'succeeded' WHEN c.succeeded + c.failed > 0 THEN 'failed'
        WHEN c.cancelled > 0 THEN 'cancelled' ELSE 'undone' END,
      error = CASE WHEN c.succeeded < c.parts AND c.cancelled < c.parts THEN json_build_object('code', 'parts_failed',
        'params', json_build_object('count', c.parts - c.succeeded, 'total', c.parts))::jsonb END
    FROM (SELECT count(*) AS parts, count(*) FILTER (WHERE state = 'succeeded') AS succeeded,
        count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
        count(*) FILTER (WHERE state IN ('queued', 'running')) AS open
      FROM operations WHERE parent_id = ${parentId}) c
    WHERE p.id = ${parentId} AND c.open = 0`.execute(tx);
}

/** Marks an operation, with its parts, to be cancelled; one that failed and left something is opened again, to be taken back. */
export async function requestOperationCancel(tx: Tx, id: string): Promise<boolean> {
  // Parts before the whole, as where the last part ends it.
  await sql`SELECT FROM operations WHERE parent_id = ${id} ORDER BY id FOR UPDATE`.execute(tx);
  const { rows } = await sql<{ id: string }>`
    UPDATE operations SET cancel_requested = true, updated_at = now(),
      undoing = undoing OR state = 'failed', state = CASE state WHEN 'failed' THEN 'running' ELSE state END,
      remains = CASE state WHEN 'failed' THEN '[]' ELSE remains END,
      ended_at = NULL
    WHERE (id = ${id} OR parent_id = ${id})
      AND (state IN ('queued', 'running') OR state = 'failed' AND remains <> '[]')
    RETURNING id`.execute(tx);
  if (rows.length === 0) return false;
  // A whole is open as long as one of its parts is.
  await sql`
    UPDATE operations SET state = 'running', ended_at = NULL, updated_at = now()
    WHERE (id = ${id} OR id = (SELECT parent_id FROM operations WHERE id = ${id})) AND kind = 'create_servers'
      AND state = 'failed'`.execute(tx);
  return true;
}

/** An open operation on a server that one of these has failed on, the operation itself or its parts: the two would be in each other's way. */
export async function findOperationInTheWay(
  tx: Tx,
  id: string,
): Promise<{ id: string; server: string } | null> {
  const { rows } = await sql<{ id: string; server: string }>`
    SELECT o.id, coalesce(o.server_name, '-') AS server
    FROM operations failed JOIN operations o ON o.server_id = failed.server_id AND o.id <> failed.id
    WHERE (failed.id = ${id} OR failed.parent_id = ${id}) AND failed.state = 'failed'
      AND o.state IN ('queued', 'running') AND o.id <> ${id} LIMIT 1`.execute(tx);
  return rows[0] ?? null;
}

/** What a controller has under way, and whether somebody wants it stopped. */
export async function findOwn(
  db: Queries,
  controllerId: string,
): Promise<{ id: string; cancelRequested: boolean }[]> {
  const { rows } = await sql<{ id: string; cancelRequested: boolean }>`
    SELECT id, cancel_requested AS "cancelRequested" FROM operations
    WHERE controller_id = ${controllerId} AND state = 'running'`.execute(db);
  return rows;
}

/** Lays down operations of controllers that are gone, and those that this one has but doesn't work on any more. */
export async function layDownOperations(
  db: Queries,
  own: { controllerId: string; isWorkingOn: (id: string) => boolean },
): Promise<void> {
  // An operation is noted as worked on before the next look: what is taken and not noted now was left behind.
  const taken = await sql<{ id: string }>`
    SELECT id FROM operations WHERE state = 'running' AND controller_id = ${own.controllerId}`.execute(db);
  const left = taken.rows.map((row) => row.id).filter((id) => !own.isWorkingOn(id));
  await sql`
    UPDATE operations SET controller_id = NULL
    WHERE state = 'running' AND controller_id IS NOT NULL
      AND (NOT EXISTS (SELECT FROM controllers c WHERE c.id = operations.controller_id) OR id = ANY(${left}::uuid[]))`.execute(
    db,
  );
}

/** Puts one operation down for whoever comes next. */
export async function layDownOperation(
  db: Queries,
  work: { operationId: string; controllerId: string },
): Promise<void> {
  await sql`
    UPDATE operations SET controller_id = NULL
    WHERE id = ${work.operationId} AND controller_id = ${work.controllerId}`.execute(db);
}
