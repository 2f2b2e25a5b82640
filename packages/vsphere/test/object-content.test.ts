import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../src/decoder.ts';
import { defaultLimits } from '../src/limits.ts';
import { managedTypes } from '../src/managed-types.ts';
import { XmlScanner } from '../src/scanner.ts';
import { object } from '../src/shape.ts';
import { WordTable } from '../src/words.ts';
import { content, envelope, missing, response, stringVal } from './support/envelope.ts';
import { decode, propsOf } from './support/properties.ts';
import { problemOf, splits } from './support/scan.ts';

const nic = (model: string, inside: string): string =>
  `<VirtualDevice xsi:type="${model}"><key>4000</key><deviceInfo><label>Network adapter 1</label><summary>s</summary></deviceInfo>${inside}<controllerKey>100</controllerKey><unitNumber>7</unitNumber></VirtualDevice>`;

const guestNic = (tag: string): string =>
  `<${tag}><network>web</network><ipAddress>10.1.2.3</ipAddress><ipAddress>fe80::1</ipAddress><macAddress>00:50:56:AA:BB:CC</macAddress><connected>true</connected><deviceConfigId>4000</deviceConfigId>` +
  '<dnsConfig><dhcp>false</dhcp><hostName>web-1</hostName><domainName>example.org</domainName><ipAddress>8.8.8.8</ipAddress><searchDomain>example.org</searchDomain></dnsConfig>' +
  `<ipConfig><ipAddress><ipAddress>10.1.2.3</ipAddress><prefixLength>24</prefixLength><state>preferred</state></ipAddress><ipAddress><ipAddress>fe80::1</ipAddress><prefixLength>64</prefixLength><origin>linklayer</origin><state>preferred</state></ipAddress></ipConfig></${tag}>`;

const guestNicRead = {
  network: 'web',
  ipAddress: ['10.1.2.3', 'fe80::1'],
  macAddress: '00:50:56:AA:BB:CC',
  connected: true,
  deviceConfigId: 4000,
  dnsConfig: {
    dhcp: false,
    hostName: 'web-1',
    domainName: 'example.org',
    ipAddress: ['8.8.8.8'],
    searchDomain: ['example.org'],
  },
  ipConfig: {
    ipAddress: [
      { ipAddress: '10.1.2.3', prefixLength: 24, state: 'preferred' },
      { ipAddress: 'fe80::1', prefixLength: 64, origin: 'linklayer', state: 'preferred' },
    ],
  },
};

