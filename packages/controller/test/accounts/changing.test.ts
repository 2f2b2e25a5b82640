import type { CloudAccount, Event, ProblemBody, SyncRun, Wire } from '@wirebook/contract';
import {
  type CuttingProxy,
  secondVcenterEstate,
  type Simulator,
  smallEstate,
  startCuttingProxy,
  startSimulator,
} from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addAccount, listAll, password, showAccount, syncAccount } from '../support/accounts.ts';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { endpointOf, type Relay, startRelay, throughPort } from '../support/relay.ts';

let lab: Simulator;
let second: Simulator;
/** Shows another certificate than the lab's vCenter, and leads to it. */
let renewed: CuttingProxy;
let relay: Relay;
let controller: TestController;
let book: Book;

beforeAll(async () => {
  [lab, second] = await Promise.all([
    startSimulator({ estate: smallEstate() }),
    startSimulator({ estate: secondVcenterEstate() }),
  ]);
  renewed = await startCuttingProxy({ target: lab, certificate: second.certificate });
  relay = await startRelay(endpointOf(lab.url));
  controller = await startTestController();
  book = await openBook(controller.databaseUrl);
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await controller.stop();
  await relay[Symbol.asyncDispose]();
  await renewed.stop();
  await Promise.all([lab, second].map((simulator) => simulator.stop()));
});
beforeEach(async () => {
  relay.pointAt(endpointOf(lab.url));
  await addAccount(controller, { url: throughPort(lab.url, relay.port), certificate: lab.certificate });
});
afterEach(async () => {
  await lab.clearFaults();
  for (const network of await listAll<{ id: string }>(controller, '/api/v1/networks'))
    await controller.call('DELETE', `/api/v1/networks/${network.id}`);
  for (const account of await listAll<CloudAccount>(controller, '/api/v1/cloud-accounts'))
    await controller.call('DELETE', `/api/v1/cloud-accounts/${account.id}`);
  await book.query('DELETE FROM claims');
});

const patch = <T = CloudAccount>(body: Record<string, unknown>) =>
  controller.call<T>('PATCH', '/api/v1/cloud-accounts/lab', body);

async function refusePatch(body: Record<string, unknown>): Promise<ProblemBody> {
  const before = await book.digests();
  const account = await showAccount(controller, 'lab');
  const answer = await patch<ProblemBody>(body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(answer.body.status);
  expect(await book.digests()).toEqual(before);
  expect(await showAccount(controller, 'lab')).toEqual(account);
  return answer.body;
}

describe('a certificate that changes later', () => {
  test('is refused until it is trusted, and the last good state stays', async () => {
    const before = await book.digests();
    relay.pointAt(endpointOf(renewed.url));
    const run = await syncAccount(controller, 'lab');
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'certificate_changed' } });
    expect(run.failure?.text).toContain(lab.certificate.sha256);
    expect(run.failure?.text).toContain(second.certificate.sha256);
    expect(run.failure?.remedy).toContain(second.certificate.sha256);
    expect(await book.digests()).toEqual(before);
    const distrusted = await showAccount(controller, 'lab');
    expect(distrusted).toMatchObject({ status: 'untrusted', statusText: run.failure?.text });
    expect(distrusted.lastCompleteSyncAt).not.toBeNull();
    // No password went to the stranger.
    expect(renewed.requests.map(({ method }) => method)).not.toContain('Login');

    const tested = await controller.call<ProblemBody>('POST', '/api/v1/cloud-accounts/lab/test');
    expect(tested.body.code).toBe('certificate_changed');
    expect(tested.body.certificate?.sha256).toBe(second.certificate.sha256);

    const trusted = await patch({ trust: { sha256: second.certificate.sha256 } });
    expect(trusted.status, JSON.stringify(trusted.body)).toBe(200);
    expect(trusted.body).toMatchObject({ status: 'ok', trust: { sha256: second.certificate.sha256 } });
    expect(await syncAccount(controller, 'lab')).toMatchObject({ state: 'succeeded' });
    expect((await controller.call('POST', '/api/v1/cloud-accounts/lab/test')).body).toMatchObject({
      ok: true,
    });
  });
});

