import * as messages from '@/lib/generated/messages/mail'
import type { ContentOf } from '../content'
import { describeEvent, isFailureEvent, type MailEvent } from '@/lib/notifications/events'
import { MailLayout, Paragraph, NotificationReason } from './mail-layout'

const eventTexts: Record<MailEvent, { message: () => string; action: () => string }> = {
  'machine.ordered': { message: messages.machineOrdered, action: messages.viewMachine },
  'machine.ready': { message: messages.machineReady, action: messages.viewMachine },
  'machine.failed': {
    message: messages.machineFailed,
    action: messages.viewDetails,
  },
  'machine.stopped': { message: messages.machineStopped, action: messages.viewMachine },
  'video.ready': { message: messages.videoReady, action: messages.watchVideo },
  'video.failed': { message: messages.videoFailed, action: messages.viewDetails },
  'captions.ready': { message: messages.captionsReady, action: messages.watchVideo },
  'archive.ready': { message: messages.downloadBeforeExpiry, action: messages.viewArchives },
  'archive.imported': { message: messages.archiveImported, action: messages.viewVideos },
  'archive.failed': { message: messages.archiveFailed, action: messages.viewArchives },
  'export.ready': { message: messages.downloadBeforeExpiry, action: messages.viewAccount },
  'webhook.failed': {
    message: messages.webhookFailed,
    action: messages.viewWebhook,
  },
}

export function OutcomeMail(outcome: ContentOf<'outcome'> & { publicUrl: string }) {
  const { event, title, detail } = outcome
  const { message, action } = eventTexts[event]
  return (
    <MailLayout
      preview={detail ?? message()}
      title={describeEvent(event, title)}
      action={{ href: outcome.href, name: action() }}
      reason={<NotificationReason publicUrl={outcome.publicUrl} />}
    >
      {detail && <Paragraph isFailed={isFailureEvent(event)}>{detail}</Paragraph>}
      <Paragraph>{message()}</Paragraph>
    </MailLayout>
  )
}
