import * as messages from '@/lib/generated/messages/account-errors'
import type { z } from 'zod'
import { AppError } from '../errors'
import { db } from '../database/db'
import { auth } from './auth'
import { nameFromEmail } from './display-name'
import { createKeySchema } from './key-schema'
import { createKey } from './keys'
import { newAccountRole } from './sign-up-policy'

/**
 * Creates an account with a verified address, regardless of SIGN_UP.
 * @throws {AppError} account.exists
 * @throws {APIError} if better-auth rejects it, as for a short password
 */
export async function createAccount(options: {
  email: string
  password: string
  name?: string
  isAdmin: boolean
}) {
  const { email, password, isAdmin, name = nameFromEmail(email) } = options
  // better-auth would pretend to succeed, as for visitors.
  if (await db().user.findUnique({ where: { email: email.toLowerCase() } })) throw accountExists(email)
  const { user } = await newAccountRole().run(isAdmin ? 'admin' : 'member', () =>
    auth().api.signUpEmail({ body: { email, password, name } }),
  )
  // The one of the sign-up, whose token no browser has.
  await db().session.deleteMany({ where: { userId: user.id } })
}

/**
 * Creates an API key, by default one that never expires and has all rights of its user. Returns it; it cannot be read
 * again.
 * @throws {AppError} account.not_found, key.too_many. @throws {z.ZodError}
 */
export async function createApiKey({ email, ...input }: { email: string } & z.input<typeof createKeySchema>) {
  const user = await db().user.findUnique({ where: { email: email.toLowerCase() } })
  if (!user)
    throw new AppError({
      code: 'account.not_found',
      message: messages.noAccount({ email }),
      status: 404,
    })
  const { key } = await createKey(db(), {
    ownerId: user.id,
    input: createKeySchema.parse(input),
    grantedBy: { scopes: ['all'], expiresAt: null },
  })
  return key
}

const accountExists = (email: string) =>
  new AppError({
    code: 'account.exists',
    message: messages.accountExists({ email }),
    status: 409,
  })
