import { databaseTimeMs } from '../cluster/database-clock'
import * as messages from '@/lib/generated/messages/share-names'
import { recordAudit } from '../audit/commands'
import { hashToken } from '../accounts/hash-token'
import type { Db, Tx } from '../database/db'
import { touch } from '../database/touch'
import { notFound } from '../errors'
import type { MachineHost, Prisma, Share } from '../generated/prisma/client'
import { recordMachineEvent } from '../machines/events'
import { parseHostFacts, requireCapability } from '../machines/hosts'
import { requirePermission } from '../users/permissions'
import { requireFreeShare, toNewLink } from './commands'
import { isGrantOf, parseGrant } from './media-grant'
import { decryptToken, toLinkDto } from './queries'
import type { MachineShareDto, MachineShareSettings } from './schema'

interface Target {
  machineId: string
  ownerId: string
}

/**
 * Creates a link to the console of a machine.
 * @throws {AppError} machine.not_found, machine.not_allowed, machine.not_supported, share.too_many
 */
export async function createMachineShare(
  db: Db,
  { machineId, ownerId, settings }: Target & { settings: MachineShareSettings },
) {
  await requirePermission(db, ownerId, 'canUseMachines')
  const { isTypingAllowed, expiresInMinutes, password } = settings
  const link = await toNewLink(password)
  const expiresAt = new Date(databaseTimeMs() + expiresInMinutes * 60_000)
  const share = await db.$transaction(async (tx) => {
    // Locked so that concurrent requests cannot exceed the limit.
    await tx.$queryRaw`SELECT 1 FROM machine WHERE id = ${machineId}::uuid FOR UPDATE`
    const machine = await tx.machine.findFirst({
      where: { id: machineId, ownerId, state: { not: 'terminated' } },
      include: { host: true },
    })
    if (!machine) throw notFound('machine')
    if (machine.host) requireCapability(machine.host, 'console')
    if (machine.host && isTypingAllowed) requireCapability(machine.host, 'consoleInput')
    // Nothing renews them, so that they must not use up the limit.
    await tx.share.deleteMany({ where: { machineId, expiresAt: { lte: new Date(databaseTimeMs()) } } })
    await requireFreeShare(tx, { machineId })
    const row = await tx.share.create({ data: { ...link, machineId, isTypingAllowed, expiresAt } })
    await recordAudit(tx, {
      action: 'share.created',
      subject: { type: 'share', id: row.id },
      detail: { machineId, isTypingAllowed },
    })
    await recordMachineEvent(tx, {
      machineId,
      actorId: ownerId,
      action: 'console shared',
      detail: messages.sharedFor({ access: describeAccess(row), minutes: String(expiresInMinutes) }),
    })
    await touch(tx, 'machine', { id: machineId })
    return row
  })
  return toMachineShareDto(share)
}

/**
 * Deletes a link to a console. Its page and the open consoles of its viewers stop working at once.
 * @throws {AppError} share.not_found
 */
export async function revokeMachineShare(db: Db, { id, machineId, ownerId }: Target & { id: string }) {
  await db.$transaction(async (tx) => {
    const { count } = await tx.share.deleteMany({ where: { id, machineId, machine: { ownerId } } })
    if (count === 0) throw notFound('share')
    await recordAudit(tx, { action: 'share.revoked', subject: { type: 'share', id } })
    await recordMachineEvent(tx, { machineId, actorId: ownerId, action: 'console link revoked' })
    // Closes the open consoles of viewers.
    await touch(tx, 'machine', { id: machineId })
  })
}

/** Lists the links to a console, newest first, also expired ones. @throws {AppError} machine.not_found */
export async function listMachineShares(db: Db, { machineId, ownerId }: Target) {
  const machine = await db.machine.findFirst({
    where: { id: machineId, ownerId },
    select: { shares: { orderBy: { id: 'desc' } } },
  })
  if (!machine) throw notFound('machine')
  return Promise.all(machine.shares.map(toMachineShareDto))
}

async function toMachineShareDto(row: Share): Promise<MachineShareDto> {
  return {
    ...toLinkDto(row, await decryptToken(row)),
    machineId: row.machineId!,
    isTypingAllowed: row.isTypingAllowed,
    expiresAt: row.expiresAt!.toISOString(),
  }
}

/** In the audit trail of the machine. */
export const describeAccess = ({ isTypingAllowed }: Pick<Share, 'isTypingAllowed'>) =>
  isTypingAllowed ? messages.watchAndType() : messages.watchOnly()

/** The share of a link to a console; null if it is unknown, revoked or expired, or if its owner may not use the machine. */
export const findMachineShareByToken = (db: Db | Tx, token: string) =>
  findActive(db, { tokenHash: hashToken(token) })

/** The share that a grant was issued for; null as above, or if the grant is forged, expired or of another password. */
export async function findMachineShareByGrant(db: Db, grant: string) {
  const claims = parseGrant(grant)
  const share = claims && (await findActive(db, { id: claims.shareId }))
  return share && isGrantOf(share, grant) ? share : null
}

/** Whether a link to a console still works. */
export const isMachineShareActive = async (db: Db, id: string) => (await findActive(db, { id })) !== null

async function findActive(db: Db | Tx, where: Prisma.ShareWhereInput) {
  const share = await db.share.findFirst({
    where: {
      ...where,
      expiresAt: { gt: new Date(databaseTimeMs()) },
      machine: { state: { not: 'terminated' }, owner: { disabledAt: null, canUseMachines: true } },
    },
    include: { machine: { include: { host: true } } },
  })
  if (!share?.machine || !share.expiresAt) return null
  const { machine, expiresAt } = share
  return { ...share, machine, expiresAt, isTypingAllowed: share.isTypingAllowed && takesInput(machine.host) }
}

/** Whether a console takes input. A link may be older than the host of its machine. */
const takesInput = (host: MachineHost | null) => !host || parseHostFacts(host).capabilities.consoleInput

export type MachineShare = NonNullable<Awaited<ReturnType<typeof findActive>>>
