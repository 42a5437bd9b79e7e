import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { open, readlink } from 'node:fs/promises'
import { AppError } from '@/lib/errors'
import { processesOf } from '../qemu/processes'
import { runProgram } from '../run-program'
import { enterNetwork, hasCard, isOpenFrom, OUTBOUND, outermostInside } from './outbound'

/** The end of the pipe that tells slirp4netns when nothing of the machine is left, as outbound.sh numbers it. */
const LIFELINE_FD = 9
const OPEN_MS = 10_000

/** Whether a running machine that was given a way out has it no more. `first` is the machine's first process. */
export async function isCutOff(first: { pid: number }) {
  const inside = await outermostInside(first)
  return inside !== undefined && !(await isOpenFrom(inside))
}

/**
 * Gives a running machine its way out again, in the same network, so that it may go on as it is; connections that were
 * open are lost. Where it has one nothing changes.
 * @throws {AppError} machine.cut_off
 */
export async function reopenOutbound(given: {
  id: string
  process: { pid: number }
  log: string
  forbidden: string[]
}) {
  const { id, log, forbidden } = given
  const inside = await outermostInside(given.process)
  if (inside === undefined || (await isOpenFrom(inside))) return
  const ended = new AbortController()
  if (!(await hasCard(inside))) {
    const child = await startSlirp({ id, log, inside })
    child.once('exit', () => ended.abort(cutOff('slirp4netns ended at once')))
    child.once('error', (error) => ended.abort(cutOff(error.message)))
  }
  const [file, ...args] = [...enterNetwork(inside), 'sh', OUTBOUND, 'open', forbidden.join(' ')]
  await runProgram({ file: file!, args, timeoutMs: OPEN_MS, signal: ended.signal }).catch(
    (error: unknown) => {
      throw (error as AppError).code === 'machine.cut_off' ? error : cutOff((error as Error).message, error)
    },
  )
}

/** Beside the machine, named as its own by its arguments: whoever ends the machine finds it. */
async function startSlirp({ id, log, inside }: { id: string; log: string; inside: number }) {
  const lifeline = await openLifeline(id)
  try {
    const child = spawn('sh', [OUTBOUND, 'again', log, `${inside}`, '-uuid', id], {
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
async function openLifeline(id: string) {
  for (const pid of await processesOf(id)) {
    const file = `/proc/${pid}/fd/${LIFELINE_FD}`
    const isPipe = (await readlink(file).catch(() => '')).startsWith('pipe:')
    // Not waiting for somebody to write, who may be gone by now.
    if (isPipe) return open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  }
  throw cutOff('the machine has ended')
}

const cutOff = (why: string, cause?: unknown) =>
  new AppError({
    code: 'machine.cut_off',
    message: `It could not be opened again: ${why}.`,
    status: 503,
    cause,
  })
