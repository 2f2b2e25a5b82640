package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/types"
)

func (g *gate) instanceUUID() string {
	instance, ok := g.registry().Get(vim25.ServiceInstance).(*simulator.ServiceInstance)
	if !ok {
		return ""
	}
	return instance.Content.About.InstanceUuid
}

// nextVersion is a config.changeVersion that no VM had.
func (g *gate) nextVersion() string {
	g.versions++
	return fmt.Sprintf("%s.%06dZ", time.Now().UTC().Format("2006-01-02T15:04:05"), g.versions)
}

// placeOf is where a VM is.
func placeOf(vm *simulator.VirtualMachine) place {
	at := place{vm: vm.Self, parent: vm.Parent}
	if vm.Runtime.Host != nil {
		at.host = *vm.Runtime.Host
	}
	return at
}

// networksOf are the networks that the devices are plugged into, each once.
func (g *gate) networksOf(parent *types.ManagedObjectReference, devices []types.BaseVirtualDevice) []types.ManagedObjectReference {
	networks := []types.ManagedObjectReference{}
	for _, card := range cardsOf(devices) {
		network := g.networkOf(parent, card.Backing)
		if network != nil && !slices.Contains(networks, *network) {
			networks = append(networks, *network)
		}
	}
	return networks
}

// relink makes networks know the VM that they have and had.
func (g *gate) relink(vm types.ManagedObjectReference, before, after []types.ManagedObjectReference) {
	for i := range before {
		if !slices.Contains(after, before[i]) {
			unlink(g.registry(), &before[i], "Vm", vm)
		}
	}
	for i := range after {
		if !slices.Contains(before, after[i]) {
			link(g.registry(), &after[i], "Vm", vm)
		}
	}
}

// publish puts a new VM into the inventory, wherever its own properties say.
func (g *gate) publish(vm *simulator.VirtualMachine) {
	registry := g.registry()
	link(registry, vm.Parent, "ChildEntity", vm.Self)
	link(registry, vm.Runtime.Host, "Vm", vm.Self)
	link(registry, vm.ResourcePool, "Vm", vm.Self)
	g.relink(vm.Self, nil, vm.Network)
	for i := range vm.Datastore {
		link(registry, &vm.Datastore[i], "Vm", vm.Self)
	}
	registry.Put(vm)
}

func destroyMachine(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	vm := g.machine(method.This)
	return g.task(&job{
		entity: vm.Self, method: method.Name, exclusive: true,
		begin: func(*simulator.Context) types.BaseMethodFault {
			if vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOff {
				return nil
			}
			return &types.InvalidPowerState{
				RequestedState: types.VirtualMachinePowerStatePoweredOff,
				ExistingState:  vm.Runtime.PowerState,
			}
		},
		finish: func(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault) {
			if g.registry().Get(vm.Self) == nil {
				return nil, &types.ManagedObjectNotFound{Obj: vm.Self}
			}
			g.post(ctx, &types.VmRemovedEvent{VmEvent: g.vmEvent(vm)})
			g.withdraw(vm)
			return nil, nil
		},
	})
}

// withdraw takes a VM out of the inventory, its ports and its MACs with it.
func (g *gate) withdraw(vm *simulator.VirtualMachine) {
	registry := g.registry()
	for _, card := range ethernetCards(vm) {
		g.disconnect(card.Backing)
	}
	g.relink(vm.Self, vm.Network, nil)
	for i := range vm.Datastore {
		unlink(registry, &vm.Datastore[i], "Vm", vm.Self)
	}
	unlink(registry, vm.ResourcePool, "Vm", vm.Self)
	unlink(registry, vm.Runtime.Host, "Vm", vm.Self)
	unlink(registry, vm.Parent, "ChildEntity", vm.Self)
	remove(registry, vm.Self)
	delete(g.guests, vm.Self)
}
