import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exportAccountTask } from '@/lib/accounts/tasks'
import { PermanentError } from '@/lib/errors'
import { readFreeDiskBytes } from '@/lib/storage/free-disk'
import { exportKeys } from '@/lib/storage/keys'
import { formatBytes } from '@/lib/text/format-bytes'
import type { TaskHandler } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { openArchive } from './archive'

const DAY_MS = 24 * 60 * 60 * 1000

/** Writes the archive to a scratch file and moves it into storage. A later run starts again. */
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
    await requireFreeDisk(totalBytes, config)
    const sizeBytes = await withScratchDir(run, async (dir) => {
      const file = path.join(dir, 'export.zip')
      const archive = openArchive({ db, storage, ownerId })
      const progress = countBytes((bytes) =>
        run.report({
          stage: 'Writing the archive',
          progress: totalBytes ? Math.min(0.99, bytes / totalBytes) : 0,
        }),
      )
      await pipeline(archive, progress, createWriteStream(file), { signal: run.signal })
      const { size } = await stat(file)
      await storage.moveIn(exportKeys(exportId).archive, file, { signal: run.signal })
      return size
    })
    const expiresAt = new Date(Date.now() + config.EXPORT_EXPIRES_DAYS * DAY_MS)
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
