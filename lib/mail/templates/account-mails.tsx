import * as messages from '@/lib/generated/messages/mail'
import { MailLayout, Paragraph } from './mail-layout'

interface Texts {
  preview(): string
  title(): string
  action(): string
  reason(): string
  /** With a salutation by the name of the user. */
  message(values: { name: string }): string
}

interface Props {
  name: string
  href: string
}

/** Creates the template of a mail with one message and one link. */
const createLinkMail = ({ preview, title, action, reason, message }: Texts) =>
  function LinkMail({ name, href }: Props) {
    return (
      <MailLayout preview={preview()} title={title()} action={{ href, name: action() }} reason={reason()}>
        <Paragraph>{message({ name })}</Paragraph>
      </MailLayout>
    )
  }

export const VerifyMail = createLinkMail({
  preview: messages.verifyPreview,
  title: messages.verifyTitle,
  action: messages.verifyAction,
  reason: messages.verifyReason,
  message: messages.verifyMessage,
})

export const ResetMail = createLinkMail({
  preview: messages.resetPreview,
  title: messages.resetTitle,
  action: messages.resetAction,
  reason: messages.resetReason,
  message: messages.resetMessage,
})

export const ChangeEmailMail = createLinkMail({
  preview: messages.changeEmailPreview,
  title: messages.changeEmailTitle,
  action: messages.changeEmailAction,
  reason: messages.changeEmailReason,
  message: messages.changeEmailMessage,
})

export const AccountExistsMail = createLinkMail({
  preview: messages.existsPreview,
  title: messages.existsTitle,
  action: messages.existsAction,
  reason: messages.existsReason,
  message: messages.existsMessage,
})

export const TestMail = ({ href }: Pick<Props, 'href'>) => (
  <MailLayout
    preview={messages.testMessage()}
    title={messages.testTitle()}
    action={{ href, name: messages.testAction() }}
    reason={messages.testReason()}
  >
    <Paragraph>{messages.testMessage()}</Paragraph>
  </MailLayout>
)
