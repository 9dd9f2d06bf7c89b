# stargz.sh: lazily pulled eStargz images, with Debian's containerd and a daemon built here; sourced, with $project set.

# stargz_build : the snapshotter's daemon, its path in $stargz_daemon
stargz_build() {
  local source=$project/scripts/stargz/main.go directory=$project/target/stargz
  local bridge=/usr/share/gocode/src/github.com/hanwen/go-fuse/fs/bridge.go
  stargz_daemon=$directory/containerd-stargz-grpc
  if [ "$stargz_daemon" -nt "$source" ] && [ "$stargz_daemon" -nt "$project/scripts/stargz.sh" ]; then return; fi
  "$project/scripts/install-packages" golang-go golang-github-containerd-stargz-snapshotter-dev >&2
  echo "building $(basename "$stargz_daemon")" >&2
  mkdir -p "$directory"
  # Debian's go-fuse answers SEEK_HOLE with the offset asked about, a hole where there is data: cp of coreutils 9 seeks
  # there for ever. Without an answer (ENOSYS) the kernel takes a file for one piece of data.
  sed '/^func (b \*rawBridge) Lseek/,/^}/{
      /^\t\tout.Offset = in.Offset$/d
      s/^\t\treturn fuse.OK$/\t\treturn fuse.ENOSYS/
    }' "$bridge" >"$directory/bridge.go"
  if cmp -s "$bridge" "$directory/bridge.go"; then echo "go-fuse: no Lseek to correct" >&2; return 1; fi
  printf '{"Replace": {"%s": "%s"}}\n' "$bridge" "$directory/bridge.go" >"$directory/overlay.json"
  # Debian's packages are a GOPATH; nothing is fetched
  GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS='' GOPROXY=off GOCACHE=$directory/gocache \
    go build -overlay "$directory/overlay.json" -o "$stargz_daemon.new" "$source"
  mv "$stargz_daemon.new" "$stargz_daemon"
}

containerd_pid= containerd_address=

# containerd_start DIRECTORY : a containerd of one's own that keeps everything in DIRECTORY, its socket in
# $containerd_address
containerd_start() {
  local directory=$1
  mkdir -p "$directory"
  containerd_address=$directory/containerd.sock
  cat >"$directory/config.toml" <<CONFIG
version = 2
root = "$directory/root"
state = "$directory/state"
disabled_plugins = [
  "io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
]
[grpc]
  address = "$containerd_address"
[ttrpc]
  address = "$containerd_address.ttrpc"
[debug]
  level = "warn"
CONFIG
  setpriv --pdeathsig TERM containerd --config "$directory/config.toml" >"$directory/log" 2>&1 &
  containerd_pid=$!
  for _ in $(seq 200); do
    kill -0 "$containerd_pid" 2>/dev/null || break
    if ctr --address "$containerd_address" --connect-timeout 1s version >/dev/null 2>&1; then return; fi
    sleep 0.05
  done
  containerd_stop
  echo "containerd did not start:" >&2
  cat "$directory/log" >&2
  return 1
}

containerd_stop() {
  if [ -n "$containerd_pid" ]; then
    kill "$containerd_pid" 2>/dev/null || true
    wait "$containerd_pid" 2>/dev/null || true
    containerd_pid=
  fi
}
