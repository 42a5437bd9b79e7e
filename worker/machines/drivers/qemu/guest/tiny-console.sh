#!/bin/sh
# The console: a root shell, all of it ready before the machine has its identity. /etc/profile waits for that.
stty sane
cd /root
exec sh -l
