import { Section } from '@/app/ui/section'
import { RelativeTime } from '@/app/ui/relative-time'
import type { MailRow } from '@/lib/mail/queries'
import { MarkDelivered, ResendMail } from './mail-actions'
import * as messages from '@/lib/generated/messages/admin-mail'

/** Mails whose delivery only an administrator can confirm. */
export function AmbiguousMails({ mails }: { mails: MailRow[] }) {
  if (mails.length === 0) return null
  return (
    <Section title={messages.ambiguous()}>
      <p className="mb-2 max-w-2xl text-muted-foreground">
        {messages.ambiguousHint({
          code: (children) => <code className="font-mono text-sm">{children}</code>,
        })}
      </p>
      <ul className="divide-y rounded-xl border border-warning/60 bg-card">
        {mails.map((mail) => (
          <li key={mail.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2">
            <span className="min-w-0 grow basis-60">
              <span className="block truncate font-medium">{mail.subject}</span>
              <span className="block truncate text-sm text-muted-foreground">
                {messages.started({
                  recipient: mail.recipient,
                  time: () => <RelativeTime at={mail.claimedAt ?? mail.createdAt} />,
                })}
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
