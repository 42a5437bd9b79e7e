#!/bin/sh
# Runs at every boot of the tiny image.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 run /run
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
hostname -F /etc/hostname
ip link set lo up
# Written together with the identity of a machine with an outbound network.
[ ! -e /var/lib/meanwhile/network ] || sh /var/lib/meanwhile/network
mkfifo -m 600 /run/identity
# Grows the file system when the disk has grown since the last boot.
known=/var/lib/meanwhile/disk-sectors
if ! cmp -s /sys/class/block/vda/size $known; then
  resize2fs /dev/vda >/dev/null 2>&1 && cat /sys/class/block/vda/size >$known
fi
