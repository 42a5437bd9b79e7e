import { pipeline, Transform } from 'node:stream'
import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { exportAccountTask } from '@/lib/accounts/tasks'
import { PermanentError } from '@/lib/errors'
import { readFreeDiskBytes } from '@/lib/storage/free-disk'
import { exportKeys } from '@/lib/storage/keys'
import { formatBytes } from '@/lib/text/format-bytes'
import type { TaskHandler } from '../runtime/handler'
import { openArchive } from './archive'

const DAY_MS = 24 * 60 * 60 * 1000

/** Writes the archive into storage while it is made. A later run starts again. */
export const exportAccount: TaskHandler<typeof exportAccountTask> = {
  kind: exportAccountTask,
  async run(run) {
    const { db, storage, config } = run.context
    const { exportId } = run.payload
    const row = await db.accountExport.findUnique({ where: { id: exportId } })
    if (!row) throw new PermanentError({ code: 'export.deleted', message: 'The export was deleted.' })
    const { ownerId } = row
    const total = await db.video.aggregate({ where: { ownerId }, _sum: { sizeBytes: true } })
    const totalBytes = Number(total._sum.sizeBytes ?? 0n)
    if (storage.name === 'local') await requireFreeDisk(totalBytes, config)
    let sizeBytes = 0
    const archive = pipeline(
      openArchive({ db, storage, ownerId }),
      countBytes((bytes) => {
        sizeBytes = bytes
        const progress = totalBytes ? Math.min(0.99, bytes / totalBytes) : 0
        run.report({ stage: 'Writing the archive', progress })
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

/** @throws {PermanentError} export.disk_full */
async function requireFreeDisk(bytes: number, config: { DATA_DIR: string; DISK_RESERVE_BYTES: number }) {
  const free = (await readFreeDiskBytes(config.DATA_DIR)) - config.DISK_RESERVE_BYTES
  if (bytes <= free) return
  throw new PermanentError({
    code: 'export.disk_full',
    message: `The archive needs ${formatBytes(bytes)}; the server has room for ${formatBytes(Math.max(0, free))}.`,
    advice: 'Download your largest videos one by one, delete them, and try again.',
  })
}
