import { readFileSync } from 'node:fs';
import type { ProblemBody } from '@wirebook/contract';
import { smallEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';

/** Every field of every request and every parameter of every query, taken from the API's own description, with what must not be taken. */

interface Schema {
  $ref?: string;
  type?: string | string[];
  anyOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  maxLength?: number;
  minLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  additionalProperties?: Schema | boolean;
}
interface Parameter {
  required?: boolean;
  name: string;
  in: string;
  schema: Schema;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
const document: {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
} = JSON.parse(readFileSync(new URL('../../../contract/openapi.json', import.meta.url), 'utf8'));

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(smallEstate());
  await lab.createNetwork({ name: 'known', wire: 'web', cidr: '10.90.0.0/24' });
  await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'branch' });
  const kept = await lab.controller.call('POST', '/api/v1/reservations', {
    network: 'known',
    start: '10.90.0.9',
  });
  known['reservations'] = kept.body['id'] ?? '';
});
afterAll(() => lab[Symbol.asyncDispose]());

const SECRET = 'Correct-Horse-7731';
/** A body that each operation would take, so that the field in question alone is wrong. */
const good: Record<string, Record<string, unknown>> = {
  'POST /api/v1/session': { username: 'nobody', password: SECRET },
  'PUT /api/v1/session/password': { current: SECRET, password: SECRET },
  'POST /api/v1/sign-in-links': {},
  'POST /api/v1/tokens': { name: 'n' },
  'POST /api/v1/cloud-accounts': {
    name: 'n',
    url: 'https://127.0.0.1:1/sdk',
    username: 'u',
    password: SECRET,
  },
  'PATCH /api/v1/cloud-accounts/{id}': { name: 'lab' },
  'POST /api/v1/cloud-accounts/certificate': { url: 'https://127.0.0.1:1/sdk' },
  'POST /api/v1/cloud-accounts/preview': { url: 'https://127.0.0.1:1/sdk', username: 'u', password: SECRET },
  'POST /api/v1/cloud-accounts/{id}/sync': {},
  'POST /api/v1/networks': { name: 'n', wire: 'web', cidr: '10.91.0.0/24' },
  'PATCH /api/v1/networks/{id}': { description: '' },
  'PUT /api/v1/networks/{id}/additional-wires': { wires: [] },
  'PUT /api/v1/networks/{id}/excluded-wires': { wires: [] },
  'POST /api/v1/proposals/accept': { all: true, dryRun: true },
  'POST /api/v1/networks/{id}/split': { at: '10.90.0.0' },
  'POST /api/v1/networks/{id}/merge': { into: 'known' },
  'POST /api/v1/networks/{id}/move': { wire: 'web' },
  'POST /api/v1/address-spaces': { name: 'n' },
  'PATCH /api/v1/address-spaces/{id}': { name: 'n' },
  'PATCH /api/v1/wires/{id}': { space: 'default' },
  'POST /api/v1/networks/{id}/allocate': { ip: '10.90.0.0' },
  'POST /api/v1/networks/{id}/release': { ips: ['10.90.0.200'] },
  'PUT /api/v1/networks/{id}/claims/{key}': { ip: '10.90.0.0' },
  'POST /api/v1/reservations': { network: 'known', start: '10.90.0.9' },
  'PATCH /api/v1/reservations/{id}': { note: '' },
  'POST /api/v1/servers': {
    name: 'n',
    from: 'ubuntu-template',
    nics: [{ network: 'known' }],
    dryRun: true,
  },
  'POST /api/v1/servers/{id}/nics': { network: 'known', dryRun: true },
  'PATCH /api/v1/servers/{id}/nics/{mac}': { network: 'known', dryRun: true },
  'POST /api/v1/servers/{id}/fix-nics': { ips: ['10.10.20.11'], dryRun: true },
  'POST /api/v1/imports/fixes': { rows: [{ server: 'web-1', ip: '192.0.2.1' }] },
  'POST /api/v1/imports/addresses': { rows: [{ ip: '192.0.2.1', name: 'n' }] },
  'POST /api/v1/compare': { rows: [{ ip: '192.0.2.1' }] },
  'POST /api/v1/imports/networks': {
    rows: [{ name: 'n', start: '192.0.2.1', end: '192.0.2.1', prefix: '24', vlan: '4000' }],
  },
  'POST /api/v1/imports/declarations': { format: 'wirebook-declarations', version: 1 },
  'POST /api/v1/conflicts/{id}/resolve': { resolution: 'keep' },
  'POST /api/v1/nics/mend': { reason: ['taken'] },
  'POST /api/v1/networks/{id}/additional-wires': { wires: [] },
  'POST /api/v1/networks/{id}/excluded-wires': { wires: [] },
};
const known: Record<string, string> = {
  'cloud-accounts': 'lab',
  networks: 'known',
  'address-spaces': 'branch',
  wires: 'web',
  servers: 'web-1',
  hosts: 'esx-01.lab.example',
  'virtual-switches': 'dvs-lab',
  conflicts: '0197f0a4-8f0e-7c3a-9d51-3f7b7c0a1e55',
};
const pathOf = (template: string): string =>
  template
    .replace('{ip}', '10.10.20.11')
    .replace('{key}', 'key')
    .replace('{mac}', '10.10.20.11')
    .replace('{id}', () => encodeURIComponent(known[template.split('/')[3] ?? ''] ?? 'x'));

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  path.startsWith('/api/')
    ? Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        operation,
      }))
    : [],
);

