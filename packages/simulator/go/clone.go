package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

func cloneMachine(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	return g.task((&cloning{gate: g, request: method.Body.(*types.CloneVM_Task)}).job())
}

// cloning is one CloneVM_Task. The simulator's own drops the source's
// extraConfig and annotation, knows no linked clones, keeps MACs, holds the
// source's lock throughout and lets others see the clone unfinished.
type cloning struct {
	gate    *gate
	request *types.CloneVM_Task
	// halfMade: the clone is left with nothing of its location and
	// customization done, and the task ends with this fault.
	halfMade types.BaseMethodFault

	source    *simulator.VirtualMachine
	clone     *simulator.VirtualMachine
	name      childName
	host      *simulator.HostSystem
	pool      *types.ManagedObjectReference
	datastore types.ManagedObjectReference
}

func (c *cloning) job() *job {
	return &job{
		entity: c.request.This, method: "CloneVM_Task", cancelable: true,
		begin:  c.begin,
		finish: c.finish,
		undo:   func(*simulator.Context) { delete(c.gate.reserved, c.name) },
	}
}

// begin refuses what can't be, and takes the name.
func (c *cloning) begin(*simulator.Context) types.BaseMethodFault {
	g, request := c.gate, c.request
	c.source = g.machine(request.This)
	if c.source == nil {
		return &types.ManagedObjectNotFound{Obj: request.This}
	}
	if c.source.Config == nil || c.source.Runtime.ConnectionState != types.VirtualMachineConnectionStateConnected {
		return new(types.InvalidState)
	}
	folder, ok := g.registry().Get(request.Folder).(*simulator.Folder)
	if !ok || !slices.Contains(folder.ChildType, "VirtualMachine") {
		return &types.InvalidArgument{InvalidProperty: "folder"}
	}
	if request.Name == "" {
		return &types.InvalidArgument{InvalidProperty: "name"}
	}
	c.name = childName{request.Folder, escapeName(request.Name)}
	if sibling := g.childNamed(&request.Folder, c.name.name); sibling != nil {
		return &types.DuplicateName{Name: request.Name, Object: *sibling}
	}
	if fault := c.placed(); fault != nil {
		return fault
	}
	if c.linked() && c.snapshot() == nil {
		return &types.InvalidArgument{InvalidProperty: "spec.location.diskMoveType"}
	}
	c.clone = new(simulator.VirtualMachine)
	c.clone.Self.Type = "VirtualMachine"
	g.registry().NewEntity(c.clone)
	g.reserved[c.name] = c.clone.Self
	return nil
}

func (c *cloning) linked() bool {
	return c.request.Spec.Location.DiskMoveType ==
		string(types.VirtualMachineRelocateDiskMoveOptionsCreateNewChildDiskBacking)
}

// snapshot is the one that a linked clone builds on.
func (c *cloning) snapshot() *types.ManagedObjectReference {
	if c.source.Snapshot == nil {
		return nil
	}
	if c.request.Spec.Snapshot == nil {
		return c.source.Snapshot.CurrentSnapshot
	}
	if inTree(c.source.Snapshot.RootSnapshotList, *c.request.Spec.Snapshot) {
		return c.request.Spec.Snapshot
	}
	return nil
}

func inTree(trees []types.VirtualMachineSnapshotTree, wanted types.ManagedObjectReference) bool {
	return slices.ContainsFunc(trees, func(tree types.VirtualMachineSnapshotTree) bool {
		return tree.Snapshot == wanted || inTree(tree.ChildSnapshotList, wanted)
	})
}

