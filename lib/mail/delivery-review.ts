import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../cluster/database-clock'
import * as messages from '@/lib/generated/messages/mail-errors'
import { recordAudit } from '../audit/commands'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { discardDeadLetters } from '../queues/dead-letters'
import { retryTask } from '../tasks/commands'
import { queueMail } from './queue-mail'

interface Target {
  db: Db
  boss: PgBoss
  id: string
}

/**
 * Settles an ambiguous mail as sent and dismisses its task.
 * @throws {AppError} mail.not_found, mail.not_ambiguous
 */
export async function markMailDelivered({ db, id }: Omit<Target, 'boss'>) {
  const { taskId } = await findMail(db, id)
  const isSettled = await db.$transaction(async (tx) => {
    const { count } = await tx.mail.updateMany({
      where: { id, state: 'ambiguous' },
      data: { state: 'sent', sentAt: new Date(databaseTimeMs()) },
    })
    if (count > 0 && taskId)
      await discardDeadLetters(tx, { which: { ids: [taskId] }, reason: messages.markedDelivered() })
    if (count > 0) await recordAudit(tx, { action: 'mail.marked_delivered', subject: { type: 'mail', id } })
    return count > 0
  })
  if (isSettled) return
  throw new AppError({
    code: 'mail.not_ambiguous',
    message: messages.notAmbiguous(),
    status: 409,
  })
}

/**
 * Retries the task of a failed or ambiguous mail, which may then arrive twice.
 * @throws {AppError} mail.not_found, task.not_retryable if it is sent or queued
 */
export async function resendMail({ db, boss, id }: Target) {
  const { taskId, ownerId } = await findMail(db, id)
  if (!taskId) throw notFound('task')
  await retryTask({ db, boss, taskId, ownerId })
  await recordAudit(db, { action: 'mail.resent', subject: { type: 'mail', id } })
}

/** Sends a test mail to an administrator. @returns the ID of the mail */
export async function sendTestMail({ db, boss, ownerId }: { db: Db; boss: PgBoss; ownerId: string }) {
  const href = `${config().publicUrl}/admin/mail`
  return db.$transaction((tx) =>
    queueMail(tx, boss, {
      ownerId,
      eventKey: `test/${crypto.randomUUID()}`,
      content: { template: 'test', data: { href } },
      isUrgent: true,
    }),
  )
}

/** Unblocks an address that rejected mail. @throws {AppError} bounce.not_found */
export async function clearBounce(db: Db, address: string) {
  await db.$transaction(async (tx) => {
    const { count } = await tx.mailBounce.deleteMany({ where: { address } })
    if (count === 0) throw notFound('bounce')
    await recordAudit(tx, { action: 'mail.bounce_cleared', subject: { type: 'address', id: address } })
  })
}

async function findMail(db: Db | Tx, id: string) {
  const mail = await db.mail.findUnique({ where: { id } })
  if (!mail) throw notFound('mail')
  return mail
}
