import { z } from 'zod'
import { databaseTimeMs } from '../cluster/database-clock'
import { sanitizeText } from '../text/sanitize'
import { recordAudit } from '../audit/commands'
import type { Db, Tx } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import { deadLetterSql, whereDeadLetter } from '../tasks/dead-letter'
import { readStoredError } from '../tasks/stored-error'
import { kindLabel } from '../tasks/registry'

const sanitizedText = z.string().overwrite(sanitizeText)

/** Selects dead letters by id, or all with the same cause. */
export const deadLetterSelectionSchema = z.union([
  z.object({ ids: z.array(z.uuid()).min(1).max(1_000) }),
  z.object({ kind: sanitizedText, code: sanitizedText, cause: sanitizedText }),
])
export type DeadLetterSelection = z.infer<typeof deadLetterSelectionSchema>

export const discardDeadLettersSchema = z.object({
  which: deadLetterSelectionSchema,
  reason: z.string().trim().min(1).max(500).overwrite(sanitizeText),
})

export const whereSelectedDeadLetters = (which: DeadLetterSelection): Prisma.TaskWhereInput =>
  'ids' in which
    ? { ...whereDeadLetter, id: { in: which.ids } }
    : {
        ...whereDeadLetter,
        kind: which.kind,
        cause: which.cause,
        error: { path: ['code'], equals: which.code },
      }

export const countDeadLetters = (db: Db) => db.task.count({ where: whereDeadLetter })

interface GroupRow {
  kind: string
  code: string
  cause: string
  count: bigint
  users: bigint
  inRedrive: bigint
  error: Prisma.JsonValue
  firstAt: Date
  lastAt: Date
}

/** Groups dead letters by cause, newest first; at most 100 groups. */
export async function listDeadLetterGroups(db: Db) {
  const rows = await db.$queryRaw<GroupRow[]>`
    SELECT task.kind, task.error->>'code' AS code, task.cause, count(*) AS count,
      count(DISTINCT task."ownerId") AS users,
      count(*) FILTER (WHERE redrive.state IN ('trial', 'following')) AS "inRedrive",
      (array_agg(task.error ORDER BY task."finishedAt" DESC))[1] AS error,
      min(task."finishedAt") AS "firstAt", max(task."finishedAt") AS "lastAt"
    FROM task LEFT JOIN redrive ON redrive.id = task."redriveId"
    WHERE ${deadLetterSql}
    GROUP BY 1, 2, 3 ORDER BY max(task."finishedAt") DESC LIMIT 100`
  return rows.map(({ error, ...row }) => ({
    ...row,
    message: readStoredError(error)?.message ?? '',
    label: kindLabel(row.kind),
    count: Number(row.count),
    users: Number(row.users),
    inRedrive: Number(row.inRedrive),
    firstAt: row.firstAt.toISOString(),
    lastAt: row.lastAt.toISOString(),
  }))
}
export type DeadLetterGroup = Awaited<ReturnType<typeof listDeadLetterGroups>>[number]

/** Lists the newest of the selected dead letters with their owners. */
export async function listDeadLetters(db: Db, which: DeadLetterSelection, { limit = 100 } = {}) {
  const rows = await db.task.findMany({
    where: whereSelectedDeadLetters(which),
    orderBy: { finishedAt: 'desc' },
    take: limit,
    select: {
      id: true,
      payload: true,
      attempts: true,
      deaths: true,
      finishedAt: true,
      owner: { select: { email: true } },
    },
  })
  return rows.map(({ owner, finishedAt, ...row }) => ({
    ...row,
    email: owner.email,
    finishedAt: finishedAt!.toISOString(),
  }))
}

/** Dismisses dead letters with a reason. Returns their number. */
export async function discardDeadLetters(
  tx: Tx,
  { which, reason }: z.infer<typeof discardDeadLettersSchema>,
) {
  const { count } = await tx.task.updateMany({
    where: whereSelectedDeadLetters(which),
    data: { discardedAt: new Date(databaseTimeMs()), discardReason: reason, redriveId: null },
  })
  await recordAudit(tx, { action: 'dead_letter.dismissed', detail: { count, reason } })
  return count
}
