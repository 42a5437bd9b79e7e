import type { Db } from '../database/db'
import { Prisma } from '../generated/prisma/client'
import type { TaskDto } from './schema'
import { internalKindNames } from './registry'
import { toTaskDtos } from './to-task-dto'

/**
 * A position in the feed: rows changed by transaction `from` or a later one follow, and of those changed by `from` only
 * rows after `afterId`. As text: `1234` or `1234.ID`.
 */
export interface FeedCursor {
  from: bigint
  afterId?: string
}

const CURSOR_PATTERN = /^(\d{1,18})(?:\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?$/

/** Returns null for an invalid cursor. */
export function parseCursor(text: string): FeedCursor | null {
  const [, from, afterId] = CURSOR_PATTERN.exec(text) ?? []
  return from ? { from: BigInt(from), afterId } : null
}

const formatCursor = ({ from, afterId }: FeedCursor) => (afterId ? `${from}.${afterId}` : String(from))

interface ChangedRow {
  id: string
  version: number
  changedIn: bigint
}

export interface TaskChange {
  task: TaskDto
  /** Resumes after this row. Unset while the initial tasks are sent. */
  cursor?: string
}

interface FeedFilter {
  ownerId: string
  kind?: string
  taskId?: string
}

const PAGE_SIZE = 200

/**
 * Reads the tasks of an owner that changed since the previous call, beginning at `start`, or with the unfinished tasks.
 * Transactions are numbered when they begin but become visible when they commit, so the order is final only below the
 * oldest one in progress, the horizon: no cursor points beyond it. A version is never returned twice.
 */
export function createTaskFeed(db: Db, filter: FeedFilter, start: FeedCursor | null) {
  let cursor = start
  let isBeginning = start === null
  /** The horizon at the first of several pages; with a later horizon, rows could be skipped. */
  let horizonBefore: bigint | null = null
  let sent = new Map<string, ChangedRow>()
  return {
    /** Returns the next changes, at most 200. `cursor` is set when no others follow yet. */
    async next(): Promise<{ changes: TaskChange[]; cursor?: string }> {
      const { rows, horizon } = await readChangedRows(db, { ...filter, isBeginning }, cursor)
      const safe = horizonBefore ?? horizon
      const wasBeginning = isBeginning
      const fresh = rows.filter((row) => row.version > (sent.get(row.id)?.version ?? 0))
      for (const row of rows) sent.set(row.id, row)
      const last = rows.length === PAGE_SIZE ? rows.at(-1) : undefined
      if (last) {
        cursor = { from: last.changedIn, afterId: last.id }
        horizonBefore = safe
      } else {
        cursor = { from: safe }
        horizonBefore = null
        isBeginning = false
        sent = new Map([...sent].filter(([, row]) => row.changedIn >= safe))
      }
      const tasks = await db.task.findMany({ where: { id: { in: fresh.map(({ id }) => id) } } })
      const dtos = new Map((await toTaskDtos(db, tasks)).map((task) => [task.id, task]))
      const changes = fresh.flatMap((row): TaskChange[] => {
        const task = dtos.get(row.id)
        if (!task) return []
        return [{ task, cursor: wasBeginning ? undefined : cursorAfter(row, safe) }]
      })
      return { changes, cursor: last ? undefined : formatCursor({ from: safe }) }
    },
  }
}

const cursorAfter = ({ changedIn, id }: ChangedRow, horizon: bigint) =>
  formatCursor(changedIn < horizon ? { from: changedIn, afterId: id } : { from: horizon })

async function readChangedRows(
  db: Db,
  filter: FeedFilter & { isBeginning: boolean },
  cursor: FeedCursor | null,
) {
  const conditions = [Prisma.sql`"ownerId" = ${filter.ownerId}`]
  if (filter.kind) conditions.push(Prisma.sql`kind = ${filter.kind}`)
  else conditions.push(Prisma.sql`kind <> ALL(${internalKindNames()})`)
  if (filter.taskId) conditions.push(Prisma.sql`id = ${filter.taskId}::uuid`)
  else if (filter.isBeginning) conditions.push(Prisma.sql`state IN ('queued', 'in_progress')`)
  if (cursor) conditions.push(Prisma.sql`"changedIn" >= ${cursor.from}`)
  if (cursor?.afterId)
    conditions.push(Prisma.sql`("changedIn", id) > (${cursor.from}::bigint, ${cursor.afterId}::uuid)`)
  // A transaction ID that is not assigned yet comes from another server, from which this database was restored.
  const found = await db.$queryRaw<({ horizon: bigint } & (ChangedRow | { id: null }))[]>`
    WITH now AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
      pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS "nextId")
    SELECT now.horizon, changed.* FROM now LEFT JOIN LATERAL (
      SELECT id, version, "changedIn" FROM task
      WHERE ${Prisma.join(conditions, ' AND ')} AND "changedIn" < now."nextId"
      ORDER BY "changedIn", id LIMIT ${PAGE_SIZE}
    ) AS changed ON true`
  return {
    horizon: found[0]!.horizon,
    rows: found.filter((row): row is { horizon: bigint } & ChangedRow => row.id !== null),
  }
}
