import { describe, expect, test } from 'vitest';
import { page, startController, type Route } from './support/controller.ts';
import { idOf, network, nic } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

/** Two pages, so that whoever stops after the first is found out. */
const pages =
  (first: object, second: object): Route =>
  ({ query }) =>
    query.get('cursor') === 'more' ? page([second]) : page([first], 'more');

const record = (ip: string, name: string, id = 20): object => ({
  id: idOf(90),
  ip,
  network: { id: idOf(id), name },
  source: 'tools',
  firstSeenAt: null,
  lastSeenAt: null,
  contradictedBy: [],
});
const server = (name: string, number: number, records: object[], set: object = {}): object => ({
  id: idOf(number),
  name,
  missingSince: null,
  template: false,
  datacenter: '上海 DC',
  guestHostName: null,
  nics: [{ wire: { id: idOf(10), name: 'front/1' }, records }],
  ...set,
});
const address = (ip: string, set: object = {}): object => ({
  ip,
  space: { id: idOf(2), name: 'default' },
  network: { id: idOf(20), name: 'web' },
  state: 'used',
  server: null,
  nic: null,
  holder: null,
  key: null,
  source: 'tools',
  since: '2026-01-02T03:04:05Z',
  expiresAt: null,
  ...set,
});

describe('a list is exported whole', () => {
  test.each([
    ['networks', network('one'), network('two', { description: '=1+1' })],
    ['addresses', address('10.1.2.3'), address('10.1.2.4')],
    ['nics', nic('web-01'), nic('web-02')],
  ])('%s: as CSV, or as JSON where that is asked for', async (name, first, second) => {
    const controller = await startController({ [`GET /api/v1/${name}`]: pages(first, second) });
    const { url } = controller;
    const csv = await wirebook(['export', name], { url });
    expect(csv).toMatchObject({ exitCode: 0, messages: '' });
    const [head = '', ...rows] = csv.out.trimEnd().split('\r\n');
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row.split(',').length).toBeGreaterThanOrEqual(head.split(',').length);
    const json = await wirebook(['export', name, '-o', 'json'], { url });
    expect(JSON.parse(json.out)).toEqual([first, second]);
    expect(controller.seen.map((request) => request.query.get('limit'))).toEqual([
      '500',
      '500',
      '500',
      '500',
    ]);
  });

  test('of one space or account alone where that is asked for', async () => {
    const controller = await startController({
      'GET /api/v1/networks': () => page([]),
      'GET /api/v1/nics': () => page([]),
    });
    const { url } = controller;
    await wirebook(['export', 'networks', '--space', 'branch'], { url });
    await wirebook(['export', 'nics', '--account', 'vc'], { url });
    expect(controller.seen[0]?.query.get('space')).toBe('branch');
    expect(controller.seen[1]?.query.get('account')).toBe('vc');
  });
});

describe('an Ansible inventory', () => {
  const servers = [
    server('web 01', 31, [record('fd00::1', 'web'), record('10.1.2.3', 'web')]),
    server('web 01', 32, [record('10.1.2.4', 'web')]),
    server('v6', 33, [record('fd00::2', 'web', 21)]),
    server('__proto__', 34, [record('10.1.2.5', 'web')], { datacenter: null }),
    server('silent', 35, []),
    server('template', 36, [record('10.1.2.6', 'web')], { template: true }),
    server('gone', 37, [record('10.1.2.7', 'web')], { missingSince: '2026-01-02T03:04:05Z' }),
  ];

  test('names each server once, with its address, and groups it by network, wire and datacenter', async () => {
    const { url } = await startController({ 'GET /api/v1/servers': () => page(servers) });
    const ini = await wirebook(['export', 'ansible'], { url });
    expect(ini.out.split('\n')).toEqual([
      'web_01 ansible_host=10.1.2.3',
      'web_01_2 ansible_host=10.1.2.4',
      'v6 ansible_host=fd00::2',
      '__proto__ ansible_host=10.1.2.5',
      '',
      '[datacenter_上海_DC]',
      'web_01',
      'web_01_2',
      'v6',
      '',
      '[network_web]',
      'web_01',
      'web_01_2',
      '__proto__',
      '',
      '[network_web_2]',
      'v6',
      '',
      '[wire_front_1]',
      'web_01',
      'web_01_2',
      'v6',
      '__proto__',
      '',
    ]);
    expect(ini.messages).toBe('One server without a known address was left out.\n');
    const yaml = await wirebook(['export', 'ansible', '-o', 'yaml'], { url });
    expect(yaml.out).toContain('ansible_host: 10.1.2.4');
    const json = await wirebook(['export', 'ansible', '-o', 'json'], { url });
    expect(Object.keys(JSON.parse(json.out).all.hosts)).toEqual(['web_01', 'web_01_2', 'v6', '__proto__']);
  });
});

test('what NetBox imports has the prefix length, a DNS name that it takes, and a VRF for each other space', async () => {
  const { url } = await startController({
    'GET /api/v1/networks': () =>
      page([network('web'), network('v6', { id: idOf(21), prefixLength: 64, family: 6 })]),
    'GET /api/v1/servers': () => page([server('web 01', 31, [], { guestHostName: 'WEB-01.sh.example' })]),
    'GET /api/v1/addresses': pages(
      address('10.1.2.3', { server: { id: idOf(31), name: 'web 01' } }),
      address('fd00::1', {
        network: { id: idOf(21), name: 'v6' },
        space: { id: idOf(3), name: 'branch' },
        state: 'held',
        holder: { name: '打印机', owner: 'office', mac: null, note: 'floor\n2' },
      }),
    ),
  });
  const { out } = await wirebook(['export', 'netbox'], { url });
  expect(out.split('\r\n')).toEqual([
    'address,status,dns_name,description,vrf',
    '10.1.2.3/24,active,web-01.sh.example,web 01,',
    'fd00::1/64,active,,"打印机, office, floor 2",branch',
    '',
  ]);
});

test('a hold for nobody is reserved in NetBox', async () => {
  const { url } = await startController({
    'GET /api/v1/networks': () => page([]),
    'GET /api/v1/servers': () => page([]),
    'GET /api/v1/addresses': () => page([address('10.1.2.3', { state: 'held', key: 'build-7' })]),
  });
  const { out } = await wirebook(['export', 'netbox'], { url });
  expect(out).toContain('10.1.2.3/32,reserved,,build-7,\r\n');
});
