import { createHmac } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/import-errors'
import { authSecret } from '../accounts/auth-secret'
import { encryptSecret } from '../accounts/encrypt-secret'
import { lockUser } from '../accounts/lock-user'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import { spendRateLimit } from '../rate-limits/spend-rate-limit'
import { beginImport } from './begin-import'
import type { CreateImportRequest } from './schema'
import { checkSourceUrl, filenameOfUrl } from './source-url'
import { importSampleTask, importUrlTask } from './tasks'

interface Options {
  ownerId: string
  request: CreateImportRequest
  /** Repeating a request with the same key returns the same import, as long as its video exists. */
  idempotencyKey?: string
}

/**
 * Enqueues the import of a link. Returns the ids of its video, which exists at once, and its task.
 * @throws {PermanentError} import.address_refused, import.credentials_required. @throws {AppError} upload.too_many,
 *   rate.limited, or import.key_reused if the key belongs to another request
 */
export async function createImport(
  { db, boss }: { db: Db; boss: PgBoss },
  { ownerId, request, idempotencyKey }: Options,
) {
  const { url, filename, language, s3 } = request
  checkSourceUrl(request)
  await spendRateLimit(db, { ownerId, action: 'video.import', perMinute: 60 })
  const credentials = s3 && (await encryptSecret(JSON.stringify(s3)))
  const requestHash = idempotencyKey === undefined ? undefined : hashRequest(request)
  return db.$transaction(async (tx) => {
    // Concurrent requests with the same key wait for each other.
    await lockUser(tx, ownerId)
    const earlier =
      idempotencyKey !== undefined && requestHash !== undefined
        ? await findImport(tx, { ownerId, idempotencyKey, requestHash })
        : null
    if (earlier) return earlier
    return beginImport(tx, boss, {
      kind: importUrlTask,
      ownerId,
      filename: filename || filenameOfUrl(url) || 'video',
      language,
      source: { url, credentials, isNamed: Boolean(filename), idempotencyKey, requestHash },
    })
  })
}

/**
 * Enqueues the generation of a sample video, for users who have none at hand. Returns the ids of its video and its task, or
 * those of the one that is already being generated for the user.
 * @throws {AppError} upload.too_many, rate.limited
 */
export async function createSample({ db, boss }: { db: Db; boss: PgBoss }, ownerId: string) {
  await spendRateLimit(db, { ownerId, action: 'video.import-sample', perMinute: SAMPLES_PER_MINUTE })
  return db.$transaction(async (tx) => {
    await lockUser(tx, ownerId)
    const unfinished = await tx.task.findFirst({
      where: { ownerId, kind: importSampleTask.name, state: { in: ['queued', 'in_progress'] } },
    })
    if (unfinished) return { videoId: unfinished.subjectId!, taskId: unfinished.id }
    const source = { isNamed: true }
    return beginImport(tx, boss, { kind: importSampleTask, ownerId, filename: 'Sample.mp4', source })
  })
}

/** Each is transcoded afterwards. */
const SAMPLES_PER_MINUTE = 5

/** Keyed: the request may contain an access key, which nothing in the database may help to guess. */
const hashRequest = (request: CreateImportRequest) =>
  createHmac('sha256', authSecret())
    .update(`import request ${JSON.stringify(request)}`)
    .digest('hex')

async function findImport(
  tx: Tx,
  { requestHash, ...key }: { ownerId: string; idempotencyKey: string; requestHash: string },
) {
  const row = await tx.videoImport.findUnique({ where: { ownerId_idempotencyKey: key } })
  if (!row) return null
  if (row.requestHash === requestHash) return { videoId: row.videoId, taskId: row.taskId }
  throw new AppError({
    code: 'import.key_reused',
    message: messages.keyReused(),
    status: 422,
  })
}
