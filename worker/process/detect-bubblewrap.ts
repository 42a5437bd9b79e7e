import { spawnSync } from 'node:child_process'
import { log } from '@/lib/log'
import { confinedEnv } from './program-env'
import { filteredBwrapArgs } from './seccomp/filtered-bwrap-args'

interface BubblewrapFeatures {
  /** Forbids namespaces inside the sandbox. bubblewrap 0.8, and a writable /proc/sys/user. */
  canDisableUserns: boolean
  /** Limits the size of a temporary file system. bubblewrap 0.7. */
  canLimitTmpfs: boolean
  /** Refuses system calls. x86-64 or arm64, and a kernel with seccomp filters. */
  canFilterSyscalls: boolean
}

const PROBE_TIMEOUT_MS = 5_000
let detected: BubblewrapFeatures | undefined

/** What bubblewrap can do on this computer, tried once per process: version and kernel both matter. */
export function detectBubblewrap(): BubblewrapFeatures {
  if (detected) return detected
  detected = {
    canDisableUserns: tryBubblewrap(['--unshare-user', '--disable-userns']),
    canLimitTmpfs: tryBubblewrap(['--size', '65536', '--tmpfs', '/tmp']),
    canFilterSyscalls: tryFilter(),
  }
  if (Object.values(detected).includes(false))
    log.warn(detected, 'bubblewrap is older than 0.8 or restricted here, so sandboxes are less strict')
  return detected
}

function tryFilter() {
  const bwrap = filteredBwrapArgs({ hasNetwork: false })
  return bwrap !== undefined && tryBubblewrap([], bwrap)
}

function tryBubblewrap(args: string[], bwrap = ['bwrap']) {
  const [file, ...bwrapArgs] = bwrap
  return (
    spawnSync(file!, [...bwrapArgs, '--ro-bind', '/', '/', ...args, '--', '/usr/bin/true'], {
      env: confinedEnv(),
      stdio: 'ignore',
      timeout: PROBE_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    }).status === 0
  )
}
