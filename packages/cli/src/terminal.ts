/** What the program reads from and writes to; the process's own streams, or a test's. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Data. */
  readonly out: Output;
  /** Progress, messages and problems. */
  readonly messages: Output;
  readonly input: Input;
  readonly workingFolder: string;
  readonly homeFolder: string;
  /** Calls the function when the user presses Ctrl-C; the answer takes that back. */
  readonly onInterrupt: (interrupted: () => void) => () => void;
}

export interface Output {
  readonly write: (text: string) => void;
  /** Whether a person looks at it. */
  readonly interactive: boolean;
  /** Characters in a line; null where there is no limit. */
  readonly columns: number | null;
}

export interface Input {
  readonly interactive: boolean;
  /** Everything up to the end of the input. */
  readonly readAll: () => Promise<Uint8Array>;
  /** One line that the user types after the question, without showing it where it is secret. */
  readonly ask: (question: string, options: { secret: boolean }) => Promise<string>;
}
