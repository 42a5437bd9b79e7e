import type { Config } from '@/lib/config'
import type { Db } from '@/lib/db'
import type { Mailer } from './mailer'
import { OutboxMailer } from './outbox'
import { SmtpMailer } from './smtp'

export const chooseMailer = ({ SMTP_URL, MAIL_CONNECTIONS }: Config, db: Db): Mailer =>
  SMTP_URL ? new SmtpMailer({ url: SMTP_URL, connections: MAIL_CONNECTIONS }) : new OutboxMailer(db)
