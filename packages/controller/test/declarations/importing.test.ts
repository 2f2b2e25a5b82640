import type { ImportedDeclarations, ProblemBody, Wire } from '@wirebook/contract';
import { uuidOf } from '@wirebook/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../support/accounts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { exportFrom, IMPORT, importInto, inDays, tellWrites, without } from './declaring.ts';

/** What an import makes of what stands there already, and what it refuses. */

const account = uuidOf('vcenter', 77);
let lab: EstateController;
const wires = new Map<string, Wire>();
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('web-2', [['web', '10.1.0.12/24']]),
      machine('silent', [['web']], { tools: 'notRunning' }),
      machine('both', [
        ['web', '10.1.0.31/24'],
        ['db', '10.2.0.31/24'],
      ]),
      { ...machine('pair', [['db', '10.2.0.1/24']]), folder: 'Web' },
      machine('pair', [['db', '10.2.0.2/24']]),
    ]),
  );
  const { body } = await lab.controller.call<{ items: Wire[] }>('GET', '/api/v1/wires?limit=500&purpose=any');
  for (const wire of body.items) wires.set(wire.name, wire);
});
afterAll(() => lab[Symbol.asyncDispose]());

beforeEach(async () => {
  await lab.sql('DELETE FROM conflicts');
  await lab.sql('DELETE FROM claims');
  await lab.sql('DELETE FROM shared_addresses');
  await lab.sql('DELETE FROM networks');
  await lab.sql(`UPDATE wires SET space_id = (SELECT id FROM address_spaces WHERE name = 'default')`);
  await lab.sql(`UPDATE sightings SET space_id = (SELECT id FROM address_spaces WHERE name = 'default')`);
  await lab.sql(
    `UPDATE cloud_accounts SET space_id = (SELECT id FROM address_spaces WHERE name = 'default')`,
  );
  await lab.sql(`DELETE FROM address_spaces WHERE name <> 'default'`);
});

const wire = (name: string): object => ({
  account,
  portGroupId: wires.get(name)?.portGroupId ?? null,
  name,
  datacenter: 'Lab',
});
const network = (set: object = {}): object => ({
  space: 'default',
  name: 'web',
  wire: wire('web'),
  start: '10.1.0.1',
  end: '10.1.0.254',
  prefixLength: 24,
  ...set,
});
const document = (lists: object): object => ({ format: 'wirebook-declarations', version: 1, ...lists });
async function nicOf(server: string, position = 0): Promise<object> {
  const found = await lab.server(server);
  const card = found.nics[position];
  const { instanceUuid, moref, name } = found;
  return { account, server: instanceUuid, moref, name, mac: card?.mac, deviceKey: card?.deviceKey };
}
const refuse = (lists: object, query = '', code = 'declarations_refused'): Promise<ProblemBody> =>
  lab.refuse(code, 'POST', `${IMPORT}${query}`, document(lists));
const told = (problem: ProblemBody): string[] =>
  (problem.errors ?? []).map((error) => `${error.field}: ${error.message}`);
const fieldsOf = (problem: ProblemBody): string[] => (problem.errors ?? []).map((error) => error.field);
const changes = (done: ImportedDeclarations): string[] =>
  done.items.map(({ field, name, change }) => `${field} ${name} ${change}`);
async function claims(): Promise<string[]> {
  const rows = await lab.sql<Record<string, string | null>>(
    `SELECT host(c.ip) AS ip, coalesce(s.name, '-') AS server, c.source, coalesce(c.key, '-') AS key,
       coalesce(c.holder->>'name', '-') AS name
     FROM claims c LEFT JOIN servers s ON s.id = c.server_id WHERE c.ended_at IS NULL ORDER BY c.ip, 2`,
  );
  return rows.map((row) => Object.values(row).join(' '));
}
const call = <T>(method: string, path: string, body?: unknown) =>
  lab.controller.call<T>(method, `/api/v1${path}`, body);

