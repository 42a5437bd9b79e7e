import { resizeMachineTask } from '@/lib/machines/tasks'
import type { TaskHandler } from '@/worker/runtime/handler'
import { recordOperationFailure } from './record-failure'
import { withMachine } from './with-machine'

/** Changes the size of a stopped machine. */
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
