import { randomUUID } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { startEmbeddedDatabase } from '../../src/embedded-database/index.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import { runStatement, urlOfDatabase } from './test-database.ts';

/**
 * One PostgreSQL server for the whole run, with a migrated template that every test's database is cloned from.
 * `TEST_DATABASE_URL` names another server to use, with a role that may create databases.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer();
  const template = `wirebook_template_${randomUUID().replaceAll('-', '')}`;
  try {
    await runStatement(server.url, `CREATE DATABASE ${template}`);
    await migrate({ url: urlOfDatabase(server.url, template) });
  } catch (error) {
    await server.close(template);
    throw error;
  }
  project.provide('databaseServerUrl', server.url);
  project.provide('databaseTemplate', template);
  return () => server.close(template);
}

type Server = { url: string; close(template: string): Promise<void> };

async function openServer(): Promise<Server> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url !== undefined && url !== '') {
    return {
      url,
      close: (template) => runStatement(url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`),
    };
  }
  const folder = await createTemporaryFolder();
  const log: string[] = [];
  try {
    const database = await startEmbeddedDatabase({
      dataDir: folder.path,
      log: (line) => log.push(line),
      // What is in it is worth nothing after the run.
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' },
    });
    return {
      url: database.url,
      async close() {
        await database.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw new Error(`the test run's database server did not start:\n${log.join('\n')}`, { cause: error });
  }
}
