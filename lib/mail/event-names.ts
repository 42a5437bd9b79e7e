/** Events that users are notified of by mail, each with the label of its setting. */
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
