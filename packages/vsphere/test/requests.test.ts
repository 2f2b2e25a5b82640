import { describe, expect, it } from 'vitest';
import {
  addCard,
  decodeName,
  encodeName,
  growDisk,
  isPluggedInto,
  removeCard,
  rewireCard,
  type EthernetCard,
  type NicBacking,
  type VirtualDiskDevice,
} from '../src/index.ts';
import { writeRequest } from '../src/request-writer.ts';
import { fault, response } from './support/envelope.ts';
import { problem, startFakeVcenter } from './support/fake-vcenter.ts';

const vm = { type: 'VirtualMachine', value: 'vm-12' };
const folder = { type: 'Folder', value: 'group-v3' };

/** What a request says inside its method's element, after the target. */
function inside(body: string): string {
  return /<\/_this>(.*)<\/[A-Za-z_]+><\/soapenv:Body>/s.exec(body)?.[1] ?? body;
}

const card: EthernetCard = {
  $type: 'VirtualVmxnet3',
  key: 4000,
  backing: {
    $type: 'VirtualEthernetCardNetworkBackingInfo',
    deviceName: 'VM Network',
    network: { type: 'Network', value: 'network-7' },
  },
  connectable: { startConnected: false, connected: false },
  controllerKey: 100,
  unitNumber: 7,
  addressType: 'manual',
  macAddress: '00:50:56:00:00:07',
};

const distributed: NicBacking = {
  $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo',
  port: { switchUuid: '50 2e', portgroupKey: 'dvportgroup-7' },
};

describe('a request to clone', () => {
  it('has its elements in schema order, derived types named, whatever order they were given in', () => {
    const change = rewireCard(card, distributed, 'assign');
    const { body } = writeRequest('CloneVM_Task', vm, {
      spec: {
        powerOn: false,
        template: false,
        config: { extraConfig: [{ value: 'a & b', key: 'wirebook.operation' }], numCPUs: 2, memoryMB: 4096 },
        location: {
          ...(change === null ? {} : { deviceChange: [change] }),
          host: { type: 'HostSystem', value: 'host-9' },
          pool: { type: 'ResourcePool', value: 'resgroup-8' },
          datastore: { type: 'Datastore', value: 'datastore-5' },
          diskMoveType: 'createNewChildDiskBacking',
        },
        snapshot: { type: 'VirtualMachineSnapshot', value: 'snapshot-3' },
      },
      name: encodeName('web/1'),
      folder,
    });
    expect(inside(body)).toBe(
      '<folder type="Folder">group-v3</folder><name>web%2f1</name><spec><location><datastore type="Datastore">datastore-5</datastore>' +
        '<diskMoveType>createNewChildDiskBacking</diskMoveType><pool type="ResourcePool">resgroup-8</pool><host type="HostSystem">host-9</host>' +
        '<deviceChange><operation>edit</operation><device xsi:type="VirtualVmxnet3"><key>4000</key><backing xsi:type="VirtualEthernetCardDistributedVirtualPortBackingInfo">' +
        '<port><switchUuid>50 2e</switchUuid><portgroupKey>dvportgroup-7</portgroupKey></port></backing>' +
        '<connectable><startConnected>true</startConnected><allowGuestControl>true</allowGuestControl><connected>true</connected></connectable>' +
        '<controllerKey>100</controllerKey><unitNumber>7</unitNumber><addressType>assigned</addressType></device></deviceChange></location>' +
        '<template>false</template><config><numCPUs>2</numCPUs><memoryMB>4096</memoryMB><extraConfig><key>wirebook.operation</key><value xsi:type="xsd:string">a &amp; b</value></extraConfig></config>' +
        '<powerOn>false</powerOn><snapshot type="VirtualMachineSnapshot">snapshot-3</snapshot></spec>',
    );
    expect(body).toContain('xmlns:xsd="http://www.w3.org/2001/XMLSchema"');
  });
});

