# registry.sh: Debian's docker-registry on a free loopback port; sourced.

registry_pid= registry_address=

# registry_start DIRECTORY : a registry that stores in DIRECTORY, its address in $registry_address
registry_start() {
  local directory=$1 port attempt
  mkdir -p "$directory"
  for attempt in 1 2 3; do
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    cat >"$directory/config.yml" <<CONFIG
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: "$directory/data"}}
http: {addr: "127.0.0.1:$port"}
CONFIG
    docker-registry serve "$directory/config.yml" >"$directory/log" 2>&1 &
    registry_pid=$!
    for _ in $(seq 100); do
      kill -0 "$registry_pid" 2>/dev/null || break
      if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
        registry_address=127.0.0.1:$port
        return
      fi
      sleep 0.05
    done
    registry_stop
  done
  echo "docker-registry did not start:" >&2
  cat "$directory/log" >&2
  return 1
}

# registry_push LAYOUT NAME... : images of an OCI layout, as library/NAME:latest
registry_push() {
  local layout=$1 name
  shift
  for name; do
    skopeo copy -q --dest-tls-verify=false "oci:$layout:$name" "docker://$registry_address/library/$name:latest"
  done
}

registry_stop() {
  if [ -n "$registry_pid" ]; then
    kill "$registry_pid" 2>/dev/null || true
    wait "$registry_pid" 2>/dev/null || true
    registry_pid=
  fi
}