describe('values of properties', () => {
  it('reads a reference whose type attribute stands before xsi:type or after it', () => {
    expect(
      propsOf('VirtualMachine', {
        parent: '<val type="Folder" xsi:type="ManagedObjectReference">group-v3</val>',
        'runtime.host': `<val xsi:type='ManagedObjectReference' type='HostSystem'>host-10</val>`,
        network:
          '<val xsi:type="ArrayOfManagedObjectReference"><ManagedObjectReference type="Network" xsi:type="ManagedObjectReference">network-1</ManagedObjectReference><ManagedObjectReference xsi:type="ManagedObjectReference" type="DistributedVirtualPortgroup">dvportgroup-2</ManagedObjectReference></val>',
      }),
    ).toEqual({
      parent: { type: 'Folder', value: 'group-v3' },
      'runtime.host': { type: 'HostSystem', value: 'host-10' },
      network: [
        { type: 'Network', value: 'network-1' },
        { type: 'DistributedVirtualPortgroup', value: 'dvportgroup-2' },
      ],
    });
  });

  it('knows xsi:type by its namespace, under whatever prefix', () => {
    const device =
      '<val xmlns:_XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" _XMLSchema-instance:type="ArrayOfVirtualDevice">' +
      '<VirtualDevice _XMLSchema-instance:type="VirtualVmxnet3" type="Trap"><key>4000</key><backing _XMLSchema-instance:type="vim25:VirtualEthernetCardOpaqueNetworkBackingInfo"><opaqueNetworkId>o-1</opaqueNetworkId><opaqueNetworkType>nsx.LogicalSwitch</opaqueNetworkType></backing><macAddress>00:50:56:00:00:01</macAddress></VirtualDevice></val>';
    expect(propsOf('VirtualMachine', { 'config.hardware.device': device })).toEqual({
      'config.hardware.device': [
        {
          $type: 'VirtualVmxnet3',
          key: 4000,
          macAddress: '00:50:56:00:00:01',
          backing: {
            $type: 'VirtualEthernetCardOpaqueNetworkBackingInfo',
            opaqueNetworkId: 'o-1',
            opaqueNetworkType: 'nsx.LogicalSwitch',
          },
        },
      ],
    });
  });

  it('reads an empty list as a list and an empty string as a string', () => {
    expect(
      propsOf('VirtualMachine', {
        network: '<val xsi:type="ArrayOfManagedObjectReference"></val>',
        'guest.net': '<val xsi:type="ArrayOfGuestNicInfo"/>',
        'config.annotation': stringVal(''),
        'guest.toolsRunningStatus': '<val xsi:type="xsd:string"/>',
      }),
    ).toEqual({ network: [], 'guest.net': [], 'config.annotation': '', 'guest.toolsRunningStatus': '' });
  });

  it('leaves out what is named without a value, nil, not a number or not a truth value', () => {
    expect(
      propsOf('VirtualMachine', {
        name: '',
        parent: '<val xsi:nil="true"/>',
        'config.template': '<val xsi:type="xsd:boolean"></val>',
        resourcePool: '<val type="ResourcePool" xsi:type="ManagedObjectReference"></val>',
      }),
    ).toEqual({});
    expect(propsOf('DistributedVirtualSwitch', { 'config.maxMtu': '<val xsi:type="xsd:int"/>' })).toEqual({});
  });

  it('reads truth values in both spellings and numbers', () => {
    expect(propsOf('VirtualMachine', { 'config.template': '<val xsi:type="xsd:boolean">1</val>' })).toEqual({
      'config.template': true,
    });
    expect(
      propsOf('VirtualMachine', { 'config.template': '<val xsi:type="xsd:boolean">false</val>' }),
    ).toEqual({
      'config.template': false,
    });
    expect(
      propsOf('DistributedVirtualSwitch', { 'config.maxMtu': '<val xsi:type="xsd:int">9000</val>' }),
    ).toEqual({
      'config.maxMtu': 9000,
    });
  });

  it('skips properties that nobody asked for', () => {
    expect(propsOf('Folder', { name: stringVal('vm'), childEntity: '<val><a><b/></a></val>' })).toEqual({
      name: 'vm',
    });
  });

  it('keeps the virtual NICs of the devices, of whatever model, and of unknown types those with a MAC', () => {
    const device = `<val xsi:type="ArrayOfVirtualDevice">${[
      '<VirtualDevice xsi:type="VirtualDisk"><key>2000</key><backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName>[a] b</fileName></backing></VirtualDevice>',
      nic(
        'VirtualE1000',
        '<backing xsi:type="VirtualEthernetCardNetworkBackingInfo"><deviceName>VM Network</deviceName><network type="Network">network-7</network></backing><connectable><migrateConnect>unset</migrateConnect><startConnected>true</startConnected><connected>false</connected><status>untried</status></connectable><addressType>manual</addressType><macAddress>00:0C:29:00:00:01</macAddress><externalId>e</externalId>',
      ),
      nic('VirtualSriovEthernetCard', '<addressType>assigned</addressType>'),
      nic(
        'VirtualHyperNic9',
        '<macAddress>00:50:56:00:00:09</macAddress><backing xsi:type="VirtualHyperBacking"><x>1</x></backing>',
      ),
      nic('VirtualFridge', ''),
    ].join('')}</val>`;
    const common = {
      key: 4000,
      deviceInfo: { label: 'Network adapter 1' },
      controllerKey: 100,
      unitNumber: 7,
    };
    expect(propsOf('VirtualMachine', { 'config.hardware.device': device })['config.hardware.device']).toEqual(
      [
        {
          $type: 'VirtualE1000',
          ...common,
          backing: {
            $type: 'VirtualEthernetCardNetworkBackingInfo',
            deviceName: 'VM Network',
            network: { type: 'Network', value: 'network-7' },
          },
          connectable: { startConnected: true, connected: false, status: 'untried' },
          addressType: 'manual',
          macAddress: '00:0C:29:00:00:01',
          externalId: 'e',
        },
        { $type: 'VirtualSriovEthernetCard', ...common, addressType: 'assigned' },
        {
          $type: 'VirtualHyperNic9',
          ...common,
          macAddress: '00:50:56:00:00:09',
          backing: { $type: 'other', typeName: 'VirtualHyperBacking' },
        },
      ],
    );
  });

  it('reads guest.net alone as it reads it inside guest, and takes no DNS server for an address', () => {
    const alone = propsOf('VirtualMachine', {
      'guest.net': `<val xsi:type="ArrayOfGuestNicInfo">${guestNic('GuestNicInfo')}${guestNic('GuestNicInfo')}</val>`,
    });
    expect(alone).toEqual({ 'guest.net': [guestNicRead, guestNicRead] });
    const guest = object({ net: managedTypes.VirtualMachine['guest.net'] });
    const handler = decodeDocument('val', guest);
    const scanner = new XmlScanner(handler, defaultLimits, new WordTable(8));
    scanner.write(
      Buffer.from(
        `<val xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="GuestInfo"><toolsStatus>toolsOk</toolsStatus>${guestNic('net')}<guestState>running</guestState>${guestNic('net')}</val>`,
      ),
    );
    scanner.end();
    expect(handler.result()).toEqual({ net: [guestNicRead, guestNicRead] });
  });

  it('takes a list value that is no ArrayOf for its one item', () => {
    const net = guestNic('val').replace('<val>', '<val xsi:type="GuestNicInfo">');
    expect(propsOf('VirtualMachine', { 'guest.net': net })).toEqual({ 'guest.net': [guestNicRead] });
  });

  it('reads routes with and without a gateway', () => {
    const stack =
      '<val xsi:type="ArrayOfGuestStackInfo"><GuestStackInfo><dnsConfig><dhcp>true</dhcp><hostName>a</hostName><domainName></domainName></dnsConfig><ipRouteConfig><ipRoute><network>0.0.0.0</network><prefixLength>0</prefixLength><gateway><ipAddress>10.1.2.1</ipAddress><device>0</device></gateway></ipRoute><ipRoute><network>10.1.2.0</network><prefixLength>24</prefixLength><gateway><device>0</device></gateway></ipRoute></ipRouteConfig><dhcpConfig><ipv4><enable>true</enable></ipv4></dhcpConfig></GuestStackInfo></val>';
    expect(propsOf('VirtualMachine', { 'guest.ipStack': stack })['guest.ipStack']).toEqual([
      {
        dnsConfig: { dhcp: true, hostName: 'a', domainName: '', ipAddress: [], searchDomain: [] },
        ipRouteConfig: {
          ipRoute: [
            { network: '0.0.0.0', prefixLength: 0, gateway: { ipAddress: '10.1.2.1', device: '0' } },
            { network: '10.1.2.0', prefixLength: 24, gateway: { device: '0' } },
          ],
        },
        dhcpConfig: { ipv4: { enable: true } },
      },
    ]);
  });

  it.each([
    [
      '<vlan xsi:type="VmwareDistributedVirtualSwitchVlanIdSpec"><inherited>false</inherited><vlanId>120</vlanId></vlan>',
      { $type: 'VmwareDistributedVirtualSwitchVlanIdSpec', inherited: false, vlanId: 120 },
    ],
    [
      '<vlan xsi:type="VmwareDistributedVirtualSwitchTrunkVlanSpec"><inherited>true</inherited><vlanId><start>0</start><end>10</end></vlanId><vlanId><start>20</start><end>4094</end></vlanId></vlan>',
      {
        $type: 'VmwareDistributedVirtualSwitchTrunkVlanSpec',
        inherited: true,
        vlanId: [
          { start: 0, end: 10 },
          { start: 20, end: 4094 },
        ],
      },
    ],
    [
      '<vlan xsi:type="VmwareDistributedVirtualSwitchPvlanSpec"><inherited>false</inherited><pvlanId>201</pvlanId></vlan>',
      { $type: 'VmwareDistributedVirtualSwitchPvlanSpec', inherited: false, pvlanId: 201 },
    ],
    [
      '<vlan xsi:type="VlanOfTheFuture"><vlanId>x</vlanId></vlan>',
      { $type: 'other', typeName: 'VlanOfTheFuture' },
    ],
  ])('reads the VLAN %s', (vlan, expected) => {
    const val = `<val xsi:type="VMwareDVSPortSetting"><blocked><inherited>false</inherited><value>false</value></blocked>${vlan}<securityPolicy><inherited>false</inherited><allowPromiscuous><inherited>true</inherited><value>true</value></allowPromiscuous></securityPolicy><macManagementPolicy><inherited>false</inherited><allowPromiscuous>true</allowPromiscuous><macChanges>false</macChanges><forgedTransmits>true</forgedTransmits><macLearningPolicy><enabled>true</enabled></macLearningPolicy></macManagementPolicy></val>`;
    expect(propsOf('DistributedVirtualPortgroup', { 'config.defaultPortConfig': val })).toEqual({
      'config.defaultPortConfig': {
        $type: 'VMwareDVSPortSetting',
        blocked: { inherited: false, value: false },
        vlan: expected,
        securityPolicy: { inherited: false, allowPromiscuous: { inherited: true, value: true } },
        macManagementPolicy: {
          inherited: false,
          allowPromiscuous: true,
          macChanges: false,
          forgedTransmits: true,
        },
      },
    });
  });

  it('decodes entities in names, leaves percent signs alone and reads characters of all planes', () => {
    expect(propsOf('Network', { name: stringVal('a &amp; b%2f&#x6F22;漢😀\u007f') })).toEqual({
      name: 'a & b%2f漢漢😀\u007f',
    });
  });

  it('refuses a reply that lacks what the schema requires, and says where', () => {
    const device =
      '<val xsi:type="ArrayOfVirtualDevice"><VirtualDevice xsi:type="VirtualE1000"><macAddress>a</macAddress></VirtualDevice></val>';
    expect(problemOf(() => propsOf('VirtualMachine', { 'config.hardware.device': device }))).toEqual({
      kind: 'malformed',
      reason: 'a required element is missing',
      path: 'Envelope/Body/RetrievePropertiesExResponse/returnval/objects/propSet/val/VirtualDevice/key',
      excerpt: '',
    });
  });
});

