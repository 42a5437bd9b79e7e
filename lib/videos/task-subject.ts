import { escapePattern } from '../database/escape-pattern'
import { Prisma } from '../generated/prisma/client'
import type { TaskSubject } from '../tasks/subject'
import { requireVideo } from './require-video'

export const videoSubject: TaskSubject = {
  type: 'video',
  async search(db, { text, ownerId, limit }) {
    const rows = await db.video.findMany({
      where: {
        ownerId,
        deletedAt: null,
        replacesId: null,
        title: { contains: escapePattern(text), mode: 'insensitive' },
      },
      orderBy: { id: 'desc' },
      take: limit,
      select: { id: true },
    })
    return rows.map(({ id }) => id)
  },
  async readTitles(db, ids) {
    const rows = await db.video.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, title: true },
    })
    return new Map(rows.map(({ id, title }) => [id, title]))
  },
  requireRetryable: requireVideo,
  retained: Prisma.sql`SELECT id FROM video`,
}
