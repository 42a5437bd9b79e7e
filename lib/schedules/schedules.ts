/** Work that is done again and again: when (cron, UTC) and what an administrator reads. One line each. */
export const schedules = {
  'uploads.expire': { cron: '*/15 * * * *', label: 'Remove uploads that nobody continued' },
  'files.orphans': { cron: '7,22,37,52 * * * *', label: 'Remove files that nothing refers to' },
  'logs.remove': { cron: '20 3 * * *', label: 'Remove old lines of task logs' },
  'tasks.remove': { cron: '40 3 * * *', label: 'Remove old finished tasks' },
  'mail.remove': { cron: '30 3 * * *', label: 'Remove old mails' },
  'webhooks.remove': { cron: '35 * * * *', label: 'Remove old deliveries of webhooks' },
  'queues.statistics': { cron: '50 * * * *', label: 'Sum up old statistics of queues' },
} as const

export type ScheduleName = keyof typeof schedules

export const scheduleNames = Object.keys(schedules) as ScheduleName[]

/** Where the runs of a schedule wait. */
export const scheduleQueueName = (name: ScheduleName) => `schedule/${name}`
