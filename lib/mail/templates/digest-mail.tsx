import { Section } from 'react-email'
import * as messages from '@/lib/generated/messages/mail'
import type { ContentOf } from '../content'
import { describeEvent, isFailureEvent } from '@/lib/notifications/events'
import { MailLayout, Paragraph, NotificationReason, TextLink } from './mail-layout'

export function DigestMail({ items, more, href, publicUrl }: ContentOf<'digest'> & { publicUrl: string }) {
  return (
    <MailLayout
      preview={items.map(({ event, title }) => describeEvent(event, title)).join(', ')}
      title={messages.digestTitle({ count: items.length + more })}
      action={{ href, name: messages.viewAll() }}
      reason={<NotificationReason publicUrl={publicUrl} />}
    >
      {items.map((item) => (
        <Section key={item.href + item.event} style={{ margin: '10px 0 0' }}>
          <Paragraph>
            {isFailureEvent(item.event) ? '✕' : '✓'}{' '}
            <TextLink href={item.href}>{describeEvent(item.event, item.title)}</TextLink>
          </Paragraph>
          {item.detail && <Paragraph isFailed={isFailureEvent(item.event)}>{item.detail}</Paragraph>}
        </Section>
      ))}
      {more > 0 && <Paragraph>{messages.moreItems({ count: more })}</Paragraph>}
    </MailLayout>
  )
}
