import { spawn } from 'node:child_process'
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { killProcessGroup } from '@/worker/process/process-group'
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

function canBootWithKvm(kernel: Exclude<BootSource, 'disk'>) {
  return new Promise<boolean>((resolve) => {
    // Not run by runProgram: a guest on broken KVM hangs and must die with this worker, also when that is killed.
    const child = spawn(
      'setpriv',
      [
        ['--pdeathsig', 'KILL', 'qemu-system-x86_64'],
        ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-net', 'none'],
        ['-machine', 'q35,usb=off,smbus=off,sata=off', '-bios', 'qboot.rom', '-accel', 'kvm', '-cpu', 'host'],
        ['-m', '128M', '-serial', 'stdio', '-kernel', kernel.kernel, '-initrd', kernel.initrd],
        ['-append', `${kernel.arguments} quiet meanwhile.probe`],
      ].flat(),
      { detached: true, stdio: ['ignore', 'pipe', 'ignore'] },
    )
    let output = ''
    const settle = (isWorking: boolean) => {
      clearTimeout(timer)
      killProcessGroup(child.pid)
      resolve(isWorking)
    }
    const timer = setTimeout(() => settle(false), PROBE_TIMEOUT_MS)
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes(PROBE_MARKER)) settle(true)
    })
    child.once('error', () => settle(false))
    child.once('exit', () => settle(output.includes(PROBE_MARKER)))
  })
}
