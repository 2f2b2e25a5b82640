import { describe, expect, test } from 'vitest';
import { problem, startController, type Route } from './support/controller.ts';
import { cloudAccount } from './support/objects.ts';
import { wirebook } from './support/terminal.ts';

const sha256 = 'ab'.repeat(32);
const certificate = {
  sha256,
  subject: 'CN=vc.example',
  issuer: 'CN=vc.example',
  validFrom: '2026-01-01T00:00:00Z',
  validTo: '2036-01-01T00:00:00Z',
};
const notTrusted: Route = () => ({
  status: 422,
  body: problem('certificate_not_trusted', { certificate, remedy: `--trust ${sha256}` }),
});
const preview = {
  kind: 'vcenter',
  name: 'VMware vCenter Server',
  version: '8.0.2',
  instanceUuid: 'x',
  certificate: { ...certificate, trustedByCa: true },
  knownAs: null,
  counts: { hosts: 2, virtualSwitches: 3, wires: 4, servers: 5, nics: 6, addresses: 7 },
  missingPrivileges: [],
};
const add = ['account', 'add', 'vc', '--url', 'https://vc.example/sdk', '--username', 'reader@vsphere.local'];
const create = 'POST /api/v1/cloud-accounts';
const look = 'POST /api/v1/cloud-accounts/preview';
const made: Route = () => ({ status: 201, body: cloudAccount('vc') });

describe('adding an account', () => {
  test('sends the password from standard input, without its line end, and prints the account', async () => {
    const { url, seen } = await startController({ [create]: made });
    const { exitCode, out, messages } = await wirebook(
      [...add, '--password-stdin', '--trust', sha256, '--every', '15m', '--space', 'branch', '-o', 'json'],
      { url, input: ' s3cret \n' },
    );
    expect(exitCode).toBe(0);
    expect(seen.map(({ line }) => line)).toEqual([create]);
    expect(seen[0]?.body).toEqual({
      name: 'vc',
      url: 'https://vc.example/sdk',
      username: 'reader@vsphere.local',
      password: ' s3cret ',
      trust: { sha256 },
      space: 'branch',
      syncEvery: 900,
    });
    expect(JSON.parse(out)).toEqual(cloudAccount('vc'));
    expect(out + messages).not.toContain('s3cret');
  });

  test('refuses a password on the command line without repeating it', async () => {
    const { url, seen } = await startController({});
    const { exitCode, out, messages } = await wirebook([...add, '--password', 's3cret'], { url, input: 'x' });
    expect(exitCode).toBe(2);
    expect(out + messages).not.toContain('s3cret');
    expect(messages).toContain('--password-stdin');
    expect(seen).toEqual([]);
  });

  test('refuses a call without --password-stdin, and one with nothing to read', async () => {
    const { url, seen } = await startController({});
    const without = await wirebook(add, { url });
    expect(without.exitCode).toBe(2);
    expect(without.messages).toContain('--password-stdin is needed');
    const empty = await wirebook([...add, '--password-stdin'], { url, input: '\n' });
    expect(empty.exitCode).toBe(2);
    expect(empty.messages).toContain('standard input is empty');
    expect(seen).toEqual([]);
  });

  test('without any word on trust shows the refusal, the certificate and the remedy', async () => {
    const { url } = await startController({ [create]: notTrusted });
    const { exitCode, messages } = await wirebook([...add, '--password-stdin'], { url, input: 'p' });
    expect(exitCode).toBe(1);
    expect(messages).toContain(`SHA-256   ${sha256}`);
    expect(messages).toContain(`what to do: --trust ${sha256}`);
  });

  test('--trust-seen looks first, shows the fingerprint on stderr, then trusts exactly that', async () => {
    const { url, seen } = await startController({ [look]: notTrusted, [create]: made });
    const { exitCode, out, messages } = await wirebook([...add, '--password-stdin', '--trust-seen'], {
      url,
      input: 'p\n',
    });
    expect(exitCode).toBe(0);
    expect(seen.map(({ line, body }) => [line, body?.['trust']])).toEqual([
      [look, null],
      [create, { sha256 }],
    ]);
    expect(messages).toContain(sha256);
    expect(out).not.toContain('CN=vc.example');
  });

  test('--trust-seen pins nothing where an authority vouches for the certificate', async () => {
    const { url, seen } = await startController({ [look]: () => ({ body: preview }), [create]: made });
    await wirebook([...add, '--password-stdin', '--trust-seen'], { url, input: 'p\n' });
    expect(seen[1]?.body).toMatchObject({ trust: null });
  });

  test('--trust-seen hides no other refusal', async () => {
    const { url, seen } = await startController({
      [look]: () => ({ status: 422, body: problem('unreachable') }),
      [create]: made,
    });
    const { exitCode, messages } = await wirebook([...add, '--password-stdin', '--trust-seen'], {
      url,
      input: 'p\n',
    });
    expect(exitCode).toBe(1);
    expect(messages).toContain('Title of unreachable');
    expect(seen).toHaveLength(1);
  });

  test('on a terminal the certificate is shown and the person asked', async () => {
    const { url, seen } = await startController({ [look]: notTrusted, [create]: made });
    const { exitCode, messages } = await wirebook(add, { url, answers: ['p', 'y'] });
    expect(exitCode).toBe(0);
    expect(messages).toContain('CN=vc.example');
    expect(seen[1]?.body).toMatchObject({ password: 'p', trust: { sha256 } });
  });

  test('on a terminal anything but yes keeps nothing', async () => {
    const { url, seen } = await startController({ [look]: notTrusted, [create]: made });
    const { exitCode } = await wirebook(add, { url, answers: ['p', ''] });
    expect(exitCode).toBe(1);
    expect(seen.map(({ line }) => line)).toEqual([look]);
  });

  test('--preview shows what would come and makes nothing', async () => {
    const { url, seen } = await startController({ [look]: () => ({ body: preview }) });
    const { exitCode, out } = await wirebook(
      [...add, '--password-stdin', '--insecure', '--preview', '-o', 'json'],
      { url, input: 'p' },
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual(preview);
    expect(seen.map(({ line, body }) => [line, body?.['insecure']])).toEqual([[look, true]]);
  });

  test('the ways to trust exclude one another', async () => {
    const { exitCode, messages } = await wirebook([...add, '--insecure', '--trust-seen'], { input: 'p' });
    expect(exitCode).toBe(2);
    expect(messages).toContain('exclude one another');
  });

  test("--url is the vCenter's; the controller's stands before the noun", async () => {
    const { url, seen } = await startController({ [create]: made });
    const { exitCode } = await wirebook(['--url', url, ...add, '--password-stdin', '--insecure'], {
      input: 'p',
    });
    expect(exitCode).toBe(0);
    expect(seen[0]?.body).toMatchObject({ url: 'https://vc.example/sdk', insecure: true });
  });
});

describe('changing an account', () => {
  const change = 'PATCH /api/v1/cloud-accounts/vc';
  const changed: Route = () => ({ body: cloudAccount('vc') });

  test('sends only what was given', async () => {
    const { url, seen } = await startController({ [change]: changed });
    await wirebook(['account', 'update', 'vc', '--every', '2h', '--disable', '--name', 'vc-2'], { url });
    expect(seen[0]?.body).toEqual({ name: 'vc-2', syncEvery: 7200, enabled: false });
  });

  test('--trust-seen trusts the certificate that a test of the account meets', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/cloud-accounts/vc': changed,
      [`POST /api/v1/cloud-accounts/00000000-0000-7000-8000-000000000001/test`]: () => ({
        status: 422,
        body: problem('certificate_changed', { certificate }),
      }),
      [change]: changed,
    });
    const { exitCode, messages } = await wirebook(['account', 'update', 'vc', '--trust-seen'], { url });
    expect(exitCode).toBe(0);
    expect(messages).toContain(sha256);
    expect(seen.at(-1)?.body).toEqual({ trust: { sha256 }, insecure: false });
  });
});

