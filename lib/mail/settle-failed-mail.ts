import type { Tx } from '../database/db'
import type { Task } from '../generated/prisma/client'
import type { TaskError } from '../tasks/schema'

/**
 * The row of a mail whose task failed or was canceled. A sender that knows the mail was not taken has
 * written it back to `waiting`; one found in `sending` died, or was cut off, and nobody knows. Canceling
 * takes nothing back that the server has already.
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