// finish makes the VM: whole, or not at all, or half on purpose.
func (c *cloning) finish(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault) {
	g, spec := c.gate, c.request.Spec
	delete(g.reserved, c.name)
	event := types.VmCloneEvent{VmEvent: g.vmEvent(c.source)}
	c.copySource()
	config := types.VirtualMachineConfigSpec{}
	if spec.Config != nil {
		config = *spec.Config
		config.Name = ""
	}
	edit := g.editDevices(c.clone, placeOf(c.clone))
	if c.halfMade == nil {
		for _, changes := range [][]types.BaseVirtualDeviceConfigSpec{spec.Location.DeviceChange, config.DeviceChange} {
			if fault := edit.apply(changes); fault != nil {
				edit.drop()
				return nil, fault
			}
		}
		if spec.Customization != nil {
			if fault := refusesCustomization(spec.Customization, cardsOf(edit.devices)); fault != nil {
				edit.drop()
				return nil, fault
			}
		}
	}
	edit.keep()
	networks := g.networksOf(c.clone.Parent, edit.devices)
	c.clone.Network = networks
	changes := append(g.specChanges(c.clone.Config, &config), deviceChanges(edit.devices)...)
	mo.ApplyPropertyChange(&c.clone.VirtualMachine, changes)
	g.guest(c.clone.Self).made = true
	g.publish(c.clone)
	if c.halfMade != nil {
		return nil, c.halfMade
	}
	if spec.Customization != nil {
		g.customize(ctx, c.clone, spec.Customization)
	}
	g.post(ctx, &types.VmClonedEvent{
		VmCloneEvent: types.VmCloneEvent{VmEvent: g.vmEvent(c.clone)}, SourceVm: *event.Vm,
	})
	if spec.PowerOn && !spec.Template {
		if fault := g.refusesPowerOn(c.clone); fault != nil {
			return nil, fault
		}
		g.powerOn(ctx, c.clone)
	}
	return c.clone.Self, nil
}

// copySource makes the clone what its source is, save for what is its own:
// identity, place, files, MACs, and no guest yet.
func (c *cloning) copySource() {
	g, spec := c.gate, c.request.Spec
	self := c.clone.Self
	clone := copyOf(c.source.VirtualMachine)
	source := c.source.Config
	now := time.Now()
	clone.ManagedEntity.ExtensibleManagedObject.Self = self
	clone.ManagedEntity.ExtensibleManagedObject.Value = nil
	clone.Name, clone.Parent = c.name.name, &c.request.Folder
	clone.CustomValue, clone.RecentTask, clone.TriggeredAlarmState, clone.Tag = nil, nil, nil, nil
	clone.Snapshot, clone.RootSnapshot, clone.ParentVApp = nil, nil, nil
	clone.ResourcePool = c.pool
	if spec.Template {
		clone.ResourcePool = nil
	}
	clone.Datastore = []types.ManagedObjectReference{c.datastore}
	if compute := g.computeOf(c.host); compute != nil && compute.EnvironmentBrowser != nil {
		clone.EnvironmentBrowser = *compute.EnvironmentBrowser
	}
	clone.Runtime = types.VirtualMachineRuntimeInfo{
		Host:                &c.host.Self,
		ConnectionState:     types.VirtualMachineConnectionStateConnected,
		PowerState:          types.VirtualMachinePowerStatePoweredOff,
		FaultToleranceState: types.VirtualMachineFaultToleranceStateNotConfigured,
		RecordReplayState:   types.VirtualMachineRecordReplayStateInactive,
	}
	config := clone.Config
	config.Name, config.Template, config.ManagedBy = clone.Name, spec.Template, nil
	config.Uuid, config.InstanceUuid = uuid.NewString(), uuid.NewString()
	config.ChangeVersion, config.Modified, config.CreateDate = g.nextVersion(), now, &now
	if config.Tools == nil {
		config.Tools = new(types.ToolsConfigInfo)
	}
	config.Tools.PendingCustomization = ""
	folder := fmt.Sprintf("[%s] %s", nameOf(g.registry().Get(c.datastore)), clone.Name)
	config.Files = types.VirtualMachineFileInfo{
		VmPathName:        folder + "/" + clone.Name + ".vmx",
		SnapshotDirectory: folder + "/",
		SuspendDirectory:  folder + "/",
		LogDirectory:      folder + "/",
	}
	c.ownDevices(&clone, folder)
	clone.Guest = guestBeforeBoot(c.source.Guest, source)
	clone.GuestHeartbeatStatus = types.ManagedEntityStatusGray
	clone.Summary.Vm, clone.Summary.Runtime = &self, clone.Runtime
	clone.Summary.Guest = &types.VirtualMachineGuestSummary{
		GuestId:             clone.Guest.GuestId,
		GuestFullName:       clone.Guest.GuestFullName,
		ToolsStatus:         clone.Guest.ToolsStatus,
		ToolsRunningStatus:  clone.Guest.ToolsRunningStatus,
		ToolsVersionStatus2: clone.Guest.ToolsVersionStatus2,
	}
	summary := &clone.Summary.Config
	summary.Name, summary.Template, summary.ManagedBy = clone.Name, spec.Template, nil
	summary.Uuid, summary.InstanceUuid = config.Uuid, config.InstanceUuid
	summary.VmPathName = config.Files.VmPathName
	clone.Summary.QuickStats = types.VirtualMachineQuickStats{GuestHeartbeatStatus: types.ManagedEntityStatusGray}
	c.clone.VirtualMachine = clone
}

