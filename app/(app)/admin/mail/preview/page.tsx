import { Link } from '@/app/ui/link'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { config } from '@/lib/config/config'
import { renderMail } from '@/lib/mail/render'
import { createSampleMails } from '@/lib/mail/samples'
import { formatSubject } from '@/lib/mail/subject'
import { MailPreview } from '@/app/features/admin/mail/mail-preview'

export const metadata = { title: 'Mail templates' }

/** Every mail there is, as mail programs show it by day and by night. */
export default async function MailPreviewPage() {
  await requireAdmin()
  const { publicUrl } = config()
  const letters = await Promise.all(
    createSampleMails().map(async (mail) => ({
      subject: formatSubject(mail),
      ...(await renderMail(mail, publicUrl)),
    })),
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
            <MailPreview html={html} title={`${subject}, light`} look="light" />
            <MailPreview html={html} title={`${subject}, dark`} look="dark" />
          </div>
        </section>
      ))}
    </div>
  )
}
