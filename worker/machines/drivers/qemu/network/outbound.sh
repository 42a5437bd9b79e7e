#!/bin/sh
# Runs a program in a network of its own whose only way out is slirp4netns, and that knows no way to
# what is forbidden:
#   outbound.sh LOG FORBIDDEN PROGRAM ARGUMENT…
# LOG takes what slirp4netns prints ("-": standard error). FORBIDDEN are ranges, separated by blanks.
#
# Both ends share a pipe: the program's side says through it where its network is, and holds it open from
# then on. When nothing of the program is left the pipe closes, and with it slirp4netns ends.
#
# A slirp4netns that ended before the program is followed by another one, which reads that pipe as its input:
#   outbound.sh again LOG PID …      PID is the outermost process inside; more words only name whose it is
#   outbound.sh open FORBIDDEN       inside the network; waits for it, and makes it the way out
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
card=outside0
# Nobody's addresses on the wire between the two: within 100.64.0.0/10, and no host has them by chance.
net=100.127.255

# Inside the network, with rights over it that the program is started without. What is closed comes first: there is no moment
# in which everything is open.
open_card() {
  tries=0
  until grep -q " *$card:" /proc/net/dev; do
    [ $tries -lt 500 ] || { echo 'the way out did not open' >&2; exit 1; }
    tries=$((tries + 1))
    sleep 0.01
  done
  set -e
  for range in $1; do ip route replace prohibit "$range"; done
  ip link set lo up
  ip address replace $net.100/32 dev $card
  ip link set $card mtu 65520 up
  ip route replace $net.2 dev $card
  ip route replace $net.3 dev $card
  ip route replace default via $net.2
  set +e
}

# slirp4netns leaves the mounts it does not need, and where it is root those that are shared would go for
# everybody: named networks, for one. So it gets a list of its own first. Who may not have one may not unmount either.
slirp() {
  apart=
  if unshare --mount true 2>/dev/null; then apart='unshare --mount --propagation slave --'; fi
  $1 $apart slirp4netns --exit-fd=0 --disable-host-loopback --enable-sandbox --enable-seccomp \
    --cidr=$net.0/24 --mtu=65520 "$2" $card >&2
}

case "$1" in
inside)
  shift
  echo $$ >&9
  open_card "$1"
  shift
  exec "$@"
  ;;
open)
  open_card "$2"
  exit
  ;;
again)
  exec >>"$2" 2>&1
  slirp '' "$3"
  exit
  ;;
esac
log=$1
shift
unshare --user --map-root-user --net -- sh "$0" inside "$@" 9>&1 1>&2 | {
  exec 3<&-
  [ "$log" = - ] || exec >>"$log" 2>&1
  read -r pid && slirp exec "$pid"
}
