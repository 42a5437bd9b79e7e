import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/archive-errors'
import { encryptSecret } from '../accounts/encrypt-secret'
import { recordAudit } from '../audit/commands'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import type { Storage } from '../storage/storage'
import { cancelIfUnfinished } from '../tasks/commands'
import { spendRateLimit } from '../rate-limits/spend-rate-limit'
import { enqueueTask } from '../tasks/enqueue'
import { isFinished } from '../tasks/state'
import { removeUpload } from '../uploads/expire-uploads'
import { uploadExpiry } from '../uploads/upload-expiry'
import { parseIdentity } from './age-keys'
import type { ImportArchiveRequest } from './schema'
import { importArchiveTask } from './tasks'

/**
 * Enqueues the import of an archive that was uploaded. Returns the id of the task, which is the same when it is repeated
 * before it has ended; afterwards, such as after a wrong passphrase, there is another one.
 * @throws {AppError} upload.not_found, archive.incomplete, archive.identity_invalid, rate.limited
 */
export async function importArchive(
  { db, boss }: { db: Db; boss: PgBoss },
  { ownerId, request }: { ownerId: string; request: ImportArchiveRequest },
) {
  const { uploadId, ...given } = request
  if (given.identity !== undefined) parseIdentity(given.identity)
  // Each try of a passphrase takes a second of a worker.
  await spendRateLimit(db, { ownerId, action: 'archive.import', perMinute: 60 })
  const secret = await encryptSecret(JSON.stringify(given))
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM upload WHERE id = ${uploadId} FOR UPDATE`
    const upload = await tx.upload.findFirst({ where: { id: uploadId, ownerId, isArchive: true } })
    if (!upload) throw notFound('upload')
    if (!upload.isStored)
      throw new AppError({
        code: 'archive.incomplete',
        message: messages.incomplete(),
        status: 409,
      })
    const earlier = await tx.archiveImport.findUnique({ where: { uploadId }, include: { task: true } })
    if (earlier?.task && !isFinished(earlier.task.state)) return earlier.task.id
    // The same row, by which a repeated import recognizes the videos that it has created.
    const { id } = earlier
      ? await tx.archiveImport.update({ where: { uploadId }, data: { secret } })
      : await tx.archiveImport.create({ data: { ownerId, uploadId, secret } })
    await tx.upload.update({ where: { id: uploadId }, data: { expiresAt: uploadExpiry() } })
    const task = await enqueueTask(tx, boss, { kind: importArchiveTask, ownerId, payload: { importId: id } })
    await tx.archiveImport.update({ where: { id }, data: { taskId: task.id } })
    await recordAudit(tx, { action: 'archive.imported', subject: { type: 'upload', id: uploadId } })
    return task.id
  })
}

/** Cancels the import of an uploaded archive, and deletes the upload. @throws {AppError} upload.not_found */
export async function deleteUploadedArchive(
  { db, boss, storage }: { db: Db; boss: PgBoss; storage: Storage },
  { uploadId: id, ownerId }: { uploadId: string; ownerId: string },
) {
  const upload = await db.upload.findFirst({
    where: { id, ownerId, isArchive: true },
    include: { archiveImport: true },
  })
  if (!upload) throw notFound('upload')
  const taskId = upload.archiveImport?.taskId
  if (taskId) await db.$transaction((tx) => cancelIfUnfinished(tx, { boss, taskId, ownerId }))
  await removeUpload({ db, storage, id })
}
