import { escapePattern } from '../database/escape-pattern'
import { z } from 'zod'
import type { Db } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import { sanitizeText } from '../text/sanitize'
import { taskStateSchema } from '../tasks/schema'
import { kindLabel, searchKinds } from '../tasks/registry'
import { readStoredError } from '../tasks/stored-error'
import { readSubjectTitles, whereSubjectMatches } from '../tasks/subject-queries'

/** Query of an administrator for tasks of all users. */
export const taskSearchSchema = z.object({
  search: z.string().trim().overwrite(sanitizeText).default('').describe('An id, user, kind or any text'),
  kind: z.string().default(''),
  state: z.union([taskStateSchema, z.literal('')]).default(''),
})
export type TaskSearch = z.infer<typeof taskSearchSchema>

const MAX_RESULTS = 100
const MAX_NAME_MATCHES = 200

/** Lists the newest 100 matching tasks; parts only by kind or id. Searches users, titles, kinds and errors for the text. */
export async function searchTasks(db: Db, { search, kind, state }: TaskSearch) {
  const rows = await db.task.findMany({
    where: {
      kind: kind || undefined,
      state: state || undefined,
      partOfId: kind || isId(search) ? undefined : null,
      ...(search ? await textFilter(db, search) : {}),
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

async function textFilter(db: Db, search: string): Promise<Prisma.TaskWhereInput> {
  const contains = { contains: escapePattern(search), mode: 'insensitive' } as const
  if (isId(search))
    return {
      OR: [
        { id: search },
        { jobId: search },
        { subjectId: search, partOfId: null },
        { parentId: search },
        { partOfId: search },
      ],
    }
  // Users and subjects are searched first: a join would read a million tasks.
  const [users, subjects] = await Promise.all([
    db.user.findMany({
      where: { OR: [{ email: contains }, { name: contains }, { id: search }] },
      select: { id: true },
      take: MAX_NAME_MATCHES,
    }),
    whereSubjectMatches(db, { text: search, limit: MAX_NAME_MATCHES }),
  ])
  return {
    OR: [
      { ownerId: { in: users.map(({ id }) => id) } },
      ...subjects,
      { kind: { in: searchKinds(search) } },
      { cause: contains },
      { error: { path: ['message'], string_contains: search } },
    ],
  }
}
