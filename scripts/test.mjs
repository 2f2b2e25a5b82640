// Everything that must hold before a change goes in: the static checks, then every test. Ends with one line,
// "N passed, N failed", that counts each check as one and each test as one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled, Refusal, requireGo, runToEnd, scriptArguments } from './house.mjs';
import { ensurePage } from './page-build.mjs';

const checks = [
  ['types', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json']],
  ["the page's types", 'node_modules/typescript/bin/tsc', ['-p', 'packages/web/tsconfig.json']],
  ['types of what drives the page', 'node_modules/typescript/bin/tsc', ['-p', 'test/page/tsconfig.json']],
  ['lint', 'node_modules/oxlint/bin/oxlint', ['--deny-warnings']],
  ['format', 'node_modules/oxfmt/bin/oxfmt', ['--check']],
  ['unused code', 'node_modules/knip/bin/knip.js', []],
  ['OpenAPI document', 'scripts/openapi.mjs', ['--check']],
];

let passed = 0;
let failed = 0;

/** Whether it did what it should; a crash is a failure, and what comes after is run all the same. */
function attempt(run) {
  try {
    return run() === 0;
  } catch (error) {
    process.stdout.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
    return false;
  }
}

function runCheck([name, file, args]) {
  process.stdout.write(`\n== ${name}\n`);
  if (attempt(() => runToEnd(file, args))) passed += 1;
  else failed += 1;
}

function runTests(filters) {
  process.stdout.write('\n== tests\n');
  const folder = mkdtempSync(join(tmpdir(), 'wirebook-report-'));
  const report = join(folder, 'report.json');
  try {
    const status = runToEnd('node_modules/vitest/vitest.mjs', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ]);
    const counts = count(JSON.parse(readFileSync(report, 'utf8')));
    passed += counts.passed;
    failed += counts.failed;
    if (counts.passed + counts.failed === 0) {
      process.stdout.write('No test ran.\n');
      failed += 1;
    } else if (status !== 0 && counts.failed === 0) {
      process.stdout.write(`The test run ended with exit code ${status} though no test failed.\n`);
      failed += 1;
    }
  } catch (error) {
    process.stdout.write(`The test run left no report: ${error.message}\n`);
    failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(report) {
  const counts = { passed: report.numPassedTests, failed: report.numFailedTests };
  for (const file of report.testResults) {
    // A file that could not even be loaded has no tests to fail.
    const named = file.assertionResults.some((result) => result.status === 'failed');
    if (file.status === 'failed' && !named) counts.failed += 1;
  }
  return counts;
}

if (attempt(() => ensureInstalled() ?? 0)) {
  for (const make of [requireGo, ensureChromium, ensurePage]) {
    if (!attempt(() => make() ?? 0)) failed += 1;
  }
  for (const check of checks) runCheck(check);
  runTests(scriptArguments());
} else {
  failed += 1;
}

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
