import { Section, Text } from 'react-email'
import * as messages from '@/lib/generated/messages/mail'
import type { ContentOf } from '../content'
import { MailLayout, Paragraph, NotificationReason } from './mail-layout'
import { colors, fontFamily } from './theme'

export function OrderMail(order: ContentOf<'order'> & { publicUrl: string }) {
  return (
    <MailLayout
      preview={messages.orderPreview({ machine: order.machine })}
      title={messages.orderTitle({ number: String(order.number), machine: order.machine })}
      action={{ href: order.href, name: messages.viewMachine() }}
      reason={<NotificationReason publicUrl={order.publicUrl} />}
    >
      <Paragraph>{messages.orderMessage()}</Paragraph>
      <Section style={{ margin: '12px 0 0' }}>
        {order.facts.map(([name, value]) => (
          <Text
            key={name}
            className="text line"
            style={{
              color: colors.text,
              fontFamily: fontFamily,
              fontSize: 14,
              lineHeight: '20px',
              margin: 0,
              padding: '6px 0',
              borderTop: `1px solid ${colors.border}`,
              overflowWrap: 'anywhere',
            }}
          >
            <span className="muted" style={{ color: colors.muted }}>
              {name}:
            </span>{' '}
            {value}
          </Text>
        ))}
      </Section>
    </MailLayout>
  )
}
