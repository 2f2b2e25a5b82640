import { truncate } from './output/width.ts';
import type { Output } from './terminal.ts';

/** Erase in line (ECMA-48, EL 2), with the cursor at its beginning. */
const REWRITE = '\r\u001b[2K';

/** The last line of a terminal, written over again and again; of anything else there is none. */
export interface OpenLine {
  /** Writes it anew. Does nothing where the output is not a terminal. */
  readonly show: (line: string) => void;
  /** Writes a line that stays, above it. */
  readonly say: (line: string) => void;
  readonly end: () => void;
}

export function openLine(output: Output): OpenLine {
  let open = false;
  const end = (): void => {
    if (open) output.write(REWRITE);
    open = false;
  };
  return {
    show: (line) => {
      if (!output.interactive) return;
      output.write(`${REWRITE}${truncate(line, (output.columns ?? 80) - 1)}`);
      open = true;
    },
    say: (line) => {
      end();
      output.write(`${line}\n`);
    },
    end,
  };
}
