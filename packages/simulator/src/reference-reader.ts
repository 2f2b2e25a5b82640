import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { buildSimulator } from './build.ts';
import { isJsonObject, numberMember, parseJsonObject } from './json.ts';

/** One pass of the reader: a managed object type and the property paths of it. */
export interface ReadPass {
  type: string;
  paths: string[];
}

export interface ReadReport {
  /** Log-in to last page, milliseconds. */
  wallMs: number;
  /** The reader's own processor time, user and system, milliseconds. */
  cpuMs: number;
  objects: Record<string, number>;
  /** Bytes of reply bodies. */
  bytes: number;
}

/**
 * Reads with the bare govmomi reader that benchmarks compare with: container
 * view, RetrievePropertiesEx in pages, decoded into govmomi's types, nothing kept.
 *
 * @throws Error with the reader's own words when it fails.
 */
export async function runReferenceReader(options: {
  target: { url: string; username: string; password: string };
  passes: ReadPass[];
  /** Objects a page; 500 by default. */
  page?: number;
  signal?: AbortSignal;
}): Promise<ReadReport> {
  const { target, passes, page = 500, signal } = options;
  const program = await buildSimulator(signal === undefined ? {} : { signal });
  const child = spawn(
    program,
    [
      'read',
      '--url',
      target.url,
      '--username',
      target.username,
      '--password',
      target.password,
      '--page',
      String(page),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], ...(signal === undefined ? {} : { signal }) },
  );
  child.stdin.end(JSON.stringify(passes));
  const [output, complaint] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (child.exitCode !== 0) throw new Error(`The reference reader failed: ${complaint.trim()}`);
  const report = parseJsonObject(output);
  const objects = isJsonObject(report['objects']) ? report['objects'] : {};
  return {
    wallMs: numberMember(report, 'wallMs'),
    cpuMs: numberMember(report, 'cpuMs'),
    objects: Object.fromEntries(Object.keys(objects).map((name) => [name, numberMember(objects, name)])),
    bytes: numberMember(report, 'bytes'),
  };
}
