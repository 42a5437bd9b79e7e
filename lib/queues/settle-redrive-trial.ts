import type { TaskEndListener } from '../tasks/registry'

/** Continues a redrive when its trial task is done, and stops it when that task fails or is canceled. */
export const settleRedriveTrial: TaskEndListener = async (tx, _boss, task) => {
  await tx.redrive.updateMany({
    where: { trialTaskId: task.id, state: 'trial' },
    data: task.state === 'done' ? { state: 'following' } : { state: 'stopped', endedAt: new Date() },
  })
}
