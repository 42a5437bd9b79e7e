import { defaultKeyHasher } from '@better-auth/api-key'
import { AppError } from '../errors'
import { db } from '../database/db'
import { readSession } from './session'

export interface AuthenticatedUser {
  id: string
  email: string
  name: string
  isAdmin: boolean
}

/** Who asks: by `Authorization: Bearer KEY`, or by session cookie. Null for a stranger. */
export async function authenticate(headers: Headers): Promise<AuthenticatedUser | null> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const userId = bearer ? await findApiKeyOwner(bearer) : (await readSession(headers))?.user.id
  const user = userId ? await db().user.findUnique({ where: { id: userId } }) : null
  return user && { id: user.id, email: user.email, name: user.name, isAdmin: user.role === 'admin' }
}

/** @throws {AppError} account.sign_in_required */
export async function requireAuthentication(headers: Headers) {
  const identity = await authenticate(headers)
  if (identity) return identity
  throw new AppError({
    code: 'account.sign_in_required',
    message: 'Sign in, or send an API key.',
    status: 401,
  })
}

/** How often the use of a key is written into its row, where the requests of one script would wait for each other. */
const LAST_REQUEST_UPDATE_INTERVAL_MS = 60_000

/**
 * The row is read each time, so a key that is taken back opens nothing from then on. better-auth's own check
 * is not used: it takes a database that is away for a wrong key. A key has no limit of requests: what a person
 * may have is limited where it is made.
 */
async function findApiKeyOwner(key: string) {
  const row = await db().apikey.findFirst({
    where: {
      key: await defaultKeyHasher(key),
      enabled: true,
      OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
    },
    select: { id: true, referenceId: true, lastRequest: true },
  })
  if (!row) return undefined
  const { id, lastRequest } = row
  if (!lastRequest || Date.now() - lastRequest.getTime() > LAST_REQUEST_UPDATE_INTERVAL_MS)
    await db().apikey.updateMany({ where: { id, lastRequest }, data: { lastRequest: new Date() } })
  return row.referenceId
}