describe('--trust-seen of a known account', () => {
  test('changes nothing where the certificate is trusted already', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/cloud-accounts/vc': () => ({ body: cloudAccount('vc') }),
      [`POST /api/v1/cloud-accounts/00000000-0000-7000-8000-000000000001/test`]: () => ({
        body: { ok: true, name: 'vc', version: '8', apiVersion: '8' },
      }),
    });
    const { exitCode, messages } = await wirebook(['account', 'update', 'vc', '--trust-seen'], { url });
    expect(exitCode).toBe(0);
    expect(messages).toContain('trusted already');
    expect(seen.some(({ line }) => line.startsWith('PATCH'))).toBe(false);
  });

  test('needs the password where any certificate was taken so far', async () => {
    const { url } = await startController({
      'GET /api/v1/cloud-accounts/vc': () => ({ body: cloudAccount('vc', { insecure: true }) }),
    });
    const { exitCode, messages } = await wirebook(['account', 'update', 'vc', '--trust-seen'], { url });
    expect(exitCode).toBe(2);
    expect(messages).toContain('needs --password-stdin');
  });
});

describe('removing an account', () => {
  test('says so on stderr', async () => {
    const { url } = await startController({ 'DELETE /api/v1/cloud-accounts/vc': () => ({ status: 204 }) });
    expect(await wirebook(['account', 'remove', 'vc'], { url })).toEqual({
      exitCode: 0,
      out: '',
      messages: 'Deleted: vc\n',
    });
  });

  test('that is refused ends with 1', async () => {
    const { url } = await startController({
      'DELETE /api/v1/cloud-accounts/vc': () => ({ status: 409, body: problem('in_use') }),
    });
    expect((await wirebook(['account', 'remove', 'vc'], { url })).exitCode).toBe(1);
  });
});
