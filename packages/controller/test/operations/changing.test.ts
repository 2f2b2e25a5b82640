import type { Operation } from '@wirebook/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../support/accounts.ts';
import { type ChangingLab, running, startChangingLab, stopped } from './changing-lab.ts';
import { expectEnd } from './creating-lab.ts';

/** NICs of servers are attached, detached and given other addresses; the guest is told where it can be. */

let lab: ChangingLab;
beforeAll(async () => {
  lab = await startChangingLab({
    machines: [
      running('attach-1', [['web', '10.20.2.1/22']], { gateway: '10.20.0.1' }),
      running('attach-2', [['web', '10.20.2.2/22']]),
      running('attach-wire', [['web', '10.20.2.3/22']]),
      running('attach-site', [['web', '10.20.2.4/22']], { host: 'esx-02' }),
      stopped('attach-off', ['web']),
      stopped('attach-off-unknown', ['web']),
      running('attach-restart', [['web', '10.20.2.5/22']], { gateway: '10.20.0.1' }),
      running('attach-restart-unknown', [['web', '10.20.2.6/22'], ['db']]),
      running('attach-windows', [['web', '10.20.2.7/22']], { windows: true }),
      running('attach-tag', [['web', '10.20.2.8/22']]),
      running('attach-pending', [['web', '10.20.2.9/22']]),
      running('detach-mac', [
        ['web', '10.20.2.11/22'],
        ['app', '10.21.0.11/24'],
      ]),
      running('detach-ip', [
        ['web', '10.20.2.12/22'],
        ['/rack', '10.23.0.12/24', '2001:db8:23::12/64'],
      ]),
      running('detach-gone', [
        ['web', '10.20.2.13/22'],
        ['app', '10.21.0.13/24'],
      ]),
      stopped('detach-off', ['web', 'app']),
      running('change-1', [['web', '10.20.2.21/22']]),
      running('change-restart', [['web', '10.20.2.22/22']], { gateway: '10.20.0.1' }),
      running('change-same-wire', [['app', '10.21.0.23/24']]),
      running('change-other-wire', [['web', '10.20.2.24/22']]),
      running('change-back', [['web', '10.20.2.25/22']]),
      running('change-dual', [['/rack', '10.23.0.26/24', '2001:db8:23::26/64']]),
      running('change-several', [['web', '10.20.2.27/22', '10.20.2.28/22']]),
      running('change-silent', [['web', '10.20.2.29/22']]),
      running('change-other', [['web', '10.20.2.30/22']]),
      stopped('change-off', ['web']),
      running('change-wire', [['web', '10.20.2.31/22']]),
      running('change-untold', [['web', '10.20.2.33/22']], { gateway: '10.20.0.1' }),
      running('change-windows', [['web', '10.20.2.32/22']], { windows: true }),
    ],
  });
});
afterAll(() => lab[Symbol.asyncDispose]());
afterEach(() => lab.expectNoStrayWires());

const succeed = async (begun: Promise<Operation>): Promise<Operation> => {
  const operation = await lab.ended(begun);
  expectEnd(operation, 'succeeded');
  return operation;
};
const ipsOf = (operation: Operation): string[] =>
  operation.result?.servers.flatMap(({ addresses }) => addresses.map(({ ip }) => ip)) ?? [];
const codes = (list: readonly { code: string }[]): string[] => list.map(({ code }) => code);
const macOf = async (server: string, position = 0): Promise<string> =>
  (await lab.vm(server)).nics[position]?.mac ?? '';
const lines = (operation: Operation): string[] => operation.log.map(({ text }) => text);
const fix = async (server: string, ...ips: string[]): Promise<void> => {
  const answer = await lab.controller.call('POST', `/api/v1/servers/${server}/fix-nics`, { ips });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
};
/** What the guest shows on a NIC, once it shows this. */
const shows = (server: string, position: number, ips: string[]): Promise<true> =>
  waitFor(async () =>
    JSON.stringify((await lab.vm(server)).nics[position]?.addresses) === JSON.stringify(ips)
      ? true
      : undefined,
  );
/** Neither a restart nor anything else: the guest went on as it was. */
const eventsOf = async (server: string): Promise<string[]> => [(await lab.vm(server)).powerState];

