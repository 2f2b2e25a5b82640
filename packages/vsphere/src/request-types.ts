/**
 * What this client sends: the elements of each data object and of each method's request, in the order of the published
 * schema, inherited ones first. A vCenter refuses a request whose elements stand in another order. `?` is optional,
 * `[]` repeated (also not at all). This is the one place where that order is kept; the writer follows it.
 */

const virtualDevice = {
  /** Of a device that is to be added any negative number, different for each. */
  key: 'int',
  backing: 'VirtualDeviceBackingInfo?',
  connectable: 'VirtualDeviceConnectInfo?',
  controllerKey: 'int?',
  unitNumber: 'int?',
} as const;

const virtualEthernetCard = {
  ...virtualDevice,
  /** `assigned` (by vCenter), `generated` (by ESXi), `manual`. */
  addressType: 'string?',
  macAddress: 'string?',
  wakeOnLanEnabled: 'boolean?',
} as const;

const fileBacking = { fileName: 'string', datastore: 'MoRef?' } as const;

const selectionSpec = { name: 'string?' } as const;

export const dataTypes = {
  SelectionSpec: selectionSpec,
  TraversalSpec: {
    ...selectionSpec,
    type: 'string',
    path: 'string',
    skip: 'boolean?',
    selectSet: 'SelectionSpec[]',
  },
  PropertySpec: { type: 'string', all: 'boolean?', pathSet: 'string[]' },
  ObjectSpec: { obj: 'MoRef', skip: 'boolean?', selectSet: 'SelectionSpec[]' },
  PropertyFilterSpec: {
    propSet: 'PropertySpec[]',
    objectSet: 'ObjectSpec[]',
    reportMissingObjectsInResults: 'boolean?',
  },
  RetrieveOptions: { maxObjects: 'int?' },

  VirtualMachineCloneSpec: {
    location: 'VirtualMachineRelocateSpec',
    template: 'boolean',
    config: 'VirtualMachineConfigSpec?',
    customization: 'CustomizationSpec?',
    powerOn: 'boolean',
    snapshot: 'MoRef?',
    memory: 'boolean?',
  },
  VirtualMachineRelocateSpec: {
    folder: 'MoRef?',
    datastore: 'MoRef?',
    /** Of a linked clone `createNewChildDiskBacking`. */
    diskMoveType: 'string?',
    pool: 'MoRef?',
    host: 'MoRef?',
    deviceChange: 'VirtualDeviceConfigSpec[]',
  },
  VirtualMachineConfigSpec: {
    /** The change fails with ConcurrentAccess if this is no longer the VM's `config.changeVersion`. */
    changeVersion: 'string?',
    name: 'string?',
    annotation: 'string?',
    numCPUs: 'int?',
    numCoresPerSocket: 'int?',
    memoryMB: 'long?',
    deviceChange: 'VirtualDeviceConfigSpec[]',
    extraConfig: 'OptionValue[]',
  },
  OptionValue: { key: 'string', value: 'anyType?' },
  VirtualDeviceConfigSpec: {
    /** `add`, `edit`, `remove`. */
    operation: 'string?',
    /** `create`, `destroy`, `replace`. */
    fileOperation: 'string?',
    device: 'VirtualDevice',
  },
  VirtualDeviceConnectInfo: {
    startConnected: 'boolean',
    allowGuestControl: 'boolean',
    connected: 'boolean',
  },
  VirtualE1000: virtualEthernetCard,
  VirtualE1000e: virtualEthernetCard,
  VirtualPCNet32: virtualEthernetCard,
  VirtualSriovEthernetCard: virtualEthernetCard,
  VirtualVmxnet: virtualEthernetCard,
  VirtualVmxnet2: virtualEthernetCard,
  VirtualVmxnet3: virtualEthernetCard,
  VirtualVmxnet3Vrdma: virtualEthernetCard,
  VirtualDisk: { ...virtualDevice, capacityInKB: 'long', capacityInBytes: 'long?' },
  VirtualEthernetCardNetworkBackingInfo: { deviceName: 'string', network: 'MoRef?' },
  VirtualEthernetCardDistributedVirtualPortBackingInfo: { port: 'DistributedVirtualSwitchPortConnection' },
  VirtualEthernetCardOpaqueNetworkBackingInfo: { opaqueNetworkId: 'string', opaqueNetworkType: 'string' },
  DistributedVirtualSwitchPortConnection: {
    switchUuid: 'string',
    portgroupKey: 'string?',
    portKey: 'string?',
  },
  VirtualDiskFlatVer2BackingInfo: {
    ...fileBacking,
    diskMode: 'string',
    thinProvisioned: 'boolean?',
    eagerlyScrub: 'boolean?',
    uuid: 'string?',
  },
  VirtualDiskSeSparseBackingInfo: { ...fileBacking, diskMode: 'string', uuid: 'string?' },
  VirtualDiskSparseVer2BackingInfo: { ...fileBacking, diskMode: 'string', uuid: 'string?' },

  CustomizationSpec: {
    options: 'CustomizationOptions?',
    identity: 'CustomizationIdentitySettings',
    globalIPSettings: 'CustomizationGlobalIPSettings',
    /** As many as the VM has NICs, in their order unless each names its MAC address. */
    nicSettingMap: 'CustomizationAdapterMapping[]',
  },
  CustomizationLinuxOptions: {},
  CustomizationWinOptions: { changeSID: 'boolean', deleteAccounts: 'boolean', reboot: 'string?' },
  CustomizationLinuxPrep: {
    hostName: 'CustomizationName',
    domain: 'string',
    timeZone: 'string?',
    hwClockUTC: 'boolean?',
    scriptText: 'string?',
  },
  CustomizationSysprep: {
    guiUnattended: 'CustomizationGuiUnattended',
    userData: 'CustomizationUserData',
    guiRunOnce: 'CustomizationGuiRunOnce?',
    identification: 'CustomizationIdentification',
    licenseFilePrintData: 'CustomizationLicenseFilePrintData?',
  },
  CustomizationSysprepText: { value: 'string' },
  CustomizationCloudinitPrep: { metadata: 'string', userdata: 'string?' },
  CustomizationFixedName: { name: 'string' },
  CustomizationPrefixName: { base: 'string' },
  CustomizationVirtualMachineName: {},
  CustomizationGuiUnattended: {
    password: 'CustomizationPassword?',
    /** Of Microsoft's list of time zones by number. */
    timeZone: 'int',
    autoLogon: 'boolean',
    autoLogonCount: 'int',
  },
  CustomizationPassword: { value: 'string', plainText: 'boolean' },
  CustomizationUserData: {
    fullName: 'string',
    orgName: 'string',
    computerName: 'CustomizationName',
    /** The licence key; `''` where none is needed. */
    productId: 'string',
  },
  CustomizationIdentification: {
    joinWorkgroup: 'string?',
    joinDomain: 'string?',
    domainAdmin: 'string?',
    domainAdminPassword: 'CustomizationPassword?',
    domainOU: 'string?',
  },
  CustomizationGuiRunOnce: { commandList: 'string[]' },
  CustomizationLicenseFilePrintData: { autoMode: 'string', autoUsers: 'int?' },
  CustomizationGlobalIPSettings: { dnsSuffixList: 'string[]', dnsServerList: 'string[]' },
  CustomizationAdapterMapping: { macAddress: 'string?', adapter: 'CustomizationIPSettings' },
  CustomizationIPSettings: {
    ip: 'CustomizationIpGenerator',
    subnetMask: 'string?',
    gateway: 'string[]',
    ipV6Spec: 'CustomizationIPSettingsIpV6AddressSpec?',
    dnsServerList: 'string[]',
    dnsDomain: 'string?',
    primaryWINS: 'string?',
    secondaryWINS: 'string?',
    netBIOS: 'string?',
  },
  CustomizationIPSettingsIpV6AddressSpec: { ip: 'CustomizationIpV6Generator[]', gateway: 'string[]' },
  CustomizationDhcpIpGenerator: {},
  CustomizationDisableIpV4: {},
  CustomizationFixedIp: { ipAddress: 'string' },
  CustomizationUnknownIpGenerator: {},
  CustomizationAutoIpV6Generator: {},
  CustomizationDhcpIpV6Generator: {},
  CustomizationFixedIpV6: {
    ipAddress: 'string',
    /** The prefix length. */
    subnetMask: 'int',
  },
  CustomizationStatelessIpV6Generator: {},

  PlacementSpec: {
    vm: 'MoRef?',
    configSpec: 'VirtualMachineConfigSpec?',
    relocateSpec: 'VirtualMachineRelocateSpec?',
    hosts: 'MoRef[]',
    datastores: 'MoRef[]',
    disallowPrerequisiteMoves: 'boolean?',
    /** `clone`, `create`, `reconfigure`, `relocate`. */
    placementType: 'string?',
    cloneSpec: 'VirtualMachineCloneSpec?',
    cloneName: 'string?',
  },
  EventFilterSpec: {
    entity: 'EventFilterSpecByEntity?',
    time: 'EventFilterSpecByTime?',
    /** Names of event types without `vim.event.`; a base type stands for all that derive from it. */
    eventTypeId: 'string[]',
    maxCount: 'int?',
  },
  EventFilterSpecByEntity: { entity: 'MoRef', recursion: 'string' },
  EventFilterSpecByTime: { beginTime: 'dateTime?', endTime: 'dateTime?' },
} as const;

