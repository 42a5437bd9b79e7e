import { BackLink } from '@/app/ui/back-link'
import { RelativeTime } from '@/app/ui/relative-time'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { getMail } from '@/lib/mail/queries'
import { MailPreview } from '@/app/features/admin/mail/mail-preview'
import { MarkDelivered, ResendMail } from '@/app/features/admin/mail/mail-actions'
import { mailStateColor, mailStateLabel } from '@/app/features/admin/mail/mail-state'
import type { IdPageProps } from '@/app/page-props'
import * as messages from '@/lib/generated/messages/admin-mail'

export const generateMetadata = () => ({ title: messages.mail() })

export default async function MailDetailsPage({ params }: IdPageProps) {
  await requireAdmin()
  const mail = await findOr404((await params).id, (id) => getMail(db(), id))
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 grow basis-80">
          <BackLink href="/admin/mail">{messages.mail()}</BackLink>
          <h1 className="text-2xl font-semibold break-words">{mail.subject}</h1>
          <p className="break-words text-muted-foreground">
            {messages.to({ recipient: mail.recipient })} · <RelativeTime at={mail.sentAt ?? mail.createdAt} />{' '}
            · <span className={mailStateColor(mail.state)}>{mailStateLabel(mail)}</span>
            {mail.attempts > 1 && ` · ${messages.attempts({ count: mail.attempts })}`}
          </p>
          {mail.response && (
            <p className="mt-1 text-sm break-words text-muted-foreground first-letter:uppercase">
              {mail.response}
            </p>
          )}
        </div>
        {mail.state === 'ambiguous' && <MarkDelivered id={mail.id} />}
        {['ambiguous', 'failed', 'canceled'].includes(mail.state) && mail.taskId && (
          <ResendMail id={mail.id} />
        )}
      </div>
      {mail.rendered ? (
        <>
          <MailPreview html={mail.rendered.html} title={mail.subject} />
          <details>
            <summary className="cursor-pointer text-sm text-muted-foreground">{messages.plainText()}</summary>
            <pre className="mt-2 rounded-xl border bg-card p-4 font-mono text-sm break-words whitespace-pre-wrap">
              {mail.rendered.text}
            </pre>
          </details>
        </>
      ) : (
        <p className="rounded-xl border bg-card px-4 py-3">
          {messages.hidden({ recipient: mail.recipient })}
        </p>
      )}
      <p className="font-mono text-xs break-all text-muted-foreground">{mail.messageId}</p>
    </div>
  )
}
