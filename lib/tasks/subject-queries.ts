import type { Db } from '../database/db'
import { Prisma, type Task } from '../generated/prisma/client'
import { taskSubjects } from './registry'

/** Returns the titles of the tasks' subjects by subject id. */
export async function readSubjectTitles(
  db: Db,
  tasks: readonly Pick<Task, 'subjectType' | 'subjectId'>[],
): Promise<ReadonlyMap<string, string>> {
  const titles = await Promise.all(
    taskSubjects().map(async (subject) => {
      const ids = tasks.filter((task) => task.subjectType === subject.type).map((task) => task.subjectId!)
      return ids.length > 0 ? subject.readTitles(db, ids) : new Map<string, string>()
    }),
  )
  return new Map(titles.flatMap((map) => [...map]))
}

/** Selects `type` and `id` of every subject whose tasks are not pruned. */
export const retainedSubjectsSql = () =>
  Prisma.join(
    [
      Prisma.sql`SELECT NULL::text AS type, NULL::uuid AS id WHERE false`,
      ...taskSubjects().map(
        ({ type, retained }) => Prisma.sql`SELECT ${type}::text, retained.id FROM (${retained}) retained`,
      ),
    ],
    ' UNION ALL ',
  )
