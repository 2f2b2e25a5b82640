import type { Network, Nic, Server, Wire } from '@wirebook/contract';
import { smallEstate } from '@wirebook/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAll } from '../support/accounts.ts';
import { type ChangingVcenter, one, startChangingVcenter } from '../support/changing-vcenter.ts';

let vcenter: ChangingVcenter;

beforeEach(async () => {
  vcenter = await startChangingVcenter();
});
afterEach(async () => {
  await vcenter[Symbol.asyncDispose]();
});

describe('wires and servers', () => {
  test('that are renamed keep their identity, and names follow', async () => {
    await vcenter.add();
    const before = { wire: await vcenter.wire('web'), server: await vcenter.server('web-1') };
    await vcenter.simulator.renamePortGroup('web', 'web/front');
    await vcenter.simulator.renameVm('web-1', 'front-1');
    const changes = await vcenter.sync();
    expect(changes['objects']).toEqual([
      { kind: 'wire', name: 'web/front', change: 'updated', fields: ['name'] },
      { kind: 'server', name: 'front-1', change: 'updated', fields: ['name'] },
    ]);
    expect((await vcenter.wire('web/front')).id).toBe(before.wire.id);
    expect((await vcenter.server('front-1')).id).toBe(before.server.id);
    expect((await listAll<Wire>(vcenter.controller, '/api/v1/wires')).length).toBe(2);
  });

  test('that vanish are marked missing and nothing more: records, NICs and history stay', async () => {
    await vcenter.add();
    await vcenter.makeNetwork();
    const before = await vcenter.server('web-1');
    await vcenter.simulator.removeVm('web-1');
    for (let run = 0; run < 3; run += 1) await vcenter.sync();
    const gone = await vcenter.server('web-1');
    expect(gone.missingSince).not.toBeNull();
    expect(gone.id).toBe(before.id);
    expect(gone.nics.map(({ mac, records }) => [mac, records.map(({ ip, source }) => [ip, source])])).toEqual(
      [['00:50:56:80:00:08', [['10.10.20.11', 'tools']]]],
    );
    expect(
      await vcenter.book.query(`SELECT count(*)::int AS live FROM claims WHERE ended_at IS NULL`),
    ).toEqual([{ live: 3 }]);
    expect((await vcenter.server('web-2')).missingSince).toBeNull();
  });

  test('that vanish and come back are the same, under another id in vCenter too', async () => {
    await vcenter.add();
    await vcenter.makeNetwork();
    const before = await vcenter.server('web-1');
    await vcenter.simulator.removeVm('web-1');
    expect(await vcenter.sync()).toMatchObject({ servers: one('missing') });
    const [machine] = smallEstate().datacenters[0]?.virtualMachines ?? [];
    if (machine === undefined) throw new Error('the estate has no VM');
    await vcenter.simulator.addVm('Lab', machine);
    expect(await vcenter.sync()).toMatchObject({ servers: one('returned') });
    const after = await vcenter.server('web-1');
    expect(after.id).toBe(before.id);
    expect(after.moref).not.toBe(before.moref);
    expect(after.missingSince).toBeNull();
    expect(
      after.nics.map(({ id, records }) => [id, records.map(({ id: record, ip }) => [record, ip])]),
    ).toEqual(before.nics.map(({ id, records }) => [id, records.map(({ id: record, ip }) => [record, ip])]));
  });

  test('of a vCenter that is suddenly empty are all missing, and every record stays', async () => {
    await vcenter.add();
    await vcenter.makeNetwork();
    for (const name of ['web-1', 'web-2', 'db-1', 'old-1', 'ubuntu-template'])
      await vcenter.simulator.removeVm(name);
    const changes = await vcenter.sync();
    expect(changes['servers']).toMatchObject({ missing: 5 });
    const servers = await listAll<Server>(vcenter.controller, '/api/v1/servers?missing=true');
    expect(servers).toHaveLength(5);
    expect(
      await vcenter.book.query(`SELECT count(*)::int AS live FROM claims WHERE ended_at IS NULL`),
    ).toEqual([{ live: 3 }]);
  });

  test('a port group that vanishes is a missing wire with its networks, and returns as the same', async () => {
    await vcenter.add();
    await vcenter.makeNetwork();
    const before = await vcenter.wire('web');
    vcenter.hide(vcenter.simulator.morefs.portGroup('web').ref);
    expect(await vcenter.sync()).toMatchObject({ wires: one('missing') });
    await vcenter.sync();
    const gone = await vcenter.wire('web');
    expect(gone).toMatchObject({ id: before.id, counts: { networks: 1, nics: 4 } });
    expect(gone.missingSince).not.toBeNull();
    expect(await vcenter.show<Network>('networks/web-net')).toMatchObject({ wire: { id: before.id } });
    expect((await vcenter.server('web-1')).nics[0]).toMatchObject({
      wire: { name: 'web' },
      records: [{ ip: '10.10.20.11' }],
    });
    vcenter.proxy.pass();
    expect(await vcenter.sync()).toMatchObject({ wires: one('returned') });
    expect(await vcenter.wire('web')).toMatchObject({ id: before.id, missingSince: null });
  });
});

