import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** govmomi 0.56 names this version in its go.mod. */
const oldest = { major: 1, minor: 25 };

export interface GoToolchain {
  /** Path of the go command. */
  command: string;
  version: string;
}

/** No Go that can build the simulator; the message says what to install, and that only tests and the demo need it. */
export class GoUnusable extends Error {
  override readonly name = 'GoUnusable';
  /** Whether there is one that is too old. */
  readonly tooOld: boolean;
  constructor(message: string, options: { tooOld: boolean }) {
    super(message);
    this.tooOld = options.tooOld;
  }
}

/**
 * Finds a Go toolchain that can build the simulator: the first `go` of PATH,
 * else the usual places of installation.
 *
 * @throws GoUnusable when there is none, or none that is recent enough.
 */
export async function goToolchain(
  environment: NodeJS.ProcessEnv = process.env,
  usualPlaces: readonly string[] = ['/usr/local/go/bin', '/usr/lib/go/bin', '/opt/homebrew/bin'],
): Promise<GoToolchain> {
  const places = [...(environment['PATH'] ?? '').split(delimiter), ...usualPlaces];
  const found: string[] = [];
  for (const place of places) {
    if (place === '') continue;
    const command = join(place, process.platform === 'win32' ? 'go.exe' : 'go');
    const version = await versionOf(command, environment);
    if (version === undefined) continue;
    if (isRecent(version)) return { command, version };
    found.push(`${command} is ${version}`);
  }
  const wanted = `Go ${oldest.major}.${oldest.minor} or later`;
  const state =
    found.length === 0 ? 'No go command was found' : `The Go found is too old: ${found.join(', ')}`;
  throw new GoUnusable(
    `${state}. Install ${wanted} (https://go.dev/dl/) and put its bin folder into PATH. ` +
      'Only the test vCenter needs it, that is the tests and the demo; the controller itself does not.',
    { tooOld: found.length > 0 },
  );
}

async function versionOf(command: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    await access(command);
    // GOTOOLCHAIN=local: the version that is there, not one that it could fetch.
    const { stdout } = await run(command, ['env', 'GOVERSION'], {
      env: { ...environment, GOTOOLCHAIN: 'local' },
    });
    return stdout.trim().replace(/^go/, '');
  } catch {
    return undefined;
  }
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}
