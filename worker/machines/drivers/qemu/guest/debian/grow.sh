#!/bin/sh
# Grows the root partition and its file system when the disk has grown since the last boot.
known=/var/lib/meanwhile/disk-sectors
cmp -s /sys/class/block/vda/size $known && exit
root=$(findmnt -n -o SOURCE /)
number=${root#/dev/vda}
# Omits the last-lba of a GPT, so that sfdisk uses the whole disk.
sfdisk --dump /dev/vda | sed -e '/^last-lba:/d' -e "s|^\(/dev/vda$number :.*\), *size= *[0-9]*|\1|" >/run/meanwhile-table
sfdisk --no-reread --force --quiet /dev/vda </run/meanwhile-table
partx --update --nr "$number" /dev/vda
resize2fs "$root" && mkdir -p /var/lib/meanwhile && cat /sys/class/block/vda/size >$known
