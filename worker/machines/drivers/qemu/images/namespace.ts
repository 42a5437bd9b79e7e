import { rm } from 'node:fs/promises'
import { nicenessArgs, NICENESS } from '@/worker/process/niceness'
import { runProgram } from '@/worker/process/run-program'

const REMOVE_TIMEOUT_MS = 20 * 60_000

/**
 * Command prefix that runs a program in mount and PID namespaces and kills all of it when this process ends. An
 * unprivileged user becomes root in a user namespace with the subordinate IDs from /etc/subuid and /etc/subgid.
 */
export const namespaceCommand = () => {
  const userNamespace = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user', '--map-auto']
  return [
    ['setpriv', '--pdeathsig', 'KILL'],
    nicenessArgs(NICENESS.prewarm),
    ['unshare', ...userNamespace],
    ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--'],
    // The worker creates private files, but these end up in a guest.
    ['sh', '-c', 'umask 022; exec "$0" "$@"'],
  ].flat()
}

/** Removes a folder, including files that belong to subordinate user IDs of a namespace. */
export async function removeTree(dir: string) {
  try {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    const [file, ...args] = namespaceCommand()
    await runProgram({ file: file!, args: [...args, 'rm', '-rf', dir], timeoutMs: REMOVE_TIMEOUT_MS })
  }
}
