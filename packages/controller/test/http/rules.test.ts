import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import {
  type Event,
  type List,
  type NetworkEffect,
  obstacleCodes,
  problemCodes,
  problemStatus,
  type ProblemBody,
  type Wire,
} from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      ...Array.from({ length: 7 }, (_, index) =>
        machine(`vm-${index}`, [['web', `10.1.0.${10 + index}/24`]]),
      ),
      // Two of one name.
      { ...machine('twin', [['db', '10.2.0.1/24']]), folder: 'Web' },
      machine('twin', [['db', '10.2.0.2/24']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

const call = <T>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): ReturnType<typeof lab.controller.call<T>> => lab.controller.call<T>(method, path, body, headers);
async function countNetworks(): Promise<number> {
  return (await lab.sql('SELECT 1 FROM networks')).length;
}
/** A request as it is written here, byte by byte. */
async function raw(
  method: string,
  path: string,
  options: { body?: string | Buffer; headers?: Record<string, string> } = {},
): Promise<{ status: number; type: string; text: string; body: ProblemBody }> {
  const { hostname, port } = new URL(lab.controller.url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        hostname,
        port,
        method,
        path,
        headers: { authorization: `Bearer ${lab.controller.token}`, ...options.headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const type = response.headers['content-type'] ?? '';
          const body: ProblemBody = JSON.parse(type.includes('json') ? text : '{}');
          resolve({ status: response.statusCode ?? 0, type, text, body });
        });
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}
const json = { 'content-type': 'application/json' };

describe('requests that can not be read', () => {
  test.each([
    ['{"name": "x", "password": "Hunter-22-secret" oops}'],
    ['{"password": Hunter-22-secret}'],
    ['Hunter-22-secret'],
    ['{"name":'],
    [''],
  ])('%s is malformed, and nothing of it is repeated', async (body) => {
    const answer = await raw('POST', '/api/v1/cloud-accounts', { body, headers: json });
    expect(answer).toMatchObject({
      status: 400,
      type: expect.stringContaining('application/problem+json') as unknown,
    });
    expect(['malformed_request', 'invalid_input']).toContain(answer.body.code);
    expect(answer.text).not.toContain('Hunter');
  });

  test('a body of another kind than JSON is refused as such', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense']) {
      const answer = await raw('POST', '/api/v1/networks', {
        body: 'name=x',
        headers: { 'content-type': type },
      });
      expect(answer, type).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
      expect(answer.type).toContain('application/problem+json');
    }
  });

  test('a body that is too large is refused as such', async () => {
    const answer = await raw('POST', '/api/v1/networks', {
      body: JSON.stringify({ name: 'x'.repeat(17 * 1024 * 1024) }),
      headers: json,
    });
    expect(answer).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
  });

  test('JSON nested a hundred thousand deep is refused, not choked on', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const body of [
      deep,
      `{"name":${deep}}`,
      `{"name":"x","wire":"web","cidr":"10.0.0.0/24","tags":{"a":${deep}}}`,
    ]) {
      const answer = await raw('POST', '/api/v1/networks', { body, headers: json });
      expect(answer.status).toBe(400);
    }
  });

  test('a key called __proto__ is refused', async () => {
    const answer = await raw('POST', '/api/v1/address-spaces', {
      body: '{"name":"p","__proto__":{"a":1}}',
      headers: json,
    });
    expect(answer.status).toBe(400);
    expect(answer.type).toContain('application/problem+json');
  });

  test.each([
    '/api/v1/nonsense',
    '/nonsense',
    '/api/v2/networks',
    '/api/v1/networks/x/y/z',
    '/docs/problems/nonsense',
  ])('%s is not found', async (path) => {
    const answer = await raw('GET', path);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', status: 404 } });
    expect(answer.type).toContain('application/problem+json');
  });

  test.each([
    '/api/v1/networks/%zz',
    '/api/v1/networks/%',
    '/api/v1/networks/%ff',
    `/api/v1/networks/${'x'.repeat(600)}`,
  ])('a path that is no path is refused as a problem (%s)', async (path) => {
    const answer = await raw('GET', path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.type).toContain('application/problem+json');
    expect(answer.body.remedy).not.toBe('');
  });

  test('a method that a path does not have is not found', async () => {
    expect((await raw('DELETE', '/api/v1/wires/web')).status).toBe(404);
    expect((await raw('PUT', '/api/v1/networks')).status).toBe(404);
  });
});

