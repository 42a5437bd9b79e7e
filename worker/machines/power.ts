import type { Tx } from '@/lib/db'
import { Prisma } from '@/lib/generated/prisma/client'
import { addMachineEvent } from '@/lib/machines/events'
import { rebootMachine, resizeMachine, startMachine, stopMachine } from '@/lib/machines/kinds'
import { moveMachine } from '@/lib/machines/state'
import type { TaskError } from '@/lib/tasks/contract'
import type { TaskHandler } from '../handler'
import type { Observed } from './hypervisor'
import { stageReporter } from './stages'
import { withMachine } from './with-machine'

/** How long a guest may take to shut down before its power is taken away. */
const GRACE_MS = 20_000

const running = (id: string, { startedAt }: Observed) => ({
  store: (tx: Tx) =>
    moveMachine(tx, {
      id,
      to: 'running',
      data: { startedAt: startedAt ?? new Date(), error: Prisma.DbNull },
    }),
})

/** What it is like now is for the reconcile loop to see; why, is told at once. */
const tell = async (tx: Tx, { machineId }: { machineId: string }, error: TaskError) => {
  await tx.machine.updateMany({ where: { id: machineId }, data: { error } })
  await addMachineEvent(tx, { machineId, action: 'failed', detail: error.message })
}

export const start: TaskHandler<typeof startMachine> = {
  kind: startMachine,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      const stages = stageReporter(run, null)
      return running(id, await host.hypervisor.start(id, { signal: run.signal, onStage: stages.onStage }))
    }),
  fail: tell,
}

export const stop: TaskHandler<typeof stopMachine> = {
  kind: stopMachine,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      run.report({ stage: 'Shutting down', progress: 0.1 })
      await host.hypervisor.stop(id, { graceMs: GRACE_MS, signal: run.signal })
      return { store: (tx) => moveMachine(tx, { id, to: 'stopped', data: { startedAt: null } }) }
    }),
  fail: tell,
}

export const reboot: TaskHandler<typeof rebootMachine> = {
  kind: rebootMachine,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      run.report({ stage: 'Shutting down', progress: 0.1 })
      await host.hypervisor.stop(id, { graceMs: GRACE_MS, signal: run.signal })
      const stages = stageReporter(run, null)
      return running(id, await host.hypervisor.start(id, { signal: run.signal, onStage: stages.onStage }))
    }),
  fail: tell,
}

export const resize: TaskHandler<typeof resizeMachine> = {
  kind: resizeMachine,
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
  fail: tell,
}
