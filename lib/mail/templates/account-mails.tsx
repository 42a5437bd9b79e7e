import type { ContentOf } from '../content'
import { MailLayout, Paragraph } from './mail-layout'

export function VerifyMail({ name, href }: ContentOf<'verify'>) {
  return (
    <MailLayout
      preview="One click, and your account is ready."
      title="Confirm your address"
      action={{ href, name: 'Confirm' }}
      reason="Somebody signed up with this address. If it was not you, do nothing: no account opens without this link."
    >
      <Paragraph>Hello {name}, one click and your account is ready. The link works for a day.</Paragraph>
    </MailLayout>
  )
}

export function ResetMail({ name, href }: ContentOf<'reset'>) {
  return (
    <MailLayout
      preview="The link works for an hour, once."
      title="Choose a new password"
      action={{ href, name: 'Choose a password' }}
      reason="Somebody asked for this on the sign-in page. If it was not you, do nothing: your password stays as it is."
    >
      <Paragraph>Hello {name}, the link works for an hour, once.</Paragraph>
    </MailLayout>
  )
}

export function TestMail({ href }: ContentOf<'test'>) {
  return (
    <MailLayout
      preview="If you read this in your mail program, all is well."
      title="Mail from Meanwhile works"
      action={{ href, name: 'Back to the server' }}
      reason="An administrator asked for it."
    >
      <Paragraph>If you read this in your mail program, all is well.</Paragraph>
    </MailLayout>
  )
}
