package main

import (
	"reflect"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// job is what a task does. The simulator's own tasks hold the lock of their
// object from begin to end, so that nobody can read it meanwhile, take no time
// and end at once when cancelled; these don't.
type job struct {
	entity types.ManagedObjectReference
	method string
	// exclusive jobs of one entity run one after the other.
	exclusive  bool
	cancelable bool
	// message stands beside the fault; its type's name when empty.
	message string

	// begin refuses what a vCenter refuses at once.
	begin func(ctx *simulator.Context) types.BaseMethodFault
	// finish does the work, after the time that such a task takes.
	finish func(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault)
	// undo takes back what begin did, when the task is cancelled.
	undo func(ctx *simulator.Context)
}

type runningTask struct {
	task   *simulator.Task
	job    *job
	cancel chan struct{}
	passed bool // its time has passed: it can't be cancelled any more
}

// occupation is the hold of an exclusive job on its entity.
type occupation struct {
	task types.ManagedObjectReference
	// long: it takes time, so that a second one is refused instead of made to wait.
	long bool
	done chan struct{}
}

// descriptions are TaskInfo.descriptionId by method.
var descriptions = map[string]string{
	"CloneVM_Task":     "VirtualMachine.clone",
	"ReconfigVM_Task":  "VirtualMachine.reconfigure",
	"CustomizeVM_Task": "VirtualMachine.customize",
	"PowerOnVM_Task":   "VirtualMachine.powerOn",
	"PowerOffVM_Task":  "VirtualMachine.powerOff",
	"ResetVM_Task":     "VirtualMachine.reset",
	"Destroy_Task":     "VirtualMachine.destroy",
}

// start makes the task and lets it run.
func (g *gate) start(work *job) types.ManagedObjectReference {
	entity := work.entity
	description, known := descriptions[work.method]
	if !known {
		description = entity.Type + "." + lowerFirst(strings.TrimSuffix(work.method, "_Task"))
	}
	task := new(simulator.Task)
	task.Info = types.TaskInfo{
		Name:          work.method,
		DescriptionId: description,
		Entity:        &entity,
		EntityName:    g.nameOf(entity),
		State:         types.TaskInfoStateQueued,
		Cancelable:    work.cancelable,
		Reason:        &types.TaskReasonUser{UserName: g.username},
		QueueTime:     time.Now(),
	}
	running := &runningTask{task: task, job: work, cancel: make(chan struct{})}
	g.change(func(ctx *simulator.Context) {
		// Putting a task also changes its entity's recentTask.
		g.registry().WithLock(ctx, entity, func() { g.registry().Put(task) })
		task.Info.Key, task.Info.Task = task.Self.Value, task.Self
	})
	g.mu.Lock()
	g.running[task.Self] = running
	g.mu.Unlock()
	go g.work(running)
	return task.Self
}

func (g *gate) work(running *runningTask) {
	task, work := running.task, running.job
	length := g.durationOf(work.method)
	release, fault := g.occupy(running, length > 0)
	if fault != nil {
		g.change(func(ctx *simulator.Context) { g.end(ctx, running, nil, fault) })
		return
	}
	g.change(func(ctx *simulator.Context) {
		g.set(ctx, task, "info.startTime", time.Now(), "info.state", types.TaskInfoStateRunning)
		if work.begin == nil {
			return
		}
		if fault = work.begin(ctx); fault != nil {
			release()
			g.end(ctx, running, nil, fault)
		}
	})
	if fault != nil {
		return
	}
	cancelled := !g.pass(running, length)
	g.change(func(ctx *simulator.Context) {
		if cancelled {
			if work.undo != nil {
				work.undo(ctx)
			}
			release()
			g.end(ctx, running, nil, new(types.RequestCanceled))
			return
		}
		result, fault := work.finish(ctx)
		// Whoever sees the task's end may start the next at once.
		release()
		g.end(ctx, running, result, fault)
	})
}

// pass lets the task's time pass; false when it is cancelled meanwhile.
func (g *gate) pass(running *runningTask, length time.Duration) bool {
	const steps = 10
	for step := range steps {
		if length <= 0 {
			break
		}
		timer := time.NewTimer(length / steps)
		select {
		case <-timer.C:
		case <-running.cancel:
			timer.Stop()
			return false
		}
		g.change(func(ctx *simulator.Context) {
			g.set(ctx, running.task, "info.progress", int32((step+1)*100/steps-1))
		})
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-running.cancel:
		return false
	default:
		running.passed = true
		return true
	}
}

// occupy waits until the entity is free. A task that takes its time makes
// others fail instead, as on a vCenter.
func (g *gate) occupy(running *runningTask, long bool) (func(), types.BaseMethodFault) {
	if !running.job.exclusive {
		return func() {}, nil
	}
	entity := running.job.entity
	mine := &occupation{task: running.task.Self, long: long, done: make(chan struct{})}
	for {
		g.mu.Lock()
		other := g.occupied[entity]
		if other == nil {
			g.occupied[entity] = mine
			g.mu.Unlock()
			return func() {
				g.mu.Lock()
				delete(g.occupied, entity)
				g.mu.Unlock()
				close(mine.done)
			}, nil
		}
		g.mu.Unlock()
		if other.long {
			return nil, &types.TaskInProgress{Task: other.task}
		}
		<-other.done
	}
}

func (g *gate) end(ctx *simulator.Context, running *runningTask, result types.AnyType, fault types.BaseMethodFault) {
	g.mu.Lock()
	delete(g.running, running.task.Self)
	g.mu.Unlock()
	if fault == nil {
		g.set(ctx, running.task,
			"info.completeTime", time.Now(),
			"info.result", result,
			"info.state", types.TaskInfoStateSuccess)
		return
	}
	message := running.job.message
	if message == "" {
		message = reflect.TypeOf(fault).Elem().Name()
	}
	g.set(ctx, running.task,
		"info.completeTime", time.Now(),
		"info.error", types.LocalizedMethodFault{Fault: fault, LocalizedMessage: message},
		"info.state", types.TaskInfoStateError)
}

// cancelTask answers CancelTask: it returns at once, the task ends when it is undone.
func cancelTask(g *gate, method *simulator.Method) (any, types.BaseMethodFault) {
	g.mu.Lock()
	running := g.running[method.This]
	cancelled, passed := false, running == nil || running.passed
	if running != nil && running.job.cancelable && !running.passed {
		select {
		case <-running.cancel:
		default:
			close(running.cancel)
			cancelled = true
		}
	}
	g.mu.Unlock()
	switch {
	case running != nil && !running.job.cancelable:
		return nil, new(types.NotSupported)
	case passed:
		return nil, new(types.InvalidState)
	}
	if cancelled {
		g.change(func(ctx *simulator.Context) { g.set(ctx, running.task, "info.cancelled", true) })
	}
	return new(types.CancelTaskResponse), nil
}

// isRunning: the simulator ends its own tasks itself.
func (g *gate) isRunning(task types.ManagedObjectReference) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running[task] != nil
}

// durationOf is how long tasks of a method take: its own time, or that of all.
func (g *gate) durationOf(method string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	ms, known := g.durations[method]
	if !known {
		ms = g.durations["*"]
	}
	return time.Duration(ms) * time.Millisecond
}

// set changes properties of an object at once: paths and values in turn.
func (g *gate) set(ctx *simulator.Context, object mo.Reference, pathsAndValues ...any) {
	changes := make([]types.PropertyChange, 0, len(pathsAndValues)/2)
	for i := 0; i+1 < len(pathsAndValues); i += 2 {
		changes = append(changes, types.PropertyChange{Name: pathsAndValues[i].(string), Val: pathsAndValues[i+1]})
	}
	g.registry().WithLock(ctx, object, func() { update(ctx, object, changes) })
}
