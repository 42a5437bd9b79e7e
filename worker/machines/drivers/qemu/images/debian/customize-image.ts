import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { buildReseedProgram } from '../reseed-program'
import { ExtFilesystem, type ExtFile } from './ext-filesystem'
import { findRootPartition } from './partitions'
import { imageBroken } from '../../../machine-errors'
import { GUEST_DIR } from '../../guest/guest-dir'
import * as messages from '@/lib/generated/messages/machine-image-problems'

const UNITS_DIR = '/etc/systemd/system'

/** Files that a Debian needs to run as a machine: `at` is the path in the image, `from` the path in our guest folder. */
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
  // Masked: the control channel of the agent is not a login terminal, and a machine without network must not wait for one.
  ...['serial-getty@hvc0.service', 'systemd-networkd-wait-online.service'].map((unit) => ({
    at: `${UNITS_DIR}/${unit}`,
    to: '/dev/null',
  })),
]

/** Identifies the version of everything that `customizeImage` installs. */
export const customizationFingerprint = async () =>
  JSON.stringify([
    GUEST_FILES,
    GUEST_LINKS,
    await Promise.all(GUEST_FILES.map(({ from }) => readFile(path.join(GUEST_DIR, from), 'utf8'))),
  ])

/**
 * Turns a bootable Debian disk into a machine image: installs the agent and its services in the raw `disk`, disables
 * cloud-init, which has no data source here, and copies the kernel and initrd to `outputDir`.
 * @returns the kernel arguments
 * @throws {PermanentError} machine.image_broken
 */
export async function customizeImage(options: {
  workDir: string
  disk: string
  outputDir: string
  signal: AbortSignal
}) {
  const { workDir, disk, outputDir, signal } = options
  const root = await findRootPartition(disk)
  if (!root) throw imageBroken('debian', messages.noPartition())
  const filesystem = new ExtFilesystem({ workDir, disk, offsetBytes: root.offsetBytes, signal })
  const kernel = (await filesystem.list('/boot'))
    .filter((name) => name.startsWith('vmlinuz-'))
    .sort()
    .at(-1)
  if (!kernel) throw imageBroken('debian', messages.noKernel())
  await filesystem.read([
    { from: `/boot/${kernel}`, to: path.join(outputDir, 'vmlinuz') },
    { from: `/boot/${kernel.replace('vmlinuz', 'initrd.img')}`, to: path.join(outputDir, 'initrd') },
  ])
  const files: ExtFile[] = await Promise.all(
    GUEST_FILES.map(async ({ at, from, mode }) => ({
      at,
      mode,
      content: await readFile(path.join(GUEST_DIR, from)),
    })),
  )
  files.push({ at: '/usr/lib/meanwhile/reseed', mode: 0o755, content: buildReseedProgram() })
  if ((await filesystem.list('/etc/cloud')).length > 0)
    files.push({
      at: '/etc/cloud/cloud-init.disabled',
      mode: 0o644,
      content: 'The host configures this machine through its agent.\n',
    })
  await filesystem.write(files, GUEST_LINKS)
  return `root=/dev/vda${root.number} rw console=ttyS0 no_timer_check random.trust_cpu=on net.ifnames=0 mitigations=off`
}
