import * as messages from '@/lib/generated/messages/video-errors'
import type { Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { Prisma, type Video } from '../generated/prisma/client'

interface Where {
  id: string
  /** Default: any. */
  ownerId?: string
}

/**
 * Locks a video until `tx` ends, so that it is not moved to the trash before a command about it has its effect. The rows of
 * its tasks and its owner are locked before, as workers do, so that none of them deadlock.
 * @throws {AppError} video.not_found, or video.in_trash
 */
export async function requireVideo(tx: Tx, where: Where): Promise<Video> {
  const video = await lockVideo(tx, where)
  if (!video) throw notFound('video')
  if (video.deletedAt) throw inTrashError()
  return video
}

/** As `requireVideo`, with a video in the trash too. Returns null if there is none. */
export async function lockVideo(tx: Tx, { id, ownerId }: Where): Promise<Video | null> {
  const isOwn = ownerId === undefined ? Prisma.empty : Prisma.sql`AND "ownerId" = ${ownerId}`
  const [video] = await tx.$queryRaw<Video[]>`SELECT * FROM video WHERE id = ${id}::uuid ${isOwn} FOR UPDATE`
  return video ?? null
}

const inTrashError = () =>
  new AppError({
    code: 'video.in_trash',
    message: messages.inTrash(),
    status: 409,
  })
