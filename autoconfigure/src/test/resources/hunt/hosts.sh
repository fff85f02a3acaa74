# Makes hosts of their own: the network namespaces PREFIX-NAME, joined by a bridge in PREFIX-net.
#
#   hosts PREFIX NAME=ADDRESS...
#
# Prints "ready", or what is missing. When its standard input ends, which the kernel brings about even when its starter is
# killed, every process in them is killed and they are removed. With them go links, addresses and rules: none of these is in
# the namespace of the machine.

set -eu
prefix=$1
shift
PATH=$PATH:/usr/sbin:/sbin
trap '' HUP INT TERM

clean() {
  local name pids
  for name in "$@" net; do
    name=$prefix-${name%%=*}
    while pids=$(ip netns pids "$name" 2>/dev/null) && [ -n "$pids" ]; do
      # shellcheck disable=SC2086 # split into pids
      kill -KILL $pids 2>/dev/null || true
      sleep 0.02
    done
  done
  for name in "$@" net; do
    ip netns del "$prefix-${name%%=*}" 2>/dev/null || true
  done
}

build() {
  local host name net=$prefix-net
  ip netns add "$net" &&
    ip -n "$net" link add name switch type bridge &&
    ip -n "$net" link set switch up || return
  for host in "$@"; do
    name=${host%%=*}
    ip netns add "$prefix-$name" &&
      ip -n "$net" link add name "$name" type veth peer name eth0 netns "$prefix-$name" &&
      ip -n "$net" link set "$name" master switch up &&
      ip -n "$prefix-$name" address add "${host#*=}/24" dev eth0 &&
      ip -n "$prefix-$name" link set lo up &&
      ip -n "$prefix-$name" link set eth0 up &&
      nsenter "--net=/run/netns/$prefix-$name" nft 'table ip try { }' || return
  done
}

if [ "$(id -u)" -ne 0 ]; then
  echo "you are not root"
  exit 1
fi
for program in ip nft nsenter perl faketime; do
  command -v "$program" >/dev/null || { echo "there is no $program"; exit 1; }
done
if ! build "$@" 2>&1; then
  clean "$@"
  exit 1
fi
echo ready
cat >/dev/null
clean "$@"