/** Requests by method; the target (`_this`) comes before these. */
export const requests = {
  RetrieveServiceContent: {},
  Login: { userName: 'string', password: 'string', locale: 'string?' },
  Logout: {},
  CurrentTime: {},
  CreateContainerView: { container: 'MoRef', type: 'string[]', recursive: 'boolean' },
  DestroyView: {},
  RetrievePropertiesEx: { specSet: 'PropertyFilterSpec[]', options: 'RetrieveOptions' },
  ContinueRetrievePropertiesEx: { token: 'string' },
  CancelRetrievePropertiesEx: { token: 'string' },
  QueryNetworkHint: { device: 'string[]' },
  CloneVM_Task: { folder: 'MoRef', name: 'string', spec: 'VirtualMachineCloneSpec' },
  ReconfigVM_Task: { spec: 'VirtualMachineConfigSpec' },
  CustomizeVM_Task: { spec: 'CustomizationSpec' },
  PowerOnVM_Task: { host: 'MoRef?' },
  PowerOffVM_Task: {},
  ShutdownGuest: {},
  Destroy_Task: {},
  UnregisterVM: {},
  CreateSnapshot_Task: { name: 'string', description: 'string?', memory: 'boolean', quiesce: 'boolean' },
  RemoveSnapshot_Task: { removeChildren: 'boolean', consolidate: 'boolean?' },
  CancelTask: {},
  PlaceVm: { placementSpec: 'PlacementSpec' },
  QueryEvents: { filter: 'EventFilterSpec' },
  FindByInventoryPath: { inventoryPath: 'string' },
  FindByUuid: { datacenter: 'MoRef?', uuid: 'string', vmSearch: 'boolean', instanceUuid: 'boolean?' },
  FindChild: { entity: 'MoRef', name: 'string' },
} as const;

