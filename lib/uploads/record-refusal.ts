import type { PgBoss } from 'pg-boss'
import { lockUser } from '../accounts/lock-user'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { AppError } from '../errors'
import { notifyUser } from '../notifications/notify-user'
import { countInWindow } from '../rate-limits/count-in-window'
import { spendRateLimit } from '../rate-limits/spend-rate-limit'
import { recordFailures } from '../tasks/record-failure'
import { toStoredError } from '../tasks/stored-error'
import { describeRefusal } from './refusal-reasons'
import type { RefusedFiles } from './refusal-schema'
import { refusedUpload } from './refused-upload'

/** Of a user; the oldest ones are removed. */
const MAX_REFUSALS = 200
const MAX_REQUESTS_PER_MINUTE = 20
const MAX_RECORDS_PER_MINUTE = 30

/** Errors after which the same file is refused again. Others, such as a full disk, are temporary: clients try again. */
const REFUSALS = [
  'upload.empty',
  'upload.too_large',
  'upload.quota_exceeded',
  'upload.same_file',
  'video.not_media',
  'archive.not_encrypted',
]

interface Refusal {
  filename: string
  sizeBytes: number
  code: string
  message: string
}

/** Records files that a page has refused, in the activity of the user. @throws {AppError} rate.limited */
export async function recordRefusedFiles(db: Db, ownerId: string, files: RefusedFiles) {
  await spendRateLimit(db, { ownerId, action: 'upload.refuse', perMinute: MAX_REQUESTS_PER_MINUTE })
  const maxBytes = config().UPLOAD_MAX_BYTES
  const refusals = files.map((file) => ({
    filename: file.filename,
    sizeBytes: file.sizeBytes,
    code: file.reason === 'not_media' ? 'video.not_media' : `upload.${file.reason}`,
    message: describeRefusal(file, maxBytes),
  }))
  await db.$transaction((tx) => recordRefusals(tx, ownerId, refusals))
}

/**
 * Records that this server has refused a file because of `error`, in the activity of the user, who is notified as the page
 * may be hidden by then. Does nothing after other errors.
 */
export async function recordRefusal(
  { db, boss }: { db: Db; boss: PgBoss },
  {
    ownerId,
    filename,
    sizeBytes,
    error,
  }: { ownerId: string; filename: string; sizeBytes: number; error: unknown },
) {
  if (!(error instanceof AppError) || !REFUSALS.includes(error.code)) return
  const key = `user/${ownerId}/upload.refused`
  // A client that sends the same file in a loop.
  if (await countInWindow(db, { key, windowSeconds: 60, max: MAX_RECORDS_PER_MINUTE })) return
  const { code } = error
  const message = error.messageIn()
  await db.$transaction(async (tx) => {
    const [task] = await recordRefusals(tx, ownerId, [{ filename, sizeBytes, code, message }])
    await notifyUser(tx, boss, {
      ownerId,
      event: 'upload.refused',
      eventKey: `upload.refused/${task!.id}`,
      title: filename,
      href: `/tasks/${task!.id}`,
      detail: message,
    })
  })
}

async function recordRefusals(tx: Tx, ownerId: string, refusals: readonly Refusal[]) {
  await lockUser(tx, ownerId)
  const tasks = await recordFailures(
    tx,
    refusals.map(({ filename, sizeBytes, code, message }) => ({
      kind: refusedUpload,
      ownerId,
      payload: { filename, sizeBytes },
      error: toStoredError({ code, message }),
      detail: { filename },
    })),
  )
  const excess = await tx.task.findMany({
    where: { ownerId, kind: refusedUpload.name },
    orderBy: { id: 'desc' },
    skip: MAX_REFUSALS,
    select: { id: true },
  })
  await tx.task.deleteMany({ where: { id: { in: excess.map(({ id }) => id) } } })
  return tasks
}
