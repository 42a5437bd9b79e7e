import type { Rendition } from '@/lib/generated/prisma/client'
import type { TaskRun } from '../runtime/handler'
import { isAwaited, TIME_SLICE_MS, yieldToOthers } from '../runtime/yield'

/** With less than this remaining, finishing is faster than resuming later. */
const NEARLY_DONE_SECONDS = 15
const CHECK_INTERVAL_MS = 1_000

interface Options {
  run: Pick<TaskRun<unknown>, 'context' | 'taskId' | 'kind' | 'write' | 'log'>
  ownerId: string
  renditions: Pick<Rendition, 'name' | 'state'>[]
  isResumed: boolean
  /** Estimated time until the transcode is done; null if unknown. */
  readEtaSeconds(): number | null
}

/**
 * Decides when a transcode yields its slot to the transcode of another user (decision 0059): at a segment border, at once
 * in its first run and after its time slice in later ones. Every run stores at least one segment of each unfinished
 * rendition, so that a transcode which always yields still ends.
 */
export function createTranscodeTurn({ run, ownerId, renditions, isResumed, readEtaSeconds }: Options) {
  const startedAt = Date.now()
  const withoutProgress = new Set(renditions.filter(({ state }) => state !== 'done').map(({ name }) => name))
  let checkedAt = 0
  return {
    /** Records that a rendition has a new segment, or is done. */
    recordProgress: (name: string) => void withoutProgress.delete(name),
    /** @throws {RetryLater} to yield */
    async yieldIfAwaited() {
      const now = Date.now()
      if (withoutProgress.size > 0 || now - checkedAt < CHECK_INTERVAL_MS) return
      if (isResumed && now - startedAt < TIME_SLICE_MS) return
      if ((readEtaSeconds() ?? Infinity) < NEARLY_DONE_SECONDS) return
      checkedAt = now
      const isSliceUsed = now - startedAt > TIME_SLICE_MS
      if (await isAwaited({ run, exceptOwnerId: ownerId, isUnstarted: !isSliceUsed }))
        await yieldToOthers(run)
    },
  }
}
