package main

import (
	"slices"
	"strconv"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// place is where a VM is or comes: what its cards can be plugged into.
type place struct {
	vm     types.ManagedObjectReference
	parent *types.ManagedObjectReference
	host   types.ManagedObjectReference
}

// refusesCard: the network must be there, and the VM's host must have it.
func (g *gate) refusesCard(at place, asked types.BaseVirtualDeviceBackingInfo) types.BaseMethodFault {
	switch backing := asked.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		if g.standardNetwork(at, backing.DeviceName) != nil {
			return nil
		}
		return invalidBacking("deviceName")
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		ref := types.ManagedObjectReference{Type: "DistributedVirtualPortgroup", Value: backing.Port.PortgroupKey}
		group, ok := g.registry().Get(ref).(*simulator.DistributedVirtualPortgroup)
		if !ok || isTrue(group.Config.Uplink) {
			return &types.InvalidArgument{InvalidProperty: "spec.deviceChange.device.port.portgroupKey"}
		}
		if g.switchUUID(group) != backing.Port.SwitchUuid || !slices.Contains(group.Host, at.host) {
			return &types.InvalidArgument{InvalidProperty: "spec.deviceChange.device.port.switchUuid"}
		}
		return nil
	case *types.VirtualEthernetCardOpaqueNetworkBackingInfo:
		network := g.opaqueNetwork(at.parent, backing)
		if network != nil && slices.Contains(network.Host, at.host) {
			return nil
		}
		return invalidBacking("opaqueNetworkId")
	}
	return new(types.InvalidDeviceBacking)
}

func invalidBacking(property string) types.BaseMethodFault {
	fault := new(types.InvalidDeviceBacking)
	fault.Property = "virtualDeviceSpec.device.backing." + property
	return fault
}

// connect makes the backing of a card that is plugged in anew; one on a
// distributed port group gets a port.
func (g *gate) connect(at place, asked types.BaseVirtualDeviceBackingInfo) (types.BaseVirtualDeviceBackingInfo, types.BaseMethodFault) {
	if fault := g.refusesCard(at, asked); fault != nil {
		return nil, fault
	}
	made := copyOf(asked)
	switch backing := made.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		backing.Network = g.standardNetwork(at, backing.DeviceName)
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		g.ports++
		// Far from the keys that loaded VMs have, of which each is known by its switch only.
		backing.Port.PortKey = strconv.Itoa(10_000_000 + g.ports)
		backing.Port.ConnectionCookie = int32(g.ports)
		ref := types.ManagedObjectReference{Type: "DistributedVirtualPortgroup", Value: backing.Port.PortgroupKey}
		changeList(g.registry(), &ref, "PortKeys", func(keys []string) []string {
			return append(slices.Clone(keys), backing.Port.PortKey)
		})
	}
	return made, nil
}

// disconnect gives the port back that a card had.
func (g *gate) disconnect(backing types.BaseVirtualDeviceBackingInfo) {
	distributed, ok := backing.(*types.VirtualEthernetCardDistributedVirtualPortBackingInfo)
	if !ok {
		return
	}
	ref := types.ManagedObjectReference{Type: "DistributedVirtualPortgroup", Value: distributed.Port.PortgroupKey}
	changeList(g.registry(), &ref, "PortKeys", func(keys []string) []string {
		return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return key == distributed.Port.PortKey })
	})
}

// sameNetwork: an edit that names what the card is plugged into keeps its port.
func sameNetwork(has, asked types.BaseVirtualDeviceBackingInfo) bool {
	switch a := asked.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		b, ok := has.(*types.VirtualEthernetCardNetworkBackingInfo)
		return ok && a.DeviceName == b.DeviceName
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		b, ok := has.(*types.VirtualEthernetCardDistributedVirtualPortBackingInfo)
		return ok && a.Port.SwitchUuid == b.Port.SwitchUuid && a.Port.PortgroupKey == b.Port.PortgroupKey
	case *types.VirtualEthernetCardOpaqueNetworkBackingInfo:
		b, ok := has.(*types.VirtualEthernetCardOpaqueNetworkBackingInfo)
		return ok && a.OpaqueNetworkId == b.OpaqueNetworkId && a.OpaqueNetworkType == b.OpaqueNetworkType
	}
	return false
}

// networkOf is the network object that a card is plugged into, if it is there.
func (g *gate) networkOf(parent *types.ManagedObjectReference, has types.BaseVirtualDeviceBackingInfo) *types.ManagedObjectReference {
	switch backing := has.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		if backing.Network != nil && g.registry().Get(*backing.Network) != nil {
			return backing.Network
		}
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		ref := types.ManagedObjectReference{Type: "DistributedVirtualPortgroup", Value: backing.Port.PortgroupKey}
		if g.registry().Get(ref) != nil {
			return &ref
		}
	case *types.VirtualEthernetCardOpaqueNetworkBackingInfo:
		if network := g.opaqueNetwork(parent, backing); network != nil {
			return &network.Self
		}
	}
	return nil
}

// standardNetwork finds a standard port group by name among those of the host.
func (g *gate) standardNetwork(at place, name string) *types.ManagedObjectReference {
	host, ok := g.host(&at.host)
	if !ok {
		return nil
	}
	for _, ref := range host.Network {
		if ref.Type == "Network" && nameOf(g.registry().Get(ref)) == name {
			return &ref
		}
	}
	return nil
}

func (g *gate) opaqueNetwork(parent *types.ManagedObjectReference, backing *types.VirtualEthernetCardOpaqueNetworkBackingInfo) *mo.OpaqueNetwork {
	datacenter := g.ancestor(parent, "Datacenter")
	if datacenter == nil {
		return nil
	}
	holder, ok := g.registry().Get(*datacenter).(*simulator.Datacenter)
	if !ok {
		return nil
	}
	for _, ref := range holder.Network {
		network, ok := g.registry().Get(ref).(*mo.OpaqueNetwork)
		if !ok {
			continue
		}
		summary, ok := network.Summary.(*types.OpaqueNetworkSummary)
		if ok && summary.OpaqueNetworkId == backing.OpaqueNetworkId &&
			summary.OpaqueNetworkType == backing.OpaqueNetworkType {
			return network
		}
	}
	return nil
}

func (g *gate) switchUUID(group *simulator.DistributedVirtualPortgroup) string {
	if group.Config.DistributedVirtualSwitch == nil {
		return ""
	}
	dvs, ok := g.registry().Get(*group.Config.DistributedVirtualSwitch).(*simulator.DistributedVirtualSwitch)
	if !ok {
		return ""
	}
	return dvs.Uuid
}