describe('what stands there already', () => {
  test('and says the same is left alone; what the document does not name stays', async () => {
    await lab.createNetwork({
      name: 'web',
      wire: 'web',
      cidr: '10.1.0.0/24',
      gateway: '10.1.0.1',
      description: 'x',
    });
    await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/24' });
    const before = await tellWrites(lab);
    // Neither gateway nor description are said.
    const done = await importInto(lab, document({ networks: [network()] }));
    expect(done.counts.networks).toEqual({ created: 0, updated: 0, unchanged: 1, skipped: 0 });
    expect(await tellWrites(lab)).toEqual(before);
    expect(await lab.network('web')).toMatchObject({ gateway: '10.1.0.1', description: 'x' });
  });

  test('and says something else refuses the whole, each difference by its place', async () => {
    await lab.createNetwork({
      name: 'web',
      wire: 'web',
      cidr: '10.1.0.0/24',
      gateway: '10.1.0.1',
      tags: { a: 'b' },
    });
    await call('PUT', '/networks/web/claims/k', { ip: '10.1.0.50', name: 'one' });
    await call('POST', '/reservations', {
      network: 'web',
      start: '10.1.0.60',
      end: '10.1.0.69',
      note: 'old',
    });
    const before = await tellWrites(lab);
    const lists = {
      networks: [
        network({ name: 'db', wire: wire('db'), start: '10.2.0.1', end: '10.2.0.254' }),
        network({ gateway: '10.1.0.2', tags: {}, end: '10.1.0.200', dns: ['10.1.0.53'] }),
      ],
      reservations: [
        {
          space: 'default',
          network: 'web',
          start: '10.1.0.60',
          end: '10.1.0.69',
          note: 'new',
          expiresAt: inDays(1),
        },
      ],
      holders: [{ space: 'default', ip: '10.1.0.50', source: 'manual', key: 'k', holder: { name: 'two' } }],
    };
    const problem = await refuse(lists);
    expect(problem.detail).toContain('7 declarations were refused');
    expect(fieldsOf(problem)).toEqual([
      'networks[1].end',
      'networks[1].gateway',
      'networks[1].dns',
      'networks[1].tags',
      'reservations[0].note',
      'reservations[0].expiresAt',
      'holders[0].holder',
    ]);
    expect(told(problem)[1]).toBe(
      'networks[1].gateway: Here it is 10.1.0.1, and nothing that stands here is written over. To take the word of the document: --overwrite',
    );
    expect(await tellWrites(lab)).toEqual(before);

    const done = await importInto(lab, document(lists), '?overwrite=true');
    expect(changes(done)).toEqual([
      'networks[0] db created',
      'networks[1] web updated',
      'reservations[0] 10.1.0.60-10.1.0.69 updated',
      'holders[0] 10.1.0.50 updated',
    ]);
    expect(await lab.network('web')).toMatchObject({
      gateway: '10.1.0.2',
      tags: {},
      end: '10.1.0.200',
      dns: ['10.1.0.53'],
    });
    expect(await claims()).toContain('10.1.0.50 - manual k two');
  });

  test('keeps a network as it is where its addresses would fall outside, also when it is to be written over', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
    const problem = await refuse({ networks: [network({ start: '10.1.0.100' })] }, '?overwrite=true');
    expect(told(problem)).toEqual([
      expect.stringMatching(
        /^networks\[0\]\.start: The new range would exclude claimed addresses: 10\.1\.0\.11, /,
      ),
    ]);
  });

  test('as a record from Tools becomes what a person said or what was given out, under its key', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
    expect(await claims()).toContain('10.1.0.11 web-1 tools - -');
    const nicAddresses = [
      { space: 'default', ip: '10.1.0.11', nic: await nicOf('web-1'), source: 'allocated', key: 'k7' },
      { space: 'default', ip: '10.1.0.12', nic: await nicOf('web-2'), holder: { name: 'shop' } },
    ];
    const done = await importInto(lab, document({ nicAddresses }));
    expect(changes(done)).toEqual(['nicAddresses[0] 10.1.0.11 updated', 'nicAddresses[1] 10.1.0.12 updated']);
    expect(await claims()).toEqual([
      '10.1.0.11 web-1 allocated k7 -',
      '10.1.0.12 web-2 manual - shop',
      '10.1.0.31 both tools - -',
    ]);
    const events = await call<{ items: { object: { name: string } }[] }>('GET', '/events?action=fix_nics');
    expect(
      events.body.items
        .slice(0, 2)
        .map((one) => one.object.name)
        .toSorted(),
    ).toEqual(['web-1', 'web-2']);
  });

  test('as a hold becomes the address of the NIC that has it by the document', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
    await call('PUT', '/networks/web/claims/k7', { ip: '10.1.0.50' });
    const nicAddresses = [
      { space: 'default', ip: '10.1.0.50', nic: await nicOf('silent'), source: 'manual', key: 'k7' },
    ];
    const done = await importInto(lab, document({ nicAddresses }));
    expect(changes(done)).toEqual(['nicAddresses[0] 10.1.0.50 updated']);
    expect(await claims()).toContain('10.1.0.50 silent manual k7 -');
  });

  test('as a holder whose address a NIC has taken over by its key is no difference', async () => {
    const lists = {
      networks: [network()],
      holders: [{ space: 'default', ip: '10.1.0.11', source: 'allocated', key: 'k' }],
    };
    // web-1 reports the address: what is held for nobody else becomes its record at once.
    expect((await importInto(lab, document(lists))).settles).toBe(3);
    expect(await claims()).toContain('10.1.0.11 web-1 allocated k -');
    const before = await tellWrites(lab);
    expect((await importInto(lab, document(lists))).counts.holders.unchanged).toBe(1);
    expect(await tellWrites(lab)).toEqual(before);
  });

  test('and has an address otherwise refuses the whole, naming who has it', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
    await call('PUT', '/networks/web/claims/k', { ip: '10.1.0.50', name: 'printer' });
    const problem = await refuse(
      {
        holders: [
          { space: 'default', ip: '10.1.0.11', holder: { name: 'x' } },
          { space: 'default', ip: '10.1.0.51', key: 'k' },
        ],
        nicAddresses: [
          { space: 'default', ip: '10.1.0.50', nic: await nicOf('silent') },
          { space: 'default', ip: '10.1.0.12', nic: await nicOf('silent') },
        ],
      },
      '?overwrite=true&skipMissing=true',
    );
    expect(told(problem)).toEqual([
      'holders[0].ip: web-1 has it already.',
      'holders[1].key: In "web" this key has 10.1.0.50 already, and a key has one address.',
      'nicAddresses[0].ip: printer has it already.',
      'nicAddresses[1].ip: web-2 has it already.',
    ]);
  });
});

