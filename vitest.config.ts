import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'database',
          include: ['packages/{controller,cli}/test/**/*.test.ts', 'test/{e2e,chaos}/**/*.test.ts'],
          globalSetup: [
            'test/support/simulator-global-setup.ts',
            'packages/controller/test/support/postgres-global-setup.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['test/page/**/*.test.ts'],
          globalSetup: [
            'test/support/simulator-global-setup.ts',
            'packages/controller/test/support/postgres-global-setup.ts',
            'test/page/support/page-global-setup.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'plain',
          include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['packages/{controller,cli}/**', 'test/{e2e,chaos,page}/**', '**/node_modules/**'],
          globalSetup: ['test/support/simulator-global-setup.ts'],
        },
      },
    ],
  },
});
