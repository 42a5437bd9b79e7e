import type { Config } from '@/lib/config/config'
import type { Db } from '@/lib/database/db'
import type { Mailer } from './mailer'
import { OutboxMailer } from './outbox-mailer'
import { SmtpMailer } from './smtp-mailer'

export const chooseMailer = ({ SMTP_URL, MAIL_CONNECTIONS }: Config, db: Db): Mailer =>
  SMTP_URL ? new SmtpMailer({ url: SMTP_URL, connections: MAIL_CONNECTIONS }) : new OutboxMailer(db)
