import { databaseTimeMs } from '../cluster/database-clock'
import type { Db, Tx } from '../database/db'
import { querySql, type SqlExecutor } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { notFound } from '../errors'
import { Prisma } from '../generated/prisma/client'
import type { MachineEventDto } from './schema'
import { findStoredMessage, formatStoredMessage } from '../i18n/stored-message'
import { translateHostText } from './host-texts'

/** Adds an event to the audit trail. Without `actorId`, the actor is the app itself. */
export const recordMachineEvent = (
  tx: Tx | Db,
  event: { machineId: string; actorId?: string | null; action: string; detail?: string | null },
) => tx.machineEvent.create({ data: { ...event, detailSource: findStoredMessage(event.detail) } })

/** As `recordMachineEvent`, for many events. */
export function recordMachineEvents(tx: SqlExecutor, events: Parameters<typeof recordMachineEvent>[1][]) {
  const rows = events.map((event) => ({ ...event, detailSource: findStoredMessage(event.detail) }))
  return querySql(
    tx,
    Prisma.sql`
      ${prepared} INSERT INTO machine_event ("machineId", "actorId", action, detail, "detailSource")
      SELECT "machineId", "actorId", action, detail, "detailSource" FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS event("machineId" uuid, "actorId" text, action text, detail text, "detailSource" jsonb)`,
  )
}

const ACCESS_WINDOW_MS = 30 * 60_000

/** Records an access unless the same one was recorded in the last 30 minutes: pages reconnect often. */
export async function recordAccess(
  db: Db,
  event: { machineId: string; actorId: string | null; action: string; detail?: string },
) {
  const at = { gt: new Date(databaseTimeMs() - ACCESS_WINDOW_MS) }
  if (!(await db.machineEvent.findFirst({ where: { ...event, at } }))) await recordMachineEvent(db, event)
}

/** Lists the newest 200 events, newest first. @throws {AppError} machine.not_found */
export async function listMachineEvents(
  db: Db,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<MachineEventDto[]> {
  if (!(await db.machine.findFirst({ where: { id, ownerId }, select: { id: true } })))
    throw notFound('machine')
  const events = await db.machineEvent.findMany({
    where: { machineId: id },
    include: { actor: { select: { email: true } } },
    orderBy: { id: 'desc' },
    take: 200,
  })
  return events.map(({ at, actor, action, detail, detailSource }) => ({
    at: at.toISOString(),
    actor: actor?.email ?? null,
    action,
    detail: detail && formatStoredMessage(detailSource, translateHostText(detail)),
  }))
}
