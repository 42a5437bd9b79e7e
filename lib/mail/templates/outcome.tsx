import type { ContentOf } from '../content'
import type { MailEvent } from '../event-names'
import { hasFailed, outcomeTitle } from '../words'
import { Letter, Paragraph, Switches } from './letter'

const endings: Record<MailEvent, { says: string; action: string }> = {
  'machine.ordered': { says: 'It is being made.', action: 'Open the machine' },
  'machine.ready': { says: 'It runs, and its console answers.', action: 'Open the machine' },
  'machine.failed': { says: 'It was not made, and nothing of it is left.', action: 'See what happened' },
  'video.ready': { says: 'All of its renditions are made.', action: 'Watch it' },
  'video.failed': { says: 'The uploaded file is kept.', action: 'See what happened' },
  'captions.ready': { says: 'They are shown in the player, and can be searched.', action: 'Watch it' },
  'webhook.failed': {
    says: 'Nothing is sent there any more. Once it takes events again, turn it on, and send again what it missed.',
    action: 'Open the webhook',
  },
}

export function OutcomeMail(outcome: ContentOf<'outcome'> & { publicUrl: string }) {
  const { event, title, detail } = outcome
  const { says, action } = endings[event]
  return (
    <Letter
      preview={detail ?? says}
      title={outcomeTitle(event, title)}
      action={{ href: outcome.href, name: action }}
      why={<Switches publicUrl={outcome.publicUrl} />}
    >
      {detail && <Paragraph isFailed={hasFailed(event)}>{detail}</Paragraph>}
      <Paragraph>{says}</Paragraph>
    </Letter>
  )
}
