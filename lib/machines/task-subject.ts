import { escapePattern } from '../database/escape-pattern'
import { Prisma } from '../generated/prisma/client'
import type { TaskSubject } from '../tasks/subject'

export const machineSubject: TaskSubject = {
  type: 'machine',
  async search(db, { text, ownerId, limit }) {
    const rows = await db.machine.findMany({
      where: { ownerId, name: { contains: escapePattern(text), mode: 'insensitive' } },
      orderBy: { id: 'desc' },
      take: limit,
      select: { id: true },
    })
    return rows.map(({ id }) => id)
  },
  async readTitles(db, ids) {
    const rows = await db.machine.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, name: true },
    })
    return new Map(rows.map(({ id, name }) => [id, name]))
  },
  retained: Prisma.sql`SELECT id FROM machine WHERE state <> 'terminated'`,
}