describe('addresses in requests', () => {
  const refused: [object, string, RegExp][] = [
    [{ cidr: '10.0.0.5/24' }, 'cidr', /10\.0\.0\.0\/24/],
    [{ cidr: '2001:db8::5/64' }, 'cidr', /2001:db8::\/64/],
    [{ cidr: '10.0.0.0' }, 'cidr', /prefix/i],
    [{ cidr: '10.0.0.0/33' }, 'cidr', /prefix/i],
    [{ cidr: '10.0.0.0/-1' }, 'cidr', /prefix/i],
    [{ cidr: '10.0.0/24' }, 'cidr', /prefix/i],
    [{ cidr: '010.0.0.0/24' }, 'cidr', /prefix/i],
    [{ cidr: '10.0.0.0/024' }, 'cidr', /prefix/i],
    [{ cidr: '0.0.0.0/0' }, 'cidr', /0/],
    [{ cidr: '::/0' }, 'cidr', /0/],
    [{ cidr: '::ffff:10.0.0.0/120' }, 'cidr', /10\.0\.0\.0/],
    [{ cidr: '224.0.0.0/24' }, 'cidr', /./],
    [{ cidr: '127.0.0.0/24' }, 'cidr', /./],
    [{ cidr: 'ff02::/64' }, 'cidr', /./],
    [{ start: '10.0.0.9', end: '10.0.0.1', prefixLength: 24 }, 'start', /after/],
    [{ start: '10.0.0.1', end: '2001:db8::1', prefixLength: 24 }, 'end', /family/],
    [{ start: '10.0.0.1', end: '10.0.0.9', prefixLength: 33 }, 'prefixLength', /32/],
    [{ start: '10.0.0.1', end: '10.0.0.9', prefixLength: 0 }, 'prefixLength', /1/],
    [{ start: '10.0.0.1/24', end: '10.0.0.9', prefixLength: 24 }, 'start', /address/],
    [{ start: '::ffff:10.0.0.1', end: '10.0.0.9', prefixLength: 24 }, 'start', /10\.0\.0\.1/],
    [{ start: 'fe80::1%eth0', end: 'fe80::9', prefixLength: 64 }, 'start', /address/],
    [{ start: '10.0.0.1', end: '10.0.0.9' }, 'prefixLength', /cidr/],
    [{ cidr: '10.0.0.0/24', start: '10.0.0.1' }, 'start', /cidr/],
    [{ cidr: '10.0.0.0/24', gateway: '10.0.0.300' }, 'gateway', /address/],
    [{ cidr: '10.0.0.0/24', gateway: '2001:db8::1' }, 'gateway', /family/],
    [{ cidr: '10.0.0.0/24', dns: ['10.0.0.53', 'dns.example'] }, 'dns[1]', /address/],
    [{ cidr: '10.0.0.0/24', dns: ['0.0.0.0'] }, 'dns[0]', /./],
    [{ cidr: '10.0.0.0/24', ntp: ['time example'] }, 'ntp[0]', /host/],
    [{ cidr: '10.0.0.0/24', domain: 'bad domain' }, 'domain', /./],
    [{ cidr: '10.0.0.0/24', giving: [{ start: '10.0.0.9', end: '10.0.0.5' }] }, 'giving[0].start', /after/],
    [
      {
        cidr: '10.0.0.0/24',
        giving: [
          { start: '10.0.0.1', end: '10.0.0.9' },
          { start: '10.0.0.9', end: '10.0.0.12' },
        ],
      },
      'giving[1]',
      /overlap/,
    ],
  ];
  test.each(refused)('%o: %s is named, with its value and what is wrong', async (fields, field, message) => {
    const before = await countNetworks();
    const answer = await call<ProblemBody>('POST', '/api/v1/networks', { name: 'x', wire: 'web', ...fields });
    expect(answer.body).toMatchObject({ code: 'invalid_input', status: 400 });
    const error = answer.body.errors?.find((one) => one.field === field);
    expect(error, JSON.stringify(answer.body.errors)).toBeDefined();
    expect(error?.message).toMatch(message);
    const [name = ''] = field.split(/[.[]/);
    const sent: unknown = new Map(Object.entries(fields)).get(name);
    if (typeof sent === 'string' || typeof sent === 'number') expect(error?.value).toBe(sent);
    expect(await countNetworks()).toBe(before);
  });

  test('every refused field of a request is named at once', async () => {
    const answer = await call<ProblemBody>('POST', '/api/v1/networks', {
      name: 'x',
      wire: 'web',
      cidr: '10.0.0.0/24',
      gateway: 'a',
      dns: ['b', 'c'],
    });
    expect(answer.body.errors?.map((error) => error.field)).toEqual(
      ['dns[0]', 'dns[1]', 'gateway'].toSorted((a) => (a === 'gateway' ? -1 : 1)),
    );
    expect(answer.body.detail).toContain('3');
  });

  test('words come in Chinese to those who ask, and in English to all others', async () => {
    const ask = async (language?: string): Promise<ProblemBody> =>
      (
        await call<ProblemBody>(
          'POST',
          '/api/v1/networks',
          { name: 'x', wire: 'web', cidr: '10.0.0.5/24' },
          language === undefined ? {} : { 'accept-language': language },
        )
      ).body;
    const han = /[\u4e00-\u9fff]/;
    for (const language of ['zh', 'zh-CN,en;q=0.8', 'fr, zh;q=0.5, en;q=0.1']) {
      const problem = await ask(language);
      for (const text of [problem.title, problem.detail, problem.remedy, problem.errors?.[0]?.message])
        expect(text, language).toMatch(han);
      expect(problem.code).toBe('invalid_input');
      expect(problem.errors?.[0]?.value).toBe('10.0.0.5/24');
    }
    for (const language of [undefined, 'en', 'fr', 'en,zh;q=0.5', 'zh;q=0', '*']) {
      const problem = await ask(language);
      expect(`${problem.title} ${problem.detail} ${problem.remedy}`, language).not.toMatch(han);
    }
  });
});

describe('signing in', () => {
  test.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer wb_nonsense' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['one of ten thousand letters', { authorization: `Bearer ${'x'.repeat(10_000)}` }],
  ])('with a token that is %s, nothing but the open paths answers', async (_, headers) => {
    const ask = (path: string): Promise<Response> =>
      fetch(new URL(path, lab.controller.url), { headers: headers as Record<string, string> });
    for (const path of ['/api/v1/networks', '/api/v1/status', '/metrics', '/api/v1/events']) {
      const answer = await ask(path);
      expect(answer.status, path).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({ code: 'unauthorized' });
    }
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs/'])
      expect((await ask(path)).status, path).toBe(200);
  });

  test('a viewer may look and change nothing', async () => {
    await lab.sql(
      `INSERT INTO api_tokens (name, role, hash) VALUES ('guest', 'viewer', sha256('wb_guest'::bytea))`,
    );
    const headers = { authorization: 'Bearer wb_guest' };
    expect((await call('GET', '/api/v1/networks', undefined, headers)).status).toBe(200);
    const head = await fetch(new URL('/api/v1/networks', lab.controller.url), { method: 'HEAD', headers });
    expect(head.status).toBe(200);
    const refused = await call<ProblemBody>(
      'POST',
      '/api/v1/networks',
      { name: 'x', wire: 'web', cidr: '10.5.0.0/24' },
      headers,
    );
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('names and ids', () => {
  test('a name that fits two objects is refused with both, and each is found by its id', async () => {
    const refused = await lab.refuse('ambiguous', 'GET', '/api/v1/servers/twin');
    expect(refused.status).toBe(409);
    expect(refused.objects).toHaveLength(2);
    for (const object of refused.objects ?? []) {
      expect(object).toMatchObject({ kind: 'server', name: 'twin' });
      expect((await call('GET', `/api/v1/servers/${object.id}`)).status).toBe(200);
    }
    const filtered = await lab.refuse('ambiguous', 'GET', '/api/v1/nics?server=twin');
    expect(filtered.objects).toHaveLength(2);
  });

  test('a wire is taken by its name or its id, in paths, bodies and filters', async () => {
    const { body: wire } = await call<Wire>('GET', '/api/v1/wires/web');
    expect((await call('GET', `/api/v1/wires/${wire.id}`)).body).toEqual(wire);
    const byId = await lab.createNetwork({ name: 'by id', wire: wire.id, cidr: '10.31.0.0/24' });
    const byName = await lab.createNetwork({ name: 'by name', wire: 'web', cidr: '10.31.1.0/24' });
    expect(byId.network.wire).toEqual(byName.network.wire);
    const [one, other] = [
      await call<List<unknown>>('GET', '/api/v1/nics?wire=web'),
      await call<List<unknown>>('GET', `/api/v1/nics?wire=${wire.id}`),
    ];
    expect(one.body).toEqual(other.body);
    expect(one.body.items).toHaveLength(7);
  });

  test('a host is found by its management address, a server by its UUID, a NIC by its MAC', async () => {
    const host = await call<{ name: string }>('GET', '/api/v1/hosts/10.10.0.11');
    expect(host.body.name).toBe('esx-01.lab.example');
    const server = await lab.server('vm-0');
    expect((await lab.server(server.instanceUuid ?? '')).id).toBe(server.id);
    expect((await lab.server((server.instanceUuid ?? '').toUpperCase())).id).toBe(server.id);
    const mac = server.nics[0]?.mac ?? '';
    for (const text of [mac, mac.toUpperCase(), mac.replaceAll(':', '-')]) {
      const nic = await call<{ id: string }>('GET', `/api/v1/nics/${text}`);
      expect(nic.body.id).toBe(server.nics[0]?.id);
    }
  });
});

describe('a request with an Idempotency-Key', () => {
  const input = { name: 'once', wire: 'web', cidr: '10.32.0.0/24' };

  test('sent twice is carried out once, and answered the same', async () => {
    const first = await call<NetworkEffect>('POST', '/api/v1/networks', input, { 'idempotency-key': 'k1' });
    const second = await call<NetworkEffect>('POST', '/api/v1/networks', input, { 'idempotency-key': 'k1' });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await lab.sql(`SELECT 1 FROM networks WHERE name = 'once'`)).toHaveLength(1);
    expect(await lab.sql(`SELECT 1 FROM events WHERE object_name = 'once'`)).toHaveLength(1);
  });

  test('is refused with another body, or on another path', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const body = await call<ProblemBody>('POST', '/api/v1/networks', { ...input, name: 'twice' }, headers);
    expect(body).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } });
    const path = await call<ProblemBody>('POST', '/api/v1/networks?dryRun=true', input, headers);
    expect(path.body.code).toBe('idempotency_key_reused');
  });

  test('that was refused may be mended and sent again under the same key', async () => {
    const headers = { 'idempotency-key': 'k2' };
    const refused = await call<ProblemBody>(
      'POST',
      '/api/v1/networks',
      { ...input, name: 'mended' },
      headers,
    );
    expect(refused.body.code).toBe('overlap');
    const fine = await call(
      'POST',
      '/api/v1/networks',
      { ...input, name: 'mended', cidr: '10.32.1.0/24' },
      headers,
    );
    expect(fine.status).toBe(201);
  });

  test('sent twenty times at once makes one, and each answer is that one or says that it is under way', async () => {
    const headers = { 'idempotency-key': 'k3' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        call<NetworkEffect & ProblemBody>(
          'POST',
          '/api/v1/networks',
          { ...input, name: 'twins', cidr: '10.32.2.0/24' },
          headers,
        ),
      ),
    );
    const ids = new Set(answers.filter((one) => one.status === 201).map((one) => one.body.network.id));
    expect(ids.size).toBe(1);
    expect(new Set(answers.filter((one) => one.status !== 201).map((one) => one.body.code))).not.toContain(
      'overlap',
    );
    for (const one of answers) if (one.status !== 201) expect(one.body.code).toBe('request_in_progress');
    expect(await lab.sql(`SELECT 1 FROM networks WHERE name = 'twins'`)).toHaveLength(1);
  });

  test('of a form that no key has is refused', async () => {
    for (const key of ['', 'with space', 'x'.repeat(256)]) {
      const answer = await call<ProblemBody>(
        'POST',
        '/api/v1/networks',
        { ...input, name: 'z', cidr: '10.32.3.0/24' },
        { 'idempotency-key': key },
      );
      expect(answer.body, key).toMatchObject({
        code: 'invalid_input',
        errors: [{ field: 'Idempotency-Key' }],
      });
    }
  });
});

