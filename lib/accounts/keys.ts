import * as messages from '@/lib/generated/messages/account-errors'
import { defaultKeyHasher } from '@better-auth/api-key'
import { generateId } from 'better-auth'
import { generateRandomString } from 'better-auth/crypto'
import type { z } from 'zod'
import { DAY_MS } from '../durations'
import { recordAudit } from '../audit/commands'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import type { Apikey } from '../generated/prisma/client'
import { type createKeySchema, type KeyDto, type KeyWithSecret, MAX_KEYS } from './key-schema'
import { lockUser } from './lock-user'
import { type ApiScope, parsePermissions, requireScope, formatPermissions } from './scopes'

const PREFIX = 'mw_'
const START_LENGTH = 6

interface CreateOptions {
  ownerId: string
  input: z.infer<typeof createKeySchema>
  /** The scopes and the end of the credential that creates it, which the key cannot exceed. */
  grantedBy: { scopes: readonly ApiScope[]; expiresAt: Date | null }
}

/**
 * Creates an API key as the plugin of better-auth does, but in one transaction. The key itself cannot be read again.
 * @throws {AppError} key.too_many, key.scope_missing
 */
export async function createKey(db: Db, options: CreateOptions): Promise<KeyWithSecret> {
  const { ownerId, input, grantedBy } = options
  for (const scope of input.scopes) requireScope(grantedBy, scope)
  return db.$transaction(async (tx) => {
    // Concurrent requests would not count each other's key.
    await lockUser(tx, ownerId)
    if ((await tx.apikey.count({ where: { referenceId: ownerId } })) >= MAX_KEYS) throw tooManyKeysError()
    const key = `${PREFIX}${generateRandomString(64, 'a-z', 'A-Z')}`
    const row = await tx.apikey.create({
      data: {
        id: generateId(),
        referenceId: ownerId,
        name: input.name,
        prefix: PREFIX,
        start: key.slice(0, START_LENGTH),
        key: await defaultKeyHasher(key),
        rateLimitEnabled: false,
        expiresAt: earliest(
          input.expiresInDays ? new Date(Date.now() + input.expiresInDays * DAY_MS) : null,
          grantedBy.expiresAt,
        ),
        permissions: formatPermissions(input.scopes),
      },
    })
    await recordAudit(tx, {
      action: 'key.created',
      subject: { type: 'key', id: row.id },
      detail: { name: input.name, scopes: input.scopes, expiresInDays: input.expiresInDays },
    })
    return { ...toKeyDto(row), key }
  })
}

/** Null stands for no end. */
const earliest = (a: Date | null, b: Date | null) => (a && b ? (a < b ? a : b) : (a ?? b))

/** Lists the API keys of a user, newest first. */
export async function listKeys(db: Db, ownerId: string): Promise<KeyDto[]> {
  const rows = await db.apikey.findMany({ where: { referenceId: ownerId }, orderBy: { createdAt: 'desc' } })
  return rows.map(toKeyDto)
}

/** Deletes an API key, which takes effect at once. @throws {AppError} key.not_found */
export async function revokeKey(db: Db, { id, ownerId }: { id: string; ownerId: string }) {
  await db.$transaction(async (tx) => {
    const key = await tx.apikey.findFirst({ where: { id, referenceId: ownerId } })
    if (!key) throw notFound('key')
    await tx.apikey.delete({ where: { id } })
    await recordAudit(tx, {
      action: 'key.revoked',
      subject: { type: 'key', id },
      detail: { name: key.name },
    })
  })
}

const toKeyDto = (row: Apikey): KeyDto => ({
  id: row.id,
  name: row.name,
  start: row.start,
  scopes: parsePermissions(row.permissions),
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastRequest?.toISOString() ?? null,
})

const tooManyKeysError = () =>
  new AppError({
    code: 'key.too_many',
    message: messages.tooManyKeys({ count: MAX_KEYS }),
    status: 422,
  })
