import * as messages from '../generated/messages/schedule-names'

/** Maintenance schedules: cron expression (UTC) and label. Those that use storage touch files of all computers. */
export const schedules = {
  'uploads.expire': { cron: '*/15 * * * *', label: messages.uploadsExpire, usesStorage: true },
  'videos.purge': { cron: '*/5 * * * *', label: messages.videosPurge, usesStorage: true },
  'files.orphans': { cron: '7,22,37,52 * * * *', label: messages.filesOrphans, usesStorage: true },
  'logs.remove': { cron: '20 3 * * *', label: messages.logsRemove },
  'tasks.remove': { cron: '40 3 * * *', label: messages.tasksRemove },
  'mail.remove': { cron: '30 3 * * *', label: messages.mailRemove },
  'notifications.remove': { cron: '32 * * * *', label: messages.notificationsRemove },
  'push.close': { cron: '* * * * *', label: messages.pushClose },
  'exports.expire': { cron: '25 * * * *', label: messages.exportsExpire, usesStorage: true },
  'audit.remove': { cron: '45 3 * * *', label: messages.auditRemove },
  'accounts.expire': { cron: '25 * * * *', label: messages.accountsExpire },
  'webhooks.remove': { cron: '35 * * * *', label: messages.webhooksRemove },
  'queues.statistics': { cron: '50 * * * *', label: messages.queuesStatistics },
} as const

export type ScheduleName = keyof typeof schedules

export const usesStorage = (name: ScheduleName) => 'usesStorage' in schedules[name]

export const SCHEDULE_QUEUE_PREFIX = 'schedule/'

export const scheduleNames = Object.keys(schedules) as ScheduleName[]

/** The pg-boss queue of a schedule. */
export const scheduleQueueName = (name: ScheduleName) => `${SCHEDULE_QUEUE_PREFIX}${name}`
