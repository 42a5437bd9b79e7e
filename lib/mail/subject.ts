import { sanitizeText } from '../text/sanitize'
import type { ContentOf, MailContent } from './content'
import { describeEvent, isFailureEvent } from '../notifications/events'
import { securityEvents } from './security-events'

const subjectFormatters: { [T in MailContent['template']]: (data: ContentOf<T>) => string } = {
  order: ({ number, machine }) => `Order ${number}: ${machine}`,
  outcome: ({ event, title }) => describeEvent(event, title),
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
