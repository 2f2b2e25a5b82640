import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import type { Output, Terminal } from './terminal.ts';

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    environment: process.env,
    out: outputOf(process.stdout),
    messages: outputOf(process.stderr),
    input: { interactive: process.stdin.isTTY, readAll: readStandardInput, ask },
    workingFolder: process.cwd(),
    homeFolder: homedir(),
    onInterrupt: (interrupted) => {
      process.on('SIGINT', interrupted);
      return () => process.off('SIGINT', interrupted);
    },
  };
}

function outputOf(stream: WriteStream): Output {
  // Whoever reads may have enough before we end (`wirebook wire list | head`): no cause for a complaint.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const forced = Number(process.env['COLUMNS']);
  return {
    write: (text) => {
      stream.write(text);
    },
    interactive: stream.isTTY,
    columns: stream.isTTY ? stream.columns : Number.isInteger(forced) && forced > 0 ? forced : null,
  };
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function ask(question: string, options: { secret: boolean }): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const lines = createInterface({
    input: process.stdin,
    output: options.secret ? silent : process.stderr,
    terminal: true,
  });
  return new Promise((resolve) => {
    let answer = '';
    lines.on('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.on('SIGINT', () => {
      lines.close();
      process.stderr.write('\n');
      process.exit(1);
    });
    lines.on('close', () => {
      if (options.secret) process.stderr.write('\n');
      resolve(answer);
    });
  });
}
