import type { ContentOf } from '../content'
import { MailLayout, Paragraph } from './mail-layout'

export function VerifyMail({ name, href }: ContentOf<'verify'>) {
  return (
    <MailLayout
      preview="Verify your email address to activate your account."
      title="Verify your email address"
      action={{ href, name: 'Verify address' }}
      reason="You received this message because this address was used to sign up. If that wasn’t you, ignore it: the account stays inactive without this link."
    >
      <Paragraph>
        Hello {name}, verify your address to activate your account. The link expires after one day.
      </Paragraph>
    </MailLayout>
  )
}

export function ResetMail({ name, href }: ContentOf<'reset'>) {
  return (
    <MailLayout
      preview="The link works once and expires after one hour."
      title="Reset your password"
      action={{ href, name: 'Choose a new password' }}
      reason="You received this message because a password reset was requested for this address. If that wasn’t you, ignore it: your password does not change."
    >
      <Paragraph>Hello {name}, the link works once and expires after one hour.</Paragraph>
    </MailLayout>
  )
}

export function TestMail({ href }: ContentOf<'test'>) {
  return (
    <MailLayout
      preview="Email delivery is set up correctly."
      title="Test email from Meanwhile"
      action={{ href, name: 'Open mail settings' }}
      reason="You received this message because an administrator requested it."
    >
      <Paragraph>Email delivery is set up correctly.</Paragraph>
    </MailLayout>
  )
}
