# registry.sh: Debian's docker-registry on a free loopback port; sourced.

registry_pid= registry_address= registry_within=()

# registry_start DIRECTORY [NAMESPACE] : a registry that stores in DIRECTORY, on a free port of loopback, its address in
# $registry_address; or on port 5000 of all addresses of a network namespace
registry_start() {
  local directory=$1 host=127.0.0.1 port attempt
  [ $# -lt 2 ] || { registry_within=(ip netns exec "$2") host=0.0.0.0; }
  mkdir -p "$directory"
  for attempt in 1 2 3; do
    if [ $# -lt 2 ]; then
      port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    else
      port=5000
    fi
    cat >"$directory/config.yml" <<CONFIG
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: "$directory/data"}}
http: {addr: "$host:$port"}
CONFIG
    "${registry_within[@]}" docker-registry serve "$directory/config.yml" >"$directory/log" 2>&1 &
    registry_pid=$!
    for _ in $(seq 100); do
      kill -0 "$registry_pid" 2>/dev/null || break
      if "${registry_within[@]}" bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null; then
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

# registry_push LAYOUT PATH NAME... : images of an OCI layout, as PATH/NAME:latest
registry_push() {
  local layout=$1 path=$2 name
  shift 2
  for name; do
    "${registry_within[@]}" skopeo copy -q --dest-tls-verify=false "oci:$layout:$name" "docker://$registry_address/$path/$name:latest"
  done
}

registry_stop() {
  if [ -n "$registry_pid" ]; then
    kill "$registry_pid" 2>/dev/null || true
    wait "$registry_pid" 2>/dev/null || true
    registry_pid=
  fi
}
