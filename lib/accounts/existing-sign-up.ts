import { createEmailVerificationToken } from 'better-auth/api'
import { DAY_SECONDS } from '../durations'
import { config } from '../config/config'
import { queueAccountExistsMail, queueVerificationMail } from './account-mails'
import { authSecret } from './auth-secret'

/**
 * Mails the owner of an address with which a visitor signs up although it has an account: that it exists, or a new link
 * if the address was never verified. The visitor gets the answer of a new account.
 */
export async function mailExistingUser(user: {
  id: string
  name: string
  email: string
  emailVerified: boolean
}) {
  if (user.emailVerified) return queueAccountExistsMail({ user })
  const token = await createEmailVerificationToken(authSecret(), user.email, undefined, DAY_SECONDS)
  const url = `${config().publicUrl}/api/auth/verify-email?token=${token}&callbackURL=%2F`
  await queueVerificationMail({ user, url, token })
}
