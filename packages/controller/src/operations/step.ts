import type { VsphereClient } from '@wirebook/vsphere';
import type { OperationKindName } from '@wirebook/contract';
import type { AccountConnection } from '../store/cloud-accounts.ts';
import type { Database } from '../store/database.ts';
import type { OpenOperation, Sentence } from '../store/operations.ts';

/** What a step works with. `Facts` is what the steps of this kind of operation find out; every one of them is kept in the database. */
export interface StepRun<Facts extends object = Record<string, unknown>> {
  readonly operation: OpenOperation;
  readonly db: Database;
  readonly account: AccountConnection;
  /** A connected client; its session is renewed by itself. */
  vcenter(): Promise<VsphereClient>;
  /** As they stand: what is remembered shows at once. */
  readonly facts: Partial<Facts>;
  /** Aborts when the operation is cancelled (not while it is taken back), when it is another controller's, or the controller stops. */
  readonly signal: AbortSignal;
  /** Opens what was sealed with the request. */
  secrets(): Readonly<Record<string, unknown>>;
  /** Keeps facts at once: before anything that would be lost with the process. */
  remember(facts: Partial<Facts>, about?: { serverId?: string }): Promise<void>;
  log(line: Sentence): Promise<void>;
  warn(line: Sentence): Promise<void>;
}

/** What a step came to, as a sentence, where there is something to say. */
export type StepDetail = Sentence | void;

/**
 * A step of an operation. Both ways may be gone twice, since the process may die at any moment and another goes on: `act` first looks
 * whether its work is done already, `undo` finds what `act` made even where nothing could be noted of it.
 */
export interface Step<Facts extends object> {
  readonly name: string;
  /** Once it has begun the operation isn't cancelled any more: nothing would be as it was. It may fail, and is taken back then. */
  readonly isFinal?: true;
  act(run: StepRun<Facts>): Promise<StepDetail>;
  /** A failure that takes nothing back: the step is done then, with this to look at. Null where the failure is one. */
  forgives?(failure: Sentence): Sentence | null;
  /** Absent: there is nothing to take back. */
  undo?(run: StepRun<Facts>): Promise<StepDetail>;
  /** What is still there if `undo` fails, or isn't to be done. */
  remains?(run: Pick<StepRun<Facts>, 'facts' | 'operation'>): readonly Sentence[];
}

export interface OperationKind {
  readonly kind: OperationKindName;
  readonly steps: readonly Step<Record<string, unknown>>[];
  /** Whether there is something to look at where it failed: otherwise there is nothing to keep. Absent: always. */
  hasMade?(facts: Readonly<Record<string, unknown>>): boolean;
}

/** Steps of different facts side by side: facts come out of the database as they went in. */
export function operationKind<Facts extends object>(
  kind: OperationKindName,
  steps: readonly Step<Facts>[],
  more: { hasMade?(facts: Partial<Facts>): boolean } = {},
): OperationKind {
  return { kind, steps, ...more };
}
