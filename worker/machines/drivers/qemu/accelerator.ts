import { spawn } from 'node:child_process'
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { killProcessGroup } from '@/worker/process/process-group'
import type { BootSource } from './state/machine-folders'

/** A guest that runs on the processor itself has said its word long before. */
const PROBE_TIMEOUT_MS = 3_000
const PROBE_MARKER = 'MEANWHILE-PROBE'

/**
 * Whether guests run on the processor itself: only where a small one really does. /dev/kvm may be there
 * and hang every guest (virtual machines inside virtual machines), so its presence says nothing.
 * The answer is kept in `file` until the host starts anew or QEMU changes.
 */
export async function probeAccelerator(given: {
  file: string
  qemuVersion: string
  kernel: Exclude<BootSource, 'disk'>
}): Promise<'kvm' | 'tcg'> {
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  const key = `${given.qemuVersion} ${boot}`
  const known = await readFile(given.file, 'utf8').catch(() => '')
  if (known.startsWith(`${key} `)) return known.endsWith('kvm') ? 'kvm' : 'tcg'
  const found = (await canBootWithKvm(given.kernel)) ? 'kvm' : 'tcg'
  await mkdir(path.dirname(given.file), { recursive: true })
  await writeFile(given.file, `${key} ${found}`)
  return found
}

export const canAccessKvm = () =>
  access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )

function canBootWithKvm(kernel: Exclude<BootSource, 'disk'>) {
  return new Promise<boolean>((resolve) => {
    // It hangs where KVM does not work: whatever becomes of this worker, it ends.
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
    let said = ''
    const settle = (works: boolean) => {
      clearTimeout(clock)
      killProcessGroup(child.pid)
      resolve(works)
    }
    const clock = setTimeout(() => settle(false), PROBE_TIMEOUT_MS)
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes(PROBE_MARKER)) settle(true)
    })
    child.once('error', () => settle(false))
    child.once('exit', () => settle(said.includes(PROBE_MARKER)))
  })
}
