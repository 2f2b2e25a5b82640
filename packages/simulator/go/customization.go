package main

import (
	"net/http"
	"strings"
	"time"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// guestBehaviour is how guests behave after a power-on through the API.
//
//	reports  Tools start and report what the guest was configured with
//	silent   Tools never start
//	fails    the customization fails (CustomizationNetworkSetupFailed)
type guestBehaviour struct {
	Outcome string `json:"outcome"`
	DelayMs int    `json:"delayMs"`
}

const (
	guestReports = "reports"
	guestSilent  = "silent"
	guestFails   = "fails"
)

// taskPatience bounds how long a task is waited for before its VM is given up.
const taskPatience = 30 * time.Second

// customizations remembers what guests shall be configured with until they boot.
type customizations struct {
	byVM map[types.ManagedObjectReference]*types.CustomizationSpec
}

// beforeCall readies a VM for the simulator: it compares nicSettingMap with
// the entries of guest.net, not with the cards.
func (g *gate) beforeCall(method *simulator.Method) {
	switch request := method.Body.(type) {
	case *types.CustomizeVM_Task:
		g.alignGuestNet(method.This, false)
		g.mu.Lock()
		g.customizations.byVM[method.This] = &request.Spec
		g.mu.Unlock()
	case *types.PowerOnVM_Task:
		g.mu.Lock()
		fails := g.guests.Outcome == guestFails
		g.mu.Unlock()
		if fails {
			g.alignGuestNet(method.This, true)
		}
	}
}

// afterCall follows calls whose effect on a guest the simulator leaves out.
func (g *gate) afterCall(method *simulator.Method) {
	switch request := method.Body.(type) {
	case *types.PowerOnVM_Task:
		go g.boot(method.This)
	case *types.CloneVM_Task:
		go g.followClone(request)
	}
}

// alignGuestNet gives guest.net one entry per virtual ethernet card, or none.
func (g *gate) alignGuestNet(ref types.ManagedObjectReference, none bool) {
	vm, ok := g.registry().Get(ref).(*simulator.VirtualMachine)
	if !ok {
		return
	}
	ctx := newContext(g.registry())
	g.registry().WithLock(ctx, vm, func() {
		if vm.Guest == nil || vm.Config == nil {
			return
		}
		cards := ethernetCards(vm)
		if !none && len(vm.Guest.Net) == len(cards) {
			return
		}
		entries := []types.GuestNicInfo{}
		for _, card := range cards {
			if none {
				break
			}
			entries = append(entries, types.GuestNicInfo{MacAddress: strings.ToLower(card.MacAddress), DeviceConfigId: card.Key})
		}
		g.registry().Update(ctx, vm, []types.PropertyChange{{Name: "guest.net", Val: entries}})
	})
}

// followClone waits for the clone, keeps its customization for the boot, and
// copies what CloneVM_Task of the simulator drops.
func (g *gate) followClone(request *types.CloneVM_Task) {
	source, ok := g.registry().Get(request.This).(*simulator.VirtualMachine)
	if !ok {
		return
	}
	var clone *simulator.VirtualMachine
	found := g.await(func() bool {
		folder, isFolder := g.registry().Get(request.Folder).(*simulator.Folder)
		if !isFolder {
			return false
		}
		var children []types.ManagedObjectReference
		g.registry().WithLock(newContext(g.registry()), folder, func() {
			children = append(children, folder.ChildEntity...)
		})
		for _, child := range children {
			vm, isVM := g.registry().Get(child).(*simulator.VirtualMachine)
			if isVM && vm != source && nameOf(vm) == request.Name {
				clone = vm
				return true
			}
		}
		return false
	})
	if !found {
		return
	}
	if spec := request.Spec.Customization; spec != nil {
		g.mu.Lock()
		g.customizations.byVM[clone.Self] = spec
		g.mu.Unlock()
	}
	if request.Spec.PowerOn && !request.Spec.Template {
		g.boot(clone.Self)
	}
}

// boot plays the guest's part after a power-on: it waits for the state, then
// reports as VMware Tools would.
func (g *gate) boot(ref types.ManagedObjectReference) {
	registry := g.registry()
	vm, ok := registry.Get(ref).(*simulator.VirtualMachine)
	if !ok {
		return
	}
	on := g.await(func() bool {
		state := types.VirtualMachinePowerState("")
		registry.WithLock(newContext(registry), vm, func() { state = vm.Runtime.PowerState })
		return state == types.VirtualMachinePowerStatePoweredOn
	})
	if !on {
		return
	}
	g.mu.Lock()
	guests := g.guests
	spec := g.customizations.byVM[ref]
	delete(g.customizations.byVM, ref)
	g.mu.Unlock()
	if guests.Outcome == guestSilent {
		return
	}
	time.Sleep(time.Duration(guests.DelayMs) * time.Millisecond)

	ctx := newContext(registry)
	registry.WithLock(ctx, vm, func() {
		if registry.Get(ref) == nil || vm.Guest == nil || vm.Config == nil ||
			vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOn {
			return
		}
		info := vm.Guest.CustomizationInfo
		if spec != nil && info != nil &&
			info.CustomizationStatus == string(types.GuestInfoCustomizationStatusTOOLSDEPLOYPKG_FAILED) {
			spec = nil
		}
		configuration := configurationOf(spec, ethernetCards(vm))
		if configuration == nil {
			configuration = cloudInitOf(vm.Config.ExtraConfig, ethernetCards(vm))
		}
		registry.Update(ctx, vm, reportOf(registry, vm, configuration))
	})
}

// await polls until the condition holds or patience ends.
func (g *gate) await(condition func() bool) bool {
	for end := time.Now().Add(taskPatience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if condition() {
			return true
		}
	}
	return false
}

func ethernetCards(vm *simulator.VirtualMachine) []*types.VirtualEthernetCard {
	var cards []*types.VirtualEthernetCard
	devices := object.VirtualDeviceList(vm.Config.Hardware.Device)
	for _, device := range devices.SelectByType((*types.VirtualEthernetCard)(nil)) {
		cards = append(cards, device.(types.BaseVirtualEthernetCard).GetVirtualEthernetCard())
	}
	return cards
}

// refuseUnknownNetwork answers a device spec that names a standard network
// which the VM's datacenter lacks: the simulator would end with a panic. The
// task fails with InvalidDeviceBacking, as on a real vCenter.
func (g *gate) refuseUnknownNetwork(w http.ResponseWriter, method *simulator.Method) bool {
	var changes []types.BaseVirtualDeviceConfigSpec
	switch request := method.Body.(type) {
	case *types.ReconfigVM_Task:
		changes = request.Spec.DeviceChange
	case *types.CloneVM_Task:
		changes = request.Spec.Location.DeviceChange
		if request.Spec.Config != nil {
			changes = append(append([]types.BaseVirtualDeviceConfigSpec{}, changes...), request.Spec.Config.DeviceChange...)
		}
	default:
		return false
	}
	target, ok := g.registry().Get(method.This).(mo.Entity)
	if !ok {
		return false
	}
	for _, change := range changes {
		spec := change.GetVirtualDeviceConfigSpec()
		backing, isStandard := spec.Device.GetVirtualDevice().Backing.(*types.VirtualEthernetCardNetworkBackingInfo)
		if !isStandard || spec.Operation == types.VirtualDeviceConfigSpecOperationRemove ||
			g.hasNetwork(target, backing.DeviceName) {
			continue
		}
		task := simulator.CreateTask(target, method.Name, func(*simulator.Task) (types.AnyType, types.BaseMethodFault) {
			fault := new(types.InvalidDeviceBacking)
			fault.Property = "virtualDeviceSpec.device.backing.deviceName"
			return nil, fault
		})
		writeReturnedTask(w, method.Name, task.Run(newContext(g.registry())))
		return true
	}
	return false
}

func (g *gate) hasNetwork(entity mo.Entity, name string) bool {
	for at := entity.Entity().Parent; at != nil; {
		object := g.registry().Get(*at)
		if datacenter, ok := object.(*simulator.Datacenter); ok {
			for _, ref := range datacenter.Network {
				if nameOf(g.registry().Get(ref)) == name {
					return true
				}
			}
			return false
		}
		parent, ok := object.(mo.Entity)
		if !ok {
			return false
		}
		at = parent.Entity().Parent
	}
	return false
}
