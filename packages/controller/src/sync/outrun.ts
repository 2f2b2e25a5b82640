import type { Tx } from '../store/database.ts';
import { loadServersAt, type ServerRow } from '../store/server-sync.ts';
import type { KnownServer, ServerChange } from './plan-servers.ts';
import type { SyncPlan } from './sync-plan.ts';

/** Whether a server stands in the book as it did when something was planned of it. */
export function isAsKnown(known: KnownServer, now: ServerRow | undefined): boolean {
  return (
    now !== undefined &&
    now.identity === known.identity &&
    now.moref === known.moref &&
    now.digest === known.digest &&
    now.missing === known.missing
  );
}

/**
 * The plan without the servers that another has written since it was made: an operation that made, changed or deleted one knows better what
 * there is than a run that read it before. What the run saw of them counts for nothing, like what it couldn't read; the next one sees them
 * as they are then. The transaction holds the account.
 */
export async function leaveOutrun(tx: Tx, plan: SyncPlan, accountId: string): Promise<SyncPlan> {
  const { servers, missingServers } = plan;
  if (servers.length + missingServers.length === 0) return plan;
  const planned = new Set([
    ...servers.flatMap(({ known }) => (known === null ? [] : [known.id])),
    ...missingServers.map((known) => known.id),
  ]);
  const anew = servers.filter(({ known, identity }) => known?.identity !== identity);
  const rows = await loadServersAt(tx, {
    accountId,
    ids: [...planned],
    identities: anew.map(({ identity }) => identity),
    morefs: servers.flatMap(({ known, moref }) => (known === null ? [moref] : [])),
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byIdentity = new Map(rows.map((row) => [row.identity, row.id]));
  const elsewhere = new Set(
    rows.filter((row) => !row.missing && !planned.has(row.id)).map((row) => row.moref),
  );
  const holds = ({ known, id, identity, moref }: ServerChange): boolean => {
    if (known === null) return !byIdentity.has(identity) && !elsewhere.has(moref);
    return isAsKnown(known, byId.get(id)) && (byIdentity.get(identity) ?? id) === id;
  };
  const outrun = servers.filter((server) => !holds(server)).map(({ moref }) => moref);
  const lasting = missingServers.filter((known) => isAsKnown(known, byId.get(known.id)));
  if (outrun.length === 0 && lasting.length === missingServers.length) return plan;
  return {
    ...plan,
    servers: servers.filter(holds),
    missingServers: lasting,
    unread: new Set([
      ...plan.unread,
      ...outrun,
      ...missingServers.filter((known) => !lasting.includes(known)).map(({ moref }) => moref),
    ]),
  };
}
