package main

import (
	"context"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// newContext makes a context of its own for one change: locks are shared by
// whoever holds the same one.
func newContext(registry *simulator.Registry) *simulator.Context {
	return &simulator.Context{Context: context.Background(), Map: registry}
}

// managedObject digs the vim25/mo struct out of the simulator's wrapper, whose
// first field embeds it.
func managedObject(object mo.Reference) (reflect.Value, bool) {
	value := reflect.ValueOf(object)
	for {
		if value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface {
			if value.IsNil() {
				return reflect.Value{}, false
			}
			value = value.Elem()
		}
		if value.Kind() != reflect.Struct || value.NumField() == 0 {
			return reflect.Value{}, false
		}
		if path.Base(value.Type().PkgPath()) == "mo" {
			return value, true
		}
		value = value.Field(0)
	}
}

// nameOf is the name of an entity of the inventory, "" when it has none.
func (g *gate) nameOf(ref types.ManagedObjectReference) string {
	object, ok := g.registry().Get(ref).(mo.Entity)
	if !ok {
		return ""
	}
	name := ""
	g.registry().WithLock(newContext(g.registry()), object, func() { name = nameOf(object) })
	return name
}

// nameOf is the object's name, "" when it has none.
func nameOf(object mo.Reference) string {
	if object == nil {
		return ""
	}
	value, ok := managedObject(object)
	if !ok {
		return ""
	}
	name := value.FieldByName("Name")
	if !name.IsValid() || name.Kind() != reflect.String {
		return ""
	}
	return name.String()
}

// setProperties applies the changes at once; a property without value is unset.
func setProperties(registry *simulator.Registry, content types.ObjectContent) (err error) {
	object := registry.Get(content.Obj)
	if object == nil {
		return fmt.Errorf("no object %s", content.Obj)
	}
	// mo.ApplyPropertyChange panics on a path or type that doesn't fit.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: %v", content.Obj, r)
		}
	}()
	var changes []types.PropertyChange
	for _, property := range content.PropSet {
		changes = append(changes, types.PropertyChange{
			Op:   types.PropertyChangeOpAssign,
			Name: property.Name,
			Val:  property.Val,
		})
	}
	ctx := newContext(registry)
	unlock := registry.AcquireLock(ctx, object)
	defer unlock()
	update(ctx, object, changes)
	return nil
}

// update applies changes and tells waiting property collectors. Of a
// distributed switch they are applied only: the simulator keeps a
// VmwareDistributedVirtualSwitch as its supertype, and Registry.Update panics
// on the difference.
func update(ctx *simulator.Context, object mo.Reference, changes []types.PropertyChange) {
	dvs, ok := object.(*simulator.DistributedVirtualSwitch)
	if !ok {
		ctx.Map.Update(ctx, object, changes)
		return
	}
	whole := mo.VmwareDistributedVirtualSwitch{DistributedVirtualSwitch: dvs.DistributedVirtualSwitch}
	mo.ApplyPropertyChange(&whole, changes)
	dvs.DistributedVirtualSwitch = whole.DistributedVirtualSwitch
}

// addObject puts a new VirtualMachine, Network or distributed port group into
// the inventory and links it wherever its own properties say.
func addObject(registry *simulator.Registry, content types.ObjectContent) error {
	if registry.Get(content.Obj) != nil {
		return fmt.Errorf("object %s exists", content.Obj)
	}
	var object mo.Reference
	var target any
	switch content.Obj.Type {
	case "VirtualMachine":
		vm := new(simulator.VirtualMachine)
		object, target = vm, &vm.VirtualMachine
	case "DistributedVirtualPortgroup":
		group := new(simulator.DistributedVirtualPortgroup)
		object, target = group, &group.DistributedVirtualPortgroup
	case "Network":
		network := new(mo.Network)
		object, target = network, network
	default:
		return fmt.Errorf("objects of type %s can't be added", content.Obj.Type)
	}
	if err := mo.LoadObjectContent([]types.ObjectContent{content}, target); err != nil {
		return err
	}

	switch x := target.(type) {
	case *mo.VirtualMachine:
		link(registry, x.Parent, "ChildEntity", x.Self)
		link(registry, x.Runtime.Host, "Vm", x.Self)
		link(registry, x.ResourcePool, "Vm", x.Self)
		for i := range x.Network {
			link(registry, &x.Network[i], "Vm", x.Self)
		}
		for i := range x.Datastore {
			link(registry, &x.Datastore[i], "Vm", x.Self)
		}
	case *mo.DistributedVirtualPortgroup:
		linkNetwork(registry, &x.Network)
		link(registry, x.Config.DistributedVirtualSwitch, "Portgroup", x.Self)
	case *mo.Network:
		linkNetwork(registry, x)
	}
	registry.Put(object)
	return nil
}

