package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/esx"
	"github.com/vmware/govmomi/simulator/vpx"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/types"

	// Registers the REST endpoint (/api, /rest) that carries tags.
	_ "github.com/vmware/govmomi/vapi/simulator"
)

// ready is the one line that serve prints on stdout once it answers.
type ready struct {
	URL            string `json:"url"`
	Control        string `json:"control"`
	SHA256         string `json:"sha256"`
	CertificatePem string `json:"certificatePem"`
}

func serve(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	load := flags.String("load", "", "folder of ObjectContent files and about.json")
	username := flags.String("username", "", "the one user name that Login accepts")
	password := flags.String("password", "", "its password")
	listen := flags.String("listen", "127.0.0.1:0", "address of the SDK endpoint")
	certFile := flags.String("cert", "", "PEM certificate; made when the file is missing")
	keyFile := flags.String("key", "", "PEM private key; made when the file is missing")
	remove := flags.String("remove", "", "a folder to remove at the end, also when the parent was killed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *load == "" || *username == "" || *password == "" {
		return errors.New("serve needs --load, --username and --password")
	}

	// Relative paths must be resolved before the change of directory below.
	for _, path := range []*string{load, certFile, keyFile, remove} {
		if *path == "" {
			continue
		}
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = absolute
	}

	if *remove != "" {
		defer os.RemoveAll(*remove)
	}

	// A loaded Datastore makes its folder in the working directory.
	work, err := os.MkdirTemp("", "wirebook-simulator-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err = os.Chdir(work); err != nil {
		return err
	}

	identity, err := loadIdentity(*certFile, *keyFile)
	if err != nil {
		return err
	}
	service, err := loadInventory(*load)
	if err != nil {
		return err
	}

	// The library's server begins to serve before anything can be put in front
	// of it: it lends its handler only.
	service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword(*username, *password)}
	service.TLS = &tls.Config{Certificates: []tls.Certificate{identity.certificate}, MinVersion: tls.VersionTLS12}
	service.RegisterEndpoints = true
	lent := service.NewServer()
	_ = lent.Listener.Close()

	gate := newGate(service, lent.Config.Handler, *username)
	server := &http.Server{Handler: gate, ConnState: gate.outage.follow}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	// Not server.Shutdown: it waits for requests in progress, and a WaitForUpdatesEx may never end.
	defer server.Close()
	encrypted := service.TLS.Clone()
	encrypted.NextProtos = []string{"http/1.1"}
	go func() { _ = server.Serve(tls.NewListener(listener, encrypted)) }()

	control, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer control.Close()
	go func() { _ = http.Serve(control, newControl(gate)) }()

	line := ready{
		URL:            (&url.URL{Scheme: "https", Host: listener.Addr().String(), Path: vim25.Path}).String(),
		Control:        "http://" + control.Addr().String(),
		SHA256:         identity.sha256,
		CertificatePem: identity.pem,
	}
	if err = json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return err
	}

	// The parent holds our stdin open: its end, however it came, is ours.
	parentGone := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(parentGone)
	}()
	select {
	case <-ctx.Done():
	case <-parentGone:
	}
	return nil
}

// loadInventory loads dir; about.json in it becomes ServiceContent.about.
func loadInventory(dir string) (*simulator.Service, error) {
	var about types.AboutInfo
	data, err := os.ReadFile(filepath.Join(dir, "about.json"))
	if err != nil {
		return nil, err
	}
	if err = json.Unmarshal(data, &about); err != nil {
		return nil, fmt.Errorf("about.json: %w", err)
	}

	model := simulator.VPX()
	model.ServiceContent = vpx.ServiceContent
	model.RootFolder = vpx.RootFolder
	if about.ApiType == "HostAgent" {
		model.ServiceContent = esx.ServiceContent
		model.RootFolder = esx.RootFolder
		// Loaded as HostAgent the simulator would add a default host of its own
		// beside the files (simulator.CreateDefaultESX).
		model.ServiceContent.About.ApiType = "VirtualCenter"
	}
	if err = model.Load(dir); err != nil {
		return nil, err
	}

	instance, ok := model.Map().Get(vim25.ServiceInstance).(*simulator.ServiceInstance)
	if !ok {
		return nil, errors.New("the loaded inventory has no ServiceInstance")
	}
	// NewServiceInstance makes an instanceUuid up; two vCenters need their own, always the same.
	instance.Content.About = about
	return model.Service, nil
}
