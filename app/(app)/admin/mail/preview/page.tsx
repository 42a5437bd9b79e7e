import { Link } from '@/app/components/link'
import { pageAdministrator } from '@/app/server/page-identity'
import { config } from '@/lib/config'
import { renderMail } from '@/lib/mail/render'
import { sampleMails } from '@/lib/mail/samples'
import { subjectOf } from '@/lib/mail/words'
import { LetterFrame } from '../letter-frame'

export const metadata = { title: 'Mail templates' }

/** Every mail there is, as mail programs show it by day and by night. */
export default async function MailPreviewPage() {
  await pageAdministrator()
  const { publicUrl } = config()
  const letters = await Promise.all(
    sampleMails().map(async (mail) => ({ subject: subjectOf(mail), ...(await renderMail(mail, publicUrl)) })),
  )
  return (
    <div className="flex flex-col gap-8">
      <div>
        <Link href="/admin/mail" className="text-sm text-muted-foreground hover:underline">
          Mail
        </Link>
        <h1 className="text-2xl font-semibold">Mail templates</h1>
        <p className="text-muted-foreground">Every mail there is, light and dark.</p>
      </div>
      {letters.map(({ subject, html }) => (
        <section key={subject} className="flex flex-col gap-2">
          <h2 className="font-medium">{subject}</h2>
          <div className="grid gap-3 md:grid-cols-2">
            <LetterFrame html={html} title={`${subject}, light`} look="light" />
            <LetterFrame html={html} title={`${subject}, dark`} look="dark" />
          </div>
        </section>
      ))}
    </div>
  )
}
