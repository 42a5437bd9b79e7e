import * as messages from '@/lib/generated/messages/account-errors'
import { APIError } from 'better-auth/api'
import { db } from '../database/db'

/**
 * Runs for every way to sign in, once it has succeeded.
 * @throws {APIError} if an administrator has disabled the account
 */
export async function refuseDisabledUser({ userId }: { userId: string }) {
  const user = await db().user.findUnique({ where: { id: userId }, select: { disabledAt: true } })
  if (!user?.disabledAt) return
  throw new APIError('FORBIDDEN', {
    code: 'ACCOUNT_DISABLED',
    message: messages.accountDisabled(),
  })
}
