/** Events that are mailed, with the label of their setting. */
export const mailEventLabels = {
  'machine.ordered': 'Machine created',
  'machine.ready': 'Machine ready',
  'machine.failed': 'Machine failed',
  'video.ready': 'Video ready',
  'video.failed': 'Video failed',
  'captions.ready': 'Captions ready',
  'webhook.failed': 'Webhook turned off',
} as const

export type MailEvent = keyof typeof mailEventLabels
export const mailEventNames = Object.keys(mailEventLabels) as [MailEvent, ...MailEvent[]]
