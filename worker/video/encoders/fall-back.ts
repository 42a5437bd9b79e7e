import { readWorkerEncoders } from '@/lib/cluster/queries'
import { RetryLater } from '@/lib/errors'
import { replanWhole } from '@/lib/tasks/parts'
import { chunkKindNames } from '@/lib/videos/tasks'
import type { HardwareEncoder } from '@/lib/videos/video-encoders'
import { SandboxFailure } from '../../process/sandbox'
import type { TaskRun } from '../../runtime/handler'
import { replaceWhole } from '../replace-whole'
import { describeFailure } from './find-encoder-problem'
import type { HardwareOptions } from './hardware'
import { switchToSoftware } from './switch-to-software'

type ChunkRun = Pick<TaskRun<{ videoId: string }>, 'taskId' | 'payload' | 'context' | 'signal' | 'log'>

/** Until a worker that has the encoder is likely to take the chunk. */
const OTHER_WORKER_MS = 10_000

/**
 * Returns the hardware of this computer that a chunk was planned for. Without it, the chunk is left to a worker that has it;
 * if there is none, the video continues in software.
 * @throws {RetryLater} or {ClaimLost}
 */
export async function requireHardware(run: ChunkRun, encoder: HardwareEncoder): Promise<HardwareOptions> {
  const { db, encoders } = run.context
  const { current } = encoders ?? {}
  if (current?.encoder === encoder && current.hardware) return current.hardware
  const offered = await readWorkerEncoders(db, chunkKindNames)
  if (offered.includes(encoder)) throw new RetryLater(OTHER_WORKER_MS, `This worker has no ${encoder}.`)
  return fallBack(run, `no worker has ${encoder}`)
}

/**
 * Awaits a chunk that is encoded by hardware. If that fails, the device is tested again, and the video continues in
 * software, also if the file is at fault: then that fails too, with the right error.
 * @throws {ClaimLost} after a failure
 */
export async function withFallback(run: ChunkRun, encoding: Promise<void>) {
  try {
    await encoding
  } catch (error) {
    const failure = error instanceof Error && error.cause instanceof SandboxFailure ? error.cause : error
    if (run.signal.aborted || !(failure instanceof SandboxFailure)) throw error
    await run.context.encoders?.recheck()
    await fallBack(run, describeFailure(failure))
  }
}

/** Plans the transcode that the running chunk is a part of again, in software, without spending an attempt. */
function fallBack(run: ChunkRun, reason: string): Promise<never> {
  run.log.warn({ reason }, 'hardware encoder failed; the video continues in software')
  return replaceWhole(run, async (tx, wholeId) => {
    await replanWhole(tx, run.context.boss, wholeId)
    await switchToSoftware(tx, run.payload.videoId)
  })
}
