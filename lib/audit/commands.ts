import { databaseTimeMs } from '../cluster/database-clock'
import type { Db, Tx } from '../database/db'
import { deleteInBatches } from '../database/delete-in-batches'
import type { Prisma } from '../generated/prisma/client'
import { sanitizeText } from '../text/sanitize'
import type { AuditAction } from './actions'
import { type Actor, currentActor } from './actor'

export interface AuditEvent {
  action: AuditAction
  subject?: { type: string; id: string }
  /** Default: success. */
  outcome?: 'success' | 'failure'
  /** Facts that an administrator needs. Never secrets, never content of users. */
  detail?: Prisma.InputJsonObject
  /** Default: the actor of the current request, or the app itself. */
  actor?: Actor
}

/** Appends an entry to the audit log. Pass the transaction of the action, so that both commit or neither does. */
export async function recordAudit(tx: Tx | Db, event: AuditEvent) {
  const actor = event.actor ?? currentActor()
  await tx.auditEntry.create({
    data: {
      actorId: actor.id,
      actorEmail: actor.email,
      actorKind: actor.kind,
      address: actor.address,
      userAgent: actor.userAgent,
      action: event.action,
      subjectType: event.subject?.type,
      subjectId: event.subject?.id,
      outcome: event.outcome,
      detail: event.detail && toStorable(event.detail),
    },
  })
}

/** Clients choose some texts, such as the address of a failed sign-in. Postgres stores no lone surrogates in JSON. */
const toStorable = (detail: Prisma.InputJsonObject) =>
  JSON.parse(JSON.stringify(detail), (_, value: unknown) =>
    typeof value === 'string' ? sanitizeText(value) : value,
  ) as Prisma.InputJsonObject

const ACCESS_WINDOW_MS = 30 * 60_000

/** As `recordAudit`, but skips what the same actor did within the last 30 minutes: pages reconnect often. */
export async function recordAuditedAccess(
  tx: Tx | Db,
  event: AuditEvent & { subject: { type: string; id: string } },
) {
  const actor = event.actor ?? currentActor()
  const recent = await tx.auditEntry.findFirst({
    where: {
      action: event.action,
      actorId: actor.id,
      actorKind: actor.kind,
      address: actor.address,
      subjectId: event.subject.id,
      at: { gt: new Date(databaseTimeMs() - ACCESS_WINDOW_MS) },
      ...(event.detail && { detail: { equals: event.detail } }),
    },
    select: { id: true },
  })
  if (!recent) await recordAudit(tx, event)
}

/** Deletes entries older than `days`, at least 30; a trigger refuses all other deletions. Returns their number. */
export const pruneAudit = ({ db, days }: { db: Db; days: number }) =>
  deleteInBatches((limit) =>
    db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT set_config('meanwhile.audit_retention_days', ${String(days)}, true)`
      const count = await tx.$executeRaw`
        DELETE FROM audit_entry WHERE id IN (
          SELECT id FROM audit_entry WHERE at < now() - make_interval(days => greatest(30, ${days}::integer))
          ORDER BY at LIMIT ${limit})`
      return { count }
    }),
  )
