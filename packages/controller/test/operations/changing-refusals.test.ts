import type { List, Operation, PrivilegeList, ProblemBody, Server } from '@wirebook/contract';
import { secondVcenterEstate, startSimulator } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addAccount, waitFor } from '../support/accounts.ts';
import { type ChangingLab, running, startChangingLab, stopped } from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/** What is refused of changes before anything is done, what a dry run shows, and how operations are looked at. */

let lab: ChangingLab;
beforeAll(async () => {
  lab = await startChangingLab({
    machines: [
      running('plain', [['web', '10.20.2.1/22']]),
      running('other', [['web', '10.20.2.2/22']]),
      running('missing', [['web', '10.20.2.3/22']]),
      running('suspended', [['web', '10.20.2.4/22']], { powerState: 'suspended' }),
      running('full', [['web', '10.20.2.5/22']]),
      running(
        'ten',
        Array.from({ length: 10 }, () => ['web'] as [string]),
      ),
      running('busy', [['web', '10.20.2.6/22']]),
      running('busy-too', [['web', '10.20.2.7/22']]),
      running('at-once', [['web', '10.20.2.8/22']]),
      running('dry', [
        ['web', '10.20.2.9/22'],
        ['/rack', '10.23.0.9/24', '2001:db8:23::9/64'],
      ]),
      stopped('dry-off', ['web']),
      running('unnamed', [['/VM Network']]),
      running('followed', [['web', '10.20.2.10/22']]),
      running('listed', [['web', '10.20.2.11/22']]),
    ],
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

const server = (name: string): string => `/api/v1/servers/${name}`;
const attach = { network: 'app-net' };
/** All three changes of NICs, and the deletion. */
const changes = (name: string, nic: string): [string, string, object | undefined][] => [
  ['POST', `${server(name)}/nics`, attach],
  ['PATCH', `${server(name)}/nics/${nic}`, attach],
  ['DELETE', `${server(name)}/nics/${nic}`, undefined],
  ['DELETE', `${server(name)}?powerOff=true`, undefined],
];

describe('refused before anything is done', () => {
  test('a NIC that the server has not', async () => {
    for (const nic of ['00:50:56:00:00:99', '10.20.2.2', 'abc'])
      for (const [method, path, body] of changes('plain', nic).slice(1, 3)) {
        const refusal = await lab.refuseChange('not_found', method, path, body);
        expect(refusal.detail).toContain(nic);
      }
  });

  test('a server that nobody knows', async () => {
    for (const [method, path, body] of changes('nobody', '10.20.2.1'))
      await lab.refuseChange('not_found', method, path, body);
  });

  test.each([
    ['ubuntu', 'it is a template'],
    ['vCLS-1', 'a product manages it'],
  ])('%s, which is not to be changed: %s', async (name, why) => {
    for (const [method, path, body] of changes(name, '00:50:56:00:00:01')) {
      const refusal = await lab.refuseChange('server_not_changeable', method, path, body);
      expect(refusal.detail).toContain(why);
    }
  });

  test('a server that vCenter no longer shows', async () => {
    await lab.simulator.removeVm('missing');
    await lab.sync();
    for (const [method, path, body] of changes('missing', '10.20.2.3')) {
      const refusal = await lab.refuseChange('server_not_changeable', method, path, body);
      expect(refusal.detail).toContain('vCenter no longer shows it');
    }
  });

  test('NICs of a server that is suspended', async () => {
    for (const [method, path, body] of changes('suspended', '10.20.2.4').slice(0, 3)) {
      const refusal = await lab.refuseChange('server_not_changeable', method, path, body);
      expect(refusal.detail).toContain('it is suspended');
    }
  });

  test('an eleventh NIC', async () => {
    const refusal = await lab.refuseChange('server_not_changeable', 'POST', `${server('ten')}/nics`, attach);
    expect(refusal.detail).toMatch(/NIC/);
  });

  test('a network that has no address left, and one that gives none', async () => {
    const taken = await lab.controller.call('POST', '/api/v1/networks/tiny-net/allocate', {});
    expect(taken.status).toBe(201);
    for (const network of ['tiny-net', 'quiet-net'])
      for (const [method, path] of changes('full', '10.20.2.5').slice(0, 2))
        await lab.refuseChange(network === 'tiny-net' ? 'network_full' : 'gives_nothing', method, path, {
          network,
        });
  });

  test('an address that somebody has, one outside the network, and one of another family', async () => {
    for (const [method, path] of changes('full', '10.20.2.5').slice(0, 2)) {
      await lab.refuseChange('address_not_free', method, path, { network: 'web-net', ip: '10.20.2.1' });
      await lab.refuseChange('address_outside_network', method, path, {
        network: 'web-net',
        ip: '10.21.0.5',
      });
      await lab.refuseChange('invalid_input', method, path, { network: 'web-net', ip6: '2001:db8::1' });
    }
  });

  test.each([
    ['cellar-net', /does not have the wire|has no wire/],
    ['island-net', /has no wire/],
    ['trunk-net', /trunk/],
  ])('%s, none of whose wires the host has as it must', async (network, why) => {
    for (const [method, path] of changes('full', '10.20.2.5').slice(0, 2)) {
      const refusal = await lab.refuseChange('no_host_fits', method, path, { network });
      expect(refusal.errors?.map(({ message }) => message).join()).toMatch(why);
    }
  });

  test('a change that says nothing of what it shall be, of a NIC that has nothing', async () => {
    const { nics } = await lab.vm('unnamed');
    await lab.refuseChange('invalid_input', 'PATCH', `${server('unnamed')}/nics/${nics[0]?.mac}`, {});
  });

  test('everything on an account that is disabled', async () => {
    const patch = (enabled: boolean) =>
      lab.controller.call('PATCH', `/api/v1/cloud-accounts/${lab.account}`, { enabled });
    expect((await patch(false)).status).toBe(200);
    try {
      for (const [method, path, body] of changes('plain', '10.20.2.1'))
        await lab.refuseChange('account_disabled', method, path, body);
    } finally {
      expect((await patch(true)).status).toBe(200);
    }
  });
});

describe('one operation at a time changes a server', () => {
  /** Makes everything of a server's take its time in vCenter. */
  const slow = async (name: string, ms: number): Promise<void> => {
    await lab.simulator.injectFault({ method: 'ReconfigVM_Task', object: name, delayMs: ms });
    await lab.simulator.injectFault({ method: 'PowerOffVM_Task', object: name, delayMs: ms });
  };

  test('whatever comes second is refused, with the one that is in the way, until that has ended', async () => {
    await slow('busy', 700);
    const first = await lab.attach('busy', attach);
    for (const [method, path, body] of changes('busy', '10.20.2.6')) {
      const answer = await lab.controller.call<ProblemBody>(method, path, body);
      expect(answer.body.code).toBe('server_busy');
      expect(answer.body.detail).toContain(first.id);
      expect(answer.body.remedy).toBe(`Wait for it: wirebook operation wait ${first.id}`);
    }
    expectEnd(await lab.ended(first), 'succeeded');

    await slow('busy-too', 700);
    const removal = await lab.remove('busy-too', { powerOff: true });
    for (const [method, path, body] of changes('busy-too', '10.20.2.7'))
      expect((await lab.controller.call<ProblemBody>(method, path, body)).body.code).toBe('server_busy');
    expectEnd(await lab.ended(removal), 'succeeded');
  });

  test('of many at the same moment one goes, and no address is taken for the others', async () => {
    const count = async () =>
      (await lab.sql<{ n: string }>(`SELECT count(*) AS n FROM claims WHERE ended_at IS NULL`))[0]?.n;
    const before = Number(await count());
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        lab.controller.call<Operation & ProblemBody>('POST', `${server('at-once')}/nics`, attach),
      ),
    );
    const begun = answers.filter(({ status }) => status === 202);
    expect(begun).toHaveLength(1);
    for (const { status, body } of answers) if (status !== 202) expect(body.code).toBe('server_busy');
    expectEnd(await lab.ended(Promise.resolve(begun[0]?.body ?? ({} as Operation))), 'succeeded');
    expect(Number(await count())).toBe(before + 1);
    expect((await lab.vm('at-once')).nics).toHaveLength(2);
  });

  test('also while it is being made, and a sync has put it into the book before that noted which one it is', async () => {
    await lab.simulator.setTaskDuration({ method: 'ReconfigVM_Task', ms: 4_000 });
    const made = await lab.controller.call<Operation>('POST', '/api/v1/servers', {
      name: 'born',
      from: 'wide',
      nics: [{ network: 'web-net' }],
    });
    expect(made.status, JSON.stringify(made.body)).toBe(202);
    await waitFor(async () =>
      (await lab.simulator.listVms()).some(({ name }) => name === 'born') ? true : undefined,
    );
    await lab.simulator.resetTaskDurations();
    await lab.sync();
    const refusal = await lab.controller.call<ProblemBody>('DELETE', `${server('born')}?powerOff=true`);
    expect(refusal.body).toMatchObject({
      code: 'server_busy',
      detail: expect.stringContaining(made.body.id),
    });
    expectEnd(await lab.ended(made.body), 'succeeded');
    expectEnd(await lab.ended(lab.remove('born', { powerOff: true })), 'succeeded');
  });
});

describe('a dry run', () => {
  test('of an attachment shows the address and the wire, and that the guest would not be told', async () => {
    const plan = await lab.plan('POST', `${server('dry')}/nics`, attach);
    expect(plan).toMatchObject({
      dryRun: true,
      server: { name: 'dry' },
      nic: { network: { name: 'app-net' }, wire: { name: 'app' }, prefixLength: 24, gateway: '10.21.0.1' },
      releases: [],
      restarts: false,
    });
    expect(plan.nic?.ip).toMatch(/^10\.21\.0\./);
    expect(plan.warnings).toMatchObject([
      { code: 'guest_not_told', text: expect.stringContaining(plan.nic?.ip ?? '-') },
    ]);
  });

  test('of one with a restart says so, and with nothing to warn of', async () => {
    const plan = await lab.plan('POST', `${server('dry')}/nics`, { ...attach, restart: true });
    expect(plan).toMatchObject({ restarts: true, warnings: [] });
  });

  test('of a guest that does not run restarts nothing', async () => {
    const plan = await lab.plan('POST', `${server('dry-off')}/nics`, { ...attach, restart: true });
    expect(plan).toMatchObject({ restarts: false, warnings: [] });
  });

  test('of a change shows what becomes free, or that it does not', async () => {
    const path = `${server('dry')}/nics/10.20.2.9`;
    const told = await lab.plan('PATCH', path, { network: 'app-net', restart: true });
    expect(told).toMatchObject({
      nic: { wire: { name: 'app' } },
      releases: [{ ip: '10.20.2.9', network: { name: 'web-net' } }],
      restarts: true,
      warnings: [],
    });
    const untold = await lab.plan('PATCH', path, { network: 'app-net' });
    expect(untold.releases).toEqual([]);
    expect(untold.warnings.map(({ code }) => code)).toEqual(['guest_not_told', 'former_address_kept']);
  });

  test('of a change of one family shows that one alone', async () => {
    const path = `${server('dry')}/nics/10.23.0.9`;
    const plan = await lab.plan('PATCH', path, { ip: '10.23.0.200', restart: true });
    expect(plan.nic).toMatchObject({ ip: '10.23.0.200', ip6: null });
    expect(plan.releases.map(({ ip }) => ip)).toEqual(['10.23.0.9']);
  });

  test('of a removal and of a deletion shows what becomes free', async () => {
    const detachment = await lab.plan('DELETE', `${server('dry')}/nics/10.23.0.9`);
    expect(detachment).toMatchObject({ nic: null, restarts: false, warnings: [] });
    expect(detachment.releases.map(({ ip }) => ip)).toEqual(['10.23.0.9', '2001:db8:23::9']);
    const deletion = await lab.plan('DELETE', `${server('dry')}?powerOff=true`);
    expect(deletion.releases.map(({ ip }) => ip)).toEqual(['10.20.2.9', '10.23.0.9', '2001:db8:23::9']);
  });
});

describe('operations', () => {
  const list = async (query: string): Promise<Operation[]> => {
    const answer = await lab.controller.call<List<Operation>>('GET', `/api/v1/operations?${query}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body.items;
  };

  test('are listed by server, kind, state and account, the newest first', async () => {
    const attached = await lab.ended(lab.attach('listed', attach));
    const detached = await lab.ended(
      lab.detach('listed', attached.result?.servers[0]?.addresses[0]?.ip ?? ''),
    );
    expectEnd(detached, 'succeeded');
    const ids = (operations: Operation[]) => operations.map(({ id }) => id);
    expect(ids(await list('server=listed'))).toEqual([detached.id, attached.id]);
    expect(ids(await list('server=listed&kind=attach_nic'))).toEqual([attached.id]);
    expect(ids(await list('server=listed&state=failed'))).toEqual([]);
    expect(ids(await list('q=liste'))).toEqual([detached.id, attached.id]);
    expect(ids(await list(`account=${lab.account}&kind=detach_nic`))).toContain(detached.id);
    expect(ids(await list(`parent=${attached.id}`))).toEqual([]);
    expect((await list('state=succeeded')).every(({ state }) => state === 'succeeded')).toBe(true);
    await lab.refuse('invalid_input', 'GET', '/api/v1/operations?state=sleeping');
    await lab.refuse('not_found', 'GET', '/api/v1/operations?server=nobody');
    await lab.refuse('not_found', 'GET', '/api/v1/operations/nobody');
  });

  test('that have ended are not cancelled', async () => {
    const operation = await lab.ended(lab.attach('other', attach));
    const refusal = await lab.controller.call<ProblemBody>(
      'POST',
      `/api/v1/operations/${operation.id}/cancel`,
    );
    expect(refusal.status).toBe(409);
    expect(refusal.body).toMatchObject({ code: 'not_running', status: 409 });
    expect((await lab.show(operation.id)).state).toBe('succeeded');
  });

  interface Sent {
    event: string;
    id: string;
    data: Operation;
  }
  const follow = async (id: string, headers: Record<string, string> = {}): Promise<Sent[]> => {
    const response = await fetch(new URL(`/api/v1/operations/${id}/events`, lab.controller.url), {
      headers: { authorization: `Bearer ${lab.controller.token}`, ...headers },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    return text
      .split('\n\n')
      .filter((block) => block.includes('data:'))
      .map((block) => {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        const data: Operation = JSON.parse(field('data'));
        return { event: field('event'), id: field('id'), data };
      });
  };

  test('are followed to their end, each event with the whole state and an id; whoever comes again misses nothing', async () => {
    await lab.simulator.injectFault({ method: 'ReconfigVM_Task', object: 'followed', delayMs: 800 });
    const begun = await lab.attach('followed', attach);
    const events = await follow(begun.id);
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { id: begun.id, state: 'succeeded' } });
    expect(events.length).toBeGreaterThan(1);
    for (const { event, id, data } of events.slice(0, -1)) {
      expect(event).toBe('progress');
      expect(id).toBe(data.updatedAt);
    }
    const times = events.map(({ id }) => id);
    expect(times).toEqual(times.toSorted());
    // The last one was seen, or one in the middle: the state comes at once, and the end.
    for (const last of [times.at(-1), times[0]]) {
      const again = await follow(begun.id, { 'last-event-id': last ?? '' });
      expect(again).toHaveLength(1);
      expect(again[0]).toMatchObject({ event: 'end', data: { state: 'succeeded' } });
    }
  });

  test('need privileges, which are listed with what each is for', async () => {
    for (const language of ['en', 'zh']) {
      const { status, body } = await lab.controller.call<PrivilegeList>(
        'GET',
        '/api/v1/privileges',
        undefined,
        {
          'accept-language': language,
        },
      );
      expect(status).toBe(200);
      const of = (purpose: string): string[] =>
        body.items.flatMap(({ privilege, purposes }) => (purposes.includes(purpose) ? [privilege] : []));
      expect(of('read')).toContain('System.Read');
      expect(of('delete')).toContain('VirtualMachine.Inventory.Delete');
      expect(of('change')).toEqual(
        expect.arrayContaining(['VirtualMachine.Config.EditDevice', 'VirtualMachine.Config.AddRemoveDevice']),
      );
      for (const { object, text } of body.items) {
        expect(object).not.toMatch(/^operations\.|\{\{/);
        expect(text).not.toMatch(/^operations\.|\{\{/);
      }
    }
  });

  test('under way keep their account from being removed, and are named', async () => {
    await using other = await startSimulator({ estate: secondVcenterEstate() });
    const { account } = await addAccount(lab.controller, other, { name: 'second' });
    const { body } = await lab.controller.call<List<Server>>(
      'GET',
      '/api/v1/servers?account=second&template=false',
    );
    const some = body.items.find(({ managedBy }) => managedBy === null);
    await other.injectFault({ method: 'Destroy_Task', delayMs: 1_500 });
    const operation = await lab.remove(some?.id ?? '', { powerOff: true });
    for (const language of ['zh', 'en']) {
      const answer = await lab.controller.call<ProblemBody>(
        'DELETE',
        `/api/v1/cloud-accounts/${account.id}`,
        undefined,
        { 'accept-language': language },
      );
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({
        code: 'account_busy',
        detail: expect.stringContaining(operation.id),
        objects: [{ kind: 'operation', id: operation.id, name: some?.name }],
      });
      expect(JSON.stringify(answer.body)).not.toContain('{{');
    }
    expectEnd(await lab.ended(operation), 'succeeded');
    expect((await lab.controller.call('DELETE', `/api/v1/cloud-accounts/${account.id}`)).status).toBe(204);
    // What was done stays on record.
    expect(await lab.show(operation.id)).toMatchObject({ account: null, state: 'succeeded' });
  });
});
