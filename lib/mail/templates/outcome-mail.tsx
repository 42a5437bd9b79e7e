import type { ContentOf } from '../content'
import { describeEvent, isFailureEvent, type MailEvent } from '@/lib/notifications/events'
import { MailLayout, Paragraph, NotificationReason } from './mail-layout'

const eventTexts: Record<MailEvent, { message: string; action: string }> = {
  'machine.ordered': { message: 'The machine is being provisioned.', action: 'View machine' },
  'machine.ready': { message: 'The machine is running.', action: 'View machine' },
  'machine.failed': {
    message: 'The machine could not be provisioned. Its resources were released.',
    action: 'View details',
  },
  'machine.stopped': { message: 'Meanwhile did this automatically.', action: 'View machine' },
  'video.ready': { message: 'All renditions are available.', action: 'Watch video' },
  'video.failed': { message: 'The uploaded file is still available.', action: 'View details' },
  'captions.ready': { message: 'They’re available in the player and in search.', action: 'Watch video' },
  'archive.ready': { message: 'Download it before it expires.', action: 'View archives' },
  'archive.imported': { message: 'They’re being processed like an upload.', action: 'View videos' },
  'archive.failed': { message: 'Nothing was lost. You can request it again.', action: 'View archives' },
  'export.ready': { message: 'Download it before it expires.', action: 'View account' },
  'webhook.failed': {
    message:
      'Events are no longer sent. Fix the endpoint, turn the webhook back on, and resend missed deliveries.',
    action: 'View webhook',
  },
}

export function OutcomeMail(outcome: ContentOf<'outcome'> & { publicUrl: string }) {
  const { event, title, detail } = outcome
  const { message, action } = eventTexts[event]
  return (
    <MailLayout
      preview={detail ?? message}
      title={describeEvent(event, title)}
      action={{ href: outcome.href, name: action }}
      reason={<NotificationReason publicUrl={outcome.publicUrl} />}
    >
      {detail && <Paragraph isFailed={isFailureEvent(event)}>{detail}</Paragraph>}
      <Paragraph>{message}</Paragraph>
    </MailLayout>
  )
}
