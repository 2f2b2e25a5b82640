import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindAddresses, type Binding, releaseNic, unbindAndRelease } from '../../src/app/server-records.ts';
import { newId } from '../../src/domain/ids.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { type RecordingLab, startRecordingLab } from './recording-lab.ts';

/** Addresses that were taken for servers to be become the records of their NICs, and are given back. */

let it: RecordingLab;
beforeAll(async () => {
  it = await startRecordingLab(
    labEstate([
      machine('web-1', [['web', '10.1.9.1/16']]),
      machine('rival', [['web']]),
      machine('elsewhere', [['db', '10.1.9.9/16']]),
    ]),
  );
  await it.lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/16' });
  await it.lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/16' });
});
afterAll(() => it[Symbol.asyncDispose]());

let made = 0;
/** A server that is off and of which Tools say nothing, as one just cloned. */
async function cloned(
  groups: readonly string[] = ['web'],
): Promise<{ id: string; name: string; macs: string[] }> {
  made += 1;
  const name = `clone-${made}`;
  const vm = await it.add(
    name,
    groups.map((group): [string] => [group]),
    { powerState: 'poweredOff', tools: 'notInstalled' },
  );
  const id = await it.serverOf(vm);
  const nics = await it.lab.nics(name);
  return { id, name, macs: nics.map((nic) => nic.mac ?? '') };
}
const bind = (serverId: string, ...bindings: Binding[]) =>
  it.inTx((tx) => bindAddresses(tx, { serverId, bindings, now: new Date() }));
const release = (...claimIds: string[]) =>
  it.inTx((tx) =>
    unbindAndRelease(tx, { claimIds, reason: 'operation_undone', actor: 'somebody', now: new Date() }),
  );
const take = async (network = 'web') => {
  const [claim] = await it.take(network, 1);
  if (claim === undefined) throw new Error('nothing was given');
  return claim;
};
const report = (vm: string, ...ips: string[]): Promise<void> =>
  it.lab.simulator.setGuestNet(vm, [
    { deviceConfigId: 4000, connected: true, addresses: ips.map((ip) => ({ ip, prefixLength: 16 })) },
  ]);
const alone = (vm: string) => it.syncAlone([it.lab.simulator.morefs.vm(vm).value]);
const released = async (): Promise<unknown[]> =>
  it.lab.sql(`SELECT actor, object_name AS network, before FROM events WHERE action = 'release' ORDER BY id`);

