import { Section } from '@/app/ui/section'
import { RelativeTime } from '@/app/ui/relative-time'
import type { MailRow } from '@/lib/mail/queries'
import { MarkDelivered, ResendMail } from './mail-actions'

/** Mails whose delivery only an administrator can confirm. */
export function AmbiguousMails({ mails }: { mails: MailRow[] }) {
  if (mails.length === 0) return null
  return (
    <Section title="Delivery unknown">
      <p className="mb-2 max-w-2xl text-muted-foreground">
        The worker stopped while it was sending these messages. Ask the recipients or check the mail server’s
        log. With <code className="font-mono text-sm">MAIL_AMBIGUOUS=resend</code> they are resent
        automatically.
      </p>
      <ul className="divide-y rounded-xl border border-warning/60 bg-card">
        {mails.map((mail) => (
          <li key={mail.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
            <span className="min-w-0 grow basis-60">
              <span className="block truncate font-medium">{mail.subject}</span>
              <span className="block truncate text-sm text-muted-foreground">
                {mail.recipient} · started <RelativeTime at={mail.claimedAt ?? mail.createdAt} />
              </span>
            </span>
            <MarkDelivered id={mail.id} />
            <ResendMail id={mail.id} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
