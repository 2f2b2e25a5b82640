import type { VsphereClient } from '@wirebook/vsphere';
import type { Seal } from '../app/sealing.ts';
import { isDatabaseAway } from '../store/constraints.ts';
import type { AccountConnection } from '../store/cloud-accounts.ts';
import type { Database } from '../store/database.ts';
import {
  beginFinalStep,
  noteStep,
  type OpenOperation,
  type Sentence,
  type StepNote,
} from '../store/operations.ts';
import { StepFailure } from './failure.ts';
import type { Sessions } from './sessions.ts';
import type { StepRun } from './step.ts';

/** The operation is another controller's by now, or the process is to stop: nothing more may be done or noted. */
export class LaidDown extends Error {}
/** Somebody asked to stop. */
export class Cancelled extends Error {}
/** The process is taken to have died here; for tests. */
export class Died extends Error {}

type Note = Omit<StepNote, 'operationId' | 'controllerId'>;

export interface Logbook {
  readonly facts: Record<string, unknown>;
  /** Fails with `LaidDown` where the operation is not this controller's any more. */
  note(note: Note): Promise<void>;
  log(line: Sentence): Promise<void>;
  /** Notes that a step begins from which there is no way back; false where somebody has asked to stop before. */
  beginFinal(position: number): Promise<boolean>;
  /** When vCenter has last answered anything, by `performance.now()`. */
  heardAt(): number;
  /** Whether an error ends the work with nothing noted: the database is away, or a test says so. */
  isDeath(error: unknown): boolean;
  openRun(signal: AbortSignal): StepRun;
  close(): void;
}

/** What is kept of an operation under way, and what its steps are given to work with. */
export function openLogbook(
  parts: { readonly db: Database; readonly seal: Seal; readonly sessions: Sessions },
  work: { operation: OpenOperation; controllerId: string; account: AccountConnection | null },
): Logbook {
  const { db, seal, sessions } = parts;
  const { operation, controllerId, account } = work;
  const facts: Record<string, unknown> = { ...operation.facts };
  let client: Promise<VsphereClient> | null = null;
  let heardAt = Number.NEGATIVE_INFINITY;
  const onHeard = (): void => {
    heardAt = performance.now();
  };

  const note = async (entry: Note): Promise<void> => {
    if (!(await noteStep(db, { operationId: operation.id, controllerId, ...entry }))) throw new LaidDown();
    Object.assign(facts, entry.facts);
  };
  const log = (line: Sentence): Promise<void> => note({ log: line });
  const requireAccount = (): AccountConnection => {
    if (account === null) throw new StepFailure('account_gone');
    return account;
  };
  return {
    facts,
    note,
    log,
    beginFinal: async (position) => {
      const answer = await beginFinalStep(db, { operationId: operation.id, controllerId, position });
      if (answer === 'lost') throw new LaidDown();
      return answer === 'begun';
    },
    heardAt: () => heardAt,
    isDeath: (error) => error instanceof Died || isDatabaseAway(error),
    openRun: (signal) => ({
      operation,
      db,
      get account() {
        return requireAccount();
      },
      vcenter: () => {
        client ??= sessions.take(requireAccount(), signal).then(
          (taken) => listening(taken, onHeard),
          (error: unknown) => {
            client = null;
            throw error;
          },
        );
        return client;
      },
      facts,
      signal,
      secrets: () => {
        if (operation.sealed === null) return {};
        const opened: unknown = JSON.parse(seal.open(operation.sealed, operation.id));
        return typeof opened === 'object' && opened !== null ? { ...opened } : {};
      },
      remember: (found, about = {}) =>
        note({ facts: found, ...(about.serverId === undefined ? {} : { serverId: about.serverId }) }),
      log,
      warn: (line) => note({ log: line, warning: line }),
    }),
    close: () => {
      if (client === null || account === null) return;
      void client.then(
        () => sessions.giveBack(account),
        () => undefined,
      );
    },
  };
}

/** The same client, which tells whenever the server has answered. */
function listening(client: VsphereClient, onHeard: () => void): VsphereClient {
  const heard = async function* <T>(pages: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
    for await (const page of pages) {
      onHeard();
      yield page;
    }
  };
  return {
    ...client,
    get about() {
      return client.about;
    },
    get serviceContent() {
      return client.serviceContent;
    },
    call: async (method, target, args, options) => {
      const answer = await client.call(method, target, args, options);
      onHeard();
      return answer;
    },
    readRefs: (options) => heard(client.readRefs(options)),
    readObjects: (options) => heard(client.readObjects(options)),
  };
}
