import { BackLink } from '@/app/ui/back-link'
import { requireAdmin } from '@/app/http/middleware/require-user'
import { config } from '@/lib/config/config'
import { renderMail } from '@/lib/mail/render'
import { createSampleMails } from '@/lib/mail/samples'
import { formatSubject } from '@/lib/mail/subject'
import { MailPreview } from '@/app/features/admin/mail/mail-preview'
import * as messages from '@/lib/generated/messages/admin-mail'

export const generateMetadata = () => ({ title: messages.templates() })

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
        <BackLink href="/admin/mail">{messages.mail()}</BackLink>
        <h1 className="text-2xl font-semibold">{messages.templates()}</h1>
        <p className="text-muted-foreground">{messages.templatesHint()}</p>
      </div>
      {mails.map(({ subject, html }) => (
        <section key={subject} className="flex flex-col gap-2">
          <h2 className="font-medium">{subject}</h2>
          <div className="grid gap-3 md:grid-cols-2">
            <MailPreview html={html} title={messages.light({ subject })} colorScheme="light" />
            <MailPreview html={html} title={messages.dark({ subject })} colorScheme="dark" />
          </div>
        </section>
      ))}
    </div>
  )
}