describe('a NIC is attached', () => {
  test('with the next free address of the network, on a wire that the host has', async () => {
    const operation = await succeed(lab.attach('attach-1', { network: 'app-net' }));
    const [ip = ''] = ipsOf(operation);
    expect(ip).toMatch(/^10\.21\.0\./);
    const vm = await lab.vm('attach-1');
    expect(vm.nics).toHaveLength(2);
    expect(vm.nics[1]).toMatchObject({ networkName: 'app', connected: true });
    expect(await lab.holders(ip)).toEqual([`allocated attach-1 ${vm.nics[1]?.mac}`]);
    expect(operation.result?.servers[0]?.addresses[0]).toMatchObject({
      mac: vm.nics[1]?.mac,
      network: { name: 'app-net' },
      wire: { name: 'app' },
    });
    // It runs and may not be restarted: a person has to configure it.
    expect(codes(operation.warnings)).toEqual(['guest_not_told']);
    expect(operation.warnings[0]?.text).toContain(ip);
    expect(vm.powerState).toBe('poweredOn');
    expect(await lab.records('attach-1', 1)).toEqual([ip]);
    await lab.agree();
  });

  test('with the address wished for', async () => {
    const operation = await succeed(lab.attach('attach-2', { network: 'app-net', ip: '10.21.0.77' }));
    expect(ipsOf(operation)).toEqual(['10.21.0.77']);
    expect(await lab.records('attach-2', 1)).toEqual(['10.21.0.77']);
  });

  test('with no address where only a wire without networks is named: there is nothing to tell', async () => {
    const operation = await succeed(lab.attach('attach-wire', { wire: 'VM Network' }));
    expect(ipsOf(operation)).toEqual([]);
    expect(operation.warnings).toEqual([]);
    expect((await lab.vm('attach-wire')).nics[1]).toMatchObject({
      networkName: 'VM Network',
      connected: true,
    });
    expect(await lab.nics('attach-wire')).toHaveLength(2);
    await lab.agree();
  });

  test('on an additional wire where the host lacks the primary one', async () => {
    const operation = await succeed(lab.attach('attach-site', { network: 'edge-net' }));
    expect((await lab.vm('attach-site')).nics[1]?.networkName).toBe('site');
    expect(ipsOf(operation)[0]).toMatch(/^10\.24\.0\./);
    expect(operation.result?.servers[0]?.addresses[0]?.wire?.name).toBe('site');
  });

  test('to any network with a tag', async () => {
    const operation = await succeed(lab.attach('attach-tag', { tag: 'env=test' }));
    expect((await lab.vm('attach-tag')).nics[1]?.networkName).toBe('web');
    expect(ipsOf(operation)[0]).toMatch(/^10\.20\./);
  });

  test('and the guest that is powered off is told, if the addresses of all its NICs are known', async () => {
    await fix('attach-off', '10.20.1.5');
    const operation = await succeed(lab.attach('attach-off', { network: 'app-net' }));
    const [ip = ''] = ipsOf(operation);
    expect(operation.warnings).toEqual([]);
    const vm = await lab.vm('attach-off');
    expect(vm.powerState).toBe('poweredOff');
    expect(vm.extraConfig['tools.deployPkg.fileName']).toMatch(/^imcf-/);
    expect(await lab.holders(ip)).toEqual([`allocated attach-off ${vm.nics[1]?.mac}`]);
  });

  test('otherwise a person is told', async () => {
    const { extraConfig } = await lab.vm('attach-off-unknown');
    const operation = await succeed(lab.attach('attach-off-unknown', { network: 'app-net' }));
    expect(codes(operation.warnings)).toEqual(['guest_not_told']);
    expect((await lab.vm('attach-off-unknown')).extraConfig).toEqual(extraConfig);
  });

  test('and the guest that may be restarted comes up with the address', async () => {
    const operation = await succeed(lab.attach('attach-restart', { network: 'app-net', restart: true }));
    const [ip = ''] = ipsOf(operation);
    expect(operation.warnings).toEqual([]);
    expect(lines(operation)).toContain(`VMware Tools show ${ip}.`);
    const vm = await lab.vm('attach-restart');
    expect(vm.powerState).toBe('poweredOn');
    expect(vm.nics.map(({ addresses }) => addresses)).toEqual([['10.20.2.5'], [ip]]);
    const [nic] = (await lab.nics('attach-restart')).slice(1);
    expect(nic?.records).toMatchObject([{ ip, source: 'allocated' }]);
    await lab.agree();
  });

  test('but not one of which an address is unknown, nor a Windows: those go on running', async () => {
    for (const server of ['attach-restart-unknown', 'attach-windows']) {
      await lab.simulator.resetStats();
      const operation = await succeed(lab.attach(server, { network: 'app-net', restart: true }));
      expect(codes(operation.warnings), server).toEqual(['guest_not_told']);
      expect(await eventsOf(server)).toEqual(['poweredOn']);
      const { calls } = await lab.simulator.stats();
      expect(calls['ShutdownGuest'] ?? 0).toBe(0);
      expect(calls['CustomizeVM_Task'] ?? 0).toBe(0);
    }
  });

  test('nor one that waits for a customization of somebody else, who would lose it', async () => {
    const theirs = { key: 'tools.deployPkg.fileName', value: 'imcf-theirs' };
    await lab.reconfigure('attach-pending', { extraConfig: [theirs] });
    await lab.simulator.setPowerState('attach-pending', 'poweredOff');
    const operation = await succeed(lab.attach('attach-pending', { network: 'app-net' }));
    expect(codes(operation.warnings)).toEqual(['guest_not_told']);
    expect((await lab.vm('attach-pending')).extraConfig['tools.deployPkg.fileName']).toBe('imcf-theirs');
  });
});

