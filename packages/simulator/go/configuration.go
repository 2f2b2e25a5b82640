package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"net"
	"net/netip"
	"slices"
	"sort"
	"strings"

	"github.com/vmware/govmomi/vim25/types"
	"gopkg.in/yaml.v3"
)

// guestConfiguration is what a guest was told to be, by customization or
// cloud-init. NICs go by their MAC in lower case: cards come and go.
type guestConfiguration struct {
	hostName   string
	domain     string
	dnsServers []string
	search     []string
	nics       map[string]nicConfiguration
}

type nicConfiguration struct {
	addresses  []netip.Prefix
	gateways   []string
	dnsServers []string
}

func (c *guestConfiguration) configure(card *types.VirtualEthernetCard, nic nicConfiguration) {
	if c.nics == nil {
		c.nics = map[string]nicConfiguration{}
	}
	c.nics[strings.ToLower(card.MacAddress)] = nic
}

func (c *guestConfiguration) nicOf(card *types.VirtualEthernetCard) nicConfiguration {
	return c.nics[strings.ToLower(card.MacAddress)]
}

// seenAs is the configuration as a guest of that behaviour shows it.
func (c *guestConfiguration) seenAs(behaviour guestBehaviour, cards []*types.VirtualEthernetCard) *guestConfiguration {
	if behaviour.Outcome != guestDhcpless && behaviour.Outcome != guestOtherAddress {
		return c
	}
	seen := new(guestConfiguration)
	if c != nil {
		*seen = *c
	}
	seen.nics = nil
	if behaviour.Outcome == guestDhcpless || len(cards) == 0 {
		return seen
	}
	for _, card := range cards {
		if c != nil {
			seen.configure(card, c.nicOf(card))
		}
	}
	other, _ := netip.ParsePrefix(behaviour.Address)
	first := seen.nicOf(cards[0])
	at := slices.IndexFunc(first.addresses, func(one netip.Prefix) bool {
		return one.Addr().Is4() == other.Addr().Is4()
	})
	first.addresses = slices.Clone(first.addresses)
	if at < 0 {
		first.addresses = append(first.addresses, other)
	} else {
		first.addresses[at] = other
	}
	seen.configure(cards[0], first)
	return seen
}

// configurationOf reads a customization spec; nil when it configures no NIC.
func configurationOf(spec *types.CustomizationSpec, cards []*types.VirtualEthernetCard) *guestConfiguration {
	if spec == nil {
		return nil
	}
	configuration := &guestConfiguration{
		dnsServers: spec.GlobalIPSettings.DnsServerList,
		search:     spec.GlobalIPSettings.DnsSuffixList,
	}
	switch identity := spec.Identity.(type) {
	case *types.CustomizationLinuxPrep:
		configuration.domain = identity.Domain
		if fixed, ok := identity.HostName.(*types.CustomizationFixedName); ok {
			configuration.hostName = fixed.Name
		}
	case *types.CustomizationSysprep:
		if fixed, ok := identity.UserData.ComputerName.(*types.CustomizationFixedName); ok {
			configuration.hostName = fixed.Name
		}
	case *types.CustomizationCloudinitPrep:
		return parseMetadata([]byte(identity.Metadata), cards)
	}
	for i, mapping := range spec.NicSettingMap {
		adapter := mapping.Adapter
		at := i
		if mapping.MacAddress != "" {
			at = slices.IndexFunc(cards, func(card *types.VirtualEthernetCard) bool {
				return strings.EqualFold(card.MacAddress, mapping.MacAddress)
			})
		}
		if at < 0 || at >= len(cards) {
			continue
		}
		nic := nicConfiguration{gateways: adapter.Gateway, dnsServers: adapter.DnsServerList}
		if fixed, ok := adapter.Ip.(*types.CustomizationFixedIp); ok {
			nic.add(fixed.IpAddress, prefixLength(adapter.SubnetMask))
		}
		if v6 := adapter.IpV6Spec; v6 != nil {
			for _, generator := range v6.Ip {
				if fixed, ok := generator.(*types.CustomizationFixedIpV6); ok {
					nic.add(fixed.IpAddress, int(fixed.SubnetMask))
				}
			}
			nic.gateways = append(append([]string{}, nic.gateways...), v6.Gateway...)
		}
		configuration.configure(cards[at], nic)
	}
	return configuration
}

func (n *nicConfiguration) add(address string, bits int) {
	ip, err := netip.ParseAddr(address)
	if err == nil && bits >= 0 && bits <= ip.BitLen() {
		n.addresses = append(n.addresses, netip.PrefixFrom(ip, bits))
	}
}

