import { Prisma } from '../generated/prisma/client'
import type { TaskSubject } from '../tasks/subject'
import { requireVideo } from './require-video'

export const videoSubject: TaskSubject = {
  type: 'video',
  withTitle: ({ pattern, ownerId }) => Prisma.sql`
    SELECT id FROM video WHERE "deletedAt" IS NULL AND "replacesId" IS NULL AND title ILIKE ${pattern}
      ${ownerId === undefined ? Prisma.empty : Prisma.sql`AND "ownerId" = ${ownerId}`}`,
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