describe('a NIC is detached', () => {
  test('by its MAC, however that is written, and its address is released', async () => {
    const mac = await macOf('detach-mac', 1);
    const operation = await succeed(lab.detach('detach-mac', mac.toUpperCase().replaceAll(':', '-')));
    expect(lines(operation)).toEqual([`Network adapter 2 (${mac}) is detached.`, 'Given back: 10.21.0.11.']);
    const vm = await lab.vm('detach-mac');
    expect(vm.nics.map(({ networkName }) => networkName)).toEqual(['web']);
    expect(vm.powerState).toBe('poweredOn');
    expect(await lab.holders('10.21.0.11')).toEqual([]);
    expect(await lab.history('10.21.0.11')).toEqual(['detach-mac nic_detached']);
    expect(await lab.holders('10.20.2.11')).toHaveLength(1);
    expect(await lab.nics('detach-mac')).toHaveLength(1);
    await lab.agree();
  });

  test('by one of its addresses, and all that it has are released', async () => {
    await succeed(lab.detach('detach-ip', '2001:DB8:23:0::12'));
    expect((await lab.vm('detach-ip')).nics).toHaveLength(1);
    for (const ip of ['10.23.0.12', '2001:db8:23::12'])
      expect(await lab.history(ip)).toEqual(['detach-ip nic_detached']);
  });

  test('also where it has gone from vCenter already', async () => {
    const mac = await macOf('detach-gone', 1);
    const [, card] = (await lab.vm('detach-gone')).nics;
    const device = { $type: 'VirtualVmxnet3', key: card?.key ?? 0 } as const;
    await lab.reconfigure('detach-gone', { deviceChange: [{ operation: 'remove', device }] });
    const operation = await succeed(lab.detach('detach-gone', mac));
    expect(lines(operation).at(-1)).toBe('Given back: 10.21.0.13.');
    expect(await lab.nics('detach-gone')).toHaveLength(1);
    await lab.agree();
  });

  test('from a server that is powered off', async () => {
    await fix('detach-off', '10.20.1.6', '10.21.0.14');
    await succeed(lab.detach('detach-off', '10.21.0.14'));
    expect(await lab.holders('10.21.0.14')).toEqual([]);
    expect(await lab.holders('10.20.1.6')).toHaveLength(1);
  });
});

