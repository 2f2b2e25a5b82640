package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
	"github.com/vmware/govmomi/vim25/xml"
)

// newControl serves the loopback listener that tests steer the simulator by.
// Objects and properties travel as <ObjectContent>, the form of the load folder.
func newControl(gate *gate) http.Handler {
	mux := http.NewServeMux()
	handleFaults(mux, gate)
	handleGuests(mux, gate)
	handleObjects(mux, gate)

	mux.HandleFunc("POST /sessions/terminate", func(w http.ResponseWriter, _ *http.Request) {
		n, err := gate.terminateSessions()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		encodeJSON(w, map[string]int{"terminated": n})
	})
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) {
		gate.mu.Lock()
		defer gate.mu.Unlock()
		encodeJSON(w, gate.stats)
	})
	mux.HandleFunc("DELETE /stats", func(http.ResponseWriter, *http.Request) {
		gate.mu.Lock()
		gate.stats = statistics{Calls: map[string]int{}}
		gate.mu.Unlock()
	})
	return mux
}

// handleFaults: rules, what happens at a call, and outages.
func handleFaults(mux *http.ServeMux, gate *gate) {
	mux.HandleFunc("POST /fault", func(w http.ResponseWriter, r *http.Request) {
		rule := new(faultRule)
		if !decodeJSON(w, r, rule) || !accept(w, rule.check()) {
			return
		}
		gate.mu.Lock()
		gate.rules = append(gate.rules, rule)
		gate.mu.Unlock()
	})
	mux.HandleFunc("DELETE /faults", func(http.ResponseWriter, *http.Request) {
		gate.mu.Lock()
		gate.rules, gate.due = nil, nil
		gate.mu.Unlock()
		gate.outage.end()
	})
	mux.HandleFunc("POST /vanish", func(w http.ResponseWriter, r *http.Request) {
		var at struct {
			scheduled
			Objects []types.ManagedObjectReference `json:"objects"`
		}
		if !decodeJSON(w, r, &at) || !accept(w, at.check()) {
			return
		}
		at.do = func() {
			for _, ref := range at.Objects {
				gate.change(func(*simulator.Context) { removeObject(gate.registry(), ref) })
			}
		}
		gate.schedule(&at.scheduled)
	})
	mux.HandleFunc("POST /moment", func(w http.ResponseWriter, r *http.Request) {
		var at struct {
			scheduled
			Changes []string `json:"changes"` // <ObjectContent> each
		}
		if !decodeJSON(w, r, &at) || !accept(w, at.check()) {
			return
		}
		contents := make([]types.ObjectContent, len(at.Changes))
		for i, text := range at.Changes {
			decoder := xml.NewDecoder(strings.NewReader(text))
			decoder.TypeFunc = types.TypeFunc()
			if !accept(w, decoder.Decode(&contents[i])) {
				return
			}
			if gate.registry().Get(contents[i].Obj) == nil {
				accept(w, errors.New("no object "+contents[i].Obj.String()))
				return
			}
		}
		at.do = func() {
			for _, content := range contents {
				gate.change(func(*simulator.Context) { _ = setProperties(gate.registry(), content) })
			}
		}
		gate.schedule(&at.scheduled)
	})
	mux.HandleFunc("POST /outage", func(w http.ResponseWriter, r *http.Request) {
		var at struct {
			scheduled
			ForMs int `json:"forMs"`
		}
		if !decodeJSON(w, r, &at) {
			return
		}
		if at.ForMs <= 0 {
			accept(w, errors.New("forMs is how long nobody reaches the vCenter"))
			return
		}
		at.do = func() { gate.outage.begin(time.Duration(at.ForMs) * time.Millisecond) }
		if at.Method == "" {
			at.do()
			return
		}
		gate.schedule(&at.scheduled)
	})
}

// handleGuests: how guests behave and how long tasks take.
func handleGuests(mux *http.ServeMux, gate *gate) {
	mux.HandleFunc("POST /guests", func(w http.ResponseWriter, r *http.Request) {
		behaviour := guestBehaviour{}
		if decodeJSON(w, r, &behaviour) && accept(w, behaviour.check()) {
			gate.setBehaviour(behaviour)
		}
	})
	mux.HandleFunc("DELETE /guests", func(http.ResponseWriter, *http.Request) {
		gate.mu.Lock()
		gate.behaviour = nil
		gate.mu.Unlock()
	})
	mux.HandleFunc("POST /duration", func(w http.ResponseWriter, r *http.Request) {
		var duration struct {
			Method string `json:"method"`
			Ms     int    `json:"ms"`
		}
		if !decodeJSON(w, r, &duration) {
			return
		}
		if duration.Method == "" {
			duration.Method = "*"
		}
		gate.mu.Lock()
		gate.durations[duration.Method] = duration.Ms
		gate.mu.Unlock()
	})
	mux.HandleFunc("DELETE /durations", func(http.ResponseWriter, *http.Request) {
		gate.mu.Lock()
		clear(gate.durations)
		gate.mu.Unlock()
	})
}

// handleObjects: properties and objects of the inventory, and what it holds.
func handleObjects(mux *http.ServeMux, gate *gate) {
	mux.HandleFunc("POST /property", func(w http.ResponseWriter, r *http.Request) {
		changeObject(w, r, gate, setProperties)
	})
	mux.HandleFunc("POST /object", func(w http.ResponseWriter, r *http.Request) {
		changeObject(w, r, gate, addObject)
	})
	mux.HandleFunc("DELETE /object", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		ref := types.ManagedObjectReference{Type: query.Get("type"), Value: query.Get("value")}
		gate.change(func(*simulator.Context) {
			if !removeObject(gate.registry(), ref) {
				http.Error(w, "no object "+ref.String(), http.StatusNotFound)
			}
		})
	})
	mux.HandleFunc("GET /inventory", func(w http.ResponseWriter, _ *http.Request) {
		encodeJSON(w, gate.inventory())
	})
}

func changeObject(
	w http.ResponseWriter, r *http.Request, gate *gate, apply func(*simulator.Registry, types.ObjectContent) error,
) {
	decoder := xml.NewDecoder(r.Body)
	decoder.TypeFunc = types.TypeFunc()
	var content types.ObjectContent
	err := decoder.Decode(&content)
	if err == nil {
		gate.change(func(*simulator.Context) { err = apply(gate.registry(), content) })
	}
	accept(w, err)
}

// accept answers a wrong request with what is wrong.
func accept(w http.ResponseWriter, err error) bool {
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
	return err == nil
}

func decodeJSON(w http.ResponseWriter, r *http.Request, target any) bool {
	data, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(data, target)
	}
	return accept(w, err)
}

func encodeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}
