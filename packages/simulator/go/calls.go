package main

import (
	"net/http"
	"reflect"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// ownMethod is a method that the gate answers itself; reply has the form of
// the method's response.
type ownMethod struct {
	// takes leaves calls to the simulator when it says no.
	takes  func(g *gate, method *simulator.Method) bool
	answer func(g *gate, method *simulator.Method) (reply any, fault types.BaseMethodFault)
}

var ownMethods = map[string]ownMethod{
	"CloneVM_Task":     {onMachine, cloneMachine},
	"ReconfigVM_Task":  {onMachine, reconfigureMachine},
	"CustomizeVM_Task": {onMachine, customizeMachine},
	"PowerOnVM_Task":   {onMachine, powerOnMachine},
	"PowerOffVM_Task":  {onMachine, powerOffMachine},
	"ResetVM_Task":     {onMachine, resetMachine},
	"ShutdownGuest":    {onMachine, shutdownGuest},
	"RebootGuest":      {onMachine, rebootGuest},
	"Destroy_Task":     {onMachine, destroyMachine},
	"PlaceVm":          {onCluster, placeMachine},
	"QueryEvents":      {always, queryEvents},
	"FindByUuid":       {ofMachine, findMachine},
	"CancelTask":       {func(g *gate, method *simulator.Method) bool { return g.isRunning(method.This) }, cancelTask},
}

func always(*gate, *simulator.Method) bool { return true }

func onMachine(g *gate, method *simulator.Method) bool {
	_, ok := g.registry().Get(method.This).(*simulator.VirtualMachine)
	return ok
}

func onCluster(g *gate, method *simulator.Method) bool {
	_, ok := g.registry().Get(method.This).(*simulator.ClusterComputeResource)
	return ok
}

func ofMachine(_ *gate, method *simulator.Method) bool {
	return method.Body.(*types.FindByUuid).VmSearch
}

// findMachine passes over VMs whose configuration can't be read: the simulator
// stumbles over them and never lets go of its inventory again.
func findMachine(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	request := method.Body.(*types.FindByUuid)
	reply := &types.FindByUuidResponse{}
	g.change(func(ctx *simulator.Context) {
		for _, entity := range g.registry().All("VirtualMachine") {
			vm, ok := entity.(*simulator.VirtualMachine)
			if !ok {
				continue
			}
			g.registry().WithLock(ctx, vm, func() {
				if vm.Config == nil {
					return
				}
				uuid := vm.Config.Uuid
				if request.InstanceUuid != nil && *request.InstanceUuid {
					uuid = vm.Config.InstanceUuid
				}
				if reply.Returnval == nil && uuid == request.Uuid {
					ref := vm.Self
					reply.Returnval = &ref
				}
			})
		}
	})
	return reply, nil
}

// serveOwn answers the call if its method is one of the gate's own. An object
// that isn't there is left to the simulator, which says so.
func (g *gate) serveOwn(w http.ResponseWriter, r *http.Request, method *simulator.Method) bool {
	own, known := ownMethods[method.Name]
	if !known || !own.takes(g, method) {
		return false
	}
	if !g.signedIn(r) {
		writeFault(w, "The session is not authenticated.", notAuthenticated(method.This))
		return true
	}
	reply, fault := own.answer(g, method)
	if fault != nil {
		writeFault(w, reflect.TypeOf(fault).Elem().Name(), fault)
		return true
	}
	writeReply(w, method.Name, reply)
	return true
}

// machine is the VM that a method is called on; serveOwn has made sure of it.
func (g *gate) machine(ref types.ManagedObjectReference) *simulator.VirtualMachine {
	vm, _ := g.registry().Get(ref).(*simulator.VirtualMachine)
	return vm
}

// task starts the work and answers with its task.
func (g *gate) task(work *job) (any, types.BaseMethodFault) {
	return taskReply{g.start(work)}, nil
}
