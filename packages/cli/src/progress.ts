import type { SyncRun, Translate } from '@wirebook/contract';
import { truncate } from './output/width.ts';
import { visibleLine } from './output/visible.ts';
import type { Output } from './terminal.ts';

/** Erase in line (ECMA-48, EL 2), with the cursor at its beginning. */
const REWRITE = '\r\u001b[2K';

/** Shows how far a run is: one line that is rewritten on a terminal, elsewhere a line per phase. */
export function showProgress(
  output: Output,
  t: Translate,
): { show: (run: SyncRun) => void; end: () => void } {
  let phase: string | null = null;
  let open = false;
  return {
    show: (run) => {
      const line = progressLine(run, t);
      if (output.interactive) {
        output.write(`${REWRITE}${truncate(line, (output.columns ?? 80) - 1)}`);
        open = true;
      } else if (run.phase !== phase) {
        output.write(`${line}\n`);
      }
      phase = run.phase;
    },
    end: () => {
      if (open) output.write(REWRITE);
      open = false;
    },
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
