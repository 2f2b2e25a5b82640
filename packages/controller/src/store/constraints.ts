import { DatabaseError } from 'pg';

const CONSTRAINT_CLASSES = new Set(['23505', '23P01', '23503', '23514']);

/** The name of the database constraint that the error says was violated; null for any other error. */
export function violatedConstraint(error: unknown): string | null {
  return error instanceof DatabaseError && CONSTRAINT_CLASSES.has(error.code ?? '')
    ? (error.constraint ?? null)
    : null;
}

/** Whether the error says that some text is no value of the type it was to be read as (SQLSTATE class 22). */
export function isUnreadableValue(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code ?? '').startsWith('22');
}

const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT', 'ENOENT']);

/** Whether the error says that the database can't be reached now (connection exceptions, shutdown, start-up). */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('08') || code.startsWith('57P')) return true;
  if (CONNECTION_CODES.has(code) && 'syscall' in error) return true;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  // node-postgres gives these two no code.
  return (
    error.message === 'Connection terminated unexpectedly' ||
    error.message === 'Connection terminated due to connection timeout' ||
    error.message === 'timeout exceeded when trying to connect' ||
    error.message === 'Client has encountered a connection error and is not queryable'
  );
}

/** Whether the error says that the database is there and refuses: wrong role or password, or no such database (SQLSTATE 28, 3D). */
export function isDatabaseRefusing(error: unknown): boolean {
  return error instanceof DatabaseError && /^(?:28|3D)/.test(error.code ?? '');
}

/** Whether the transaction was undone because it and another waited for each other, or met (SQLSTATE class 40): done again, it may succeed. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40P01' || error.code === '40001');
}

/** Whether a statement gave up waiting for somebody's lock (SQLSTATE 55P03, by `lock_timeout`). */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '55P03';
}
