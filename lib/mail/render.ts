import { createElement, type FunctionComponent, type ReactElement } from 'react'
import { render, toPlainText } from 'react-email'
import type { ContentOf, MailContent, MailTemplate } from './content'
import {
  AccountExistsMail,
  ChangeEmailMail,
  ResetMail,
  TestMail,
  VerifyMail,
} from './templates/account-mails'
import { DigestMail } from './templates/digest-mail'
import { OrderMail } from './templates/order-mail'
import { OutcomeMail } from './templates/outcome-mail'
import { SecurityMail } from './templates/security-mail'

const templateComponents: {
  [T in MailTemplate]: (props: ContentOf<T> & { publicUrl: string }) => ReactElement
} = {
  order: OrderMail,
  outcome: OutcomeMail,
  digest: DigestMail,
  verify: VerifyMail,
  reset: ResetMail,
  'change-email': ChangeEmailMail,
  exists: AccountExistsMail,
  security: SecurityMail,
  test: TestMail,
}

/** Renders a mail as HTML and plain text. */
export async function renderMail({ template, data }: MailContent, publicUrl: string) {
  const Template = templateComponents[template] as FunctionComponent<Record<string, unknown>>
  const html = await render(createElement(Template, { ...data, publicUrl }))
  return { html, text: toPlainText(html) }
}
