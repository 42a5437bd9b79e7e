import * as messages from '@/lib/generated/messages/video-errors'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import { requireVideo } from './require-video'
import { MAX_TAGS } from './tag-limits'
import type { TagCount } from './tag-schema'

const MAX_LISTED_TAGS = 500

/** The tags of the videos of a user, the most frequent ones first. */
export const listTags = (db: Db, ownerId: string) =>
  db.$queryRaw<TagCount[]>`
    SELECT tag, count(*)::int AS "videoCount" FROM video, unnest(tags) AS tag
    WHERE "ownerId" = ${ownerId} AND "deletedAt" IS NULL
    GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ${MAX_LISTED_TAGS}`

interface TagChange {
  id: string
  ownerId: string
  add: readonly string[]
  remove: readonly string[]
}

/** Adds and removes tags of a video. @throws {AppError} video.not_found, video.in_trash, video.too_many_tags */
export const changeTags = (db: Db, { id, ownerId, add, remove }: TagChange) =>
  db.$transaction(async (tx) => {
    const video = await requireVideo(tx, { id, ownerId })
    const tags = [...new Set([...video.tags, ...add])].filter((tag) => !remove.includes(tag))
    if (tags.length > MAX_TAGS) throw tooManyError()
    await tx.video.update({ where: { id }, data: { tags } })
  })

const tooManyError = () =>
  new AppError({
    code: 'video.too_many_tags',
    message: messages.tooManyTags({ maximum: MAX_TAGS }),
    status: 409,
  })
