import { Prisma } from '@/lib/generated/prisma/client'
import { addMachineEvent } from '@/lib/machines/events'
import { executeScript, provisionMachine } from '@/lib/machines/kinds'
import { moveMachine } from '@/lib/machines/state'
import { typicalSeconds } from '@/lib/machines/typical-seconds'
import { queueOf } from '@/lib/tasks/kind'
import type { TaskHandler } from '../handler'
import { stageReporter } from './stages'
import { hostOf, withMachine } from './with-machine'

/** Makes the machine on this host and starts it; what an earlier run began is gone on from. */
export const provision: TaskHandler<typeof provisionMachine> = {
  kind: provisionMachine,
  run: (run) =>
    withMachine(run, async (machine, host) => {
      const { id } = machine
      // From here on it is this host's: whatever is left of it is found and removed here.
      await run.write((tx) =>
        moveMachine(tx, { id, to: 'pending', data: { hostId: host.id, error: Prisma.DbNull } }),
      )
      const stages = stageReporter(run, await typicalSeconds(run.context.db, machine))
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
          await moveMachine(tx, { id, to: 'running', data: { startedAt: startedAt ?? new Date() } })
          await addMachineEvent(tx, { machineId: id, action: 'running' })
          // Only now it is known whose lane the script goes to.
          await tx.task.updateMany({
            where: { parentId: run.taskId, kind: executeScript.name },
            data: { queue: queueOf(executeScript, host.id) },
          })
        },
      }
    }),

  async fail(tx, { machineId }, error) {
    const { count } = await tx.machine.updateMany({
      where: { id: machineId, state: 'pending' },
      data: { state: 'failed', error },
    })
    if (count > 0) await addMachineEvent(tx, { machineId, action: 'failed', detail: error.message })
  },

  async discard({ payload: { machineId }, context }) {
    const host = hostOf(context)
    await host.inTurn(machineId, () => host.hypervisor.destroy(machineId))
    await context.db.machine.updateMany({
      where: { id: machineId, state: 'pending' },
      data: { state: 'terminated', desired: 'terminated', terminatedAt: new Date() },
    })
  },
}
