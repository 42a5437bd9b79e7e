#!/bin/sh
# The guest's half of the agent, for any sh with the usual small programs. The host's half is
# worker/machines/drivers/qemu/agent/agent-client.ts.
#
# Requests come as lines on this tty, answers go out as lines; each starts with a word and the number
# that the request brought:
#   ping N            -> pong N become        with what this agent can besides what the first ones could
#   become N BYTES    -> done N CODE          a script of BYTES follows here; nothing else is heard until it is over
#   run N C BYTES     -> open N | busy N      a script of BYTES follows on channel C, its output comes back
#   tcp N C PORT      -> open N | busy N      a connection to PORT of this guest on channel C
#   size N ROWS COLS                          of the window that shows the console
#   off N                                     shuts down
# Told unasked: "ready" at the start, "done N CODE" at the end of a run or connection, "free C" when a
# channel can be used again. Whatever runs on a channel is killed when the host closes it.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
state=/run/meanwhile-agent
self=$0

say() { printf '%s\n' "$*"; }

# Runs in a group of its own, so that it can be killed whole: $1 number, $2 folder of the channel, $3 secret.
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

# $1 run or tcp, $2 number, $3 channel, $4 bytes or port, $5 secret
serve() {
  here=$state/$3
  for port in /dev/vport*p"$3"; do :; done
  # Two descriptors: 3 is the channel, 4 this tty.
  exec 4>&1 3<>"$port" || { say busy "$2"; rm -rf "$here"; return; }
  say open "$2"
  sink=/dev/null
  if [ "$1" = run ]; then
    tries=0
    # The guest may learn a little later than its agent that the host is connected.
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
  # The host has closed. What a finished script left running in the background may stay.
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
  # Somebody waits for every program that is started, a channel's own among them: here it is two.
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
