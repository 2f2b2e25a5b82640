package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// faultRule says which calls fail and how. Method, Type and Object take "*" or
// nothing for any. Object is a moref value or a name. Reading narrows a
// property collector's call to those whose spec names that type or moref value.
// Without Fault the call is only delayed, or carried out and its answer lost.
type faultRule struct {
	Method      string          `json:"method"`
	Type        string          `json:"type"`
	Object      string          `json:"object"`
	Reading     string          `json:"reading"`
	Probability *float64        `json:"probability"`
	Fault       string          `json:"fault"`
	Fields      json.RawMessage `json:"fields"`
	Message     string          `json:"message"`
	DelayMs     int             `json:"delayMs"`
	MaxCount    int             `json:"maxCount"`
	SkipCount   int             `json:"skipCount"`
	InTask      bool            `json:"inTask"`     // the call succeeds, the task it made fails
	HalfMade    bool            `json:"halfMade"`   // CloneVM_Task: the task that fails leaves a VM
	LoseAnswer  bool            `json:"loseAnswer"` // the connection is cut instead of an answer

	made, skipped int
}

// check refuses a rule that could never work, so that a test doesn't wait for it.
func (f *faultRule) check() error {
	if f.Fault == "" {
		if f.DelayMs <= 0 && !f.LoseAnswer {
			return errors.New("a rule needs a fault, delayMs or loseAnswer")
		}
		return nil
	}
	if f.HalfMade && (!f.InTask || f.Method != "CloneVM_Task") {
		return errors.New("halfMade is for the method CloneVM_Task with inTask")
	}
	_, err := f.fault(types.ManagedObjectReference{Type: "VirtualMachine", Value: "vm-0"})
	return err
}

// applies counts the call as one of the rule's; name is that of the object called.
func (f *faultRule) applies(registry *simulator.Registry, method *simulator.Method, name string) bool {
	if f.MaxCount > 0 && f.made >= f.MaxCount {
		return false
	}
	if !matchesName(f.Method, method.Name) || !matchesName(f.Type, method.This.Type) {
		return false
	}
	if !matchesName(f.Object, method.This.Value) && f.Object != name {
		return false
	}
	if f.Reading != "" && !reads(registry, method.Body, f.Reading) {
		return false
	}
	if f.Probability != nil && rand.Float64() >= *f.Probability {
		return false
	}
	if f.skipped < f.SkipCount {
		f.skipped++
		return false
	}
	f.made++
	return true
}

// delay waits; false when the client went away meanwhile.
func (f *faultRule) delay(ctx context.Context) bool {
	if f.DelayMs <= 0 {
		return true
	}
	timer := time.NewTimer(time.Duration(f.DelayMs) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// answer writes the fault; false when the call shall go on to the simulator.
func (f *faultRule) answer(g *gate, method *simulator.Method, w http.ResponseWriter) bool {
	if f.Fault == "" {
		return false
	}
	fault, err := f.fault(method.This)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return true
	}
	message := f.Message
	if message == "" {
		message = "Injected fault " + f.Fault
	}
	if !f.InTask {
		writeFault(w, message, fault)
		return true
	}
	if _, ok := g.registry().Get(method.This).(mo.Entity); !ok {
		writeFault(w, "no such object", &types.ManagedObjectNotFound{Obj: method.This})
		return true
	}
	failing := &job{
		entity:  method.This,
		method:  method.Name,
		message: message,
		finish:  func(*simulator.Context) (types.AnyType, types.BaseMethodFault) { return nil, fault },
	}
	if request, ok := method.Body.(*types.CloneVM_Task); ok && f.HalfMade {
		failing = (&cloning{gate: g, request: request, halfMade: fault}).job()
		failing.message = message
	}
	writeReply(w, method.Name, taskReply{g.start(failing)})
	return true
}

// fault builds the vSphere fault of that name; fields are its JSON properties.
func (f *faultRule) fault(this types.ManagedObjectReference) (types.BaseMethodFault, error) {
	kind, ok := types.TypeFunc()(f.Fault)
	if !ok {
		return nil, fmt.Errorf("no vSphere type is named %q", f.Fault)
	}
	value := reflect.New(kind)
	fault, ok := value.Interface().(types.BaseMethodFault)
	if !ok {
		return nil, fmt.Errorf("the vSphere type %s is not a fault", f.Fault)
	}
	switch x := fault.(type) {
	case *types.NotAuthenticated:
		x.Object, x.PrivilegeId = &this, "System.View"
	case *types.NoPermission:
		x.Object, x.PrivilegeId = &this, "System.View"
	case *types.ManagedObjectNotFound:
		x.Obj = this
	}
	if len(f.Fields) > 0 {
		if err := json.Unmarshal(f.Fields, value.Interface()); err != nil {
			return nil, fmt.Errorf("fields of %s: %w", f.Fault, err)
		}
	}
	return fault, nil
}

// reads says whether a property collector's request names that type or object.
// A view is looked through for its types, because a filter on it names them
// only in propSet.
func reads(registry *simulator.Registry, body any, wanted string) bool {
	var specs []types.PropertyFilterSpec
	switch request := body.(type) {
	case *types.RetrievePropertiesEx:
		specs = request.SpecSet
	case *types.RetrieveProperties:
		specs = request.SpecSet
	case *types.CreateFilter:
		specs = []types.PropertyFilterSpec{request.Spec}
	case *types.CreateContainerView:
		for _, kind := range request.Type {
			if kind == wanted {
				return true
			}
		}
	}
	for _, spec := range specs {
		for _, set := range spec.PropSet {
			if set.Type == wanted {
				return true
			}
		}
		for _, object := range spec.ObjectSet {
			if object.Obj.Value == wanted {
				return true
			}
		}
	}
	return false
}
