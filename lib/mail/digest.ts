import type { PgBoss } from 'pg-boss'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { toOutcome } from '../notifications/notify-user'
import { queueMail } from './queue-mail'

/** A digest lists this many items and the number of further ones. */
const MAX_LISTED_ITEMS = 50

/**
 * Queues due digests: one minute after the last note, but at most five minutes after the first; daily ones at 07:00
 * UTC. Safe to run concurrently on several workers.
 */
export async function queueDueDigests({ db, boss }: { db: Db; boss: PgBoss }) {
  const due = await db.$queryRaw<{ ownerId: string }[]>`
    SELECT note."ownerId" FROM mail_note note
    LEFT JOIN notification_settings settings ON settings."ownerId" = note."ownerId"
    WHERE note."mailId" IS NULL AND note."isForMail"
    GROUP BY note."ownerId", settings.gathering
    HAVING CASE WHEN settings.gathering = 'daily'
      THEN min(note."createdAt") < date_trunc('day', now() - interval '7 hours') + interval '7 hours'
      ELSE max(note."createdAt") < now() - interval '1 minute'
        OR min(note."createdAt") < now() - interval '5 minutes' END`
  for (const { ownerId } of due) await db.$transaction((tx) => queueDigest(tx, boss, ownerId))
}

async function queueDigest(tx: Tx, boss: PgBoss, ownerId: string) {
  // One worker at a time: two would share the notes between two mails.
  await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${ownerId} FOR NO KEY UPDATE`
  const waiting = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM mail_note WHERE "ownerId" = ${ownerId} AND "mailId" IS NULL AND "isForMail"
    ORDER BY "createdAt"`
  const ids = waiting.map(({ id }) => id)
  const listed = ids.slice(0, MAX_LISTED_ITEMS)
  const notes = await tx.notification.findMany({
    where: { id: { in: listed } },
    orderBy: { createdAt: 'asc' },
  })
  const [first, ...others] = notes.map(toOutcome)
  if (!first) return
  const data = { items: [first, ...others], more: ids.length - notes.length, href: config().publicUrl }
  const mailId = await queueMail(tx, boss, {
    ownerId,
    eventKey: `gathered/${notes[0]!.id}`,
    content: others.length ? { template: 'digest', data } : { template: 'outcome', data: first },
  })
  // One array parameter: a list could exceed Postgres's limit of 65,535 parameters.
  await tx.$executeRaw`UPDATE mail_note SET "mailId" = ${mailId}::uuid WHERE id = ANY(${ids}::uuid[])`
}
