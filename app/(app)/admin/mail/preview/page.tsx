import { BackLink } from '@/app/ui/back-link'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { config } from '@/lib/config/config'
import { renderMail } from '@/lib/mail/render'
import { createSampleMails } from '@/lib/mail/samples'
import { formatSubject } from '@/lib/mail/subject'
import { MailPreview } from '@/app/features/admin/mail/mail-preview'

export const metadata = { title: 'Mail templates' }

/** Every mail template, in light and dark. */
export default async function MailPreviewPage() {
  await requireAdmin()
  const { publicUrl } = config()
  const mails = await Promise.all(
    createSampleMails().map(async (mail) => ({
      subject: formatSubject(mail),
      ...(await renderMail(mail, publicUrl)),
    })),
  )
  return (
    <div className="flex flex-col gap-8">
      <div>
        <BackLink href="/admin/mail">Mail</BackLink>
        <h1 className="text-2xl font-semibold">Mail templates</h1>
        <p className="text-muted-foreground">Every template with sample content, in light and dark.</p>
      </div>
      {mails.map(({ subject, html }) => (
        <section key={subject} className="flex flex-col gap-2">
          <h2 className="font-medium">{subject}</h2>
          <div className="grid gap-3 md:grid-cols-2">
            <MailPreview html={html} title={`${subject}, light`} colorScheme="light" />
            <MailPreview html={html} title={`${subject}, dark`} colorScheme="dark" />
          </div>
        </section>
      ))}
    </div>
  )
}