describe('the audit trail', () => {
  const eventsOf = async (object: string): Promise<Event[]> =>
    (await call<List<Event>>('GET', `/api/v1/events?limit=500&object=${object}`)).body.items.toReversed();

  test('has one line for each change that was asked for, with who, before and after', async () => {
    const { network } = await lab.createNetwork({ name: 'audited', wire: 'web', cidr: '10.33.0.0/24' });
    const path = `/api/v1/networks/${network.id}`;
    await call('PATCH', path, { description: 'changed' });
    await call('PATCH', `${path}?dryRun=true`, { description: 'rehearsed' });
    await lab.refuse('invalid_input', 'PATCH', path, { start: 'nonsense' });
    await lab.refuse('gateway_outside_prefix', 'PATCH', path, { gateway: '1.2.3.4' });
    await call('PUT', `${path}/additional-wires`, { wires: ['twin'] });
    await call('DELETE', path);
    const events = await eventsOf(network.id);
    expect(events.map((event) => event.action)).toEqual([
      'create',
      'update',
      'set_additional_wires',
      'delete',
    ]);
    for (const event of events)
      expect(event).toMatchObject({
        actor: 'administrator',
        object: { kind: 'network', id: network.id, name: 'audited' },
      });
    expect(events[0]).toMatchObject({ before: null, after: { name: 'audited', cidr: '10.33.0.0/24' } });
    expect(events[1]).toMatchObject({ before: { description: '' }, after: { description: 'changed' } });
    expect(events[2]).toMatchObject({
      before: { additionalWires: [] },
      after: { additionalWires: ['twin'] },
    });
    expect(events[3]).toMatchObject({ before: { description: 'changed' }, after: null });
  });

  test('has lines of spaces and wires too, and is searched by kind, action, actor and name', async () => {
    await call('POST', '/api/v1/address-spaces', { name: 'audit space' });
    await call('PATCH', '/api/v1/wires/spare', { space: 'audit space' });
    const { body: wire } = await call<Wire>('GET', '/api/v1/wires/spare');
    expect(await eventsOf(wire.id)).toMatchObject([
      { action: 'update', before: { space: 'default' }, after: { space: 'audit space' } },
    ]);
    await call('PATCH', '/api/v1/wires/spare', { space: 'audit space' });
    expect(await eventsOf(wire.id)).toHaveLength(1);
    const found = await call<List<Event>>(
      'GET',
      '/api/v1/events?objectKind=address_space&action=create&actor=administrator&q=audit',
    );
    expect(found.body.items).toMatchObject([
      { object: { name: 'audit space' }, before: null, after: { name: 'audit space' } },
    ]);
  });

  test('holds no secret', async () => {
    await call('PATCH', '/api/v1/cloud-accounts/lab', { password: lab.simulator.password, syncEvery: 1200 });
    const rows = await lab.sql<{ text: string }>(`SELECT row_to_json(e)::text AS text FROM events e`);
    expect(rows.some((row) => row.text.includes('1200'))).toBe(true);
    for (const { text } of rows) {
      expect(text).not.toContain(lab.simulator.password);
      expect(text).not.toContain(lab.controller.token);
    }
  });
});

