import type { Address, Conflict, Event, List, Nic } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hold } from '../support/address-facts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Two servers and one address, and what a person makes of it. Each test has servers and addresses of its own. */

/** For each of these addresses a server `NAME-a`, which is first, and a server `NAME-b` with the higher moref. */
const pairs = {
  evidence: '10.1.1.10',
  keeping: '10.1.1.20',
  giving: '10.1.1.30',
  sharing: '10.1.1.40',
  leaving: '10.1.1.50',
  thinking: '10.1.1.60',
  twice: '10.1.1.70',
  over: '10.1.1.80',
  searched: '10.1.1.90',
} as const;
type Pair = keyof typeof pairs;

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      ...Object.entries(pairs).flatMap(([name, ip]) => [
        machine(`${name}-a`, [['web', `${ip}/16`]]),
        machine(`${name}-b`, [['web', `${ip}/16`]]),
      ]),
      machine('sharing-c', [['web']]),
      machine('copy', [['web', '10.1.2.10/16']]),
      machine('original', [['web', '10.1.2.10/16']]),
      machine('printing', [['web', '10.1.3.10/16']]),
      machine('printing too', [['web', '10.1.3.11/16']]),
    ]),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
});
afterAll(() => lab[Symbol.asyncDispose]());

async function conflicts(query: string): Promise<Conflict[]> {
  const answer = await lab.controller.call<List<Conflict>>('GET', `/api/v1/conflicts?${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.items;
}
async function theOne(query: string): Promise<Conflict> {
  const [one, ...others] = await conflicts(query);
  expect(others).toEqual([]);
  if (one === undefined) throw new Error(`no conflict fits ${query}`);
  return one;
}
async function decide(id: string, resolution: string): Promise<Conflict> {
  const answer = await lab.controller.call<Conflict>('POST', `/api/v1/conflicts/${id}/resolve`, {
    resolution,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const address = async (ip: string): Promise<Address> =>
  (await lab.controller.call<Address>('GET', `/api/v1/addresses/${ip}`)).body;
const history = async (ip: string): Promise<string[]> =>
  (await address(ip)).history.map(
    (one) => `${one.server?.name ?? '-'} ${one.source} ${one.ended ?? 'lives'}`,
  );
const report = async (vm: string, ...ips: string[]): Promise<void> => {
  await lab.simulator.setGuestNet(vm, [
    {
      deviceConfigId: 4000,
      connected: true,
      addresses: ips.map((ip) => ({ ip, prefixLength: 16 })),
    },
  ]);
  await lab.sync();
};
const sourceOf = async (vm: string, ip: string): Promise<Nic['records'][number]['source'] | undefined> =>
  (await lab.nics(vm))[0]?.records.find((one) => one.ip === ip)?.source;
/** `holder claimant resolution` of all that lasts or was decided about an address. */
const tell = async (pair: Pair): Promise<string[]> =>
  (await conflicts(`ip=${pairs[pair]}&resolved=any&sort=since`)).map((one) =>
    [
      one.holders[0]?.server?.name,
      one.claimants[0]?.server?.name,
      one.resolution ?? 'open',
      one.endedAt === null ? 'lasts' : 'over',
    ].join(' '),
  );

describe('what a conflict shows', () => {
  test('both sides with all that speaks for them', async () => {
    const conflict = await theOne(`ip=${pairs.evidence}`);
    expect(conflict).toMatchObject({
      kind: 'duplicate',
      ip: pairs.evidence,
      network: { name: 'web' },
      proposal: null,
      resolution: null,
      endedAt: null,
      holders: [
        {
          server: { name: 'evidence-a' },
          wire: { name: 'web' },
          source: 'tools',
          powerState: 'poweredOn',
          connected: true,
          reporting: true,
        },
      ],
      claimants: [{ server: { name: 'evidence-b' }, powerState: 'poweredOn', reporting: true }],
    });
    for (const side of [conflict.holders[0], conflict.claimants[0]]) {
      expect(side?.nic?.mac).toMatch(/^00:50:56:/);
      expect((side?.lastSeenAt ?? '') >= (side?.firstSeenAt ?? '-')).toBe(true);
    }
    expect(conflict.text).toBe(`evidence-a has ${pairs.evidence}, and evidence-b reports it too.`);
    const shown = await lab.controller.call<Conflict>('GET', `/api/v1/conflicts/${conflict.id}`);
    expect(shown.body).toEqual(conflict);
  });

  test('a holder that no longer reports is told from one that does', async () => {
    const before = await theOne(`ip=${pairs.leaving}`);
    await decide(before.id, 'give');
    await lab.simulator.setToolsStatus('leaving-b', 'notRunning');
    await lab.sync();
    const conflict = await theOne(`ip=${pairs.leaving}&resolved=true&server=leaving-a&sort=-since&limit=1`);
    expect(conflict).toMatchObject({
      holders: [{ server: { name: 'leaving-b' }, source: 'manual', reporting: false }],
      claimants: [{ server: { name: 'leaving-a' }, reporting: true }],
    });
  });

  test('a restored copy that runs beside its original: both are named', async () => {
    const conflict = await theOne('ip=10.1.2.10');
    expect([conflict.holders[0]?.server?.name, conflict.claimants[0]?.server?.name]).toEqual([
      'copy',
      'original',
    ]);
    // Off, the copy claims nothing.
    await lab.simulator.setPowerState('copy', 'poweredOff');
    await lab.sync();
    expect(await conflicts('ip=10.1.2.10')).toEqual([]);
    expect(await lab.records('original')).toEqual(['10.1.2.10']);
    expect(await lab.reasons('copy')).toEqual(['powered_off']);
  });

  test('lists find them by kind, network, server, address and a part of either', async () => {
    const found = async (query: string): Promise<boolean> =>
      (await conflicts(`limit=500&${query}`)).some((one) => one.ip === pairs.searched);
    for (const query of [
      'kind=duplicate',
      'network=web',
      'server=searched-a',
      'server=searched-b',
      `ip=${pairs.searched}`,
      'q=1.1.9',
      'q=SEARCHED-B',
      'resolved=any',
    ])
      expect(await found(query), query).toBe(true);
    for (const query of ['kind=moving', 'server=keeping-a', 'ip=10.1.1.91', 'q=9.9.9', 'resolved=true'])
      expect(await found(query), query).toBe(false);
    await lab.refuse('invalid_input', 'GET', '/api/v1/conflicts?ip=10.1.1');
    await lab.refuse('not_found', 'GET', '/api/v1/conflicts?server=nobody');
  });
});

describe('the holder keeps it', () => {
  test('then nobody asks again while the other goes on claiming; a later claim is another matter', async () => {
    const conflict = await theOne(`ip=${pairs.keeping}`);
    const decided = await decide(conflict.id, 'keep');
    expect(decided).toMatchObject({ resolution: 'keep', endedAt: null, resolvedBy: expect.any(String) });
    expect(await conflicts(`ip=${pairs.keeping}`)).toEqual([]);
    expect((await address(pairs.keeping)).state).toBe('used');
    await lab.sync();
    await report('keeping-b', pairs.keeping, '10.1.1.21');
    expect(await tell('keeping')).toEqual(['keeping-a keeping-b keep lasts']);
    expect(await theOne(`ip=${pairs.keeping}&resolved=true`)).toMatchObject({ id: conflict.id });
    expect(await lab.reasons('keeping-b')).toEqual([`taken ${pairs.keeping}`]);

    await report('keeping-b', '10.1.1.21');
    expect(await tell('keeping')).toEqual(['keeping-a keeping-b keep over']);
    await report('keeping-b', pairs.keeping);
    expect(await tell('keeping')).toEqual([
      'keeping-a keeping-b keep over',
      'keeping-a keeping-b open lasts',
    ]);
  });

  test('the same decision twice is one, and another may follow while the conflict lasts', async () => {
    const conflict = await theOne(`ip=${pairs.thinking}`);
    const first = await decide(conflict.id, 'keep');
    expect(await decide(conflict.id, 'keep')).toEqual(first);
    await decide(conflict.id, 'give');
    expect(await lab.records('thinking-b')).toEqual([pairs.thinking]);
    const events = await lab.controller.call<List<Event>>(
      'GET',
      `/api/v1/events?objectKind=conflict&object=${conflict.id}&sort=at`,
    );
    expect(events.body.items).toMatchObject([
      {
        action: 'resolve',
        object: { kind: 'conflict', name: pairs.thinking },
        before: { resolution: null, holder: 'thinking-a' },
        after: { resolution: 'keep', holder: 'thinking-a' },
      },
      {
        before: { resolution: 'keep', holder: 'thinking-a' },
        after: { resolution: 'give', holder: 'thinking-b' },
      },
    ]);
  });
});

describe('the claimant gets it', () => {
  test('and keeps it by hand; that the other still reports it is decided already', async () => {
    const conflict = await theOne(`ip=${pairs.giving}`);
    expect(await decide(conflict.id, 'give')).toMatchObject({
      resolution: 'give',
      endedAt: expect.any(String),
      holders: [{ server: { name: 'giving-a' } }],
    });
    expect(await lab.records('giving-a')).toEqual([]);
    expect(await sourceOf('giving-b', pairs.giving)).toBe('manual');
    expect(await history(pairs.giving)).toEqual(['giving-b manual lives', 'giving-a tools given']);
    expect(await conflicts(`ip=${pairs.giving}`)).toEqual([]);
    const decided = ['giving-a giving-b give over', 'giving-b giving-a keep lasts'];
    expect(await tell('giving')).toEqual(decided);

    // It does not yield to the other, silent or not, and nobody asks again.
    await lab.simulator.setToolsStatus('giving-b', 'notRunning');
    await lab.sync();
    await lab.sync();
    expect(await lab.records('giving-b')).toEqual([pairs.giving]);
    expect(await lab.reasons('giving-a')).toEqual([`taken ${pairs.giving}`]);
    expect(await tell('giving')).toEqual(decided);

    await report('giving-a', '10.1.1.31');
    await report('giving-a', pairs.giving);
    expect(await theOne(`ip=${pairs.giving}`)).toMatchObject({
      resolution: null,
      holders: [{ server: { name: 'giving-b' }, source: 'manual' }],
    });
  });

  test('and gives it back where the decision is turned round', async () => {
    await decide((await theOne(`ip=${pairs.twice}`)).id, 'give');
    const reverse = await theOne(`ip=${pairs.twice}&resolved=true&server=twice-a&sort=-since&limit=1`);
    expect(reverse.holders[0]?.server?.name).toBe('twice-b');
    await decide(reverse.id, 'give');
    expect(await lab.records('twice-a')).toEqual([pairs.twice]);
    expect(await lab.records('twice-b')).toEqual([]);
    expect(await conflicts(`ip=${pairs.twice}`)).toEqual([]);
    expect(await history(pairs.twice)).toEqual([
      'twice-a manual lives',
      'twice-b manual given',
      'twice-a tools given',
    ]);
  });
});

describe('they share it', () => {
  test('then each who reports it has a record, also one that comes later, until none is left', async () => {
    const conflict = await theOne(`ip=${pairs.sharing}`);
    expect(await decide(conflict.id, 'share')).toMatchObject({
      resolution: 'share',
      endedAt: expect.any(String),
    });
    const having = async (): Promise<string[]> => {
      const names: string[] = [];
      for (const name of ['sharing-a', 'sharing-b', 'sharing-c'])
        if ((await lab.records(name)).includes(pairs.sharing)) names.push(name);
      return names;
    };
    expect(await having()).toEqual(['sharing-a', 'sharing-b']);
    expect(await lab.reasons('sharing-b')).toEqual([]);
    await report('sharing-c', '10.1.1.43', pairs.sharing);
    expect(await having()).toEqual(['sharing-a', 'sharing-b', 'sharing-c']);
    expect(await conflicts(`ip=${pairs.sharing}`)).toEqual([]);

    for (const [nr, name] of ['sharing-a', 'sharing-b', 'sharing-c'].entries())
      await report(name, `10.1.1.4${nr + 1}`);
    await lab.sync();
    await lab.sync();
    expect(await having()).toEqual([]);
    expect(await lab.sql('SELECT 1 FROM shared_addresses')).toEqual([]);
    // Two who report it now are two too many again.
    await report('sharing-a', pairs.sharing);
    await report('sharing-b', pairs.sharing);
    expect((await theOne(`ip=${pairs.sharing}`)).holders[0]?.server?.name).toBe('sharing-a');
  });

  test('a holder outside vCenter shares nothing, but keeps or loses it', async () => {
    const printer = { name: 'Printer 3', owner: 'Facilities', mac: '00:1b:a9:00:00:03', note: '' };
    for (const ip of ['10.1.3.10', '10.1.3.11']) {
      await lab.sql('DELETE FROM claims WHERE ip = $1', [ip]);
      await hold(lab, 'web', { ip, source: 'manual', holder: printer });
    }
    // What the two report is looked at anew when they change.
    await report('printing', '10.1.3.10', '10.1.3.20');
    await report('printing too', '10.1.3.11', '10.1.3.21');
    const conflict = await theOne('ip=10.1.3.10');
    expect(conflict.holders).toMatchObject([
      { server: null, nic: null, holder: printer, source: 'manual', reporting: false, powerState: null },
    ]);
    expect(conflict.text).toContain('Printer 3 has 10.1.3.10');
    const refused = await lab.refuse('not_shareable', 'POST', `/api/v1/conflicts/${conflict.id}/resolve`, {
      resolution: 'share',
    });
    expect(refused.detail).toContain('Printer 3');
    expect(await conflicts('ip=10.1.3.10')).toHaveLength(1);
    await decide(conflict.id, 'keep');
    expect((await address('10.1.3.10')).holder).toMatchObject({ name: 'Printer 3' });

    await decide((await theOne('ip=10.1.3.11')).id, 'give');
    expect(await sourceOf('printing too', '10.1.3.11')).toBe('manual');
    expect((await address('10.1.3.11')).history.map((one) => one.ended)).toContain('given');
  });
});

describe('what can not be decided', () => {
  test('a conflict that is over, and says since when', async () => {
    const conflict = await theOne(`ip=${pairs.over}`);
    await report('over-b', '10.1.1.81');
    const over = await theOne(`ip=${pairs.over}&resolved=any`);
    expect(over).toMatchObject({ id: conflict.id, resolution: null, endedAt: expect.any(String) });
    for (const resolution of ['keep', 'give', 'share']) {
      const refused = await lab.refuse('conflict_over', 'POST', `/api/v1/conflicts/${conflict.id}/resolve`, {
        resolution,
      });
      expect(refused.detail).toContain(over.endedAt?.slice(0, 10));
    }
    expect(await lab.records('over-a')).toEqual([pairs.over]);
  });

  test('one that there is not', async () => {
    const id = '0197f0a4-8f0e-7c3a-9d51-3f7b7c0a1e55';
    await lab.refuse('not_found', 'GET', `/api/v1/conflicts/${id}`);
    const refused = await lab.refuse('not_found', 'POST', `/api/v1/conflicts/${id}/resolve`, {
      resolution: 'keep',
    });
    expect(refused.remedy).toContain('wirebook conflict list');
  });

  test('two who decide at once: one after the other, and the address has one holder', async () => {
    await report('over-b', pairs.over);
    const conflict = await theOne(`ip=${pairs.over}`);
    const answers = await Promise.all(
      ['give', 'share', 'keep', 'give'].map((resolution) =>
        lab.controller.call<Conflict>('POST', `/api/v1/conflicts/${conflict.id}/resolve`, { resolution }),
      ),
    );
    for (const { status } of answers) expect([200, 409]).toContain(status);
    const live = await lab.sql<{ shared: boolean }>(
      'SELECT shared FROM claims WHERE ip = $1 AND ended_at IS NULL',
      [pairs.over],
    );
    expect(live.length === 1 || live.every((claim) => claim.shared)).toBe(true);
  });
});
