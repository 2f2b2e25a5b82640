package main

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// guestBehaviour is how guests behave after a power-on through the API.
//
//	reports       Tools start and report what the guest was configured with
//	silent        Tools never start
//	fails         the customization fails with the event that Event names
//	otherAddress  Tools report Address in place of the one asked for
//	dhcpless      Tools run, and no NIC has an address
type guestBehaviour struct {
	VM      string `json:"vm"` // a name, a prefix and "*", or nothing for all
	Outcome string `json:"outcome"`
	DelayMs int    `json:"delayMs"`
	Event   string `json:"event"`
	Reason  string `json:"reason"`
	Address string `json:"address"` // CIDR
}

const (
	guestReports      = "reports"
	guestSilent       = "silent"
	guestFails        = "fails"
	guestOtherAddress = "otherAddress"
	guestDhcpless     = "dhcpless"
)

func (b guestBehaviour) delay() time.Duration { return time.Duration(b.DelayMs) * time.Millisecond }

func (b guestBehaviour) check() error {
	switch b.Outcome {
	case guestReports, guestSilent, guestDhcpless:
	case guestFails:
		if _, ok := b.failure(types.CustomizationEvent{}); !ok {
			return errors.New(b.Event + " is no kind of CustomizationFailed")
		}
	case guestOtherAddress:
		if _, err := netip.ParsePrefix(b.Address); err != nil {
			return errors.New("otherAddress needs an address with its prefix length: " + err.Error())
		}
	default:
		return errors.New("outcome is reports, silent, fails, otherAddress or dhcpless")
	}
	return nil
}

// failure is the event of the failed customization; by default
// CustomizationNetworkSetupFailed.
func (b guestBehaviour) failure(about types.CustomizationEvent) (types.BaseEvent, bool) {
	failed := types.CustomizationFailed{CustomizationEvent: about, Reason: b.Reason}
	name := b.Event
	if name == "" {
		name = "CustomizationNetworkSetupFailed"
	}
	if name == "CustomizationFailed" {
		return &failed, true
	}
	kind, ok := types.TypeFunc()(name)
	if !ok || kind.Kind() != reflect.Struct {
		return nil, false
	}
	value := reflect.New(kind)
	base := value.Elem().FieldByName("CustomizationFailed")
	event, isEvent := value.Interface().(types.BaseEvent)
	if !base.IsValid() || !isEvent {
		return nil, false
	}
	base.Set(reflect.ValueOf(failed))
	return event, true
}

// behaviourOf is that of the name, else of its longest prefix, else of all.
func (g *gate) behaviourOf(name string) guestBehaviour {
	g.mu.Lock()
	defer g.mu.Unlock()
	best := guestBehaviour{Outcome: guestReports, DelayMs: 50}
	rank := -1
	for _, one := range g.behaviour {
		prefix, isPrefix := strings.CutSuffix(one.VM, "*")
		matches, fit := one.VM == "" || one.VM == name, len(one.VM)+1
		if isPrefix {
			matches, fit = strings.HasPrefix(name, prefix), len(prefix)
		}
		if one.VM == "" {
			fit = 0
		}
		if matches && fit >= rank {
			best, rank = one, fit
		}
	}
	return best
}

// setBehaviour replaces what was set for the same VMs.
func (g *gate) setBehaviour(behaviour guestBehaviour) {
	g.mu.Lock()
	defer g.mu.Unlock()
	kept := []guestBehaviour{}
	for _, one := range g.behaviour {
		if one.VM != behaviour.VM {
			kept = append(kept, one)
		}
	}
	g.behaviour = append(kept, behaviour)
}

// guest is what the inventory doesn't show of a VM.
type guest struct {
	// pending is what the next boot shall configure.
	pending *types.CustomizationSpec
	// applied is what the guest's disk says.
	applied *guestConfiguration
	// boots counts power-ons, power-offs and reboots: each ends what went on.
	boots int
	// made: by CloneVM_Task, not part of the estate.
	made bool
}

func (g *gate) guest(ref types.ManagedObjectReference) *guest {
	state := g.guests[ref]
	if state == nil {
		state = new(guest)
		g.guests[ref] = state
	}
	return state
}

// stillIn: the VM exists, is powered on and was not rebooted since.
func (g *gate) stillIn(vm *simulator.VirtualMachine, boot int) bool {
	return g.registry().Get(vm.Self) != nil && g.guest(vm.Self).boots == boot &&
		vm.Guest != nil && vm.Config != nil &&
		vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn
}

// boot plays the guest's part after a power-on: halfway through its delay a
// customization begins, at the end Tools report.
func (g *gate) boot(vm *simulator.VirtualMachine) {
	state := g.guest(vm.Self)
	state.boots++
	boot, behaviour := state.boots, g.behaviourOf(vm.Name)
	if behaviour.Outcome == guestSilent {
		return
	}
	later := func(delay time.Duration, step func(ctx *simulator.Context)) {
		time.AfterFunc(delay, func() {
			g.change(func(ctx *simulator.Context) {
				if g.stillIn(vm, boot) {
					step(ctx)
				}
			})
		})
	}
	half := behaviour.delay() / 2
	later(half, func(ctx *simulator.Context) {
		if state.pending != nil {
			g.beginCustomization(ctx, vm)
		}
		later(behaviour.delay()-half, func(ctx *simulator.Context) { g.comeUp(ctx, vm, behaviour) })
	})
}

// comeUp is the moment at which Tools start to report.
func (g *gate) comeUp(ctx *simulator.Context, vm *simulator.VirtualMachine, behaviour guestBehaviour) {
	state := g.guest(vm.Self)
	cards := ethernetCards(vm)
	configuration := state.applied
	if metadata := cloudInitOf(vm.Config.ExtraConfig, cards); metadata != nil {
		configuration = metadata
	}
	pending := state.pending
	if pending != nil {
		configuration = configurationOf(pending, cards)
	}
	if behaviour.Outcome == guestFails {
		configuration = new(guestConfiguration)
	}
	state.pending, state.applied = nil, configuration
	changes := g.reportOf(vm, configuration.seenAs(behaviour, cards))
	if pending != nil {
		changes = append(changes, g.endCustomization(ctx, vm, behaviour)...)
	}
	g.registry().WithLock(ctx, vm, func() { update(ctx, vm, changes) })
}

// stopTools leaves what the guest reported and says that it reports no more.
func (g *gate) stopTools(ctx *simulator.Context, vm *simulator.VirtualMachine) {
	if vm.Guest == nil || !toolsRun(vm) {
		return
	}
	stopped := string(types.VirtualMachineToolsRunningStatusGuestToolsNotRunning)
	g.set(ctx, vm,
		"guest.toolsStatus", types.VirtualMachineToolsStatusToolsNotRunning,
		"guest.toolsRunningStatus", stopped,
		"guest.guestState", string(types.VirtualMachineGuestStateNotRunning),
		"guest.guestOperationsReady", false,
		"guestHeartbeatStatus", types.ManagedEntityStatusGray,
		"summary.guest.toolsStatus", types.VirtualMachineToolsStatusToolsNotRunning,
		"summary.guest.toolsRunningStatus", stopped,
		"summary.quickStats.guestHeartbeatStatus", types.ManagedEntityStatusGray)
}
