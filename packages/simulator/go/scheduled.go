package main

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
)

// scheduled is something that happens just before the (SkipCount + 1)th call of
// Method from now: objects vanish, properties change, the vCenter goes out of
// reach. Object, a name or moref value, narrows it to calls on that object.
type scheduled struct {
	Method    string `json:"method"`
	Object    string `json:"object"`
	SkipCount int    `json:"skipCount"`

	do func()
}

func (s *scheduled) check() error {
	if s.Method == "" {
		return errors.New("name the method at whose call it shall happen")
	}
	return nil
}

func (s *scheduled) matches(method *simulator.Method, name string) bool {
	return matchesName(s.Method, method.Name) &&
		(matchesName(s.Object, method.This.Value) || s.Object == name)
}

// matchesName takes "*" or nothing for any.
func matchesName(want, got string) bool { return want == "" || want == "*" || want == got }

// schedule adds what is to happen at a call.
func (g *gate) schedule(one *scheduled) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.due = append(g.due, one)
}

// outage is a time in which nobody reaches the vCenter: open connections are
// cut at its begin, new ones as soon as they come.
type outage struct {
	mu          sync.Mutex
	until       time.Time
	connections map[net.Conn]struct{}
}

func newOutage() *outage { return &outage{connections: map[net.Conn]struct{}{}} }

func (o *outage) active() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return time.Now().Before(o.until)
}

// begin starts an outage now; it lasts that long from now.
func (o *outage) begin(length time.Duration) {
	o.mu.Lock()
	o.until = time.Now().Add(length)
	open := make([]net.Conn, 0, len(o.connections))
	for connection := range o.connections {
		open = append(open, connection)
	}
	o.mu.Unlock()
	for _, connection := range open {
		cutOff(connection)
	}
}

// cutOff closes without TLS's good-bye, as a pulled plug does.
func cutOff(connection net.Conn) {
	if encrypted, ok := connection.(*tls.Conn); ok {
		connection = encrypted.NetConn()
	}
	_ = connection.Close()
}

func (o *outage) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.until = time.Time{}
}

// follow is the server's ConnState: it knows the open connections, and cuts
// those that come while nobody shall.
func (o *outage) follow(connection net.Conn, state http.ConnState) {
	o.mu.Lock()
	cut := false
	switch state {
	case http.StateNew:
		o.connections[connection] = struct{}{}
		cut = time.Now().Before(o.until)
	case http.StateClosed, http.StateHijacked:
		delete(o.connections, connection)
	}
	o.mu.Unlock()
	if cut {
		cutOff(connection)
	}
}
