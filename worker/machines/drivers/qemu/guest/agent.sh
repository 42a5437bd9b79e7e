#!/bin/sh
# The guest side of the agent, for any POSIX sh with common utilities. The host side is
# worker/machines/drivers/qemu/agent/agent-client.ts.
#
# Requests and replies are lines on this tty. Each starts with a word and the number of the request:
#   ping N            -> pong N become        replies with the capabilities added since the first version
#   become N BYTES    -> done N CODE          runs a script of BYTES that follows here; reads no requests until it ends
#   run N C BYTES     -> open N | busy N      runs a script of BYTES that follows on channel C, which carries its output
#   tcp N C PORT      -> open N | busy N      connects channel C to PORT of this guest
#   size N ROWS COLS                          sets the window size of the console
#   off N                                     shuts down
# Sent without a request: "ready" at the start, "done N CODE" at the end of a script or connection, "free C" when a
# channel can be used again. Closing a channel on the host kills what runs on it.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
state=/run/meanwhile-agent
self=$0

say() { printf '%s\n' "$*"; }

# Runs the script in its own process group, so that all of it can be killed. $1 number, $2 folder of the channel, $3 token
run_script() {
  {
    setsid sh -c 'echo $$ >"$0/group"; cd /root 2>/dev/null || cd /; exec sh "$0/script"' "$2" </dev/null 3>&- 4>&-
    code=$?
    : >"$2/ended"
    printf '%s %s\n' "$3" "$code"
  } 2>&1 4>&- | cat >&3 4>&-
}

dial() {
  if command -v nc >/dev/null 2>&1; then nc 127.0.0.1 "$3" <"$2/in" >&3 4>&-
  else bash -c 'exec 5<>/dev/tcp/127.0.0.1/"$1" || exit 1; cat <"$0/in" >&5 & cat <&5 >&3; kill $!' "$2" "$3"
  fi
  say done "$1" $? >&4
}

case "$1" in
script) shift; run_script "$@"; exit ;;
dial) shift; dial "$@"; exit ;;
esac

kill_group() { [ -s "$1" ] && kill -9 "-$(cat "$1")" 2>/dev/null; }

# $1 run or tcp, $2 number, $3 channel, $4 bytes or port, $5 token
serve() {
  here=$state/$3
  for port in /dev/vport*p"$3"; do :; done
  # File descriptors: 3 is the channel, 4 this tty.
  exec 4>&1 3<>"$port" || { say busy "$2"; rm -rf "$here"; return; }
  say open "$2"
  sink=/dev/null
  if [ "$1" = run ]; then
    tries=0
    # Reads are empty until the kernel has noticed that the host is connected to the port.
    while [ ! -s "$here/script" ] && [ $tries -lt 50 ]; do
      head -c "$4" <&3 >"$here/script"
      [ -s "$here/script" ] || { sleep 0.05; tries=$((tries + 1)); }
    done
    setsid sh "$self" script "$2" "$here" "$5" </dev/null >/dev/null 2>&1 &
    echo $! >"$here/pump"
    [ "$(wc -c <"$here/script")" -eq "$4" ] || kill_group "$here/pump"
  else
    mkfifo "$here/in"
    setsid sh "$self" dial "$2" "$here" "$4" </dev/null >/dev/null 2>&1 &
    echo $! >"$here/pump"
    sink=$here/in
  fi
  cat <&3 >"$sink" 2>/dev/null
  # The host has closed the channel. Background processes of a script that has ended keep running.
  [ -e "$here/ended" ] || kill_group "$here/group"
  kill_group "$here/pump"
  exec 3>&-
  rm -rf "$here"
  say free "$3"
}

rm -rf "$state"
mkdir -p "$state"
stty raw -echo 2>/dev/null
say
say ready
while read -r word number a b c; do
  case "$word" in
  ping) say pong "$number" become ;;
  # On the path of machine creation: starts only two programs, fewer than a channel needs.
  become)
    script=$(head -c "$a")
    (eval "$script") </dev/null >/dev/null 2>&1
    say done "$number" $? ;;
  run | tcp)
    if mkdir "$state/$a" 2>/dev/null; then serve "$word" "$number" "$a" "$b" "$c" </dev/null &
    else say busy "$number"; fi ;;
  size) stty -F /dev/ttyS0 rows "$a" cols "$b" 2>/dev/null ;;
  off) poweroff ;;
  esac
done