func linkNetwork(registry *simulator.Registry, network *mo.Network) {
	link(registry, network.Parent, "ChildEntity", network.Self)
	for i := range network.Host {
		link(registry, &network.Host[i], "Network", network.Self)
	}
	for at := network.Parent; at != nil; {
		if at.Type == "Datacenter" {
			link(registry, at, "Network", network.Self)
			return
		}
		entity, ok := registry.Get(*at).(mo.Entity)
		if !ok {
			return
		}
		at = entity.Entity().Parent
	}
}

// link adds ref to a list of references of the holder, unless it is there.
func link(registry *simulator.Registry, holder *types.ManagedObjectReference, field string, ref types.ManagedObjectReference) {
	changeList(registry, holder, field, func(list []types.ManagedObjectReference) []types.ManagedObjectReference {
		if slices.Contains(list, ref) {
			return list
		}
		return append(slices.Clone(list), ref)
	})
}

// unlink takes ref out of a list of references of the holder.
func unlink(registry *simulator.Registry, holder *types.ManagedObjectReference, field string, ref types.ManagedObjectReference) {
	changeList(registry, holder, field, func(list []types.ManagedObjectReference) []types.ManagedObjectReference {
		return slices.DeleteFunc(slices.Clone(list), func(one types.ManagedObjectReference) bool { return one == ref })
	})
}

// changeList replaces a list property of the holder by what change makes of
// it. The list itself stays as it is: a reader may be at it.
func changeList[T any](registry *simulator.Registry, holder *types.ManagedObjectReference, field string, change func([]T) []T) {
	if holder == nil {
		return
	}
	object := registry.Get(*holder)
	if object == nil {
		return
	}
	ctx := newContext(registry)
	registry.WithLock(ctx, object, func() {
		value, ok := managedObject(object)
		if !ok {
			return
		}
		list, ok := value.FieldByName(field).Interface().([]T)
		if !ok {
			return
		}
		if next := change(list); len(next) != len(list) {
			update(ctx, object, []types.PropertyChange{{Name: lowerFirst(field), Val: next}})
		}
	})
}

// removeObject makes the object vanish: out of its folder, host, pool,
// networks, datastores, switches and views, without any task or event.
func removeObject(registry *simulator.Registry, ref types.ManagedObjectReference) bool {
	if registry.Get(ref) == nil {
		return false
	}
	for _, object := range registry.AllReference("") {
		value, ok := managedObject(object)
		if !ok {
			continue
		}
		ctx := newContext(registry)
		registry.WithLock(ctx, object, func() {
			if changes := withoutReference(value, "", ref); len(changes) > 0 {
				update(ctx, object, changes)
			}
		})
	}
	remove(registry, ref)
	return true
}

// remove takes the object out of the registry. Holding its lock meanwhile
// would be wrong: the lock goes with it.
func remove(registry *simulator.Registry, ref types.ManagedObjectReference) {
	registry.Remove(newContext(registry), ref)
}

// withoutReference lists the changes that take ref out of every list of
// references, those of "summary" (DVSSummary.hostMember, .vm) included.
func withoutReference(value reflect.Value, prefix string, ref types.ManagedObjectReference) []types.PropertyChange {
	var changes []types.PropertyChange
	for i := range value.NumField() {
		field, kind := value.Field(i), value.Type().Field(i)
		switch {
		case kind.Anonymous && field.Kind() == reflect.Struct:
			changes = append(changes, withoutReference(field, prefix, ref)...)
		case kind.Name == "Summary" && field.Kind() == reflect.Struct:
			changes = append(changes, withoutReference(field, "summary.", ref)...)
		default:
			list, ok := field.Interface().([]types.ManagedObjectReference)
			if !ok {
				continue
			}
			kept := make([]types.ManagedObjectReference, 0, len(list))
			for _, item := range list {
				if item != ref {
					kept = append(kept, item)
				}
			}
			if len(kept) != len(list) {
				changes = append(changes, types.PropertyChange{Name: prefix + lowerFirst(kind.Name), Val: kept})
			}
		}
	}
	return changes
}

func lowerFirst(name string) string { return strings.ToLower(name[:1]) + name[1:] }
