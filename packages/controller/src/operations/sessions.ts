import type { VsphereClient } from '@wirebook/vsphere';
import { GateError } from '../app/vcenter-gate.ts';
import type { AccountConnection } from '../store/cloud-accounts.ts';
import { identityOf } from '../sync/gate.ts';

/** Sessions with vCenters, one for each account, shared by all that work on it. */
export interface Sessions {
  /** A connected client. What it fails with is the vSphere client's, or a `GateError` where another vCenter answers. */
  take(account: AccountConnection, signal: AbortSignal): Promise<VsphereClient>;
  /** Given back: the session ends a little after nobody uses it any more. */
  giveBack(account: AccountConnection): void;
  close(): Promise<void>;
}

interface Held {
  readonly client: VsphereClient;
  ready: Promise<void> | null;
  users: number;
  idle: NodeJS.Timeout | null;
}

/** How long a session is kept that nobody uses, in milliseconds. */
const KEPT_MS = 10_000;

export function openSessions(openClient: (account: AccountConnection) => VsphereClient): Sessions {
  const held = new Map<string, Held>();
  // Whoever changes how an account is reached gets a session of its own.
  const keyOf = (account: AccountConnection): string =>
    [
      account.id,
      account.url,
      account.username,
      account.sealedPassword.toString('base64'),
      account.trustSha256 ?? '',
      account.insecure,
    ].join(' ');
  const release = (key: string): void => {
    const session = held.get(key);
    if (session === undefined) return;
    session.users -= 1;
    if (session.users > 0) return;
    session.idle = setTimeout(() => {
      held.delete(key);
      void session.client.close();
    }, KEPT_MS);
    session.idle.unref();
  };
  return {
    take: async (account, signal) => {
      const key = keyOf(account);
      let session = held.get(key);
      if (session === undefined) {
        session = { client: openClient(account), ready: null, users: 0, idle: null };
        held.set(key, session);
      }
      const taken = session;
      if (taken.idle !== null) clearTimeout(taken.idle);
      taken.idle = null;
      taken.users += 1;
      taken.ready ??= connect(taken.client, account).catch((error: unknown) => {
        taken.ready = null;
        throw error;
      });
      try {
        await Promise.race([taken.ready, aborted(signal)]);
        return taken.client;
      } catch (error) {
        release(key);
        throw error;
      }
    },
    giveBack: (account) => release(keyOf(account)),
    close: async () => {
      const all = [...held.values()];
      held.clear();
      for (const { idle } of all) if (idle !== null) clearTimeout(idle);
      await Promise.all(all.map(({ client }) => client.close()));
    },
  };
}

/** Others wait for the same connection: the one who asked first going away must not end it. */
async function connect(client: VsphereClient, account: AccountConnection): Promise<void> {
  const about = await client.connect();
  const { instanceUuid } = await identityOf(client, about, new AbortController().signal);
  if (instanceUuid === account.instanceUuid) return;
  throw new GateError(
    {
      code: 'other_vcenter',
      params: { url: account.url, actual: instanceUuid, expected: account.instanceUuid },
    },
    null,
  );
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return promise;
}
