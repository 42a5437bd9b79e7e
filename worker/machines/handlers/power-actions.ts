import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { Prisma } from '@/lib/generated/prisma/client'
import { rebootMachineTask, startMachineTask, stopMachineTask } from '@/lib/machines/tasks'
import { transitionMachine } from '@/lib/machines/state'
import type { TaskHandler, TaskOutcome, TaskRun } from '@/worker/runtime/handler'
import type { LocalMachineHost } from '../host/local-machine-host'
import type { Hypervisor } from '../hypervisor'
import { recordOperationFailure } from './record-failure'
import { createStageReporter } from './stage-reporter'
import { withMachine } from './with-machine'
import * as messages from '@/lib/generated/messages/machine-progress'

/** Time for a guest to shut down before it is powered off. */
const SHUTDOWN_GRACE_MS = 20_000

export const startMachine: TaskHandler<typeof startMachineTask> = {
  kind: startMachineTask,
  run: (run) => withMachine(run, (_, host) => bootGuest(run, host)),
  onFailed: recordOperationFailure,
}

export const stopMachine: TaskHandler<typeof stopMachineTask> = {
  kind: stopMachineTask,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      await shutDownGuest(run, host)
      return { store: (tx) => transitionMachine(tx, { id, to: 'stopped', data: { startedAt: null } }) }
    }),
  onFailed: recordOperationFailure,
}

export const rebootMachine: TaskHandler<typeof rebootMachineTask> = {
  kind: rebootMachineTask,
  run: (run) =>
    withMachine(run, async (_, host) => {
      const { hypervisor } = host
      if (hypervisor.reboot) return bootGuest(run, host, (id, options) => hypervisor.reboot!(id, options))
      await shutDownGuest(run, host)
      return bootGuest(run, host)
    }),
  onFailed: recordOperationFailure,
}

type MachineRun = TaskRun<{ machineId: string }>

async function shutDownGuest(run: MachineRun, { hypervisor }: LocalMachineHost) {
  run.report({ stage: messages.shuttingDown(), progress: 0.1 })
  await hypervisor.stop(run.payload.machineId, { graceMs: SHUTDOWN_GRACE_MS, signal: run.signal })
}

/** Boots the guest. @returns an outcome that marks the machine as running */
async function bootGuest(
  run: MachineRun,
  { hypervisor }: LocalMachineHost,
  boot: Hypervisor['start'] = (id, options) => hypervisor.start(id, options),
): Promise<TaskOutcome> {
  const id = run.payload.machineId
  const { onStage } = createStageReporter(run, { definitions: hypervisor.stages })
  const { startedAt } = await boot(id, { signal: run.signal, onStage })
  const data = { startedAt: startedAt ?? new Date(databaseTimeMs()), error: Prisma.DbNull }
  return { store: (tx) => transitionMachine(tx, { id, to: 'running', data }) }
}