/** Types that may stand where another is declared; they are sent with `xsi:type`. */
export const derivedTypes = {
  SelectionSpec: ['TraversalSpec'],
  VirtualDevice: [
    'VirtualE1000',
    'VirtualE1000e',
    'VirtualPCNet32',
    'VirtualSriovEthernetCard',
    'VirtualVmxnet',
    'VirtualVmxnet2',
    'VirtualVmxnet3',
    'VirtualVmxnet3Vrdma',
    'VirtualDisk',
  ],
  VirtualDeviceBackingInfo: [
    'VirtualEthernetCardNetworkBackingInfo',
    'VirtualEthernetCardDistributedVirtualPortBackingInfo',
    'VirtualEthernetCardOpaqueNetworkBackingInfo',
    'VirtualDiskFlatVer2BackingInfo',
    'VirtualDiskSeSparseBackingInfo',
    'VirtualDiskSparseVer2BackingInfo',
  ],
  CustomizationOptions: ['CustomizationLinuxOptions', 'CustomizationWinOptions'],
  CustomizationIdentitySettings: [
    'CustomizationLinuxPrep',
    'CustomizationSysprep',
    'CustomizationSysprepText',
    'CustomizationCloudinitPrep',
  ],
  CustomizationName: ['CustomizationFixedName', 'CustomizationPrefixName', 'CustomizationVirtualMachineName'],
  CustomizationIpGenerator: [
    'CustomizationDhcpIpGenerator',
    'CustomizationDisableIpV4',
    'CustomizationFixedIp',
    'CustomizationUnknownIpGenerator',
  ],
  CustomizationIpV6Generator: [
    'CustomizationAutoIpV6Generator',
    'CustomizationDhcpIpV6Generator',
    'CustomizationFixedIpV6',
    'CustomizationStatelessIpV6Generator',
  ],
} as const;
