import type { ContentOf } from '../content'
import type { MailEvent } from '../event-names'
import { isFailureEvent, outcomeTitle } from '../subject'
import { MailLayout, Paragraph, NotificationReason } from './mail-layout'

const eventTexts: Record<MailEvent, { message: string; action: string }> = {
  'machine.ordered': { message: 'It is being made.', action: 'Open the machine' },
  'machine.ready': { message: 'It runs, and its console answers.', action: 'Open the machine' },
  'machine.failed': { message: 'It was not made, and nothing of it is left.', action: 'See what happened' },
  'video.ready': { message: 'All of its renditions are made.', action: 'Watch it' },
  'video.failed': { message: 'The uploaded file is kept.', action: 'See what happened' },
  'captions.ready': { message: 'They are shown in the player, and can be searched.', action: 'Watch it' },
  'webhook.failed': {
    message:
      'Nothing is sent there any more. Once it takes events again, turn it on, and send again what it missed.',
    action: 'Open the webhook',
  },
}

export function OutcomeMail(outcome: ContentOf<'outcome'> & { publicUrl: string }) {
  const { event, title, detail } = outcome
  const { message: says, action } = eventTexts[event]
  return (
    <MailLayout
      preview={detail ?? says}
      title={outcomeTitle(event, title)}
      action={{ href: outcome.href, name: action }}
      reason={<NotificationReason publicUrl={outcome.publicUrl} />}
    >
      {detail && <Paragraph isFailed={isFailureEvent(event)}>{detail}</Paragraph>}
      <Paragraph>{says}</Paragraph>
    </MailLayout>
  )
}
