import { Link } from '@/app/ui/link'
import { EmptyMessage } from '@/app/ui/empty-message'
import { FilterChips } from '@/app/ui/filter-chips'
import { ProblemCard } from '@/app/ui/problem-card'
import { Section } from '@/app/ui/section'
import { RelativeTime } from '@/app/ui/relative-time'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { mailFilterSchema, mailListStates, readMailOverview } from '@/lib/mail/queries'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import { AmbiguousMails } from '@/app/features/admin/mail/ambiguous-mails'
import { ClearBounce, SendTestMail } from '@/app/features/admin/mail/mail-actions'
import { MailList } from '@/app/features/admin/mail/mail-list'
import { mailStateLabels } from '@/app/features/admin/mail/mail-state'
import type { SearchPageProps } from '@/app/page-props'
import * as messages from '@/lib/generated/messages/admin-mail'

export const generateMetadata = () => ({ title: messages.mail() })

/** All mail, delivery problems, and blocked addresses. */
export default async function MailPage({ searchParams }: SearchPageProps) {
  await requireAdmin()
  const { state } = mailFilterSchema.catch({}).parse(await searchParams)
  const mail = await readMailOverview(db(), { state })
  const since = mail.problem?.since ?? ''
  const chips = [undefined, ...mailListStates].map((value) => ({
    href: value ? `/admin/mail?state=${value}` : '/admin/mail',
    label: value ? `${mailStateLabels[value]()} ${mail.counts[value] ?? 0}` : messages.all(),
    isCurrent: value === state,
  }))
  return (
    <div className="flex flex-col gap-8">
      <AutoRefresh everySeconds={5} />
      <div className="flex flex-wrap items-start gap-3">
        <div className="grow basis-80">
          <h1 className="text-2xl font-semibold">{messages.mail()}</h1>
          <p className="text-muted-foreground">
            {mail.server
              ? messages.sentThrough({ server: mail.server, from: mail.from, rate: mail.ratePerSecond })
              : messages.notConfigured()}
          </p>
        </div>
        <Link href="/admin/mail/preview" className="px-2 py-1 text-sm text-primary hover:underline">
          {messages.viewTemplates()}
        </Link>
        <SendTestMail />
      </div>
      {mail.problem && (
        <ProblemCard title={messages.cannotBeSent()}>
          <p className="mt-1">{mail.problem.message}</p>
          <p className="mt-1 text-muted-foreground">
            {messages.downSince({ time: () => <RelativeTime at={since} /> })}
          </p>
        </ProblemCard>
      )}
      <AmbiguousMails mails={mail.ambiguous} />
      <section className="flex flex-col gap-3">
        <FilterChips label={messages.state()} chips={chips} />
        {mail.mails.length === 0 ? (
          <EmptyMessage>{messages.noMatchingMessages()}</EmptyMessage>
        ) : (
          <MailList mails={mail.mails} />
        )}
      </section>
      {mail.bounces.length > 0 && (
        <Section title={messages.blockedAddresses()}>
          <ul className="divide-y rounded-xl border bg-card">
            {mail.bounces.map(({ address, response, at }) => (
              <li key={address} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
                <span className="min-w-0 grow basis-60">
                  <span className="block truncate font-medium">{address}</span>
                  <span className="block text-sm break-words text-muted-foreground">
                    {response} · <RelativeTime at={at} />
                  </span>
                </span>
                <ClearBounce address={address} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}
