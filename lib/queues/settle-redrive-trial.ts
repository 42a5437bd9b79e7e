import type { TaskEndListener } from '../tasks/registry'

/** Continues a redrive whose trial task is done and stops one whose trial task is not. */
export const settleRedriveTrial: TaskEndListener = async (tx, _boss, task) => {
  await tx.redrive.updateMany({
    where: { trialTaskId: task.id, state: 'trial' },
    data: task.state === 'done' ? { state: 'following' } : { state: 'stopped', endedAt: new Date() },
  })
}
