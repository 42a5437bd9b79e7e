import type { Tx } from '@/lib/database/db'
import { Prisma } from '@/lib/generated/prisma/client'
import { recordMachineEvent } from '@/lib/machines/events'
import { rebootMachineTask, resizeMachineTask, startMachineTask, stopMachineTask } from '@/lib/machines/tasks'
import { transitionMachine } from '@/lib/machines/state'
import type { TaskError } from '@/lib/tasks/schema'
import type { TaskHandler } from '@/worker/runtime/handler'
import type { MachineObservation } from '../hypervisor'
import { createStageReporter } from './stage-reporter'
import { withMachine } from './with-machine'

/** How long a guest may take to shut down before its power is taken away. */
const SHUTDOWN_GRACE_MS = 20_000

const markRunning = (id: string, { startedAt }: MachineObservation) => ({
  store: (tx: Tx) =>
    transitionMachine(tx, {
      id,
      to: 'running',
      data: { startedAt: startedAt ?? new Date(), error: Prisma.DbNull },
    }),
})

/** What it is like now is for the reconcile loop to see; why, is told at once. */
const recordFailure = async (tx: Tx, { machineId }: { machineId: string }, error: TaskError) => {
  await tx.machine.updateMany({ where: { id: machineId }, data: { error } })
  await recordMachineEvent(tx, { machineId, action: 'failed', detail: error.message })
}

export const startMachine: TaskHandler<typeof startMachineTask> = {
  kind: startMachineTask,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      const stages = createStageReporter(run, null)
      return markRunning(id, await host.hypervisor.start(id, { signal: run.signal, onStage: stages.onStage }))
    }),
  onFailed: recordFailure,
}

export const stopMachine: TaskHandler<typeof stopMachineTask> = {
  kind: stopMachineTask,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      run.report({ stage: 'Shutting down', progress: 0.1 })
      await host.hypervisor.stop(id, { graceMs: SHUTDOWN_GRACE_MS, signal: run.signal })
      return { store: (tx) => transitionMachine(tx, { id, to: 'stopped', data: { startedAt: null } }) }
    }),
  onFailed: recordFailure,
}

export const rebootMachine: TaskHandler<typeof rebootMachineTask> = {
  kind: rebootMachineTask,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      run.report({ stage: 'Shutting down', progress: 0.1 })
      await host.hypervisor.stop(id, { graceMs: SHUTDOWN_GRACE_MS, signal: run.signal })
      const stages = createStageReporter(run, null)
      return markRunning(id, await host.hypervisor.start(id, { signal: run.signal, onStage: stages.onStage }))
    }),
  onFailed: recordFailure,
}

export const resizeMachine: TaskHandler<typeof resizeMachineTask> = {
  kind: resizeMachineTask,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      const { name, ...size } = run.payload.size
      await host.hypervisor.resize(id, size)
      return {
        async store(tx) {
          await tx.machine.update({ where: { id }, data: { sizeName: name, ...size } })
        },
      }
    }),
  onFailed: recordFailure,
}
