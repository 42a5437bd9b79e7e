import { z } from 'zod'
import * as messages from '../generated/messages/schedule-names'

/** What a run of a schedule did, as stored with it. */
export const scheduleResultSchema = z.object({
  what: z.enum([
    'uploads',
    'videos',
    'lines',
    'tasks',
    'mails',
    'notifications',
    'exports',
    'entries',
    'rows',
    'deliveries',
    'orphans',
    'minutes',
    'browsers',
  ]),
  count: z.number(),
})
export type ScheduleResult = z.infer<typeof scheduleResultSchema>

/** "Removed 3 uploads" */
export function describeScheduleResult({ what, count }: ScheduleResult) {
  if (count === 0) return messages.nothingToDo()
  if (what === 'orphans') return messages.foundOrphans({ count })
  if (what === 'minutes') return messages.rolledUp({ count })
  if (what === 'browsers') return messages.closedNotifications({ count })
  return messages.removed({ what, count })
}