// ownDevices gives the clone's disks files and its cards MACs and ports of its own.
func (c *cloning) ownDevices(clone *mo.VirtualMachine, folder string) {
	disks := 0
	for _, device := range clone.Config.Hardware.Device {
		switch typed := device.(type) {
		case types.BaseVirtualEthernetCard:
			card := typed.GetVirtualEthernetCard()
			card.MacAddress, card.AddressType = c.gate.newMAC(), string(types.VirtualEthernetCardMacTypeAssigned)
			if connectable := card.Connectable; connectable != nil {
				connectable.Connected = false
				connectable.Status = string(types.VirtualDeviceConnectInfoStatusUntried)
			}
			c.ownPort(card)
		case *types.VirtualDisk:
			backing, ok := typed.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
			if !ok {
				continue
			}
			suffix := ""
			if disks > 0 {
				suffix = fmt.Sprintf("_%d", disks)
			}
			disks++
			if c.linked() {
				backing.Parent = copyOf(backing)
			} else {
				backing.Parent = nil
			}
			backing.FileName = fmt.Sprintf("%s/%s%s.vmdk", folder, clone.Name, suffix)
			backing.Datastore, backing.Uuid = &c.datastore, uuid.NewString()
		}
	}
}

// ownPort: a card that stays where the source's is gets a port of its own
// there; if the new host doesn't have that network, the card keeps its
// backing, without a port.
func (c *cloning) ownPort(card *types.VirtualEthernetCard) {
	distributed, ok := card.Backing.(*types.VirtualEthernetCardDistributedVirtualPortBackingInfo)
	if !ok {
		return
	}
	at := place{vm: c.clone.Self, parent: &c.request.Folder, host: c.host.Self}
	if backing, fault := c.gate.connect(at, distributed); fault == nil {
		card.Backing = backing
		return
	}
	distributed.Port.PortKey, distributed.Port.ConnectionCookie = "", 0
}

// guestBeforeBoot is what a vCenter shows of a guest that never ran: what its
// configuration says, and nothing reported.
func guestBeforeBoot(source *types.GuestInfo, config *types.VirtualMachineConfigInfo) *types.GuestInfo {
	guest := &types.GuestInfo{
		ToolsStatus:         types.VirtualMachineToolsStatusToolsNotInstalled,
		ToolsVersionStatus:  string(types.VirtualMachineToolsVersionStatusGuestToolsNotInstalled),
		ToolsVersionStatus2: string(types.VirtualMachineToolsVersionStatusGuestToolsNotInstalled),
		ToolsRunningStatus:  string(types.VirtualMachineToolsRunningStatusGuestToolsNotRunning),
		ToolsVersion:        "0",
		GuestId:             config.GuestId,
		GuestFullName:       config.GuestFullName,
		GuestState:          string(types.VirtualMachineGuestStateNotRunning),
		AppHeartbeatStatus:  "appStatusGray",
		CustomizationInfo: &types.GuestInfoCustomizationInfo{
			CustomizationStatus: string(types.GuestInfoCustomizationStatusTOOLSDEPLOYPKG_IDLE),
		},
	}
	if source != nil {
		guest.GuestFamily = source.GuestFamily
	}
	return guest
}
