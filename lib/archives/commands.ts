import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/archive-errors'
import { encryptSecret } from '../accounts/encrypt-secret'
import { recordAudit } from '../audit/commands'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import { spendRateLimit } from '../rate-limits/spend-rate-limit'
import { archiveKeys } from '../storage/keys'
import type { Storage } from '../storage/storage'
import { cancelIfUnfinished } from '../tasks/commands'
import { enqueueTask } from '../tasks/enqueue'
import { whereUnfinished } from '../tasks/queries'
import { isFinished } from '../tasks/state'
import { checkStorageQuota } from '../uploads/storage-quota'
import { listContents } from './contents'
import { toArchiveDto, withTask } from './queries'
import { parseRecipients } from './age-keys'
import type { CreateArchiveRequest } from './schema'
import { createArchiveTask } from './tasks'

interface Deps {
  db: Db
  boss: PgBoss
  storage: Storage
}

const MAX_ARCHIVES = 20

/**
 * Enqueues an encrypted archive, whose expected size counts toward the storage of the user from then on.
 * @throws {AppError} archive.empty, archive.too_many, archive.recipient_invalid, storage.quota_exceeded, rate.limited
 */
export async function createArchive(
  { db, boss }: Pick<Deps, 'db' | 'boss'>,
  { ownerId, request }: { ownerId: string; request: CreateArchiveRequest },
) {
  const { videoIds, passphrase, recipients = [] } = request
  parseRecipients(recipients)
  await spendRateLimit(db, { ownerId, action: 'archive.create', perMinute: 20 })
  const encrypted = passphrase === undefined ? null : await encryptSecret(passphrase)
  const chosen = {
    ownerId,
    videoIds,
    hasOriginals: request.originals,
    hasRenditions: request.renditions,
    hasCaptions: request.captions,
  }
  return db.$transaction(async (tx) => {
    const { files, manifest, sizeBytes } = await listContents(tx, chosen)
    if (files.length === 0) throw emptyArchiveError()
    // Locks the user, so that concurrent requests count each other.
    await checkStorageQuota(tx, { ownerId, growthBytes: sizeBytes })
    if ((await tx.archive.count({ where: { ownerId } })) >= MAX_ARCHIVES) throw tooManyArchivesError()
    const titles = manifest.videos.map(({ title }) => title)
    const { id } = await tx.archive.create({
      data: { ...chosen, titles, sizeBytes, passphrase: encrypted, recipients },
    })
    const task = await enqueueTask(tx, boss, { kind: createArchiveTask, ownerId, payload: { archiveId: id } })
    await recordAudit(tx, { action: 'archive.requested', subject: { type: 'archive', id } })
    return toArchiveDto(await tx.archive.update({ where: { id }, data: { taskId: task.id }, ...withTask }))
  })
}

/** Cancels the archive, or deletes its file. @throws {AppError} archive.not_found */
export async function deleteArchive(
  { db, boss, storage }: Deps,
  { id, ownerId }: { id: string; ownerId: string },
) {
  const row = await db.archive.findFirst({ where: { id, ownerId }, ...withTask })
  if (!row) throw notFound('archive')
  if (row.task && !isFinished(row.task.state))
    await db.$transaction((tx) => cancelIfUnfinished(tx, { boss, taskId: row.task!.id, ownerId }))
  await removeArchive({ db, storage }, id)
}

/** Deletes expired archives, those that failed a day ago, and ended imports without an upload. Returns the number of archives. */
export async function removeExpiredArchives({ db, storage }: Pick<Deps, 'db' | 'storage'>) {
  const now = databaseTimeMs()
  const expired = await db.archive.findMany({
    where: {
      OR: [
        { expiresAt: { lt: new Date(now) } },
        {
          isComplete: false,
          createdAt: { lt: new Date(now - FAILED_RETENTION_MS) },
          ...whereEnded,
        },
      ],
    },
    select: { id: true },
  })
  for (const { id } of expired) await removeArchive({ db, storage }, id)
  await db.archiveImport.deleteMany({ where: { uploadId: null, ...whereEnded } })
  return expired.length
}

const whereEnded = { OR: [{ taskId: null }, { task: { NOT: whereUnfinished } }] }

const FAILED_RETENTION_MS = 24 * 60 * 60 * 1000

async function removeArchive({ db, storage }: Pick<Deps, 'db' | 'storage'>, id: string) {
  await storage.removeAll(archiveKeys(id).folder)
  await db.archive.deleteMany({ where: { id } })
}

const emptyArchiveError = () =>
  new AppError({
    code: 'archive.empty',
    message: messages.nothingToExport(),
    status: 422,
  })

const tooManyArchivesError = () =>
  new AppError({
    code: 'archive.too_many',
    message: messages.tooMany({ maximum: MAX_ARCHIVES }),
    status: 422,
  })
