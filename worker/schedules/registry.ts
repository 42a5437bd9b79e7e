import { expireAccounts } from '@/lib/accounts/expire-accounts'
import { removeExpiredExports } from '@/lib/accounts/exports'
import { removeExpiredArchives } from '@/lib/archives/commands'
import { pruneAudit } from '@/lib/audit/commands'
import { pruneMail } from '@/lib/mail/prune'
import { pruneNotifications } from '@/lib/notifications/prune'
import { rollUpMinuteStats } from '@/lib/queues/minute-stats'
import { describeScheduleResult, type ScheduleResult } from '@/lib/schedules/describe-result'
import type { ScheduleName } from '@/lib/schedules/schedules'
import { pruneTaskLogs, pruneTasks } from '@/lib/tasks/retention'
import { removeExpiredUploads } from '@/lib/uploads/expire-uploads'
import { purgeVideos } from '@/lib/videos/purge-videos'
import { pruneDeliveries } from '@/lib/webhooks/prune-deliveries'
import type { ScheduleHandler } from './schedule-handler'
import { closeNotifications } from '../push/close-notifications'
import { sweepOrphans } from './sweep-orphans'

const summarize = (count: number, what: ScheduleResult['what']) => {
  const done = { what, count }
  return { summary: describeScheduleResult(done), done }
}

/** The handler of every schedule in lib/schedules. */
export const scheduleHandlers: Record<ScheduleName, ScheduleHandler> = {
  'uploads.expire': async (context) => summarize(await removeExpiredUploads(context), 'uploads'),
  'videos.purge': async (context) => summarize(await purgeVideos(context), 'videos'),
  'files.orphans': sweepOrphans,
  'logs.remove': async ({ db, config }) =>
    summarize(await pruneTaskLogs({ db, days: config.LOG_RETENTION_DAYS }), 'lines'),
  'tasks.remove': async ({ db, config }) =>
    summarize(await pruneTasks({ db, days: config.TASK_RETENTION_DAYS }), 'tasks'),
  'mail.remove': async ({ db }) => summarize(await pruneMail({ db }), 'mails'),
  'notifications.remove': async ({ db }) => summarize(await pruneNotifications({ db }), 'notifications'),
  'push.close': async (context) => summarize(await closeNotifications(context), 'browsers'),
  'exports.expire': async (context) =>
    summarize((await removeExpiredExports(context)) + (await removeExpiredArchives(context)), 'exports'),
  'audit.remove': async ({ db, config }) =>
    summarize(await pruneAudit({ db, days: config.AUDIT_RETENTION_DAYS }), 'entries'),
  'accounts.expire': async ({ db, config }) =>
    summarize(await expireAccounts({ db, requiresVerification: Boolean(config.SMTP_URL) }), 'rows'),
  'webhooks.remove': async ({ db }) => summarize(await pruneDeliveries({ db }), 'deliveries'),
  'queues.statistics': async ({ db }) => summarize(await rollUpMinuteStats(db), 'minutes'),
}
