import { unprivilegedArgs, readOnlySystemArgs } from '@/worker/process/bwrap-base-args'
import { RESOLVER_FILE } from '../network/outbound'

/** Where the machine's own folder, and files it may read, are seen from inside. */
export const SANDBOX_MACHINE_DIR = '/machine'

interface QemuSandboxOptions {
  args: string[]
  folder: string
  /** Seen at the same path, read-only. */
  readable: string[]
  devices: string[]
  /** Whether it ends with this worker, however that ends, or goes on. */
  lifetime: QemuLifetime
  /** `shared`: that of whoever starts it, instead of none at all. */
  network: 'none' | 'shared'
}

export type QemuLifetime = 'worker' | 'own'

/**
 * The command line that runs QEMU where it sees only the system and its images (read-only) and its
 * machine's folder; nobody's rights, no other process, and no network but one that was made for it.
 */
export function buildSandboxCommand({
  args,
  folder,
  readable,
  devices,
  lifetime,
  network,
}: QemuSandboxOptions) {
  return [
    'bwrap',
    '--unshare-all',
    ...(lifetime === 'worker' ? ['--die-with-parent'] : []),
    ...unprivilegedArgs,
    ...readOnlySystemArgs,
    ...(network === 'shared' ? ['--share-net', '--ro-bind', RESOLVER_FILE, '/etc/resolv.conf'] : []),
    ...devices.flatMap((device) => ['--dev-bind-try', device, device]),
    '--tmpfs',
    '/tmp',
    ...readable.flatMap((file) => ['--ro-bind', file, file]),
    '--bind',
    folder,
    SANDBOX_MACHINE_DIR,
    '--chdir',
    SANDBOX_MACHINE_DIR,
    '--remount-ro',
    '/',
    '--',
    'qemu-system-x86_64',
    ...args,
  ]
}
