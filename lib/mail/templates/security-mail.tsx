import type { ContentOf } from '../content'
import { securityEvents } from '../security-events'
import { MailLayout, Paragraph } from './mail-layout'

export function SecurityMail({ name, event, facts, href }: ContentOf<'security'>) {
  const title = securityEvents[event]
  return (
    <MailLayout
      preview={`${title}. If that wasn’t you, change your password.`}
      title={title}
      action={{ href, name: 'Review your account' }}
      reason="You received this message because it concerns the security of your account. It cannot be turned off."
    >
      <Paragraph>Hello “{name}”,</Paragraph>
      {facts.map(([label, value]) => (
        <Paragraph key={label}>
          {label}: {value}
        </Paragraph>
      ))}
      <Paragraph>
        If that was you, there is nothing to do. If not, change your password, which signs out all other
        devices.
      </Paragraph>
    </MailLayout>
  )
}
