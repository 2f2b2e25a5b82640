package main

import (
	"net/http"
	"slices"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// sessionManager is the session manager with its list of sessions filled in,
// which only a session's view of it has.
func (g *gate) sessionManager() (*simulator.SessionManager, *simulator.Context) {
	registry := g.registry()
	content := registry.Get(vim25.ServiceInstance).(*simulator.ServiceInstance).Content
	ctx := newContext(registry)
	ctx.Session = &simulator.Session{
		UserSession: types.UserSession{Key: "control"},
		Registry:    simulator.NewRegistry(),
		Map:         registry,
	}
	manager, _ := ctx.Session.Get(*content.SessionManager).(*simulator.SessionManager)
	return manager, ctx
}

func sessionKeys(manager *simulator.SessionManager) []string {
	keys := []string{}
	if manager != nil {
		for _, session := range manager.SessionList {
			keys = append(keys, session.Key)
		}
	}
	return keys
}

// signedIn says whether the request comes with a live session.
func (g *gate) signedIn(r *http.Request) bool {
	cookie, err := r.Cookie(soap.SessionCookieName)
	if err != nil {
		return false
	}
	manager, _ := g.sessionManager()
	return slices.Contains(sessionKeys(manager), cookie.Value)
}

// terminateSessions ends every session, as TerminateSession by an
// administrator would. It returns how many there were.
func (g *gate) terminateSessions() (int, error) {
	manager, ctx := g.sessionManager()
	keys := sessionKeys(manager)
	if manager != nil {
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