describe('an address that was taken for a server', () => {
  test('becomes the record of its NIC, which says no reason any more though Tools report nothing', async () => {
    const server = await cloned(['web', 'db']);
    expect(await it.lab.reasons(server.name)).toEqual(['powered_off']);
    const [web, db] = [await take(), await take('db')];
    await it.lab.sql(
      `UPDATE claims SET expires_at = now() + interval '1 hour', holder = '{"name":"","owner":null,"mac":null,"note":"n"}' WHERE id = $1`,
      [web.id],
    );
    expect(
      await bind(
        server.id,
        { claimId: web.id, mac: server.macs[0]?.toUpperCase() ?? '' },
        { claimId: db.id, deviceKey: 4001 },
      ),
    ).toEqual({ ok: true, bound: 2 });
    expect(await it.lab.reasons(server.name, 0)).toEqual([]);
    expect(await it.lab.reasons(server.name, 1)).toEqual([]);
    expect(await it.lab.records(server.name, 0)).toEqual([web.ip]);
    expect(await it.lab.records(server.name, 1)).toEqual([db.ip]);
    expect(await it.address(web.ip)).toMatchObject({
      source: 'allocated',
      server: { id: server.id },
      nic: { mac: server.macs[0] },
      // As where matching adopts a hold.
      holder: { note: 'n' },
    });
    expect(
      await it.lab.sql(`SELECT expires_at, account_id, server_name FROM claims WHERE id = $1`, [web.id]),
    ).toEqual([{ expires_at: null, account_id: it.accountId, server_name: server.name }]);
    const before = await it.book.digests();
    await it.lab.sync();
    expect(await it.book.digests()).toEqual(before);
  });

  test('and is bound again, changes nothing; nor does Tools showing it', async () => {
    const server = await cloned();
    const claim = await take();
    const binding = { claimId: claim.id, deviceKey: 4000 };
    expect(await bind(server.id, binding, binding)).toEqual({ ok: true, bound: 1 });
    const before = await it.book.digests();
    expect(await bind(server.id, binding)).toEqual({ ok: true, bound: 0 });
    expect(await it.book.digests()).toEqual(before);
    await it.lab.simulator.setPowerState(server.name, 'poweredOn');
    await it.lab.simulator.setToolsStatus(server.name, 'running');
    await report(server.name, claim.ip);
    await alone(server.name);
    expect(await it.holders(claim.ip)).toEqual([`allocated ${server.name} ${server.macs[0]}`]);
    expect((await it.lab.server(server.name)).tags).toEqual({});
    expect(await bind(server.id, binding)).toEqual({ ok: true, bound: 0 });
  });

  test('is bound to no other NIC than the one that has it, nor to none, nor once it has ended: and then none is', async () => {
    const [one, other] = [await cloned(), await cloned()];
    const [had, over, good] = await it.take('web', 3);
    if (had === undefined || over === undefined || good === undefined) throw new Error('three are given');
    await bind(one.id, { claimId: had.id, deviceKey: 4000 });
    await release(over.id);
    const unknown = newId();
    const before = await it.book.digests();
    expect(
      await bind(
        other.id,
        { claimId: good.id, deviceKey: 4000 },
        { claimId: had.id, deviceKey: 4000 },
        { claimId: over.id, deviceKey: 4000 },
        { claimId: unknown, deviceKey: 4000 },
      ),
    ).toEqual({
      ok: false,
      refusals: [
        { claimId: had.id, ip: had.ip, code: 'claim_of_other_nic' },
        { claimId: over.id, ip: over.ip, code: 'claim_ended' },
        { claimId: unknown, ip: null, code: 'claim_ended' },
      ],
    });
    const refusal = { claimId: good.id, ip: good.ip, code: 'no_such_nic' };
    for (const nic of [{ mac: '00:00:5e:00:53:99' }, { mac: 'none' }, { deviceKey: 4007 }])
      expect(await bind(other.id, { claimId: good.id, ...nic })).toEqual({ ok: false, refusals: [refusal] });
    expect(await bind(newId(), { claimId: good.id, deviceKey: 4000 })).toEqual({
      ok: false,
      refusals: [refusal],
    });
    expect(await it.book.digests()).toEqual(before);
  });

  test('is one of them in the end, however many bind it at the same moment', async () => {
    const servers = [await cloned(), await cloned(), await cloned()];
    const claim = await take();
    const outcomes = await Promise.all(
      servers.flatMap(({ id }) => [
        bind(id, { claimId: claim.id, deviceKey: 4000 }),
        bind(id, { claimId: claim.id, deviceKey: 4000 }),
      ]),
    );
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(2);
    expect(await it.holders(claim.ip)).toHaveLength(1);
  });

  test('and is taken back at the moment when it is bound, is a record or is refused, and never lost', async () => {
    const server = await cloned();
    for (let round = 0; round < 10; round += 1) {
      const claim = await take();
      const [outcome, back] = await Promise.all([
        bind(server.id, { claimId: claim.id, deviceKey: 4000 }),
        it.lab.controller.call<{ items: { released: boolean }[] }>('POST', '/api/v1/networks/web/release', {
          ips: [claim.ip],
        }),
      ]);
      expect(back.body.items).toEqual([{ ip: claim.ip, released: true }]);
      expect(await it.holders(claim.ip)).toEqual([]);
      expect(outcome.ok || outcome.refusals[0]?.code === 'claim_ended').toBe(true);
    }
  });

  test('and whose time is over, but that nobody else has by now, is bound all the same', async () => {
    const server = await cloned();
    const claim = await take();
    await it.lab.sql(`UPDATE claims SET expires_at = now() - interval '1 second' WHERE id = $1`, [claim.id]);
    expect(await bind(server.id, { claimId: claim.id, deviceKey: 4000 })).toEqual({ ok: true, bound: 1 });
    expect(await it.lab.records(server.name)).toEqual([claim.ip]);
  });

  test('is shown to disagree where Tools report another', async () => {
    const server = await cloned();
    const claim = await take();
    await it.lab.simulator.setPowerState(server.name, 'poweredOn');
    await it.lab.simulator.setToolsStatus(server.name, 'running');
    await report(server.name, '10.1.7.7');
    await alone(server.name);
    await bind(server.id, { claimId: claim.id, deviceKey: 4000 });
    expect(await it.lab.records(server.name)).toEqual([claim.ip, '10.1.7.7']);
    expect(
      await it.lab.sql(`SELECT host(contradicted_by[1]) AS by FROM claims WHERE id = $1`, [claim.id]),
    ).toEqual([{ by: '10.1.7.7' }]);
  });
});

