/** Where the machine's own folder, and files it may read, are seen from inside. */
export const GUEST_FOLDER = '/machine'

interface Confined {
  args: string[]
  folder: string
  /** Seen at the same path, read-only. */
  readable: string[]
  devices: string[]
  /** Whether it ends with this worker, however that ends, or goes on. */
  lifetime: Lifetime
}

export type Lifetime = 'worker' | 'own'

/**
 * The command line that runs QEMU where it sees only the system and its images (read-only) and its
 * machine's folder; no network at all, nobody's rights, no other process.
 */
export function confineMachine({ args, folder, readable, devices, lifetime }: Confined) {
  return [
    'bwrap',
    '--unshare-all',
    ...(lifetime === 'worker' ? ['--die-with-parent'] : []),
    '--clearenv',
    '--uid',
    '65534',
    '--gid',
    '65534',
    '--setenv',
    'PATH',
    '/usr/bin',
    '--ro-bind',
    '/usr',
    '/usr',
    '--symlink',
    'usr/lib',
    '/lib',
    '--symlink',
    'usr/lib64',
    '/lib64',
    '--symlink',
    'usr/bin',
    '/bin',
    '--ro-bind-try',
    '/etc/ld.so.cache',
    '/etc/ld.so.cache',
    '--ro-bind-try',
    '/etc/alternatives',
    '/etc/alternatives',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...devices.flatMap((device) => ['--dev-bind-try', device, device]),
    '--tmpfs',
    '/tmp',
    ...readable.flatMap((file) => ['--ro-bind', file, file]),
    '--bind',
    folder,
    GUEST_FOLDER,
    '--chdir',
    GUEST_FOLDER,
    '--remount-ro',
    '/',
    '--',
    'qemu-system-x86_64',
    ...args,
  ]
}
