package main

import (
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

func reconfigureMachine(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	vm := g.machine(method.This)
	spec := &method.Body.(*types.ReconfigVM_Task).Spec
	return g.task(&job{
		entity: vm.Self, method: method.Name, exclusive: true, cancelable: true,
		begin: func(*simulator.Context) types.BaseMethodFault { return g.refusesReconfiguration(vm, spec) },
		finish: func(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault) {
			fault := g.reconfigure(ctx, vm, spec)
			if fault == nil {
				g.post(ctx, &types.VmReconfiguredEvent{VmEvent: g.vmEvent(vm), ConfigSpec: *spec})
			}
			return nil, fault
		},
	})
}

func (g *gate) refusesReconfiguration(vm *simulator.VirtualMachine, spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	if vm.Config == nil || vm.Runtime.ConnectionState != types.VirtualMachineConnectionStateConnected {
		return new(types.InvalidState)
	}
	if spec.ChangeVersion != "" && spec.ChangeVersion != vm.Config.ChangeVersion {
		return new(types.ConcurrentAccess)
	}
	if vm.Config.Template {
		// A template's name and annotation are all that may change.
		allowed := types.VirtualMachineConfigSpec{
			ChangeVersion: spec.ChangeVersion, Name: spec.Name, Annotation: spec.Annotation,
		}
		if !reflect.DeepEqual(*spec, allowed) {
			return new(types.NotSupported)
		}
	}
	if vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn {
		hardware := vm.Config.Hardware
		if spec.NumCPUs != 0 && spec.NumCPUs != hardware.NumCPU && !isTrue(vm.Config.CpuHotAddEnabled) {
			return new(types.CpuHotPlugNotSupported)
		}
		if spec.MemoryMB != 0 && spec.MemoryMB != int64(hardware.MemoryMB) && !isTrue(vm.Config.MemoryHotAddEnabled) {
			return new(types.MemoryHotPlugNotSupported)
		}
	}
	if spec.Name != "" && spec.Name != vm.Name {
		if sibling := g.childNamed(vm.Parent, escapeName(spec.Name)); sibling != nil && *sibling != vm.Self {
			return &types.DuplicateName{Name: spec.Name, Object: *sibling}
		}
	}
	return nil
}

func isTrue(flag *bool) bool { return flag != nil && *flag }

// reconfigure makes all the changes or none.
func (g *gate) reconfigure(ctx *simulator.Context, vm *simulator.VirtualMachine, spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	edit := g.editDevices(vm, placeOf(vm))
	if fault := edit.apply(spec.DeviceChange); fault != nil {
		edit.drop()
		return fault
	}
	changes := g.specChanges(vm.Config, spec)
	if len(spec.DeviceChange) > 0 {
		before, after := vm.Network, g.networksOf(vm.Parent, edit.devices)
		g.relink(vm.Self, before, after)
		changes = append(changes, deviceChanges(edit.devices)...)
		changes = append(changes, types.PropertyChange{Name: "network", Val: after})
		changes = append(changes, g.followCards(vm, cardsOf(edit.devices))...)
	}
	for _, option := range spec.ExtraConfig {
		if value := option.GetOptionValue(); value.Key == pendingPackage && value.Value == "" {
			changes = append(changes, g.forgetCustomization(vm)...)
		}
	}
	edit.keep()
	changes = append(changes,
		types.PropertyChange{Name: "config.changeVersion", Val: g.nextVersion()},
		types.PropertyChange{Name: "config.modified", Val: time.Now()})
	g.registry().WithLock(ctx, vm, func() { update(ctx, vm, changes) })
	return nil
}

// deviceChanges are what follows from a list of devices.
func deviceChanges(devices []types.BaseVirtualDevice) []types.PropertyChange {
	disks := 0
	for _, device := range devices {
		if _, ok := device.(*types.VirtualDisk); ok {
			disks++
		}
	}
	return []types.PropertyChange{
		{Name: "config.hardware.device", Val: devices},
		{Name: "summary.config.numEthernetCards", Val: int32(len(cardsOf(devices)))},
		{Name: "summary.config.numVirtualDisks", Val: int32(disks)},
	}
}

// specChanges are the changes that a specification makes besides devices.
func (g *gate) specChanges(config *types.VirtualMachineConfigInfo, spec *types.VirtualMachineConfigSpec) []types.PropertyChange {
	changes := []types.PropertyChange{}
	add := func(value any, paths ...string) {
		if reflect.ValueOf(value).IsZero() {
			return
		}
		for _, path := range paths {
			changes = append(changes, types.PropertyChange{Name: path, Val: value})
		}
	}
	add(escapeName(spec.Name), "name", "config.name", "summary.config.name")
	add(spec.Annotation, "config.annotation", "summary.config.annotation")
	add(spec.GuestId, "config.guestId", "summary.config.guestId")
	add(spec.Uuid, "config.uuid", "summary.config.uuid")
	add(spec.InstanceUuid, "config.instanceUuid", "summary.config.instanceUuid")
	add(spec.NumCPUs, "config.hardware.numCPU", "summary.config.numCpu")
	add(spec.NumCoresPerSocket, "config.hardware.numCoresPerSocket")
	add(int32(spec.MemoryMB), "config.hardware.memoryMB", "summary.config.memorySizeMB")
	add(spec.CpuHotAddEnabled, "config.cpuHotAddEnabled")
	add(spec.MemoryHotAddEnabled, "config.memoryHotAddEnabled")
	add(spec.ManagedBy, "config.managedBy", "summary.config.managedBy")
	add(spec.Flags, "config.flags")
	add(spec.BootOptions, "config.bootOptions")
	add(spec.CpuAllocation, "config.cpuAllocation", "resourceConfig.cpuAllocation")
	add(spec.MemoryAllocation, "config.memoryAllocation", "resourceConfig.memoryAllocation")
	options := slices.Clone(config.ExtraConfig)
	for _, option := range spec.ExtraConfig {
		value := option.GetOptionValue()
		// The simulator's own way to set any property, kept.
		if path, ok := strings.CutPrefix(value.Key, "SET."); ok {
			changes = append(changes, types.PropertyChange{Name: path, Val: value.Value})
			continue
		}
		options = withOption(options, value)
	}
	if len(spec.ExtraConfig) > 0 {
		changes = append(changes, types.PropertyChange{Name: "config.extraConfig", Val: options})
	}
	return changes
}

// withOption sets a key; an empty value takes it out.
func withOption(options []types.BaseOptionValue, option *types.OptionValue) []types.BaseOptionValue {
	rest := slices.DeleteFunc(slices.Clone(options), func(one types.BaseOptionValue) bool {
		return one.GetOptionValue().Key == option.Key
	})
	if text, isText := option.Value.(string); option.Value == nil || isText && text == "" {
		return rest
	}
	return append(rest, copyOf(option))
}

// childName is a name in a folder.
type childName struct {
	folder types.ManagedObjectReference
	name   string
}

// childNamed is the folder's child of that name, one that is being made included.
func (g *gate) childNamed(folder *types.ManagedObjectReference, name string) *types.ManagedObjectReference {
	if folder == nil {
		return nil
	}
	if ref, taken := g.reserved[childName{*folder, name}]; taken {
		return &ref
	}
	holder, ok := g.registry().Get(*folder).(*simulator.Folder)
	if !ok {
		return nil
	}
	for _, child := range holder.ChildEntity {
		if nameOf(g.registry().Get(child)) == name {
			return &child
		}
	}
	return nil
}

// escapable: what a name may not hold as it is. A percent sign that starts an
// escape stays one, as the API's documentation of the name parameters has it.
var escapable = regexp.MustCompile(`(?i)%(?:2f|5c|25)|[%/\\]`)

// escapeName writes a name as vCenter keeps it.
func escapeName(name string) string {
	return escapable.ReplaceAllStringFunc(name, func(found string) string {
		if len(found) > 1 {
			return strings.ToLower(found)
		}
		return strings.ToLower(url.QueryEscape(found))
	})
}
