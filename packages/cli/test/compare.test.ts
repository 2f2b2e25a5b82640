import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startController, type Controller } from './support/controller.ts';
import { idOf } from './support/objects.ts';
import { emptyFolder, wirebook, type Session } from './support/terminal.ts';

const route = 'POST /api/v1/compare';
const nothing = {
  rows: 2,
  agreeing: 2,
  outside: 0,
  ghost: 0,
  stranger: 0,
  mac: 0,
  name: 0,
  network: 0,
  status: 0,
  duplicate: 0,
  unreadable: 0,
};
const difference = (kind: string, ip: string, set: object = {}): object => ({
  kind,
  line: 3,
  ip,
  space: { id: idOf(2), name: 'default' },
  network: { id: idOf(20), name: 'web' },
  listed: 'old-1',
  found: null,
  evidence: [],
  text: 'Text.',
  remedy: 'Remedy.',
  ...set,
});
const has = (name: string): object => ({
  source: 'record',
  name,
  server: { id: idOf(31), name },
  mac: '00:50:56:aa:00:01',
  wire: { id: idOf(10), name: 'front' },
  since: '2026-01-02T03:04:05Z',
});
const compared = (items: readonly object[] = [], counts: object = {}, set: object = {}): object => ({
  counts: { ...nothing, ...counts },
  complete: true,
  networks: [],
  items,
  ...set,
});
const some = compared(
  [
    difference('ghost', '10.1.2.9'),
    difference('stranger', '10.1.2.7', {
      line: undefined,
      listed: null,
      found: 'web-7',
      evidence: [has('web-7')],
    }),
    difference('mac', '10.1.2.3', {
      line: 2,
      listed: '00:50:56:aa:00:09',
      found: '00:50:56:aa:00:01',
      evidence: [has('web-1')],
    }),
  ],
  { agreeing: 0, ghost: 1, stranger: 1, mac: 1 },
);

async function compare(
  content: string | Uint8Array,
  controller: Controller,
  flags: readonly string[] = [],
): Promise<Session> {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'list'), content);
  return wirebook(['compare', 'list', ...flags], { url: controller.url, folder });
}
/** The rows that were sent for the content of a file. */
async function rowsOf(content: string | Uint8Array): Promise<unknown> {
  const controller = await startController({ [route]: () => ({ body: compared() }) });
  const { exitCode, messages } = await compare(content, controller);
  expect(messages).not.toContain('error');
  expect(exitCode).toBe(0);
  return controller.seen[0]?.body?.['rows'];
}
async function complaintOf(content: string): Promise<string> {
  const controller = await startController({});
  const { exitCode, messages } = await compare(content, controller);
  expect({ exitCode, seen: controller.seen }).toEqual({ exitCode: 1, seen: [] });
  return messages;
}

