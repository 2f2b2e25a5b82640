import type { Network, NetworkEffect, Nic, NicSummary, Proposal, Server, Wire } from '@wirebook/contract';
import { type Simulator, smallEstate, startSimulator } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTemporaryFolder } from '../../packages/controller/test/support/temporary-folder.ts';
import { type Ended, runProcess, startProcess } from './support/process.ts';

// Every command is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const undo: (() => Promise<unknown>)[] = [];
let simulator: Simulator;
let environment: Record<string, string>;

beforeAll(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
  undo.push(simulator.stop);
  const folder = await createTemporaryFolder();
  undo.push(() => folder.remove());
  const controller = startProcess('scripts/start.mjs', ['--listen', '127.0.0.1:0', '--data', folder.path]);
  undo.push(() => controller.end('SIGTERM'));
  await controller.waitFor(/^Wirebook is ready at/m);
  // All that the command line is told: which folder the controller was started with.
  environment = { WIREBOOK_DATA: folder.path };
}, 180_000);

afterAll(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

function wirebook(words: readonly string[], input = ''): Promise<Ended> {
  return runProcess('packages/cli/bin/wirebook.mjs', words, { environment, input });
}

/** Runs a command that must be done and answers the JSON it prints. */
async function json<T>(words: readonly string[], input = ''): Promise<T> {
  const ended = await wirebook([...words, '-o', 'json'], input);
  expect(ended, ended.messages).toMatchObject({ code: 0 });
  const printed: T = JSON.parse(ended.out);
  return printed;
}

const signIn = (): string[] => ['--url', simulator.url, '--username', simulator.username, '--password-stdin'];
const add = (name = 'lab'): string[] => ['account', 'add', name, ...signIn()];
const trust = (): string[] => ['--trust', simulator.certificate.sha256];

/** `server ip` or `server code` of each NIC without a record. */
async function unresolved(): Promise<string[]> {
  const nics = await json<Nic[]>(['nic', 'list', '--unresolved', '--limit', 'all']);
  return nics
    .flatMap((nic) => nic.reasons.map(({ code, ip }) => [nic.server.name, code, ip ?? ''].join(' ').trim()))
    .toSorted();
}

test('a vCenter goes in by the command line and explained NIC records come out', async () => {
  const unknown = await wirebook(add(), simulator.password);
  expect(unknown.code).toBe(1);
  expect(unknown.messages).toContain(simulator.certificate.sha256);

  const preview = await json<{ kind: string; counts: { servers: number } }>(
    [...add(), ...trust(), '--preview'],
    simulator.password,
  );
  expect(preview).toMatchObject({ kind: 'vcenter', counts: { servers: 5 } });
  expect(await json(['account', 'list'])).toEqual([]);

  const account = await json<object>([...add(), ...trust()], simulator.password);
  expect(account).toMatchObject({ name: 'lab', kind: 'vcenter' });
  expect(JSON.stringify(account)).not.toContain(simulator.password);
  const run = await json<{ state: string; errors: unknown[] }>(['account', 'sync', 'lab']);
  expect(run).toMatchObject({ state: 'succeeded', errors: [] });

  const wires = await json<Wire[]>(['wire', 'list']);
  expect(wires.map(({ name }) => name).toSorted()).toEqual(['VM Network', 'web']);
  expect(await unresolved()).toEqual([
    'db-1 no_network 10.10.10.21',
    'db-1 no_network 10.10.20.21',
    'old-1 tools_not_installed',
    'ubuntu-template template',
    'web-1 no_network 10.10.20.11',
    'web-2 no_network 10.10.20.12',
  ]);
  const [db] = await json<Server[]>(['server', 'list', '--name', 'db-1']);
  expect(db?.tags['sync_ips']).toBe('10.10.20.21,10.10.10.21');

  const proposals = await json<Proposal[]>(['proposal', 'list']);
  expect(proposals.map(({ cidr, wire }) => `${cidr} ${wire.name}`)).toEqual([
    '10.10.20.0/24 web',
    '10.10.10.0/24 VM Network',
  ]);
  const words = ['network', 'create', 'web', '--wire', 'web', '--cidr', '10.10.20.0/24'];
  const dry = await json<NetworkEffect>([...words, '--gateway', '10.10.20.1', '--dry-run']);
  expect(dry.settles).toBe(3);
  expect(await json(['network', 'list'])).toEqual([]);
  const made = await json<NetworkEffect>([...words, '--gateway', '10.10.20.1']);
  expect(made.nics.map(({ server, ip }) => `${server.name} ${ip}`).toSorted()).toEqual([
    'db-1 10.10.20.21',
    'web-1 10.10.20.11',
    'web-2 10.10.20.12',
  ]);

  // A network whose range is used behind another port group than its own.
  await json(['network', 'create', 'lab', '--wire', 'web', '--cidr', '10.10.10.0/24']);
  const found = await json<Network>(['network', 'show', 'lab']);
  expect(found.additionalWires).toMatchObject([
    {
      wire: { name: 'VM Network' },
      origin: 'detected',
      evidence: [{ server: { name: 'db-1' }, ip: '10.10.10.21' }],
    },
  ]);
  const declared = await runProcess(
    'packages/cli/bin/climc.mjs',
    ['network-sync-additional-wires', 'lab', '--wire-ids', 'VM Network'],
    { environment },
  );
  expect(declared, declared.messages).toMatchObject({ code: 0 });
  const network = await json<Network>(['network', 'show', 'lab']);
  expect(network.additionalWires).toMatchObject([{ wire: { name: 'VM Network' }, origin: 'declared' }]);
  expect(await unresolved()).toEqual(['old-1 tools_not_installed', 'ubuntu-template template']);
  expect(await json<NicSummary>(['nic', 'summary'])).toMatchObject({ nics: 6, settled: 4, unresolved: 2 });
  const [after] = await json<Server[]>(['server', 'list', '--name', 'db-1']);
  expect(after?.tags).toEqual({});
});

describe('once the book is filled', () => {
  test('a list comes as table, JSON, YAML and CSV with the same rows', async () => {
    const words = ['network', 'list', '--sort', 'name', '--fields', 'name,cidr,wire.name'];
    const [table, csv, yaml] = [
      await wirebook(words),
      await wirebook([...words, '-o', 'csv']),
      await wirebook([...words, '-o', 'yaml']),
    ];
    expect(table.out).toBe('NAME  CIDR           WIRE\nlab   10.10.10.0/24  web\nweb   10.10.20.0/24  web\n');
    expect(csv.out.trim().split(/\r?\n/)).toEqual([
      'name,cidr,wire.name',
      'lab,10.10.10.0/24,web',
      'web,10.10.20.0/24,web',
    ]);
    expect(yaml.out).toContain('- name: lab\n  cidr: 10.10.10.0/24\n');
    expect(await json(words)).toEqual([
      { name: 'lab', cidr: '10.10.10.0/24', wire: { name: 'web' } },
      { name: 'web', cidr: '10.10.20.0/24', wire: { name: 'web' } },
    ]);
  });

  test('the NICs without a record are shown with counts, texts and what to do', async () => {
    const { code, out } = await wirebook(['nic', 'list', '--unresolved']);
    expect(code).toBe(0);
    expect(out).toContain('2 of 6 NICs have no record.');
    expect(out).toContain('VMware Tools are not installed on old-1.');
    expect(out).toContain('what to do: Install open-vm-tools in the guest');
  });

  test('what is refused ends with code 1 and says what is in the way; nothing goes to stdout', async () => {
    const ended = await wirebook(['network', 'create', 'twin', '--wire', 'web', '--cidr', '10.10.20.128/25']);
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.messages).toContain('network web');
    expect(ended.messages).toContain('what to do:');
  });

  test('wrong usage ends with code 2', async () => {
    expect(await wirebook(['network', 'create', 'twin'])).toMatchObject({ code: 2, out: '' });
    expect(await wirebook(['networks'])).toMatchObject({ code: 2, out: '' });
  });

  test('Chinese comes for tables, reasons and problems alike', async () => {
    const table = await wirebook(['nic', 'list', '--unresolved', '--lang', 'zh']);
    expect(table.out).toContain('old-1 没有安装 VMware Tools。');
    expect(table.out).toContain('虚拟机');
    const refused = await wirebook(['network', 'show', 'nowhere', '--lang', 'zh']);
    expect(refused.code).toBe(1);
    expect(refused.messages).toMatch(/\p{Script=Han}/u);
    expect(refused.messages).not.toContain('error:');
  });

  test('the doctor finds the controller up, and an account added twice is refused', async () => {
    expect((await wirebook(['doctor'])).out).toContain('ok');
    const ended = await wirebook([...add('lab-again'), ...trust()], simulator.password);
    expect(ended.code).toBe(1);
    expect(ended.messages).toContain('lab');
  });
});

