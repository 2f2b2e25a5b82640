package main

import (
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

func powerOnMachine(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	vm := g.machine(method.This)
	if vm.Config != nil && vm.Config.Template {
		return nil, new(types.InvalidState)
	}
	return g.task(&job{
		entity: vm.Self, method: method.Name, exclusive: true, cancelable: true,
		begin: func(*simulator.Context) types.BaseMethodFault { return g.refusesPowerOn(vm) },
		finish: func(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault) {
			g.powerOn(ctx, vm)
			return nil, nil
		},
	})
}

func (g *gate) refusesPowerOn(vm *simulator.VirtualMachine) types.BaseMethodFault {
	if vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn {
		return &types.InvalidPowerState{
			RequestedState: types.VirtualMachinePowerStatePoweredOn,
			ExistingState:  vm.Runtime.PowerState,
		}
	}
	return g.refusesWork(vm.Runtime.Host)
}

// refusesWork: a host in maintenance or out of reach takes no new VM and
// powers none on.
func (g *gate) refusesWork(ref *types.ManagedObjectReference) types.BaseMethodFault {
	host, ok := g.host(ref)
	if !ok {
		return &types.InvalidArgument{InvalidProperty: "host"}
	}
	if host.Runtime.InMaintenanceMode || host.Runtime.ConnectionState != types.HostSystemConnectionStateConnected {
		return &types.InvalidHostState{Host: &host.Self}
	}
	return nil
}

func powerOffMachine(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	vm := g.machine(method.This)
	return g.task(&job{
		entity: vm.Self, method: method.Name, exclusive: true,
		begin: func(*simulator.Context) types.BaseMethodFault { return refusesPowerOff(vm) },
		finish: func(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault) {
			g.powerOff(ctx, vm)
			return nil, nil
		},
	})
}

func refusesPowerOff(vm *simulator.VirtualMachine) types.BaseMethodFault {
	if vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOff {
		return nil
	}
	return &types.InvalidPowerState{
		RequestedState: types.VirtualMachinePowerStatePoweredOff,
		ExistingState:  vm.Runtime.PowerState,
	}
}

func resetMachine(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	vm := g.machine(method.This)
	return g.task(&job{
		entity: vm.Self, method: method.Name, exclusive: true,
		begin: func(*simulator.Context) types.BaseMethodFault { return needsPower(vm) },
		finish: func(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault) {
			g.reboot(ctx, vm)
			return nil, nil
		},
	})
}

func needsPower(vm *simulator.VirtualMachine) types.BaseMethodFault {
	if vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn {
		return nil
	}
	return &types.InvalidPowerState{
		RequestedState: types.VirtualMachinePowerStatePoweredOn,
		ExistingState:  vm.Runtime.PowerState,
	}
}

// needsTools: only a running guest with Tools does what it is asked.
func needsTools(vm *simulator.VirtualMachine) types.BaseMethodFault {
	if fault := needsPower(vm); fault != nil {
		return fault
	}
	if !toolsRun(vm) {
		return new(types.ToolsUnavailable)
	}
	return nil
}

func toolsRun(vm *simulator.VirtualMachine) bool {
	return vm.Guest != nil &&
		vm.Guest.ToolsRunningStatus == string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)
}

// shutdownGuest returns at once; the guest is off when it has shut down.
func shutdownGuest(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	vm := g.machine(method.This)
	var fault types.BaseMethodFault
	g.change(func(ctx *simulator.Context) {
		if fault = needsTools(vm); fault != nil {
			return
		}
		g.post(ctx, &types.VmGuestShutdownEvent{VmEvent: g.vmEvent(vm)})
		boot := g.guest(vm.Self).boots
		time.AfterFunc(g.behaviourOf(vm.Name).delay(), func() {
			g.change(func(ctx *simulator.Context) {
				if g.stillIn(vm, boot) {
					g.powerOff(ctx, vm)
				}
			})
		})
	})
	return new(types.ShutdownGuestResponse), fault
}

func rebootGuest(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	vm := g.machine(method.This)
	var fault types.BaseMethodFault
	g.change(func(ctx *simulator.Context) {
		if fault = needsTools(vm); fault != nil {
			return
		}
		g.post(ctx, &types.VmGuestRebootEvent{VmEvent: g.vmEvent(vm)})
		g.reboot(ctx, vm)
	})
	return new(types.RebootGuestResponse), fault
}

func (g *gate) powerOn(ctx *simulator.Context, vm *simulator.VirtualMachine) {
	event := g.vmEvent(vm)
	now := time.Now()
	g.set(ctx, vm,
		"config.hardware.device", connectDevices(vm, true),
		"runtime.powerState", types.VirtualMachinePowerStatePoweredOn,
		"runtime.bootTime", now,
		"summary.runtime.powerState", types.VirtualMachinePowerStatePoweredOn,
		"summary.runtime.bootTime", now)
	g.post(ctx, &types.VmStartingEvent{VmEvent: event}, &types.VmPoweredOnEvent{VmEvent: event})
	g.boot(vm)
}

func (g *gate) reboot(ctx *simulator.Context, vm *simulator.VirtualMachine) {
	g.stopTools(ctx, vm)
	g.boot(vm)
}

// powerOff ends the guest: Tools run no more. What it last reported stays, as
// a vCenter may show it, save for VMs that were made here: of those it goes,
// as it may as well.
func (g *gate) powerOff(ctx *simulator.Context, vm *simulator.VirtualMachine) {
	event := g.vmEvent(vm)
	state := g.guest(vm.Self)
	state.boots++
	g.stopTools(ctx, vm)
	if state.made {
		g.set(ctx, vm,
			"guest.net", []types.GuestNicInfo{},
			"guest.ipStack", []types.GuestStackInfo{},
			"guest.ipAddress", nil,
			"summary.guest.ipAddress", nil)
	}
	g.set(ctx, vm,
		"config.hardware.device", connectDevices(vm, false),
		"runtime.powerState", types.VirtualMachinePowerStatePoweredOff,
		"runtime.bootTime", nil,
		"summary.runtime.powerState", types.VirtualMachinePowerStatePoweredOff,
		"summary.runtime.bootTime", nil)
	g.post(ctx, &types.VmStoppingEvent{VmEvent: event}, &types.VmPoweredOffEvent{VmEvent: event})
}

// connectDevices are the devices as they are after power came or went.
func connectDevices(vm *simulator.VirtualMachine, on bool) []types.BaseVirtualDevice {
	devices := devicesOf(vm)
	for _, device := range devices {
		connectable := device.GetVirtualDevice().Connectable
		if connectable == nil {
			continue
		}
		connectable.Connected = on && connectable.StartConnected
		connectable.Status = string(types.VirtualDeviceConnectInfoStatusUntried)
		if connectable.Connected {
			connectable.Status = string(types.VirtualDeviceConnectInfoStatusOk)
		}
	}
	return devices
}

// devicesOf are copies of the VM's devices.
func devicesOf(vm *simulator.VirtualMachine) []types.BaseVirtualDevice {
	if vm.Config == nil {
		return nil
	}
	return copyOf(vm.Config.Hardware.Device)
}
