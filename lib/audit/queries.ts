import type { z } from 'zod'
import type { Db } from '../database/db'
import { escapePattern } from '../database/escape-pattern'
import { type AuditEntry, Prisma } from '../generated/prisma/client'
import type { AuditEntryDto, AuditFilter, auditListSchema } from './schema'

const EXPORT_BATCH_SIZE = 500

/** Lists matching entries, newest first. */
export async function listAuditEntries(
  db: Db,
  { cursor, limit, ...filter }: z.infer<typeof auditListSchema>,
) {
  const rows = await findEntries(db, { filter, cursor, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return {
    entries: page.map(toAuditEntryDto),
    nextCursor: rows.length > limit ? page.at(-1)!.id : null,
  }
}

/** Matching entries as JSON lines, newest first, in batches. */
export async function* exportAuditEntries(db: Db, filter: AuditFilter) {
  let cursor: string | undefined
  for (;;) {
    const rows = await findEntries(db, { filter, cursor, limit: EXPORT_BATCH_SIZE })
    if (rows.length === 0) return
    yield rows.map((row) => `${JSON.stringify(toAuditEntryDto(row))}\n`).join('')
    cursor = rows.at(-1)!.id
  }
}

/** Ids are UUIDs of version 7, so their order is that of time. */
function findEntries(db: Db, options: { filter: AuditFilter; cursor?: string; limit: number }) {
  const { filter, cursor, limit } = options
  const { actor, action, text, from, to } = filter
  const conditions = [
    cursor && Prisma.sql`id < ${cursor}::uuid`,
    actor && Prisma.sql`("actorId" = ${actor} OR "actorEmail" ILIKE ${contains(actor)})`,
    action && Prisma.sql`action = ${action}`,
    text && Prisma.sql`"searchText" ILIKE ${contains(text)}`,
    from && Prisma.sql`at >= ${new Date(from)}`,
    to && Prisma.sql`at < ${new Date(to)}`,
  ].filter((condition) => typeof condition === 'object')
  const where = conditions.length > 0 ? Prisma.sql`WHERE ${Prisma.join(conditions, ' AND ')}` : Prisma.empty
  return db.$queryRaw<AuditEntry[]>`SELECT * FROM audit_entry ${where} ORDER BY id DESC LIMIT ${limit}`
}

const contains = (text: string) => `%${escapePattern(text)}%`

const toAuditEntryDto = ({ searchText: _, ...row }: AuditEntry): AuditEntryDto => ({
  ...row,
  at: row.at.toISOString(),
  detail: row.detail as AuditEntryDto['detail'],
})
