import { touch } from '../database/touch'
import type { TaskEndListener } from '../tasks/registry'
import { importKinds } from './tasks'

const KINDS: string[] = importKinds.map(({ name }) => name)

/** Removes the credentials of an import that ended, and increments the version of the video, so that clients reload its state. */
export const settleImport: TaskEndListener = {
  concerns: ({ kind, subjectId }) => subjectId !== null && KINDS.includes(kind),
  async onEnd(tx, _boss, tasks) {
    for (const { subjectId } of tasks) {
      await tx.videoImport.updateMany({ where: { videoId: subjectId! }, data: { credentials: null } })
      await touch(tx, 'video', { id: subjectId! })
    }
  },
}
