import { z } from 'zod'
import { lockUser } from '../accounts/lock-user'
import { recordAudit } from '../audit/commands'
import type { Db, Tx } from '../database/db'
import { type MailEvent, mailEventNames } from './event-names'

/** A user's notification settings. */
export const notificationSettingsSchema = z.object({
  events: z.record(z.enum(mailEventNames), z.boolean()).describe('Which events are mailed'),
  gathering: z
    .enum(['soon', 'daily'])
    .describe(
      'soon: one mail per event, or a digest when many occur within minutes; daily: one digest each morning',
    ),
})
export const updateNotificationSettingsSchema = z.object({
  events: z.partialRecord(z.enum(mailEventNames), z.boolean()).optional(),
  gathering: notificationSettingsSchema.shape.gathering.optional(),
})
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>

/** Reads the settings of a user. Default: all events, soon. */
export async function readNotificationSettings(db: Db | Tx, ownerId: string): Promise<NotificationSettings> {
  const row = await db.notificationSettings.findUnique({ where: { ownerId } })
  const events = Object.fromEntries(mailEventNames.map((event) => [event, !row?.muted.includes(event)]))
  return { events: events as Record<MailEvent, boolean>, gathering: row?.gathering ?? 'soon' }
}

/** Updates the settings that `change` contains. */
export async function updateNotificationSettings(
  db: Db,
  ownerId: string,
  change: z.infer<typeof updateNotificationSettingsSchema>,
) {
  return db.$transaction(async (tx) => {
    await lockUser(tx, ownerId)
    const before = await readNotificationSettings(tx, ownerId)
    const events = { ...before.events, ...change.events }
    const data = {
      muted: mailEventNames.filter((event) => !events[event]),
      gathering: change.gathering ?? before.gathering,
    }
    await tx.notificationSettings.upsert({
      where: { ownerId },
      create: { ownerId, ...data },
      update: data,
    })
    await recordAudit(tx, {
      action: 'settings.notifications_changed',
      subject: { type: 'user', id: ownerId },
      detail: { muted: data.muted, gathering: data.gathering },
    })
    return readNotificationSettings(tx, ownerId)
  })
}