describe('changing an account', () => {
  test('takes another URL of the same vCenter', async () => {
    const answer = await patch({ url: lab.url });
    expect(answer.body).toMatchObject({ url: lab.url, status: 'ok' });
    expect(await syncAccount(controller, 'lab')).toMatchObject({ state: 'succeeded' });
  });

  test('a name that leads to another vCenter by now ends the sync, and what is known stays', async () => {
    await patch({ trust: null, insecure: true });
    expect((await syncAccount(controller, 'lab')).state).toBe('succeeded');
    const known = await listAll<Wire>(controller, '/api/v1/wires?purpose=any');
    relay.pointAt(endpointOf(second.url));
    const run = await syncAccount(controller, 'lab');
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'other_vcenter' } });
    expect(run.failure?.text).toContain(secondVcenterEstate().instanceUuid);
    expect((await showAccount(controller, 'lab')).status).toBe('failed');
    expect(await listAll<Wire>(controller, '/api/v1/wires?purpose=any')).toEqual(known);
  });

  test('refuses the URL of another vCenter: its objects would be taken for the first one’s', async () => {
    const problem = await refusePatch({ url: second.url, trust: { sha256: second.certificate.sha256 } });
    expect(problem.status).toBe(422);
    expect(problem.detail).toContain(secondVcenterEstate().instanceUuid);
  });

  test('refuses a URL where nobody answers, a wrong password and a wrong fingerprint', async () => {
    expect((await refusePatch({ url: 'https://127.0.0.1:9/sdk' })).code).toBe('unreachable');
    expect((await refusePatch({ password: 'wrong-one' })).code).toBe('login_refused');
    expect((await refusePatch({ trust: { sha256: '00'.repeat(32) } })).code).toBe('certificate_changed');
    expect((await refusePatch({ trust: null })).code).toBe('certificate_not_trusted');
  });

  test('refuses a patch without any field, an unknown field, and an interval below a minute', async () => {
    expect((await refusePatch({})).code).toBe('invalid_input');
    expect((await refusePatch({ instanceUuid: 'x' })).errors).toMatchObject([{ field: 'instanceUuid' }]);
    expect((await refusePatch({ syncEvery: 59 })).errors).toMatchObject([{ field: 'syncEvery' }]);
    expect((await refusePatch({ enabled: 'yes' })).errors).toMatchObject([{ field: 'enabled' }]);
  });

  test('sets interval, name and whether it syncs by itself, without asking vCenter', async () => {
    await lab.resetStats();
    const answer = await patch({ syncEvery: 60, enabled: false, name: 'renamed' });
    expect(answer.body).toMatchObject({ syncEvery: 60, enabled: false, name: 'renamed' });
    expect((await lab.stats()).calls).toEqual({});
  });

  test('takes a new password, which the trail of events does not repeat', async () => {
    const other = await startSimulator({ estate: smallEstate(), password: 'another-Secret-2' });
    const proxy = await startCuttingProxy({ target: other, certificate: lab.certificate });
    try {
      // The same vCenter, after somebody changed the password of its user.
      relay.pointAt(endpointOf(proxy.url));
      const refused = await syncAccount(controller, 'lab');
      expect(refused).toMatchObject({ state: 'failed', failure: { code: 'login_refused' } });
      expect(await showAccount(controller, 'lab')).toMatchObject({ status: 'refused' });
      const answer = await patch({ password: 'another-Secret-2' });
      expect(answer.body).toMatchObject({ status: 'ok', statusText: null });
      expect(await syncAccount(controller, 'lab')).toMatchObject({ state: 'succeeded' });
      const events = await listAll<Event>(controller, '/api/v1/events');
      expect(events.find(({ action }) => action === 'update')).toMatchObject({
        after: { password: 'changed' },
      });
      expect(JSON.stringify(events)).not.toContain('another-Secret-2');
      expect(JSON.stringify(events)).not.toContain(password);
    } finally {
      await proxy.stop();
      await other.stop();
    }
  });
});

describe('removing an account', () => {
  test('is refused while networks lie on its wires, and names them', async () => {
    const made = await controller.call('POST', '/api/v1/networks', {
      name: 'web-net',
      wire: 'web',
      cidr: '10.10.20.0/24',
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const before = await book.digests();
    const refused = await controller.call<ProblemBody>('DELETE', '/api/v1/cloud-accounts/lab');
    expect(refused.body).toMatchObject({
      code: 'in_use',
      status: 409,
      objects: [{ kind: 'network', name: 'web-net' }],
    });
    expect(await book.digests()).toEqual(before);
  });

  test('takes the mirror with it; who had which address, and when it ended, stays', async () => {
    await controller.call('POST', '/api/v1/networks', {
      name: 'web-net',
      wire: 'web',
      cidr: '10.10.20.0/24',
    });
    const live = await book.query<{ ip: string }>(
      `SELECT host(ip) AS ip FROM claims WHERE ended_at IS NULL ORDER BY ip`,
    );
    expect(live.map(({ ip }) => ip)).toEqual(['10.10.20.11', '10.10.20.12', '10.10.20.21']);
    expect((await controller.call('DELETE', '/api/v1/networks/web-net')).status).toBe(204);
    expect((await controller.call('DELETE', '/api/v1/cloud-accounts/lab')).status).toBe(204);
    for (const path of [
      'cloud-accounts',
      'sync-runs',
      'hosts',
      'virtual-switches',
      'wires?purpose=any',
      'servers',
      'nics',
    ])
      expect(await listAll(controller, `/api/v1/${path}`), path).toEqual([]);
    expect(
      await book.query(
        `SELECT host(ip) AS ip, server_name, network_name, ended_at IS NOT NULL AS ended FROM claims ORDER BY ip`,
      ),
    ).toEqual([
      { ip: '10.10.20.11', server_name: 'web-1', network_name: 'web-net', ended: true },
      { ip: '10.10.20.12', server_name: 'web-2', network_name: 'web-net', ended: true },
      { ip: '10.10.20.21', server_name: 'db-1', network_name: 'web-net', ended: true },
    ]);
  });

  test('in the middle of a sync ends the sync and leaves nothing of it', async () => {
    await lab.resetStats();
    await lab.injectFault({ method: 'RetrievePropertiesEx', reading: 'VirtualMachine', delayMs: 1_500 });
    const begun = await controller.call<SyncRun>('POST', '/api/v1/cloud-accounts/lab/sync', {});
    expect(begun.status).toBe(202);
    expect((await controller.call('DELETE', '/api/v1/cloud-accounts/lab')).status).toBe(204);
    await lab.clearFaults();
    await addAccount(controller, lab, { name: 'lab' });
    expect(await listAll<Wire>(controller, '/api/v1/wires')).toHaveLength(2);
    expect(await listAll(controller, '/api/v1/servers')).toHaveLength(5);
  });
});
