import { defaultKeyHasher } from '@better-auth/api-key'
import { type Actor, requestOrigin } from '../audit/actor'
import { AppError } from '../errors'
import { db } from '../database/db'
import { type ApiScope, parsePermissions, requireScope } from './scopes'
import { readSession } from './session'

export interface AuthenticatedUser {
  id: string
  email: string
  name: string
  isAdmin: boolean
  /** What the request was authenticated with. */
  credential: 'session' | 'key'
  /** What the credential may be used for; `all` for a session. */
  scopes: readonly ApiScope[]
}

/**
 * The user of an API key (`Authorization: Bearer KEY`) or of a session cookie. Null if there is neither, it is
 * invalid, or the account is disabled.
 */
export async function authenticate(headers: Headers): Promise<AuthenticatedUser | null> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const key = bearer ? await findApiKey(bearer) : undefined
  const userId = bearer ? key?.referenceId : (await readSession(headers))?.user.id
  const user = userId ? await db().user.findUnique({ where: { id: userId } }) : null
  if (!user || user.disabledAt) return null
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    isAdmin: user.role === 'admin',
    credential: key ? 'key' : 'session',
    scopes: key ? parsePermissions(key.permissions) : ['all'],
  }
}

/** As `authenticate`. @throws {AppError} account.sign_in_required, key.scope_missing */
export async function requireAuthentication(headers: Headers, scope: ApiScope) {
  const user = await authenticate(headers)
  if (user) {
    requireScope(user, scope)
    return user
  }
  throw new AppError({
    code: 'account.sign_in_required',
    message: 'Sign in or send an API key.',
    status: 401,
  })
}

/** Minimum interval between updates of a key's last use: concurrent requests would wait for its row. */
const LAST_REQUEST_UPDATE_INTERVAL_MS = 60_000

/**
 * Reads the key from the database on every request, so that revoking it takes effect at once. The check of better-auth
 * would report an unavailable database as a wrong key. Requests are not limited per key; quotas limit what they create.
 */
async function findApiKey(key: string) {
  const row = await db().apikey.findFirst({
    where: {
      key: await defaultKeyHasher(key),
      enabled: true,
      OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
    },
    select: { id: true, referenceId: true, lastRequest: true, permissions: true },
  })
  if (!row) return undefined
  const { id, lastRequest } = row
  if (!lastRequest || Date.now() - lastRequest.getTime() > LAST_REQUEST_UPDATE_INTERVAL_MS)
    await db().apikey.updateMany({ where: { id, lastRequest }, data: { lastRequest: new Date() } })
  return row
}

/** The user of a request as the actor of what it does. */
export const toActor = (user: AuthenticatedUser, headers: Headers): Actor => ({
  id: user.id,
  email: user.email,
  kind: user.credential,
  ...requestOrigin(headers),
})
