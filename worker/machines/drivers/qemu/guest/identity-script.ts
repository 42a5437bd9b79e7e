import { randomBytes, randomUUID } from 'node:crypto'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { deriveMacAddress } from '../lifecycle/qemu-args'

const HOSTNAME_PATTERN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i
const SSH_KEY_PATTERN = /^[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\r\n\0]*)?$/

/**
 * Makes a guest that was copied from a template somebody of its own: random numbers, clock, network
 * address, names, keys. A guest that was booted cold runs the same, and finds most of it right.
 * It runs with any sh; what an image does not have is passed over. Every program it starts keeps somebody
 * waiting, 8 ms and more where the processor is emulated: what the shell can do itself it does.
 */
export function buildIdentityScript(spec: MachineSpec) {
  if (!HOSTNAME_PATTERN.test(spec.hostname)) throw new Error(`not a hostname: ${spec.hostname}`)
  const keys = spec.sshKeys.filter((key) => SSH_KEY_PATTERN.test(key.trim())).map((key) => key.trim())
  const seed = randomBytes(64).toString('hex')
  const machineId = spec.id.replaceAll('-', '')
  return `
was_somebody=
[ -e /var/lib/meanwhile/identity ] && was_somebody=yes
# Random numbers first: everything after it may use them. Writing mixes it in, RNDRESEEDCRNG makes it count.
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
# The kernel makes up its boot id when it is first asked for it, and keeps it. Systemd has asked before the template was
# saved, so a new one is laid over it, as systemd-nspawn(1) does for containers.
[ -d /run/systemd/system ] && echo ${randomUUID()} >/run/boot-id &&
  mount --bind /run/boot-id /proc/sys/kernel/random/boot_id
${authorizedKeysScript(keys)}
# The other kinds come later: they take seconds, and hardly anybody asks for them.
has_ssh=
[ -d /etc/ssh ] && command -v ssh-keygen >/dev/null && has_ssh=yes
[ "$has_ssh" ] && rm -f /etc/ssh/ssh_host_* && ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
# What this sets going in the background, nobody waits for. A card that is up has told its old address about.
for card in /sys/class/net/e*; do
  [ -e "$card" ] || continue
  read -r flags <"$card/flags"
  case $flags in *[13579bdf]) was_up=yes; ip link set "\${card##*/}" down ;; *) was_up= ;; esac
  ip link set "\${card##*/}" address ${deriveMacAddress(spec.id)}
  [ "$was_up" ] && ip link set "\${card##*/}" up
done
${networkScript(spec)}
[ -d /var/lib/meanwhile ] || mkdir -p /var/lib/meanwhile
# The console of our images waits for this; one that was somebody else's (a snapshot's) starts anew, and so does its sshd.
if [ "$was_somebody" ] && command -v systemctl >/dev/null; then
  systemctl --no-block restart serial-getty@ttyS0
  systemctl try-restart ssh
elif [ "$was_somebody" ]; then
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

/** Whoever could sign in to what this was copied from can no more. */
const authorizedKeysScript = (keys: string[]) =>
  keys.length === 0
    ? '[ -e /root/.ssh/authorized_keys ] && : >/root/.ssh/authorized_keys'
    : `mkdir -p /root/.ssh && chmod 700 /root/.ssh
cat >/root/.ssh/authorized_keys <<'KEYS'
${keys.join('\n')}
KEYS
chmod 600 /root/.ssh/authorized_keys`

/**
 * An image without a DHCP client of its own, the tiny one, is told what QEMU would tell such a client; it
 * sets it at every start. The other end of the wire is the same in every machine. Any other image asks by itself.
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
  # What runs next may count on it. An image that never gets an address is not waited for any longer.
  tries=0
  until grep -q '^e[^ 	]*	00000000' /proc/net/route || [ $tries -ge 50 ]; do sleep 0.1; tries=$((tries + 1)); done
fi`
