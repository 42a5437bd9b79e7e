#!/bin/sh
# A disk that has grown since the last start: its root partition takes the room, then the file system.
known=/var/lib/meanwhile/disk-sectors
cmp -s /sys/class/block/vda/size $known && exit
root=$(findmnt -n -o SOURCE /)
number=${root#/dev/vda}
# The old end of a GPT is left out, so that it is taken from the disk.
sfdisk --dump /dev/vda | sed -e '/^last-lba:/d' -e "s|^\(/dev/vda$number :.*\), *size= *[0-9]*|\1|" >/run/meanwhile-table
sfdisk --no-reread --force --quiet /dev/vda </run/meanwhile-table
partx --update --nr "$number" /dev/vda
resize2fs "$root" && mkdir -p /var/lib/meanwhile && cat /sys/class/block/vda/size >$known
