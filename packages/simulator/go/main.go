// Command wirebook-simulator is a vCenter (or standalone ESXi) for tests, the
// demonstration and benchmarks: govmomi's simulator used as a library, with
// faults, property control and vanishing objects added.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage:
  wirebook-simulator serve --load DIR --username U --password P [--listen 127.0.0.1:0] [--cert FILE --key FILE]
  wirebook-simulator read --url URL --username U --password P [--page 500] [--type T --paths a,b,c]
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}

	var err error
	switch os.Args[1] {
	case "serve":
		err = serve(ctx, os.Args[2:])
	case "read":
		err = read(ctx, os.Args[2:])
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "wirebook-simulator: %v\n", err)
		stop()
		os.Exit(1)
	}
}
