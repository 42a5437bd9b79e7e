import * as messages from '@/lib/generated/messages/mail'
import type { ContentOf } from '../content'
import { securityEvents } from '../security-events'
import { MailLayout, Paragraph } from './mail-layout'

export function SecurityMail({ name, event, facts, href }: ContentOf<'security'>) {
  const title = securityEvents[event]()
  return (
    <MailLayout
      preview={messages.securityPreview({ title })}
      title={title}
      action={{ href, name: messages.reviewAccount() }}
      reason={messages.securityReason()}
    >
      <Paragraph>{messages.hello({ name })}</Paragraph>
      {facts.map(([label, value]) => (
        <Paragraph key={label}>
          {label}: {value}
        </Paragraph>
      ))}
      <Paragraph>{messages.securityMessage()}</Paragraph>
    </MailLayout>
  )
}
