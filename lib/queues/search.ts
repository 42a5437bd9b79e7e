import { z } from 'zod'
import type { Db } from '../database/db'
import { escapePattern } from '../database/escape-pattern'
import { Prisma } from '../generated/prisma/client'
import { sanitizeText } from '../text/sanitize'
import { taskStateSchema } from '../tasks/schema'
import { kindLabel } from '../tasks/registry'
import { findTaskIds, textConditions } from '../tasks/search'
import { readStoredError } from '../tasks/stored-error'
import { readSubjectTitles } from '../tasks/subject-queries'

/** Query of an administrator for tasks of all users. */
export const taskSearchSchema = z.object({
  search: z.string().trim().overwrite(sanitizeText).default('').describe('An id, user, kind or any text'),
  kind: z.string().default(''),
  state: z.union([taskStateSchema, z.literal('')]).default(''),
})
export type TaskSearch = z.infer<typeof taskSearchSchema>

const MAX_RESULTS = 100

/** Lists the newest 100 matching tasks; parts only by kind or id. Searches users, titles, kinds and errors for the text. */
export async function searchTasks(db: Db, { search, kind, state }: TaskSearch) {
  const rows = await db.task.findMany({
    where: {
      kind: kind || undefined,
      state: state || undefined,
      partOfId: kind || isId(search) ? undefined : null,
      ...(isId(search)
        ? whereId(search)
        : search && { id: { in: await findByText(db, { search, kind, state }) } }),
    },
    orderBy: { id: 'desc' },
    take: MAX_RESULTS,
    include: { owner: { select: { email: true } } },
  })
  const titles = await readSubjectTitles(db, rows)
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    label: kindLabel(row.kind),
    state: row.state,
    email: row.owner.email,
    subject: titles.get(row.subjectId ?? '') ?? null,
    attempts: row.attempts,
    at: (row.finishedAt ?? row.startedAt ?? row.createdAt).toISOString(),
    message: readStoredError(row.error)?.message ?? null,
  }))
}

const isId = (text: string) => z.uuid().safeParse(text).success

const whereId = (id: string): Prisma.TaskWhereInput => ({
  OR: [{ id }, { jobId: id }, { subjectId: id, partOfId: null }, { parentId: id }, { partOfId: id }],
})

async function findByText(db: Db, { search, kind, state }: TaskSearch) {
  const contains = { contains: escapePattern(search), mode: 'insensitive' } as const
  // First, because Postgres overestimates how many users match, and would read the tasks of all.
  const users = await db.user.findMany({
    where: { OR: [{ email: contains }, { name: contains }, { id: search }] },
    select: { id: true },
  })
  return findTaskIds(db, {
    any: [
      ...(users.length > 0 ? [Prisma.sql`"ownerId" = ANY (${users.map(({ id }) => id)}::text[])`] : []),
      ...textConditions({ text: search }),
    ],
    all: [
      kind ? Prisma.sql`kind = ${kind}` : Prisma.sql`"partOfId" IS NULL`,
      ...(state ? [Prisma.sql`state = ${state}::"TaskState"`] : []),
    ],
    limit: MAX_RESULTS,
  })
}
