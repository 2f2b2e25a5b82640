package main

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// deviceEdit applies device changes to copies of a VM's devices; nothing of it
// is seen until it is kept.
type deviceEdit struct {
	gate    *gate
	at      place
	on      bool
	devices []types.BaseVirtualDevice
	// Ports taken and given back so far.
	connected []types.BaseVirtualDeviceBackingInfo
	released  []types.BaseVirtualDeviceBackingInfo
}

func (g *gate) editDevices(vm *simulator.VirtualMachine, at place) *deviceEdit {
	return &deviceEdit{
		gate: g, at: at, devices: devicesOf(vm),
		on: vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn,
	}
}

func (e *deviceEdit) keep() {
	for _, backing := range e.released {
		e.gate.disconnect(backing)
	}
}

func (e *deviceEdit) drop() {
	for _, backing := range e.connected {
		e.gate.disconnect(backing)
	}
}

// apply makes all changes; after a fault the edit is to be dropped.
func (e *deviceEdit) apply(changes []types.BaseVirtualDeviceConfigSpec) types.BaseMethodFault {
	for index, change := range changes {
		if fault := e.applyOne(int32(index), change.GetVirtualDeviceConfigSpec()); fault != nil {
			return fault
		}
	}
	return nil
}

func (e *deviceEdit) applyOne(index int32, spec *types.VirtualDeviceConfigSpec) types.BaseMethodFault {
	invalid := &types.InvalidDeviceSpec{DeviceIndex: index}
	invalid.Property = fmt.Sprintf("virtualDeviceSpec[%d].device.key", index)
	if spec.Device == nil {
		return invalid
	}
	asked := copyOf(spec.Device)
	at := slices.IndexFunc(e.devices, func(device types.BaseVirtualDevice) bool {
		return device.GetVirtualDevice().Key == asked.GetVirtualDevice().Key
	})
	switch spec.Operation {
	case types.VirtualDeviceConfigSpecOperationAdd:
		return e.add(asked)
	case types.VirtualDeviceConfigSpecOperationRemove:
		if at < 0 {
			return invalid
		}
		device := e.devices[at]
		e.devices = slices.Delete(e.devices, at, at+1)
		e.detach(device.GetVirtualDevice())
		if card, ok := device.(types.BaseVirtualEthernetCard); ok {
			e.released = append(e.released, card.GetVirtualEthernetCard().Backing)
		}
		return nil
	}
	if at < 0 {
		return invalid
	}
	switch device := e.devices[at].(type) {
	case types.BaseVirtualEthernetCard:
		card, ok := asked.(types.BaseVirtualEthernetCard)
		if !ok {
			return invalid
		}
		return e.editCard(device.GetVirtualEthernetCard(), card.GetVirtualEthernetCard())
	case *types.VirtualDisk:
		disk, ok := asked.(*types.VirtualDisk)
		if !ok {
			return invalid
		}
		return growDisk(device, disk)
	default:
		e.devices[at] = asked
		return nil
	}
}

func (e *deviceEdit) add(asked types.BaseVirtualDevice) types.BaseMethodFault {
	device := asked.GetVirtualDevice()
	given := device.Key
	switch typed := asked.(type) {
	case types.BaseVirtualEthernetCard:
		if fault := e.addCard(typed.GetVirtualEthernetCard()); fault != nil {
			return fault
		}
	case *types.VirtualDisk:
		device.Key = e.freeKey(2000)
		fillDisk(typed, e.devices)
	default:
		if given <= 0 || e.deviceOf(given) != nil {
			device.Key = e.freeKey(20000)
		}
	}
	e.devices = append(e.devices, asked)
	if controller := e.controllerOf(device); controller != nil {
		controller.Device = append(controller.Device, device.Key)
	}
	return nil
}

