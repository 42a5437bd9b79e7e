import * as messages from '@/lib/generated/messages/account-errors'
import { type Actor, requestOrigin } from '../audit/actor'
import { Batcher } from '../concurrency/batcher'
import { AppError } from '../errors'
import { db } from '../database/db'
import { queryDirectly } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { Prisma, type Session, type User } from '../generated/prisma/client'
import { hashApiKey } from './hash-token'
import { type ApiScope, parsePermissions, requireScope } from './scopes'
import { readSession } from './session'
import { includePassword, isTwoFactorRequired } from './two-factor'

export interface AuthenticatedUser {
  id: string
  email: string
  name: string
  isAdmin: boolean
  /** What the request was authenticated with. */
  credential: 'session' | 'key'
  /** Null for a key. */
  sessionId: string | null
  /** What the credential may be used for; `all` for a session. */
  scopes: readonly ApiScope[]
  /** When the credential expires; null for a session, which is renewed, and for a key without an end. */
  expiresAt: Date | null
  /** When a session's user last proved the identity; null for a key, which is never asked. */
  authenticatedAt: Date | null
  /** The session may only be used to set up the second factor that REQUIRE_TWO_FACTOR demands. */
  mustSetUpTwoFactor: boolean
}

/** An `Authorization` header with an API key. It takes precedence over a cookie. */
export const BEARER_PATTERN = /^Bearer\s+(\S+)$/i

/**
 * The user of an API key (`Authorization: Bearer KEY`) or of a session cookie. Null if there is neither, it is
 * invalid, the account is disabled, or the user must set up a second factor first.
 */
export async function authenticate(headers: Headers): Promise<AuthenticatedUser | null> {
  const user = await identify(headers)
  return user?.mustSetUpTwoFactor ? null : user
}

/** As `authenticate`, but also returns users who must set up a second factor first. */
export async function identify(headers: Headers): Promise<AuthenticatedUser | null> {
  const bearer = BEARER_PATTERN.exec(headers.get('authorization') ?? '')?.[1]
  return bearer ? identifyByKey(bearer) : identifyBySession(headers)
}

async function identifyByKey(bearer: string): Promise<AuthenticatedUser | null> {
  const key = await findApiKey(bearer)
  if (!key) return null
  return {
    ...toIdentity(key),
    credential: 'key',
    sessionId: null,
    scopes: parsePermissions(key.permissions),
    expiresAt: key.expiresAt,
    authenticatedAt: null,
    mustSetUpTwoFactor: false,
  }
}

async function identifyBySession(headers: Headers): Promise<AuthenticatedUser | null> {
  const id = (await readSession(headers))?.session.id
  const session = id
    ? await db().session.findUnique({ where: { id }, include: { user: { include: includePassword } } })
    : null
  if (!session || session.user.disabledAt) return null
  await recordLastUse(session)
  const { user } = session
  return {
    ...toIdentity(user),
    credential: 'session',
    sessionId: session.id,
    scopes: ['all'],
    expiresAt: null,
    authenticatedAt: session.reauthenticatedAt,
    mustSetUpTwoFactor: isTwoFactorRequired(user) && !user.twoFactorEnabled,
  }
}

const toIdentity = ({ id, email, name, role }: Pick<User, 'id' | 'email' | 'name' | 'role'>) => ({
  id,
  email,
  name,
  isAdmin: role === 'admin',
})

/** Concurrent requests would wait for the row. */
async function recordLastUse({ id, lastSeenAt }: Session) {
  if (Date.now() - lastSeenAt.getTime() > LAST_REQUEST_UPDATE_INTERVAL_MS)
    await db().session.updateMany({ where: { id, lastSeenAt }, data: { lastSeenAt: new Date() } })
}

/** As `authenticate`. @throws {AppError} account.sign_in_required, account.two_factor_required, key.scope_missing */
export async function requireAuthentication(headers: Headers, scope: ApiScope) {
  const user = await identify(headers)
  if (user) {
    if (user.mustSetUpTwoFactor) throw twoFactorRequired()
    requireScope(user, scope)
    return user
  }
  throw new AppError({
    code: 'account.sign_in_required',
    message: messages.signInRequired(),
    status: 401,
  })
}

const twoFactorRequired = () =>
  new AppError({
    code: 'account.two_factor_required',
    message: messages.twoFactorRequired(),
    status: 403,
  })

/** Minimum interval between updates of a key's or session's last use: concurrent requests would wait for its row. */
const LAST_REQUEST_UPDATE_INTERVAL_MS = 60_000

interface KeyRow extends Pick<User, 'id' | 'email' | 'name' | 'role'> {
  keyHash: string
  keyId: string
  lastRequest: Date | null
  permissions: string | null
  expiresAt: Date | null
}

/**
 * Reads the key and its user from the database on every request, so that revoking it takes effect at once. The check of
 * better-auth would report an unavailable database as a wrong key. Requests are not limited per key; quotas limit what
 * they create.
 */
async function findApiKey(key: string) {
  const row = await keyReader.add(hashApiKey(key))
  if (!row) return undefined
  const { keyId: id, lastRequest } = row
  if (!lastRequest || Date.now() - lastRequest.getTime() > LAST_REQUEST_UPDATE_INTERVAL_MS)
    await db().apikey.updateMany({ where: { id, lastRequest }, data: { lastRequest: new Date() } })
  return row
}

/** Requests that arrive together share a query, and none waits for the query of another. */
const keyReader = new Batcher<string, KeyRow | undefined>(
  async (hashes) => {
    const rows = await queryDirectly<KeyRow>(
      db(),
      Prisma.sql`
        ${prepared} SELECT "user".id, email, "user".name, role, apikey.id AS "keyId", key AS "keyHash", "lastRequest",
          permissions, "expiresAt"
        FROM apikey JOIN "user" ON "user".id = "referenceId"
        WHERE key = ANY(${[...new Set(hashes)]}::text[]) AND enabled AND ("expiresAt" IS NULL OR "expiresAt" > now())
          AND "disabledAt" IS NULL`,
    )
    const byHash = new Map(rows.map((row) => [row.keyHash, row]))
    return hashes.map((hash) => byHash.get(hash))
  },
  { maxConcurrent: Infinity },
)

/** The user of a request as the actor of what it does. */
export const toActor = (user: AuthenticatedUser, headers: Headers): Actor => ({
  id: user.id,
  email: user.email,
  kind: user.credential,
  ...requestOrigin(headers),
})
