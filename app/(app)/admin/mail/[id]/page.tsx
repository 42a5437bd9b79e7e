import { Link } from '@/app/components/link'
import { When } from '@/app/components/when'
import { orNotFound } from '@/app/server/or-not-found'
import { pageAdministrator } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { readMail } from '@/lib/mail/overview'
import { LetterFrame } from '../letter-frame'
import { ItArrived, SendAgain } from '../mail-actions'
import { mailStateColor, mailStates } from '../mail-words'

export const metadata = { title: 'Mail' }

export default async function OneMailPage({ params }: { params: Promise<{ id: string }> }) {
  await pageAdministrator()
  const mail = await orNotFound((await params).id, (id) => readMail(db(), id))
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 grow basis-80">
          <Link href="/admin/mail" className="text-sm text-muted-foreground hover:underline">
            Mail
          </Link>
          <h1 className="text-2xl font-semibold break-words">{mail.subject}</h1>
          <p className="break-words text-muted-foreground">
            To {mail.recipient} · <When at={mail.sentAt ?? mail.createdAt} /> ·{' '}
            <span className={mailStateColor(mail.state)}>{mailStates[mail.state]}</span>
            {mail.attempts > 1 && ` · begun ${mail.attempts} times`}
          </p>
          {mail.response && <p className="mt-1 text-sm break-words text-muted-foreground">{mail.response}</p>}
        </div>
        {mail.state === 'ambiguous' && <ItArrived id={mail.id} />}
        {['ambiguous', 'failed', 'canceled'].includes(mail.state) && mail.taskId && (
          <SendAgain id={mail.id} />
        )}
      </div>
      {mail.letter ? (
        <>
          <LetterFrame html={mail.letter.html} title={mail.subject} />
          <details>
            <summary className="cursor-pointer text-sm text-muted-foreground">As text</summary>
            <pre className="mt-2 rounded-xl border bg-card p-4 font-mono text-sm break-words whitespace-pre-wrap">
              {mail.letter.text}
            </pre>
          </details>
        </>
      ) : (
        <p className="rounded-xl border bg-card px-4 py-3">
          Its link lets whoever has it into an account, so it is shown to nobody but {mail.recipient}.
        </p>
      )}
      <p className="font-mono text-xs break-all text-muted-foreground">{mail.messageId}</p>
    </div>
  )
}
