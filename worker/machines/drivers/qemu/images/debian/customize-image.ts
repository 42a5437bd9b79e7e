import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { imageBroken } from '@/worker/machines/drivers/image-errors'
import { buildReseedProgram } from '../reseed-program'
import { ExtFilesystem, type ExtFile } from './ext-filesystem'
import { findRootPartition } from './partitions'

const guestDir = path.join(import.meta.dirname, '../../guest')
const UNITS_DIR = '/etc/systemd/system'

/** What a Debian needs to be a machine here: by path in the image, from which of our files. */
const GUEST_FILES = [
  { at: '/usr/lib/meanwhile/agent', from: 'agent.sh', mode: 0o755 },
  { at: '/usr/lib/meanwhile/grow', from: 'debian/grow.sh', mode: 0o755 },
  { at: '/usr/lib/meanwhile/console', from: 'debian/console.sh', mode: 0o755 },
  { at: '/usr/lib/tmpfiles.d/meanwhile.conf', from: 'debian/tmpfiles.conf', mode: 0o644 },
  { at: `${UNITS_DIR}/meanwhile-agent.service`, from: 'debian/meanwhile-agent.service', mode: 0o644 },
  { at: `${UNITS_DIR}/meanwhile-grow.service`, from: 'debian/meanwhile-grow.service', mode: 0o644 },
  {
    at: `${UNITS_DIR}/serial-getty@ttyS0.service.d/meanwhile.conf`,
    from: 'debian/console.conf',
    mode: 0o644,
  },
  { at: `${UNITS_DIR}/ssh.service.d/meanwhile.conf`, from: 'debian/ssh.conf', mode: 0o644 },
]

const GUEST_LINKS = [
  ...['meanwhile-agent.service', 'meanwhile-grow.service'].map((unit) => ({
    at: `${UNITS_DIR}/multi-user.target.wants/${unit}`,
    to: `${UNITS_DIR}/${unit}`,
  })),
  // The agent's line is no terminal, and a machine without network does not wait for one.
  ...['serial-getty@hvc0.service', 'systemd-networkd-wait-online.service'].map((unit) => ({
    at: `${UNITS_DIR}/${unit}`,
    to: '/dev/null',
  })),
]

/** All that `furnish` puts in, for telling versions apart. */
export const customizationFingerprint = async () =>
  JSON.stringify([
    GUEST_FILES,
    GUEST_LINKS,
    await Promise.all(GUEST_FILES.map(({ from }) => readFile(path.join(guestDir, from), 'utf8'))),
  ])

/**
 * Makes a machine's image of any bootable Debian: puts the agent and its services into the raw `disk`, and
 * copies kernel and initrd out of it to `made`. Its own cloud-init is switched off: there is nobody it could ask.
 * @returns the kernel's arguments
 * @throws {PermanentError} machine.image_broken
 */
export async function customizeImage(given: {
  workDir: string
  disk: string
  made: string
  signal: AbortSignal
}) {
  const { workDir, disk, made, signal } = given
  const root = await findRootPartition(disk)
  if (!root) throw imageBroken('debian', 'no partition with a Linux file system was found in it')
  const files = new ExtFilesystem({ workDir, disk, offsetBytes: root.offsetBytes, signal })
  const kernel = (await files.list('/boot'))
    .filter((name) => name.startsWith('vmlinuz-'))
    .sort()
    .at(-1)
  if (!kernel) throw imageBroken('debian', 'it holds no kernel')
  await files.read([
    { from: `/boot/${kernel}`, to: path.join(made, 'vmlinuz') },
    { from: `/boot/${kernel.replace('vmlinuz', 'initrd.img')}`, to: path.join(made, 'initrd') },
  ])
  const puts: ExtFile[] = await Promise.all(
    GUEST_FILES.map(async ({ at, from, mode }) => ({
      at,
      mode,
      content: await readFile(path.join(guestDir, from)),
    })),
  )
  puts.push({ at: '/usr/lib/meanwhile/reseed', mode: 0o755, content: buildReseedProgram() })
  if ((await files.list('/etc/cloud')).length > 0)
    puts.push({
      at: '/etc/cloud/cloud-init.disabled',
      mode: 0o644,
      content: 'Machines get what they need otherwise.\n',
    })
  await files.write(puts, GUEST_LINKS)
  return `root=/dev/vda${root.number} rw console=ttyS0 no_timer_check random.trust_cpu=on net.ifnames=0 mitigations=off`
}
