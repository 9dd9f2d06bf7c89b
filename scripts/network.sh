# network.sh: a network of a chosen rate between this host and a namespace; sourced. Undone by network_remove.

network_namespace= network_options=()

# network_make RATE... : a namespace with a link of each rate (100mbit, 1gbit, unlimited) to this host, named in
# $network_namespace; for each link NAME=ADDRESS@INTERFACE in $network_options
network_make() {
  local rate number=0 block address
  network_namespace=ndocker-net-$$
  ip netns add "$network_namespace"
  ip -n "$network_namespace" link set lo up
  # addresses that RFC 2544 keeps for benchmarks, with the process id so that two runs do not meet
  block=$(($$ % 250))
  for rate; do
    number=$((number + 1))
    address=198.18.$block.$((number * 4))
    ip link add "nd$$h$number" type veth peer name "nd$$r$number" netns "$network_namespace"
    ip address add "${address%.*}.$((number * 4 + 1))/30" dev "nd$$h$number"
    ip -n "$network_namespace" address add "${address%.*}.$((number * 4 + 2))/30" dev "nd$$r$number"
    ip link set "nd$$h$number" up
    ip -n "$network_namespace" link set "nd$$r$number" up
    if [ "$rate" != unlimited ]; then
      # what the registry sends is what a deployment receives; the burst is two of the largest segments
      tc -n "$network_namespace" qdisc add dev "nd$$r$number" root tbf rate "$rate" burst 128kb latency 50ms
    fi
    network_options+=("$rate=${address%.*}.$((number * 4 + 2)):5000@nd$$h$number")
  done
}

network_remove() {
  if [ -n "$network_namespace" ]; then
    # takes the links with it
    ip netns delete "$network_namespace" 2>/dev/null || true
    network_namespace= network_options=()
  fi
}