describe('lists', () => {
  const lists = {
    'cloud-accounts': [],
    'sync-runs': [],
    hosts: [],
    'virtual-switches': [],
    wires: [],
    networks: [],
    servers: [],
    nics: [],
    'address-spaces': [],
    events: [],
    conflicts: [],
    findings: [],
  } as const;

  test.each(Object.keys(lists))(
    '%s: the cursor walks the list exactly once, in every order, ties and all',
    async (name) => {
      const refused = await lab.refuse('invalid_input', 'GET', `/api/v1/${name}?sort=nonsense`);
      expect(refused.errors?.[0]).toMatchObject({ field: 'sort', value: 'nonsense' });
      const fields = (/: (.*)\.$/.exec(refused.errors?.[0]?.message ?? '')?.[1] ?? '').split(', ');
      expect(fields.length).toBeGreaterThan(0);
      const whole = await call<List<{ id: string }>>('GET', `/api/v1/${name}?limit=500`);
      expect(whole.body.total).toBe(whole.body.items.length);
      expect(whole.body.nextCursor).toBeNull();
      const ids = whole.body.items.map((item) => item.id).toSorted();
      const orders = [...fields, ...fields.map((field) => `-${field}`)];
      if (fields.length > 1) orders.push(`${fields[0]},-${fields[1]}`, `-${fields[1]},${fields[0]}`);
      for (const order of orders) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
          const page: { body: List<{ id: string }> } = await call<List<{ id: string }>>(
            'GET',
            `/api/v1/${name}?limit=2&sort=${order}${next}`,
          );
          expect(page.body.items.length).toBeLessThanOrEqual(2);
          if (cursor === null) expect(page.body.total).toBe(ids.length);
          seen.push(...page.body.items.map((item) => item.id));
          cursor = page.body.nextCursor;
        } while (cursor !== null && seen.length <= ids.length);
        expect(seen.toSorted(), order).toEqual(ids);
        const backwards = order
          .split(',')
          .map((part) => (part.startsWith('-') ? part.slice(1) : `-${part}`))
          .join(',');
        const turned = await call<List<{ id: string }>>('GET', `/api/v1/${name}?limit=500&sort=${backwards}`);
        expect(turned.body.items.map((item) => item.id).toReversed(), order).toEqual(seen);
      }
    },
  );

  test('hold 50 unless told, 1 to 500 when told', async () => {
    for (const limit of ['0', '501', '-1', '1.5', 'x']) {
      const refused = await lab.refuse('invalid_input', 'GET', `/api/v1/nics?limit=${limit}`);
      expect(refused.errors?.[0]?.field).toBe('limit');
    }
    expect((await call<List<unknown>>('GET', '/api/v1/nics?limit=1')).body.items).toHaveLength(1);
    expect((await call('GET', '/api/v1/nics?limit=500')).status).toBe(200);
  });

  test('refuse a cursor that is none of theirs', async () => {
    const { body } = await call<List<unknown>>('GET', '/api/v1/servers?limit=1');
    const cursor = body.nextCursor ?? '';
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const [path, bad] of [
      ['servers', 'nonsense'],
      ['servers', encode(['name', 'a', 'not a uuid'])],
      ['servers', encode(['name', 'a\u0000', '00000000-0000-7000-8000-000000000000'])],
      ['servers', encode(['name', 5, 6])],
      ['servers', encode({})],
      ['servers', encode(['name'])],
      ['servers?sort=-name', cursor],
      [
        'servers?sort=createdAt',
        encode(['createdAt', 'yesterday evening', '00000000-0000-7000-8000-000000000000']),
      ],
    ] as const) {
      const refused = await lab.refuse(
        'invalid_input',
        'GET',
        `/api/v1/${path}${path.includes('?') ? '&' : '?'}cursor=${bad}`,
      );
      expect(refused.errors, bad).toMatchObject([{ field: 'cursor' }]);
    }
  });

  test('are searched by name, IP, MAC and UUID', async () => {
    const server = await lab.server('vm-3');
    const mac = server.nics[0]?.mac ?? '';
    for (const q of [
      'vm-3',
      'VM-3',
      '10.1.0.13',
      mac,
      mac.toUpperCase(),
      server.instanceUuid,
      server.biosUuid,
    ]) {
      const servers = await call<List<{ name: string }>>(
        'GET',
        `/api/v1/servers?q=${encodeURIComponent(q ?? '')}`,
      );
      expect(
        servers.body.items.map((item) => item.name),
        q ?? '',
      ).toEqual(['vm-3']);
      const nics = await call<List<{ server: { name: string } }>>(
        'GET',
        `/api/v1/nics?q=${encodeURIComponent(q ?? '')}`,
      );
      expect(
        nics.body.items.map((item) => item.server.name),
        q ?? '',
      ).toEqual(['vm-3']);
    }
    // What stands for anything in a pattern is taken as it is written.
    for (const q of ['%', '_', String.raw`\ `.trim(), 'vm%3'])
      expect(
        (await call<List<unknown>>('GET', `/api/v1/servers?q=${encodeURIComponent(q)}`)).body.items,
        q,
      ).toEqual([]);
  });

  test('are filtered by the fields of their objects', async () => {
    const count = async (query: string): Promise<number> =>
      (await call<List<unknown>>('GET', `/api/v1/${query}`)).body.items.length;
    expect(await count('servers?wire=web')).toBe(7);
    expect(await count('servers?powerState=poweredOn')).toBe(9);
    expect(await count('servers?template=true')).toBe(0);
    expect(await count('servers?name=twin')).toBe(2);
    expect(await count('servers?host=esx-01.lab.example')).toBe(5);
    expect(await count('nics?unresolved=true&wire=db')).toBe(2);
    expect(await count('nics?ip=10.1.0.12')).toBe(1);
    expect(await count('wires?vlan=20')).toBe(2);
    expect(await count('wires?kind=standard')).toBe(1);
    expect(await count('wires?purpose=uplink')).toBe(1);
    expect(await count('hosts?managementIp=10.10.0.12')).toBe(1);
    expect(await count('virtual-switches?kind=distributed')).toBe(1);
    expect(await count('cloud-accounts?kind=esxi')).toBe(0);
    expect(await count('sync-runs?account=lab&state=failed')).toBe(0);
  });
});