describe('a spreadsheet', () => {
  test.each([
    ['ip,mac,name,network', '10.1.2.3,00:50:56:aa:00:01,web-1,web'],
    ['IP Address,MAC Address,VM Name,Subnet', '10.1.2.3,00:50:56:aa:00:01,web-1,web'],
    ['Address;mac_address;Server;Prefix', '10.1.2.3;00:50:56:aa:00:01;web-1;web'],
    ['IP地址,MAC地址,虚拟机名称,子网', '10.1.2.3,00:50:56:aa:00:01,web-1,web'],
    ['序号,网段,名称,IP 地址,物理地址,备注', '1,web,web-1,10.1.2.3,00:50:56:aa:00:01,楼上'],
    ['No.,  ip   ADDRESS ,mac,device,cidr,Owner,', '1,10.1.2.3,00:50:56:aa:00:01,web-1,web,ops,beyond'],
  ])('is read by the names of its columns, and what nobody knows is passed over: %s', async (head, row) => {
    expect(await rowsOf(`${head}\n${row}\n`)).toEqual([
      { line: 2, ip: '10.1.2.3', mac: '00:50:56:aa:00:01', name: 'web-1', network: 'web' },
    ]);
  });

  test('may begin with a title, and may be what Chinese Excel saves', async () => {
    const text = Buffer.from(
      '\ufeffIP 规划表\t\t\n\t\t\nIP地址\t主机名\t状态\n10.1.2.3\tweb-1\t预留\n',
      'utf16le',
    );
    expect(await rowsOf(text)).toEqual([{ line: 4, ip: '10.1.2.3', dnsName: 'web-1', status: '预留' }]);
  });

  test('of two columns that are called alike the first that says anything counts', async () => {
    expect(await rowsOf('ip,server,vm,hostname\n10.1.2.3,,web-1,w1\n10.1.2.4,a,b,\n')).toEqual([
      { line: 2, ip: '10.1.2.3', name: 'web-1', dnsName: 'w1' },
      { line: 3, ip: '10.1.2.4', name: 'a' },
    ]);
  });

  test('may have rows without an address: they are left out and counted', async () => {
    const controller = await startController({ [route]: () => ({ body: compared() }) });
    const { messages } = await compare('ip,name\n,Floor 2\n10.1.2.3,web-1\n,spare\n', controller);
    expect(controller.seen[0]?.body?.['rows']).toEqual([{ line: 3, ip: '10.1.2.3', name: 'web-1' }]);
    expect(messages).toContain('2 rows without an address were left out.');
  });

  test('without a column of addresses, or without any address, is not sent', async () => {
    expect(await complaintOf('name,mac\nweb-1,x\n')).toContain('list:1: missing columns: ip');
    expect(await complaintOf('ip,name\n,web-1\n')).toContain('list: there are no rows');
  });
});

describe('an export of NetBox', () => {
  test('as CSV is read with its prefix length, status, VRF and names', async () => {
    const content =
      'ID,IP Address,VRF,Status,Role,Tenant,Assigned,DNS name,Description,Interface,Device/VM\n' +
      '1,10.1.2.3/24,Global,Active,,ops,True,web-1.corp.example,,eth0,web-1\n';
    expect(await rowsOf(content)).toEqual([
      {
        line: 2,
        ip: '10.1.2.3/24',
        vrf: 'Global',
        status: 'Active',
        name: 'web-1',
        dnsName: 'web-1.corp.example',
      },
    ]);
  });

  const address = (id: number, set: object): object => ({
    id,
    url: 'https://netbox.example/api/ipam/ip-addresses/1/',
    family: { value: 4, label: 'IPv4' },
    address: `10.1.2.${id}/24`,
    vrf: null,
    tenant: { id: 1, name: 'ops' },
    status: { value: 'active', label: 'Active' },
    assigned_object: null,
    dns_name: '',
    tags: [{ name: 'x' }],
    ...set,
  });
  const list = [
    address(3, {
      vrf: { id: 7, name: 'branch', rd: null },
      dns_name: 'web-1.corp.example',
      assigned_object: { id: 9, name: 'eth0', virtual_machine: { id: 4, name: 'web-1' } },
    }),
    address(4, { assigned_object: { id: 9, name: 'eth0', device: { id: 4, name: 'printer' } } }),
    address(5, { status: { value: 'reserved', label: 'Reserved' } }),
  ];
  const rows = [
    {
      ip: '10.1.2.3/24',
      vrf: 'branch',
      status: 'active',
      name: 'web-1',
      dnsName: 'web-1.corp.example',
    },
    { ip: '10.1.2.4/24', status: 'active', name: 'printer' },
    { ip: '10.1.2.5/24', status: 'reserved' },
  ];

  test.each([
    ['a list', list.map((one) => JSON.stringify(one)), '[\n', '\n]', [2, 3, 4]],
    [
      'an answer of its API',
      list.map((one) => JSON.stringify(one)),
      '{"count": 3,\n"next": null, "previous": null,\n"others": [1, 2], "results": [\n',
      ']}',
      [4, 5, 6],
    ],
  ])(
    'as JSON is %s, each address with the line that it begins in',
    async (_what, items, before, after, lines) => {
      expect(await rowsOf(`${before}${items.join(',\n')}${after}`)).toEqual(
        rows.map((row, index) => ({ line: lines[index], ...row })),
      );
    },
  );

  test('that is one page of several is not sent: the rest would be taken for missing', async () => {
    const page = { count: 2000, next: 'https://netbox.example/?offset=1000', results: list };
    expect(await complaintOf(JSON.stringify(page))).toContain('this is one page of a longer list');
    expect(await complaintOf('{"count": 1}')).toContain('the JSON is not a list of objects');
  });
});

