package main

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// reportOf is what VMware Tools would report of a guest so configured; without
// configuration they run and report the cards without addresses.
func (g *gate) reportOf(vm *simulator.VirtualMachine, configuration *guestConfiguration) []types.PropertyChange {
	changes := []types.PropertyChange{
		{Name: "guest.toolsStatus", Val: types.VirtualMachineToolsStatusToolsOk},
		{Name: "guest.toolsRunningStatus", Val: string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)},
		{Name: "guest.toolsVersionStatus", Val: string(types.VirtualMachineToolsVersionStatusGuestToolsCurrent)},
		{Name: "guest.toolsVersionStatus2", Val: string(types.VirtualMachineToolsVersionStatusGuestToolsCurrent)},
		{Name: "guest.toolsVersion", Val: "12352"},
		{Name: "guest.guestState", Val: string(types.VirtualMachineGuestStateRunning)},
		{Name: "guest.guestOperationsReady", Val: true},
		{Name: "guestHeartbeatStatus", Val: types.ManagedEntityStatusGreen},
		{Name: "summary.guest.toolsStatus", Val: types.VirtualMachineToolsStatusToolsOk},
		{Name: "summary.guest.toolsRunningStatus", Val: string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)},
		{Name: "summary.guest.toolsVersionStatus2", Val: string(types.VirtualMachineToolsVersionStatusGuestToolsCurrent)},
		{Name: "summary.quickStats.guestHeartbeatStatus", Val: types.ManagedEntityStatusGreen},
	}
	if configuration == nil {
		if len(vm.Guest.Net) > 0 {
			return changes
		}
		configuration = &guestConfiguration{}
	}
	nics := []types.GuestNicInfo{}
	stack := types.GuestStackInfo{IpRouteConfig: &types.NetIpRouteConfigInfo{}}
	primary := ""
	for i, card := range ethernetCards(vm) {
		nic := configuration.nicOf(card)
		entry := g.guestNic(card)
		device := strconv.Itoa(i)
		for _, prefix := range nic.addresses {
			if primary == "" {
				primary = prefix.Addr().String()
			}
			if entry.IpConfig == nil {
				entry.IpConfig = &types.NetIpConfigInfo{}
			}
			entry.IpAddress = append(entry.IpAddress, prefix.Addr().String())
			entry.IpConfig.IpAddress = append(entry.IpConfig.IpAddress, types.NetIpConfigInfoIpAddress{
				IpAddress:    prefix.Addr().String(),
				PrefixLength: int32(prefix.Bits()),
				State:        string(types.NetIpConfigInfoIpAddressStatusPreferred),
			})
			addRoute(&stack, prefix.Masked(), "", device)
		}
		for _, gateway := range nic.gateways {
			if ip, err := netip.ParseAddr(gateway); err == nil {
				zero := netip.IPv4Unspecified()
				if ip.Is6() {
					zero = netip.IPv6Unspecified()
				}
				addRoute(&stack, netip.PrefixFrom(zero, 0), gateway, device)
			}
		}
		nics = append(nics, entry)
	}
	stack.DnsConfig = &types.NetDnsConfigInfo{
		HostName:     configuration.hostName,
		DomainName:   configuration.domain,
		IpAddress:    configuration.dnsServers,
		SearchDomain: configuration.search,
	}
	for _, card := range ethernetCards(vm) {
		if len(stack.DnsConfig.IpAddress) == 0 {
			stack.DnsConfig.IpAddress = configuration.nicOf(card).dnsServers
		}
	}
	changes = append(changes,
		types.PropertyChange{Name: "guest.net", Val: nics},
		types.PropertyChange{Name: "guest.ipStack", Val: []types.GuestStackInfo{stack}},
		types.PropertyChange{Name: "guest.ipAddress", Val: primary},
		types.PropertyChange{Name: "summary.guest.ipAddress", Val: primary},
	)
	if name := configuration.hostName; name != "" {
		if configuration.domain != "" {
			name += "." + configuration.domain
		}
		changes = append(changes,
			types.PropertyChange{Name: "guest.hostName", Val: name},
			types.PropertyChange{Name: "summary.guest.hostName", Val: name})
	}
	return changes
}

func addRoute(stack *types.GuestStackInfo, network netip.Prefix, gateway, device string) {
	stack.IpRouteConfig.IpRoute = append(stack.IpRouteConfig.IpRoute, types.NetIpRouteConfigInfoIpRoute{
		Network:      network.Addr().String(),
		PrefixLength: int32(network.Bits()),
		Gateway:      types.NetIpRouteConfigInfoGateway{IpAddress: gateway, Device: device},
	})
}

// guestNic is the entry of guest.net of a card without an address.
func (g *gate) guestNic(card *types.VirtualEthernetCard) types.GuestNicInfo {
	return types.GuestNicInfo{
		Network:        g.networkName(card),
		MacAddress:     strings.ToLower(card.MacAddress),
		Connected:      card.Connectable == nil || card.Connectable.Connected,
		DeviceConfigId: card.Key,
	}
}

// networkName is what guest.net.network says: the port group's name.
func (g *gate) networkName(card *types.VirtualEthernetCard) string {
	switch backing := card.Backing.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		return backing.DeviceName
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		return nameOf(g.registry().Get(types.ManagedObjectReference{
			Type:  "DistributedVirtualPortgroup",
			Value: backing.Port.PortgroupKey,
		}))
	}
	return ""
}

// followCards are the changes of what a running guest reports after its cards
// changed: a new card has no address yet, one that is gone takes its routes
// along, one that was plugged in elsewhere keeps its addresses.
func (g *gate) followCards(vm *simulator.VirtualMachine, cards []*types.VirtualEthernetCard) []types.PropertyChange {
	if !toolsRun(vm) {
		return nil
	}
	reported := vm.Guest.Net
	nics := []types.GuestNicInfo{}
	moved := map[string]string{}
	for i, entry := range reported {
		card := cardOfKey(cards, entry.DeviceConfigId)
		if card == nil && entry.DeviceConfigId >= 0 {
			continue
		}
		if card != nil {
			entry.Network, entry.MacAddress = g.networkName(card), strings.ToLower(card.MacAddress)
			entry.Connected = card.Connectable == nil || card.Connectable.Connected
		}
		moved[strconv.Itoa(i)] = strconv.Itoa(len(nics))
		nics = append(nics, entry)
	}
	for _, card := range cards {
		known := slices.ContainsFunc(reported, func(entry types.GuestNicInfo) bool {
			return entry.DeviceConfigId == card.Key
		})
		if !known {
			nics = append(nics, g.guestNic(card))
		}
	}
	stacks := copyOf(vm.Guest.IpStack)
	for _, stack := range stacks {
		if stack.IpRouteConfig == nil {
			continue
		}
		routes := []types.NetIpRouteConfigInfoIpRoute{}
		for _, route := range stack.IpRouteConfig.IpRoute {
			if device, stays := moved[route.Gateway.Device]; stays {
				route.Gateway.Device = device
				routes = append(routes, route)
			}
		}
		stack.IpRouteConfig.IpRoute = routes
	}
	return []types.PropertyChange{{Name: "guest.net", Val: nics}, {Name: "guest.ipStack", Val: stacks}}
}

func cardOfKey(cards []*types.VirtualEthernetCard, key int32) *types.VirtualEthernetCard {
	for _, card := range cards {
		if card.Key == key {
			return card
		}
	}
	return nil
}