describe('what the controller says of itself', () => {
  test('health, readiness and metrics', async () => {
    expect(await call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await call('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', reasons: [] },
    });
    const metrics = await raw('GET', '/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.text).toMatch(/^wirebook_objects\{kind="servers"\} 9$/m);
    expect(metrics.text).toContain('process_cpu_seconds_total');
  });

  test('a page for each problem there is, in both languages, under the type that the problem names', async () => {
    for (const code of problemCodes) {
      const page = await raw('GET', `/docs/problems/${code}`, { headers: { authorization: '' } });
      expect(page.status, code).toBe(200);
      expect(page.type).toContain('text/html');
      expect(page.text).toContain(`${code} (${problemStatus[code]})`);
      expect(page.text).toMatch(/[\u4e00-\u9fff]/);
      expect(page.text, code).not.toMatch(/problems\.\w+\.(title|remedy)/);
    }
    const refused = await lab.refuse('not_found', 'GET', '/api/v1/networks/nobody');
    expect((await raw('GET', refused.type)).status).toBe(200);
  });

  test('where the remedy depends on what is in the way, the page of the problem names every case', async () => {
    const cases = {
      address_not_free: obstacleCodes,
      fixes_refused: ['fix_other_wire', 'fix_taken', 'fix_no_nic_left'],
      import_refused: ['import_no_network', 'import_taken', 'fix_no_such_server'],
      declarations_refused: ['declared_no_account', 'declared_differs', 'import_taken'],
    };
    for (const [code, causes] of Object.entries(cases)) {
      const { text } = await raw('GET', `/docs/problems/${code}`, { headers: { authorization: '' } });
      for (const cause of causes) expect(text.split(`<dt>${cause}</dt>`), `${code} ${cause}`).toHaveLength(3);
      expect(text, code).not.toMatch(/(obstacles|fields)\.\w+|{{(why|fix)}}/);
    }
  });

  test('documentation to browse that asks no other host for anything', async () => {
    const page = await raw('GET', '/docs/', { headers: { authorization: '' } });
    expect(page.status).toBe(200);
    const outside = [...page.text.matchAll(/(?:src|href)\s*=\s*["']?(https?:)?\/\/[^"'\s>]+/g)].map(
      ([link]) => link,
    );
    expect(outside).toEqual([]);
    expect(page.text).toMatch(/"?withDefaultFonts"?:\s*false/);
    expect(page.text).toMatch(/"?telemetry"?:\s*false/);
    expect(page.text).toContain('/openapi.json');
    const scripts = [...page.text.matchAll(/<script[^>]*src=["']([^"']+)["']/g)].map(
      ([, source]) => source ?? '',
    );
    for (const source of scripts) {
      const script = await raw('GET', new URL(source, 'http://x/docs/').pathname, {
        headers: { authorization: '' },
      });
      expect(script.status, source).toBe(200);
    }
  });

  test('its routes are all in the description, but for those that are no part of the API', () => {
    const document: {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown>; summary?: string }>>;
    } = JSON.parse(readFileSync(new URL('../../../contract/openapi.json', import.meta.url), 'utf8'));
    expect(document.openapi).toBe('3.1.0');
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(methods))
        expect(operation.summary, `${method} ${path}`).toMatch(/\w/);
  });
});
