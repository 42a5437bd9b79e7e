/** Contents of small files in the tiny image, by path relative to its root. */
export const TINY_FILES: Record<string, string> = {
  'etc/inittab': `::sysinit:/usr/lib/meanwhile/rc
hvc0::respawn:/usr/lib/meanwhile/agent
ttyS0::respawn:/usr/lib/meanwhile/console
::ctrlaltdel:/sbin/reboot
::shutdown:/bin/umount -a -r
`,
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  'etc/hostname': 'tiny\n',
  'etc/hosts': '127.0.0.1 localhost\n',
  'etc/profile': `export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=xterm PAGER=less
PS1='\\u@\\h:\\w\\$ '
# No prompt before the machine has its identity. Opens the pipe before it checks again, to not miss the notification.
known=/var/lib/meanwhile/identity
if [ ! -e $known ]; then
  trap '' INT QUIT TSTP
  exec 3<>/run/identity
  [ -e $known ] || read -r _ <&3
  exec 3<&-
  trap - INT QUIT TSTP
fi
read -r host </etc/hostname
read -r release </proc/sys/kernel/osrelease
printf '\\nThis is %s: Linux %s, busybox. You are root.\\n' "$host" "$release"
unset host known release
`,
}

export const TINY_FOLDERS = [
  'bin',
  'dev',
  'etc',
  'lib',
  'lib64',
  'mnt',
  'proc',
  'root',
  'run',
  'sbin',
  'sys',
  'tmp',
  'usr/bin',
  'usr/lib/meanwhile',
  'usr/local/bin',
  'usr/sbin',
  'var/lib/meanwhile',
  'var/log',
]

/** Kernel modules in load order. */
export const TINY_MODULES = [
  'drivers/virtio/virtio_ring.ko',
  'drivers/virtio/virtio.ko',
  'drivers/virtio/virtio_pci_modern_dev.ko',
  'drivers/virtio/virtio_pci_legacy_dev.ko',
  'drivers/virtio/virtio_pci.ko',
  'drivers/block/virtio_blk.ko',
  'drivers/char/virtio_console.ko',
  'net/core/failover.ko',
  'drivers/net/net_failover.ko',
  'drivers/net/virtio_net.ko',
  'drivers/char/hw_random/virtio-rng.ko',
  'drivers/misc/pvpanic/pvpanic.ko',
  'drivers/misc/pvpanic/pvpanic-mmio.ko',
]
