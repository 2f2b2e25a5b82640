import { createServer } from 'node:https';
import type { AccountPreview, CloudAccount, ProblemBody, ServerCertificate } from '@wirebook/contract';
import {
  secondVcenterEstate,
  type Simulator,
  smallEstate,
  standaloneEsxiEstate,
  startSimulator,
} from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accountInput, addAccount, listAll, password, waitForRun } from '../support/accounts.ts';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { portOf } from '../support/relay.ts';

let lab: Simulator;
let second: Simulator;
let esxi: Simulator;
let controller: TestController;
let book: Book;

beforeAll(async () => {
  [lab, second, esxi] = await Promise.all([
    startSimulator({ estate: smallEstate() }),
    startSimulator({ estate: secondVcenterEstate() }),
    startSimulator({ estate: standaloneEsxiEstate() }),
  ]);
  controller = await startTestController();
  book = await openBook(controller.databaseUrl);
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await controller.stop();
  await Promise.all([lab, second, esxi].map((simulator) => simulator.stop()));
});
afterEach(async () => {
  await lab.clearFaults();
});

/** Asks for an account that must not come about: nothing is written. */
async function refuse(input: Record<string, unknown>, path = '/api/v1/cloud-accounts'): Promise<ProblemBody> {
  const before = await book.digests();
  const answer = await controller.call<ProblemBody>('POST', path, input);
  expect(answer.status, JSON.stringify(answer.body)).toBe(answer.body.status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body.detail).not.toBe('');
  expect(answer.body.remedy).not.toBe('');
  expect(await book.digests()).toEqual(before);
  expect(JSON.stringify(answer.body)).not.toContain(password);
  return answer.body;
}

