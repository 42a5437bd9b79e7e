import type { TaskEndListener } from '../tasks/registry'

/** A trial that went well lets the rest follow; one that did not leaves them where they are. */
export const settleRedriveTrial: TaskEndListener = async (tx, _boss, task) => {
  const hasGoneWell = task.state === 'done'
  await tx.redrive.updateMany({
    where: { trialTaskId: task.id, state: 'trial' },
    data: hasGoneWell ? { state: 'following' } : { state: 'stopped', endedAt: new Date() },
  })
}
