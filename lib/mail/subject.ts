import { sanitizeText } from '../text/sanitize'
import type { ContentOf, MailContent } from './content'
import type { MailEvent } from './event-names'
import { securityEvents } from './security-events'

const subjectFormatters: { [T in MailContent['template']]: (data: ContentOf<T>) => string } = {
  order: ({ number, machine }) => `Order ${number}: ${machine}`,
  outcome: ({ event, title }) => outcomeTitle(event, title),
  digest: ({ items, more }) => {
    const failed = items.filter(({ event }) => isFailureEvent(event)).length
    return `${items.length + more} tasks finished${failed ? `, ${failed} failed` : ''}`
  },
  verify: () => 'Verify your email address',
  reset: () => 'Reset your password',
  'change-email': () => 'Confirm your new email address',
  exists: () => 'You already have an account',
  security: ({ event }) => securityEvents[event],
  test: () => 'Test email from Meanwhile',
}

/** The subject of a mail: a single line of at most 200 characters, with user input sanitized. */
export const formatSubject = ({ template, data }: MailContent) =>
  sanitizeText((subjectFormatters[template] as (data: unknown) => string)(data)).slice(0, 200)

const outcomeTitles: Record<MailEvent, (title: string) => string> = {
  'machine.ordered': (title) => `${title} was created`,
  'machine.ready': (title) => `${title} is ready`,
  'machine.failed': (title) => `${title} failed to start`,
  'video.ready': (title) => `${title} is ready`,
  'video.failed': (title) => `${title} could not be processed`,
  'captions.ready': (title) => `Captions for ${title} are ready`,
  'webhook.failed': (title) => `Your webhook to ${title} was turned off`,
}

/** Such as "harbour is ready". */
export const outcomeTitle = (event: MailEvent, title: string) => outcomeTitles[event](title)

export const isFailureEvent = (event: MailEvent) => event.endsWith('.failed')
