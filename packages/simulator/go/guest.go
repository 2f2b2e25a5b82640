package main

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// reportOf is what VMware Tools would report of a guest so configured; without
// configuration they run and report the cards without addresses.
func reportOf(registry *simulator.Registry, vm *simulator.VirtualMachine, configuration *guestConfiguration) []types.PropertyChange {
	changes := []types.PropertyChange{
		{Name: "guest.toolsStatus", Val: types.VirtualMachineToolsStatusToolsOk},
		{Name: "guest.toolsRunningStatus", Val: string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)},
		{Name: "guest.toolsVersionStatus", Val: string(types.VirtualMachineToolsVersionStatusGuestToolsCurrent)},
		{Name: "guest.toolsVersionStatus2", Val: string(types.VirtualMachineToolsVersionStatusGuestToolsCurrent)},
		{Name: "guest.toolsVersion", Val: "12352"},
		{Name: "guest.guestState", Val: string(types.VirtualMachineGuestStateRunning)},
		{Name: "guestHeartbeatStatus", Val: types.ManagedEntityStatusGreen},
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
		nic := nicConfiguration{}
		if i < len(configuration.nics) {
			nic = configuration.nics[i]
		}
		entry := types.GuestNicInfo{
			Network:        networkName(registry, card),
			MacAddress:     strings.ToLower(card.MacAddress),
			Connected:      card.Connectable == nil || card.Connectable.Connected,
			DeviceConfigId: card.Key,
		}
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
	for _, nic := range configuration.nics {
		if len(stack.DnsConfig.IpAddress) == 0 {
			stack.DnsConfig.IpAddress = nic.dnsServers
		}
	}
	changes = append(changes,
		types.PropertyChange{Name: "guest.net", Val: nics},
		types.PropertyChange{Name: "guest.ipStack", Val: []types.GuestStackInfo{stack}},
		types.PropertyChange{Name: "guest.ipAddress", Val: primary},
	)
	if name := configuration.hostName; name != "" {
		if configuration.domain != "" {
			name += "." + configuration.domain
		}
		changes = append(changes, types.PropertyChange{Name: "guest.hostName", Val: name})
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

// networkName is what guest.net.network says: the port group's name.
func networkName(registry *simulator.Registry, card *types.VirtualEthernetCard) string {
	switch backing := card.Backing.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		return backing.DeviceName
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		return nameOf(registry.Get(types.ManagedObjectReference{
			Type:  "DistributedVirtualPortgroup",
			Value: backing.Port.PortgroupKey,
		}))
	}
	return ""
}
