import type { Event, List, Network, Status } from '@wirebook/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hold, reserve, restFrom } from '../support/address-facts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** How full networks are, and what the status and the audit trail say of the book. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(labEstate([machine('web-1', [['web', '10.1.0.11/24']])]));
  const make = (name: string, cidr: string, more: object = {}): Promise<unknown> =>
    lab.createNetwork({ name, wire: 'web', cidr, ...more });
  const holdAll = async (name: string, ips: readonly string[]): Promise<void> => {
    for (const ip of ips) await hold(lab, name, { ip, source: 'allocated' });
  };
  // Six addresses: one is the gateway's, two are taken.
  await make('part', '10.3.0.0/29', { gateway: '10.3.0.1' });
  await holdAll('part', ['10.3.0.2', '10.3.0.3']);
  // Of six two are reserved, one of these taken as well; three of the other four are taken, one rests.
  await make('full', '10.4.0.0/29');
  await reserve(lab, 'full', { start: '10.4.0.5', end: '10.4.0.6' });
  await holdAll('full', ['10.4.0.1', '10.4.0.2', '10.4.0.3', '10.4.0.5']);
  await restFrom(lab, 'full', ['10.4.0.4']);
  // Only two may be given; what is taken beside them says nothing.
  await make('narrow', '10.5.0.0/28', {
    giving: [
      { start: '10.5.0.4', end: '10.5.0.4' },
      { start: '10.5.0.9', end: '10.5.0.9' },
    ],
  });
  await holdAll('narrow', ['10.5.0.1', '10.5.0.2', '10.5.0.9']);
  await make('none', '10.6.0.0/29', { giving: 'none' });
  await make('vast', '2001:db8:6::/64');
});
afterAll(() => lab[Symbol.asyncDispose]());

const list = async (query: string): Promise<[string, number | null][]> => {
  const answer = await lab.controller.call<List<Network>>('GET', `/api/v1/networks?${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.items.map((one) => [one.name, one.utilisation]);
};

test('utilisation is what can not be given any more of what may be given', async () => {
  expect(await list('sort=name')).toEqual([
    ['full', 100],
    ['narrow', 50],
    ['none', null],
    ['part', 40],
    ['vast', 0],
  ]);
  expect((await lab.network('full')).utilisation).toBe(100);
});

test('networks are listed by it, page by page, and from a percentage on', async () => {
  const all = ['full', 'narrow', 'part', 'vast', 'none'];
  expect((await list('sort=-utilisation')).map(([name]) => name)).toEqual(all);
  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { body: List<Network> } = await lab.controller.call<List<Network>>(
      'GET',
      `/api/v1/networks?limit=2&sort=-utilisation${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    paged.push(...page.body.items.map((one) => one.name));
    cursor = page.body.nextCursor;
  }
  expect(paged).toEqual(all);
  expect(await list('fullFrom=50&sort=name')).toEqual([
    ['full', 100],
    ['narrow', 50],
  ]);
  expect(await list('fullFrom=50.01')).toEqual([['full', 100]]);
  for (const fullFrom of ['-1', '101', 'much'])
    await lab.refuse('invalid_input', 'GET', `/api/v1/networks?fullFrom=${fullFrom}`);
});

test('the status names full networks and findings with their number, and the account that is in trouble', async () => {
  await lab.sql(`UPDATE cloud_accounts SET status = 'unreachable' WHERE name = 'lab'`);
  const { body } = await lab.controller.call<Status>('GET', '/api/v1/status');
  const [account] = await lab.sql<{ id: string }>(`SELECT id FROM cloud_accounts WHERE name = 'lab'`);
  expect(body.attention.find((one) => one.kind === 'account')).toMatchObject({
    count: null,
    about: { id: account?.id, name: 'lab' },
  });
  expect(body.attention.find((one) => one.kind === 'full_networks')).toMatchObject({
    count: 1,
    about: null,
    text: expect.stringContaining('90 %'),
    remedy: expect.stringContaining('-utilisation'),
  });
  const { body: findings } = await lab.controller.call('GET', '/api/v1/findings');
  const said = body.attention.find((one) => one.kind === 'findings');
  expect(said?.count ?? 0).toBe(findings['total']);
});

test('the status has what a request changed at once', async () => {
  const full = async (): Promise<number | null | undefined> => {
    const { body } = await lab.controller.call<Status>('GET', '/api/v1/status');
    return body.attention.find((one) => one.kind === 'full_networks')?.count;
  };
  expect(await full()).toBe(1);
  const { id } = await lab.network('none');
  const giving = [{ start: '10.6.0.4', end: '10.6.0.4' }];
  await hold(lab, 'none', { ip: '10.6.0.4', source: 'allocated' });
  const changed = await lab.controller.call('PATCH', `/api/v1/networks/${id}`, { giving });
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  expect(await full()).toBe(2);
});

test('the audit trail is cut by time', async () => {
  const { body: all } = await lab.controller.call<List<Event>>(
    'GET',
    '/api/v1/events?sort=at&objectKind=network',
  );
  const times = all.items.map((one) => one.at);
  const middle = times[2] ?? '';
  const events = async (query: string): Promise<string[]> =>
    (
      await lab.controller.call<List<Event>>('GET', `/api/v1/events?sort=at&objectKind=network&${query}`)
    ).body.items.map((one) => one.at);
  expect(times.length).toBeGreaterThan(3);
  expect(await events(`from=${middle}`)).toEqual(times.filter((at) => at >= middle));
  expect(await events(`to=${middle}`)).toEqual(times.filter((at) => at < middle));
  expect(await events(`from=${middle}&to=${middle}`)).toEqual([]);
  await lab.refuse('invalid_input', 'GET', '/api/v1/events?from=yesterday');
});
