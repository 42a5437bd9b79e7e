import type { TaskRetryListener } from '../../tasks/registry'
import { trimVideoTask } from '../tasks'
import { prepareTrim } from './prepare-trim'

/** Has a trim that is retried create its files again, which were destroyed when it failed or was canceled. */
export const retryTrim: TaskRetryListener = {
  concerns: ({ kind }) => kind === trimVideoTask.name,
  async onRetry(tx, boss, { id, ownerId, payload: earlier }) {
    const { videoId, trimmedId: _, ...range } = trimVideoTask.payload.parse(earlier)
    const payload = await prepareTrim(tx, boss, { id: videoId, ownerId, ...range })
    await tx.task.update({ where: { id }, data: { payload } })
  },
}
