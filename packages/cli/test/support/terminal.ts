import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { addClimcCommands } from '../../src/commands/climc.ts';
import { addWirebookCommands } from '../../src/program.ts';
import { run } from '../../src/run.ts';
import type { Terminal } from '../../src/terminal.ts';

export interface Session {
  readonly exitCode: 0 | 1 | 2;
  readonly out: string;
  readonly messages: string;
}

export interface Setting {
  readonly url?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Standard input of a pipe. */
  readonly input?: string | Uint8Array;
  /** What a person types, question by question; makes the terminal an interactive one. */
  readonly answers?: readonly string[];
  readonly columns?: number;
  readonly folder?: string;
  /** Called as soon as a text was written to stderr, with what presses Ctrl-C. */
  readonly onMessage?: (all: string, interrupt: () => void) => void;
}

/** Runs `wirebook` in this process on a terminal made of strings. */
export function wirebook(words: readonly string[], setting: Setting = {}): Promise<Session> {
  return call('wirebook', words, setting);
}

export function climc(words: readonly string[], setting: Setting = {}): Promise<Session> {
  return call('climc', words, setting);
}

async function call(
  name: 'wirebook' | 'climc',
  words: readonly string[],
  setting: Setting,
): Promise<Session> {
  const written = { out: '', messages: '' };
  const interrupts = new Set<() => void>();
  const answers = [...(setting.answers ?? [])];
  const interactive = setting.answers !== undefined;
  const folder = setting.folder ?? emptyFolder();
  const terminal: Terminal = {
    environment: {
      ...(setting.url === undefined ? {} : { WIREBOOK_URL: setting.url, WIREBOOK_TOKEN: 'secret-token' }),
      ...setting.environment,
    },
    workingFolder: folder,
    homeFolder: folder,
    out: {
      write: (text) => {
        written.out += text;
      },
      interactive,
      columns: setting.columns ?? null,
    },
    messages: {
      write: (text) => {
        written.messages += text;
        setting.onMessage?.(written.messages, () => interrupts.forEach((interrupt) => interrupt()));
      },
      interactive,
      columns: setting.columns ?? null,
    },
    input: {
      interactive,
      readAll: () => Promise.resolve(Buffer.from(setting.input ?? '')),
      ask: (question) => {
        written.messages += question;
        return Promise.resolve(answers.shift() ?? '');
      },
    },
    onInterrupt: (interrupted) => {
      interrupts.add(interrupted);
      return () => interrupts.delete(interrupted);
    },
  };
  const addCommands = name === 'climc' ? addClimcCommands : addWirebookCommands;
  const exitCode = await run({ name, terminal, arguments: words, addCommands });
  return { exitCode, ...written };
}

/** A folder that is removed after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wirebook-cli-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
