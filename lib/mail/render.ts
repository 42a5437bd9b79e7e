import { createElement, type FunctionComponent, type ReactElement } from 'react'
import { unstableToPlainText } from 'react-email'
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

/** As `render` of react-email writes it. */
const DOCTYPE =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'

/**
 * Renders a mail as HTML and plain text. The templates do not suspend, so they need none of the streams of react-email's `render`,
 * which takes ten times as long, nor html-to-text, which compiles its selectors again for each mail.
 */
export async function renderMail({ template, data }: MailContent, publicUrl: string) {
  // Loaded by Node.js: Next.js replaces this function by one that throws.
  const { renderToStaticMarkup } = await import(/* webpackIgnore: true */ 'react-dom/server')
  const Template = templateComponents[template] as FunctionComponent<Record<string, unknown>>
  const html = DOCTYPE + renderToStaticMarkup(createElement(Template, { ...data, publicUrl }))
  return { html, text: unstableToPlainText(html) }
}
