import type { Tx } from '../database/db'
import type { Task } from '../generated/prisma/client'
import type { TaskError } from '../tasks/schema'

/**
 * Settles the row of a mail whose task failed or was canceled. `waiting` means that the mail was not sent; `sending`
 * means that the sender died or was canceled during submission, so that delivery is unknown.
 */
export async function settleFailedMail(tx: Tx, task: Task) {
  if (task.state !== 'failed' && task.state !== 'canceled') return
  const { mailId } = task.payload as { mailId: string }
  const response = (task.error as TaskError | null)?.message
  await tx.mail.updateMany({
    where: { id: mailId, state: 'sending' },
    data: { state: 'ambiguous', response },
  })
  await tx.mail.updateMany({
    where: { id: mailId, state: 'waiting' },
    data: { state: task.state, response },
  })
}
