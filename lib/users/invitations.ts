import { databaseTimeMs } from '../cluster/database-clock'
import * as messages from '@/lib/generated/messages/user-errors'
import { randomBytes } from 'node:crypto'
import { APIError } from 'better-auth/api'
import type { z } from 'zod'
import { DAY_MS } from '../durations'
import { createAccount } from '../accounts/commands'
import { recordAudit } from '../audit/commands'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { hashToken } from '../accounts/hash-token'
import { AppError, notFound } from '../errors'
import type { Invitation } from '../generated/prisma/client'
import type {
  acceptInvitationSchema,
  createInvitationSchema,
  InvitationDto,
  InvitationWithUrl,
} from './schema'

/**
 * Invites a user by a single-use link, which cannot be read again. The administrator vouches for the address.
 * @throws {AppError} user.exists
 */
export async function createInvitation(
  db: Db,
  { createdById, input }: { createdById: string; input: z.infer<typeof createInvitationSchema> },
): Promise<InvitationWithUrl> {
  const { email, role, expiresInDays } = input
  if (await db.user.findUnique({ where: { email } })) throw userExistsError()
  const token = randomBytes(32).toString('base64url')
  const invitation = await db.$transaction(async (tx) => {
    const created = await tx.invitation.create({
      data: {
        email,
        role,
        createdById,
        tokenHash: hashToken(token),
        expiresAt: new Date(databaseTimeMs() + expiresInDays * DAY_MS),
      },
    })
    await recordAudit(tx, {
      action: 'user.invited',
      subject: { type: 'invitation', id: created.id },
      detail: { email, role },
    })
    return created
  })
  // In the fragment, which reaches no log and no other site.
  return { ...toInvitationDto(invitation), url: `${config().publicUrl}/invite#${token}` }
}

/** Lists the invitations that can be accepted, newest first. */
export async function listInvitations(db: Db): Promise<InvitationDto[]> {
  const rows = await db.invitation.findMany({
    where: { acceptedAt: null, expiresAt: { gt: new Date(databaseTimeMs()) } },
    orderBy: { id: 'desc' },
    take: 200,
  })
  return rows.map(toInvitationDto)
}

/** @throws {AppError} invitation.not_found */
export async function revokeInvitation(db: Db, id: string) {
  await db.$transaction(async (tx) => {
    const { count } = await tx.invitation.deleteMany({ where: { id, acceptedAt: null } })
    if (count === 0) throw notFound('invitation')
    await recordAudit(tx, { action: 'user.invitation_revoked', subject: { type: 'invitation', id } })
  })
}

/** Revokes what an administrator has invited, who must not come back by an invitation after losing that role. */
export const revokeInvitationsOf = (tx: Tx, createdById: string) =>
  tx.invitation.deleteMany({ where: { createdById, acceptedAt: null } })

/**
 * Creates the account of an invitation. Of concurrent requests with the same link, one succeeds.
 * @returns the address to sign in with
 * @throws {AppError} invitation.invalid for any unusable link, user.exists, invitation.refused
 */
export async function acceptInvitation(
  db: Db,
  { token, name, password }: z.infer<typeof acceptInvitationSchema>,
) {
  const tokenHash = hashToken(token)
  const { count } = await db.invitation.updateMany({
    where: { tokenHash, acceptedAt: null, expiresAt: { gt: new Date(databaseTimeMs()) } },
    data: { acceptedAt: new Date(databaseTimeMs()) },
  })
  if (count === 0) throw invalidInvitationError()
  const { email, role } = await db.invitation.findUniqueOrThrow({ where: { tokenHash } })
  try {
    if (await db.user.findUnique({ where: { email } })) throw userExistsError()
    await createAccount({ email, password, name: name || undefined, isAdmin: role === 'admin' })
  } catch (error) {
    await db.invitation.updateMany({ where: { tokenHash }, data: { acceptedAt: null } })
    throw error instanceof APIError ? toAppError(error) : error
  }
  return { email }
}

const toInvitationDto = ({ id, email, role, expiresAt, createdAt }: Invitation): InvitationDto => ({
  id,
  email,
  role: role === 'admin' ? 'admin' : 'member',
  expiresAt: expiresAt.toISOString(),
  createdAt: createdAt.toISOString(),
})

const userExistsError = () =>
  new AppError({ code: 'user.exists', message: messages.userExists(), status: 409 })

/** What better-auth refuses, such as a password that is too common. */
const toAppError = (cause: APIError) =>
  new AppError({ code: 'invitation.refused', message: cause.message, status: 422, cause })

const invalidInvitationError = () =>
  new AppError({
    code: 'invitation.invalid',
    message: messages.invitationInvalid(),
    status: 404,
  })
