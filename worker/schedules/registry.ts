import { expireAccounts } from '@/lib/accounts/expire-accounts'
import { removeExpiredExports } from '@/lib/accounts/exports'
import { removeExpiredArchives } from '@/lib/archives/commands'
import { pruneAudit } from '@/lib/audit/commands'
import { pruneMail } from '@/lib/mail/prune'
import { pruneNotifications } from '@/lib/notifications/prune'
import { rollUpMinuteStats } from '@/lib/queues/minute-stats'
import type { ScheduleName } from '@/lib/schedules/schedules'
import { pruneTaskLogs, pruneTasks } from '@/lib/tasks/retention'
import { removeExpiredUploads } from '@/lib/uploads/expire-uploads'
import { purgeVideos } from '@/lib/videos/purge-videos'
import { pruneDeliveries } from '@/lib/webhooks/prune-deliveries'
import type { ScheduleHandler } from './schedule-handler'
import { sweepOrphans } from './sweep-orphans'

const summarizeRemoved = (count: number, noun: string) => ({
  summary: count === 0 ? 'Nothing to do' : `Removed ${count} ${noun}`,
})

/** The handler of every schedule in lib/schedules. */
export const scheduleHandlers: Record<ScheduleName, ScheduleHandler> = {
  'uploads.expire': async (context) => summarizeRemoved(await removeExpiredUploads(context), 'uploads'),
  'videos.purge': async (context) => summarizeRemoved(await purgeVideos(context), 'videos'),
  'files.orphans': sweepOrphans,
  'logs.remove': async ({ db, config }) =>
    summarizeRemoved(await pruneTaskLogs({ db, days: config.LOG_RETENTION_DAYS }), 'lines'),
  'tasks.remove': async ({ db, config }) =>
    summarizeRemoved(await pruneTasks({ db, days: config.TASK_RETENTION_DAYS }), 'tasks'),
  'mail.remove': async ({ db }) => summarizeRemoved(await pruneMail({ db }), 'mails'),
  'notifications.remove': async ({ db }) =>
    summarizeRemoved(await pruneNotifications({ db }), 'notifications'),
  'exports.expire': async (context) =>
    summarizeRemoved(
      (await removeExpiredExports(context)) + (await removeExpiredArchives(context)),
      'exports',
    ),
  'audit.remove': async ({ db, config }) =>
    summarizeRemoved(await pruneAudit({ db, days: config.AUDIT_RETENTION_DAYS }), 'entries'),
  'accounts.expire': async ({ db, config }) =>
    summarizeRemoved(await expireAccounts({ db, requiresVerification: Boolean(config.SMTP_URL) }), 'rows'),
  'webhooks.remove': async ({ db }) => summarizeRemoved(await pruneDeliveries({ db }), 'deliveries'),
  'queues.statistics': async ({ db }) => {
    const count = await rollUpMinuteStats(db)
    return { summary: count === 0 ? 'Nothing to do' : `Rolled up ${count} minutes` }
  },
}
