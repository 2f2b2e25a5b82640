import { hostState } from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type CreatingLab, expectEnd, expectWords, startCreatingLab } from './creating-lab.ts';

/** What can't be made is refused before anything is made, and says why. */

let lab: CreatingLab;
beforeAll(async () => {
  lab = await startCreatingLab({ templates: ['doomed'] });
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(async () => {
  await lab.simulator.clearFaults();
  await lab.agree();
});

const nics = (network: string, more: Record<string, unknown> = {}) => [{ network, ...more }];
const reasonsOf = (body: {
  errors?: readonly { field: string; value?: unknown; message: string }[] | undefined;
}) => (body.errors ?? []).map(({ value, message }) => `${String(value)}: ${message}`);

describe('the address', () => {
  test('of a full network, with what is free of what was asked for', async () => {
    const one = await lab.create({ name: 'tiny-1', nics: nics('tiny-net'), powerOn: false });
    expectEnd(one, 'succeeded');
    const refused = await lab.refuseCreation('network_full', { name: 'tiny-2', nics: nics('tiny-net') });
    expect(refused.detail).toContain('tiny-net');
    // Several are taken together or not at all.
    const some = await lab.refuseCreation('network_full', {
      name: 'both',
      nics: [{ network: 'web-net' }, { network: 'tiny-net' }],
      count: 2,
    });
    expect(some.detail).toContain('2');
  });

  test('of a network that gives nothing', async () => {
    const refused = await lab.refuseCreation('gives_nothing', { name: 'quiet', nics: nics('quiet-net') });
    expect(refused.detail).toContain('quiet-net');
  });

  test('that another has, that is reserved, or that lies elsewhere', async () => {
    const taken = await lab.refuseCreation('address_not_free', {
      name: 'taken',
      nics: nics('web-net', { ip: '10.20.0.11' }),
    });
    expect(taken.detail).toContain('old-1');
    await lab.refuseCreation('address_not_free', {
      name: 'gateway',
      nics: nics('web-net', { ip: '10.20.0.1' }),
    });
    await lab.refuseCreation('address_outside_network', {
      name: 'outside',
      nics: nics('web-net', { ip: '10.99.0.1' }),
    });
    await lab.refuseCreation('invalid_input', {
      name: 'family',
      nics: nics('web-net', { ip6: '2001:db8::1' }),
    });
  });

  test('wished for together with a count, which one address can not serve', async () => {
    const refused = await lab.refuseCreation('invalid_input', {
      name: 'wished',
      count: 2,
      nics: nics('web-net', { ip: '10.20.0.99' }),
    });
    expect(refused.errors).toMatchObject([{ field: 'nics[0].ip', value: '10.20.0.99' }]);
  });

  test('of a network, a wire or a tag that nobody knows', async () => {
    await lab.refuseCreation('not_found', { name: 'unknown', nics: nics('no-net') });
    await lab.refuseCreation('not_found', { name: 'unknown', nics: [{ wire: 'no-wire' }] });
    await lab.refuseCreation('tag_unknown', { name: 'unknown', nics: [{ tag: 'env=none' }] });
  });
});

describe('the place', () => {
  test('of a network whose wires no host has', async () => {
    const refused = await lab.refuseCreation('no_host_fits', { name: 'far', nics: nics('island-net') });
    expect(reasonsOf(refused).filter((text) => text.startsWith('esx-0'))).toHaveLength(5);
    expect(reasonsOf(refused)).toContain('esx-01: NIC 1: it has no wire of island-net (those are island).');
  });

  test('whose only host is in maintenance', async () => {
    const refused = await lab.refuseCreation('no_host_fits', { name: 'cellar', nics: nics('cellar-net') });
    expect(reasonsOf(refused)).toContain('esx-04: In maintenance mode.');
    expect(reasonsOf(refused)).toContain('esx-02: NIC 1: it has no wire of cellar-net (those are cellar).');
  });

  test('that only a trunk leads to', async () => {
    const refused = await lab.refuseCreation('no_host_fits', { name: 'trunk', nics: nics('trunk-net') });
    expect(reasonsOf(refused)).toContain('esx-01: NIC 1: its all is a trunk of several VLANs.');
  });

  test('where the wire has another VLAN than elsewhere', async () => {
    const refused = await lab.refuseCreation('no_host_fits', {
      name: 'odd',
      host: 'esx-03',
      nics: nics('odd-net'),
    });
    expect(reasonsOf(refused)).toContain('esx-03: NIC 1: its odd has the VLAN 99, not 40 as elsewhere.');
    const plan = await lab.plan({ name: 'odd', nics: nics('odd-net') });
    expect(plan.hosts.filter(({ fits }) => fits).map(({ host }) => host.name)).toEqual(['esx-01', 'esx-02']);
  });

  test('of NICs that no single host can serve together', async () => {
    const refused = await lab.refuseCreation('no_host_fits', {
      name: 'torn',
      host: 'esx-03',
      nics: [{ network: 'web-net' }, { network: 'edge-net' }],
    });
    expect(reasonsOf(refused).join()).toContain('NIC 2');
  });

  test('of a datastore that nobody knows, or that is full', async () => {
    const unknown = await lab.refuseCreation('invalid_input', { name: 'store', datastore: 'tape' });
    expect(unknown.errors).toMatchObject([{ field: 'datastore', value: 'tape' }]);
    const full = await lab.refuseCreation('no_host_fits', { name: 'store', datastore: 'full' });
    expect(reasonsOf(full).join()).toMatch(/On full \d+ (?:GiB|MiB) are free/);
  });

  test('of a host, cluster, pool or folder that nobody knows', async () => {
    await lab.refuseCreation('not_found', { name: 'place', host: 'esx-99' });
    for (const [field, value] of [
      ['cluster', 'South'],
      ['resourcePool', 'Gold'],
      ['folder', 'Nowhere/Deep'],
    ] as const) {
      const refused = await lab.refuseCreation('invalid_input', { name: 'place', [field]: value });
      expect(refused.errors).toMatchObject([{ field, value }]);
    }
  });

  test('for which there is no room', async () => {
    const memory = await lab.refuseCreation('no_host_fits', { name: 'room', memoryMib: 1024 * 1024 });
    expect(reasonsOf(memory).join()).toContain('of memory are free');
    const cpus = await lab.refuseCreation('no_host_fits', { name: 'room', cpus: 200 });
    expect(reasonsOf(cpus)).toContain('esx-01: 200 CPUs are asked for; it has 64 threads.');
  });

  test('all of whose hosts are out of use at the moment of asking', async () => {
    const { simulator } = lab;
    await simulator.setProperties(simulator.morefs.host('esx-01'), hostState({ inMaintenanceMode: true }));
    const refused = await lab.refuseCreation('no_host_fits', {
      name: 'moment',
      host: 'esx-01',
      nics: nics('edge-net'),
    });
    expect(reasonsOf(refused)).toContain('esx-01: In maintenance mode.');
    await simulator.setProperties(simulator.morefs.host('esx-01'), hostState({ inMaintenanceMode: false }));
    expect(await lab.plan({ name: 'moment', host: 'esx-01', nics: nics('edge-net') })).toMatchObject({
      possible: true,
    });
  });
});

describe('the source', () => {
  test('that nobody knows, or that a product manages', async () => {
    await lab.refuseCreation('not_found', { name: 'source', from: 'no-template' });
    const managed = await lab.refuseCreation('source_unusable', { name: 'source', from: 'vCLS-1' });
    expect(managed.detail).toContain('a product manages it');
  });

  test('that vCenter has lost since it was last read', async () => {
    await lab.simulator.removeVm('doomed');
    const gone = await lab.refuseCreation('source_unusable', { name: 'source', from: 'doomed' });
    expect(gone.detail).toContain('vCenter no longer shows it');
    await lab.sync();
  });

  test('whose disk is larger than what is asked for', async () => {
    const refused = await lab.refuseCreation('invalid_input', { name: 'small', diskGib: 5 });
    expect(refused.errors).toMatchObject([{ field: 'diskGib', value: 5 }]);
  });
});

test('a dry run says of a taken address what the request would be refused with', async () => {
  const refused = await lab.refuseCreation('address_not_free', {
    name: 'taken-dry',
    nics: [{ network: 'web-net', ip: '10.20.0.1' }],
  });
  const { possible, problems } = await lab.plan({
    name: 'taken-dry',
    nics: [{ network: 'web-net', ip: '10.20.0.1' }],
  });
  expect(possible).toBe(false);
  expect(problems).toEqual([{ code: 'address_not_free', text: refused.detail, remedy: refused.remedy }]);
});

describe('the name', () => {
  test('that a server in the same folder has', async () => {
    const taken = await lab.refuseCreation('name_taken_in_vcenter', { name: 'old-1', folder: 'Web' });
    expect(taken.detail).toContain('Web');
    // In another folder it is free.
    expect(await lab.plan({ name: 'old-1', folder: 'Web/Front' })).toMatchObject({ possible: true });
  });

  test('that another operation is about to take', async () => {
    await lab.simulator.setTaskDuration({ method: 'CloneVM_Task', ms: 600_000 });
    const first = await lab.begin({ name: 'rival' });
    await lab.refuseCreation('name_taken_in_vcenter', { name: 'rival' });
    await lab.simulator.resetTaskDurations();
    await lab.cancel(first.id);
    expectEnd(await lab.ended(first.id), 'cancelled');
    expectEnd(await lab.create({ name: 'rival', powerOn: false }), 'succeeded');
  });

  test('that is too long once it has its number', async () => {
    await lab.refuseCreation('invalid_input', { name: 'x'.repeat(80), count: 10 });
  });
});

describe('what the guest is told', () => {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1Yq1cYx3kSx9m6m2bq1mGkqk0oQ5mXv3p3m0Qk7aB';

  test('a private key, which is not sent back', async () => {
    const secret = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW';
    const refused = await lab.refuseCreation('invalid_input', {
      name: 'keys',
      sshKeys: [`-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`],
    });
    expect(refused.errors).toMatchObject([{ field: 'sshKeys[0]' }]);
    expect(JSON.stringify(refused)).not.toContain(secret);
    await lab.refuseCreation('invalid_input', { name: 'keys', sshKeys: ['not a key'] });
  });

  test('user data that no first boot understands, which is not sent back', async () => {
    const refused = await lab.refuseCreation('invalid_input', {
      name: 'data',
      userData: 'rm -rf the-secret',
    });
    expect(refused.errors).toMatchObject([{ field: 'userData' }]);
    expect(JSON.stringify(refused)).not.toContain('the-secret');
  });

  test('what the way of telling it can not tell', async () => {
    const unfit: Parameters<CreatingLab['refuseCreation']>[1][] = [
      { setup: 'customization', sshKeys: [key] },
      { setup: 'customization', userData: '#!/bin/sh\n' },
      { setup: 'customization', password: 'Linux-Horse-7' },
      { setup: 'none', sshKeys: [key] },
      { from: 'windows', setup: 'cloud_init' },
      { from: 'windows' },
    ];
    for (const input of unfit) await lab.refuseCreation('setup_unfit', { name: 'setup', ...input });
  });

  test('a host name that is none, or one for several servers', async () => {
    await lab.refuseCreation('invalid_input', { name: 'host', hostName: '-no-' });
    await lab.refuseCreation('invalid_input', { name: 'host', hostName: 'one', count: 2 });
  });
});

describe('the vCenter', () => {
  test('that is out of reach', async () => {
    await lab.simulator.makeUnreachable({ forMs: 600_000 });
    const { controller, simulator } = lab;
    for (const language of ['en', 'zh']) {
      const answer = await controller.call(
        'POST',
        '/api/v1/servers',
        { name: 'away', from: 'ubuntu', nics: nics('web-net') },
        { 'accept-language': language },
      );
      expect(answer.body['code']).toBe('unreachable');
      expectWords(answer.body);
    }
    await simulator.clearFaults();
    expect(await lab.sql(`SELECT 1 FROM operations WHERE server_name = 'away'`)).toEqual([]);
  });

  test('that refuses a privilege', async () => {
    await lab.simulator.injectFault({
      method: 'RetrievePropertiesEx',
      reading: 'Datastore',
      fault: 'NoPermission',
      fields: { privilegeId: 'System.Read' },
    });
    await lab.refuseCreation('privileges_missing', { name: 'privilege' });
  });

  test('whose account is disabled, or has another password by now', async () => {
    const { call } = lab.controller;
    expect((await call('PATCH', '/api/v1/cloud-accounts/lab', { enabled: false })).status).toBe(200);
    await lab.refuseCreation('account_disabled', { name: 'disabled' });
    expect((await call('PATCH', '/api/v1/cloud-accounts/lab', { enabled: true })).status).toBe(200);
    await lab.simulator.terminateSessions();
    await lab.simulator.injectFault({ method: 'Login', fault: 'InvalidLogin' });
    const refused = await lab.refuseCreation('login_refused', { name: 'password' });
    expect(JSON.stringify(refused)).not.toContain(lab.simulator.password);
    // Once vCenter takes it again nothing stands in the way.
    await lab.simulator.clearFaults();
    expect(await lab.plan({ name: 'password' })).toMatchObject({ possible: true });
  });
});

test('a dry run says the same as a refusal, holds nothing and makes nothing', async () => {
  const plan = await lab.plan({ name: 'dry', nics: nics('island-net') });
  expect(plan).toMatchObject({ possible: false, problems: [{ code: 'no_host_fits' }] });
  expectWords(plan);
  const possible = await lab.plan({ name: 'dry', nics: nics('dual-net'), count: 2 });
  expectWords(possible);
  expect(possible.servers.map(({ name, nics: [nic] }) => [name, nic?.ip, nic?.ip6?.ip])).toEqual([
    ['dry-1', '10.23.0.2', '2001:db8:23::1'],
    ['dry-2', '10.23.0.3', '2001:db8:23::2'],
  ]);
  expect(await lab.sql(`SELECT 1 FROM claims WHERE host(ip) = '10.23.0.2'`)).toEqual([]);
});
