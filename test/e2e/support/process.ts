import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly messages: string;
}

export interface StartedProcess {
  /** Resolves with the first match in what the process prints; rejects when it ends without. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
  /** Sends the signal and waits for the end. May be called twice. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

export interface ProcessOptions {
  /** Beside what every program needs; settings of the one who runs the tests are kept away from them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the program reads from its standard input. */
  readonly input?: string;
  readonly workingFolder?: string;
}

/** Runs a file of the repository with this Node. */
export function startProcess(
  file: string,
  words: readonly string[],
  options: ProcessOptions = {},
): StartedProcess {
  const child = spawn(process.execPath, [join(root, file), ...words], {
    cwd: options.workingFolder ?? root,
    env: { ...ownEnvironment(), ...options.environment },
  });
  child.stdin.end(options.input ?? '');
  const { texts, ended } = follow(child);
  return {
    ended,
    waitFor: async (pattern) => {
      for (;;) {
        const found = pattern.exec(texts.out);
        if (found !== null) return found;
        const outcome = await Promise.race([ended, nextText(child)]);
        if (outcome !== null && !pattern.test(outcome.out))
          throw new Error(
            `ended with ${outcome.code} before ${pattern.source}:\n${outcome.out}${outcome.messages}`,
          );
      }
    },
    end: async (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs a file of the repository to its end. */
export function runProcess(file: string, words: readonly string[], options?: ProcessOptions): Promise<Ended> {
  return startProcess(file, words, options).ended;
}

function ownEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, LC_ALL: 'en_US.UTF-8' };
}

function follow(child: ChildProcess): { texts: { out: string; messages: string }; ended: Promise<Ended> } {
  const texts = { out: '', messages: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    texts.messages += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...texts, code }));
  });
  return { texts, ended };
}

function nextText(child: ChildProcess): Promise<null> {
  return new Promise((resolve) => {
    child.stdout?.once('data', () => resolve(null));
  });
}
