// containerd-stargz-grpc serves the stargz snapshotter to containerd.
//
// Debian packages the snapshotter as a library without its daemon, and without what the library's own package service
// imports; this is the smallest daemon over the rest, put together as service does it. Layers of an eStargz image
// become FUSE mounts below ROOT/snapshotter/snapshots that fetch from the registry what is read.
//
// SIGTERM and SIGINT end it and unmount them. The snapshots stay recorded: the next start on the same root mounts
// them again, as long as the registry still answers.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"

	api "github.com/containerd/containerd/api/services/snapshots/v1"
	"github.com/containerd/containerd/contrib/snapshotservice"
	"github.com/containerd/containerd/reference"
	"github.com/containerd/containerd/remotes/docker"
	"github.com/containerd/containerd/snapshots"
	"github.com/containerd/containerd/snapshots/overlay/overlayutils"
	"github.com/containerd/stargz-snapshotter/fs"
	"github.com/containerd/stargz-snapshotter/fs/config"
	"github.com/containerd/stargz-snapshotter/fs/layer"
	"github.com/containerd/stargz-snapshotter/fs/source"
	"github.com/containerd/stargz-snapshotter/snapshot"
	"github.com/hashicorp/go-retryablehttp"
	"github.com/moby/sys/mountinfo"
	"github.com/pelletier/go-toml"
	"github.com/sirupsen/logrus"
	"google.golang.org/grpc"
)

// requestTimeout is what service gives a request to the registry.
const requestTimeout = 30 * time.Second

// hosts collects a flag that may be given several times.
type hosts []string

func (h *hosts) String() string { return strings.Join(*h, " ") }

func (h *hosts) Set(host string) error {
	*h = append(*h, host)
	return nil
}

func main() {
	root := flag.String("root", "", "directory of the snapshots and of what was fetched")
	address := flag.String("address", "", "unix socket to serve at")
	configFile := flag.String("config", "", "TOML, as the stargz snapshotter documents it; its defaults unless given")
	logLevel := flag.String("log-level", "warn", "panic, fatal, error, warn, info, debug or trace")
	var plainHTTP hosts
	flag.Var(&plainHTTP, "plain-http", "HOST[:PORT] of a registry without TLS; may be repeated; loopback always is one")
	flag.Parse()
	if *root == "" || *address == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	level, err := logrus.ParseLevel(*logLevel)
	if err == nil {
		logrus.SetLevel(level)
		err = run(*root, *address, *configFile, plainHTTP)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "containerd-stargz-grpc:", err)
		os.Exit(1)
	}
}

func run(root, address, configFile string, plainHTTP hosts) (err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	if root, err = realDirectory(root); err != nil {
		return err
	}
	// The snapshotter's own Close would also delete the snapshots that its database goes on to list.
	defer func() {
		if unmountErr := unmountBelow(root); err == nil {
			err = unmountErr
		}
	}()
	snapshotter, err := stargz(root, configFile, plainHTTP)
	if err != nil {
		return err
	}
	if err := os.Remove(address); err != nil && !os.IsNotExist(err) {
		return err
	}
	listener, err := net.Listen("unix", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	api.RegisterSnapshotsServer(server, snapshotservice.FromSnapshotter(snapshotter))
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case <-signals:
		server.Stop() // removes the socket
		return nil
	case err := <-served:
		return err
	}
}

// stargz is service.NewStargzSnapshotterService for images pulled by a client of containerd, not by CRI.
func stargz(root, configFile string, plainHTTP hosts) (snapshots.Snapshotter, error) {
	settings, err := configuration(configFile)
	if err != nil {
		return nil, err
	}
	snapshotterRoot := filepath.Join(root, "snapshotter")
	opaque := layer.OverlayOpaqueTrusted
	if userxattr, err := overlayutils.NeedsUserXAttr(snapshotterRoot); err != nil {
		return nil, err
	} else if userxattr {
		opaque = layer.OverlayOpaqueUser
	}
	filesystem, err := fs.NewFilesystem(filepath.Join(root, "stargz"), settings,
		fs.WithGetSources(source.FromDefaultLabels(plainHTTP.registry)), fs.WithOverlayOpaqueType(opaque))
	if err != nil {
		return nil, err
	}
	return snapshot.NewSnapshotter(context.Background(), snapshotterRoot, filesystem, snapshot.AsynchronousRemove)
}

// configuration reads the file; without one it is the library's defaults.
func configuration(file string) (settings config.Config, err error) {
	text := []byte{}
	if file != "" {
		if text, err = os.ReadFile(file); err != nil {
			return settings, err
		}
	}
	if err = toml.Unmarshal(text, &settings); err != nil {
		err = fmt.Errorf("%s: %w", file, err)
	}
	return settings, err
}

// registry says how to reach the registry of an image: where its name says, without credentials, without TLS if it is
// one of these hosts or loopback.
func (h hosts) registry(image reference.Spec) ([]docker.RegistryHost, error) {
	retrying := retryablehttp.NewClient()
	retrying.Logger = nil // it would log each request
	client := retrying.StandardClient()
	client.Timeout = requestTimeout
	return docker.ConfigureDefaultRegistries(
		docker.WithClient(client),
		docker.WithPlainHTTP(func(host string) (bool, error) {
			for _, plain := range h {
				if plain == host {
					return true, nil
				}
			}
			return docker.MatchLocalhost(host)
		}),
	)(image.Hostname())
}

// realDirectory creates the directory and resolves links, as mountinfo lists mount points.
func realDirectory(path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(absolute, 0700); err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(absolute)
}

// unmountBelow aborts and unmounts what is mounted below root, the deepest first.
func unmountBelow(root string) error {
	mounts, err := mountinfo.GetMounts(mountinfo.PrefixFilter(filepath.Join(root, "snapshotter")))
	if err != nil {
		return err
	}
	sort.Slice(mounts, func(i, j int) bool { return len(mounts[i].Mountpoint) > len(mounts[j].Mountpoint) })
	for _, mount := range mounts {
		err := syscall.Unmount(mount.Mountpoint, syscall.MNT_FORCE)
		if err == syscall.EBUSY {
			err = syscall.Unmount(mount.Mountpoint, syscall.MNT_DETACH)
		}
		if err != nil {
			return fmt.Errorf("umount %s: %w", mount.Mountpoint, err)
		}
	}
	return nil
}
