import type { Operation, ProblemBody } from '@wirebook/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { waitFor } from '../support/accounts.ts';
import { startTestController } from '../support/controller.ts';
import { type CreatingLab, expectEnd, startCreatingLab } from './creating-lab.ts';

/** A request that comes twice makes one server, and what one controller leaves another goes on with. */

const secretKey = 'a-key-that-both-controllers-have';
const env = { WIREBOOK_SECRET_KEY: secretKey, WIREBOOK_OPERATIONS_PER_ACCOUNT: '16' };
const body = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  from: 'ubuntu',
  nics: [{ network: 'web-net' }],
  ...more,
});

describe('the same request sent twice', () => {
  let lab: CreatingLab;
  afterEach(async () => {
    await lab.agree();
    await lab[Symbol.asyncDispose]();
  });

  test('makes one server, whenever it comes', async () => {
    lab = await startCreatingLab({ env });
    const { call } = lab.controller;
    const send = (name: string, key: string, more: Record<string, unknown> = {}) =>
      call<Operation & ProblemBody>('POST', '/api/v1/servers', body(name, more), { 'idempotency-key': key });
    const named = async (name: string) => (await lab.simulator.listVms()).filter((vm) => vm.name === name);

    // At once: one begins it, the others hear of that, or that it is being begun.
    const answers = await Promise.all(Array.from({ length: 6 }, () => send('once-1', 'key-1')));
    const begun = answers.filter(({ status }) => status === 202).map((answer) => answer.body.id);
    expect(new Set(begun).size).toBe(1);
    for (const { status, body: refused } of answers)
      if (status !== 202) expect([status, refused.code]).toEqual([409, 'request_in_progress']);
    const [id = ''] = begun;
    expectEnd(await lab.ended(id), 'succeeded');

    // After it has ended: the operation as it stands.
    const late = await send('once-1', 'key-1');
    expect(late.status).toBe(202);
    expect(late.headers.get('idempotency-replayed')).toBe('true');
    expect(late.headers.get('content-type')).toContain('application/json');
    expect(late.body).toMatchObject({ id, state: 'succeeded' });
    expect(await named('once-1')).toHaveLength(1);

    // The controller died between the commit and the answer: the key knows its operation, and no answer.
    await lab.sql(`UPDATE idempotency_keys SET status = NULL, response = NULL WHERE key = 'key-1'`);
    const found = await send('once-1', 'key-1');
    expect([found.status, found.body.id]).toEqual([202, id]);
    expect(await named('once-1')).toHaveLength(1);

    // Another request under the same key is none of it.
    const other = await send('once-2', 'key-1');
    expect([other.status, other.body.code]).toEqual([other.status, 'idempotency_key_reused']);
    expect(await named('once-2')).toEqual([]);

    // One that was refused may be sent again, and then is carried out.
    await lab.simulator.makeUnreachable({ forMs: 600_000 });
    expect((await send('once-3', 'key-3')).body.code).toBe('unreachable');
    await lab.simulator.clearFaults();
    const again = await send('once-3', 'key-3');
    expect(again.status).toBe(202);
    expectEnd(await lab.ended(again.body.id), 'succeeded');

    // Several servers have one operation, and that is what the key stands for.
    const many = await send('once-4', 'key-4', { count: 2 });
    const same = await send('once-4', 'key-4', { count: 2 });
    expect(same.body.id).toBe(many.body.id);
    expectEnd(await lab.ended(many.body.id), 'succeeded');
    expect((await lab.simulator.listVms()).filter((vm) => vm.name.startsWith('once-4'))).toHaveLength(2);
  });
});

describe('two controllers on one database', () => {
  test('share the work, and what one leaves in the middle of a step the other goes on with', async () => {
    await using lab = await startCreatingLab({ env });
    const { databaseUrl } = lab.controller;
    await using second = await startTestController({ databaseUrl, env });

    // Side by side, asked for at both: nothing is made twice.
    const asked = await Promise.all(
      Array.from({ length: 8 }, async (_, position) => {
        const at = position % 2 === 0 ? lab.controller : second;
        const answer = await at.call<Operation>('POST', '/api/v1/servers', body(`both-${position}`));
        expect(answer.status, JSON.stringify(answer.body)).toBe(202);
        return answer.body.id;
      }),
    );
    for (const id of asked) {
      expectEnd(await lab.ended(id), 'succeeded');
      expect(await lab.made(id)).toHaveLength(1);
    }
    await lab.agree();

    // Each of these is held up in a step when its controller stops.
    const { simulator } = lab;
    await simulator.setTaskDuration({ method: 'CloneVM_Task', ms: 1500 });
    const third = await startTestController({ databaseUrl, env });
    await second.stop();
    const begun = await Promise.all(
      Array.from({ length: 6 }, async (_, position) => {
        const answer = await third.call<Operation>('POST', '/api/v1/servers', body(`left-${position}`));
        return answer.body.id;
      }),
    );
    await simulator.resetStats();
    await waitFor(async () =>
      (await simulator.stats()).calls['CloneVM_Task'] === undefined ? undefined : true,
    );
    await third.stop();
    for (const id of begun) {
      expectEnd(await lab.ended(id), 'succeeded');
      expect(await lab.made(id)).toHaveLength(1);
    }
    await lab.agree();
  });

  test('a cancel at one is heeded by the other that is at work', async () => {
    await using lab = await startCreatingLab({ env });
    await using second = await startTestController({ databaseUrl: lab.controller.databaseUrl, env });
    await lab.simulator.setGuestBehaviour({ vm: 'far-*', outcome: 'silent' });
    const ids: string[] = [];
    for (const [position, controller] of [lab.controller, second].entries()) {
      const answer = await controller.call<Operation>('POST', '/api/v1/servers', body(`far-${position}`));
      ids.push(answer.body.id);
    }
    await waitFor(async () => {
      const shown = await Promise.all(ids.map((id) => lab.show(id)));
      const watched = shown.every(
        ({ steps }) => steps.find(({ name }) => name === 'watch')?.state === 'running',
      );
      return watched ? true : undefined;
    });
    for (const id of ids) await lab.cancel(id);
    for (const id of ids) expectEnd(await lab.ended(id), 'cancelled');
    await lab.agree();
  });
});
