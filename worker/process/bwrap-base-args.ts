import { detectBubblewrap } from './detect-bubblewrap'
import { filteredBwrapArgs } from './seccomp/filtered-bwrap-args'

const TMP_BYTES = 256 * 1024 ** 2
const SHARED_MEMORY_BYTES = 16 * 1024 ** 2

/** bubblewrap arguments that mount the system's programs and libraries read-only, and no other files. */
export const readOnlySystemArgs = [
  ['--ro-bind', '/usr', '/usr'],
  ['--symlink', 'usr/lib', '/lib'],
  ['--symlink', 'usr/lib64', '/lib64'],
  ['--symlink', 'usr/bin', '/bin'],
  ['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
  // Debian's ffmpeg resolves its linear algebra library here.
  ['--ro-bind-try', '/etc/alternatives', '/etc/alternatives'],
  ['--proc', '/proc'],
  ['--dev', '/dev'],
].flat()

/** The command that starts bubblewrap, with a seccomp filter where the computer supports it; its arguments follow. */
export const bwrapCommand = (options: { hasNetwork: boolean } = { hasNetwork: false }) =>
  (detectBubblewrap().canFilterSyscalls ? filteredBwrapArgs(options) : undefined) ?? ['bwrap']

/**
 * bubblewrap arguments for new namespaces, the user `nobody`, an empty environment, and no capabilities or namespaces in
 * which to gain some.
 */
export const unprivilegedArgs = () =>
  [
    ['--unshare-all', '--unshare-user', ...(detectBubblewrap().canDisableUserns ? ['--disable-userns'] : [])],
    ['--cap-drop', 'ALL', '--clearenv'],
    ['--uid', '65534'],
    ['--gid', '65534'],
    ['--setenv', 'PATH', '/usr/bin'],
  ].flat()

/** bubblewrap arguments for temporary folders, which take memory, of a limited size. */
export const temporaryFolderArgs = () => [
  ...limitedTmpfsArgs('/tmp', TMP_BYTES),
  ...limitedTmpfsArgs('/dev/shm', SHARED_MEMORY_BYTES),
]

const limitedTmpfsArgs = (dir: string, sizeBytes: number) => [
  ...(detectBubblewrap().canLimitTmpfs ? ['--size', `${sizeBytes}`] : []),
  '--tmpfs',
  dir,
]

/** bubblewrap arguments for device nodes, with the read-only part of sysfs by which drivers recognize them. */
export const deviceArgs = (devices: readonly string[]) =>
  devices.length === 0
    ? []
    : [
        ...['/sys/dev/char', '/sys/devices'].flatMap((dir) => ['--ro-bind-try', dir, dir]),
        ...devices.flatMap((device) => ['--dev-bind', device, device]),
      ]

/** bubblewrap arguments after all mounts: nothing else is writable. */
export const sealArgs = ['--remount-ro', '/dev', '--remount-ro', '/']

/** prlimit(1) arguments for every sandbox. The kernel enforces the number of processes for users other than root. */
export const baseLimitArgs = ['--core=0', '--nproc=4096']
