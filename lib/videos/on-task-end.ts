import { touch } from '../database/touch'
import type { TaskEndListener } from '../tasks/registry'
import { type EncodingPayload, whereEncodedBy } from './encoded-by'
import { discardReplacement, REPLACING_KINDS } from './replace-file'
import { compressVideoTask, packageVideoTask, transcodeVideoTask } from './tasks'

const ENCODING_KINDS: string[] = [transcodeVideoTask.name, compressVideoTask.name]

/**
 * Ends the unfinished renditions of a task that failed or was canceled; a retry restarts them. Increments the version of
 * the video, so that clients reload its renditions and downloads.
 */
export const settleRenditions: TaskEndListener = {
  concerns: ({ kind, subjectId }) =>
    subjectId !== null && (ENCODING_KINDS.includes(kind) || kind === packageVideoTask.name),
  async onEnd(tx, _boss, tasks) {
    for (const task of tasks) {
      if (ENCODING_KINDS.includes(task.kind) && task.state !== 'done')
        await tx.rendition.updateMany({
          where: {
            ...whereEncodedBy(task.payload as unknown as EncodingPayload),
            state: { in: ['queued', 'in_progress'] },
          },
          data: { state: task.state },
        })
      await touch(tx, 'video', { id: task.subjectId! })
    }
  },
}

/** Discards the file that was to replace another one, if that failed or was canceled. */
export const settleReplacement: TaskEndListener = {
  concerns: ({ kind, state }) => REPLACING_KINDS.includes(kind) && state !== 'done',
  async onEnd(tx, boss, tasks) {
    for (const task of tasks) await discardReplacement(tx, boss, task)
  },
}