describe('changes of devices', () => {
  it('keep the MAC of a NIC that is plugged in elsewhere, and add and remove NICs', () => {
    const opaque: NicBacking = {
      $type: 'VirtualEthernetCardOpaqueNetworkBackingInfo',
      opaqueNetworkType: 'nsx.LogicalSwitch',
      opaqueNetworkId: 'o-1',
    };
    const added = addCard({
      key: -1,
      model: 'VirtualE1000e',
      backing: opaque,
      macAddress: '00:50:56:00:00:09',
    });
    const deviceChange = [rewireCard(card, distributed, 'keep'), added, removeCard(card)].filter(
      (c) => c !== null,
    );
    const { body } = writeRequest('ReconfigVM_Task', vm, { spec: { deviceChange } });
    expect(inside(body)).toContain(
      '<addressType>manual</addressType><macAddress>00:50:56:00:00:07</macAddress></device></deviceChange>' +
        '<deviceChange><operation>add</operation><device xsi:type="VirtualE1000e"><key>-1</key><backing xsi:type="VirtualEthernetCardOpaqueNetworkBackingInfo"><opaqueNetworkId>o-1</opaqueNetworkId><opaqueNetworkType>nsx.LogicalSwitch</opaqueNetworkType></backing>' +
        '<connectable><startConnected>true</startConnected><allowGuestControl>true</allowGuestControl><connected>true</connected></connectable><addressType>manual</addressType><macAddress>00:50:56:00:00:09</macAddress></device></deviceChange>' +
        '<deviceChange><operation>remove</operation><device xsi:type="VirtualVmxnet3"><key>4000</key></device></deviceChange>',
    );
  });

  it('grow a disk in its file, and no other', () => {
    const disk: VirtualDiskDevice = {
      $type: 'VirtualDisk',
      key: 2000,
      controllerKey: 1000,
      unitNumber: 0,
      capacityInKB: 16 * 1024 ** 2,
      backing: {
        $type: 'VirtualDiskFlatVer2BackingInfo',
        fileName: '[ds] a/a.vmdk',
        datastore: { type: 'Datastore', value: 'datastore-5' },
        diskMode: 'persistent',
        thinProvisioned: true,
      },
    };
    const change = growDisk(disk, 40 * 1024 ** 3);
    const { body } = writeRequest('ReconfigVM_Task', vm, {
      spec: { deviceChange: change === null ? [] : [change] },
    });
    expect(inside(body)).toBe(
      '<spec><deviceChange><operation>edit</operation><device xsi:type="VirtualDisk"><key>2000</key><backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName>[ds] a/a.vmdk</fileName><datastore type="Datastore">datastore-5</datastore><diskMode>persistent</diskMode></backing>' +
        '<controllerKey>1000</controllerKey><unitNumber>0</unitNumber><capacityInKB>41943040</capacityInKB><capacityInBytes>42949672960</capacityInBytes></device></deviceChange></spec>',
    );
    const raw = { $type: 'VirtualDiskRawDiskMappingVer1BackingInfo', fileName: '[ds] a/r.vmdk' } as const;
    expect(growDisk({ ...disk, backing: raw }, 1)).toBeNull();
  });

  it('are not made for cards of models never heard of', () => {
    const odd = { ...card, $type: 'VirtualHyperNic9' };
    expect(rewireCard(odd, distributed, 'keep')).toBeNull();
    expect(removeCard(odd)).toBeNull();
  });

  it('are compared with what is read afterwards', () => {
    const standard: NicBacking = { $type: 'VirtualEthernetCardNetworkBackingInfo', deviceName: 'VM Network' };
    expect(isPluggedInto(card, standard)).toBe(true);
    expect(isPluggedInto(card, { ...standard, network: { type: 'Network', value: 'network-7' } })).toBe(true);
    expect(isPluggedInto(card, { ...standard, network: { type: 'Network', value: 'network-8' } })).toBe(
      false,
    );
    expect(isPluggedInto(card, { ...standard, deviceName: 'VM' })).toBe(false);
    expect(isPluggedInto(card, distributed)).toBe(false);
    const port = { switchUuid: '50 2e', portgroupKey: 'dvportgroup-7', portKey: '3' };
    const plugged = { backing: { $type: distributed.$type, port } };
    expect(isPluggedInto(plugged, distributed)).toBe(true);
    expect(
      isPluggedInto({ backing: { ...plugged.backing, port: { ...port, portgroupKey: 'x' } } }, distributed),
    ).toBe(false);
    expect(isPluggedInto({}, distributed)).toBe(false);
  });

  it('name groups with slashes and per cents, escaped or not', () => {
    expect(encodeName('a/b\\c%d')).toBe('a%2fb%5cc%25d');
    expect(decodeName(encodeName('a/b\\c%d'))).toBe('a/b\\c%d');
    expect(decodeName('50% off')).toBe('50% off');
  });
});

