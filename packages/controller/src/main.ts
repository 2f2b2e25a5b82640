import { DatabaseUnusable, startController } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import { DataFolderHeld, EmbeddedDatabaseUnavailable } from './embedded-database/index.ts';
import { WrongSecretKey } from './secrets.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

// Whoever read our lines may have gone (a pipe that was closed): that is no reason to end.
process.stdout.on('error', () => undefined);

/** Runs a controller until it is told to stop. Exit codes: 0 stopped, 1 couldn't start, 2 a setting is wrong. */
async function main(): Promise<number> {
  const config = readConfig({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() });
  // Listen for the end before the beginning: a start that is interrupted must unwind as well.
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const controller = await startController({ config });
  say(`Wirebook is ready at ${controller.url}`);
  if (controller.signInLink !== null) say(`Sign in: ${controller.signInLink}`);
  const signal = await stopped;
  say(`${signal}: stopping`);
  await controller.stop();
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof ConfigError) {
    complain(error.message);
    process.exitCode = 2;
  } else if (
    error instanceof DatabaseUnusable ||
    error instanceof DataFolderHeld ||
    error instanceof EmbeddedDatabaseUnavailable ||
    error instanceof WrongSecretKey ||
    isListenError(error)
  ) {
    complain((error as Error).message);
    process.exitCode = 1;
  } else throw error;
}

function isListenError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}
