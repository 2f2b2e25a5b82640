import type { Language, Translate } from '@wirebook/contract';
import type { Api } from './api.ts';
import type { Connection } from './connection.ts';
import type { Printer } from './output/print.ts';
import type { Terminal } from './terminal.ts';

/** What the program knows before it is told what to do. */
export interface Shell {
  readonly terminal: Terminal;
  readonly language: Language;
  readonly t: Translate;
  /** Called once by a command that ends otherwise than well without a failure of its own. */
  readonly endWith: (exitCode: 1) => void;
}

/** What a command works with. */
export interface Session extends Shell {
  readonly connection: Connection;
  readonly api: Api;
  readonly printer: Printer;
}

/** A line for the user, beside the data. */
export function say(session: Shell, text: string): void {
  session.terminal.messages.write(`${text}\n`);
}
