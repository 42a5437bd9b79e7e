import type { TaskEndListener } from '../tasks/registry'
import { archiveKinds, createArchiveTask } from './tasks'

const KINDS: string[] = archiveKinds.map(({ name }) => name)

/** Removes the secrets of a task that ended. An archive that was not completed counts no longer toward the storage of its owner. */
export const settleArchive: TaskEndListener = {
  concerns: ({ kind }) => KINDS.includes(kind),
  async onEnd(tx, _boss, tasks) {
    for (const { id: taskId, kind } of tasks) {
      if (kind !== createArchiveTask.name) {
        await tx.archiveImport.updateMany({ where: { taskId }, data: { secret: null } })
        continue
      }
      await tx.archive.updateMany({ where: { taskId }, data: { passphrase: null } })
      await tx.archive.updateMany({ where: { taskId, isComplete: false }, data: { sizeBytes: 0 } })
    }
  },
}