// addCard makes a new card: key, label, slot and MAC as vCenter gives them.
func (e *deviceEdit) addCard(card *types.VirtualEthernetCard) types.BaseMethodFault {
	if len(cardsOf(e.devices)) >= 10 {
		return new(types.TooManyDevices)
	}
	backing, fault := e.gate.connect(e.at, card.Backing)
	if fault != nil {
		return fault
	}
	e.connected = append(e.connected, backing)
	card.Backing = backing
	card.Key = e.freeKey(4000)
	card.ControllerKey = 100
	unit := card.Key - 4000 + 7
	card.UnitNumber = &unit
	card.SlotInfo = &types.VirtualDevicePciBusSlotInfo{PciSlotNumber: 192 + 32*(card.Key-4000)}
	card.DeviceInfo = &types.Description{Label: "Network adapter " + strconv.Itoa(int(card.Key-3999))}
	if card.WakeOnLanEnabled == nil {
		card.WakeOnLanEnabled = types.NewBool(true)
	}
	if card.Connectable == nil {
		card.Connectable = &types.VirtualDeviceConnectInfo{StartConnected: true, AllowGuestControl: true, Connected: true}
	}
	e.settle(card)
	if card.MacAddress == "" {
		card.MacAddress, card.AddressType = e.gate.newMAC(), string(types.VirtualEthernetCardMacTypeAssigned)
	} else {
		// One that vCenter gave out itself is given back to its card.
		if card.AddressType != string(types.VirtualEthernetCardMacTypeAssigned) {
			card.AddressType = string(types.VirtualEthernetCardMacTypeManual)
		}
		e.gate.takeMAC(card.MacAddress)
	}
	return nil
}

// editCard changes what is given; the port stays while the network does.
func (e *deviceEdit) editCard(card, asked *types.VirtualEthernetCard) types.BaseMethodFault {
	if asked.Backing != nil && !sameNetwork(card.Backing, asked.Backing) {
		backing, fault := e.gate.connect(e.at, asked.Backing)
		if fault != nil {
			return fault
		}
		e.connected = append(e.connected, backing)
		e.released = append(e.released, card.Backing)
		card.Backing = backing
	}
	if mac := asked.MacAddress; mac != "" && mac != card.MacAddress {
		if e.on {
			return &types.InvalidPowerState{
				RequestedState: types.VirtualMachinePowerStatePoweredOff,
				ExistingState:  types.VirtualMachinePowerStatePoweredOn,
			}
		}
		card.MacAddress, card.AddressType = mac, string(types.VirtualEthernetCardMacTypeManual)
		e.gate.takeMAC(mac)
	}
	if asked.Connectable != nil {
		card.Connectable = asked.Connectable
	}
	if asked.WakeOnLanEnabled != nil {
		card.WakeOnLanEnabled = asked.WakeOnLanEnabled
	}
	e.settle(card)
	return nil
}

// settle brings what is derived in step: a card is connected only while the VM
// runs, its summary names the network.
func (e *deviceEdit) settle(card *types.VirtualEthernetCard) {
	if connectable := card.Connectable; connectable != nil {
		connectable.Connected = connectable.Connected && e.on
		connectable.Status = string(types.VirtualDeviceConnectInfoStatusUntried)
		if connectable.Connected {
			connectable.Status = string(types.VirtualDeviceConnectInfoStatusOk)
		}
	}
	if card.DeviceInfo == nil {
		card.DeviceInfo = new(types.Description)
	}
	summary := ""
	switch backing := card.Backing.(type) {
	case *types.VirtualEthernetCardNetworkBackingInfo:
		summary = backing.DeviceName
	case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
		summary = "DVSwitch: " + backing.Port.SwitchUuid
	case *types.VirtualEthernetCardOpaqueNetworkBackingInfo:
		summary = backing.OpaqueNetworkType + ": " + backing.OpaqueNetworkId
	}
	card.DeviceInfo.GetDescription().Summary = summary
}

func (e *deviceEdit) deviceOf(key int32) types.BaseVirtualDevice {
	for _, device := range e.devices {
		if device.GetVirtualDevice().Key == key {
			return device
		}
	}
	return nil
}

func (e *deviceEdit) freeKey(from int32) int32 {
	for e.deviceOf(from) != nil {
		from++
	}
	return from
}

func (e *deviceEdit) controllerOf(device *types.VirtualDevice) *types.VirtualController {
	controller, ok := e.deviceOf(device.ControllerKey).(types.BaseVirtualController)
	if !ok {
		return nil
	}
	return controller.GetVirtualController()
}

func (e *deviceEdit) detach(device *types.VirtualDevice) {
	if controller := e.controllerOf(device); controller != nil {
		controller.Device = slices.DeleteFunc(controller.Device, func(key int32) bool { return key == device.Key })
	}
}
