import { randomBytes } from 'node:crypto'
import { databaseTimeMs } from '../cluster/database-clock'
import { recordAuditedAccess } from '../audit/commands'
import type { Db } from '../database/db'
import { hashToken } from '../accounts/hash-token'
import { AppError } from '../errors'
import { noHostError } from './errors'
import { recordAccess } from './events'
import { requireCapability } from './hosts'
import { requirePermission } from '../users/permissions'
import { getMachine } from './queries'
import * as messages from '../generated/messages/machine-errors'

const TOKEN_TTL_SECONDS = 30

/**
 * Issues a single-use token for one user and the console of one machine, valid for 30 s.
 * @throws {AppError} machine.not_found, machine.not_allowed
 */
export async function issueConsoleToken(db: Db, { id, ownerId }: { id: string; ownerId: string }) {
  await getMachine(db, { id, ownerId })
  await requirePermission(db, ownerId, 'canUseMachines')
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(databaseTimeMs() + TOKEN_TTL_SECONDS * 1000)
  await db.consoleToken.deleteMany({ where: { expiresAt: { lt: new Date(databaseTimeMs()) } } })
  await db.$transaction(async (tx) => {
    await tx.consoleToken.create({
      data: { hash: hashToken(token), userId: ownerId, machineId: id, expiresAt },
    })
    await recordAuditedAccess(tx, { action: 'machine.console_opened', subject: { type: 'machine', id } })
  })
  return { token, expiresAt: expiresAt.toISOString() }
}

/**
 * Consumes a token atomically: only one of concurrent uses succeeds.
 * @returns the machine and the URL of its host's console server
 * @throws {AppError} console.refused for any invalid token, machine.no_host, machine.not_supported
 */
export async function redeemConsoleToken(db: Db, { token, userId }: { token: string; userId: string }) {
  const [redeemed] = await db.$queryRaw<{ machineId: string }[]>`
    DELETE FROM console_token WHERE hash = ${hashToken(token)} AND "userId" = ${userId} AND "expiresAt" > now()
    RETURNING "machineId"`
  if (!redeemed)
    throw new AppError({
      code: 'console.refused',
      message: messages.consoleToken(),
      status: 403,
    })
  const machine = await db.machine.findFirst({
    where: { id: redeemed.machineId, ownerId: userId },
    include: { host: true },
  })
  if (!machine?.host) throw noHostError()
  requireCapability(machine.host, 'console')
  await recordAccess(db, { machineId: machine.id, actorId: userId, action: 'console opened' })
  return { machineId: machine.id, consoleUrl: machine.host.consoleUrl }
}
