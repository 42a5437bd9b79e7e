import { Link } from '@/app/ui/link'
import { RelativeTime } from '@/app/ui/relative-time'
import type { MailRow } from '@/lib/mail/queries'
import { mailStateColor, mailStateLabel } from './mail-state'

export function MailList({ mails }: { mails: MailRow[] }) {
  return (
    <ul className="divide-y overflow-hidden rounded-xl border bg-card">
      {mails.map((mail) => (
        <li key={mail.id}>
          <Link
            href={`/admin/mail/${mail.id}`}
            data-row={mail.id}
            className="flex min-h-10 flex-wrap items-center gap-x-3 px-4 py-1.5 -outline-offset-2 hover:bg-muted"
          >
            <span className="min-w-0 grow basis-60">
              <span className="block truncate font-medium">{mail.subject}</span>
              <span className="block truncate text-sm text-muted-foreground">
                {mail.recipient}
                {mail.state !== 'sent' && mail.response && ` · ${mail.response}`}
              </span>
            </span>
            <span className={`shrink-0 text-sm ${mailStateColor(mail.state)}`}>{mailStateLabel(mail)}</span>
            <span className="w-28 shrink-0 text-end text-sm text-muted-foreground max-sm:hidden">
              <RelativeTime at={mail.sentAt ?? mail.createdAt} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
