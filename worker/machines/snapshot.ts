import { PermanentError } from '@/lib/errors'
import { snapshotMachine } from '@/lib/machines/kinds'
import { snapshotImage } from '@/lib/machines/snapshot-name'
import type { TaskHandler } from '../handler'
import { stageReporter } from './stages'
import { hostOf, withMachine } from './with-machine'

/** Keeps the disk of a machine as an image. */
export const takeSnapshot: TaskHandler<typeof snapshotMachine> = {
  kind: snapshotMachine,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      const { snapshotId } = run.payload
      const wanted = { id: snapshotId, state: { not: 'canceled' } } as const
      if (!(await run.context.db.machineSnapshot.findFirst({ where: wanted }))) throw gone()
      const { onStage } = stageReporter(run, null)
      const least = await host.hypervisor.snapshot(id, {
        name: snapshotImage(snapshotId),
        signal: run.signal,
        onStage,
      })
      return {
        result: { snapshotId, image: snapshotImage(snapshotId) },
        async store(tx) {
          const { count } = await tx.machineSnapshot.updateMany({
            where: wanted,
            data: { state: 'done', diskMiB: least.diskMiB, leastMemoryMiB: least.memoryMiB },
          })
          if (count === 0) throw gone()
        },
      }
    }),

  async fail(tx, { snapshotId }) {
    await tx.machineSnapshot.updateMany({ where: { id: snapshotId }, data: { state: 'failed' } })
  },

  async discard({ payload: { snapshotId }, context }) {
    await hostOf(context).hypervisor.removeSnapshot(snapshotImage(snapshotId))
    await context.db.machineSnapshot.deleteMany({ where: { id: snapshotId } })
  },
}

const gone = () =>
  new PermanentError({
    code: 'snapshot.gone',
    message: 'The snapshot was deleted.',
    advice: 'Take a new one.',
  })
