import { Link } from '@/app/ui/link'
import { Section } from '@/app/ui/section'
import { RelativeTime } from '@/app/ui/relative-time'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { MailState } from '@/lib/generated/prisma/enums'
import { mailFilterSchema, readMailOverview } from '@/lib/mail/queries'
import { AutoRefresh } from '@/app/ui/auto-refresh'
import { AmbiguousMails } from '@/app/features/admin/mail/ambiguous-mails'
import { ClearBounce, SendTestMail } from '@/app/features/admin/mail/mail-actions'
import { MailList } from '@/app/features/admin/mail/mail-list'
import { mailStateLabels } from '@/app/features/admin/mail/mail-state'

export const metadata = { title: 'Mail' }

/** For administrators: every mail, what is wrong with those that did not leave, and where they go. */
export default async function MailPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  await requireAdmin()
  const { state } = mailFilterSchema.catch({}).parse(await searchParams)
  const mail = await readMailOverview(db(), { state })
  return (
    <div className="flex flex-col gap-8">
      <AutoRefresh everySeconds={5} />
      <div className="flex flex-wrap items-start gap-3">
        <div className="grow basis-80">
          <h1 className="text-2xl font-semibold">Mail</h1>
          <p className="text-muted-foreground">
            {mail.server
              ? `Through ${mail.server} as ${mail.from}, at most ${mail.ratePerSecond} a second.`
              : 'Kept here and shown below: no mail leaves until SMTP_URL names a mail server.'}
          </p>
        </div>
        <Link href="/admin/mail/preview" className="px-2 py-1 text-sm text-primary hover:underline">
          All templates
        </Link>
        <SendTestMail />
      </div>
      {mail.problem && (
        <div role="alert" className="rounded-xl border-2 border-destructive bg-destructive/10 px-5 py-4">
          <p className="text-lg font-semibold text-destructive">No mail leaves</p>
          <p className="mt-1">{mail.problem.message}</p>
          <p className="mt-1 text-muted-foreground">
            Since <RelativeTime at={mail.problem.since} />. Nothing is lost: it is tried again twice a minute.
          </p>
        </div>
      )}
      <AmbiguousMails mails={mail.ambiguous} />
      <section className="flex flex-col gap-3">
        <nav aria-label="State" className="flex flex-wrap gap-1.5">
          {[undefined, ...Object.values(MailState)].map((value) => (
            <Link
              key={value ?? 'all'}
              href={value ? `/admin/mail?state=${value}` : '/admin/mail'}
              aria-current={value === state ? 'true' : undefined}
              className="flex h-8 items-center rounded-full border px-3 text-sm text-muted-foreground tabular-nums hover:text-foreground aria-[current]:bg-foreground aria-[current]:text-background max-sm:h-9"
            >
              {value ? `${mailStateLabels[value]} ${mail.counts[value] ?? 0}` : 'All'}
            </Link>
          ))}
        </nav>
        {mail.mails.length === 0 ? (
          <p className="py-10 text-center text-muted-foreground">
            No mail here. Orders, and what gets ready, are mailed by themselves.
          </p>
        ) : (
          <MailList mails={mail.mails} />
        )}
      </section>
      {mail.bounces.length > 0 && (
        <Section title="Addresses that refuse mail">
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