describe('a customization', () => {
  it('says all that a Windows guest is told, in schema order', () => {
    const { body, secrets } = writeRequest('CustomizeVM_Task', vm, {
      spec: {
        nicSettingMap: [
          {
            adapter: {
              ip: { $type: 'CustomizationFixedIp', ipAddress: '10.1.2.3' },
              subnetMask: '255.255.255.0',
              gateway: ['10.1.2.1'],
              dnsServerList: ['10.1.2.53'],
              dnsDomain: 'corp.example',
              ipV6Spec: {
                gateway: ['2001:db8::1'],
                ip: [{ $type: 'CustomizationFixedIpV6', ipAddress: '2001:db8::3', subnetMask: 64 }],
              },
            },
            macAddress: '00:50:56:00:00:07',
          },
          { adapter: { ip: { $type: 'CustomizationDhcpIpGenerator' } } },
        ],
        globalIPSettings: {},
        identity: {
          $type: 'CustomizationSysprep',
          identification: {
            joinDomain: 'corp.example',
            domainAdmin: 'joiner',
            domainAdminPassword: { value: 'dom<ain>-secret', plainText: true },
          },
          userData: {
            productId: '',
            computerName: { $type: 'CustomizationFixedName', name: 'win-1' },
            fullName: 'IT',
            orgName: 'Corp',
          },
          guiRunOnce: { commandList: ['cmd /c a', 'cmd /c b'] },
          guiUnattended: {
            password: { value: 'admin-secret', plainText: true },
            timeZone: 210,
            autoLogon: true,
            autoLogonCount: 1,
          },
        },
        options: {
          $type: 'CustomizationWinOptions',
          changeSID: true,
          deleteAccounts: false,
          reboot: 'reboot',
        },
      },
    });
    expect(inside(body)).toBe(
      '<spec><options xsi:type="CustomizationWinOptions"><changeSID>true</changeSID><deleteAccounts>false</deleteAccounts><reboot>reboot</reboot></options>' +
        '<identity xsi:type="CustomizationSysprep"><guiUnattended><password><value>admin-secret</value><plainText>true</plainText></password><timeZone>210</timeZone><autoLogon>true</autoLogon><autoLogonCount>1</autoLogonCount></guiUnattended>' +
        '<userData><fullName>IT</fullName><orgName>Corp</orgName><computerName xsi:type="CustomizationFixedName"><name>win-1</name></computerName><productId></productId></userData>' +
        '<guiRunOnce><commandList>cmd /c a</commandList><commandList>cmd /c b</commandList></guiRunOnce>' +
        '<identification><joinDomain>corp.example</joinDomain><domainAdmin>joiner</domainAdmin><domainAdminPassword><value>dom&lt;ain&gt;-secret</value><plainText>true</plainText></domainAdminPassword></identification></identity>' +
        '<globalIPSettings></globalIPSettings>' +
        '<nicSettingMap><macAddress>00:50:56:00:00:07</macAddress><adapter><ip xsi:type="CustomizationFixedIp"><ipAddress>10.1.2.3</ipAddress></ip><subnetMask>255.255.255.0</subnetMask><gateway>10.1.2.1</gateway>' +
        '<ipV6Spec><ip xsi:type="CustomizationFixedIpV6"><ipAddress>2001:db8::3</ipAddress><subnetMask>64</subnetMask></ip><gateway>2001:db8::1</gateway></ipV6Spec><dnsServerList>10.1.2.53</dnsServerList><dnsDomain>corp.example</dnsDomain></adapter></nicSettingMap>' +
        '<nicSettingMap><adapter><ip xsi:type="CustomizationDhcpIpGenerator"></ip></adapter></nicSettingMap></spec>',
    );
    expect(secrets).toEqual(['admin-secret', '', 'cmd /c a', 'cmd /c b', 'dom<ain>-secret']);
  });

  it('says what a Linux guest and cloud-init are told', () => {
    const linux = writeRequest('CustomizeVM_Task', vm, {
      spec: {
        identity: {
          $type: 'CustomizationLinuxPrep',
          domain: 'corp.example',
          hostName: { $type: 'CustomizationVirtualMachineName' },
          hwClockUTC: true,
          timeZone: 'Asia/Shanghai',
        },
        globalIPSettings: { dnsServerList: ['10.1.2.53'], dnsSuffixList: ['corp.example'] },
      },
    });
    expect(inside(linux.body)).toBe(
      '<spec><identity xsi:type="CustomizationLinuxPrep"><hostName xsi:type="CustomizationVirtualMachineName"></hostName><domain>corp.example</domain><timeZone>Asia/Shanghai</timeZone><hwClockUTC>true</hwClockUTC></identity>' +
        '<globalIPSettings><dnsSuffixList>corp.example</dnsSuffixList><dnsServerList>10.1.2.53</dnsServerList></globalIPSettings></spec>',
    );
    const cloud = writeRequest('CustomizeVM_Task', vm, {
      spec: {
        identity: { $type: 'CustomizationCloudinitPrep', metadata: 'meta', userdata: 'user' },
        globalIPSettings: {},
      },
    });
    expect(cloud.secrets).toEqual(['meta', 'user']);
  });
});

