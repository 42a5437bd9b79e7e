import {
  bwrapCommand,
  readOnlySystemArgs,
  sealArgs,
  temporaryFolderArgs,
  unprivilegedArgs,
} from '@/worker/process/bwrap-base-args'
import { RESOLVER_FILE } from '../network/outbound'

/** Mount point of that folder in the sandbox. */
const SANDBOX_MACHINE_DIR = '/machine'

/** Path of the folder that QEMU may write to, as QEMU sees it. */
export const toQemuFolder = (guestFolder: string, isConfined: boolean) =>
  isConfined ? SANDBOX_MACHINE_DIR : guestFolder

interface QemuSandboxOptions {
  args: string[]
  /** The only writable folder. */
  guestFolder: string
  /** Files mounted read-only at the same path. */
  readable: string[]
  devices: string[]
  lifetime: QemuLifetime
  /** `shared` keeps the network namespace of the caller; `none` has no network. */
  network: 'none' | 'shared'
}

/** `worker`: killed when this worker ends, even by SIGKILL. `own`: outlives it. */
export type QemuLifetime = 'worker' | 'own'

/**
 * Builds the bubblewrap command that runs QEMU without privileges, in its own namespaces: it sees the system and its images
 * read-only, the guest folder of its machine, no other process, and no network except one set up for it.
 */
export function buildSandboxCommand({
  args,
  guestFolder,
  readable,
  devices,
  lifetime,
  network,
}: QemuSandboxOptions) {
  return [
    ...bwrapCommand({ hasNetwork: network === 'shared' }),
    ...(lifetime === 'worker' ? ['--die-with-parent'] : []),
    ...unprivilegedArgs(),
    ...readOnlySystemArgs,
    ...(network === 'shared' ? ['--share-net', '--ro-bind', RESOLVER_FILE, '/etc/resolv.conf'] : []),
    ...devices.flatMap((device) => ['--dev-bind-try', device, device]),
    ...temporaryFolderArgs(),
    ...readable.flatMap((file) => ['--ro-bind', file, file]),
    '--bind',
    guestFolder,
    SANDBOX_MACHINE_DIR,
    '--chdir',
    SANDBOX_MACHINE_DIR,
    ...sealArgs,
    '--',
    'qemu-system-x86_64',
    ...args,
  ]
}
