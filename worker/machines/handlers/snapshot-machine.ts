import { PermanentError } from '@/lib/errors'
import { snapshotMachineTask } from '@/lib/machines/tasks'
import { toSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import type { TaskHandler } from '@/worker/runtime/handler'
import { createStageReporter } from './stage-reporter'
import { requireMachineHost, withMachine } from './with-machine'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

/** Stores a copy of a machine's disk as an image. */
export const snapshotMachine: TaskHandler<typeof snapshotMachineTask> = {
  kind: snapshotMachineTask,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      const { snapshotId } = run.payload
      const notDeleted = { id: snapshotId, state: { not: 'canceled' } } as const
      if (!(await run.context.db.machineSnapshot.findFirst({ where: notDeleted }))) throw snapshotDeleted()
      const { onStage } = createStageReporter(run, { definitions: host.hypervisor.stages })
      const minimum = await host.hypervisor.createSnapshot(id, {
        name: toSnapshotImageName(snapshotId),
        signal: run.signal,
        onStage,
      })
      return {
        result: { snapshotId, image: toSnapshotImageName(snapshotId) },
        async store(tx) {
          const { count } = await tx.machineSnapshot.updateMany({
            where: notDeleted,
            data: { state: 'done', diskMiB: minimum.diskMiB, leastMemoryMiB: minimum.memoryMiB },
          })
          if (count === 0) throw snapshotDeleted()
        },
      }
    }),

  async onFailed(tx, { snapshotId }) {
    await tx.machineSnapshot.updateMany({ where: { id: snapshotId }, data: { state: 'failed' } })
  },

  async discard({ payload: { snapshotId }, context }) {
    await requireMachineHost(context).hypervisor.removeSnapshot(toSnapshotImageName(snapshotId))
    await context.db.machineSnapshot.deleteMany({ where: { id: snapshotId } })
  },
}

const snapshotDeleted = () =>
  new PermanentError({
    code: 'snapshot.gone',
    message: messages.snapshotDeleted(),
    advice: messages.snapshotDeletedAdvice(),
  })
