package main

import (
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

func customizeMachine(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	vm := g.machine(method.This)
	request := method.Body.(*types.CustomizeVM_Task)
	return g.task(&job{
		entity: vm.Self, method: method.Name, exclusive: true, cancelable: true,
		begin: func(*simulator.Context) types.BaseMethodFault {
			if vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOff {
				return &types.InvalidPowerState{
					RequestedState: types.VirtualMachinePowerStatePoweredOff,
					ExistingState:  vm.Runtime.PowerState,
				}
			}
			if fault := g.refusesWork(vm.Runtime.Host); fault != nil {
				return fault
			}
			if g.guest(vm.Self).pending != nil {
				return new(types.CustomizationPending)
			}
			return refusesCustomization(&request.Spec, ethernetCards(vm))
		},
		finish: func(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault) {
			g.customize(ctx, vm, &request.Spec)
			return nil, nil
		},
	})
}

// refusesCustomization: there must be a setting for each card, unless
// cloud-init gets its own network configuration.
func refusesCustomization(spec *types.CustomizationSpec, cards []*types.VirtualEthernetCard) types.BaseMethodFault {
	if _, ok := spec.Identity.(*types.CustomizationCloudinitPrep); ok && len(spec.NicSettingMap) == 0 {
		return nil
	}
	if len(spec.NicSettingMap) == len(cards) {
		return nil
	}
	return &types.NicSettingMismatch{
		NumberOfNicsInSpec: int32(len(spec.NicSettingMap)),
		NumberOfNicsInVM:   int32(len(cards)),
	}
}

// customize keeps the specification for the next boot.
func (g *gate) customize(ctx *simulator.Context, vm *simulator.VirtualMachine, spec *types.CustomizationSpec) {
	g.guest(vm.Self).pending = spec
	name := uuid.NewString()
	g.set(ctx, vm,
		"config.tools.pendingCustomization", name,
		"config.extraConfig", withOption(vm.Config.ExtraConfig, &types.OptionValue{Key: pendingPackage, Value: "imcf-" + name}),
		"guest.customizationInfo", types.GuestInfoCustomizationInfo{
			CustomizationStatus: string(types.GuestInfoCustomizationStatusTOOLSDEPLOYPKG_PENDING),
		})
}

// pendingPackage is what the guest is to be customized with when it starts
// next; somebody who empties it takes the customization back.
const pendingPackage = "tools.deployPkg.fileName"

func (g *gate) forgetCustomization(vm *simulator.VirtualMachine) []types.PropertyChange {
	g.guest(vm.Self).pending = nil
	return []types.PropertyChange{
		{Name: "config.tools.pendingCustomization", Val: ""},
		{Name: "guest.customizationInfo", Val: nil},
	}
}

func (g *gate) beginCustomization(ctx *simulator.Context, vm *simulator.VirtualMachine) {
	now := time.Now()
	g.set(ctx, vm, "guest.customizationInfo", types.GuestInfoCustomizationInfo{
		CustomizationStatus: string(types.GuestInfoCustomizationStatusTOOLSDEPLOYPKG_RUNNING),
		StartTime:           &now,
	})
	g.post(ctx, &types.CustomizationStartedEvent{CustomizationEvent: g.customizationEvent(vm)})
}

// endCustomization posts how it ended and returns the changes that say so.
func (g *gate) endCustomization(ctx *simulator.Context, vm *simulator.VirtualMachine, behaviour guestBehaviour) []types.PropertyChange {
	now := time.Now()
	info := types.GuestInfoCustomizationInfo{
		CustomizationStatus: string(types.GuestInfoCustomizationStatusTOOLSDEPLOYPKG_SUCCEEDED),
		StartTime:           &now,
		EndTime:             &now,
	}
	if before := vm.Guest.CustomizationInfo; before != nil && before.StartTime != nil {
		info.StartTime = before.StartTime
	}
	event := g.customizationEvent(vm)
	if behaviour.Outcome == guestFails {
		info.CustomizationStatus = string(types.GuestInfoCustomizationStatusTOOLSDEPLOYPKG_FAILED)
		info.ErrorMsg = "Customization failed in the guest."
		failed, _ := behaviour.failure(event)
		g.post(ctx, failed)
	} else {
		g.post(ctx, &types.CustomizationSucceeded{CustomizationEvent: event})
	}
	return []types.PropertyChange{
		{Name: "config.tools.pendingCustomization", Val: ""},
		{Name: "config.extraConfig", Val: withOption(vm.Config.ExtraConfig, &types.OptionValue{Key: pendingPackage, Value: ""})},
		{Name: "guest.customizationInfo", Val: info},
	}
}

func (g *gate) customizationEvent(vm *simulator.VirtualMachine) types.CustomizationEvent {
	return types.CustomizationEvent{
		VmEvent:     g.vmEvent(vm),
		LogLocation: "/var/log/vmware-imc/toolsDeployPkg.log",
	}
}

// ethernetCards are the VM's cards in the order of its devices.
func ethernetCards(vm *simulator.VirtualMachine) []*types.VirtualEthernetCard {
	if vm.Config == nil {
		return nil
	}
	return cardsOf(vm.Config.Hardware.Device)
}

func cardsOf(devices object.VirtualDeviceList) []*types.VirtualEthernetCard {
	var cards []*types.VirtualEthernetCard
	for _, device := range devices.SelectByType((*types.VirtualEthernetCard)(nil)) {
		cards = append(cards, device.(types.BaseVirtualEthernetCard).GetVirtualEthernetCard())
	}
	return cards
}
