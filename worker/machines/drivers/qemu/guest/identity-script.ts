import { randomBytes, randomUUID } from 'node:crypto'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { deriveMacAddress } from '../lifecycle/qemu-args'

const HOSTNAME_PATTERN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i
const SSH_KEY_PATTERN = /^[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\r\n\0]*)?$/

/**
 * Builds the sh script that gives a guest its own identity after it was restored from a template or copied from a snapshot:
 * random seed, clock, MAC address, host name, machine id and keys. A cold-booted guest runs it too. Steps for programs that
 * the image lacks are skipped. Each program costs 8 ms or more without KVM, so the script prefers shell built-ins.
 * @throws {Error} on an invalid host name
 */
export function buildIdentityScript(spec: MachineSpec) {
  if (!HOSTNAME_PATTERN.test(spec.hostname)) throw new Error(`invalid host name: ${spec.hostname}`)
  const keys = spec.sshKeys.filter((key) => SSH_KEY_PATTERN.test(key.trim())).map((key) => key.trim())
  const seed = randomBytes(64).toString('hex')
  const machineId = spec.id.replaceAll('-', '')
  return `
had_identity=
[ -e /var/lib/meanwhile/identity ] && had_identity=yes
# Random numbers first, as later steps may use them. Writing mixes the seed in; RNDRESEEDCRNG reseeds the generator.
printf %s ${seed} >/dev/urandom
if [ -x /usr/lib/meanwhile/reseed ]; then /usr/lib/meanwhile/reseed
else perl -e 'open F,"+<","/dev/urandom" or exit 1; exit !defined ioctl F,0x5207,0' 2>/dev/null; fi
date -u -s @${(Date.now() / 1000).toFixed(0)} >/dev/null
[ -e /var/lib/systemd/random-seed ] && rm -f /var/lib/systemd/random-seed
echo ${spec.hostname} >/proc/sys/kernel/hostname
echo ${spec.hostname} >/etc/hostname
isKnown=
while read -r _ names; do case " $names " in *" ${spec.hostname} "*) isKnown=1 ;; esac; done </etc/hosts
[ "$isKnown" ] || echo '127.0.1.1 ${spec.hostname}' >>/etc/hosts
old_id=
[ -e /etc/machine-id ] && read -r old_id </etc/machine-id
echo ${machineId} >/etc/machine-id
[ -e /var/lib/dbus ] && echo ${machineId} >/var/lib/dbus/machine-id
# The kernel creates its boot id on the first read and keeps it. Systemd has read it before the template was saved, so a new
# one is mounted over it, as systemd-nspawn(1) does for containers.
[ -d /run/systemd/system ] && echo ${randomUUID()} >/run/boot-id &&
  mount --bind /run/boot-id /proc/sys/kernel/random/boot_id
${authorizedKeysScript(keys)}
# Generating the other key types takes seconds, so that happens later in the background.
has_ssh=
[ -d /etc/ssh ] && command -v ssh-keygen >/dev/null && has_ssh=yes
[ "$has_ssh" ] && rm -f /etc/ssh/ssh_host_* && ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
# An interface that is up has announced its old address, so it is set down and up again.
for interface in /sys/class/net/e*; do
  [ -e "$interface" ] || continue
  read -r flags <"$interface/flags"
  case $flags in *[13579bdf]) was_up=yes; ip link set "\${interface##*/}" down ;; *) was_up= ;; esac
  ip link set "\${interface##*/}" address ${deriveMacAddress(spec.id)}
  [ "$was_up" ] && ip link set "\${interface##*/}" up
done
${networkScript(spec)}
[ -d /var/lib/meanwhile ] || mkdir -p /var/lib/meanwhile
# The console of built-in images waits for the identity. With an earlier identity (of a snapshot), console and sshd restart.
if [ "$had_identity" ] && command -v systemctl >/dev/null; then
  systemctl --no-block restart serial-getty@ttyS0
  systemctl try-restart ssh
elif [ "$had_identity" ]; then
  fuser -k -9 /dev/ttyS0 >/dev/null 2>&1
fi
: >/var/lib/meanwhile/identity
[ -p /run/identity ] && echo 1<>/run/identity
if command -v systemctl >/dev/null; then
  [ "$old_id" ] && [ -d /var/log/journal/"$old_id" ] && mv /var/log/journal/"$old_id" /var/log/journal/${machineId}
  later='systemctl restart systemd-journald'
  [ -e /etc/systemd/system/multi-user.target.wants/ssh.service ] && later="$later; systemctl start ssh"
  [ "$has_ssh" ] && later="$later; ssh-keygen -A; systemctl try-reload-or-restart ssh"
  setsid nice -n 19 sh -c "$later" </dev/null >/dev/null 2>&1 &
fi
true
`
}

/** Replaces the authorized keys of root, so that keys of a snapshot's machine are not accepted. */
const authorizedKeysScript = (keys: string[]) =>
  keys.length === 0
    ? '[ -e /root/.ssh/authorized_keys ] && : >/root/.ssh/authorized_keys'
    : `mkdir -p /root/.ssh && chmod 700 /root/.ssh
cat >/root/.ssh/authorized_keys <<'KEYS'
${keys.join('\n')}
KEYS
chmod 600 /root/.ssh/authorized_keys`

/**
 * Configures the tiny image, which has no DHCP client, with the addresses that QEMU's DHCP server assigns, and stores them for
 * later boots. They are the same in every machine. For other images this waits until their DHCP client has a route.
 */
const networkScript = ({ network }: MachineSpec) =>
  network === 'none'
    ? '[ -e /var/lib/meanwhile/network ] && rm /var/lib/meanwhile/network'
    : `if [ -x /usr/lib/meanwhile/rc ]; then
  mkdir -p /var/lib/meanwhile
  cat >/var/lib/meanwhile/network <<'NETWORK'
ip address flush dev eth0
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
NETWORK
  echo nameserver 10.0.2.3 >/etc/resolv.conf
  sh /var/lib/meanwhile/network
else
  # Scripts that run next may need the network. Gives up after five seconds.
  tries=0
  until grep -q '^e[^ 	]*	00000000' /proc/net/route || [ $tries -ge 50 ]; do sleep 0.1; tries=$((tries + 1)); done
fi`
