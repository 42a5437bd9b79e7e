import { Prisma } from '../generated/prisma/client'
import type { TaskSubject } from '../tasks/subject'

export const machineSubject: TaskSubject = {
  type: 'machine',
  withTitle: ({ pattern, ownerId }) => Prisma.sql`
    SELECT id FROM machine WHERE name ILIKE ${pattern}
      ${ownerId === undefined ? Prisma.empty : Prisma.sql`AND "ownerId" = ${ownerId}`}`,
  async readTitles(db, ids) {
    const rows = await db.machine.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, name: true },
    })
    return new Map(rows.map(({ id, name }) => [id, name]))
  },
  retained: Prisma.sql`SELECT id FROM machine WHERE state <> 'terminated'`,
}