describe('adding an account', () => {
  afterEach(async () => {
    for (const account of await listAll<CloudAccount>(controller, '/api/v1/cloud-accounts')) {
      const removed = await controller.call('DELETE', `/api/v1/cloud-accounts/${account.id}`);
      expect(removed.status).toBe(204);
    }
  });

  test('without trust shows the certificate, and with its fingerprint adds and syncs', async () => {
    const problem = await refuse(accountInput(lab, { trust: null }));
    expect(problem).toMatchObject({ code: 'certificate_not_trusted', status: 422 });
    expect(problem.certificate?.sha256).toBe(lab.certificate.sha256);
    expect(problem.certificate?.validTo).not.toBe('');
    expect(problem.remedy).toContain(lab.certificate.sha256);

    const { account, run } = await addAccount(controller, lab, {
      trust: { sha256: problem.certificate?.sha256 },
    });
    expect(account).toMatchObject({
      name: 'lab',
      kind: 'vcenter',
      url: lab.url,
      instanceUuid: '0d1f3a50-6c1e-4f0a-9b57-5a11e57a7e01',
      enabled: true,
      status: 'ok',
      statusText: null,
      trust: { sha256: lab.certificate.sha256 },
      syncEvery: 900,
      space: { name: 'default' },
      lastSync: { id: run.id, state: 'succeeded' },
    });
    expect(run).toMatchObject({
      trigger: 'request',
      dryRun: false,
      counts: { hosts: 1, servers: 5, nics: 6, addresses: 4 },
    });
  });

  test('takes a fingerprint in capitals with colons, and a bare host name as URL', async () => {
    const colons = lab.certificate.sha256.toUpperCase().match(/../g)?.join(':');
    const { account } = await addAccount(controller, lab, {
      url: new URL(lab.url).origin,
      trust: { sha256: colons },
    });
    expect(account.url).toBe(lab.url);
    expect(account.trust).toEqual({ sha256: lab.certificate.sha256 });
  });

  test('is refused with another fingerprint than the one that the server shows', async () => {
    const problem = await refuse(accountInput(lab, { trust: { sha256: 'ab'.repeat(32) } }));
    expect(problem).toMatchObject({ code: 'certificate_changed', status: 422 });
    expect(problem.certificate?.sha256).toBe(lab.certificate.sha256);
    expect(problem.detail).toContain('ab'.repeat(32));
  });

  test('may take any certificate, when that is said', async () => {
    const { account } = await addAccount(controller, lab, { trust: null, insecure: true });
    expect(account).toMatchObject({ insecure: true, trust: null, status: 'ok' });
  });

  test('is refused with both a fingerprint and no check at all', async () => {
    const problem = await refuse(accountInput(lab, { insecure: true }));
    expect(problem).toMatchObject({ code: 'invalid_input', errors: [{ field: 'insecure' }] });
  });

  test('is refused with a wrong password or user name', async () => {
    for (const wrong of [{ password: 'not-the-password' }, { username: 'nobody' }]) {
      const problem = await refuse(accountInput(lab, wrong));
      expect(problem).toMatchObject({ code: 'login_refused', status: 422 });
      expect(JSON.stringify(problem)).not.toContain('not-the-password');
    }
  });

  test('is refused when nothing listens there, or the name is unknown', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const port = portOf(closed);
    await new Promise((resolve) => closed.close(resolve));
    const refused = await refuse(accountInput(lab, { url: `https://127.0.0.1:${port}/sdk` }));
    expect(refused).toMatchObject({ code: 'unreachable', status: 422 });
    expect(refused.detail).toContain('ECONNREFUSED');
    const unknown = await refuse(accountInput(lab, { url: 'https://vcenter.invalid/sdk' }));
    expect(unknown).toMatchObject({ code: 'unreachable', status: 422 });
    expect(unknown.detail).toContain('vcenter.invalid');
  });

  test.each([
    'vcenter',
    'http://vc.example/sdk',
    'https://user:secret@vc.example/sdk',
    'ftp://vc.example',
    'https://',
  ])('is refused with the URL %s, before anything is asked', async (url) => {
    const problem = await refuse(accountInput(lab, { url }));
    expect(problem).toMatchObject({ code: 'invalid_input', status: 400, errors: [{ field: 'url' }] });
  });

  test('is refused when the account lacks a privilege, and says which', async () => {
    await lab.injectFault({
      method: 'RetrieveServiceContent',
      fault: 'NoPermission',
      fields: { privilegeId: 'System.View' },
    });
    const problem = await refuse(accountInput(lab));
    expect(problem).toMatchObject({ code: 'privileges_missing', status: 422 });
    expect(problem.detail).toContain('System.View');
    expect(problem.remedy).toContain('Read-only');
  });

  test('is refused twice for one vCenter, by whatever URL, and names the one that is there', async () => {
    const { account } = await addAccount(controller, lab);
    const problem = await refuse(
      accountInput(lab, { name: 'again', url: lab.url.replace('127.0.0.1', 'localhost') }),
    );
    expect(problem).toMatchObject({
      code: 'account_exists',
      status: 409,
      objects: [{ kind: 'cloud_account', id: account.id, name: 'lab' }],
    });
  });

  test('is refused with a name that another account has', async () => {
    await addAccount(controller, lab);
    expect(await refuse(accountInput(second))).toMatchObject({ code: 'name_taken', status: 409 });
  });

  test('added twice at the same moment comes about once', async () => {
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((name) =>
        controller.call<{ code?: string }>('POST', '/api/v1/cloud-accounts', accountInput(lab, { name })),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(answers.filter(({ status }) => status === 409).map(({ body }) => body.code)).toEqual([
      'account_exists',
      'account_exists',
    ]);
    for (const { lastSync } of await listAll<CloudAccount>(controller, '/api/v1/cloud-accounts'))
      await waitForRun(controller, lastSync?.id ?? '');
  });
});

