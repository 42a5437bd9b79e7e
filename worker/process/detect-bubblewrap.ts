import { spawnSync } from 'node:child_process'
import { log } from '@/lib/log'
import { confinedEnv } from './program-env'

interface BubblewrapFeatures {
  /** Forbids namespaces inside the sandbox. bubblewrap 0.8, and a writable /proc/sys/user. */
  canDisableUserns: boolean
  /** Limits the size of a temporary file system. bubblewrap 0.7. */
  canLimitTmpfs: boolean
}

const PROBE_TIMEOUT_MS = 5_000
let detected: BubblewrapFeatures | undefined

/** What bubblewrap can do on this computer, tried once per process: version and kernel both matter. */
export function detectBubblewrap(): BubblewrapFeatures {
  if (detected) return detected
  detected = {
    canDisableUserns: tryBubblewrap(['--unshare-user', '--disable-userns']),
    canLimitTmpfs: tryBubblewrap(['--size', '65536', '--tmpfs', '/tmp']),
  }
  if (!detected.canDisableUserns || !detected.canLimitTmpfs)
    log.warn(detected, 'bubblewrap is older than 0.8 or restricted here, so sandboxes are less strict')
  return detected
}

const tryBubblewrap = (args: string[]) =>
  spawnSync('bwrap', ['--ro-bind', '/', '/', ...args, '--', '/usr/bin/true'], {
    env: confinedEnv(),
    stdio: 'ignore',
    timeout: PROBE_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  }).status === 0
