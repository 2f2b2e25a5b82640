import type { SyncRun, Translate } from '@wirebook/contract';
import { openLine } from './open-line.ts';
import { visibleLine } from './output/visible.ts';
import type { Output } from './terminal.ts';

/** Shows how far a run is: one line that is rewritten on a terminal, elsewhere a line per phase. */
export function showProgress(
  output: Output,
  t: Translate,
): { show: (run: SyncRun) => void; end: () => void } {
  const last = openLine(output);
  let phase: string | null = null;
  return {
    show: (run) => {
      const line = progressLine(run, t);
      last.show(line);
      if (!output.interactive && run.phase !== phase) last.say(line);
      phase = run.phase;
    },
    end: last.end,
  };
}

function progressLine(run: SyncRun, t: Translate): string {
  const { done, total } = run.progress;
  const far = total === null ? (done === 0 ? '' : ` ${done}`) : ` ${done}/${total}`;
  return `${visibleLine(run.account.name)}: ${phaseText(run.phase, t)}${far}`;
}

function phaseText(phase: string, t: Translate): string {
  return t(`cli.phase.${phase}`, { defaultValue: visibleLine(phase) });
}
