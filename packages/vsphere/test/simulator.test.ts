import {
  demoEstate,
  generateEstate,
  smallEstate,
  standaloneEsxiEstate,
  startCuttingProxy,
  startSimulator,
  type Estate,
  type Simulator,
} from '@wirebook/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  EntityType,
  ManagedObject,
  ManagedType,
  ObjectPage,
  PathOf,
  VsphereClient,
} from '../src/index.ts';
import { entityTypes } from '../src/managed-types.ts';
import { all, problem } from './support/fake-vcenter.ts';
import { clientOf } from './support/simulator-client.ts';

/** Names of an estate's VMs, sorted. */
function namesOf({ datacenters }: Estate): string[] {
  return datacenters.flatMap(({ virtualMachines }) => virtualMachines.map(({ name }) => name)).toSorted();
}

function objectsOf<T extends ManagedType, P extends PathOf<T>>(
  pages: ObjectPage<T, P>[],
): ManagedObject<T, P>[] {
  return pages.flatMap(({ objects }) => objects);
}

function isEntityType(name: string): name is EntityType {
  return name in entityTypes;
}

function pathsOf<T extends EntityType>(type: T): PathOf<T>[] {
  return Object.keys(entityTypes[type]).filter((path): path is PathOf<T> => path in entityTypes[type]);
}

const machinePaths = [
  'name',
  'config.instanceUuid',
  'config.hardware.device',
  'config.managedBy',
  'guest.net',
  'guest.ipStack',
  'runtime.host',
  'runtime.connectionState',
  'runtime.powerState',
  'network',
] as const;

describe('a vCenter with every oddity', () => {
  let simulator: Simulator;
  let client: VsphereClient;

  beforeAll(async () => {
    simulator = await startSimulator({ estate: demoEstate() });
    client = clientOf(simulator, simulator.url);
    await client.connect();
  });

  afterAll(async () => {
    await client.close();
    await simulator.stop();
  });

  const machines = async () => {
    const read = objectsOf(
      await all(client.readObjects({ type: 'VirtualMachine', properties: machinePaths, pageSize: 17 })),
    );
    return new Map(read.map((machine) => [machine.props.name, machine]));
  };

  it('is read whole, page by page: every VM of the estate, each once', async () => {
    const expected = namesOf(demoEstate());
    const pages = await all(
      client.readObjects({ type: 'VirtualMachine', properties: ['name'], pageSize: 10 }),
    );
    expect(pages.length).toBe(Math.ceil(expected.length / 10));
    const names = objectsOf(pages).map(({ props }) => String(props.name));
    expect(names.toSorted()).toEqual(expected);
  });

  it('answers for every type and path that this client knows', async () => {
    for (const type of Object.keys(entityTypes).filter(isEntityType)) {
      const pages = await all(client.readObjects({ type, properties: pathsOf(type) }));
      const read = objectsOf(pages);
      expect([type, read.length > 0, pages.at(-1)?.droppedProperties]).toEqual([type, true, []]);
      expect(read.flatMap(({ missing }) => missing)).toEqual([]);
    }
  });

  it('shows the NICs of a VM and what its guest reports', async () => {
    const db = (await machines()).get('sh-db-01');
    expect(db?.ref).toEqual(simulator.morefs.vm('sh-db-01'));
    expect(db?.props['config.hardware.device']?.map(({ $type, key }) => [$type, key])).toEqual([
      ['VirtualVmxnet3', 4000],
      ['VirtualVmxnet3', 4001],
    ]);
    const byKey = new Map(db?.props['guest.net']?.map((nic) => [nic.deviceConfigId, nic]));
    expect([...byKey.keys()]).toEqual([4000, 4001]);
    expect(byKey.get(4000)?.ipConfig?.ipAddress[0]).toMatchObject({ prefixLength: 24, state: 'preferred' });
    expect(db?.props['guest.ipStack']?.[0]?.ipRouteConfig?.ipRoute.length).toBeGreaterThan(0);
    expect(db?.props.network?.length).toBe(2);
  });

  it('shows vCLS VMs without NIC, and VMs whose config cannot be read without one', async () => {
    const read = await machines();
    const vcls = [...read.values()].filter(({ props }) => props.name?.startsWith('vCLS'));
    expect(vcls.length).toBeGreaterThan(0);
    for (const { props } of vcls) {
      expect(props['config.managedBy']?.extensionKey).toBe('com.vmware.vim.eam');
      expect(props['config.hardware.device']).toEqual([]);
    }
    const edge = read.get('sh-edge-01')?.props;
    expect(edge?.['runtime.connectionState']).toBe('disconnected');
    expect(edge).not.toHaveProperty(['config.hardware.device']);
  });

  it('shows VLANs of every kind of distributed group', async () => {
    const properties = [
      'name',
      'config.defaultPortConfig',
      'config.backingType',
      'config.uplink',
      'tag',
    ] as const;
    const groups = objectsOf(
      await all(client.readObjects({ type: 'DistributedVirtualPortgroup', properties })),
    );
    const kinds = new Set(groups.map(({ props }) => props['config.defaultPortConfig']?.vlan?.$type));
    expect(kinds).toContain('VmwareDistributedVirtualSwitchVlanIdSpec');
    expect(kinds).toContain('VmwareDistributedVirtualSwitchTrunkVlanSpec');
    expect(kinds).toContain('VmwareDistributedVirtualSwitchPvlanSpec');
    expect(groups.some(({ props }) => props['config.backingType'] === 'nsx')).toBe(true);
    expect(groups.some(({ props }) => props.tag?.some(({ key }) => key === 'SYSTEM/DVS.UPLINKPG'))).toBe(
      true,
    );
    expect(groups.some(({ props }) => props.name?.includes('%2f'))).toBe(true);
  });

  it('gives the groups of all kinds when asked for networks, each with its own type', async () => {
    const networks = objectsOf(
      await all(client.readObjects({ type: 'Network', properties: ['name', 'host'] })),
    );
    const types = new Set(networks.map(({ ref }) => ref.type));
    expect([...types].toSorted()).toEqual(['DistributedVirtualPortgroup', 'Network', 'OpaqueNetwork']);
  });

  it('tells the neighbours of a host, where it has any', async () => {
    const hints = await client.queryNetworkHints(simulator.morefs.networkSystem('sh-esx-01.corp.example'));
    const neighbours = hints.filter((hint) => hint.connectedSwitchPort ?? hint.lldpInfo);
    expect(neighbours.length).toBeGreaterThan(0);
  });

  it('reads a list, in its pages, without those that are none', async () => {
    const refs = [
      simulator.morefs.vm('sh-db-01'),
      { type: 'VirtualMachine', value: 'vm-999999' },
      simulator.morefs.vm('sh-db-02'),
    ];
    const pages = await all(client.readRefs({ type: 'VirtualMachine', refs, properties: ['name'] }));
    expect(objectsOf(pages).map(({ props }) => props.name)).toEqual(['sh-db-01', 'sh-db-02']);
    expect(pages.flatMap(({ vanished }) => vanished)).toEqual([refs[1]]);
  });
});

