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
	"github.com/vmware/govmomi/vim25/xml"
)

// faultRule says which calls fail and how. Method, Type and Object take "*" or
// nothing for any. Object is a moref value or a name. Reading narrows a
// property collector's call to those whose spec names that type or moref value.
// Without Fault the call is only delayed.
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
	InTask      bool            `json:"inTask"` // the call succeeds, the task it made fails

	made, skipped int
}

// check refuses a rule that could never work, so that a test doesn't wait for it.
func (f *faultRule) check() error {
	if f.Fault == "" {
		if f.DelayMs <= 0 {
			return errors.New("a rule needs a fault or delayMs")
		}
		return nil
	}
	_, err := f.fault(types.ManagedObjectReference{Type: "VirtualMachine", Value: "vm-0"})
	return err
}

func (f *faultRule) applies(registry *simulator.Registry, method *simulator.Method) bool {
	any := func(want, got string) bool { return want == "" || want == "*" || want == got }
	if f.MaxCount > 0 && f.made >= f.MaxCount {
		return false
	}
	if !any(f.Method, method.Name) || !any(f.Type, method.This.Type) {
		return false
	}
	if !any(f.Object, method.This.Value) && f.Object != nameOf(registry.Get(method.This)) {
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
func (f *faultRule) answer(registry *simulator.Registry, method *simulator.Method, w http.ResponseWriter) bool {
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
	target, ok := registry.Get(method.This).(mo.Entity)
	if !ok {
		writeFault(w, "no such object", &types.ManagedObjectNotFound{Obj: method.This})
		return true
	}
	task := simulator.CreateTask(target, method.Name, func(*simulator.Task) (types.AnyType, types.BaseMethodFault) {
		return nil, fault
	})
	writeReturnedTask(w, method.Name, task.Run(newContext(registry)))
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

func writeFault(w http.ResponseWriter, message string, fault types.BaseMethodFault) {
	kind := reflect.TypeOf(fault).Elem().Name()
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	writeEnvelope(w, func(e *xml.Encoder) error {
		_, _ = fmt.Fprint(w, `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>`)
		_ = xml.EscapeText(w, []byte(message))
		_, _ = fmt.Fprint(w, `</faultstring><detail>`)
		err := e.EncodeElement(fault, xml.StartElement{
			Name: xml.Name{Local: kind + "Fault"},
			Attr: []xml.Attr{
				{Name: xml.Name{Local: "xmlns"}, Value: "urn:vim25"},
				{Name: xml.Name{Local: "xsi:type"}, Value: kind},
			},
		})
		if err == nil {
			err = e.Flush()
		}
		_, _ = fmt.Fprint(w, `</detail></soapenv:Fault>`)
		return err
	})
}

func writeReturnedTask(w http.ResponseWriter, method string, task types.ManagedObjectReference) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	writeEnvelope(w, func(*xml.Encoder) error {
		_, err := fmt.Fprintf(w, `<%sResponse xmlns="urn:vim25"><returnval type="Task">%s</returnval></%sResponse>`,
			method, task.Value, method)
		return err
	})
}

func writeEnvelope(w http.ResponseWriter, content func(*xml.Encoder) error) {
	_, _ = fmt.Fprint(w, xml.Header+`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"`+
		` xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+
		`<soapenv:Body>`)
	if err := content(xml.NewEncoder(w)); err != nil {
		return
	}
	_, _ = fmt.Fprint(w, `</soapenv:Body></soapenv:Envelope>`)
}
