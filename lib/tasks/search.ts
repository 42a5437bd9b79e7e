import { z } from 'zod'
import type { Db } from '../database/db'
import { escapePattern } from '../database/escape-pattern'
import { queryDirectly } from '../database/direct-query'
import { Prisma } from '../generated/prisma/client'
import { searchKinds, taskSubjects } from './registry'

/**
 * Conditions of which a task with `text` meets at least one: in the title of its subject, its kind, its error message or its file
 * name, ignoring case, or as its id. For a statement on the table `task` without an alias.
 */
export function textConditions({ text, ownerId }: { text: string; ownerId?: string }): Prisma.Sql[] {
  const pattern = `%${escapePattern(text)}%`
  const kinds = searchKinds(text)
  return [
    Prisma.sql`"searchText" ILIKE ${pattern}`,
    ...taskSubjects().map(
      (subject) => Prisma.sql`"subjectType" = ${subject.type}
        AND "subjectId" IN (${subject.withTitle({ pattern, ownerId })})`,
    ),
    ...(kinds.length > 0 ? [Prisma.sql`kind = ANY (${kinds}::text[])`] : []),
    ...(z.uuid().safeParse(text).success ? [Prisma.sql`id = ${text}::uuid`] : []),
  ]
}

/** Returns the ids of the newest tasks that meet one of the conditions `any` and all of `all`. */
export async function findTaskIds(
  db: Db,
  { any, all, limit }: { any: readonly Prisma.Sql[]; all: readonly Prisma.Sql[]; limit: number },
) {
  // Postgres chooses for each condition: an index if few tasks meet it, or the newest tasks first if many do.
  const branches = any.map(
    (condition) => Prisma.sql`(
      SELECT id FROM task WHERE ${Prisma.join([...all, condition], ' AND ')} ORDER BY id DESC LIMIT ${limit})`,
  )
  const rows = await queryDirectly<{ id: string }>(
    db,
    Prisma.sql`${Prisma.join(branches, ' UNION ')} ORDER BY id DESC LIMIT ${limit}`,
  )
  return rows.map(({ id }) => id)
}
