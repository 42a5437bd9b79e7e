import { pipeline, Transform } from 'node:stream'
import { DAY_MS } from '@/lib/durations'
import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { exportAccountTask } from '@/lib/accounts/tasks'
import { PermanentError } from '@/lib/errors'
import { exportKeys } from '@/lib/storage/keys'
import type { TaskHandler } from '../runtime/handler'
import { reserveDisk } from '../runtime/reserve-disk'
import { packAccount } from './pack-account'
import * as messages from '@/lib/generated/messages/worker-errors'

/** Writes the archive into storage while it is made. A later run starts again. */
export const exportAccount: TaskHandler<typeof exportAccountTask> = {
  kind: exportAccountTask,
  async run(run) {
    const { db, storage, config } = run.context
    const { exportId } = run.payload
    const row = await db.accountExport.findUnique({ where: { id: exportId } })
    if (!row) throw new PermanentError({ code: 'export.deleted', message: messages.exportDeleted() })
    const { ownerId } = row
    const total = await db.video.aggregate({ where: { ownerId }, _sum: { sizeBytes: true } })
    const totalBytes = Number(total._sum.sizeBytes ?? 0n)
    if (storage.name === 'local') await reserveDisk(run, totalBytes)
    let sizeBytes = 0
    const archive = pipeline(
      packAccount({ db, storage, ownerId }),
      countBytes((bytes) => {
        sizeBytes = bytes
        const progress = totalBytes ? Math.min(0.99, bytes / totalBytes) : 0
        run.report({ stage: messages.writingArchive(), progress })
      }),
      // `put` reports the error, which ends its source.
      () => undefined,
    )
    await storage.put(exportKeys(exportId).archive, archive, { signal: run.signal })
    const expiresAt = new Date(databaseTimeMs() + config.EXPORT_EXPIRES_DAYS * DAY_MS)
    return {
      result: { sizeBytes },
      store: async (tx) =>
        void (await tx.accountExport.updateMany({
          where: { id: exportId },
          data: { sizeBytes: BigInt(sizeBytes), expiresAt },
        })),
    }
  },

  async discard({ payload, context }) {
    await context.storage.removeAll(exportKeys(payload.exportId).folder)
  },
}

function countBytes(onCount: (bytes: number) => void) {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      onCount(bytes)
      done(null, chunk)
    },
  })
}
