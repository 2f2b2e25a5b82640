package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// wanted is one pass of the reader: a type and the property paths of it.
type wanted struct {
	Type  string   `json:"type"`
	Paths []string `json:"paths"`
}

// readReport is what read prints: milliseconds, objects by type, body bytes received.
type readReport struct {
	WallMs  float64        `json:"wallMs"`
	CPUMs   float64        `json:"cpuMs"`
	Objects map[string]int `json:"objects"`
	Bytes   int64          `json:"bytes"`
}

// read is the yardstick of the benchmark: a bare reader on govmomi, container
// view and pages, decoded into govmomi's types, nothing kept.
func read(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("read", flag.ContinueOnError)
	target := flags.String("url", "", "https://host/sdk")
	username := flags.String("username", "", "user name")
	password := flags.String("password", "", "password")
	kind := flags.String("type", "", "one type; without it the passes come as JSON on stdin")
	paths := flags.String("paths", "", "comma separated property paths of --type")
	page := flags.Int("page", 500, "objects a page")
	if err := flags.Parse(args); err != nil {
		return err
	}
	passes := []wanted{{Type: *kind, Paths: strings.Split(*paths, ",")}}
	if *kind == "" {
		if err := json.NewDecoder(os.Stdin).Decode(&passes); err != nil {
			return fmt.Errorf("passes on stdin: %w", err)
		}
	}
	endpoint, err := url.Parse(*target)
	if err != nil {
		return err
	}

	report := readReport{Objects: map[string]int{}}
	began, cpu := time.Now(), cpuTime()
	soapClient := soap.NewClient(endpoint, true)
	transport := &countingTransport{inner: soapClient.Client.Transport}
	soapClient.Client.Transport = transport
	vimClient, err := vim25.NewClient(ctx, soapClient)
	if err != nil {
		return err
	}
	client := &govmomi.Client{Client: vimClient, SessionManager: session.NewManager(vimClient)}
	if err = client.Login(ctx, url.UserPassword(*username, *password)); err != nil {
		return err
	}
	defer func() { _ = client.Logout(context.WithoutCancel(ctx)) }()

	for _, pass := range passes {
		n, err := readType(ctx, vimClient, pass, int32(*page))
		if err != nil {
			return fmt.Errorf("%s: %w", pass.Type, err)
		}
		report.Objects[pass.Type] += n
	}
	report.WallMs = milliseconds(time.Since(began))
	report.CPUMs = milliseconds(cpuTime() - cpu)
	report.Bytes = transport.bytes.Load()
	return json.NewEncoder(os.Stdout).Encode(report)
}

func readType(ctx context.Context, client *vim25.Client, pass wanted, page int32) (int, error) {
	container, err := view.NewManager(client).CreateContainerView(ctx, client.ServiceContent.RootFolder, []string{pass.Type}, true)
	if err != nil {
		return 0, err
	}
	defer func() { _ = container.Destroy(context.WithoutCancel(ctx)) }()

	collector := client.ServiceContent.PropertyCollector
	response, err := methods.RetrievePropertiesEx(ctx, client, &types.RetrievePropertiesEx{
		This: collector,
		SpecSet: []types.PropertyFilterSpec{{
			ObjectSet: []types.ObjectSpec{{
				Obj:       container.Reference(),
				Skip:      types.NewBool(true),
				SelectSet: []types.BaseSelectionSpec{&types.TraversalSpec{Type: "ContainerView", Path: "view"}},
			}},
			PropSet: []types.PropertySpec{{Type: pass.Type, PathSet: pass.Paths}},
		}},
		Options: types.RetrieveOptions{MaxObjects: page},
	})
	if err != nil {
		return 0, err
	}
	if response.Returnval == nil {
		return 0, nil
	}
	count, token := 0, response.Returnval.Token
	objects := response.Returnval.Objects
	for {
		if err = decode(objects); err != nil {
			return 0, err
		}
		count += len(objects)
		if token == "" {
			return count, nil
		}
		next, err := methods.ContinueRetrievePropertiesEx(ctx, client, &types.ContinueRetrievePropertiesEx{This: collector, Token: token})
		if err != nil {
			return 0, err
		}
		objects, token = next.Returnval.Objects, next.Returnval.Token
	}
}

// decode loads every object into its govmomi type and forgets it.
func decode(objects []types.ObjectContent) error {
	for _, object := range objects {
		// Continued pages of the simulator name unset properties without a value.
		set := object.PropSet[:0]
		for _, property := range object.PropSet {
			if property.Val != nil {
				set = append(set, property)
			}
		}
		object.PropSet = set
		if len(object.MissingSet) > 0 {
			return errors.New("an object came with a missingSet")
		}
		if _, err := mo.ObjectContentToType(object); err != nil {
			return err
		}
	}
	return nil
}

type countingTransport struct {
	inner http.RoundTripper
	bytes atomic.Int64
}

func (t *countingTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.inner.RoundTrip(request)
	if err == nil {
		response.Body = &countingBody{ReadCloser: response.Body, bytes: &t.bytes}
	}
	return response, err
}

type countingBody struct {
	io.ReadCloser
	bytes *atomic.Int64
}

func (b *countingBody) Read(data []byte) (int, error) {
	n, err := b.ReadCloser.Read(data)
	b.bytes.Add(int64(n))
	return n, err
}

// cpuTime is what this process has used of the processors, user and system.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