describe('a standalone ESXi', () => {
  it('is read like a vCenter, with references that are names', async () => {
    await using simulator = await startSimulator({ estate: standaloneEsxiEstate() });
    const client = clientOf(simulator, simulator.url);
    expect(await client.connect()).toMatchObject({ apiType: 'HostAgent' });
    const properties = ['name', 'network', 'config.hardware.device'] as const;
    const read = objectsOf(await all(client.readObjects({ type: 'VirtualMachine', properties })));
    expect(read.map(({ props }) => String(props.name)).toSorted()).toEqual([
      'branch-cam-gw',
      'branch-files',
      'branch-nvr',
      'branch-old',
      'branch-print',
    ]);
    const networks = objectsOf(await all(client.readObjects({ type: 'Network', properties: ['name'] })));
    expect(networks.map(({ ref }) => ref.value)).toContain('HaNetwork-Cameras');
    const [host] = objectsOf(
      await all(
        client.readObjects({
          type: 'HostSystem',
          properties: ['hardware.systemInfo.uuid', 'config.network.vnic'],
        }),
      ),
    );
    expect(host?.props['hardware.systemInfo.uuid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(host?.props['config.network.vnic']?.[0]?.spec?.ip?.ipAddress).toBe('192.168.50.10');
    await client.close();
  });
});

describe('a small vCenter that fails', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ estate: smallEstate() });
  });

  afterAll(async () => {
    await simulator.stop();
  });

  beforeEach(async () => {
    await simulator.clearFaults();
    await simulator.resetStats();
  });

  const names = async (client: VsphereClient): Promise<(string | undefined)[]> => {
    const pages = await all(
      client.readObjects({ type: 'VirtualMachine', properties: ['name'], pageSize: 2 }),
    );
    return objectsOf(pages).map(({ props }) => props.name);
  };

  it('refuses a wrong password', async () => {
    const wrong = clientOf({ ...simulator, password: 'not-this-one' }, simulator.url);
    expect(await problem(wrong.connect())).toMatchObject({ kind: 'authentication' });
    await wrong.close();
  });

  it('ends all sessions before a read, and the read does not notice', async () => {
    const client = clientOf(simulator, simulator.url);
    await client.connect();
    expect(await simulator.terminateSessions()).toBeGreaterThan(0);
    expect(await names(client)).toHaveLength(5);
    await client.close();
  });

  it('ends all sessions in the middle of a read: each VM comes once all the same', async () => {
    const client = clientOf(simulator, simulator.url);
    await client.connect();
    const seen: string[] = [];
    for await (const page of client.readObjects({
      type: 'VirtualMachine',
      properties: ['name'],
      pageSize: 1,
    })) {
      seen.push(...page.objects.map(({ props }) => String(props.name)));
      if (seen.length === 2) {
        await simulator.terminateSessions();
      }
    }
    expect(seen.toSorted()).toEqual(namesOf(smallEstate()));
    expect((await simulator.stats()).calls['Login']).toBe(2);
    await client.close();
  });

  it('does not know a property: the others come', async () => {
    const client = clientOf(simulator, simulator.url);
    await client.connect();
    await simulator.injectFault({
      method: 'RetrievePropertiesEx',
      fault: 'InvalidProperty',
      fields: { name: 'config.annotation' },
      maxCount: 1,
    });
    const properties = ['name', 'config.annotation'] as const;
    const pages = await all(client.readObjects({ type: 'VirtualMachine', properties }));
    expect(objectsOf(pages)).toHaveLength(5);
    expect(pages[0]?.droppedProperties).toEqual(['config.annotation']);
    await client.close();
  });

  it('leaves no view behind, and no session', async () => {
    const client = clientOf(simulator, simulator.url);
    await client.connect();
    await names(client);
    await client.close();
    expect((await simulator.stats()).calls).toMatchObject({
      CreateContainerView: 1,
      DestroyView: 1,
      Login: 1,
      Logout: 1,
    });
  });

  it('loses connections, cuts, stalls and compresses replies: typed problems, and no half inventory', async () => {
    await using proxy = await startCuttingProxy({ target: simulator });
    const client = clientOf(simulator, proxy.url);
    await client.connect();
    const whenBody = /RetrievePropertiesEx/;
    proxy.use({ kind: 'truncate', afterBytes: 700, framing: 'chunked' }, { whenBody, times: 1 });
    proxy.use({ kind: 'truncate', afterBytes: 700, framing: 'complete' }, { whenBody, times: 1 });
    proxy.use({ kind: 'truncate', afterBytes: 700, framing: 'length' }, { whenBody, times: 1 });
    for (let i = 0; i < 3; i++) {
      expect(await problem(names(client))).toMatchObject({ kind: 'cut-off' });
    }
    proxy.use({ kind: 'reset', afterBytes: 700 }, { whenBody, times: 1 });
    expect(await problem(names(client))).toMatchObject({ kind: 'cut-off' });
    proxy.use({ kind: 'reset' }, { whenBody, times: 1 });
    expect(await problem(names(client))).toMatchObject({ kind: 'connection' });
    proxy.use({ kind: 'gzip' });
    expect(await names(client)).toHaveLength(5);
    proxy.pass();
    proxy.use({ kind: 'stall', afterBytes: 500 }, { whenBody, times: 1 });
    const stop = new AbortController();
    const reading = all(
      client.readObjects({ type: 'VirtualMachine', properties: ['name'], signal: stop.signal }),
    );
    // When the request is recorded the reply can only stall.
    while (!proxy.requests.some(({ body }, i) => whenBody.test(body) && i === proxy.requests.length - 1)) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    stop.abort();
    expect(await problem(reading)).toMatchObject({ kind: 'aborted' });
    proxy.pass();
    expect(await names(client)).toHaveLength(5);
    await client.close();
  });
});

