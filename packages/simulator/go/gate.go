package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// gate stands before the simulator's own handler. It counts calls and bytes,
// injects faults, does what is due at a given call, answers itself the methods
// of VMs that the simulator does too differently from a vCenter, and makes a
// waiting WaitForUpdatesEx end when the sessions do.
//
// Service.AddFaultRule isn't used: it sees only the object that a method is
// called on, which for every read is the PropertyCollector, and it can't fail
// a task after it was accepted.
type gate struct {
	service  *simulator.Service
	inner    http.Handler
	username string
	outage   *outage

	// world keeps what the gate changes apart from what the simulator reads:
	// its methods walk folders, hosts and networks without their locks.
	world sync.RWMutex
	// Guarded by world.
	guests   map[types.ManagedObjectReference]*guest
	reserved map[childName]types.ManagedObjectReference
	macs     macPool
	ports    int
	versions int64

	mu        sync.Mutex
	rules     []*faultRule
	due       []*scheduled
	stats     statistics
	behaviour []guestBehaviour
	durations map[string]int
	running   map[types.ManagedObjectReference]*runningTask
	occupied  map[types.ManagedObjectReference]*occupation
	sessions  chan struct{} // closed when all sessions are terminated, then made anew
}

// statistics counts SOAP calls by method and body bytes, faults included.
type statistics struct {
	Calls         map[string]int `json:"calls"`
	RequestBytes  int64          `json:"requestBytes"`
	ResponseBytes int64          `json:"responseBytes"`
}

func newGate(service *simulator.Service, inner http.Handler, username string) *gate {
	return &gate{
		service:   service,
		inner:     inner,
		username:  username,
		outage:    newOutage(),
		guests:    map[types.ManagedObjectReference]*guest{},
		reserved:  map[childName]types.ManagedObjectReference{},
		stats:     statistics{Calls: map[string]int{}},
		durations: map[string]int{},
		running:   map[types.ManagedObjectReference]*runningTask{},
		occupied:  map[types.ManagedObjectReference]*occupation{},
		sessions:  make(chan struct{}),
	}
}

func (g *gate) registry() *simulator.Registry { return g.service.Context.Map }

// change runs work alone: no method of the simulator and no other change runs
// meanwhile. Whatever it writes must still be written under the object's lock,
// because a waiting WaitForUpdatesEx reads on.
func (g *gate) change(work func(ctx *simulator.Context)) {
	g.world.Lock()
	defer g.world.Unlock()
	ctx := newContext(g.registry())
	// EventManager.PostEvent names the session's user.
	ctx.Session = &simulator.Session{
		UserSession: types.UserSession{Key: "control", UserName: g.username},
		Registry:    simulator.NewRegistry(),
		Map:         g.registry(),
	}
	work(ctx)
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.outage.active() {
		panic(http.ErrAbortHandler)
	}
	if r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, vim25.Path) {
		g.inner.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "request body: "+err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	counter := &countingWriter{ResponseWriter: w}
	defer func() {
		g.mu.Lock()
		g.stats.RequestBytes += int64(len(body))
		g.stats.ResponseBytes += counter.bytes
		g.mu.Unlock()
	}()

	method, err := simulator.UnmarshalBody(types.TypeFunc(), body)
	if err != nil {
		g.inner.ServeHTTP(counter, r)
		return
	}
	rule := g.admit(method)
	if g.outage.active() {
		panic(http.ErrAbortHandler)
	}
	if rule != nil && !rule.delay(r.Context()) {
		return
	}
	if rule != nil && rule.LoseAnswer {
		g.answer(newBufferedWriter(), r, method, rule)
		// Ends the connection without a word, as net/http promises.
		panic(http.ErrAbortHandler)
	}
	g.answer(counter, r, method, rule)
}

// answer carries the call out, or what the rule makes of it.
func (g *gate) answer(w http.ResponseWriter, r *http.Request, method *simulator.Method, rule *faultRule) {
	if rule != nil && rule.answer(g, method, w) {
		return
	}
	if method.Name == "WaitForUpdatesEx" || method.Name == "WaitForUpdates" {
		g.serveWait(w, r, method)
		return
	}
	if g.serveOwn(w, r, method) {
		return
	}
	recorder := newBufferedWriter()
	func() {
		g.world.RLock()
		defer g.world.RUnlock()
		g.inner.ServeHTTP(recorder, r)
	}()
	recorder.copyTo(w)
}

// admit counts the call, does what was due at it, and picks the first rule
// that applies.
func (g *gate) admit(method *simulator.Method) *faultRule {
	name := g.nameOf(method.This)
	g.mu.Lock()
	g.stats.Calls[method.Name]++
	var due []*scheduled
	kept := g.due[:0]
	for _, one := range g.due {
		switch {
		case !one.matches(method, name):
			kept = append(kept, one)
		case one.SkipCount > 0:
			one.SkipCount--
			kept = append(kept, one)
		default:
			due = append(due, one)
		}
	}
	g.due = kept
	var applied *faultRule
	for _, rule := range g.rules {
		if rule.applies(g.registry(), method, name) {
			applied = rule
			break
		}
	}
	g.mu.Unlock()

	for _, one := range due {
		one.do()
	}
	return applied
}

// serveWait answers NotAuthenticated to a waiting call as soon as the sessions
// are terminated: the simulator itself would let it wait on.
func (g *gate) serveWait(w http.ResponseWriter, r *http.Request, method *simulator.Method) {
	g.mu.Lock()
	ended := g.sessions
	g.mu.Unlock()

	recorder := newBufferedWriter()
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.inner.ServeHTTP(recorder, r)
	}()
	select {
	case <-done:
		recorder.copyTo(w)
	case <-ended:
		writeFault(w, "The session is not authenticated.", notAuthenticated(method.This))
	case <-r.Context().Done():
	}
}

func notAuthenticated(this types.ManagedObjectReference) types.BaseMethodFault {
	return &types.NotAuthenticated{NoPermission: types.NoPermission{Object: &this, PrivilegeId: "System.View"}}
}

type countingWriter struct {
	http.ResponseWriter
	bytes int64
}

func (w *countingWriter) WriteHeader(status int) {
	quoteSessionCookie(w.Header())
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(data []byte) (int, error) {
	n, err := w.ResponseWriter.Write(data)
	w.bytes += int64(n)
	return n, err
}

// quoteSessionCookie writes the session cookie as a real vCenter does: its
// value in double quotes.
func quoteSessionCookie(header http.Header) {
	const prefix = soap.SessionCookieName + "="
	cookies := header["Set-Cookie"]
	for i, cookie := range cookies {
		if rest, ok := strings.CutPrefix(cookie, prefix); ok && !strings.HasPrefix(rest, `"`) {
			value, attributes, _ := strings.Cut(rest, ";")
			cookies[i] = prefix + `"` + value + `"; Path=/;` + attributes
		}
	}
}

// bufferedWriter holds an answer back: until it may be sent, or for good.
type bufferedWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newBufferedWriter() *bufferedWriter {
	return &bufferedWriter{header: http.Header{}, status: http.StatusOK}
}

func (w *bufferedWriter) Header() http.Header            { return w.header }
func (w *bufferedWriter) WriteHeader(status int)         { w.status = status }
func (w *bufferedWriter) Write(data []byte) (int, error) { return w.body.Write(data) }

func (w *bufferedWriter) copyTo(target http.ResponseWriter) {
	for key, values := range w.header {
		target.Header()[key] = values
	}
	target.WriteHeader(w.status)
	_, _ = target.Write(w.body.Bytes())
}
