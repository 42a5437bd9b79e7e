/** Maintenance schedules: cron expression (UTC) and label. Those that use storage touch files of all computers. */
export const schedules = {
  'uploads.expire': { cron: '*/15 * * * *', label: 'Delete abandoned uploads', usesStorage: true },
  'videos.purge': { cron: '*/5 * * * *', label: 'Destroy deleted videos', usesStorage: true },
  'files.orphans': { cron: '7,22,37,52 * * * *', label: 'Delete orphaned files', usesStorage: true },
  'logs.remove': { cron: '20 3 * * *', label: 'Prune task logs' },
  'tasks.remove': { cron: '40 3 * * *', label: 'Prune finished tasks' },
  'mail.remove': { cron: '30 3 * * *', label: 'Prune mail' },
  'notifications.remove': { cron: '32 * * * *', label: 'Prune notifications' },
  'exports.expire': { cron: '25 * * * *', label: 'Delete expired data exports', usesStorage: true },
  'audit.remove': { cron: '45 3 * * *', label: 'Prune the audit log' },
  'accounts.expire': { cron: '25 * * * *', label: 'Expire unverified accounts and sessions' },
  'webhooks.remove': { cron: '35 * * * *', label: 'Prune webhook deliveries' },
  'queues.statistics': { cron: '50 * * * *', label: 'Roll up queue statistics' },
} as const

export type ScheduleName = keyof typeof schedules

export const usesStorage = (name: ScheduleName) => 'usesStorage' in schedules[name]

export const SCHEDULE_QUEUE_PREFIX = 'schedule/'

export const scheduleNames = Object.keys(schedules) as ScheduleName[]

/** The pg-boss queue of a schedule. */
export const scheduleQueueName = (name: ScheduleName) => `${SCHEDULE_QUEUE_PREFIX}${name}`