describe('a URL that leads to something else', () => {
  test.each([
    ['a web page', 200, 'text/html', '<!doctype html><html><body><h1>Welcome</h1><br></body></html>'],
    ['JSON', 200, 'application/json', '{"hello":"world"}'],
    ['XML of another kind', 200, 'text/xml', '<?xml version="1.0"?><feed><entry/></feed>'],
    ['404', 404, 'text/html', '<html><body>Not Found</body></html>'],
    ['a redirect', 302, 'text/html', ''],
    ['401', 401, 'text/html', 'who are you?'],
  ])('and answers with %s is no vCenter', async (_, status, type, body) => {
    const server = createServer(
      { cert: lab.certificate.pem, key: lab.certificate.keyPem },
      (request, response) => {
        request.resume();
        response.writeHead(status, { 'content-type': type, location: '/elsewhere' });
        response.end(body);
      },
    ).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const port = portOf(server);
      const problem = await refuse(accountInput(lab, { url: `https://127.0.0.1:${port}/sdk` }));
      expect(problem).toMatchObject({ code: 'not_a_vcenter', status: 422 });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('the certificate of a server', () => {
  const path = '/api/v1/cloud-accounts/certificate';

  test('is shown before anybody signs in, whoever vouches for it', async () => {
    const answer = await controller.call<ServerCertificate>('POST', path, { url: lab.url });
    expect(answer).toMatchObject({
      status: 200,
      body: { sha256: lab.certificate.sha256, trustedByCa: false },
    });
    expect(answer.body.subject).not.toBe('');
  });

  test('is missing where nobody answers, and the refusal says what to do', async () => {
    expect(await refuse({ url: 'https://127.0.0.1:1/sdk' }, path)).toMatchObject({ status: 422 });
  });
});

describe('a preview', () => {
  const path = '/api/v1/cloud-accounts/preview';
  const preview = async (simulator: Simulator): Promise<AccountPreview> => {
    const { name: _, ...input } = accountInput(simulator);
    const before = await book.digests();
    const answer = await controller.call<AccountPreview>('POST', path, input);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(await book.digests()).toEqual(before);
    return answer.body;
  };

  test('counts what an account would bring, shows the certificate and writes nothing', async () => {
    const answer = await preview(lab);
    expect(answer).toMatchObject({
      kind: 'vcenter',
      instanceUuid: '0d1f3a50-6c1e-4f0a-9b57-5a11e57a7e01',
      certificate: { sha256: lab.certificate.sha256, trustedByCa: false },
      knownAs: null,
      counts: { hosts: 1, virtualSwitches: 2, wires: 2, servers: 5, nics: 6, addresses: 4 },
      missingPrivileges: [],
    });
    expect((await controller.call('GET', '/api/v1/sync-runs')).body['items']).toEqual([]);
  });

  test('says which privilege is missing', async () => {
    await lab.injectFault({
      method: 'RetrievePropertiesEx',
      reading: 'VirtualMachine',
      fault: 'NoPermission',
      fields: { privilegeId: 'System.Read' },
    });
    const { name: _, ...input } = accountInput(lab);
    const problem = await refuse(input, path);
    expect(problem.code).toBe('privileges_missing');
    expect(problem.detail).toContain('System.Read');
  });

  test('is refused without trust, and shows the certificate', async () => {
    const { name: _, ...input } = accountInput(lab, { trust: null });
    const problem = await refuse(input, path);
    expect(problem.code).toBe('certificate_not_trusted');
    expect(problem.certificate?.sha256).toBe(lab.certificate.sha256);
  });

  test('says under which account the vCenter is known already', async () => {
    const { account } = await addAccount(controller, lab);
    expect((await preview(lab)).knownAs).toEqual({ id: account.id, name: 'lab' });
    await controller.call('DELETE', `/api/v1/cloud-accounts/${account.id}`);
  });
});

describe('several accounts', () => {
  beforeEach(async () => {
    for (const account of await listAll<CloudAccount>(controller, '/api/v1/cloud-accounts'))
      await controller.call('DELETE', `/api/v1/cloud-accounts/${account.id}`);
  });

  test('stand side by side: equal names and equal MACs stay with their vCenter', async () => {
    await addAccount(controller, lab);
    await addAccount(controller, second, { name: 'subsidiary' });
    await addAccount(controller, esxi, { name: 'branch' });
    const names = async (path: string): Promise<string[]> =>
      (await listAll<{ name: string }>(controller, path)).map(({ name }) => name).toSorted();
    expect(await names('/api/v1/cloud-accounts')).toEqual(['branch', 'lab', 'subsidiary']);
    expect(await names('/api/v1/hosts?account=subsidiary')).toEqual(['sub-esx-01.subsidiary.example']);
    expect(await names('/api/v1/wires?name=VM%20Network')).toEqual([
      'VM Network',
      'VM Network',
      'VM Network',
    ]);
    expect(await names('/api/v1/wires?account=lab')).toEqual(['VM Network', 'web']);
    const ambiguous = await controller.call<ProblemBody>('GET', '/api/v1/wires/VM%20Network');
    expect(ambiguous.body).toMatchObject({ code: 'ambiguous', status: 409 });
    expect(ambiguous.body.objects).toHaveLength(3);
  });

  test('a standalone ESXi is known by its hardware, and its port groups by their names', async () => {
    const { account } = await addAccount(controller, esxi, { name: 'branch' });
    expect(account).toMatchObject({
      kind: 'esxi',
      version: '7.0.3',
      instanceUuid: standaloneEsxiEstate().datacenters[0]?.standaloneHosts[0]?.hardwareUuid,
    });
    const wires = await listAll<{ name: string; portGroupId: string; purpose: string }>(
      controller,
      '/api/v1/wires?account=branch&purpose=any',
    );
    expect(wires.map(({ name, portGroupId, purpose }) => [name, portGroupId, purpose])).toEqual([
      ['Cameras', 'Cameras', 'vm'],
      ['Management Network', 'Management Network', 'vmkernel'],
      ['VM Network', 'VM Network', 'vm'],
    ]);
  });
});