describe('a server whose Tools say nothing', () => {
  const climc = (...words: string[]): Promise<Ended> =>
    runProcess('packages/cli/bin/climc.mjs', ['server-sync-fix-nics', ...words], { environment });

  test('has the address that is said by the command administrators know, and nobody else is given it', async () => {
    const [old] = await json<Server[]>(['server', 'list', '--name', 'old-1']);
    const id = old?.id ?? '';
    expect(old?.nics.map(({ records }) => records)).toEqual([[]]);

    const elsewhere = await climc(id, '10.10.20.99');
    expect(elsewhere).toMatchObject({ code: 1, out: '' });
    expect(elsewhere.messages).toContain('lies on the wire "web"');
    const fixed = await climc(id, '10.10.10.99');
    expect(fixed, fixed.messages).toMatchObject({ code: 0 });
    expect(fixed.out).toContain('10.10.10.99');
    expect(await climc(id, '10.10.10.99')).toMatchObject({
      code: 0,
      messages: 'Fixed: 0, as before: 1, cleared: 0\n',
    });

    const [after] = await json<Server[]>(['server', 'list', '--name', 'old-1']);
    expect(after?.nics[0]?.records).toMatchObject([
      { ip: '10.10.10.99', network: { name: 'lab' }, source: 'manual' },
    ]);
    expect(await unresolved()).toEqual(['ubuntu-template template']);
    const wished = await wirebook(['network', 'allocate', 'lab', '--ip', '10.10.10.99']);
    expect(wished).toMatchObject({ code: 1, out: '' });
    expect(wished.messages).toContain('10.10.10.99 belongs to old-1');
    expect((await wirebook(['why', '10.10.10.99'])).out).toContain('old-1');
  });

  test('with several addresses each goes to the card whose wire has its network', async () => {
    const [db] = await json<Server[]>(['server', 'list', '--name', 'db-1']);
    const fixed = await climc(db?.id ?? '', '10.10.10.21', '10.10.20.21', '-o', 'json');
    expect(JSON.parse(fixed.out)).toMatchObject({
      kept: 2,
      items: [
        { ip: '10.10.10.21', wire: { name: 'VM Network' }, network: { name: 'lab' } },
        { ip: '10.10.20.21', wire: { name: 'web' }, network: { name: 'web' } },
      ],
    });
  });
});
