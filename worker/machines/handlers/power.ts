import type { Tx } from '@/lib/database/db'
import { Prisma } from '@/lib/generated/prisma/client'
import { rebootMachineTask, resizeMachineTask, startMachineTask, stopMachineTask } from '@/lib/machines/tasks'
import { transitionMachine } from '@/lib/machines/state'
import type { TaskHandler } from '@/worker/runtime/handler'
import type { MachineObservation } from '../hypervisor'
import { recordOperationFailure } from './record-failure'
import { createStageReporter } from './stage-reporter'
import { withMachine } from './with-machine'

/** How long a guest may take to shut down before it is powered off. */
const SHUTDOWN_GRACE_MS = 20_000

const markRunning = (id: string, { startedAt }: MachineObservation) => ({
  store: (tx: Tx) =>
    transitionMachine(tx, {
      id,
      to: 'running',
      data: { startedAt: startedAt ?? new Date(), error: Prisma.DbNull },
    }),
})

export const startMachine: TaskHandler<typeof startMachineTask> = {
  kind: startMachineTask,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      const stages = createStageReporter(run, null)
      return markRunning(id, await host.hypervisor.start(id, { signal: run.signal, onStage: stages.onStage }))
    }),
  onFailed: recordOperationFailure,
}

export const stopMachine: TaskHandler<typeof stopMachineTask> = {
  kind: stopMachineTask,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      run.report({ stage: 'Shutting down', progress: 0.1 })
      await host.hypervisor.stop(id, { graceMs: SHUTDOWN_GRACE_MS, signal: run.signal })
      return { store: (tx) => transitionMachine(tx, { id, to: 'stopped', data: { startedAt: null } }) }
    }),
  onFailed: recordOperationFailure,
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
  onFailed: recordOperationFailure,
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
  onFailed: recordOperationFailure,
}