describe('a NIC', () => {
  test('that changes its MAC on the same card and port group is the same, and remembers the old one', async () => {
    await vcenter.add();
    await vcenter.makeNetwork();
    const [before] = (await vcenter.server('web-1')).nics;
    await vcenter.simulator.setMac('web-1', 4000, '00:50:56:99:00:01');
    expect(await vcenter.sync()).toMatchObject({ nics: one('updated') });
    const [after] = (await vcenter.server('web-1')).nics;
    expect(after?.id).toBe(before?.id);
    expect(after?.mac).toBe('00:50:56:99:00:01');
    expect(after?.formerMacs.map(({ mac }) => mac)).toEqual([before?.mac]);
    expect(after?.records.map(({ id }) => id)).toEqual(before?.records.map(({ id }) => id));
  });

  test('that is moved to another port group is the same on another wire', async () => {
    await vcenter.add();
    const [before] = (await vcenter.server('web-1')).nics;
    await vcenter.simulator.moveNic('web-1', 4000, { standard: 'VM Network' });
    expect(await vcenter.sync()).toMatchObject({ nics: one('updated') });
    const [after] = (await vcenter.server('web-1')).nics;
    expect(after?.id).toBe(before?.id);
    expect(after?.wire?.name).toBe('VM Network');
    expect(after?.formerMacs).toEqual([]);
  });

  test('with another MAC on another port group is another NIC; the old one is missing', async () => {
    await vcenter.add();
    const [before] = (await vcenter.server('web-1')).nics;
    await vcenter.simulator.setMac('web-1', 4000, '00:50:56:99:00:02');
    await vcenter.simulator.moveNic('web-1', 4000, { standard: 'VM Network' });
    await vcenter.sync();
    expect((await vcenter.server('web-1')).nics.map(({ mac }) => mac)).toEqual(['00:50:56:99:00:02']);
    const gone = await listAll<Nic>(vcenter.controller, '/api/v1/nics?server=web-1&missing=true');
    expect(gone.map(({ id, mac }) => [id, mac])).toEqual([[before?.id, before?.mac]]);
  });

  test('that is gone is missing, and returns as the same', async () => {
    await vcenter.add();
    const before = (await vcenter.server('db-1')).nics.map(({ id }) => id);
    expect(before).toHaveLength(2);
    await vcenter.simulator.setProperty(vcenter.simulator.morefs.vm('db-1'), {
      path: 'config.hardware.device',
      type: 'ArrayOfVirtualDevice',
      value: {},
    });
    expect(await vcenter.sync()).toMatchObject({ nics: { created: 0, updated: 0, missing: 2, returned: 0 } });
    const gone = await listAll<Nic>(vcenter.controller, '/api/v1/nics?server=db-1&missing=true');
    expect(gone.map(({ id }) => id).toSorted()).toEqual(before.toSorted());
    await vcenter.simulator.setNicConnected('db-1', 4000, true);
    expect(await vcenter.sync()).toMatchObject({ nics: { created: 0, updated: 0, missing: 0, returned: 2 } });
    expect((await vcenter.server('db-1')).nics.map(({ id, missingSince }) => [id, missingSince])).toEqual(
      before.map((id) => [id, null]),
    );
  });

  test('that is disconnected says so', async () => {
    await vcenter.add();
    await vcenter.simulator.setNicConnected('web-1', 4000, false);
    await vcenter.sync();
    expect((await vcenter.server('web-1')).nics[0]?.connected).toBe(false);
  });
});
