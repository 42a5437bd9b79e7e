import type { Db } from '../database/db'
import { Prisma } from '../generated/prisma/client'
import type { TaskDto } from './schema'
import { internalKindNames } from './registry'
import { toTaskDtos } from './to-task-dto'

/**
 * A place in the stream of changes: rows changed by transaction `from` or a later one follow, of those of `from`
 * only the ones after `afterId`. As text: `1234` or `1234.ID`.
 */
export interface FeedCursor {
  from: bigint
  afterId?: string
}

const CURSOR_PATTERN = /^(\d{1,18})(?:\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?$/

/** @returns null for what is no cursor of ours. */
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
  /** Whoever has seen this row and all before it goes on from here. Unset while the beginning is told. */
  cursor?: string
}

interface FeedFilter {
  ownerId: string
  kind?: string
  taskId?: string
}

const PAGE_SIZE = 200

/**
 * A person's tasks as they are, each time those that changed since the time before; from `start`, or beginning with
 * what is unfinished. Transactions are numbered when they begin and seen when they end, so the order is final
 * only below the oldest that is still under way, the horizon: no place is put beyond that. What this reader was
 * told is not told twice.
 */
export function createTaskFeed(db: Db, asked: FeedFilter, start: FeedCursor | null) {
  let cursor = start
  let isBeginning = start === null
  /** The horizon when the first page of several was read: a later one may lie beyond what was missed. */
  let horizonBefore: bigint | null = null
  let told = new Map<string, ChangedRow>()
  return {
    /** The next of them, 200 at most. `place` is set when there are no others for now. */
    async next(): Promise<{ changed: TaskChange[]; place?: string }> {
      const { rows, horizon } = await readChangedRows(db, { ...asked, isBeginning }, cursor)
      const safe = horizonBefore ?? horizon
      const wasBeginning = isBeginning
      const fresh = rows.filter((row) => row.version > (told.get(row.id)?.version ?? 0))
      for (const row of rows) told.set(row.id, row)
      const last = rows.length === PAGE_SIZE ? rows.at(-1) : undefined
      if (last) {
        cursor = { from: last.changedIn, afterId: last.id }
        horizonBefore = safe
      } else {
        cursor = { from: safe }
        horizonBefore = null
        isBeginning = false
        told = new Map([...told].filter(([, row]) => row.changedIn >= safe))
      }
      const tasks = await db.task.findMany({ where: { id: { in: fresh.map(({ id }) => id) } } })
      const dtos = new Map((await toTaskDtos(db, tasks)).map((task) => [task.id, task]))
      const changed = fresh.flatMap((row): TaskChange[] => {
        const task = dtos.get(row.id)
        if (!task) return []
        return [{ task, cursor: wasBeginning ? undefined : cursorAfter(row, safe) }]
      })
      return { changed, place: last ? undefined : formatCursor({ from: safe }) }
    },
  }
}

const cursorAfter = ({ changedIn, id }: ChangedRow, horizon: bigint) =>
  formatCursor(changedIn < horizon ? { from: changedIn, afterId: id } : { from: horizon })

async function readChangedRows(
  db: Db,
  asked: FeedFilter & { isBeginning: boolean },
  cursor: FeedCursor | null,
) {
  const of = [Prisma.sql`"ownerId" = ${asked.ownerId}`]
  if (asked.kind) of.push(Prisma.sql`kind = ${asked.kind}`)
  else of.push(Prisma.sql`kind <> ALL(${internalKindNames()})`)
  if (asked.taskId) of.push(Prisma.sql`id = ${asked.taskId}::uuid`)
  else if (asked.isBeginning) of.push(Prisma.sql`state IN ('queued', 'in_progress')`)
  if (cursor) of.push(Prisma.sql`"changedIn" >= ${cursor.from}`)
  if (cursor?.afterId)
    of.push(Prisma.sql`("changedIn", id) > (${cursor.from}::bigint, ${cursor.afterId}::uuid)`)
  // Numbers that have not been given out yet are of another server, from which this database was restored.
  const found = await db.$queryRaw<({ horizon: bigint } & (ChangedRow | { id: null }))[]>`
    WITH now AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
      pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS unborn)
    SELECT now.horizon, changed.* FROM now LEFT JOIN LATERAL (
      SELECT id, version, "changedIn" FROM task
      WHERE ${Prisma.join(of, ' AND ')} AND "changedIn" < now.unborn
      ORDER BY "changedIn", id LIMIT ${PAGE_SIZE}
    ) AS changed ON true`
  return {
    horizon: found[0]!.horizon,
    rows: found.filter((row): row is { horizon: bigint } & ChangedRow => row.id !== null),
  }
}
