import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { spawnGroup } from '@/worker/process/process-group'
import { programEnv } from '@/worker/process/program-env'
import type { BootSource } from './state/machine-files'

/** Long enough: with working KVM the probe guest prints the marker within a fraction of this. */
const PROBE_TIMEOUT_MS = 3_000
const PROBE_MARKER = 'MEANWHILE-PROBE'

/**
 * Boots a small guest to find out whether KVM works. Under nested virtualization /dev/kvm can exist and still hang every
 * guest, so its presence proves nothing. The result is cached in `file` until the host reboots or QEMU changes.
 */
export async function probeAccelerator(options: {
  file: string
  qemuVersion: string
  kernel: Exclude<BootSource, 'disk'>
}): Promise<'kvm' | 'tcg'> {
  const { file, qemuVersion, kernel } = options
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  const key = `${qemuVersion} ${boot}`
  const cached = await readFile(file, 'utf8').catch(() => '')
  if (cached.startsWith(`${key} `)) return cached.endsWith('kvm') ? 'kvm' : 'tcg'
  const accelerator = (await canBootWithKvm(kernel)) ? 'kvm' : 'tcg'
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `${key} ${accelerator}`)
  return accelerator
}

export const canAccessKvm = () =>
  access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )

/** A guest on broken KVM hangs: it is killed after the time limit and together with this worker, even by SIGKILL. */
async function canBootWithKvm(kernel: Exclude<BootSource, 'disk'>) {
  const { child, exited, kill } = spawnGroup({
    file: 'setpriv',
    args: [
      ['--pdeathsig', 'KILL', 'qemu-system-x86_64'],
      ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-net', 'none'],
      ['-machine', 'q35,usb=off,smbus=off,sata=off', '-bios', 'qboot.rom', '-accel', 'kvm', '-cpu', 'host'],
      ['-m', '128M', '-serial', 'stdio', '-kernel', kernel.kernel, '-initrd', kernel.initrd],
      ['-append', `${kernel.arguments} quiet meanwhile.probe`],
    ].flat(),
    env: programEnv(),
    stdio: ['ignore', 'pipe', 'ignore'],
    wallClockMs: PROBE_TIMEOUT_MS,
  })
  let output = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (output.includes(PROBE_MARKER)) kill()
  })
  await exited.catch(() => undefined)
  return output.includes(PROBE_MARKER)
}