describe('whoever was told to have an address', () => {
  test('has it, though another reports it; that one claims it', async () => {
    const done = await importInto(
      lab,
      document({
        networks: [network()],
        nicAddresses: [{ space: 'default', ip: '10.1.0.11', nic: await nicOf('silent') }],
      }),
    );
    expect(done.conflicts).toBe(1);
    expect(await claims()).toContain('10.1.0.11 silent manual - -');
    expect(await lab.reasons('web-1')).toEqual(['taken 10.1.0.11']);
  });

  test('has it together with others where it is shared', async () => {
    const document_ = document({
      networks: [network()],
      sharedAddresses: [{ space: 'default', ip: '10.1.0.11' }],
      nicAddresses: [
        { space: 'default', ip: '10.1.0.11', nic: await nicOf('silent') },
        { space: 'default', ip: '10.1.0.11', nic: await nicOf('both') },
      ],
    });
    await importInto(lab, document_);
    expect((await claims()).filter((claim) => claim.startsWith('10.1.0.11 '))).toEqual([
      '10.1.0.11 both manual - -',
      '10.1.0.11 silent manual - -',
      '10.1.0.11 web-1 tools - -',
    ]);
    expect((await importInto(lab, document_)).items).toEqual([]);
  });
});

describe('spaces', () => {
  test('are made, and accounts and wires put into them, with the servers on those matched anew', async () => {
    const lists = {
      spaces: [{ name: 'default' }, { name: 'site' }, { name: 'lab two' }],
      accounts: [{ name: 'whatever', instanceUuid: account, space: 'site' }],
      wires: [{ ...wire('db'), space: 'lab two' }],
      networks: [
        network({ space: 'site' }),
        network({ space: 'lab two', name: 'web', wire: wire('db'), start: '10.2.0.1', end: '10.2.0.254' }),
      ],
    };
    const done = await importInto(lab, document(lists));
    expect(done.counts).toMatchObject({
      spaces: { created: 2 },
      accounts: { updated: 1 },
      wires: { updated: 1 },
    });
    expect(done.settles).toBe(6);
    const spaces = await lab.sql<{ name: string; space: string }>(
      `SELECT w.name, s.name AS space FROM wires w JOIN address_spaces s ON s.id = w.space_id WHERE w.purpose = 'vm' ORDER BY 1`,
    );
    // Those that nobody put elsewhere go along with their account.
    expect(spaces.map((one) => `${one.name} ${one.space}`)).toEqual(
      ['VM Network site', 'db lab two', 'spare site', 'twin site', 'web site'].toSorted(),
    );
    const exported = await exportFrom(lab);
    expect(exported.accounts).toEqual([{ name: 'lab', instanceUuid: account, space: 'site' }]);
    expect(exported.wires).toEqual([{ ...wire('db'), space: 'lab two' }]);
    const before = await tellWrites(lab);
    await importInto(lab, exported);
    expect(await tellWrites(lab)).toEqual(before);
  });

  test('of a wire that carries a network are changed only where the document is to have its way; the network goes along', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
    await call('POST', '/address-spaces', { name: 'site' });
    const lists = { wires: [{ ...wire('web'), space: 'site' }], networks: [network({ space: 'site' })] };
    const problem = await refuse(lists);
    expect(told(problem)[0]).toMatch(/^wires\[0\]\.space: Here it is default, /);
    const done = await importInto(lab, document(lists), '?overwrite=true');
    expect(changes(done)).toEqual(['wires[0] web updated']);
    expect(done.counts.networks.unchanged).toBe(1);
    expect((await lab.network('web')).space.name).toBe('site');
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
  });

  test('are not changed for a wire that networks would be torn apart by, or would meet others there', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
    await call('PUT', '/networks/web/additional-wires', { wires: ['twin'] });
    await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/24' });
    await call('POST', '/address-spaces', { name: 'site' });
    await call('PATCH', '/wires/spare', { space: 'site' });
    await lab.createNetwork({ name: 'db', wire: 'spare', cidr: '10.3.0.0/24' });
    const torn = await refuse(
      {
        wires: [
          { ...wire('web'), space: 'site' },
          { ...wire('twin'), space: 'default' },
        ],
      },
      '?overwrite=true',
    );
    expect(told(torn)).toEqual([
      expect.stringMatching(/^wires\[0\]: "web" can't go to another address space: .*\(web\)/),
    ]);
    const met = await refuse({ wires: [{ ...wire('db'), space: 'site' }] }, '?overwrite=true');
    expect(told(met)).toEqual([
      expect.stringMatching(/^wires\[0\]: "db" can't go to "site" with its networks/),
    ]);
    // Together they go.
    const both = [
      { ...wire('web'), space: 'site' },
      { ...wire('twin'), space: 'site' },
    ];
    expect((await importInto(lab, document({ wires: both }), '?overwrite=true')).counts.wires.updated).toBe(
      2,
    );
  });
});

