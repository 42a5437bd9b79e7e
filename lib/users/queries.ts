import { databaseTimeMs } from '../cluster/database-clock'
import { escapePattern } from '../database/escape-pattern'
import type { z } from 'zod'
import type { Db } from '../database/db'
import { notFound } from '../errors'
import type { User } from '../generated/prisma/client'
import { defaultLimits, ownLimits } from './limits'
import type { UserDetailDto, UserDto, userListSchema } from './schema'

/** Lists users by email address. */
export async function listUsers(db: Db, { search, cursor, limit }: z.infer<typeof userListSchema>) {
  const contains = search ? ({ contains: escapePattern(search), mode: 'insensitive' } as const) : undefined
  const rows = await db.user.findMany({
    where: {
      ...(contains && { OR: [{ email: contains }, { name: contains }] }),
      ...(cursor && { email: { gt: cursor } }),
    },
    orderBy: { email: 'asc' },
    take: limit + 1,
  })
  const page = rows.slice(0, limit)
  return { users: page.map(toUserDto), nextCursor: rows.length > limit ? page.at(-1)!.email : null }
}

/** Reads a user with what they have. @throws {AppError} user.not_found */
export async function getUserDetail(db: Db, id: string): Promise<UserDetailDto> {
  const user = await db.user.findUnique({ where: { id } })
  if (!user) throw notFound('user')
  const [sessions, keys, videos, machines, passkeys] = await Promise.all([
    db.session.count({ where: { userId: id, expiresAt: { gt: new Date(databaseTimeMs()) } } }),
    db.apikey.count({ where: { referenceId: id } }),
    db.video.aggregate({ where: { ownerId: id }, _count: true, _sum: { sizeBytes: true } }),
    db.machine.count({ where: { ownerId: id, state: { not: 'terminated' } } }),
    db.passkey.count({ where: { userId: id } }),
  ])
  return {
    ...toUserDto(user),
    sessions,
    keys,
    videos: videos._count,
    storedBytes: Number(videos._sum.sizeBytes ?? 0n),
    machines,
    hasTwoFactor: user.twoFactorEnabled || passkeys > 0,
    defaults: defaultLimits(),
  }
}

export const toUserDto = (user: User): UserDto => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role === 'admin' ? 'admin' : 'member',
  isEmailVerified: user.emailVerified,
  disabledAt: user.disabledAt?.toISOString() ?? null,
  createdAt: user.createdAt.toISOString(),
  lastSeenAt: user.lastSeenAt.toISOString(),
  limits: ownLimits(user),
  permissions: {
    canUseMachines: user.canUseMachines,
    canUseInternet: user.canUseInternet,
    canForwardPorts: user.canForwardPorts,
    canUseWebhooks: user.canUseWebhooks,
  },
})
