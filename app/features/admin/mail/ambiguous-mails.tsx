import { Section } from '@/app/ui/section'
import { RelativeTime } from '@/app/ui/relative-time'
import type { MailRow } from '@/lib/mail/queries'
import { MarkDelivered, ResendMail } from './mail-actions'

/** Mails of which only a person can find out whether they left. */
export function AmbiguousMails({ mails }: { mails: MailRow[] }) {
  if (mails.length === 0) return null
  return (
    <Section title="Nobody knows whether these left">
      <p className="mb-2 max-w-2xl text-muted-foreground">
        The sender stopped after it had begun to hand them over, and before it could write down that it had.
        Ask whoever they are for, or look at the log of the mail server. With MAIL_AMBIGUOUS=resend they are
        sent again by themselves.
      </p>
      <ul className="divide-y rounded-xl border border-warning/60 bg-card">
        {mails.map((mail) => (
          <li key={mail.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
            <span className="min-w-0 grow basis-60">
              <span className="block truncate font-medium">{mail.subject}</span>
              <span className="block truncate text-sm text-muted-foreground">
                {mail.recipient} · begun <RelativeTime at={mail.claimedAt ?? mail.createdAt} />
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
