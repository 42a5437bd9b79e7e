#!/bin/sh
# The console: a root shell. A machine that has no identity yet waits for it first. It is not login(1), whose
# session takes seconds where the processor is emulated.
# Opened before it looks whether it has to: nothing is missed that is said in between.
exec 3<>/run/identity
[ -e /var/lib/meanwhile/identity ] || read -r _ <&3
exec 3<&-
stty sane
export HOME=/root USER=root LOGNAME=root SHELL=/bin/bash TERM="${TERM:-vt220}"
cd /root
cat /etc/motd 2>/dev/null
echo "This is $(hostname): Debian $(cat /etc/debian_version), Linux $(uname -r). You are root."
exec bash -l
