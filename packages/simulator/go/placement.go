package main

import (
	"slices"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// placed finds where the clone goes, and refuses places that don't go together.
func (c *cloning) placed() types.BaseMethodFault {
	g, location := c.gate, c.request.Spec.Location
	c.pool = location.Pool
	if c.pool == nil && !c.source.Config.Template {
		c.pool = c.source.ResourcePool
	}
	if c.pool == nil && !c.request.Spec.Template {
		return &types.InvalidArgument{InvalidProperty: "spec.location.pool"}
	}
	hosts := g.hostsOfPool(c.pool)
	if c.pool != nil && len(hosts) == 0 {
		return &types.InvalidArgument{InvalidProperty: "spec.location.pool"}
	}
	ref := location.Host
	if ref == nil {
		ref = c.ownChoice(hosts)
	}
	host, ok := g.host(ref)
	if !ok || c.pool != nil && !slices.Contains(hosts, host.Self) {
		return &types.InvalidArgument{InvalidProperty: "spec.location.host"}
	}
	c.host = host
	if fault := g.refusesWork(ref); fault != nil {
		return fault
	}
	switch {
	case location.Datastore != nil:
		c.datastore = *location.Datastore
	case len(c.source.Datastore) > 0:
		c.datastore = c.source.Datastore[0]
	}
	return g.refusesFiles(host, c.datastore)
}

// ownChoice: the source's host if it is one of the pool's, else the first that works.
func (c *cloning) ownChoice(hosts []types.ManagedObjectReference) *types.ManagedObjectReference {
	own := c.source.Runtime.Host
	if own != nil && (c.pool == nil || slices.Contains(hosts, *own)) && c.gate.refusesWork(own) == nil {
		return own
	}
	for i := range hosts {
		if c.gate.refusesWork(&hosts[i]) == nil {
			return &hosts[i]
		}
	}
	return own
}

// refusesFiles: the host must see the datastore, and it must be in use.
func (g *gate) refusesFiles(host *simulator.HostSystem, ref types.ManagedObjectReference) types.BaseMethodFault {
	datastore, ok := g.registry().Get(ref).(*simulator.Datastore)
	if !ok {
		return &types.InvalidArgument{InvalidProperty: "spec.location.datastore"}
	}
	if !g.sees(host, datastore) {
		return &types.InaccessibleDatastore{
			InvalidDatastore: types.InvalidDatastore{Datastore: &datastore.Self, Name: datastore.Name},
		}
	}
	if inMaintenance(datastore) {
		return &types.InvalidDatastoreState{DatastoreName: datastore.Name}
	}
	return nil
}

func inMaintenance(datastore *simulator.Datastore) bool {
	mode := datastore.Summary.MaintenanceMode
	return mode != "" && mode != string(types.DatastoreSummaryMaintenanceModeStateNormal)
}

func (g *gate) sees(host *simulator.HostSystem, datastore *simulator.Datastore) bool {
	return datastore.Summary.Accessible && slices.ContainsFunc(datastore.Host, func(mount types.DatastoreHostMount) bool {
		return mount.Key == host.Self && (mount.MountInfo.Accessible == nil || *mount.MountInfo.Accessible)
	})
}

// hostsOfPool are the hosts of the compute resource that the pool is below.
func (g *gate) hostsOfPool(pool *types.ManagedObjectReference) []types.ManagedObjectReference {
	for at := pool; at != nil; {
		if compute := g.compute(*at); compute != nil {
			return compute.Host
		}
		entity, ok := g.registry().Get(*at).(mo.Entity)
		if !ok {
			return nil
		}
		at = entity.Entity().Parent
	}
	return nil
}

// compute is the cluster or compute resource of that reference.
func (g *gate) compute(ref types.ManagedObjectReference) *mo.ComputeResource {
	switch object := g.registry().Get(ref).(type) {
	case *simulator.ClusterComputeResource:
		return &object.ComputeResource
	case *mo.ComputeResource:
		return object
	}
	return nil
}

func (g *gate) computeOf(host *simulator.HostSystem) *mo.ComputeResource {
	if host.Parent == nil {
		return nil
	}
	return g.compute(*host.Parent)
}

// placeMachine answers PlaceVm as DRS would: of the hosts and datastores that
// may be used it recommends the host with the least load. The simulator picks
// among all hosts of the cluster by chance.
func placeMachine(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	cluster := g.registry().Get(method.This).(*simulator.ClusterComputeResource)
	spec := &method.Body.(*types.PlaceVm).PlacementSpec
	var result types.PlacementResult
	var fault types.BaseMethodFault
	g.change(func(*simulator.Context) {
		config, _ := cluster.ConfigurationEx.(*types.ClusterConfigInfoEx)
		if config == nil || !isTrue(config.DrsConfig.Enabled) {
			fault = new(types.InvalidState)
			return
		}
		result = g.recommend(cluster, spec)
	})
	return &types.PlaceVmResponse{Returnval: result}, fault
}

func (g *gate) recommend(cluster *simulator.ClusterComputeResource, spec *types.PlacementSpec) types.PlacementResult {
	relocation := types.VirtualMachineRelocateSpec{}
	if spec.RelocateSpec != nil {
		relocation = *spec.RelocateSpec
	} else if spec.CloneSpec != nil {
		relocation = spec.CloneSpec.Location
	}
	candidates := spec.Hosts
	if len(candidates) == 0 {
		candidates = cluster.Host
	}
	datastores := spec.Datastores
	if relocation.Datastore != nil {
		datastores = []types.ManagedObjectReference{*relocation.Datastore}
	} else if len(datastores) == 0 {
		datastores = cluster.Datastore
	}
	var chosen *simulator.HostSystem
	var store types.ManagedObjectReference
	for i := range candidates {
		host, ok := g.host(&candidates[i])
		if !ok || !slices.Contains(cluster.Host, host.Self) || g.refusesWork(&host.Self) != nil ||
			!g.reachesAll(host.Self, cluster, relocation.DeviceChange) {
			continue
		}
		at := slices.IndexFunc(datastores, func(ref types.ManagedObjectReference) bool {
			return g.refusesFiles(host, ref) == nil
		})
		if at >= 0 && (chosen == nil || loadOf(host) < loadOf(chosen)) {
			chosen, store = host, datastores[at]
		}
	}
	if chosen == nil {
		return types.PlacementResult{DrsFault: &types.ClusterDrsFaults{
			Reason: "xvmotionPlacement",
			FaultsByVm: []types.BaseClusterDrsFaultsFaultsByVm{&types.ClusterDrsFaultsFaultsByVm{
				Vm:    spec.Vm,
				Fault: []types.LocalizedMethodFault{{Fault: new(types.NoCompatibleHost), LocalizedMessage: "NoCompatibleHost"}},
			}},
		}}
	}
	relocation.Host, relocation.Datastore = &chosen.Self, &store
	if relocation.Pool == nil {
		relocation.Pool = cluster.ResourcePool
	}
	reason := string(types.RecommendationReasonCodeXvmotionPlacement)
	return types.PlacementResult{Recommendations: []types.ClusterRecommendation{{
		Key: "1", Type: "V1", Time: time.Now(), Rating: 5, Reason: reason, ReasonText: reason, Target: &cluster.Self,
		Action: []types.BaseClusterAction{&types.PlacementAction{
			ClusterAction: types.ClusterAction{Type: "MigrationV1", Target: &chosen.Self},
			Vm:            spec.Vm,
			TargetHost:    &chosen.Self,
			RelocateSpec:  &relocation,
		}},
	}}}
}

// reachesAll: the host has every network that the changes plug a card into. Of
// a network that no host of the cluster has DRS knows nothing: cloning will tell.
func (g *gate) reachesAll(
	host types.ManagedObjectReference, cluster *simulator.ClusterComputeResource, changes []types.BaseVirtualDeviceConfigSpec,
) bool {
	for _, change := range changes {
		spec := change.GetVirtualDeviceConfigSpec()
		card, isCard := spec.Device.(types.BaseVirtualEthernetCard)
		if !isCard || spec.Operation == types.VirtualDeviceConfigSpecOperationRemove {
			continue
		}
		backing := card.GetVirtualEthernetCard().Backing
		has := func(one types.ManagedObjectReference) bool {
			return g.refusesCard(place{parent: &cluster.Self, host: one}, backing) == nil
		}
		if backing != nil && !has(host) && slices.ContainsFunc(cluster.Host, has) {
			return false
		}
	}
	return true
}

// loadOf is the share in use of what is scarcer, CPU or memory; VMs that were
// just put there count a little, before they show in the host's usage.
func loadOf(host *simulator.HostSystem) float64 {
	share := func(used, all float64) float64 {
		if all <= 0 {
			return 0
		}
		return used / all
	}
	load := 0.0
	if hardware := host.Summary.Hardware; hardware != nil {
		load = max(
			share(float64(host.Summary.QuickStats.OverallCpuUsage), float64(hardware.CpuMhz)*float64(hardware.NumCpuCores)),
			share(float64(host.Summary.QuickStats.OverallMemoryUsage), float64(hardware.MemorySize)/(1<<20)))
	}
	return load + float64(len(host.Vm))/1e4
}