describe('a larger vCenter', () => {
  it('from which VMs vanish during the read gives all the others', async () => {
    const estate = generateEstate({ vms: 300, hosts: 6, portGroups: 12, seed: 7 });
    await using simulator = await startSimulator({ estate });
    const client = clientOf(simulator, simulator.url);
    await client.connect();
    const read = () =>
      all(client.readObjects({ type: 'VirtualMachine', properties: ['name'], pageSize: 50 }));
    const before = objectsOf(await read()).map(({ ref }) => ref);
    expect(before).toHaveLength(300);
    const lost = before.slice(100, 110);
    await simulator.removeObjectsAtCall({ method: 'ContinueRetrievePropertiesEx', objects: lost });
    const pages = await read();
    const seen = new Set(objectsOf(pages).map(({ ref }) => ref.value));
    const left = before.filter((ref) => !lost.includes(ref));
    expect(left.filter(({ value }) => !seen.has(value))).toEqual([]);
    expect(objectsOf(pages)).toHaveLength(seen.size);
    // Their references still name them, and by list they are told as vanished.
    const listed = await all(
      client.readRefs({ type: 'VirtualMachine', refs: before, properties: ['name'], pageSize: 100 }),
    );
    expect(listed.flatMap(({ vanished }) => vanished)).toEqual(lost);
    expect(objectsOf(listed)).toHaveLength(290);
    await client.close();
  });
});