describe('an operation that is undone', () => {
  test('gives back what is still held and what a NIC has already, says so once, and may be undone again', async () => {
    const server = await cloned();
    const [held, bound] = await it.take('web', 2);
    if (held === undefined || bound === undefined) throw new Error('two are given');
    await bind(server.id, { claimId: bound.id, deviceKey: 4000 });
    const before = (await released()).length;
    const back = await release(held.id, bound.id, newId());
    expect(back.map(({ ip }) => ip).toSorted()).toEqual([held.ip, bound.ip].toSorted());
    expect((await released()).slice(before)).toEqual([
      { actor: 'somebody', network: 'web', before: { ips: expect.arrayContaining([held.ip, bound.ip]) } },
    ]);
    expect(await it.history(bound.ip)).toEqual([`${server.name} operation_undone`]);
    expect(await it.history(held.ip)).toEqual(['- operation_undone']);
    expect(await it.lab.reasons(server.name)).toEqual(['powered_off']);
    const settled = await it.book.digests();
    expect(await release(held.id, bound.id)).toEqual([]);
    expect(await it.book.digests()).toEqual(settled);
    expect((await released()).length).toBe(before + 1);
  });

  test('lets who reports the address have it', async () => {
    const server = await cloned();
    const claim = await take();
    await bind(server.id, { claimId: claim.id, deviceKey: 4000 });
    await report('rival', claim.ip);
    await alone('rival');
    expect(await it.lab.reasons('rival')).toEqual([`taken ${claim.ip}`]);
    await release(claim.id);
    expect(await it.lab.records('rival')).toEqual([claim.ip]);
    expect(await it.history(claim.ip)).toEqual(['rival lives', `${server.name} operation_undone`]);
    expect(await it.lab.sql(`SELECT FROM conflicts WHERE ip = $1 AND ended_at IS NULL`, [claim.ip])).toEqual(
      [],
    );
  });
});

test('a NIC that was taken away lets go of all its addresses, wherever they came from, and of nothing else', async () => {
  const { simulator } = it.lab;
  const vm = await it.add('shrinking', [
    ['web', '10.1.6.1/16'],
    ['db', '10.2.6.1/16', '10.2.6.2/16'],
  ]);
  const serverId = await it.serverOf(vm);
  const [keeps, goes] = await it.lab.nics('shrinking');
  const fixed = await it.lab.controller.call('POST', '/api/v1/servers/shrinking/fix-nics', {
    nics: [{ mac: goes?.mac, ip: '10.2.6.9' }],
  });
  expect(fixed.status, JSON.stringify(fixed.body)).toBe(200);
  const claim = await take('db');
  await bind(serverId, { claimId: claim.id, mac: goes?.mac ?? '' });
  const { description } = simulator.morefs.machine('shrinking');
  await simulator.removeObject(vm);
  const less = await simulator.addVm('Lab', {
    ...description,
    nics: description.nics.slice(0, 1),
    guestNics: description.guestNics.slice(0, 1),
  });
  expect(await it.serverOf(less)).toBe(serverId);
  const releaseIt = () =>
    it.inTx((tx) =>
      releaseNic(tx, { nicId: goes?.id ?? '', reason: 'nic_detached', actor: 'somebody', now: new Date() }),
    );
  expect((await releaseIt()).map(({ ip }) => ip).toSorted()).toEqual(
    ['10.2.6.1', '10.2.6.2', '10.2.6.9', claim.ip].toSorted(),
  );
  expect(await it.orphans()).toEqual([]);
  expect(keeps?.records.map(({ ip }) => ip)).toEqual(['10.1.6.1']);
  expect(await it.holders('10.1.6.1')).toEqual([`tools shrinking ${keeps?.mac}`]);
  expect(await it.history('10.2.6.9')).toEqual(['shrinking nic_detached']);
  expect(await releaseIt()).toEqual([]);
  const settled = await it.book.digests();
  await it.lab.sync();
  expect(await it.book.digests()).toEqual(settled);
});
