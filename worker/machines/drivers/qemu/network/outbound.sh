#!/bin/sh
# Runs a program in its own network namespace, connected to the internet through slirp4netns, with routes that
# prohibit blocked ranges:
#   outbound.sh LOG BLOCKED PROGRAM ARGUMENT…
# LOG is the log file of slirp4netns ("-": standard error). BLOCKED are CIDR ranges, separated by spaces.
#
# A pipe connects both sides: the program's side writes its PID to it and keeps it open. Once all processes of the
# program have ended, the pipe closes, which ends slirp4netns.
#
# If slirp4netns ends before the program, it can be replaced, with the pipe as standard input:
#   outbound.sh again LOG PID …      starts slirp4netns for PID, the outermost process inside; more arguments are ignored
#   outbound.sh open BLOCKED         runs inside the namespace; waits for the device and sets up the routes
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
tap=outside0
# Addresses between slirp4netns and the namespace, from 100.64.0.0/10 so that they do not collide with real hosts.
net=100.127.255

# Runs inside the namespace, with privileges that the program does not get. Adds the prohibit routes before the default
# route, so that blocked ranges are never reachable.
set_up_tap() {
  tries=0
  until grep -q " *$tap:" /proc/net/dev; do
    [ $tries -lt 500 ] || { echo 'the TAP device did not appear' >&2; exit 1; }
    tries=$((tries + 1))
    sleep 0.01
  done
  set -e
  for range in $1; do ip route replace prohibit "$range"; done
  ip link set lo up
  ip address replace $net.100/32 dev $tap
  ip link set $tap mtu 65520 up
  ip route replace $net.2 dev $tap
  ip route replace $net.3 dev $tap
  ip route replace default via $net.2
  set +e
}

# slirp4netns unmounts what it does not need. As root this would also unmount shared mounts of the host, such as named
# network namespaces, so it gets its own mount namespace. A user who cannot create one cannot unmount either.
slirp() {
  prefix=
  if unshare --mount true 2>/dev/null; then prefix='unshare --mount --propagation slave --'; fi
  $1 $prefix slirp4netns --exit-fd=0 --disable-host-loopback --enable-sandbox --enable-seccomp \
    --cidr=$net.0/24 --mtu=65520 "$2" $tap >&2
}

case "$1" in
inside)
  shift
  echo $$ >&9
  set_up_tap "$1"
  shift
  exec "$@"
  ;;
open)
  set_up_tap "$2"
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
  # The saved memory and the console log of QEMU.
  exec 3<&- 4<&-
  [ "$log" = - ] || exec >>"$log" 2>&1
  read -r pid && slirp exec "$pid"
}
