import { MailLayout, Paragraph } from './mail-layout'

interface Texts {
  preview: string
  title: string
  action: string
  reason: string
  message: string
}

interface Props {
  /** The name of the user, for a salutation. */
  name?: string
  href: string
}

/** Creates the template of a mail with one message and one link. */
const createLinkMail = (texts: Texts) =>
  function LinkMail({ name, href }: Props) {
    const { preview, title, action, reason, message } = texts
    return (
      <MailLayout preview={preview} title={title} action={{ href, name: action }} reason={reason}>
        <Paragraph>{name === undefined ? message : `Hello “${name}”, ${message}`}</Paragraph>
      </MailLayout>
    )
  }

export const VerifyMail = createLinkMail({
  preview: 'Verify your email address to activate your account.',
  title: 'Verify your email address',
  action: 'Verify address',
  reason:
    'You received this message because this address was used to sign up. If that wasn’t you, ignore it: the account stays inactive without this link.',
  message: 'verify your address to activate your account. The link expires after one day.',
})

export const ResetMail = createLinkMail({
  preview: 'The link works once and expires after one hour.',
  title: 'Reset your password',
  action: 'Choose a new password',
  reason:
    'You received this message because a password reset was requested for this address. If that wasn’t you, ignore it: your password does not change.',
  message: 'the link works once and expires after one hour.',
})

export const ChangeEmailMail = createLinkMail({
  preview: 'Confirm this address for your account.',
  title: 'Confirm your new email address',
  action: 'Confirm address',
  reason:
    'You received this message because a user wants to use this address for their account. If that wasn’t you, ignore it: nothing changes without this link.',
  message: 'confirm that this is your new address. The link expires after one day.',
})

export const AccountExistsMail = createLinkMail({
  preview: 'This address already has an account.',
  title: 'You already have an account',
  action: 'Sign in',
  reason:
    'You received this message because this address was used to sign up again. If that wasn’t you, ignore it: nothing has changed.',
  message: 'this address already has an account. Sign in, or reset your password there if you forgot it.',
})

export const TestMail = createLinkMail({
  preview: 'Email delivery is set up correctly.',
  title: 'Test email from Meanwhile',
  action: 'Open mail settings',
  reason: 'You received this message because an administrator requested it.',
  message: 'Email delivery is set up correctly.',
})
