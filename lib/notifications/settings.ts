import { z } from 'zod'
import { lockUser } from '../accounts/lock-user'
import { recordAudit } from '../audit/commands'
import type { Db } from '../database/db'
import { querySql, type SqlExecutor } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { type NotificationSettings as SettingsRow, Prisma } from '../generated/prisma/client'
import { eventsOfChannel, mailEventNames, type NotificationChannel, type NotificationEvent } from './events'

const inAppEvent = z.enum(eventsOfChannel('inApp'))
const mailEvent = z.enum(mailEventNames)
const pushEvent = z.enum(eventsOfChannel('push'))

/** A user's notification settings. */
export const notificationSettingsSchema = z.object({
  events: z.record(mailEvent, z.boolean()).describe('Which events are mailed'),
  inApp: z.record(inAppEvent, z.boolean()).describe('Which events appear among the notifications'),
  push: z.record(pushEvent, z.boolean()).describe('Which events are sent to subscribed browsers'),
  gathering: z
    .enum(['soon', 'daily'])
    .describe(
      'soon: one mail per event, or a digest when many occur within minutes; daily: one digest each morning',
    ),
})
export const updateNotificationSettingsSchema = z.object({
  events: z.partialRecord(mailEvent, z.boolean()).optional(),
  inApp: z.partialRecord(inAppEvent, z.boolean()).optional(),
  push: z.partialRecord(pushEvent, z.boolean()).optional(),
  gathering: notificationSettingsSchema.shape.gathering.optional(),
})
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>

/** Reads the settings of a user. Default: all events in every channel, soon. */
export async function readNotificationSettings(
  db: SqlExecutor,
  ownerId: string,
): Promise<NotificationSettings> {
  const [row] = await querySql<
    Pick<SettingsRow, 'gathering'> & Record<'muted' | 'mutedInApp' | 'mutedPush', string[] | null>
  >(
    db,
    Prisma.sql`${prepared} SELECT muted, "mutedInApp", "mutedPush", gathering FROM notification_settings WHERE "ownerId" = ${ownerId}`,
  )
  return {
    events: toSwitches('mail', row?.muted),
    inApp: toSwitches('inApp', row?.mutedInApp),
    push: toSwitches('push', row?.mutedPush),
    gathering: row?.gathering ?? 'soon',
  }
}

/** Whether the user wants `event` in `channel`; false for an event that the channel does not show. */
export const isChannelOn = (
  settings: NotificationSettings,
  channel: NotificationChannel,
  event: NotificationEvent,
) => {
  const switches: Partial<Record<NotificationEvent, boolean>> =
    settings[channel === 'mail' ? 'events' : channel]
  return switches[event] ?? false
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
    const data = {
      muted: listMuted({ ...before.events, ...change.events }),
      mutedInApp: listMuted({ ...before.inApp, ...change.inApp }),
      mutedPush: listMuted({ ...before.push, ...change.push }),
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
      detail: data,
    })
    return readNotificationSettings(tx, ownerId)
  })
}

const toSwitches = <Channel extends NotificationChannel>(
  channel: Channel,
  muted: readonly string[] | null = null,
) =>
  Object.fromEntries(eventsOfChannel(channel).map((event) => [event, !muted?.includes(event)])) as Record<
    ReturnType<typeof eventsOfChannel<Channel>>[number],
    boolean
  >

const listMuted = (switches: Record<string, boolean>) =>
  Object.keys(switches).filter((event) => !switches[event])
