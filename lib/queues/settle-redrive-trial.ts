import { prepared } from '../database/prepared-statements'
import type { TaskEndListener } from '../tasks/registry'

/** Continues a redrive when its trial task is done, and stops it when that task fails or is canceled. */
export const settleRedriveTrial: TaskEndListener = {
  concerns: () => true,
  isBatchable: true,
  async onEnd(tx, _boss, tasks) {
    for (const [state, ended] of Map.groupBy(tasks, (task) => task.state)) {
      const ids = ended.map(({ id }) => id)
      await (state === 'done'
        ? tx.$executeRaw`
          ${prepared} UPDATE redrive SET state = 'following' WHERE "trialTaskId" = ANY(${ids}::uuid[]) AND state = 'trial'`
        : tx.$executeRaw`
          ${prepared} UPDATE redrive SET state = 'stopped', "endedAt" = now()
          WHERE "trialTaskId" = ANY(${ids}::uuid[]) AND state = 'trial'`)
    }
  },
}