describe('a request that cannot be written', () => {
  it('is a mistake of the program, told by the name of the element alone', () => {
    const spec = { numCPUs: 1.5 };
    expect(() => writeRequest('ReconfigVM_Task', vm, { spec })).toThrow('numCPUs is no whole number');
  });
});

describe('secrets in a request', () => {
  const userdata = '#cloud-config\npassword: "hunter<2>"\nssh_pwauth: true\n';
  const encoded = Buffer.from(userdata).toString('base64');
  const reconfigure = {
    spec: {
      extraConfig: [
        { key: 'guestinfo.userdata', value: encoded },
        { key: 'guestinfo.userdata.encoding', value: 'base64' },
        { key: 'wirebook.operation', value: 'marker-1' },
      ],
    },
  };
  const customize = {
    spec: {
      identity: { $type: 'CustomizationCloudinitPrep', metadata: 'instance-id: abcdef', userdata },
      globalIPSettings: {},
    },
  } as const;

  it('never come back in a fault, in whatever form the server repeats them', async () => {
    const words = [
      `Bad value ${encoded} for guestinfo.userdata (base64), marker-1`,
      `Bad identity: ${userdata.replaceAll('<', '&lt;')} instance-id: abcdef`,
      'Line 2: password: "hunter&lt;2&gt;" is no good',
      `It ends in ${encoded.slice(0, 20)}`,
    ];
    const detail = `<invalidProperty>spec.${encoded}</invalidProperty><name>${encoded}</name><faultMessage><key>x</key><message>${encoded}</message></faultMessage>`;
    await using server = await startFakeVcenter(({ method }) =>
      method === 'ReconfigVM_Task' || method === 'CustomizeVM_Task'
        ? { status: 500, body: fault('InvalidArgument', detail, words.shift() ?? '') }
        : undefined,
    );
    const client = server.client();
    await client.connect();
    const told = [
      await problem(client.call('ReconfigVM_Task', vm, reconfigure)),
      await problem(client.call('CustomizeVM_Task', vm, customize)),
      await problem(client.call('CustomizeVM_Task', vm, customize)),
      await problem(client.call('ReconfigVM_Task', vm, reconfigure)),
    ];
    expect(told[0]).toMatchObject({
      fault: {
        faultString: 'Bad value *** for guestinfo.userdata (base64), marker-1',
        property: 'spec.***',
        name: '***',
        details: ['***'],
      },
    });
    expect(told[1]).toMatchObject({ fault: { faultString: 'Bad identity: *** ***' } });
    expect(told[2]).toMatchObject({ fault: { faultString: 'Line 2: *** is no good' } });
    expect(told[3]).toMatchObject({ fault: { faultString: 'It ends in ***' } });
    expect(JSON.stringify(told.slice(0, 1))).not.toContain(encoded.slice(0, 8));
    expect(JSON.stringify(told)).not.toContain('hunter');
  });

  it('never come back in the excerpt of a reply that is none', async () => {
    await using server = await startFakeVcenter(({ method, body }) =>
      method === 'CustomizeVM_Task'
        ? { body: `You sent ${body.slice(body.indexOf('<metadata>'))}` }
        : undefined,
    );
    const client = server.client();
    await client.connect();
    const told = await problem(client.call('CustomizeVM_Task', vm, customize));
    expect(told).toMatchObject({ kind: 'malformed' });
    expect(JSON.stringify(told)).toContain('You sent');
    expect(JSON.stringify(told)).not.toMatch(/hunter|abcdef|ssh_pwauth/);
  });
});

