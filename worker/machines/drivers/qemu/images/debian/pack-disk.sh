#!/bin/sh
# Customize hook of mmdebstrap: packs the installed system in $1 into the raw disk DISK with DISK_KIB of file system.
set -e
cd "$1"
cat >etc/fstab <<END
/dev/vda1 / ext4 rw,discard,errors=remount-ro 0 1
END
echo debian >etc/hostname
printf '127.0.0.1\tlocalhost\n::1\t\tlocalhost ip6-localhost ip6-loopback\n' >etc/hosts
cat >etc/systemd/network/80-dhcp.network <<END
[Match]
Name=e*

[Network]
DHCP=yes

[DHCPv4]
ClientIdentifier=mac
END
chroot . systemctl --quiet enable systemd-networkd
# Removes what must differ between machines and what belongs to the build.
rm -f etc/ssh/ssh_host_* var/lib/dbus/machine-id var/lib/systemd/random-seed
rm -f etc/apt/apt.conf.d/99mmdebstrap var/log/*.log var/log/apt/*
rm -rf var/lib/apt/lists/* var/cache/apt/*.bin var/cache/apt/archives/*.deb
mkdir -p var/lib/apt/lists/partial
: >etc/machine-id
# A bind mount shows the tree without the file systems mounted in it.
mkdir "$BARE"
mount --bind . "$BARE"
truncate -s "$((DISK_KIB + 1024))K" "$DISK"
mke2fs -q -t ext4 -m 1 -L root -E offset=1048576 -d "$BARE" "$DISK" "${DISK_KIB}k"
umount "$BARE"
