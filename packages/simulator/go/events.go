package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// vmEvent names the VM with its datacenter, compute resource, host and datastore.
func (g *gate) vmEvent(vm *simulator.VirtualMachine) types.VmEvent {
	registry := g.registry()
	argument := func(ref types.ManagedObjectReference) types.EntityEventArgument {
		return types.EntityEventArgument{Name: nameOf(registry.Get(ref))}
	}
	event := types.VmEvent{Event: types.Event{
		Vm: &types.VmEventArgument{EntityEventArgument: types.EntityEventArgument{Name: vm.Name}, Vm: vm.Self},
	}}
	if vm.Config != nil {
		event.Template = vm.Config.Template
	}
	if datacenter := g.ancestor(vm.Parent, "Datacenter"); datacenter != nil {
		event.Datacenter = &types.DatacenterEventArgument{
			EntityEventArgument: argument(*datacenter), Datacenter: *datacenter,
		}
	}
	if host, ok := g.host(vm.Runtime.Host); ok {
		event.Host = &types.HostEventArgument{EntityEventArgument: argument(host.Self), Host: host.Self}
		if host.Parent != nil {
			event.ComputeResource = &types.ComputeResourceEventArgument{
				EntityEventArgument: argument(*host.Parent), ComputeResource: *host.Parent,
			}
		}
	}
	if len(vm.Datastore) > 0 {
		event.Ds = &types.DatastoreEventArgument{
			EntityEventArgument: argument(vm.Datastore[0]), Datastore: vm.Datastore[0],
		}
	}
	return event
}

// post puts events where QueryEvents and event collectors find them.
func (g *gate) post(ctx *simulator.Context, events ...types.BaseEvent) {
	manager := g.registry().EventManager()
	g.registry().WithLock(ctx, manager, func() {
		for _, event := range events {
			manager.PostEvent(ctx, &types.PostEvent{EventToPost: event})
		}
	})
}

// queryEvents answers with as many events as a vCenter would: the simulator
// leaves it at ten unless asked for more.
func queryEvents(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	request := method.Body.(*types.QueryEvents)
	if request.Filter.MaxCount == 0 {
		request.Filter.MaxCount = 1000
	}
	var reply any
	var fault types.BaseMethodFault
	g.change(func(ctx *simulator.Context) {
		manager := g.registry().EventManager()
		g.registry().WithLock(ctx, manager, func() {
			body := manager.QueryEvents(ctx, request).(*methods.QueryEventsBody)
			if body.Fault_ != nil {
				fault, _ = body.Fault_.VimFault().(types.BaseMethodFault)
				return
			}
			reply = body.Res
		})
	})
	return reply, fault
}

// ancestor is the nearest object of that type at or above ref.
func (g *gate) ancestor(ref *types.ManagedObjectReference, kind string) *types.ManagedObjectReference {
	for at := ref; at != nil; {
		if at.Type == kind {
			return at
		}
		entity, ok := g.registry().Get(*at).(mo.Entity)
		if !ok {
			return nil
		}
		at = entity.Entity().Parent
	}
	return nil
}

func (g *gate) host(ref *types.ManagedObjectReference) (*simulator.HostSystem, bool) {
	if ref == nil {
		return nil, false
	}
	host, ok := g.registry().Get(*ref).(*simulator.HostSystem)
	return host, ok
}
