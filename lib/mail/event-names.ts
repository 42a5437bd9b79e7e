/** What people are told of by mail, in the words of the switch that turns it off. */
export const mailEventLabels = {
  'machine.ordered': 'A machine is ordered',
  'machine.ready': 'A machine is ready',
  'machine.failed': 'A machine could not be made',
  'video.ready': 'A video is ready',
  'video.failed': 'A video could not be made ready',
  'captions.ready': 'Captions are ready',
  'webhook.failed': 'A webhook is turned off',
} as const

export type MailEvent = keyof typeof mailEventLabels
export const mailEventNames = Object.keys(mailEventLabels) as [MailEvent, ...MailEvent[]]
