import { databaseTimeMs } from '../cluster/database-clock'
import * as messages from '@/lib/generated/messages/account-errors'
import type { PgBoss } from 'pg-boss'
import type { z } from 'zod'
import { recordAudit } from '../audit/commands'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import { spendRateLimit } from '../rate-limits/spend-rate-limit'
import { enqueueTask } from '../tasks/enqueue'
import { endSessions } from '../users/end-sessions'
import { revokeInvitationsOf } from '../users/invitations'
import { assertOtherAdministrator } from '../users/last-administrator'
import { auth } from './auth'
import type { AuthenticatedUser } from './authenticate'
import type { deleteAccountSchema } from './export-schema'
import { deleteAccountTask } from './tasks'

/** A stolen session must not serve to guess the password. */
const MAX_PASSWORDS_PER_MINUTE = 5

/**
 * Deletes an account: disables it at once, ends its sessions and revokes its keys, and enqueues the deletion of
 * everything it has. Cannot be undone. Needs a session, so that no leaked key deletes an account.
 * @throws {AppError} account.session_required, account.not_confirmed, rate.limited, account.wrong_password,
 * user.last_administrator
 */
export async function requestAccountDeletion(
  { db, boss }: { db: Db; boss: PgBoss },
  { user, input }: { user: AuthenticatedUser; input: z.infer<typeof deleteAccountSchema> },
) {
  if (user.credential !== 'session') throw sessionRequiredError()
  if (input.confirmation.trim().toLowerCase() !== user.email) throw notConfirmedError()
  await spendRateLimit(db, {
    ownerId: user.id,
    action: 'account.delete',
    perMinute: MAX_PASSWORDS_PER_MINUTE,
  })
  if (!(await isPasswordCorrect(db, user.id, input.password))) throw wrongPasswordError()
  await db.$transaction(async (tx) => {
    if (user.isAdmin) await assertOtherAdministrator(tx, user.id)
    const now = new Date(databaseTimeMs())
    const { count } = await tx.user.updateMany({
      where: { id: user.id, deletionRequestedAt: null },
      data: { disabledAt: now, deletionRequestedAt: now },
    })
    if (count === 0) return
    await endSessions(tx, user.id)
    await tx.apikey.deleteMany({ where: { referenceId: user.id } })
    await revokeInvitationsOf(tx, user.id)
    await tx.webhookEndpoint.updateMany({ where: { ownerId: user.id }, data: { isEnabled: false } })
    await recordAudit(tx, { action: 'account.deletion_requested', subject: { type: 'user', id: user.id } })
    const payload = { userId: user.id }
    await enqueueTask(tx, boss, { kind: deleteAccountTask, ownerId: user.id, payload })
  })
}

/** True for an account without a password. */
async function isPasswordCorrect(db: Db, userId: string, password = '') {
  const account = await db.account.findFirst({ where: { userId, password: { not: null } } })
  if (!account) return true
  const context = await auth().$context
  return context.password.verify({ hash: account.password!, password })
}

const sessionRequiredError = () =>
  new AppError({
    code: 'account.session_required',
    message: messages.deletionNeedsSession(),
    status: 403,
  })

const notConfirmedError = () =>
  new AppError({
    code: 'account.not_confirmed',
    message: messages.confirmEmail(),
    status: 422,
  })

const wrongPasswordError = () =>
  new AppError({ code: 'account.wrong_password', message: messages.passwordIsWrong(), status: 422 })
