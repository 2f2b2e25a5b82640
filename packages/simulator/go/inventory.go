package main

import (
	"slices"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// inventoryVM is a VM as tests compare it with what a client believes.
type inventoryVM struct {
	Ref         types.ManagedObjectReference  `json:"ref"`
	Name        string                        `json:"name"`
	Host        string                        `json:"host"`
	Folder      types.ManagedObjectReference  `json:"folder"`
	Pool        *types.ManagedObjectReference `json:"pool,omitempty"`
	Datastores  []string                      `json:"datastores"`
	PowerState  string                        `json:"powerState"`
	Template    bool                          `json:"template"`
	Made        bool                          `json:"made"`
	CPUs        int32                         `json:"cpus"`
	MemoryMB    int32                         `json:"memoryMB"`
	Disks       []inventoryDisk               `json:"disks"`
	ExtraConfig map[string]string             `json:"extraConfig"`
	ToolsRun    bool                          `json:"toolsRun"`
	NICs        []inventoryNIC                `json:"nics"`
}

type inventoryDisk struct {
	CapacityKB int64 `json:"capacityKB"`
}

type inventoryNIC struct {
	Key       int32  `json:"key"`
	Label     string `json:"label"`
	MAC       string `json:"mac"`
	Connected bool   `json:"connected"`
	// standard, distributed, opaque; empty for any other.
	Kind    string                        `json:"kind"`
	Network *types.ManagedObjectReference `json:"network,omitempty"`
	Name    string                        `json:"networkName"`
	PortKey string                        `json:"portKey"`
	// What Tools report for the card, whether or not they still run.
	Addresses []string `json:"addresses"`
}

// inventory lists all VMs, templates included, in the order of their references.
func (g *gate) inventory() []inventoryVM {
	list := []inventoryVM{}
	g.change(func(*simulator.Context) {
		for _, entity := range g.registry().All("VirtualMachine") {
			if vm, ok := entity.(*simulator.VirtualMachine); ok {
				list = append(list, g.inventoryOf(vm))
			}
		}
	})
	slices.SortFunc(list, func(a, b inventoryVM) int {
		if len(a.Ref.Value) != len(b.Ref.Value) {
			return len(a.Ref.Value) - len(b.Ref.Value)
		}
		return strings.Compare(a.Ref.Value, b.Ref.Value)
	})
	return list
}

func (g *gate) inventoryOf(vm *simulator.VirtualMachine) inventoryVM {
	one := inventoryVM{
		Ref:         vm.Self,
		Name:        vm.Name,
		Pool:        vm.ResourcePool,
		Datastores:  []string{},
		PowerState:  string(vm.Runtime.PowerState),
		Made:        g.guest(vm.Self).made,
		Disks:       []inventoryDisk{},
		ExtraConfig: map[string]string{},
		ToolsRun:    toolsRun(vm),
		NICs:        []inventoryNIC{},
	}
	if vm.Parent != nil {
		one.Folder = *vm.Parent
	}
	if vm.Runtime.Host != nil {
		one.Host = nameOf(g.registry().Get(*vm.Runtime.Host))
	}
	for _, ref := range vm.Datastore {
		one.Datastores = append(one.Datastores, nameOf(g.registry().Get(ref)))
	}
	if vm.Config == nil {
		return one
	}
	one.Template = vm.Config.Template
	one.CPUs, one.MemoryMB = vm.Config.Hardware.NumCPU, vm.Config.Hardware.MemoryMB
	for _, option := range vm.Config.ExtraConfig {
		value := option.GetOptionValue()
		if text, ok := value.Value.(string); ok {
			one.ExtraConfig[value.Key] = text
		}
	}
	for _, device := range vm.Config.Hardware.Device {
		if disk, ok := device.(*types.VirtualDisk); ok {
			one.Disks = append(one.Disks, inventoryDisk{disk.CapacityInKB})
		}
	}
	for _, card := range ethernetCards(vm) {
		one.NICs = append(one.NICs, g.inventoryCard(vm, card))
	}
	return one
}

func (g *gate) inventoryCard(vm *simulator.VirtualMachine, card *types.VirtualEthernetCard) inventoryNIC {
	nic := inventoryNIC{
		Key:       card.Key,
		MAC:       strings.ToLower(card.MacAddress),
		Connected: card.Connectable != nil && card.Connectable.Connected,
		Network:   g.networkOf(vm.Parent, card.Backing),
		Addresses: []string{},
	}
	if card.DeviceInfo != nil {
		nic.Label = card.DeviceInfo.GetDescription().Label
	}
	switch backing := card.Backing.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		nic.Kind, nic.Name = "standard", backing.DeviceName
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		nic.Kind, nic.PortKey = "distributed", backing.Port.PortKey
	case *types.VirtualEthernetCardOpaqueNetworkBackingInfo:
		nic.Kind = "opaque"
	}
	if nic.Network != nil {
		nic.Name = nameOf(g.registry().Get(*nic.Network))
	}
	if vm.Guest != nil {
		for _, entry := range vm.Guest.Net {
			if entry.DeviceConfigId != card.Key {
				continue
			}
			nic.Addresses = append(nic.Addresses, entry.IpAddress...)
		}
	}
	return nic
}
