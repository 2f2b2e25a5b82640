package main

import (
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/vmware/govmomi/simulator"
)

// macPool gives MACs out as a vCenter does: of its own part of 00:50:56:80 to
// bf, none twice. Two vCenters begin at different places.
type macPool struct {
	taken map[string]bool
	next  uint32
}

const macPoolSize = 1 << 20

func (g *gate) newMAC() string {
	g.fillMACs()
	for {
		n := g.macs.next % macPoolSize
		g.macs.next++
		mac := fmt.Sprintf("00:50:56:%02x:%02x:%02x", 0xb0+n>>16, n>>8&0xff, n&0xff)
		if !g.macs.taken[mac] {
			g.macs.taken[mac] = true
			return mac
		}
	}
}

func (g *gate) takeMAC(mac string) {
	g.fillMACs()
	g.macs.taken[strings.ToLower(mac)] = true
}

// fillMACs looks once at what the VMs have.
func (g *gate) fillMACs() {
	if g.macs.taken != nil {
		return
	}
	g.macs.taken = map[string]bool{}
	for _, entity := range g.registry().All("VirtualMachine") {
		if vm, ok := entity.(*simulator.VirtualMachine); ok {
			for _, card := range ethernetCards(vm) {
				g.macs.taken[strings.ToLower(card.MacAddress)] = true
			}
		}
	}
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(g.instanceUUID()))
	g.macs.next = hash.Sum32() % macPoolSize
}
