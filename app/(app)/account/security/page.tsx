import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { requireUser } from '@/app/http/middleware/require-user'
import { ChangePassword } from '@/app/features/account/security/change-password'
import { PasskeyList } from '@/app/features/account/security/passkey-list'
import { SessionList } from '@/app/features/account/security/session-list'
import { TwoFactor } from '@/app/features/account/security/two-factor'
import { BackLink } from '@/app/ui/back-link'
import { listSessions } from '@/lib/accounts/account-sessions'
import { passkeyHost } from '@/lib/accounts/passkeys'
import { readSession } from '@/lib/accounts/session'
import { includePassword, isTwoFactorRequired } from '@/lib/accounts/two-factor'
import { db } from '@/lib/database/db'

export const generateMetadata = () => ({ title: messages.security() })

export default async function SecurityPage() {
  const { id } = await requireUser({ withoutTwoFactor: true })
  const user = await db().user.findUniqueOrThrow({
    where: { id },
    include: { passkeys: true, ...includePassword },
  })
  const session = await readSession(new Headers(await headers()))
  const sessions = await listSessions(db(), { userId: id, currentId: session?.session.id ?? null })
  const passkeys = user.passkeys.map(({ id: passkeyId, name, createdAt }) => ({
    id: passkeyId,
    name: name ?? messages.unnamedPasskey(),
    createdAt: createdAt?.toISOString() ?? null,
  }))
  const isRequired = isTwoFactorRequired(user)
  return (
    <div className="flex max-w-xl flex-col gap-8">
      <div>
        <BackLink href="/account">{messages.title()}</BackLink>
        <h1 className="text-2xl font-semibold">{messages.security()}</h1>
      </div>
      {isRequired && !user.twoFactorEnabled && (
        <p role="status" className="rounded-xl border border-warning/60 bg-card px-4 py-3">
          {messages.twoFactorRequired()}
        </p>
      )}
      <Part title={messages.twoFactor()} hint={messages.twoFactorHint()}>
        <TwoFactor isEnabled={user.twoFactorEnabled} isRequired={isRequired} />
      </Part>
      <Part title={messages.passkeys()} hint={messages.passkeysHint()}>
        <PasskeyList initial={passkeys} host={passkeyHost()} />
      </Part>
      <Part title={commonMessages.password()} hint={messages.passwordHint()}>
        <ChangePassword />
      </Part>
      <Part title={messages.sessions()} hint={messages.sessionsHint()}>
        <SessionList initial={sessions} />
      </Part>
    </div>
  )
}

const Part = ({ title, hint, children }: { title: string; hint: string; children: ReactNode }) => (
  <section className="flex flex-col gap-3">
    <div>
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="text-muted-foreground">{hint}</p>
    </div>
    {children}
  </section>
)