function resolve(schema: Schema): Schema {
  return schema.$ref === undefined
    ? schema
    : resolve(document.components.schemas[schema.$ref.replace('#/components/schemas/', '')] ?? {});
}
/** The schema's alternatives, flat. */
function alternatives(schema: Schema): Schema[] {
  const whole = resolve(schema);
  return [...(whole.anyOf ?? []), ...(whole.allOf ?? [])].length > 0
    ? [...(whole.anyOf ?? []), ...(whole.allOf ?? [])].flatMap(alternatives)
    : [whole];
}
const typesOf = (schema: Schema): string[] =>
  alternatives(schema).flatMap((one) => one.type ?? (one.enum === undefined ? [] : ['string']));

/** Values that the schema rules out, and texts that nobody can store. */
function badValues(schema: Schema): unknown[] {
  const types = typesOf(schema);
  const bad: unknown[] = [];
  for (const [type, value] of [
    ['string', 'text'],
    ['integer', 5],
    ['number', 5.5],
    ['boolean', true],
    ['array', []],
    ['object', {}],
    ['null', null],
  ] as const) {
    if (!types.includes(type) && !(type === 'integer' && types.includes('number'))) bad.push(value);
  }
  for (const one of alternatives(schema)) {
    if (one.type === 'integer') {
      if (one.minimum !== undefined && one.minimum > -1e9) bad.push(one.minimum - 1);
      if (one.maximum !== undefined && one.maximum < 1e15) bad.push(one.maximum + 1);
    }
    if (one.maxLength !== undefined) bad.push('x'.repeat(5000));
    if (one.type === 'array') {
      bad.push(Array.from({ length: (one.maxItems ?? 10_000) + 1 }, () => '10.0.0.1'));
      for (const value of badValues(one.items ?? {})) bad.push([value]);
    }
    if (one.type === 'object' && one.properties !== undefined) {
      bad.push({ surprise: 1 });
      for (const [name, property] of Object.entries(one.properties))
        for (const value of badValues(property)) bad.push({ [name]: value });
    } else if (one.type === 'object') {
      bad.push(
        { '': 'v' },
        { k: 5 },
        { ['k'.repeat(100)]: 'v' },
        { 'k\u0000': 'v' },
        { k: 'v\u0000' },
        { '\ud800': 'v' },
      );
      bad.push(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'v'])));
    }
  }
  if (types.includes('string')) bad.push('a\u0000b', 'a\ud800b', '\udc00');
  return bad;
}

async function countRows(): Promise<Record<string, number>> {
  const tables = await lab.sql<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await lab.sql<{ count: string }>(`SELECT count(*) FROM ${name}`);
    counts[name] = Number(row?.count);
  }
  return counts;
}

/** What is wrong with the refusal of one request, or nothing. */
async function faultsOf(
  request: { method: string; path: string; body?: unknown },
  field: string | null,
): Promise<string[]> {
  const answer = await lab.controller.call<ProblemBody>(request.method, request.path, request.body, {
    origin: lab.controller.url,
  });
  const faults: string[] = [];
  const text = JSON.stringify(answer.body);
  if (answer.status < 400 || answer.status >= 500) faults.push(`answered ${answer.status}`);
  if (!(answer.headers.get('content-type') ?? '').includes('application/problem+json'))
    faults.push('is no problem');
  if (answer.body.code === 'invalid_input') {
    if (field !== null && !answer.body.errors?.some((one) => one.field.startsWith(field)))
      faults.push(`names ${answer.body.errors?.map((one) => one.field).join(', ')}`);
    if (answer.body.errors?.some((one) => one.message === '' || one.message.includes('fields.')))
      faults.push('has no words for it');
  }
  if (text.includes(SECRET)) faults.push('tells the password');
  if (answer.body.detail === undefined || answer.body.remedy === undefined) faults.push('gives no remedy');
  if (faults.length === 0) return [];
  return [
    `${field ?? 'body'} = ${(JSON.stringify(request.body) ?? request.path).slice(0, 120)}: ${faults.join(', ')} ${text.slice(0, 160)}`,
  ];
}

test('the description is the one that the controller serves', async () => {
  const served = await lab.controller.call('GET', '/openapi.json');
  expect(served.body).toEqual(document);
});

