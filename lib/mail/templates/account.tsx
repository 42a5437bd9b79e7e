import type { ContentOf } from '../content'
import { Letter, Paragraph } from './letter'

export function VerifyMail({ name, href }: ContentOf<'verify'>) {
  return (
    <Letter
      preview="One click, and your account is ready."
      title="Confirm your address"
      action={{ href, name: 'Confirm' }}
      why="Somebody signed up with this address. If it was not you, do nothing: no account opens without this link."
    >
      <Paragraph>Hello {name}, one click and your account is ready. The link works for a day.</Paragraph>
    </Letter>
  )
}

export function ResetMail({ name, href }: ContentOf<'reset'>) {
  return (
    <Letter
      preview="The link works for an hour, once."
      title="Choose a new password"
      action={{ href, name: 'Choose a password' }}
      why="Somebody asked for this on the sign-in page. If it was not you, do nothing: your password stays as it is."
    >
      <Paragraph>Hello {name}, the link works for an hour, once.</Paragraph>
    </Letter>
  )
}

export function TestMail({ href }: ContentOf<'test'>) {
  return (
    <Letter
      preview="If you read this in your mail program, all is well."
      title="Mail from Meanwhile works"
      action={{ href, name: 'Back to the server' }}
      why="An administrator asked for it."
    >
      <Paragraph>If you read this in your mail program, all is well.</Paragraph>
    </Letter>
  )
}
