import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { open, readlink } from 'node:fs/promises'
import { AppError } from '@/lib/errors'
import { listProcessIds } from '../state/processes'
import { runProgram } from '@/worker/process/run-program'
import { nsenterArgs, hasTap, hasDefaultRoute, OUTBOUND_SCRIPT, findNetworkNamespacePid } from './outbound'

/** The end of the pipe that tells slirp4netns when nothing of the machine is left, as outbound.sh numbers it. */
const LIFELINE_FD = 9
const RESTORE_TIMEOUT_MS = 10_000

/** Whether a running machine that was given a way out has it no more. `first` is the machine's first process. */
export async function isOutboundLost(first: { pid: number }) {
  const inside = await findNetworkNamespacePid(first)
  return inside !== undefined && !(await hasDefaultRoute(inside))
}

/**
 * Gives a running machine its way out again, in the same network, so that it may go on as it is; connections that were
 * open are lost. Where it has one nothing changes.
 * @throws {AppError} machine.cut_off
 */
export async function restoreOutbound(given: {
  id: string
  process: { pid: number }
  log: string
  forbidden: string[]
}) {
  const { id, log, forbidden } = given
  const inside = await findNetworkNamespacePid(given.process)
  if (inside === undefined || (await hasDefaultRoute(inside))) return
  const ended = new AbortController()
  if (!(await hasTap(inside))) {
    const child = await startSlirp4netns({ id, log, inside })
    child.once('exit', () => ended.abort(outboundNotRestored('slirp4netns ended at once')))
    child.once('error', (error) => ended.abort(outboundNotRestored(error.message)))
  }
  const [file, ...args] = [...nsenterArgs(inside), 'sh', OUTBOUND_SCRIPT, 'open', forbidden.join(' ')]
  await runProgram({ file: file!, args, timeoutMs: RESTORE_TIMEOUT_MS, signal: ended.signal }).catch(
    (error: unknown) => {
      throw (error as AppError).code === 'machine.cut_off'
        ? error
        : outboundNotRestored((error as Error).message, error)
    },
  )
}

/** Beside the machine, named as its own by its arguments: whoever ends the machine finds it. */
async function startSlirp4netns({ id, log, inside }: { id: string; log: string; inside: number }) {
  const lifeline = await openLifelinePipe(id)
  try {
    const child = spawn('sh', [OUTBOUND_SCRIPT, 'again', log, `${inside}`, '-uuid', id], {
      cwd: '/',
      detached: true,
      stdio: [lifeline.fd, 'ignore', 'ignore'],
    })
    child.unref()
    return child
  } finally {
    await lifeline.close()
  }
}

/** Some process of the machine holds the other end of it. */
async function openLifelinePipe(id: string) {
  for (const pid of await listProcessIds(id)) {
    const file = `/proc/${pid}/fd/${LIFELINE_FD}`
    const isPipe = (await readlink(file).catch(() => '')).startsWith('pipe:')
    // Not waiting for somebody to write, who may be gone by now.
    if (isPipe) return open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  }
  throw outboundNotRestored('the machine has ended')
}

const outboundNotRestored = (why: string, cause?: unknown) =>
  new AppError({
    code: 'machine.cut_off',
    message: `It could not be opened again: ${why}.`,
    status: 503,
    cause,
  })
