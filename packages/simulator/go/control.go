package main

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
	"github.com/vmware/govmomi/vim25/xml"
)

// newControl serves the loopback listener that tests steer the simulator by.
// Objects and properties travel as <ObjectContent>, the form of the load folder.
func newControl(service *simulator.Service, gate *gate) http.Handler {
	registry := service.Context.Map
	mux := http.NewServeMux()

	mux.HandleFunc("POST /fault", func(w http.ResponseWriter, r *http.Request) {
		rule := new(faultRule)
		if !decodeJSON(w, r, rule) {
			return
		}
		if err := rule.check(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		gate.mu.Lock()
		gate.rules = append(gate.rules, rule)
		gate.mu.Unlock()
	})
	mux.HandleFunc("DELETE /faults", func(http.ResponseWriter, *http.Request) {
		gate.mu.Lock()
		gate.rules, gate.vanish = nil, nil
		gate.mu.Unlock()
	})
	mux.HandleFunc("POST /vanish", func(w http.ResponseWriter, r *http.Request) {
		at := new(vanishing)
		if !decodeJSON(w, r, at) {
			return
		}
		gate.mu.Lock()
		gate.vanish = append(gate.vanish, at)
		gate.mu.Unlock()
	})
	mux.HandleFunc("POST /guests", func(w http.ResponseWriter, r *http.Request) {
		behaviour := guestBehaviour{}
		if !decodeJSON(w, r, &behaviour) {
			return
		}
		switch behaviour.Outcome {
		case guestReports, guestSilent, guestFails:
		default:
			http.Error(w, "outcome is reports, silent or fails", http.StatusBadRequest)
			return
		}
		gate.mu.Lock()
		gate.guests = behaviour
		gate.mu.Unlock()
	})
	mux.HandleFunc("POST /property", func(w http.ResponseWriter, r *http.Request) {
		changeObject(w, r, func(content types.ObjectContent) error { return setProperties(registry, content) })
	})
	mux.HandleFunc("POST /object", func(w http.ResponseWriter, r *http.Request) {
		changeObject(w, r, func(content types.ObjectContent) error { return addObject(registry, content) })
	})
	mux.HandleFunc("DELETE /object", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		ref := types.ManagedObjectReference{Type: query.Get("type"), Value: query.Get("value")}
		if !removeObject(registry, ref) {
			http.Error(w, "no object "+ref.String(), http.StatusNotFound)
		}
	})
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

func changeObject(w http.ResponseWriter, r *http.Request, apply func(types.ObjectContent) error) {
	decoder := xml.NewDecoder(r.Body)
	decoder.TypeFunc = types.TypeFunc()
	var content types.ObjectContent
	err := decoder.Decode(&content)
	if err == nil {
		err = apply(content)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func decodeJSON(w http.ResponseWriter, r *http.Request, target any) bool {
	data, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(data, target)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func encodeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}