describe('what is not here', () => {
  test('an account, its wires and servers refuse the import once, with what to do; left out, all is told', async () => {
    const other = uuidOf('vcenter', 78);
    const there = { account: other, portGroupId: 'dvportgroup-1', name: 'lan', datacenter: 'DC' };
    const lists = {
      accounts: [
        { name: 'vc-far', instanceUuid: other, space: 'default' },
        { name: 'lab', instanceUuid: account, space: 'default' },
      ],
      wires: [{ ...there, space: 'default' }],
      networks: [
        network({ name: 'far', wire: there, start: '10.9.0.1', end: '10.9.0.254' }),
        network({ declaredWires: [there, wire('twin')] }),
      ],
      reservations: [{ space: 'default', network: 'far', start: '10.9.0.9' }],
      holders: [
        { space: 'default', ip: '10.9.0.10', network: 'far' },
        { space: 'default', ip: '10.1.0.50', network: 'web', holder: { name: 'printer' } },
      ],
      nicAddresses: [
        {
          space: 'default',
          ip: '10.9.0.11',
          network: 'far',
          nic: { account: other, server: 'x', mac: '00:50:56:00:00:01' },
        },
      ],
    };
    const problem = await refuse(lists);
    expect(told(problem)).toEqual([
      expect.stringMatching(
        /^accounts\[0\]\.instanceUuid: The vCenter or ESXi of "vc-far" was not added here\. wirebook account add vc-far /,
      ),
    ]);
    const done = await importInto(lab, document(lists), '?skipMissing=true');
    expect(done.notes.map((note) => note.field)).toEqual([
      'accounts[0].instanceUuid',
      'wires[0].account',
      'networks[0].wire.account',
      'networks[1].declaredWires[0].account',
      'reservations[0]',
      'nicAddresses[0].nic.account',
      'holders[0]',
      'nicAddresses[0]',
    ]);
    expect(done.counts).toMatchObject({
      accounts: { skipped: 1, unchanged: 1 },
      wires: { skipped: 1 },
      networks: { skipped: 1, created: 1 },
      reservations: { skipped: 1 },
      holders: { skipped: 1, created: 1 },
      nicAddresses: { skipped: 1 },
    });
    expect((await lab.network('web')).additionalWires.map((one) => one.wire.name)).toEqual(['twin']);
  });

  test('a port group id finds the wire by its name, and that is told; several of that name are not guessed among', async () => {
    const moved = { ...wire('web'), portGroupId: 'dvportgroup-9999' };
    const done = await importInto(lab, document({ networks: [network({ wire: moved })] }));
    expect(done.notes).toEqual([
      {
        field: 'networks[0].wire',
        value: 'dvportgroup-9999',
        message: expect.stringContaining(wires.get('web')?.portGroupId ?? '') as unknown,
      },
    ]);
    expect((await lab.network('web')).wire.name).toBe('web');
    const gone = await refuse({
      networks: [
        network({ name: 'x', wire: { ...moved, name: 'nowhere' } }),
        network({ name: 'y', wire: { ...moved, datacenter: 'Elsewhere' } }),
      ],
    });
    expect(fieldsOf(gone)).toEqual(['networks[0].wire', 'networks[1].wire']);
    expect(told(gone)[0]).toContain('wirebook account sync lab');
  });

  test('a server or a NIC is complained about, found by what is known of it, and left out where asked for', async () => {
    const silent = await nicOf('silent');
    const lists = {
      networks: [network()],
      nicAddresses: [
        { space: 'default', ip: '10.1.0.51', nic: { ...silent, server: null } },
        { space: 'default', ip: '10.1.0.52', nic: { ...silent, server: null, moref: null } },
        { space: 'default', ip: '10.1.0.53', nic: { ...silent, server: null, moref: null, name: 'pair' } },
        { space: 'default', ip: '10.1.0.54', nic: { ...silent, mac: '00:50:56:00:00:01' } },
        { space: 'default', ip: '10.1.0.55', nic: { ...silent, mac: null } },
        {
          space: 'default',
          ip: '10.1.0.56',
          nic: { account, server: uuidOf('vm', 999), name: 'gone', mac: null, deviceKey: 4000 },
        },
      ],
    };
    const problem = await refuse(lists);
    expect(fieldsOf(problem)).toEqual([
      'nicAddresses[2].nic',
      'nicAddresses[3].nic.mac',
      'nicAddresses[5].nic',
    ]);
    expect(told(problem)[1]).toMatch(/silent has no such NIC; it has 00:50:56:.*wirebook server show /);
    const done = await importInto(lab, document(lists), '?skipMissing=true');
    expect(done.counts.nicAddresses).toEqual({ created: 3, updated: 0, unchanged: 0, skipped: 3 });
    expect((await claims()).filter((claim) => claim.includes('silent'))).toEqual([
      '10.1.0.51 silent manual - -',
      '10.1.0.52 silent manual - -',
      '10.1.0.55 silent manual - -',
    ]);
  });
});

