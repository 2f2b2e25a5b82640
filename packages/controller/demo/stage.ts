import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Translate } from '@wirebook/contract';

/** A step of the demo did not do what it says. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

export interface RunOptions {
  readonly program?: 'wirebook' | 'climc';
  /** A file that the program reads as its standard input. */
  readonly input?: string;
  /** The exit code that the step is about; 0 unless said. */
  readonly exitCode?: number;
}

/** What happens before the spectator's eyes, and what stays behind it. */
export interface Stage {
  readonly t: Translate;
  /** Prints a line. */
  say(line: string): Promise<void>;
  /** Prints a command line, runs it and lets it print. Throws `StepFailed` when its exit code is not the one expected. */
  run(words: readonly string[], options?: RunOptions): Promise<void>;
  /** What the API answers to a GET, as the schema reads it. Throws `StepFailed` for another answer than 200. */
  read<T>(schema: { parse(value: unknown): T }, path: string): Promise<T>;
}

const bin = join(import.meta.dirname, '../../cli/bin');

export function openStage(options: {
  t: Translate;
  language: string;
  url: string;
  token: string;
  /** Where Node keeps the compiled command line from one command to the next. */
  compileCache: string;
  signal: AbortSignal;
}): Stage {
  const { t, url, token, signal } = options;
  const environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WIREBOOK_'))),
    WIREBOOK_URL: url,
    WIREBOOK_TOKEN: token,
    LC_ALL: options.language,
    // https://nodejs.org/api/module.html#module-compile-cache: half a second less for each of the many commands.
    NODE_COMPILE_CACHE: options.compileCache,
  };
  const say = (line: string): Promise<void> => writeLine(line);
  return {
    t,
    say,
    run: async (words, { program = 'wirebook', input, exitCode = 0 } = {}) => {
      const line = [program, ...words].map(quote).join(' ');
      await say(`$ ${line}${input === undefined ? '' : ` < ${quote(input)}`}`);
      const file = input === undefined ? null : await open(input);
      try {
        const child = spawn(process.execPath, [join(bin, `${program}.mjs`), ...words], {
          stdio: [file?.fd ?? 'ignore', 'inherit', 'inherit'],
          env: environment,
          signal,
        });
        const ended = await new Promise<number | null>((resolve, reject) => {
          child.once('error', reject);
          child.once('exit', resolve);
        });
        await say('');
        if (ended !== exitCode)
          throw new StepFailed(t('demo.failed.exitCode', { line, ended: String(ended), exitCode }));
      } finally {
        await file?.close();
      }
    },
    read: async (schema, path) => {
      const answer = await fetch(`${url}/api/v1/${path}`, {
        headers: { authorization: `Bearer ${token}` },
        signal,
      });
      if (!answer.ok) throw new StepFailed(`GET ${path}: ${answer.status}`);
      return schema.parse(await answer.json());
    },
  };
}

/** Requires what a step says of the outcome. */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new StepFailed(what);
}

/** A word as a shell takes it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Ends when the line is out: a program that is started next writes to the same place. */
export function writeLine(line: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${line}\n`, () => resolve());
  });
}
