import type { SqlExecutor } from '../database/direct-query'
import { notificationRules } from './rules'
import { isChannelOn, readNotificationSettings } from './settings'

/** The end of a task of a kind. */
export type MutedOutcome = `${string}/${'done' | 'failed'}`

/** The ends of tasks that are notifications, except that their owner has turned these off in the app. */
export async function listMutedOutcomes(db: SqlExecutor, ownerId: string): Promise<MutedOutcome[]> {
  const settings = await readNotificationSettings(db, ownerId)
  return Object.entries(notificationRules).flatMap(([kind, rule]) =>
    (['done', 'failed'] as const).flatMap((state): MutedOutcome[] => {
      const event = rule[state]
      return event && !isChannelOn(settings, 'inApp', event) ? [`${kind}/${state}`] : []
    }),
  )
}