describe('what is over', () => {
  test('is not taken over, and told', async () => {
    const past = '2020-01-01T00:00:00Z';
    const done = await importInto(
      lab,
      document({
        networks: [network()],
        reservations: [
          { space: 'default', network: 'web', start: '10.1.0.9', expiresAt: past },
          { space: 'default', network: 'web', start: '10.1.0.10', expiresAt: inDays(1) },
        ],
        holders: [{ space: 'default', ip: '10.1.0.50', expiresAt: past }],
      }),
    );
    expect(done.notes.map((note) => `${note.field} ${note.message}`)).toEqual([
      'reservations[0].expiresAt Left out: its time was over at 2020-01-01 00:00 UTC.',
      'holders[0].expiresAt Left out: its time was over at 2020-01-01 00:00 UTC.',
    ]);
    expect(done.counts).toMatchObject({
      reservations: { created: 1, skipped: 1 },
      holders: { created: 0, skipped: 1 },
    });
  });

  test('here already makes room', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
    await lab.sql(
      `INSERT INTO claims (space_id, ip, network_id, source, started_at, expires_at)
       SELECT space_id, '10.1.0.50', id, 'allocated', now() - interval '2h', now() - interval '1h' FROM networks`,
    );
    await lab.sql(
      `INSERT INTO reservations (space_id, network_id, kind, span, expires_at)
       SELECT space_id, id, 'reserved', inetrange('10.1.0.60', '10.1.0.70', '[]'), now() - interval '1h' FROM networks`,
    );
    const done = await importInto(
      lab,
      document({
        reservations: [{ space: 'default', network: 'web', start: '10.1.0.61' }],
        holders: [{ space: 'default', ip: '10.1.0.50', holder: { name: 'x' } }],
      }),
    );
    expect(done.counts).toMatchObject({ reservations: { created: 1 }, holders: { created: 1 } });
  });
});

