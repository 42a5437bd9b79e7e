import { sanitizeText } from '../text/sanitize'
import type { ContentOf, MailContent } from './content'
import type { MailEvent } from './event-names'

const subjectFormatters: { [T in MailContent['template']]: (data: ContentOf<T>) => string } = {
  order: ({ number, machine }) => `Order ${number}: ${machine}`,
  outcome: ({ event, title }) => outcomeTitle(event, title),
  digest: ({ items, more }) => {
    const failed = items.filter(({ event }) => isFailureEvent(event)).length
    return `${items.length + more} things are finished${failed ? `, ${failed} of them failed` : ''}`
  },
  verify: () => 'Confirm your address',
  reset: () => 'Choose a new password',
  test: () => 'Mail from Meanwhile works',
}

/** The subject of a mail: one line whatever people named their things. At most 200 characters. */
export const formatSubject = ({ template, data }: MailContent) =>
  sanitizeText((subjectFormatters[template] as (data: unknown) => string)(data)).slice(0, 200)

const outcomeTitles: Record<MailEvent, (title: string) => string> = {
  'machine.ordered': (title) => `${title} is ordered`,
  'machine.ready': (title) => `${title} is ready`,
  'machine.failed': (title) => `${title} could not be made`,
  'video.ready': (title) => `${title} is ready`,
  'video.failed': (title) => `${title} could not be made ready`,
  'captions.ready': (title) => `Captions of ${title} are ready`,
  'webhook.failed': (title) => `Your webhook to ${title} is turned off`,
}

/** "harbour is ready" */
export const outcomeTitle = (event: MailEvent, title: string) => outcomeTitles[event](title)

export const isFailureEvent = (event: MailEvent) => event.endsWith('.failed')
