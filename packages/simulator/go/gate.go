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
// injects faults, lets objects vanish at a given call, and makes a waiting
// WaitForUpdatesEx end when the sessions do.
//
// Service.AddFaultRule isn't used: it sees only the object that a method is
// called on, which for every read is the PropertyCollector, and it can't fail
// a task after it was accepted.
type gate struct {
	service *simulator.Service
	inner   http.Handler

	mu             sync.Mutex
	rules          []*faultRule
	vanish         []*vanishing
	stats          statistics
	guests         guestBehaviour
	customizations customizations
	sessions       chan struct{} // closed when all sessions are terminated, then made anew
}

// statistics counts SOAP calls by method and body bytes, faults included.
type statistics struct {
	Calls         map[string]int `json:"calls"`
	RequestBytes  int64          `json:"requestBytes"`
	ResponseBytes int64          `json:"responseBytes"`
}

// vanishing removes Objects when Method was called more than SkipCount times.
type vanishing struct {
	Method    string                         `json:"method"`
	SkipCount int                            `json:"skipCount"`
	Objects   []types.ManagedObjectReference `json:"objects"`
}

func newGate(service *simulator.Service, inner http.Handler) *gate {
	return &gate{
		service:        service,
		inner:          inner,
		stats:          statistics{Calls: map[string]int{}},
		guests:         guestBehaviour{Outcome: guestReports, DelayMs: 50},
		customizations: customizations{byVM: map[types.ManagedObjectReference]*types.CustomizationSpec{}},
		sessions:       make(chan struct{}),
	}
}

func (g *gate) registry() *simulator.Registry { return g.service.Context.Map }

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
	if rule != nil {
		if !rule.delay(r.Context()) {
			return
		}
		if rule.answer(g.registry(), method, counter) {
			return
		}
	}
	if method.Name == "WaitForUpdatesEx" || method.Name == "WaitForUpdates" {
		g.serveWait(counter, r, method)
		return
	}
	if g.refuseUnknownNetwork(counter, method) {
		return
	}
	g.beforeCall(method)
	g.inner.ServeHTTP(counter, r)
	g.afterCall(method)
}

// admit counts the call, lets objects vanish that were due at it, and picks
// the first rule that applies.
func (g *gate) admit(method *simulator.Method) *faultRule {
	g.mu.Lock()
	g.stats.Calls[method.Name]++
	var due []types.ManagedObjectReference
	kept := g.vanish[:0]
	for _, v := range g.vanish {
		if v.Method != method.Name {
			kept = append(kept, v)
		} else if v.SkipCount > 0 {
			v.SkipCount--
			kept = append(kept, v)
		} else {
			due = append(due, v.Objects...)
		}
	}
	g.vanish = kept
	var applied *faultRule
	for _, rule := range g.rules {
		if rule.applies(g.registry(), method) {
			applied = rule
			break
		}
	}
	g.mu.Unlock()

	for _, ref := range due {
		removeObject(g.registry(), ref)
	}
	return applied
}

// serveWait answers NotAuthenticated to a waiting call as soon as the sessions
// are terminated: the simulator itself would let it wait on.
func (g *gate) serveWait(w http.ResponseWriter, r *http.Request, method *simulator.Method) {
	g.mu.Lock()
	ended := g.sessions
	g.mu.Unlock()

	recorder := &bufferedWriter{header: http.Header{}, status: http.StatusOK}
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.inner.ServeHTTP(recorder, r)
	}()
	select {
	case <-done:
		for key, values := range recorder.header {
			w.Header()[key] = values
		}
		w.WriteHeader(recorder.status)
		_, _ = w.Write(recorder.body.Bytes())
	case <-ended:
		writeFault(w, "The session is not authenticated.", &types.NotAuthenticated{
			NoPermission: types.NoPermission{Object: &method.This, PrivilegeId: "System.View"},
		})
	case <-r.Context().Done():
	}
}

// terminateSessions ends every session, as TerminateSession by an
// administrator would. It returns how many there were.
func (g *gate) terminateSessions() (int, error) {
	registry := g.registry()
	content := registry.Get(vim25.ServiceInstance).(*simulator.ServiceInstance).Content
	session := &simulator.Session{
		UserSession: types.UserSession{Key: "control"},
		Registry:    simulator.NewRegistry(),
		Map:         registry,
	}
	ctx := newContext(registry)
	ctx.Session = session
	keys := []string{}
	manager, ok := session.Get(*content.SessionManager).(*simulator.SessionManager)
	if ok {
		for _, s := range manager.SessionList {
			keys = append(keys, s.Key)
		}
		res := manager.TerminateSession(ctx, &types.TerminateSession{SessionId: keys})
		if fault := res.Fault(); fault != nil {
			return 0, soap.WrapSoapFault(fault)
		}
	}
	g.mu.Lock()
	close(g.sessions)
	g.sessions = make(chan struct{})
	g.mu.Unlock()
	return len(keys), nil
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

type bufferedWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *bufferedWriter) Header() http.Header            { return w.header }
func (w *bufferedWriter) WriteHeader(status int)         { w.status = status }
func (w *bufferedWriter) Write(data []byte) (int, error) { return w.body.Write(data) }
