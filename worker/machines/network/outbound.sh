#!/bin/sh
# Runs a program in a network of its own whose only way out is slirp4netns, and that knows no way to
# what is forbidden:
#   outbound.sh LOG FORBIDDEN PROGRAM ARGUMENT…
# LOG takes what slirp4netns prints ("-": standard error). FORBIDDEN are ranges, separated by blanks.
#
# Both ends share a pipe: the program's side says through it where its network is, and holds it open from
# then on. When nothing of the program is left the pipe closes, and with it slirp4netns ends.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
card=outside0
# Nobody's addresses on the wire between the two: within 100.64.0.0/10, and no host has them by chance.
net=100.127.255

# Inside the new network, with rights over it that the program is started without.
inside() {
  forbidden=$1
  shift
  echo $$ >&9
  tries=0
  until grep -q " *$card:" /proc/net/dev; do
    [ $tries -lt 500 ] || { echo 'the way out did not open' >&2; exit 1; }
    tries=$((tries + 1))
    sleep 0.01
  done
  set -e
  ip link set lo up
  ip address add $net.100/32 dev $card
  ip link set $card mtu 65520 up
  ip route add $net.2 dev $card
  ip route add $net.3 dev $card
  ip route add default via $net.2
  for range in $forbidden; do ip route replace prohibit "$range"; done
  set +e
  exec "$@"
}

if [ "$1" = inside ]; then
  shift
  inside "$@"
  exit
fi
log=$1
shift
# slirp4netns leaves the mounts it does not need, and where it is root those that are shared would go for
# everybody: named networks, for one. So it gets a list of its own first. Who may not have one may not unmount either.
apart=
if unshare --mount true 2>/dev/null; then apart='unshare --mount --propagation slave --'; fi
unshare --user --map-root-user --net -- sh "$0" inside "$@" 9>&1 1>&2 | {
  exec 3<&-
  [ "$log" = - ] || exec >>"$log" 2>&1
  read -r pid && exec $apart slirp4netns --exit-fd=0 --disable-host-loopback --enable-sandbox --enable-seccomp \
    --cidr=$net.0/24 --mtu=65520 "$pid" $card >&2
}