describe('a refusal', () => {
  test('has every complaint at once, by its place', async () => {
    await lab.createNetwork({ name: 'there', wire: 'spare', cidr: '10.7.0.0/24' });
    await lab.createNetwork({ name: 'moved', wire: 'spare', cidr: '10.8.0.0/24' });
    const before = await tellWrites(lab);
    const problem = await refuse({
      accounts: [{ name: 'lab', instanceUuid: account, space: 'nowhere' }],
      networks: [
        network({ gateway: '10.2.0.1' }),
        network({ name: 'a', start: '10.7.0.100', end: '10.7.0.120' }),
        network({ name: 'b', start: '10.3.0.9', end: '10.3.0.1', dns: ['10.0.0.256'] }),
        network({ name: 'c', start: '10.4.0.1', end: '10.5.0.1' }),
        network({ name: 'd', start: '10.6.0.1', end: '10.6.0.254' }),
        network({ name: 'd', start: '10.6.1.1', end: '10.6.1.254' }),
        network({ name: 'e', start: '10.6.0.200', end: '10.6.0.220', companion: 'nobody' }),
        network({ name: 'f', start: '10.6.2.1', end: '10.6.2.9', companion: 'd' }),
        network({
          name: 'g',
          start: '10.6.3.1',
          end: '10.6.3.9',
          giving: [{ start: '10.6.4.1', end: '10.6.4.2' }],
        }),
        network({ name: 'moved', start: '10.8.0.1', end: '10.8.0.254' }),
        network({ name: 'h', wire: wire('Management Network'), start: '10.6.5.1', end: '10.6.5.9' }),
        network({ name: 'i', start: '10.6.6.1', end: '10.6.6.9', excludedWires: [wire('web')] }),
      ],
      reservations: [
        { space: 'default', network: 'd', start: '10.6.0.9', end: '10.6.0.1' },
        { space: 'default', network: 'd', start: '10.6.0.10', end: '10.6.0.20' },
        { space: 'default', network: 'd', start: '10.6.0.20', end: '10.6.0.30' },
        { space: 'default', network: 'd', start: '10.6.0.10', end: '10.6.0.20' },
        { space: 'default', network: 'd', start: '10.7.0.1' },
        { space: 'default', network: 'no such', start: '10.7.0.1' },
        { space: 'default', network: 'd', start: '10.6.0.40', expiresAt: '9999-12-31T23:59:59-12:00' },
      ],
      sharedAddresses: [{ space: 'default', ip: '224.0.0.1' }],
      holders: [
        { space: 'default', ip: 'x' },
        { space: 'default', ip: '10.6.0.50', holder: { mac: 'y' } },
        { space: 'default', ip: '10.99.0.1' },
        { space: 'default', ip: '10.6.0.51', key: 'k' },
        { space: 'default', ip: '10.6.0.51', key: 'l' },
        { space: 'default', ip: '10.6.0.52', key: 'k' },
      ],
      nicAddresses: [{ space: 'default', ip: '10.6.0.60', nic: { account, name: 'silent' } }],
    });
    expect(fieldsOf(problem)).toEqual([
      'accounts[0].space',
      'networks[0].gateway',
      'networks[1].start',
      'networks[2].start',
      'networks[3].end',
      'networks[5].name',
      'networks[6].start',
      'networks[8].giving',
      'networks[9].wire',
      'networks[10].wire',
      'networks[7].companion',
      'networks[11].excludedWires[0]',
      'reservations[0].start',
      'reservations[5].network',
      'reservations[6].expiresAt',
      'reservations[2].start',
      'reservations[3].start',
      'reservations[4].start',
      'sharedAddresses[0].ip',
      'nicAddresses[0].nic.mac',
      'nicAddresses[0].nic',
      'holders[0].ip',
      'holders[1].holder.mac',
      'holders[2].ip',
      'holders[4].ip',
      'holders[5].key',
    ]);
    for (const message of told(problem)) expect(message).not.toMatch(/: (?:fields|problems|evidence)\.|\{\{/);
    expect(await tellWrites(lab)).toEqual(before);
  });

  test('is in the language of whoever asks', async () => {
    const { body } = await lab.controller.call<ProblemBody>(
      'POST',
      IMPORT,
      document({ networks: [network({ gateway: '10.2.0.1' })] }),
      { 'accept-language': 'zh' },
    );
    expect(body.errors?.[0]?.message).toMatch(/^网关 10\.2\.0\.1 .*。.*。$/u);
  });

  test('of an address that a document and a network of another space have names the space', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
    const problem = await refuse({
      spaces: [{ name: 'site' }],
      networks: [network({ space: 'site' })],
      holders: [{ space: 'site', ip: '10.1.0.50', network: 'web' }],
    });
    expect(fieldsOf(problem)).toEqual(['networks[0].space']);
    expect(told(problem)[0]).toMatch(/wirebook wire update \S+ --space site$/);
  });
});

describe('documents that nobody wrote in good faith', () => {
  test.each<[string, object]>([
    ['another format', { format: 'other' }],
    ['another version', { version: 2 }],
    ['an unknown list', { tokens: [] }],
    ['an unknown field', { networks: [network({ owner: 'x' })] }],
    ['NUL in a text', { spaces: [{ name: 'a\u0000b' }] }],
    ['half a character', { holders: [{ space: 'default', ip: '10.1.0.1', holder: { name: '\ud800' } }] }],
    ['a number beyond any', { networks: [network({ prefixLength: 1e308 })] }],
    [
      'a device key beyond any',
      { nicAddresses: [{ space: 'default', ip: '10.1.0.1', nic: { account, deviceKey: 2 ** 40 } }] },
    ],
    ['a list that is none', { networks: { length: 3 } }],
    ['too many items', { spaces: Array.from({ length: 250_001 }, () => 1) }],
    ['a key with line ends', { holders: [{ space: 'default', ip: '10.1.0.1', key: 'a\nb' }] }],
  ])('%s is refused as input', async (_what, lists) => {
    const before = await tellWrites(lab);
    const answer = await lab.controller.call<ProblemBody>('POST', IMPORT, { ...document({}), ...lists });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.length).toBeGreaterThan(0);
    expect(await tellWrites(lab)).toEqual(before);
  });

  test('faults by the hundred thousand are told in part, and by their place', async () => {
    const problem = await refuse(
      { holders: Array.from({ length: 200_000 }, () => ({})) },
      '',
      'invalid_input',
    );
    expect(problem.errors?.length).toBe(1000);
    expect(problem.errors?.[0]?.field).toBe('holders[0].space');
    const errors = await refuse({
      networks: [network()],
      holders: Array.from({ length: 3000 }, () => ({ space: 'default', ip: '10.1.0.50' })),
    });
    expect(errors.errors?.length).toBe(1000);
    expect(errors.detail).toContain('2999');
  });

  test('one that says the same of wires twice, or otherwise, is refused by its place', async () => {
    const problem = await refuse({
      wires: [
        { ...wire('db'), space: 'default' },
        { ...wire('db'), space: 'default' },
      ],
      networks: [network({ declaredWires: [wire('twin'), wire('twin')], excludedWires: [wire('twin')] })],
    });
    expect(fieldsOf(problem)).toEqual(['wires[1]', 'networks[0].excludedWires[0]']);
  });

  test('an empty one changes nothing', async () => {
    const before = await tellWrites(lab);
    const done = await importInto(lab, document({}));
    expect(done.items).toEqual([]);
    expect(await tellWrites(lab)).toEqual(before);
  });
});

