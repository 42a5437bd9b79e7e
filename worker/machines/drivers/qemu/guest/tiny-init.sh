#!/bin/busybox sh
# Init of the initrd: loads the drivers, then mounts the disk and switches to it.
run=/bin/busybox
$run mount -t devtmpfs none /dev
$run mount -t proc none /proc
for module in $($run cat /lib/order); do $run insmod "/lib/$module"; done
case "$($run cat /proc/cmdline)" in
*meanwhile.probe*)
  echo MEANWHILE-PROBE
  $run poweroff -f ;;
esac
tries=0
while [ ! -b /dev/vda ] && [ $tries -lt 100 ]; do $run sleep 0.05; tries=$((tries + 1)); done
$run mount -t ext4 -o noatime /dev/vda /root || exec $run sh
$run umount /proc
$run mount --move /dev /root/dev
exec $run switch_root /root /sbin/init
