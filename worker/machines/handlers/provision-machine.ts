import { Prisma } from '@/lib/generated/prisma/client'
import { recordMachineEvent } from '@/lib/machines/events'
import { executeScriptTask, provisionMachineTask } from '@/lib/machines/tasks'
import { transitionMachine } from '@/lib/machines/state'
import { estimateProvisionSeconds } from '@/lib/machines/provision-estimate'
import { queueNameOf } from '@/lib/tasks/task-kind'
import type { TaskHandler } from '@/worker/runtime/handler'
import { createStageReporter } from './stage-reporter'
import { requireMachineHost, withMachine } from './with-machine'

/** Makes the machine on this host and starts it; what an earlier run began is gone on from. */
export const provisionMachine: TaskHandler<typeof provisionMachineTask> = {
  kind: provisionMachineTask,
  run: (run) =>
    withMachine(run, async (machine, host) => {
      const { id } = machine
      // From here on it is this host's: whatever is left of it is found and removed here.
      await run.write((tx) =>
        transitionMachine(tx, { id, to: 'pending', data: { hostId: host.id, error: Prisma.DbNull } }),
      )
      const stages = createStageReporter(run, await estimateProvisionSeconds(run.context.db, machine))
      const { startedAt } = await host.hypervisor.create(
        {
          id,
          hostname: machine.name,
          image: machine.image,
          size: machine,
          sshKeys: machine.sshKeys,
          network: machine.network,
        },
        { signal: run.signal, onStage: stages.onStage },
      )
      return {
        result: stages.end(),
        async store(tx) {
          await transitionMachine(tx, { id, to: 'running', data: { startedAt: startedAt ?? new Date() } })
          await recordMachineEvent(tx, { machineId: id, action: 'running' })
          // Only now it is known whose lane the script goes to.
          await tx.task.updateMany({
            where: { parentId: run.taskId, kind: executeScriptTask.name },
            data: { queue: queueNameOf(executeScriptTask, host.id) },
          })
        },
      }
    }),

  async onFailed(tx, { machineId }, error) {
    const { count } = await tx.machine.updateMany({
      where: { id: machineId, state: 'pending' },
      data: { state: 'failed', error },
    })
    if (count > 0) await recordMachineEvent(tx, { machineId, action: 'failed', detail: error.message })
  },

  async discard({ payload: { machineId }, context }) {
    const host = requireMachineHost(context)
    await host.withLock(machineId, () => host.hypervisor.destroy(machineId))
    await context.db.machine.updateMany({
      where: { id: machineId, state: 'pending' },
      data: { state: 'terminated', desired: 'terminated', terminatedAt: new Date() },
    })
  },
}
