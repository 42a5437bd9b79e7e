import type { PgBoss } from 'pg-boss'
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
 * Somebody knows that an ambiguous mail arrived: nobody has to look after it, or its task, any more.
 * @throws {AppError} mail.not_found, mail.not_ambiguous
 */
export async function markMailDelivered({ db, id }: Omit<Target, 'boss'>) {
  const { taskId } = await findMail(db, id)
  const isSaid = await db.$transaction(async (tx) => {
    const { count } = await tx.mail.updateMany({
      where: { id, state: 'ambiguous' },
      data: { state: 'sent', sentAt: new Date() },
    })
    if (count > 0 && taskId)
      await discardDeadLetters(tx, { which: { ids: [taskId] }, reason: 'The mail arrived.' })
    return count > 0
  })
  if (isSaid) return
  throw new AppError({
    code: 'mail.not_ambiguous',
    message: 'It is known already whether this mail left.',
    status: 409,
  })
}

/**
 * Somebody wants a mail sent that was not, or may not have been: its task is tried again.
 * @throws {AppError} mail.not_found, task.not_retryable when it has been sent, or is about to be
 */
export async function resendMail({ db, boss, id }: Target) {
  const { taskId, ownerId } = await findMail(db, id)
  if (!taskId) throw notFound('task')
  await retryTask({ db, boss, taskId, ownerId })
}

/** Mails an administrator, so that it is seen whether mail works. @returns the id of the mail */
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

/** The address is written to again from now on. @throws {AppError} bounce.not_found */
export async function clearBounce(db: Db, address: string) {
  const { count } = await db.mailBounce.deleteMany({ where: { address } })
  if (count === 0) throw notFound('bounce')
}

async function findMail(db: Db | Tx, id: string) {
  const mail = await db.mail.findUnique({ where: { id } })
  if (!mail) throw notFound('mail')
  return mail
}
