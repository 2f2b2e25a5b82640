import { gunzipSync } from 'node:zlib';
import type { Operation } from '@wirebook/contract';
import type { ListedVm } from '@wirebook/simulator';
import { isVirtualDisk } from '@wirebook/vsphere';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type CreatingLab, expectEnd, startCreatingLab } from './creating-lab.ts';
import { ipsOf } from './creating-undone.ts';

/** Servers that come up as asked for. */

let lab: CreatingLab;
beforeAll(async () => {
  lab = await startCreatingLab();
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(() => lab.agree());

/** Makes a server that must come up; what came of it in vCenter. */
async function make(
  input: Parameters<CreatingLab['create']>[0],
): Promise<{ operation: Operation; vm: ListedVm }> {
  const operation = await lab.create(input);
  expectEnd(operation, 'succeeded');
  const [vm, ...others] = await lab.made(operation.id);
  if (vm === undefined || others.length > 0) throw new Error(`${others.length} more were made`);
  return { operation, vm };
}

const guestinfo = (vm: ListedVm, key: 'metadata' | 'userdata'): string =>
  gunzipSync(Buffer.from(vm.extraConfig[`guestinfo.${key}`] ?? '', 'base64')).toString();

test('a server is cloned, customized and powered on, and is done when Tools show its address', async () => {
  const { operation, vm } = await make({ name: 'web-1' });
  const [ip = ''] = ipsOf(operation);
  expect(operation).toMatchObject({ error: null, left: [], warnings: [], progress: { done: 9, total: 9 } });
  expect(operation.steps.map(({ state }) => state)).toEqual(Array.from({ length: 9 }, () => 'done'));
  expect(vm).toMatchObject({
    name: 'web-1',
    powerState: 'poweredOn',
    nics: [{ networkName: 'web', connected: true, addresses: [ip] }],
  });
  const server = await lab.server('web-1');
  expect(server).toMatchObject({ powerState: 'poweredOn', toolsStatus: 'running', template: false });
  expect(server.nics).toMatchObject([
    { mac: vm.nics[0]?.mac, wire: { name: 'web' }, reasons: [], records: [{ ip, source: 'allocated' }] },
  ]);
  // Seen by Tools, and by us at once: nobody has to wait for the next complete reading.
  expect(server.nics[0]?.observed).toMatchObject([{ ip, prefixLength: 22 }]);
  expect(server.guestHostName).toBe('web-1.lab.example');
});

describe('with cloud-init', () => {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1Yq1cYx3kSx9m6m2bq1mGkqk0oQ5mXv3p3m0Qk7aB ops@lab';
  const password = 'Correct-Horse-7';
  const userData = '#!/bin/sh\necho the-secret-of-the-first-boot\n';
  const secrets = [key, password, 'the-secret-of-the-first-boot'];

  test('it gets its network, keys, password and script through guestinfo, and nothing secret stays anywhere', async () => {
    let told: ListedVm | undefined;
    lab.whenAt({ step: 'customize', moment: 'noted' }, async () => {
      told = await lab.vm('cloud-1');
    });
    const begun = await lab.begin(
      { name: 'cloud-1', sshKeys: [key], password, userData },
      { 'idempotency-key': 'cloud-1' },
    );
    const operation = await lab.ended(begun.id);
    expectEnd(operation, 'succeeded');
    const [ip = ''] = ipsOf(operation);
    if (told === undefined) throw new Error('nobody was told anything');
    expect(JSON.parse(guestinfo(told, 'metadata'))).toMatchObject({
      'instance-id': operation.id,
      'local-hostname': 'cloud-1.lab.example',
    });
    expect(guestinfo(told, 'metadata')).toContain(`${ip}/22`);
    expect(guestinfo(told, 'userdata')).toContain(key);
    expect(guestinfo(told, 'userdata')).toContain('echo the-secret-of-the-first-boot');
    expect(guestinfo(told, 'userdata')).toContain('$6$');

    const vm = await lab.vm('cloud-1');
    expect(guestinfo(vm, 'metadata')).toContain(`${ip}/22`);
    for (const secret of [...secrets, '$6$', 'ssh-ed25519']) {
      expect(guestinfo(vm, 'userdata')).not.toContain(secret);
      expect(guestinfo(vm, 'metadata')).not.toContain(secret);
    }
    for (const path of [
      `operations/${operation.id}`,
      'operations',
      'events',
      'servers/cloud-1',
      'sync-runs',
    ]) {
      const { status, body } = await lab.controller.call('GET', `/api/v1/${path}`);
      expect(status, path).toBe(200);
      for (const secret of secrets) expect(JSON.stringify(body), path).not.toContain(secret);
    }
    const tables = await lab.sql<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables)
      for (const secret of secrets) {
        // bytea shows as hexadecimal digits: look for those as well.
        const found = await lab.sql(
          `SELECT 1 FROM ${name} t WHERE position($1 in t::text) > 0 OR position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0`,
          [secret],
        );
        expect(found, name).toEqual([]);
      }
  });

  test('secrets of a server that was not made are gone with it', async () => {
    await lab.simulator.injectFault({ method: 'PowerOnVM_Task', object: 'cloud-2', fault: 'InvalidState' });
    const operation = await lab.create({ name: 'cloud-2', sshKeys: [key], password, userData });
    expectEnd(operation, 'undone');
    const [row] = await lab.sql<{ text: string; sealed: Buffer | null }>(
      'SELECT o::text AS text, sealed FROM operations o WHERE id = $1',
      [operation.id],
    );
    expect(row?.sealed).toBeNull();
    for (const secret of secrets) expect(row?.text).not.toContain(secret);
  });
});

test('a network and its companion give the NIC an address of each family', async () => {
  const { operation, vm } = await make({ name: 'dual-1', nics: [{ network: 'dual-net' }] });
  const ips = ipsOf(operation);
  expect(ips).toEqual([expect.stringMatching(/^10\.23\.0\./), expect.stringMatching(/^2001:db8:23::/)]);
  expect(vm.nics).toMatchObject([{ networkName: 'rack', addresses: ips }]);
  expect((await lab.records('dual-1')).toSorted()).toEqual(ips.toSorted());
  // Given the other way round it is the same pair.
  const other = await make({ name: 'dual-2', nics: [{ network: 'dual6-net' }] });
  expect(ipsOf(other.operation)).toHaveLength(2);
});

test('three NICs on three wires, one of them only plugged in: each has what was asked for it', async () => {
  const nics = [{ network: 'web-net' }, { network: 'app-net' }, { wire: 'bare' }];
  const { operation, vm } = await make({ name: 'three-1', from: 'wide', nics });
  const [first = '', second = '', ...further] = ipsOf(operation);
  expect(further).toEqual([]);
  expect(vm.nics.map(({ networkName, addresses }) => [networkName, addresses])).toEqual([
    ['web', [first]],
    ['app', [second]],
    ['bare', []],
  ]);
  expect(await lab.records('three-1', 0)).toEqual([first]);
  expect(await lab.records('three-1', 1)).toEqual([second]);
  expect(await lab.records('three-1', 2)).toEqual([]);
});

test('NICs that the template lacks are added, and those that it has too many are taken away', async () => {
  const more = await make({
    name: 'more-1',
    nics: [{ network: 'db-net' }, { network: 'web-net' }, { network: 'app-net' }],
  });
  expect(more.vm.nics.map(({ networkName, addresses }) => [networkName, ...addresses])).toEqual(
    ['db', 'web', 'app'].map((wire, index) => [wire, ipsOf(more.operation)[index]]),
  );
  const fewer = await make({ name: 'fewer-1', from: 'wide', nics: [{ network: 'db-net' }] });
  expect(fewer.vm.nics.map(({ networkName, addresses }) => [networkName, ...addresses])).toEqual([
    ['db', ...ipsOf(fewer.operation)],
  ]);
  expect((await lab.nics('fewer-1')).length).toBe(1);
});

test('CPUs, memory and the disk are as asked for, and as the template has them where nothing is asked', async () => {
  const { vm } = await make({ name: 'large-1', cpus: 6, memoryMib: 12_288, diskGib: 25 });
  expect(vm).toMatchObject({ cpus: 6, memory: 12_288, disks: [25 * 1024 ** 2] });
  const plain = await make({ name: 'plain-1' });
  expect(plain.vm).toMatchObject({ cpus: 2, memory: 4096, disks: [10 * 1024 ** 2] });
});

test('folder, pool, datastore and host are those that are named', async () => {
  const { morefs } = lab.simulator;
  const { vm } = await make({
    name: 'named-1',
    folder: 'Web/Front',
    resourcePool: 'Resources',
    datastore: 'ssd',
    host: 'esx-03',
    cluster: 'North',
  });
  expect(vm).toMatchObject({
    host: 'esx-03',
    datastores: ['ssd'],
    folder: morefs.folder('Web/Front'),
    pool: morefs.resourcePool('North'),
  });
  expect(await lab.server('named-1')).toMatchObject({ folder: 'Web/Front', host: { name: 'esx-03' } });
});

test('a linked clone builds on the snapshot of its source', async () => {
  const { vm } = await make({ name: 'linked-1', from: 'wide', linked: true });
  const [disk] = (await lab.devices(vm)).filter(isVirtualDisk);
  expect(disk?.backing).toMatchObject({ parent: { fileName: expect.stringContaining('wide') } });
  const whole = await make({ name: 'whole-1', from: 'wide' });
  const [own] = (await lab.devices(whole.vm)).filter(isVirtualDisk);
  expect(own?.backing).not.toHaveProperty('parent');
  await lab.refuseCreation('source_unusable', { name: 'linked-2', linked: true });
});

test('a running server can be cloned as well as a template', async () => {
  const { vm } = await make({ name: 'copy-1', from: 'old-1' });
  expect(vm.nics[0]?.addresses).not.toContain('10.20.0.11');
  expect(await lab.records('old-1')).toEqual(['10.20.0.11']);
});

test('several servers are made side by side, with numbers in their names, spread over the hosts', async () => {
  const operation = await lab.create({ name: 'many', count: 3 });
  expectEnd(operation, 'succeeded');
  expect(operation).toMatchObject({
    kind: 'create_servers',
    progress: { done: 3, total: 3 },
    result: {
      servers: [
        { server: { name: 'many-1' }, state: 'succeeded' },
        { server: { name: 'many-2' }, state: 'succeeded' },
        { server: { name: 'many-3' }, state: 'succeeded' },
      ],
    },
  });
  expect(new Set(ipsOf(operation)).size).toBe(3);
  const hosts = await Promise.all([1, 2, 3].map(async (number) => (await lab.vm(`many-${number}`)).host));
  expect(new Set(hosts).size).toBe(3);
  const numbered = await lab.create({ name: 'n{n}-many', count: 2, powerOn: false });
  expect(numbered.steps.map(({ name }) => name)).toEqual(['n1-many', 'n2-many']);
});

test('a server that is not to be powered on is told all the same, and has its address', async () => {
  const { operation, vm } = await make({ name: 'off-1', powerOn: false });
  expect(vm).toMatchObject({ powerState: 'poweredOff' });
  expect(await lab.records('off-1')).toEqual(ipsOf(operation));
  const cloud = await make({ name: 'off-2', powerOn: false, setup: 'cloud_init' });
  expect(guestinfo(cloud.vm, 'metadata')).toContain(ipsOf(cloud.operation)[0]);
});

test('a guest that is told nothing is not waited for, and that is said', async () => {
  const { operation } = await make({ name: 'none-1', setup: 'none', powerOn: false });
  expect(operation.warnings.map(({ code }) => code)).toEqual(['guest_not_told']);
  expect(operation.warnings[0]?.text).toContain(ipsOf(operation)[0]);
  expect(await lab.records('none-1')).toEqual(ipsOf(operation));
});

test('a Windows guest is customized with its password, which is nowhere afterwards', async () => {
  const password = 'Windows-Horse-9';
  const { operation, vm } = await make({ name: 'win-1', from: 'windows', password });
  expect(vm.nics[0]?.addresses).toEqual(ipsOf(operation));
  const found = await lab.sql(`SELECT 1 FROM operations o WHERE position($1 in o::text) > 0`, [password]);
  expect(found).toEqual([]);
  expect(JSON.stringify(operation)).not.toContain(password);
});

test('a wished address is given, and no other', async () => {
  const { operation, vm } = await make({
    name: 'wish-1',
    nics: [{ network: 'dual-net', ip: '10.23.0.77', ip6: '2001:DB8:23::77' }],
  });
  expect(ipsOf(operation)).toEqual(['10.23.0.77', '2001:db8:23::77']);
  expect(vm.nics[0]?.addresses).toEqual(['10.23.0.77', '2001:db8:23::77']);
  await lab.refuseCreation('address_not_free', {
    name: 'wish-2',
    nics: [{ network: 'dual-net', ip: '10.23.0.77' }],
  });
});

test('any network with a tag will do, or whatever network a wire has', async () => {
  const tagged = await make({ name: 'tag-1', nics: [{ tag: 'env=test' }] });
  expect(ipsOf(tagged.operation)).toEqual([expect.stringMatching(/^10\.20\./)]);
  const wired = await make({ name: 'wire-1', nics: [{ wire: 'db' }] });
  expect(ipsOf(wired.operation)).toEqual([expect.stringMatching(/^10\.22\./)]);
  expect(wired.vm.nics[0]?.networkName).toBe('db');
});

test('on a host that lacks the primary wire the NIC is on an additional one that it has', async () => {
  const primary = await make({ name: 'edge-1', host: 'esx-01', nics: [{ network: 'edge-net' }] });
  expect(primary.vm).toMatchObject({ host: 'esx-01', nics: [{ networkName: 'edge' }] });
  const additional = await make({ name: 'edge-2', host: 'esx-02', nics: [{ network: 'edge-net' }] });
  expect(additional.vm).toMatchObject({
    host: 'esx-02',
    nics: [{ kind: 'standard', networkName: 'site', addresses: ipsOf(additional.operation) }],
  });
  expect(await lab.records('edge-2')).toEqual(ipsOf(additional.operation));
});

test('a name with characters that vCenter escapes is found again', async () => {
  const { operation } = await make({ name: 'a/b 50% c\\d' });
  expect((await lab.server(operation.server?.id ?? '')).name).toBe('a/b 50% c\\d');
});

test('a guest that shows another address, or none, is left as it is with a warning that says what it shows', async () => {
  const { simulator } = lab;
  await simulator.setGuestBehaviour({ vm: 'late-1', outcome: 'silent' });
  await simulator.setGuestBehaviour({ vm: 'late-2', outcome: 'otherAddress', address: '10.99.0.9/24' });
  await simulator.setGuestBehaviour({ vm: 'late-3', outcome: 'dhcpless' });
  await simulator.setGuestBehaviour({ vm: 'late-4', outcome: 'silent' });
  // Nobody waits for less than ten seconds, so they wait together.
  const [silent, other, none, cloud] = await Promise.all([
    make({ name: 'late-1', waitSeconds: 10 }),
    make({ name: 'late-2', waitSeconds: 10 }),
    make({ name: 'late-3', waitSeconds: 10 }),
    make({ name: 'late-4', waitSeconds: 10, setup: 'cloud_init', password: 'Late-Horse-5' }),
  ]);
  const warnings = ({ operation }: { operation: Operation }) => operation.warnings.map(({ code }) => code);
  expect(warnings(silent)).toEqual(['no_address_seen']);
  expect(silent.operation.warnings[0]?.text).toContain(
    `${ipsOf(silent.operation)[0]} within 10 s (they do not run)`,
  );
  expect(warnings(other)).toEqual(['other_address_seen']);
  expect(other.operation.warnings[0]?.text).toContain(`10.99.0.9 instead of ${ipsOf(other.operation)[0]}`);
  expect(warnings(none)).toEqual(['no_address_seen']);
  expect(none.operation.warnings[0]?.text).toContain('they run');
  // A guest that has not come up may not have read its keys yet.
  expect(warnings(cloud)).toEqual(['no_address_seen', 'userdata_stays']);
  expect(guestinfo(cloud.vm, 'userdata')).toContain('$6$');
  // The address stays with the server, whatever Tools show.
  for (const { operation } of [silent, other, none, cloud])
    expect(await lab.records(operation.server?.name ?? '')).toEqual(ipsOf(operation));
  expect((await lab.nics('late-2'))[0]?.records[0]?.contradictedBy).toEqual(['10.99.0.9']);
  await simulator.resetGuestBehaviours();
});

test('a complete reading afterwards finds nothing to change', async () => {
  const run = await lab.controller.sync('lab');
  expect(run.body).toMatchObject({ state: 'succeeded' });
  expect(run.body['changes']).toEqual({});
});