describe('replies', () => {
  it('to PlaceVm hold recommendations with the host, and why there is none', async () => {
    const action =
      '<action xsi:type="PlacementAction"><type>PlacementV1</type><target type="VirtualMachine">vm-12</target><vm type="VirtualMachine">vm-12</vm><targetHost type="HostSystem">host-9</targetHost><relocateSpec><datastore type="Datastore">datastore-5</datastore><pool type="ResourcePool">resgroup-8</pool><host type="HostSystem">host-9</host></relocateSpec></action>';
    const recommendation = `<recommendations><key>1</key><type>V1</type><time>2026-11-22T10:00:00Z</time><rating>4</rating><reason>xvmotionPlacement</reason><reasonText>Satisfies it</reasonText>${action}<action xsi:type="ClusterMigrationAction"><type>x</type></action><target type="ClusterComputeResource">domain-c7</target></recommendations>`;
    const drsFault =
      '<drsFault><reason>xvmotionPlacement</reason><faultsByVm xsi:type="ClusterDrsFaultsFaultsByVm"><vm type="VirtualMachine">vm-12</vm><fault><fault xsi:type="InsufficientMemoryResourcesFault"><unreserved>1</unreserved><requested>2</requested></fault><localizedMessage>No room.</localizedMessage></fault></faultsByVm></drsFault>';
    await using server = await startFakeVcenter(({ method }) =>
      method === 'PlaceVm'
        ? response('PlaceVm', `<returnval>${recommendation}${drsFault}</returnval>`)
        : undefined,
    );
    const client = server.client();
    await client.connect();
    const cluster = { type: 'ClusterComputeResource', value: 'domain-c7' };
    const hosts = [{ type: 'HostSystem', value: 'host-9' }];
    const { returnval } = await client.call('PlaceVm', cluster, {
      placementSpec: { placementType: 'clone', vm, hosts, cloneName: 'new-1' },
    });
    expect(inside(server.requests.at(-1)?.body ?? '')).toBe(
      '<placementSpec><vm type="VirtualMachine">vm-12</vm><hosts type="HostSystem">host-9</hosts><placementType>clone</placementType><cloneName>new-1</cloneName></placementSpec>',
    );
    expect(returnval.recommendations).toEqual([
      {
        key: '1',
        type: 'V1',
        rating: 4,
        reason: 'xvmotionPlacement',
        reasonText: 'Satisfies it',
        target: cluster,
        action: [
          {
            $type: 'PlacementAction',
            vm,
            targetHost: hosts[0],
            relocateSpec: {
              host: hosts[0],
              datastore: { type: 'Datastore', value: 'datastore-5' },
              pool: { type: 'ResourcePool', value: 'resgroup-8' },
            },
          },
          { $type: 'other', typeName: 'ClusterMigrationAction' },
        ],
      },
    ]);
    expect(returnval.drsFault?.faultsByVm).toMatchObject([
      { vm, fault: [{ fault: { $type: 'InsufficientMemoryResourcesFault' }, localizedMessage: 'No room.' }] },
    ]);
  });

  it('to QueryEvents hold events of every kind, with the reason of a failed customization', async () => {
    const event = (type: string, key: number, more: string): string =>
      `<returnval xsi:type="${type}"><key>${key}</key><chainId>9</chainId><createdTime>2026-11-22T10:00:0${key}Z</createdTime><userName></userName><host><name>esx</name><host type="HostSystem">host-9</host></host><vm><name>new-1</name><vm type="VirtualMachine">vm-12</vm></vm><fullFormattedMessage>m${key}</fullFormattedMessage>${more}</returnval>`;
    const events =
      event(
        'CustomizationStartedEvent',
        1,
        '<logLocation>/var/log/vmware-imc/toolsDeployPkg.log</logLocation>',
      ) +
      event('CustomizationNetworkSetupFailed', 2, '<logLocation>l</logLocation><reason>no NIC</reason>') +
      event(
        'CustomizationSysprepFailed',
        3,
        '<sysprepVersion>5</sysprepVersion><systemVersion>6</systemVersion>',
      ) +
      event('VmPoweredOnEvent', 4, '<template>false</template>') +
      event('EventOfTheFuture', 5, '<reason><deep>1</deep></reason>');
    await using server = await startFakeVcenter(({ method }) =>
      method === 'QueryEvents' ? response('QueryEvents', events) : undefined,
    );
    const client = server.client();
    await client.connect();
    const manager = { type: 'EventManager', value: 'EventManager' };
    const { returnval } = await client.call('QueryEvents', manager, {
      filter: {
        eventTypeId: ['CustomizationFailed', 'CustomizationSucceeded'],
        time: { beginTime: '2026-11-22T10:00:00Z' },
        entity: { entity: vm, recursion: 'self' },
      },
    });
    expect(inside(server.requests.at(-1)?.body ?? '')).toBe(
      '<filter><entity><entity type="VirtualMachine">vm-12</entity><recursion>self</recursion></entity><time><beginTime>2026-11-22T10:00:00Z</beginTime></time>' +
        '<eventTypeId>CustomizationFailed</eventTypeId><eventTypeId>CustomizationSucceeded</eventTypeId></filter>',
    );
    const base = (key: number) => ({
      key,
      chainId: 9,
      createdTime: `2026-11-22T10:00:0${key}Z`,
      userName: '',
      fullFormattedMessage: `m${key}`,
      vm: { name: 'new-1', vm },
    });
    expect(returnval).toEqual([
      {
        $type: 'CustomizationStartedEvent',
        ...base(1),
        logLocation: '/var/log/vmware-imc/toolsDeployPkg.log',
      },
      { $type: 'CustomizationNetworkSetupFailed', ...base(2), logLocation: 'l', reason: 'no NIC' },
      { $type: 'CustomizationSysprepFailed', ...base(3), sysprepVersion: '5', systemVersion: '6' },
      { $type: 'other', typeName: 'VmPoweredOnEvent', ...base(4) },
      { $type: 'other', typeName: 'EventOfTheFuture', ...base(5) },
    ]);
  });

  it('that name no task are refused', async () => {
    await using server = await startFakeVcenter(({ method }) =>
      method === 'Destroy_Task' ? response('Destroy_Task', '') : undefined,
    );
    const client = server.client();
    await client.connect();
    expect(await problem(client.call('Destroy_Task', vm, {}))).toMatchObject({ kind: 'malformed' });
  });
});
