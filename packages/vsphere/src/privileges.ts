import type { RequestName } from './request-values.ts';

/** What a privilege is needed for. Who grants those of `read` alone can do everything but change vCenter. */
export type PrivilegePurpose = 'read' | 'create' | 'change' | 'delete';

/**
 * Where it has to be granted, there or above it with propagation. `root` is the root folder; `template` what servers are
 * cloned from; `server` the servers themselves, in practice the folders that they are made in.
 */
export type PrivilegeObject = 'root' | 'template' | 'folder' | 'pool' | 'datastore' | 'network' | 'server';

/** The id of a vCenter privilege, as `NoPermission.privilegeId` names it and PowerCLI and govc take it. */
export type PrivilegeId =
  | `System.${'Anonymous' | 'View' | 'Read'}`
  | 'Datastore.AllocateSpace'
  | 'Global.CancelTask'
  | 'Network.Assign'
  | 'Resource.AssignVMToPool'
  | `VirtualMachine.Config.${
      | 'AddNewDisk'
      | 'AddRemoveDevice'
      | 'AdvancedConfig'
      | 'Annotation'
      | 'CPUCount'
      | 'DiskExtend'
      | 'EditDevice'
      | 'Memory'}`
  | `VirtualMachine.Interact.${'DeviceConnection' | 'PowerOff' | 'PowerOn'}`
  | `VirtualMachine.Inventory.${'CreateFromExisting' | 'Delete'}`
  | `VirtualMachine.Provisioning.${'Clone' | 'Customize' | 'DeployTemplate'}`
  | `VirtualMachine.State.${'CreateSnapshot' | 'RemoveSnapshot'}`;

export interface Privilege {
  readonly privilege: PrivilegeId;
  readonly object: PrivilegeObject;
  readonly purposes: readonly PrivilegePurpose[];
  /** The methods that ask for it. */
  readonly methods: readonly RequestName[];
}

/**
 * Every privilege that this client's methods need. Sources: "Required privileges" of each method in the vSphere Web
 * Services API; for CloneVM_Task and ReconfigVM_Task, which depend on what they are asked for, their descriptions and
 * those of VirtualMachineConfigSpec; "Required Privileges for Common Tasks" in vSphere Security. An undone creation
 * deletes what it made, and a linked clone takes a snapshot of its source: hence the purpose `create` of what does so.
 * UnregisterVM, which leaves files behind, is not among them.
 */
export const privileges: readonly Privilege[] = [
  {
    privilege: 'System.Anonymous',
    object: 'root',
    purposes: ['read'],
    methods: ['RetrieveServiceContent', 'Login', 'RetrievePropertiesEx'],
  },
  {
    privilege: 'System.View',
    object: 'root',
    purposes: ['read'],
    methods: [
      'CurrentTime',
      'Logout',
      'CreateContainerView',
      'DestroyView',
      'ContinueRetrievePropertiesEx',
      'CancelRetrievePropertiesEx',
      'FindByInventoryPath',
      'FindByUuid',
      'FindChild',
      'QueryEvents',
      'PlaceVm',
    ],
  },
  {
    privilege: 'System.Read',
    object: 'root',
    purposes: ['read'],
    methods: ['RetrievePropertiesEx', 'QueryNetworkHint'],
  },
  {
    privilege: 'VirtualMachine.Provisioning.DeployTemplate',
    object: 'template',
    purposes: ['create'],
    methods: ['CloneVM_Task'],
  },
  /** Where the source is a VM and no template. */
  {
    privilege: 'VirtualMachine.Provisioning.Clone',
    object: 'template',
    purposes: ['create'],
    methods: ['CloneVM_Task'],
  },
  /** For linked clones. */
  {
    privilege: 'VirtualMachine.State.CreateSnapshot',
    object: 'template',
    purposes: ['create'],
    methods: ['CreateSnapshot_Task'],
  },
  {
    privilege: 'VirtualMachine.State.RemoveSnapshot',
    object: 'template',
    purposes: ['create'],
    methods: ['RemoveSnapshot_Task'],
  },
  /** Of a clone, which belongs to its source. */
  {
    privilege: 'Global.CancelTask',
    object: 'template',
    purposes: ['create'],
    methods: ['CancelTask'],
  },
  {
    privilege: 'VirtualMachine.Inventory.CreateFromExisting',
    object: 'folder',
    purposes: ['create'],
    methods: ['CloneVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Config.AddNewDisk',
    object: 'folder',
    purposes: ['create'],
    methods: ['CloneVM_Task'],
  },
  {
    privilege: 'Resource.AssignVMToPool',
    object: 'pool',
    purposes: ['create'],
    methods: ['CloneVM_Task'],
  },
  {
    privilege: 'Datastore.AllocateSpace',
    object: 'datastore',
    purposes: ['create'],
    methods: ['CloneVM_Task', 'ReconfigVM_Task'],
  },
  {
    privilege: 'Network.Assign',
    object: 'network',
    purposes: ['create', 'change'],
    methods: ['CloneVM_Task', 'ReconfigVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Config.CPUCount',
    object: 'server',
    purposes: ['create'],
    methods: ['CloneVM_Task', 'ReconfigVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Config.Memory',
    object: 'server',
    purposes: ['create'],
    methods: ['CloneVM_Task', 'ReconfigVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Config.DiskExtend',
    object: 'server',
    purposes: ['create'],
    methods: ['ReconfigVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Config.Annotation',
    object: 'server',
    purposes: ['create'],
    methods: ['CloneVM_Task', 'ReconfigVM_Task'],
  },
  /** `extraConfig`: the marker, and what cloud-init is given. */
  {
    privilege: 'VirtualMachine.Config.AdvancedConfig',
    object: 'server',
    purposes: ['create', 'change'],
    methods: ['CloneVM_Task', 'ReconfigVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Config.AddRemoveDevice',
    object: 'server',
    purposes: ['create', 'change'],
    methods: ['CloneVM_Task', 'ReconfigVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Config.EditDevice',
    object: 'server',
    purposes: ['create', 'change'],
    methods: ['CloneVM_Task', 'ReconfigVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Interact.DeviceConnection',
    object: 'server',
    purposes: ['create', 'change'],
    methods: ['CloneVM_Task', 'ReconfigVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Provisioning.Customize',
    object: 'server',
    purposes: ['create', 'change'],
    methods: ['CustomizeVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Interact.PowerOn',
    object: 'server',
    purposes: ['create', 'change'],
    methods: ['PowerOnVM_Task'],
  },
  {
    privilege: 'VirtualMachine.Interact.PowerOff',
    object: 'server',
    purposes: ['create', 'change', 'delete'],
    methods: ['PowerOffVM_Task', 'ShutdownGuest'],
  },
  /** Needed on the server and on the folder that it is in. */
  {
    privilege: 'VirtualMachine.Inventory.Delete',
    object: 'server',
    purposes: ['create', 'delete'],
    methods: ['Destroy_Task'],
  },
];
