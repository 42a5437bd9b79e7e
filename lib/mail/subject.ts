import * as messages from '@/lib/generated/messages/mail'
import { sanitizeText } from '../text/sanitize'
import type { ContentOf, MailContent } from './content'
import { describeEvent, isFailureEvent } from '../notifications/events'
import { securityEvents } from './security-events'

const subjectFormatters: { [T in MailContent['template']]: (data: ContentOf<T>) => string } = {
  order: ({ number, machine }) => messages.orderTitle({ number: String(number), machine }),
  outcome: ({ event, title }) => describeEvent(event, title),
  digest: ({ items, more }) => {
    const failed = items.filter(({ event }) => isFailureEvent(event)).length
    return messages.digestSubject({ count: items.length + more, failed })
  },
  verify: () => messages.verifyTitle(),
  reset: () => messages.resetTitle(),
  'change-email': () => messages.changeEmailTitle(),
  exists: () => messages.existsTitle(),
  security: ({ event }) => securityEvents[event](),
  test: () => messages.testTitle(),
}

/** The subject of a mail: a single line of at most 200 characters, with user input sanitized. */
export const formatSubject = ({ template, data }: MailContent) =>
  sanitizeText((subjectFormatters[template] as (data: unknown) => string)(data)).slice(0, 200)
