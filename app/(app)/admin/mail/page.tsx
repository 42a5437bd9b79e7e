import { Link } from '@/app/components/link'
import { Section } from '@/app/components/section'
import { When } from '@/app/components/when'
import { pageAdministrator } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { MailState } from '@/lib/generated/prisma/enums'
import { mailFilterSchema, mailOverview } from '@/lib/mail/overview'
import { Refresh } from '@/app/components/refresh'
import { AmbiguousMails } from './ambiguous-mails'
import { ForgetBounce, SendTest } from './mail-actions'
import { MailList } from './mail-list'
import { mailStates } from './mail-words'

export const metadata = { title: 'Mail' }

/** For administrators: every mail, what is wrong with those that did not leave, and where they go. */
export default async function MailPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  await pageAdministrator()
  const { state } = mailFilterSchema.catch({}).parse(await searchParams)
  const mail = await mailOverview(db(), { state })
  return (
    <div className="flex flex-col gap-8">
      <Refresh everySeconds={5} />
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
        <SendTest />
      </div>
      {mail.problem && (
        <div role="alert" className="rounded-xl border-2 border-destructive bg-destructive/10 px-5 py-4">
          <p className="text-lg font-semibold text-destructive">No mail leaves</p>
          <p className="mt-1">{mail.problem.words}</p>
          <p className="mt-1 text-muted-foreground">
            Since <When at={mail.problem.since} />. Nothing is lost: it is tried again twice a minute.
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
              {value ? `${mailStates[value]} ${mail.counts[value] ?? 0}` : 'All'}
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
                    {response} · <When at={at} />
                  </span>
                </span>
                <ForgetBounce address={address} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}