test('many addresses go in and out again', async () => {
  const holders = Array.from({ length: 6_000 }, (_, index) => ({
    space: 'default',
    ip: `10.1.${16 + (index >> 8)}.${index & 255}`,
    network: 'web',
    source: index % 2 === 0 ? 'manual' : 'allocated',
    key: index % 3 === 0 ? `k${index}` : null,
    holder: index % 5 === 0 ? { name: `n${index}`, owner: null, mac: null, note: '' } : null,
    expiresAt: null,
  }));
  const lists = {
    networks: [network({ start: '10.1.0.1', end: '10.1.255.254', prefixLength: 16 })],
    holders,
  };
  expect((await importInto(lab, document(lists))).counts.holders.created).toBe(6_000);
  const exported = await exportFrom(lab);
  expect(exported.holders).toEqual(holders);
  expect((await importInto(lab, exported)).counts.holders.unchanged).toBe(6_000);
  expect(without(await exportFrom(lab))).toEqual(without(exported));
});

test('whoever stops reading an export lets go of it', async () => {
  const note = '注'.repeat(4000);
  const holders = Array.from({ length: 2000 }, (_, index) => ({
    space: 'default',
    ip: `10.1.${16 + (index >> 8)}.${index & 255}`,
    holder: { note },
  }));
  const lists = {
    networks: [network({ start: '10.1.0.1', end: '10.1.255.254', prefixLength: 16 })],
    holders,
  };
  await importInto(lab, document(lists));
  const open = async (): Promise<number> =>
    (
      await lab.sql(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
        AND state LIKE 'idle in transaction%' AND query LIKE 'FETCH%'`)
    ).length;
  const response = await fetch(new URL('/api/v1/declarations', lab.controller.url), {
    headers: { authorization: `Bearer ${lab.controller.token}` },
  });
  const reader = response.body?.getReader();
  await reader?.read();
  await waitFor(async () => ((await open()) === 1 ? true : undefined));
  await reader?.cancel();
  await waitFor(async () => ((await open()) === 0 ? true : undefined));
});

test('two imports at once make one of it', async () => {
  const lists = { spaces: [{ name: 'one more' }], networks: [network()] };
  const both = await Promise.all([importInto(lab, document(lists)), importInto(lab, document(lists))]);
  expect(both.map((done) => done.counts.networks.created).toSorted((a, b) => a - b)).toEqual([0, 1]);
  expect(both.map((done) => done.counts.spaces.created).toSorted((a, b) => a - b)).toEqual([0, 1]);
});

test('addresses are given out beside an import, and nobody has one twice', async () => {
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
  const holders = Array.from({ length: 60 }, (_, index) => ({
    space: 'default',
    ip: `10.1.0.${50 + index}`,
  }));
  const allocate = () => lab.controller.call('POST', '/api/v1/networks/web/allocate', { count: 5 });
  const [answer, ...given] = await Promise.all([
    lab.controller.call<ProblemBody>('POST', IMPORT, document({ holders })),
    ...Array.from({ length: 20 }, allocate),
  ]);
  expect(given.map((one) => one.status)).toEqual(given.map(() => 201));
  expect([200, 422]).toContain(answer.status);
  const [twice] = await lab.sql<{ count: string }>(
    `SELECT count(*) FROM (SELECT ip FROM claims WHERE ended_at IS NULL GROUP BY ip HAVING count(*) > 1) t`,
  );
  expect(twice?.count).toBe('0');
});