func prefixLength(mask string) int {
	ip := net.ParseIP(mask).To4()
	if ip == nil {
		return 32
	}
	ones, _ := net.IPMask(ip).Size()
	return ones
}

// cloudInitOf reads guestinfo.metadata as cloud-init's VMware datasource does;
// nil when there is none.
func cloudInitOf(options []types.BaseOptionValue, cards []*types.VirtualEthernetCard) *guestConfiguration {
	text := map[string]string{}
	for _, option := range options {
		value := option.GetOptionValue()
		if s, ok := value.Value.(string); ok {
			text[value.Key] = s
		}
	}
	metadata, ok := decodeGuestinfo(text["guestinfo.metadata"], text["guestinfo.metadata.encoding"])
	if !ok {
		return nil
	}
	return parseMetadata(metadata, cards)
}

func decodeGuestinfo(text, encoding string) ([]byte, bool) {
	if text == "" {
		return nil, false
	}
	switch encoding {
	case "":
		return []byte(text), true
	case "base64", "b64":
		data, err := base64.StdEncoding.DecodeString(text)
		return data, err == nil
	case "gzip+base64", "gz+b64":
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, false
		}
		reader, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, false
		}
		data, err = io.ReadAll(reader)
		return data, err == nil
	}
	return nil, false
}

// networkV2 is cloud-init's networking config version 2, as far as a test reads it.
type networkV2 struct {
	Ethernets map[string]struct {
		Match struct {
			MacAddress string `yaml:"macaddress"`
		} `yaml:"match"`
		Addresses []string `yaml:"addresses"`
		Gateway4  string   `yaml:"gateway4"`
		Gateway6  string   `yaml:"gateway6"`
		Routes    []struct {
			To  string `yaml:"to"`
			Via string `yaml:"via"`
		} `yaml:"routes"`
		Nameservers struct {
			Addresses []string `yaml:"addresses"`
			Search    []string `yaml:"search"`
		} `yaml:"nameservers"`
	} `yaml:"ethernets"`
}

func parseMetadata(data []byte, cards []*types.VirtualEthernetCard) *guestConfiguration {
	var metadata struct {
		LocalHostname   string    `yaml:"local-hostname"`
		Hostname        string    `yaml:"hostname"`
		Network         yaml.Node `yaml:"network"`
		NetworkEncoding string    `yaml:"network.encoding"`
	}
	if err := yaml.Unmarshal(data, &metadata); err != nil {
		return nil
	}
	configuration := &guestConfiguration{hostName: metadata.LocalHostname}
	if configuration.hostName == "" {
		configuration.hostName = metadata.Hostname
	}
	if host, domain, ok := strings.Cut(configuration.hostName, "."); ok {
		configuration.hostName, configuration.domain = host, domain
	}
	// The network stands in place, or encoded as a string; either may be wrapped once more in "network".
	var wrapped struct {
		networkV2 `yaml:",inline"`
		Network   *networkV2 `yaml:"network"`
	}
	if metadata.Network.Kind == yaml.ScalarNode {
		if text, ok := decodeGuestinfo(metadata.Network.Value, metadata.NetworkEncoding); ok {
			_ = yaml.Unmarshal(text, &wrapped)
		}
	} else if metadata.Network.Kind != 0 {
		_ = metadata.Network.Decode(&wrapped)
	}
	network := &wrapped.networkV2
	if wrapped.Network != nil {
		network = wrapped.Network
	}

	names := make([]string, 0, len(network.Ethernets))
	for name := range network.Ethernets {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		ethernet := network.Ethernets[name]
		at := i
		if wanted := ethernet.Match.MacAddress; wanted != "" {
			at = slices.IndexFunc(cards, func(card *types.VirtualEthernetCard) bool {
				return strings.EqualFold(card.MacAddress, wanted)
			})
		}
		if at < 0 || at >= len(cards) {
			continue
		}
		nic := nicConfiguration{dnsServers: ethernet.Nameservers.Addresses}
		for _, address := range ethernet.Addresses {
			if prefix, err := netip.ParsePrefix(address); err == nil {
				nic.addresses = append(nic.addresses, prefix)
			}
		}
		for _, gateway := range []string{ethernet.Gateway4, ethernet.Gateway6} {
			if gateway != "" {
				nic.gateways = append(nic.gateways, gateway)
			}
		}
		for _, route := range ethernet.Routes {
			if route.To == "default" || route.To == "0.0.0.0/0" || route.To == "::/0" {
				nic.gateways = append(nic.gateways, route.Via)
			}
		}
		configuration.search = append(configuration.search, ethernet.Nameservers.Search...)
		configuration.dnsServers = append(configuration.dnsServers, ethernet.Nameservers.Addresses...)
		configuration.configure(cards[at], nic)
	}
	return configuration
}
