import type { Operation, Translate } from '@wirebook/contract';
import { openLine } from './open-line.ts';
import { visibleLine } from './output/visible.ts';
import type { Output } from './terminal.ts';

type Step = Operation['steps'][number];

/**
 * Shows an operation step by step: a line for each step with what it came to, and on a terminal, below them, what is being done. Elsewhere a
 * step has its line when it begins, so that a log says what is waited for, and what it came to below it. Of several servers, which are made
 * side by side, each has its line when it has ended.
 */
export function showOperationProgress(
  output: Output,
  t: Translate,
): { show: (operation: Operation) => void; end: () => void } {
  const last = openLine(output);
  const told = new Map<number, Step['state']>();
  return {
    show: (operation) => {
      const tell = operation.kind === 'create_servers' || output.interactive ? endingLines : logLines;
      const changed = operation.steps.flatMap((step, index): Change[] => {
        const before = told.get(index) ?? 'pending';
        if (step.state === before) return [];
        told.set(index, step.state);
        return [{ operation, step, index, head: headOf(operation, index, t), before, t }];
      });
      for (const line of changed.toSorted(asTheyHappen).flatMap(tell)) last.say(line);
      const busy = operation.steps.findIndex(({ state }) => state === 'running' || state === 'undoing');
      last.show(
        busy === -1 || operation.kind === 'create_servers'
          ? wholeLine(operation, t)
          : headOf(operation, busy, t),
      );
    },
    end: last.end,
  };
}

interface Change {
  readonly operation: Operation;
  readonly step: Step;
  readonly index: number;
  /** What its lines begin with. */
  readonly head: string;
  readonly before: Step['state'];
  readonly t: Translate;
}

const ORDER: Record<Step['state'], number> = {
  pending: 0,
  skipped: 0,
  done: 0,
  failed: 0,
  running: 1,
  undone: 2,
  not_undone: 2,
  undoing: 3,
};

/** Steps are done one after the other, and taken back the other way round: what ended did so before the next began. */
function asTheyHappen(a: Change, b: Change): number {
  const [first, second] = [ORDER[a.step.state], ORDER[b.step.state]];
  return first - second || (first < 2 ? a.index - b.index : b.index - a.index);
}

/** One line, when the step has ended. */
function endingLines(change: Change): string[] {
  const { step, head, t } = change;
  switch (step.state) {
    case 'pending':
    case 'running':
    case 'undoing':
    case 'skipped':
      return [];
    case 'done':
    case 'failed':
    case 'undone':
    case 'not_undone':
      return [`${head}: ${outcomeOf(change) ?? t('cli.operation.step.done')}`];
  }
  return [];
}

/** A line when the step begins, and one below it with what it came to. */
function logLines(change: Change): string[] {
  const { step, head, before } = change;
  const outcome = outcomeOf(change);
  const below = outcome === null ? [] : [`  ${outcome}`];
  switch (step.state) {
    case 'pending':
    case 'skipped':
      return [];
    case 'running':
    case 'undoing':
      return [head];
    case 'done':
    case 'failed':
      return before === 'running' ? below : [head, ...below];
    case 'undone':
    case 'not_undone':
      return before === 'undoing' ? below : [head, ...below];
  }
  return [];
}

/** What a step came to; null where there is nothing to say but that it is done. */
function outcomeOf({ operation, step, t }: Change): string | null {
  const detail = step.detail === null ? null : visibleLine(step.detail);
  const failed = (word: string): string => (detail === null ? word : `${word}: ${detail}`);
  switch (step.state) {
    case 'done':
      return detail;
    case 'failed':
    case 'not_undone':
      return failed(t('cli.operation.step.failed'));
    case 'undone':
      // Of a step that is taken back the detail is what it had come to.
      return operation.kind === 'create_servers' ? failed(t('cli.operation.state.undone')) : null;
    case 'pending':
    case 'running':
    case 'undoing':
    case 'skipped':
      return null;
  }
  return null;
}

/** `web-01: 3/9 clone`; of a step that is taken back `web-01: taking back: clone`; of several servers `web: 2/3 web-1`. */
function headOf(operation: Operation, index: number, t: Translate): string {
  const { kind, steps, progress } = operation;
  const step = steps[index];
  const title = visibleLine(step?.title ?? '');
  const subject = subjectOf(operation);
  if (kind === 'create_servers') return `${subject}: ${progress.done}/${progress.total} ${title}`;
  switch (step?.state) {
    case 'undoing':
    case 'undone':
    case 'not_undone':
      return `${subject}: ${t('cli.operation.step.undoing', { title })}`;
    default:
      return `${subject}: ${index + 1}/${steps.length} ${title}`;
  }
}

function wholeLine(operation: Operation, t: Translate): string {
  const { done, total } = operation.progress;
  return `${subjectOf(operation)}: ${done}/${total} ${t(`cli.operation.state.${operation.state}`)}`;
}

function subjectOf({ server, id }: Operation): string {
  return visibleLine(server?.name ?? id);
}