describe('bodies', () => {
  const withBody = operations.filter(({ operation }) => operation.requestBody !== undefined);

  test('there is a good body for each operation that takes one', () => {
    expect(withBody.map((one) => one.name).toSorted()).toEqual(Object.keys(good).toSorted());
  });

  test.each(withBody)(
    '$name refuses each field absent, null, of another type, too long, or unstorable, and changes nothing',
    async ({ name, method, path, operation }) => {
      const schema = alternatives(operation.requestBody?.content['application/json']?.schema ?? {}).find(
        (one) => one.properties !== undefined,
      );
      const body = good[name] ?? {};
      const before = await countRows();
      const faults: string[] = [];
      const ask = async (sent: unknown, field: string | null): Promise<void> => {
        faults.push(...(await faultsOf({ method, path: pathOf(path), body: sent }, field)));
      };
      for (const field of schema?.required ?? []) {
        const { [field]: _, ...rest } = body;
        await ask(rest, field);
      }
      for (const [field, property] of Object.entries(schema?.properties ?? {}))
        for (const value of badValues(property)) await ask({ ...body, [field]: value }, field);
      await ask({ ...body, surprise: SECRET }, 'surprise');
      for (const sent of [[], 'text', 5, true]) await ask(sent, null);
      expect(faults).toEqual([]);
      expect(await countRows()).toEqual(before);
    },
    120_000,
  );
});

describe('queries', () => {
  const withQuery = operations.filter(({ operation }) =>
    operation.parameters?.some((one) => one.in === 'query'),
  );

  /** What a request can't do without, so that the one parameter under test is what is wrong. */
  const needed: Record<string, string> = { of: '10.1.2.3', q: '10.1.2.3' };
  const queryOf = (operation: (typeof operations)[number]['operation'], own: [string, string][]): string => {
    const others = (operation.parameters ?? []).flatMap((one): [string, string][] => {
      const value = one.in === 'query' && one.required === true ? needed[one.name] : undefined;
      return value === undefined || own.some(([name]) => name === one.name) ? [] : [[one.name, value]];
    });
    return `?${new URLSearchParams([...own, ...others]).toString()}`;
  };

  test.each(withQuery)(
    '$name refuses each parameter of another type, too long or unstorable',
    async ({ name, method, path, operation }) => {
      const faults: string[] = [];
      const before = await countRows();
      for (const { name: field, in: place, schema } of operation.parameters ?? []) {
        if (place !== 'query') continue;
        const bad: string[] = field === 'q' ? ['a\u0000b'] : ['a\u0000b', ''];
        for (const one of alternatives(schema)) {
          if (one.enum !== undefined) bad.push('nonsense');
          if (one.type === 'integer') bad.push('text', '1.5', '-1', '99999999999999999999', 'Infinity');
          if (one.maxLength !== undefined) bad.push('x'.repeat(one.maxLength + 1));
        }
        if (['ip', 'managementIp'].includes(field)) bad.push('no address', '10.0.0.0/8', '10.0.0.256');
        if (field === 'family') bad.push('5');
        if (field === 'mac') bad.push('no mac', '00:50:56');
        if (['sort', 'cursor'].includes(field)) bad.push('nonsense');
        for (const value of bad) {
          const query = queryOf(operation, [[field, value]]);
          const request = {
            method,
            path: `${pathOf(path)}${query}`,
            ...(good[name] !== undefined && { body: good[name] }),
          };
          faults.push(...(await faultsOf(request, field)));
        }
        const twice = queryOf(operation, [
          [field, 'a'],
          [field, 'b'],
        ]);
        faults.push(
          ...(await faultsOf(
            {
              method,
              path: `${pathOf(path)}${twice}`,
              ...(good[name] !== undefined && { body: good[name] }),
            },
            field,
          )),
        );
      }
      faults.push(
        ...(await faultsOf(
          {
            method,
            path: `${pathOf(path)}${queryOf(operation, [['surprise', '1']])}`,
            ...(good[name] !== undefined && { body: good[name] }),
          },
          'surprise',
        )),
      );
      expect(faults).toEqual([]);
      expect(await countRows()).toEqual(before);
    },
  );

  test.each(operations.filter((one) => one.method !== 'GET' && !withQuery.includes(one)))(
    '$name, which has no dry run, refuses to be asked for one',
    async ({ name, method, path }) => {
      const before = await countRows();
      expect(
        await faultsOf(
          {
            method,
            path: `${pathOf(path)}?dryRun=true`,
            ...(good[name] !== undefined && { body: good[name] }),
          },
          'dryRun',
        ),
      ).toEqual([]);
      expect(await countRows()).toEqual(before);
    },
  );
});

describe('names and ids in paths', () => {
  test.each(operations.filter(({ path }) => path.includes('{')))(
    '$name does not find what can not exist',
    async ({ name, method, path }) => {
      const faults: string[] = [];
      for (const id of [
        'nobody',
        '00000000-0000-7000-8000-000000000000',
        'a\u0000b',
        '\u0001',
        'x'.repeat(300),
        "'; DROP TABLE networks; --",
        '%',
      ]) {
        const filled = path.replace(/\{\w+\}/, encodeURIComponent(id));
        faults.push(
          ...(await faultsOf(
            { method, path: filled, ...(good[name] !== undefined && { body: good[name] }) },
            null,
          )),
        );
      }
      expect(faults).toEqual([]);
    },
  );
});
