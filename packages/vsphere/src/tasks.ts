import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions, VsphereClient } from './client-types.ts';
import { VsphereError } from './errors.ts';
import { faultOf, isBreak, problemOfFault } from './failures.ts';
import type { MoRef } from './moref.ts';
import { readOne } from './read-one.ts';
import { faultOfLocalized } from './shapes/fault.ts';
import type { TaskInfo } from './shapes/task.ts';

export interface TaskProgress {
  state: 'queued' | 'running';
  /** Per cent, null while unknown. */
  percent: number | null;
}

export interface AwaitTaskOptions extends CallOptions {
  /**
   * How long the server may be out of reach while the task is awaited, in milliseconds; a break that lasts longer
   * throws. Default 60,000. The task itself may take as long as `signal` allows.
   */
  patienceMs?: number;
  /** Called whenever something has changed. */
  onProgress?: (progress: TaskProgress) => void;
}

export type TaskAnswer =
  | { state: 'success'; result: MoRef | null; info: TaskInfo }
  /** The server knows no such task: vCenter forgets one about ten minutes after its end, and all when it restarts. */
  | { state: 'forgotten' };

/** Pauses between questions, in milliseconds: a short task is seen at once, a long one costs a question a second. */
const pauses = { first: 50, factor: 1.5, longest: 1000 } as const;
/** One question may take so long, in milliseconds: a way that swallows everything is a break too. */
const questionMs = 20_000;
const defaultPatienceMs = 60_000;

/**
 * Waits for a task to end. A broken connection and an expired session in between are survived.
 *
 * @throws VsphereError what the task failed with, of the same kinds as a call's (a task's NoPermission is a
 * `permission`; one that was cancelled is a `fault` RequestCanceled); what reading it failed with; `aborted`.
 */
export async function awaitTask(
  client: VsphereClient,
  task: MoRef,
  options: AwaitTaskOptions = {},
): Promise<TaskAnswer> {
  const { signal, onProgress, patienceMs = defaultPatienceMs } = options;
  let pause: number = pauses.first;
  let told = '';
  let brokenSince: number | null = null;
  for (;;) {
    const question = await ask(client, task, signal, Math.min(questionMs, Math.max(patienceMs, 1)));
    if (question.kind === 'break') {
      brokenSince ??= question.begun;
      if (performance.now() - brokenSince >= patienceMs) {
        throw question.error;
      }
    } else {
      if (brokenSince !== null) {
        // Much may have happened meanwhile.
        pause = pauses.first;
        brokenSince = null;
      }
      const answer = question.info === null ? { state: 'forgotten' as const } : answerOf(question.info);
      if (answer !== null) {
        return answer;
      }
      const progress = question.info === null ? null : progressOf(question.info);
      if (progress !== null && told !== JSON.stringify(progress)) {
        told = JSON.stringify(progress);
        onProgress?.(progress);
      }
    }
    await wait(pause, signal);
    pause = Math.min(pause * pauses.factor, pauses.longest);
  }
}

type Question =
  | { kind: 'read'; info: TaskInfo | null }
  | { kind: 'break'; begun: number; error: VsphereError };

async function ask(
  client: VsphereClient,
  task: MoRef,
  signal: AbortSignal | undefined,
  limitMs: number,
): Promise<Question> {
  const begun = performance.now();
  const limit = AbortSignal.timeout(limitMs);
  const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  try {
    const props = await readOne(client, {
      ref: task,
      type: 'Task',
      properties: ['info'],
      signal: both,
    });
    if (props !== null && props.info === undefined) {
      throw new VsphereError({ kind: 'malformed', reason: 'a task without info', path: '', excerpt: '' });
    }
    return { kind: 'read', info: props?.info ?? null };
  } catch (error) {
    if (
      error instanceof VsphereError &&
      error.kind === 'aborted' &&
      limit.aborted &&
      signal?.aborted !== true
    ) {
      return { kind: 'break', begun, error: new VsphereError({ kind: 'timeout', phase: 'headers' }) };
    }
    if (error instanceof VsphereError && isBreak(error)) {
      return { kind: 'break', begun, error };
    }
    throw error;
  }
}

function answerOf(info: TaskInfo): TaskAnswer | null {
  switch (info.state) {
    case 'success':
      return {
        state: 'success',
        result: info.result === undefined || info.result.type === '' ? null : info.result,
        info,
      };
    case 'error': {
      const faultString = 'The task failed without a reason.';
      const fault =
        info.error === undefined ? { faultType: 'MethodFault', faultString } : faultOfLocalized(info.error);
      throw new VsphereError(problemOfFault(fault));
    }
    default:
      return null;
  }
}

function progressOf({ state, progress }: TaskInfo): TaskProgress {
  return { state: state === 'queued' ? 'queued' : 'running', percent: progress ?? null };
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw signal?.aborted === true ? new VsphereError({ kind: 'aborted' }) : error;
  }
}

/**
 * The tasks that vCenter still knows of an object (of a clone, the VM that it is made from): queued, running, and
 * those that ended within ten minutes or so.
 */
export async function readRecentTasks(
  client: VsphereClient,
  entity: MoRef,
  { signal }: CallOptions = {},
): Promise<TaskInfo[]> {
  const call = signal === undefined ? {} : { signal };
  const props = await readOne(client, {
    ref: entity,
    type: 'ManagedEntity',
    properties: ['recentTask'],
    ...call,
  });
  const tasks: TaskInfo[] = [];
  const read = { refs: props?.recentTask ?? [], type: 'Task', properties: ['info'], ...call } as const;
  for await (const page of client.readRefs(read)) {
    tasks.push(...page.objects.flatMap(({ props: { info } }) => info ?? []));
  }
  return tasks;
}

/** Asks vCenter to give a task up. True when it agreed; a task that has ended or cannot be stopped goes on as it is. */
export async function cancelTask(
  client: VsphereClient,
  task: MoRef,
  { signal }: CallOptions = {},
): Promise<boolean> {
  try {
    await client.call('CancelTask', task, {}, signal === undefined ? {} : { signal });
    return true;
  } catch (error) {
    const fault = faultOf(error)?.faultType;
    if (fault === 'InvalidState' || fault === 'NotSupported' || fault === 'ManagedObjectNotFound') {
      return false;
    }
    throw error;
  }
}
