import { databaseTimeMs } from '../cluster/database-clock'
import * as messages from '@/lib/generated/messages/user-errors'
import type { z } from 'zod'
import type { AuditAction } from '../audit/actions'
import { recordAudit } from '../audit/commands'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import type { Prisma, User } from '../generated/prisma/client'
import { endSessions } from './end-sessions'
import { revokeInvitationsOf } from './invitations'
import { assertOtherAdministrator, lockAdministrators } from './last-administrator'
import { toUserDto } from './queries'
import type { signOutUserSchema, UpdateUser } from './schema'

/**
 * Changes role, limits and permissions of a user, disables or enables the account. Disabling ends all sessions; API keys
 * are refused until it is enabled again.
 * @throws {AppError} user.not_found, user.last_administrator, user.being_deleted
 */
export async function updateUser(db: Db, { id, change }: { id: string; change: UpdateUser }) {
  const user = await db.$transaction(async (tx) => {
    // Before the user, in the order of all changes that may remove an administrator.
    if (change.role === 'member' || change.isDisabled) await lockAdministrators(tx)
    const before = await lockExistingUser(tx, id)
    if (change.role && change.role !== before.role) await changeRole(tx, before, change.role)
    if (change.isDisabled !== undefined && change.isDisabled !== (before.disabledAt !== null))
      await setDisabled(tx, before, change.isDisabled)
    if (change.limits || change.permissions) await changeLimits(tx, before, change)
    return tx.user.findUniqueOrThrow({ where: { id } })
  })
  return toUserDto(user)
}

async function changeRole(tx: Tx, user: User, role: 'admin' | 'member') {
  if (role === 'member') {
    await assertOtherAdministrator(tx, user.id)
    await revokeInvitationsOf(tx, user.id)
  }
  await tx.user.update({ where: { id: user.id }, data: { role } })
  await recordUserAudit(tx, role === 'admin' ? 'user.promoted' : 'user.demoted', user)
}

async function setDisabled(tx: Tx, user: User, isDisabled: boolean) {
  if (user.deletionRequestedAt) throw beingDeletedError()
  if (isDisabled && user.role === 'admin') await assertOtherAdministrator(tx, user.id)
  await tx.user.update({
    where: { id: user.id },
    data: { disabledAt: isDisabled ? new Date(databaseTimeMs()) : null },
  })
  if (isDisabled) {
    await endSessions(tx, user.id)
    await revokeInvitationsOf(tx, user.id)
  }
  await recordUserAudit(tx, isDisabled ? 'user.disabled' : 'user.enabled', user)
}

async function changeLimits(tx: Tx, user: User, { limits = {}, permissions = {} }: UpdateUser) {
  const data = {
    storageQuotaBytes: limits.storageBytes,
    machineQuotaCount: limits.machines,
    machineQuotaCpus: limits.cpus,
    machineQuotaMemoryMiB: limits.memoryMiB,
    machineQuotaDiskMiB: limits.diskMiB,
    ...permissions,
  } satisfies Prisma.UserUpdateInput
  await tx.user.update({ where: { id: user.id }, data })
  await recordUserAudit(tx, 'user.limits_changed', user, { ...limits, ...permissions })
}

/** Ends all sessions of a user, and on request revokes the API keys. @throws {AppError} user.not_found */
export async function signOutUser(db: Db, { id, keys }: { id: string } & z.infer<typeof signOutUserSchema>) {
  await db.$transaction(async (tx) => {
    const user = await lockExistingUser(tx, id)
    await endSessions(tx, id)
    if (keys) await tx.apikey.deleteMany({ where: { referenceId: id } })
    await recordUserAudit(tx, 'user.signed_out', user, { keys })
  })
}

/**
 * Turns off two-factor authentication of a user who has lost the second factor: removes the authenticator, recovery codes
 * and passkeys, and ends all sessions. The password remains.
 * @throws {AppError} user.not_found
 */
export async function resetTwoFactor(db: Db, { id }: { id: string }) {
  await db.$transaction(async (tx) => {
    const user = await lockExistingUser(tx, id)
    await tx.twoFactor.deleteMany({ where: { userId: id } })
    await tx.passkey.deleteMany({ where: { userId: id } })
    await tx.user.update({ where: { id }, data: { twoFactorEnabled: false } })
    await endSessions(tx, id)
    await recordUserAudit(tx, 'user.two_factor_reset', user)
  })
}

async function lockExistingUser(tx: Tx, id: string) {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM "user" WHERE id = ${id} FOR NO KEY UPDATE`
  if (!row) throw notFound('user')
  return tx.user.findUniqueOrThrow({ where: { id } })
}

const recordUserAudit = (
  tx: Tx,
  action: AuditAction,
  { id, email }: User,
  detail: Prisma.InputJsonObject = {},
) => recordAudit(tx, { action, subject: { type: 'user', id }, detail: { email, ...detail } })

const beingDeletedError = () =>
  new AppError({ code: 'user.being_deleted', message: messages.beingDeleted(), status: 409 })