describe('a RetrieveResult', () => {
  const page = response(
    'RetrievePropertiesEx',
    `<returnval><token>0</token>${content('VirtualMachine', 'vm-1', { name: stringVal('a'), 'config.template': '<val xsi:type="xsd:boolean">true</val>' })}${content(
      'VirtualMachine',
      'vm-2',
      { name: stringVal('漢') },
      missing(
        'config.uuid',
        'NoPermission',
        '<object type="VirtualMachine">vm-2</object><privilegeId>System.View</privilegeId>',
      ) + missing('guest.net', 'HostCommunication'),
    )}${content('VirtualMachine', 'vm-3', {})}</returnval>`,
  );
  const read = {
    token: '0',
    objects: [
      {
        ref: { type: 'VirtualMachine', value: 'vm-1' },
        props: { name: 'a', 'config.template': true },
        missing: [],
      },
      {
        ref: { type: 'VirtualMachine', value: 'vm-2' },
        props: { name: '漢' },
        missing: [
          { path: 'config.uuid', fault: 'NoPermission', privilege: 'System.View' },
          { path: 'guest.net', fault: 'HostCommunication' },
        ],
      },
      { ref: { type: 'VirtualMachine', value: 'vm-3' }, props: {}, missing: [] },
    ],
  };

  it('gives objects, what is missing of them and the token, wherever it is split', () => {
    for (const pieces of splits(Buffer.from(page))) {
      expect(decode('VirtualMachine', pieces)).toEqual(read);
    }
  });

  it('may be written with other prefixes, single quotes and a header over several lines', () => {
    const odd = page
      .replaceAll('soapenv:', 'S:')
      .replaceAll('xmlns:soapenv=', 'xmlns:S=')
      .replaceAll('"', "'")
      .replace(/<\?xml.*\?>/, "<?xml\n version='1.0'\n encoding='utf-8'\n?>")
      .replace('<S:Body>', '<S:Header><x y="<S:Body>"/></S:Header><S:Body>');
    expect(decode('VirtualMachine', [Buffer.from(odd)])).toEqual(read);
  });

  it('is empty when the response is', () => {
    for (const empty of [
      response('RetrievePropertiesEx'),
      response('RetrievePropertiesEx', '<returnval></returnval>'),
    ]) {
      expect(decode('Folder', [Buffer.from(empty)])).toEqual({ objects: [], token: null });
    }
  });

  it('is refused when the envelope holds something else', () => {
    for (const [document, reason] of [
      [envelope('<LoginResponse xmlns="urn:vim25"/>'), 'an element LoginResponse'],
      ['<html><body>Sign in</body></html>', 'an element html'],
      [envelope(''), 'an element Body without an answer'],
    ] as const) {
      expect(problemOf(() => decode('Folder', [Buffer.from(document)]))).toMatchObject({
        kind: 'malformed',
        reason,
      });
    }
  });
});
