import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { open, readlink } from 'node:fs/promises'
import { AppError, errorCode, errorMessage } from '@/lib/errors'
import { listProcessIds } from '../state/processes'
import { confinedEnv } from '@/worker/process/program-env'
import { runProgram } from '@/worker/process/run-program'
import { nsenterArgs, hasTap, hasDefaultRoute, OUTBOUND_SCRIPT, findNetworkNamespacePid } from './outbound'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

/** File descriptor in outbound.sh of the pipe whose closing ends slirp4netns together with the machine. */
const LIFELINE_FD = 9
const RESTORE_TIMEOUT_MS = 10_000

/** True if a running machine with an outbound network has lost it. `firstProcess` is the first process of the machine. */
export async function isOutboundLost(firstProcess: { pid: number }) {
  const namespacePid = await findNetworkNamespacePid(firstProcess)
  return namespacePid !== undefined && !(await hasDefaultRoute(namespacePid))
}

/**
 * Restores the outbound network of a running machine in the same namespace. Open connections are lost; the guest keeps
 * running. Does nothing when the network works.
 * @throws {AppError} machine.cut_off
 */
export async function restoreOutbound(options: {
  id: string
  process: { pid: number }
  log: string
  blockedRanges: string[]
}) {
  const { id, log, blockedRanges } = options
  const namespacePid = await findNetworkNamespacePid(options.process)
  if (namespacePid === undefined || (await hasDefaultRoute(namespacePid))) return
  const failed = new AbortController()
  if (!(await hasTap(namespacePid))) {
    const child = await startSlirp4netns({ id, log, namespacePid })
    child.once('exit', () => failed.abort(outboundNotRestored('slirp4netns exited at once')))
    child.once('error', (error) => failed.abort(outboundNotRestored(error.message)))
  }
  const [file, ...args] = [
    ...nsenterArgs(namespacePid),
    'sh',
    OUTBOUND_SCRIPT,
    'open',
    blockedRanges.join(' '),
  ]
  await runProgram({ file: file!, args, timeoutMs: RESTORE_TIMEOUT_MS, signal: failed.signal }).catch(
    (error: unknown) => {
      throw errorCode(error) === 'machine.cut_off' ? error : outboundNotRestored(errorMessage(error), error)
    },
  )
}

/**
 * Starts slirp4netns detached, as it outlives this worker (so not with spawnGroup). The `-uuid` argument marks it as a
 * process of the machine, so that killMachine finds it.
 */
async function startSlirp4netns({
  id,
  log,
  namespacePid,
}: {
  id: string
  log: string
  namespacePid: number
}) {
  const lifeline = await openLifelinePipe(id)
  try {
    const child = spawn('sh', [OUTBOUND_SCRIPT, 'again', log, `${namespacePid}`, '-uuid', id], {
      cwd: '/',
      detached: true,
      stdio: [lifeline.fd, 'ignore', 'ignore'],
      env: confinedEnv(),
    })
    child.unref()
    return child
  } finally {
    await lifeline.close()
  }
}

/** Opens the read end of the pipe that processes of the machine hold open. */
async function openLifelinePipe(id: string) {
  for (const pid of await listProcessIds(id)) {
    const file = `/proc/${pid}/fd/${LIFELINE_FD}`
    const isPipe = (await readlink(file).catch(() => '')).startsWith('pipe:')
    // O_NONBLOCK: the writer may have ended, and opening would block.
    if (isPipe) return open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  }
  throw outboundNotRestored('the machine has ended')
}

const outboundNotRestored = (reason: string, cause?: unknown) =>
  new AppError({
    code: 'machine.cut_off',
    message: messages.outboundNotRestored({ reason }),
    status: 503,
    cause,
  })
