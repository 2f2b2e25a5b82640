import type { WirePicture } from '@wirebook/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ChangingVcenter, startChangingVcenter } from '../support/changing-vcenter.ts';
import { asSilentHost } from '../support/reply-edits.ts';

/** What leads a wire out of its hosts is kept as it was read, and follows when it changes. */

let vcenter: ChangingVcenter;
beforeAll(async () => {
  vcenter = await startChangingVcenter();
  await vcenter.add();
});
afterAll(() => vcenter[Symbol.asyncDispose]());
afterEach(async () => {
  vcenter.proxy.pass();
  await vcenter.sync();
  // Read once more, nothing of it is news.
  expect(await vcenter.sync()).toEqual({ errors: [] });
});

async function drawn(wire: string): Promise<string[]> {
  const picture = await vcenter.show<WirePicture>(`wires/${encodeURIComponent(wire)}/picture`);
  return picture.hosts.flatMap(({ host, uplinks }) =>
    uplinks
      .filter(({ device }) => device !== null)
      .map(({ name, role, device }) => `${host.name.split('.')[0]} ${name} ${role} ${device}`),
  );
}

describe('the uplinks of a distributed switch', () => {
  test('are those that each host says, in whatever order it says them', async () => {
    const before = await drawn('web');
    expect(before).toContain('esx-01 Uplink 1 active vmnic1');
    vcenter.edit((reply) =>
      reply.replaceAll(/(<uplinkPort>.*?<\/uplinkPort>)(<uplinkPort>.*?<\/uplinkPort>)/gs, '$2$1'),
    );
    expect(await vcenter.sync()).not.toHaveProperty('virtualSwitches');
    expect(await drawn('web')).toEqual(before);
  });

  test('follow when cables are swapped', async () => {
    vcenter.edit((reply) =>
      reply.replaceAll(/<pnicDevice>vmnic([12])<\/pnicDevice>/g, (_, number: string) =>
        number === '1' ? '<pnicDevice>vmnic2</pnicDevice>' : '<pnicDevice>vmnic1</pnicDevice>',
      ),
    );
    expect(await vcenter.sync()).toMatchObject({ virtualSwitches: { updated: 1 } });
    expect((await drawn('web')).slice(0, 2)).toEqual([
      'esx-01 Uplink 1 active vmnic2',
      'esx-01 Uplink 2 active vmnic1',
    ]);
  });

  test('whose names the host does not say are shown by their devices, their part unknown', async () => {
    vcenter.edit((reply) =>
      reply.replaceAll(/<uplinkPort>.*?<\/uplinkPort>|<pnicSpec>.*?<\/pnicSpec>/gs, ''),
    );
    await vcenter.sync();
    expect((await drawn('web')).slice(0, 2)).toEqual([
      'esx-01 vmnic1 null vmnic1',
      'esx-01 vmnic2 null vmnic2',
    ]);
  });

  test('of a host that falls silent are what they were', async () => {
    const before = { web: await drawn('web'), standard: await drawn('VM Network') };
    const { moref } = await vcenter.host('esx-01.lab.example');
    vcenter.edit((reply) => asSilentHost(reply, { type: 'HostSystem', value: moref ?? '' }));
    await vcenter.sync();
    expect({ web: await drawn('web'), standard: await drawn('VM Network') }).toEqual(before);
    const picture = await vcenter.show<WirePicture>('wires/web/picture');
    expect(picture.hosts[0]).toMatchObject({
      state: 'notResponding',
      problems: [{ code: 'host_disconnected' }],
    });
  });
});

describe('the order of uplinks of a standard port group', () => {
  test("is the switch's where the group says none, and unknown where nobody says one", async () => {
    expect(await drawn('VM Network')).toContain('esx-01 vmnic0 active vmnic0');
    vcenter.edit((reply) =>
      reply.replaceAll(
        /<computedPolicy>.*?<\/computedPolicy>/gs,
        '<computedPolicy><security><macChanges>true</macChanges></security></computedPolicy>',
      ),
    );
    await vcenter.sync();
    expect(await drawn('VM Network')).toContain('esx-01 vmnic0 active vmnic0');
    vcenter.proxy.pass();
    vcenter.edit((reply) => reply.replaceAll(/<nicOrder>.*?<\/nicOrder>/gs, ''));
    await vcenter.sync();
    expect(await drawn('VM Network')).toContain('esx-01 vmnic0 null vmnic0');
  });
});
