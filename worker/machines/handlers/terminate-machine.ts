import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { terminateMachineTask } from '@/lib/machines/tasks'
import { transitionMachine } from '@/lib/machines/state'
import type { TaskHandler } from '@/worker/runtime/handler'
import { withMachine } from './with-machine'
import * as messages from '@/lib/generated/messages/machine-progress'

/** Removes a machine from this host with all its files and processes. */
export const terminateMachine: TaskHandler<typeof terminateMachineTask> = {
  kind: terminateMachineTask,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      run.report({ stage: messages.removing(), progress: 0.2 })
      await host.hypervisor.destroy(id)
      return {
        store: (tx) =>
          transitionMachine(tx, { id, to: 'terminated', data: { terminatedAt: new Date(databaseTimeMs()) } }),
      }
    }),
}
