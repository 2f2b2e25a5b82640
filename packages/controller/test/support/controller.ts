import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ComposeOptions, startController } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import { createTestDatabase } from './test-database.ts';

/** `T` is what the test expects to come back: one of the contract's types. Answers are held against their schemas anyway. */
export interface Answer<T = Body_> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}
/** JSON of any shape: looking deeper never needs a cast. */
export interface Body_ {
  readonly [key: string]: Body_ & string & number & boolean & readonly Body_[];
}

export interface TestController {
  readonly url: string;
  readonly token: string;
  readonly signInLink: string | null;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly call: <T = Body_>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer<T>>;
  /** Syncs an account and waits for the end of the run. */
  readonly sync: (account: string, body?: unknown) => Promise<Answer>;
  /** Waits until a run has ended. */
  readonly waitForRun: (id: string) => Promise<Answer>;
  readonly stop: () => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestControllerOptions extends Pick<
  ComposeOptions,
  'atOperationPoint' | 'pageFolder' | 'simulatedVcenter'
> {
  /** Of a controller that was here before; otherwise one is made for this controller. */
  readonly dataDir?: string;
  /** Of a database that is there already; otherwise one is made for this controller. */
  readonly databaseUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A whole controller on a database of its own, its answers held against their schemas. */
export async function startTestController(options: TestControllerOptions = {}): Promise<TestController> {
  const folder = await createTemporaryFolder();
  const database = options.databaseUrl === undefined ? await createTestDatabase() : null;
  const databaseUrl = options.databaseUrl ?? database?.url ?? '';
  const dataDir = options.dataDir ?? options.env?.['WIREBOOK_DATA'] ?? join(folder.path, 'data');
  const controller = await startController({
    config: readConfig({
      args: [],
      cwd: folder.path,
      env: {
        DATABASE_URL: databaseUrl,
        WIREBOOK_DATA: dataDir,
        WIREBOOK_LISTEN: '127.0.0.1:0',
        WIREBOOK_LOG: process.env['TEST_LOG'] ?? 'fatal',
        ...options.env,
      },
    }),
    checkAnswers: true,
    ...(options.pageFolder !== undefined && { pageFolder: options.pageFolder }),
    ...(options.simulatedVcenter !== undefined && { simulatedVcenter: options.simulatedVcenter }),
    ...(options.atOperationPoint !== undefined && { atOperationPoint: options.atOperationPoint }),
  });
  const { token }: { token: string } = JSON.parse(await readFile(join(dataDir, 'cli.json'), 'utf8'));
  const call = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> => {
    const response = await fetch(new URL(path, controller.url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answered: T = JSON.parse(text === '' ? '{}' : text);
    return { status: response.status, headers: response.headers, body: answered };
  };
  const waitForRun: TestController['waitForRun'] = async (id) => {
    for (;;) {
      const run = await call<Body_>('GET', `/api/v1/sync-runs/${id}`);
      if (run.body['state'] !== 'running') return run;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const stop = async (): Promise<void> => {
    await controller.stop();
    await database?.drop();
    await folder.remove();
  };
  return {
    url: controller.url,
    token,
    signInLink: controller.signInLink,
    databaseUrl,
    dataDir,
    call,
    waitForRun,
    sync: async (account, body = {}) => {
      const run = await call<Body_>(
        'POST',
        `/api/v1/cloud-accounts/${encodeURIComponent(account)}/sync`,
        body,
      );
      return run.status === 202 ? waitForRun(String(run.body['id'])) : run;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