describe('a NIC is given another address', () => {
  test('of its network: nothing is bound anew, and the guest that was not told keeps the former one', async () => {
    const before = await lab.vm('change-1');
    const operation = await succeed(lab.change('change-1', '10.20.2.21', {}));
    const [ip = ''] = ipsOf(operation);
    expect(ip).toMatch(/^10\.20\./);
    expect(codes(operation.warnings)).toEqual(['guest_not_told', 'former_address_kept']);
    expect(operation.warnings[1]?.text).toContain('10.20.2.21');
    expect((await lab.vm('change-1')).nics).toEqual(before.nics);
    expect((await lab.records('change-1')).toSorted()).toEqual(['10.20.2.21', ip].toSorted());
    await lab.agree();
  });

  test('and one that is restarted shows it, and gives the former one back', async () => {
    const operation = await succeed(
      lab.change('change-restart', '10.20.2.22', { ip: '10.20.3.22', restart: true }),
    );
    expect(operation.warnings).toEqual([]);
    await shows('change-restart', 0, ['10.20.3.22']);
    expect(await lab.records('change-restart')).toEqual(['10.20.3.22']);
    expect(await lab.history('10.20.2.22')).toEqual(['change-restart address_changed']);
    expect(lines(operation)).toEqual([
      'Restarting the guest, so that it takes up its new settings.',
      'Waiting up to 600 s for VMware Tools to show 10.20.3.22.',
      'VMware Tools show 10.20.3.22.',
      'Given back: 10.20.2.22.',
    ]);
    await lab.agree();
  });

  test('of another network on the same wire: nothing is bound anew either', async () => {
    const before = await lab.vm('change-same-wire');
    const operation = await succeed(
      lab.change('change-same-wire', await macOf('change-same-wire'), { network: 'app2-net', restart: true }),
    );
    const [ip = ''] = ipsOf(operation);
    expect(ip).toMatch(/^10\.31\.0\./);
    const vm = await lab.vm('change-same-wire');
    expect(vm.nics.map(({ portKey }) => portKey)).toEqual(before.nics.map(({ portKey }) => portKey));
    expect(await lab.records('change-same-wire')).toEqual([ip]);
  });

  test('of a network on another wire: it is bound to that, with the MAC that it has', async () => {
    const mac = await macOf('change-other-wire');
    const operation = await succeed(
      lab.change('change-other-wire', mac, { network: 'app-net', restart: true }),
    );
    const [ip = ''] = ipsOf(operation);
    const vm = await lab.vm('change-other-wire');
    expect(vm.nics).toMatchObject([{ networkName: 'app', mac, connected: true, addresses: [ip] }]);
    expect(await lab.records('change-other-wire')).toEqual([ip]);
    expect(await lab.history('10.20.2.24')).toEqual(['change-other-wire address_changed']);
    expect((await lab.nics('change-other-wire'))[0]?.wire?.name).toBe('app');
    expect(lines(operation)[0]).toBe(`Network adapter 1 (${mac}) is on app now.`);
    await lab.agree();
  });

  test('of a network on another wire, and the guest does not know: the former one stays taken until it does', async () => {
    const operation = await succeed(lab.change('change-untold', '10.20.2.33', { network: 'db-net' }));
    const [ip = ''] = ipsOf(operation);
    expect(codes(operation.warnings)).toEqual(['guest_not_told', 'former_address_kept']);
    for (let syncs = 0; syncs < 3; syncs += 1) await lab.sync();
    // That it is used there is no sign that its network is there.
    expect((await lab.vm('change-untold')).nics).toMatchObject([
      { networkName: 'db', addresses: ['10.20.2.33'] },
    ]);
    const { additionalWires, suggestedWires } = await lab.network('web-net');
    expect([...additionalWires, ...suggestedWires]).toEqual([]);
    expect(await lab.records('change-untold')).toEqual([ip]);
    const mac = await macOf('change-untold');
    expect(await lab.holders('10.20.2.33')).toEqual([`manual change-untold ${mac}`]);
    await lab.refuse('address_not_free', 'POST', '/api/v1/servers/change-1/nics', {
      network: 'web-net',
      ip: '10.20.2.33',
    });
    // Somebody configures it by hand, and gives the former one back, as the warning says.
    await lab.simulator.setGuestNet('change-untold', [
      { deviceConfigId: 4000, connected: true, addresses: [{ ip, prefixLength: 24 }] },
    ]);
    await lab.sync();
    const released = await lab.controller.call('POST', '/api/v1/networks/web-net/release', {
      ips: ['10.20.2.33'],
    });
    expect(released.status, JSON.stringify(released.body)).toBe(200);
    expect(await lab.holders('10.20.2.33')).toEqual([]);
    expect(await lab.records('change-untold')).toEqual([ip]);
    await lab.agree();
  });

  test('there and back again', async () => {
    const mac = await macOf('change-back');
    await succeed(lab.change('change-back', mac, { network: 'dual-net', restart: true }));
    expect((await lab.vm('change-back')).nics[0]?.networkName).toBe('rack');
    // The companion of the network comes along.
    expect((await lab.records('change-back')).map((ip) => ip.includes(':'))).toEqual([false, true]);
    await succeed(lab.change('change-back', mac, { network: 'web-net', ip: '10.20.3.25', restart: true }));
    await shows('change-back', 0, ['10.20.3.25']);
    expect(await lab.records('change-back')).toEqual(['10.20.3.25']);
    await lab.agree();
  });

  test('of one family alone: the other stays as it is, and the guest keeps both', async () => {
    const operation = await succeed(
      lab.change('change-dual', '10.23.0.26', { ip6: '2001:db8:23::99', restart: true }),
    );
    expect(ipsOf(operation)).toEqual(['2001:db8:23::99']);
    await shows('change-dual', 0, ['10.23.0.26', '2001:db8:23::99']);
    expect(await lab.records('change-dual')).toEqual(['10.23.0.26', '2001:db8:23::99']);
    expect(await lab.holders('2001:db8:23::26')).toEqual([]);
    await lab.agree();
  });

  test('in place of the one by which it is named; others of the NIC stay', async () => {
    const operation = await succeed(lab.change('change-several', '10.20.2.28', { ip: '10.20.3.28' }));
    expect(operation.warnings[1]?.text).toContain('10.20.2.28');
    expect(operation.warnings[1]?.text).not.toContain('10.20.2.27');
    expect((await lab.records('change-several')).toSorted()).toEqual([
      '10.20.2.27',
      '10.20.2.28',
      '10.20.3.28',
    ]);
  });

  test('that the guest does not show in time, or another instead: that is said, and nothing is given back', async () => {
    await lab.simulator.setGuestBehaviour({ vm: 'change-silent', outcome: 'silent' });
    await lab.simulator.setGuestBehaviour({
      vm: 'change-other',
      outcome: 'otherAddress',
      address: '10.20.3.200/22',
    });
    const asked = { restart: true, waitSeconds: 10 };
    const begun = await lab.change('change-silent', '10.20.2.29', asked);
    const other = await succeed(lab.change('change-other', '10.20.2.30', asked));
    const silent = await succeed(Promise.resolve(begun));
    expect(codes(silent.warnings)).toEqual(['no_address_seen', 'former_address_kept']);
    expect(codes(other.warnings)).toEqual(['other_address_seen', 'former_address_kept']);
    expect(other.warnings[0]?.text).toContain('10.20.3.200');
    for (const ip of ['10.20.2.29', '10.20.2.30']) expect(await lab.holders(ip)).toHaveLength(1);
    expect(await lab.records('change-silent')).toHaveLength(2);
  });

  test('while it is powered off: it is told, and the former one goes back at once', async () => {
    await fix('change-off', '10.20.1.7');
    const operation = await succeed(lab.change('change-off', '10.20.1.7', { network: 'app-net' }));
    const [ip = ''] = ipsOf(operation);
    expect(operation.warnings).toEqual([]);
    expect(await lab.records('change-off')).toEqual([ip]);
    expect(await lab.history('10.20.1.7')).toEqual(['change-off address_changed']);
    expect((await lab.vm('change-off')).powerState).toBe('poweredOff');
    await lab.agree();
  });

  test('of a network of the wire that is named', async () => {
    const mac = await macOf('change-wire');
    const operation = await succeed(lab.change('change-wire', mac, { wire: 'app' }));
    expect(ipsOf(operation)[0]).toMatch(/^10\.21\.0\./);
    expect((await lab.vm('change-wire')).nics[0]?.networkName).toBe('app');
  });

  test('of no network at all, on a wire that has none: it is plugged in there, and keeps what it has', async () => {
    const mac = await macOf('change-wire');
    const operation = await succeed(lab.change('change-wire', mac, { wire: 'VM Network' }));
    expect(operation.state).toBe('succeeded');
    expect((await lab.vm('change-wire')).nics[0]?.networkName).toBe('VM Network');
    await lab.agree();
  });

  test('of a Windows: a person has to configure it', async () => {
    const operation = await succeed(lab.change('change-windows', '10.20.2.32', { restart: true }));
    expect(codes(operation.warnings)).toEqual(['guest_not_told', 'former_address_kept']);
    expect((await lab.vm('change-windows')).powerState).toBe('poweredOn');
  });
});