describe('a comparison', () => {
  const file = 'ip,name\n10.1.2.3,web-1\n10.1.2.9,old-1\n';

  test('is told kind by kind, with who has each address, and ends in one line', async () => {
    const controller = await startController({ [route]: () => ({ body: some }) });
    const { exitCode, out, messages } = await compare(file, controller, ['--network', 'web']);
    expect(exitCode).toBe(0);
    expect(controller.seen[0]?.body?.['network']).toBe('web');
    const lines = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines.map(([first]) => first)).toEqual([
      'IN THE LIST, BUT NOT SEEN (1)',
      'LINE',
      '3',
      '',
      'SEEN, BUT NOT IN THE LIST (1)',
      'IP',
      '10.1.2.7',
      '',
      'ANOTHER MAC (1)',
      'LINE',
      '2',
      '',
      '',
    ]);
    expect(lines[6]?.slice(0, 4)).toEqual(['10.1.2.7', 'web-7', 'web', 'front']);
    expect(messages).toMatch(/^Rows: 2, agreeing: 0, .*not seen: 1, not in the list: 1, other MAC: 1, .*\n$/);
  });

  test('ends with 0 though there are differences; with --exit-code by them', async () => {
    for (const [body, flags, expected] of [
      [some, [], 0],
      [some, ['--exit-code'], 1],
      [compared(), ['--exit-code'], 0],
    ] as const) {
      const controller = await startController({ [route]: () => ({ body }) });
      expect((await compare(file, controller, flags)).exitCode).toBe(expected);
    }
  });

  test('as CSV is a row for each difference, as JSON the whole', async () => {
    const controller = await startController({ [route]: () => ({ body: some }) });
    const csv = await compare(file, controller, ['-o', 'csv']);
    expect(csv.out.split('\r\n').slice(0, 3)).toEqual([
      'kind,line,ip,listed,found,network.name,evidence.name,evidence.wire.name,evidence.since,text,remedy',
      'ghost,3,10.1.2.9,old-1,,web,,,,Text.,Remedy.',
      'stranger,,10.1.2.7,,web-7,web,web-7,front,2026-01-02T03:04:05Z,Text.,Remedy.',
    ]);
    expect(JSON.parse((await compare(file, controller, ['-o', 'json'])).out)).toEqual(
      JSON.parse(JSON.stringify(some)),
    );
  });

  test('of very many differences says how many a table leaves out, and how many were not told at all', async () => {
    const items = Array.from({ length: 60 }, (_, at) => difference('ghost', `10.1.3.${at}`));
    const controller = await startController({
      [route]: () => ({ body: compared(items, { ghost: 3000 }, { complete: false }) }),
    });
    const { out, messages } = await compare(file, controller);
    expect(out.split('\n').filter((line) => line.includes('10.1.3.'))).toHaveLength(50);
    expect(messages).toContain('IN THE LIST, BUT NOT SEEN: 50 of 3000 are shown; more: -o json');
    expect(messages).toContain('Of each kind at most 1000 are told');
  });

  test('takes a space or a network, not both', async () => {
    const controller = await startController({});
    expect((await compare(file, controller, ['--space', 'a', '--network', 'b'])).exitCode).toBe(2);
  });
});
